// One message at a time at the foot of the window.
import type { Code } from '../api/bindings.ts';
import { Refused } from '../api/transport.ts';
import { t } from '../i18n/index.svelte.ts';

export type Toast = {
  id: number;
  /** What happened. */
  text: string;
  /** What was kept and what to do next: only with failures. */
  more?: string;
  failure: boolean;
  /** Why: only with failures. */
  code?: Code;
  act?: { label: string; keys?: string; run: () => void };
};

class Toasts {
  now = $state.raw<Toast | null>(null);
  #next = 1;

  show(text: string, act?: Toast['act']): void {
    this.now = { id: this.#next++, text, failure: false, ...(act ? { act } : {}) };
  }

  refuse(code: Code, act?: Toast['act']): void {
    const { what, next } = t().codes[code];
    this.now = { id: this.#next++, text: what, more: next, failure: true, code, ...(act ? { act } : {}) };
  }

  close(id?: number): void {
    if (id === undefined || this.now?.id === id) this.now = null;
  }
}

export const toasts = new Toasts();

export const codeOf = (thrown: unknown): Code => (thrown instanceof Refused ? thrown.code : 'internal');

/** Tells of a failure that nobody on the spot tells of. A dialog that was closed is none. */
export function fail(thrown: unknown): void {
  const code = codeOf(thrown);
  if (code !== 'cancelled') toasts.refuse(code);
}
