// What several pictures have in common, and where they differ.
import type { ItemView } from '../api/bindings.ts';
import type { Messages } from '../i18n/en.ts';
import { num } from '../i18n/format.ts';
import { generatorName } from './generators.ts';
import { scale, type Row } from './fields.ts';

/** Above this, pictures are not compared. */
export const COMPARED = 100;

function told(values: (string | undefined)[], texts: Messages): string {
  const kinds = [...new Set(values.filter((value): value is string => value !== undefined && value !== ''))];
  const [first] = kinds;
  if (first === undefined) return '';
  if (kinds.length === 1 && values.every((value) => value === first)) return first;
  if (kinds.length === values.length && kinds.length > 2) return texts.inspector.different;
  if (kinds.length <= 2) return kinds.length === 1 ? first : texts.inspector.andMore(first, kinds.length - 1);
  return texts.inspector.several(kinds.length);
}

export function sharedRows(items: ItemView[], texts: Messages): Row[] {
  const names = texts.inspector;
  const dates = items.map((item) => item.created_at);
  const total = items.reduce((sum, item) => sum + item.bytes, 0);
  const of = (value: (item: ItemView) => string | number | undefined): string =>
    told(items.map((item) => value(item)?.toString()), texts);
  const rows: Row[] = [
    { key: 'model', name: names.model, text: of((item) => item.recipe.model) },
    { key: 'size', name: names.size, text: of((item) => texts.format.size(item.width, item.height)) },
    { key: 'steps', name: names.steps, text: of((item) => item.recipe.steps) },
    { key: 'cfg', name: names.guidance, text: of((item) => (item.recipe.cfg === undefined ? undefined : scale(item.recipe.cfg))) },
    { key: 'seed', name: names.seed, text: of((item) => item.recipe.seed) },
    { key: 'made', name: names.madeWith, text: of((item) => generatorName(item.recipe.generator ?? '')) },
    { key: 'created', name: names.created, text: texts.format.dates(Math.min(...dates), Math.max(...dates)) },
    { key: 'total', name: names.total, text: names.totalKept(texts.format.bytes(total)) },
  ];
  return rows.filter((row) => row.text !== '');
}

/** The prompt, when all have the same. */
export function sharedPrompt(items: ItemView[]): string {
  const first = items[0]?.recipe.prompt ?? '';
  return items.every((item) => (item.recipe.prompt ?? '') === first) ? first : '';
}

export type SharedTag = { tag: string; note: string; all: boolean };

/** Tags, those of all first, the others with how many have them. */
export function sharedTags(items: ItemView[]): SharedTag[] {
  const counts = new Map<string, number>();
  for (const item of items) for (const tag of item.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([tag, n]) => {
      const all = n === items.length;
      return { tag, all, note: all ? '' : `${num(n)}/${num(items.length)}` };
    });
}
