// What can be taken back, last first.
import { t } from '../i18n/index.svelte.ts';
import { fail, toasts } from './toast.svelte.ts';
import { shown } from './keys.ts';

const DEEPEST = 100;

class Undo {
  #steps: (() => Promise<void>)[] = [];

  /** Something was done; it says so, with a button to take it back. */
  did(text: string, back: () => Promise<void>): void {
    this.#steps.push(back);
    if (this.#steps.length > DEEPEST) this.#steps.shift();
    toasts.show(text, { label: t().common.undo, keys: shown('mod+z'), run: () => void this.back() });
  }

  async back(): Promise<void> {
    const step = this.#steps.pop();
    if (!step) {
      toasts.show(t().undo.nothing);
      return;
    }
    try {
      await step();
      toasts.show(t().undo.undone);
    } catch (refused) {
      fail(refused);
    }
  }

  forget(): void {
    this.#steps = [];
  }
}

export const undo = new Undo();
