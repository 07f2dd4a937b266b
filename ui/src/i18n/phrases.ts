// Where a Japanese line may break: between phrases, never inside a word. The webview has no `auto-phrase` of its own.
const words = new Intl.Segmenter('ja', { granularity: 'word' });

const ENDS_CLAUSE = /[、。]$/u;
const ENDS_PHRASE = /[ぁ-ん」）]$/u;
/** They belong to the word that follows. */
const HONORIFIC = /(^|[^ぁ-ん])[おご]$/u;
const NEVER_FIRST = /^[、。」）]/u;
const NEVER_FIRST_AFTER_KANA = /^[ぁ-んー]/u;

/** The phrases of a Japanese text, in order and complete: a word with the particles that hang on it. */
export function phrases(text: string): string[] {
  const found: string[] = [];
  let open = '';
  for (const { segment } of words.segment(text)) {
    const breaks =
      !NEVER_FIRST.test(segment) &&
      (ENDS_CLAUSE.test(open) ||
        (ENDS_PHRASE.test(open) && !HONORIFIC.test(open) && !NEVER_FIRST_AFTER_KANA.test(segment)));
    if (breaks) {
      found.push(open);
      open = '';
    }
    open += segment;
  }
  return open === '' ? found : [...found, open];
}
