// One message at a time at the foot of the window.
import type { Code } from '../api/bindings.ts';
import { Refused } from '../api/transport.ts';

export type Toast = {
  id: number;
  /** What happened. */
  text: string;
  /** Set for a failure: the code says it, in whatever language the window speaks by then. */
  code: Code | null;
  act?: { label: string; keys?: string; run: () => void };
};

class Toasts {
  now = $state.raw<Toast | null>(null);
  #next = 1;

  show(text: string, act?: Toast['act']): void {
    this.now = { id: this.#next++, text, code: null, ...(act ? { act } : {}) };
  }

  refuse(code: Code): void {
    this.now = { id: this.#next++, text: '', code };
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
