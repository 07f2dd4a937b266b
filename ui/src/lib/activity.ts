// Tells the program that a person is at work, so that the vault does not lock by itself: seldom, and only when it is so.
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';

/** Milliseconds between two tellings. */
export const SPAN = 20_000;

/** Tells at once, and then once a span as long as there was something since. */
export class Activity {
  #waiting = false;
  #since = false;
  readonly #tell: () => void;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  happened(): void {
    if (this.#waiting) {
      this.#since = true;
      return;
    }
    this.#tell();
    this.#waiting = true;
    setTimeout(() => {
      this.#waiting = false;
      if (!this.#since) return;
      this.#since = false;
      this.happened();
    }, SPAN);
  }
}

/** Watches pointer, wheel and keys of this window. */
export function watchActivity(): void {
  const activity = new Activity(() => void call('vault_touch').catch(() => undefined));
  const happened = (): void => {
    if (app.open) activity.happened();
  };
  for (const kind of ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const) {
    window.addEventListener(kind, happened, { capture: true, passive: true });
  }
}
