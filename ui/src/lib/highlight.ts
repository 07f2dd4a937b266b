// Which parts of a text a search found. The words come folded from the program; the text is folded here in the same
// way (compatibility forms and case), and spaces do not count, because the fold puts them around every CJK character.

export type Piece = { text: string; found: boolean };

type Folded = { letters: string[]; from: number[]; to: number[] };

function fold(text: string): Folded {
  const folded: Folded = { letters: [], from: [], to: [] };
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    for (const letter of character.normalize('NFKC').toLowerCase()) {
      if (/\s/u.test(letter)) continue;
      folded.letters.push(letter);
      folded.from.push(at);
      folded.to.push(end);
    }
    at = end;
  }
  return folded;
}

function matches(letters: string[], term: string[], start: number): boolean {
  return term.every((letter, i) => letters[start + i] === letter);
}

/** Longer texts are shown without marks. */
const LONGEST = 20_000;

/** The text in pieces; joined they are the text again. */
export function split(text: string, terms: readonly string[]): Piece[] {
  const folded = terms.map((term) => fold(term).letters).filter((term) => term.length > 0);
  if (folded.length === 0 || text.length > LONGEST) return text === '' ? [] : [{ text, found: false }];
  const { letters, from, to } = fold(text);
  const marked = new Uint8Array(text.length);
  for (const term of folded) {
    for (let i = 0; i + term.length <= letters.length; i += 1) {
      if (matches(letters, term, i)) marked.fill(1, from[i], to[i + term.length - 1]);
    }
  }
  const pieces: Piece[] = [];
  let start = 0;
  for (let i = 1; i <= text.length; i += 1) {
    if (i === text.length || marked[i] !== marked[start]) {
      pieces.push({ text: text.slice(start, i), found: marked[start] === 1 });
      start = i;
    }
  }
  return pieces;
}
