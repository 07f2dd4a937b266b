import { describe, expect, it } from 'vitest';
import type { ItemView, Recipe } from '../api/bindings.ts';
import { en } from '../i18n/en.ts';
import { fileRows, recipeRows } from './fields.ts';
import { sharedPrompt, sharedRows, sharedTags } from './shared.ts';

type Given = Partial<Omit<ItemView, 'recipe'>> & { recipe?: Partial<Recipe> };
const item = (seq: number, { recipe = {}, ...more }: Given): ItemView => ({
  seq, id: `${seq}`, file_name: `${seq}.png`, format: 'png', bytes: 1_000_000, width: 1500, height: 1000,
  animated: false, created_at: Date.UTC(2026, 10, 9 + seq, 12), added_at: 0, discarded_at: null, origin: 'imported',
  title: '', rating: 0, favourite: false, tags: [], provenance: { c2pa: false }, raw: [], same_prompt: [],
  recipe: { loras: [], character_prompts: [], samplers: [], extra: {}, ...recipe },
  ...more,
});
const row = (rows: { key: string; text: string }[], key: string): string | undefined =>
  rows.find((one) => one.key === key)?.text;

describe('one picture', () => {
  it('shows what is known and nothing else', () => {
    const rows = recipeRows(item(1, { recipe: { seed: '721897303308', steps: 9, cfg: 1, sampler: 'res_multistep',
      scheduler: 'simple', loras: [{ name: 'ink', weight: 0.8 }] } }), en);
    expect(rows.map(({ key, text }) => [key, text])).toEqual([
      ['sampler', 'res_multistep · simple'],
      ['steps', '9'],
      ['cfg', '1.0'],
      ['seed', '721897303308'],
      ['lora0', 'ink · 0.8'],
    ]);
  });
  it('tells the size of generation only where the picture is larger', () => {
    expect(row(recipeRows(item(1, { recipe: { width: 750, height: 500 } }), en), 'generated')).toBe('750 × 500');
    expect(row(recipeRows(item(1, { recipe: { width: 1500, height: 1000 } }), en), 'generated')).toBeUndefined();
  });
  it('names the program as it names itself', () => {
    const recipe = { generator: 'comfyui', generator_version: '0.3.75' };
    expect(row(fileRows(item(1, { recipe }), en), 'made')).toBe('ComfyUI 0.3.75');
    const twice = { generator: 'fooocus', generator_version: 'Fooocus v2.5.5' };
    expect(row(fileRows(item(1, { recipe: twice }), en), 'made')).toBe('Fooocus v2.5.5');
  });
});

describe('several pictures', () => {
  const items = [
    item(1, { tags: ['study', 'sea'], recipe: { prompt: 'soft light', model: 'z', steps: 9, seed: '1' } }),
    item(2, { tags: ['study'], recipe: { prompt: 'soft light', model: 'z', steps: 9, seed: '2' } }),
    item(3, { tags: ['study'], recipe: { prompt: 'soft light', model: 'y', steps: 9, seed: '3' } }),
  ];
  it('say what they share and what differs', () => {
    const rows = sharedRows(items, en);
    expect(row(rows, 'steps')).toBe('9');
    expect(row(rows, 'model')).toBe('z and 1 more');
    expect(row(rows, 'seed')).toBe('All different');
    expect(row(rows, 'total')).toBe('3 MB · originals kept');
  });
  it('show a prompt only when it is the same', () => {
    expect(sharedPrompt(items)).toBe('soft light');
    expect(sharedPrompt([...items, item(4, { recipe: { prompt: 'other' } })])).toBe('');
  });
  it('count tags that not all have', () => {
    expect(sharedTags(items)).toEqual([
      { tag: 'study', note: '', all: true },
      { tag: 'sea', note: '1/3', all: false },
    ]);
  });
});
