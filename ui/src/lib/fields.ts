// The fields of a picture as rows of the inspector: only those that are known.
import type { ItemView, Recipe } from '../api/bindings.ts';
import type { Messages } from '../i18n/en.ts';
import { num } from '../i18n/format.ts';
import { generatorName } from './generators.ts';

export type Row = { key: string; name: string; text: string; copies?: 'seed' };

const known = (...words: (string | number | null | undefined)[]): string =>
  words.filter((word) => word !== undefined && word !== null && word !== '').join(' · ');

/** A scale such as guidance always shows a tenth: 1.0. */
export const scale = (n: number): string => (Number.isInteger(n) ? n.toFixed(1) : `${Number(n.toFixed(3))}`);

function hires(recipe: Recipe, texts: Messages): string {
  const pass = recipe.hires;
  if (!pass) return '';
  return known(pass.upscaler, pass.scale === undefined ? '' : `× ${pass.scale}`,
    pass.steps === undefined ? '' : texts.inspector.hiresSteps(pass.steps));
}

/** How it was made. */
export function recipeRows(item: ItemView, texts: Messages): Row[] {
  const { recipe } = item;
  const names = texts.inspector;
  const { width, height } = recipe;
  const otherSize = width && height && (width !== item.width || height !== item.height);
  const rows: Row[] = [
    { key: 'model', name: names.model, text: recipe.model ?? '' },
    { key: 'hash', name: names.modelHash, text: recipe.model_hash ?? '' },
    { key: 'sampler', name: names.sampler, text: known(recipe.sampler, recipe.scheduler) },
    { key: 'steps', name: names.steps, text: recipe.steps === undefined ? '' : num(recipe.steps) },
    { key: 'cfg', name: names.guidance, text: recipe.cfg === undefined ? '' : scale(recipe.cfg) },
    { key: 'seed', name: names.seed, text: recipe.seed ?? '', copies: 'seed' },
    { key: 'generated', name: names.generated, text: otherSize ? texts.format.size(width, height) : '' },
    { key: 'denoise', name: names.denoise, text: recipe.denoise === undefined ? '' : scale(recipe.denoise) },
    { key: 'clip', name: names.clipSkip, text: recipe.clip_skip === undefined ? '' : `${recipe.clip_skip}` },
    { key: 'vae', name: names.vae, text: recipe.vae ?? '' },
    { key: 'hires', name: names.hires, text: hires(recipe, texts) },
    ...(recipe.loras ?? []).map((lora, i) => ({
      key: `lora${i}`,
      name: names.loras,
      text: known(lora.name, lora.weight === undefined ? '' : scale(lora.weight)),
    })),
  ];
  return rows.filter((row) => row.text !== '');
}

/** The file and its dates. */
export function fileRows(item: ItemView, texts: Messages): Row[] {
  const names = texts.inspector;
  const { generator, generator_version: version } = item.recipe;
  const name = generator ? generatorName(generator) : '';
  // Some programs say their name there as well.
  const named = version?.toLowerCase().startsWith(name.toLowerCase());
  const made = name && named && version ? version : [name, version].filter(Boolean).join(' ');
  const rows: Row[] = [
    { key: 'size', name: names.size, text: texts.format.size(item.width, item.height) },
    { key: 'made', name: names.madeWith, text: made },
    { key: 'created', name: names.created, text: texts.format.dateTime(item.created_at) },
    { key: 'added', name: names.added, text: texts.format.dateTime(item.added_at) },
    { key: 'discarded', name: names.discarded,
      text: item.discarded_at === null ? '' : texts.format.dateTime(item.discarded_at) },
    { key: 'file', name: names.file, text: item.file_name },
    { key: 'bytes', name: names.bytes, text: known(item.format.toUpperCase(), texts.format.bytes(item.bytes)) },
  ];
  return rows.filter((row) => row.text !== '');
}
