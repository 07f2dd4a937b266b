// One thing that is asked of the program from a form: whether it is under way, and why it failed.
import type { Code } from '../api/bindings.ts';
import { codeOf } from './toast.svelte.ts';

export class Try {
  busy = $state(false);
  failed = $state<Code | null>(null);

  /** Does it once at a time; whether it came about. What the person gave up is no failure. */
  async run(ask: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failed = null;
    try {
      await ask();
      return true;
    } catch (refused) {
      const code = codeOf(refused);
      this.failed = code === 'cancelled' ? null : code;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
