// The language of the window: one catalogue at a time, changed without a restart.
import type { Language } from '../api/bindings.ts';
import { en, type Messages } from './en.ts';
import { ja } from './ja.ts';

export const catalogues: Record<Language, Messages> = { en, ja };

let language = $state<Language>('en');

/** All texts in the current language. */
export const t = (): Messages => catalogues[language];

/** The current language. */
export const currentLanguage = (): Language => language;

/** Changes the language of every text and of the document. */
export function speak(next: Language): void {
  language = next;
  document.documentElement.lang = next;
}
