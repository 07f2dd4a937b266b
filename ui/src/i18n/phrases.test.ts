import { describe, expect, it } from 'vitest';
import { ja } from './ja.ts';
import { phrases } from './phrases.ts';

describe('a Japanese line', () => {
  it('breaks between phrases and not inside a word', () => {
    expect(phrases('つくったものは、このコンピュータにとどまります')).toEqual([
      'つくったものは、', 'この', 'コンピュータにとどまります',
    ]);
    expect(phrases('プロンプトと画像は、暗号化した1つの保管庫に入れます。')).toEqual([
      'プロンプトと', '画像は、', '暗号化した', '1つの', '保管庫に', '入れます。',
    ]);
  });
  it('keeps an honorific with its word, and a stop with what it ends', () => {
    expect(phrases('お客様の「画像」、です。')).toEqual(['お客様の', '「画像」、', 'です。']);
  });
  it('keeps every sign of the promises', () => {
    for (const text of ja.first.promises.flat()) expect(phrases(text).join('')).toBe(text);
    expect(phrases('')).toEqual([]);
  });
});
