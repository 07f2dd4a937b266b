import { describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chapter } from './en-protects.ts';
import { en, type Messages } from './en.ts';
import { bytes, duration, num } from './format.ts';
import { ja } from './ja.ts';

function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}
const mayBeEmpty = new Set(['.ledger.quietRest', '.format.gap']);
/** Names, and texts that are the same on purpose: each language's own name. */
const same = new Set(['.app', '.viewer.full', '.inspector.clipSkip', '.inspector.vae', '.inspector.loras',
  '.commands.japanese', '.commands.english', '.account.held.languages.ja', '.account.held.languages.en',
  '.account.devices.platforms.windows', '.account.devices.platforms.macos', '.account.devices.platforms.linux']);

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect(leaves(ja).map(([path]) => path).sort()).toEqual(leaves(en).map(([path]) => path).sort());
  });
  it('have no empty text and none that was not translated', () => {
    const japanese = new Map(leaves(ja));
    for (const [path, text] of leaves(en)) {
      const other = japanese.get(path);
      if (typeof text !== 'string' || typeof other !== 'string') continue;
      if (!mayBeEmpty.has(path) && text !== '') expect(other, path).not.toBe('');
      if (!same.has(path) && text !== '' && !/syntaxRows|\.held$/.test(path)) expect(other, path).not.toBe(text);
    }
  });
  it('say of every error what happened, without an end, and what comes next, with one', () => {
    for (const { codes } of [en, ja]) {
      for (const [code, { what, next }] of Object.entries(codes)) {
        expect(what, code).not.toMatch(/[.。]$/);
        expect(next, code).toMatch(/[.。]$/);
      }
    }
  });
  it('have no exclamation marks', () => {
    for (const [path, text] of [...leaves(en), ...leaves(ja)]) {
      if (typeof text === 'string') expect(text, path).not.toMatch(/[!！]/);
    }
  });
});

/** The page of what is protected as a text. */
function threats({ protects }: Messages): string {
  const chapters = (protects.chapters as readonly Chapter[]).map(({ title, text, rows }) => {
    const lines = rows.map(({ held, head, text: what, but }) => {
      const reach = but ? `  \n  **${protects.but}** ${but}` : '';
      return `- **${head}** · ${protects.held[held]}  \n  ${what}${reach}`;
    });
    return [`### ${title}`, text, lines.join('\n')].join('\n\n');
  });
  return [`## ${protects.title}`, protects.lead, ...chapters].join('\n\n');
}

describe('docs/THREATS.md', () => {
  it('says what the page in the window says, in both languages', () => {
    const file = join(import.meta.dirname, '../../../docs/THREATS.md');
    const head = '# Threats\n\nWhat is protected against whom, and what is not. The same as the page in the window; a test of `ui` holds both together\n(`WRITE_THREATS=1 npx vitest run src/i18n` writes this file anew).';
    const whole = `${[head, threats(en), threats(ja)].join('\n\n')}\n`;
    if (process.env['WRITE_THREATS']) writeFileSync(file, whole);
    expect(readFileSync(file, 'utf8')).toBe(whole);
  });
});

describe('numbers', () => {
  it('are grouped by threes', () => {
    expect(num(12408)).toBe('12,408');
  });
  it('say bytes as file managers do', () => {
    expect([0, 999, 1500, 38_200_000_000, 999_999].map((n) => bytes(n, ' '))).toEqual([
      '0 B', '999 B', '1.5 KB', '38.2 GB', '1 MB',
    ]);
  });
  it('say a time as a person does', () => {
    const say = (s: number): string => duration(s, { s: ' s', min: ' min', h: ' h' }, ' ');
    expect([0.2, 40, 90, 3600, 3900].map(say)).toEqual(['1 s', '40 s', '2 min', '1 h', '1 h 5 min']);
  });
});
