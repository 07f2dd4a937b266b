// Everything about the current picture: read at once, and while keys are held down when they come to rest.
import type { ItemView } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { codeOf, fail } from './toast.svelte.ts';

/** Keys held down pass over pictures faster than this, in ms. */
const PAUSE = 50;

export class Details {
  item = $state.raw<ItemView | null>(null);
  #wanted: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -PAUSE;

  want(seq: number | null): void {
    clearTimeout(this.#timer);
    const again = seq !== null && seq === this.item?.seq;
    const passing = performance.now() - this.#last < PAUSE;
    this.#last = performance.now();
    this.#wanted = seq;
    if (seq === null) {
      this.item = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#read(seq), this.item === null || again || !passing ? 0 : PAUSE);
  }

  async #read(seq: number): Promise<void> {
    try {
      const item = await call('item_show', { seq });
      if (this.#wanted === seq) this.item = item;
    } catch (refused) {
      if (this.#wanted !== seq) return;
      this.item = null;
      // It was erased or the vault was locked while it was asked for: nothing to tell.
      if (!['no_such_item', 'locked'].includes(codeOf(refused))) fail(refused);
    }
  }
}
