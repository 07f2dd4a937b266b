import { describe, expect, it } from 'vitest';
import { split } from './highlight.ts';

const found = (text: string, terms: string[]): string[] =>
  split(text, terms).filter((piece) => piece.found).map((piece) => piece.text);

describe('what a search found', () => {
  it('is one Japanese character', () => {
    expect(found('静かな湖、暖かい光', ['光'])).toEqual(['光']);
  });
  it('is a run of characters that the fold set apart', () => {
    expect(found('無数の灯籠が浮かぶ夜', ['灯 籠'])).toEqual(['灯籠']);
  });
  it('does not mind case and width', () => {
    expect(found('ＮＥＯＮ city, Neon', ['neon'])).toEqual(['ＮＥＯＮ', 'Neon']);
  });
  it('leaves the text as it was', () => {
    const text = 'ﾊﾞﾗ rose 🌹 ㍿ rose';
    expect(split(text, ['rose', '株 式']).map((piece) => piece.text).join('')).toBe(text);
  });
  it('is nothing without terms', () => {
    expect(split('abc', [])).toEqual([{ text: 'abc', found: false }]);
    expect(split('', ['a'])).toEqual([]);
  });
  it('does not read a term as a pattern', () => {
    expect(found('a.c abc', ['a.c'])).toEqual(['a.c']);
  });
});
