// What has left this computer, as the open vault knows it.
import type { LedgerRow, LedgerView } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { fail } from './toast.svelte.ts';

class Ledger {
  #now = $state.raw<LedgerView | null>(null);
  #reading = false;
  #again = false;

  /** Requests since the program was started. */
  readonly counts = $derived(this.#now?.since_start ?? []);
  readonly requests = $derived(this.counts.reduce((sum, { requests }) => sum + requests, 0));
  readonly lines = $derived<LedgerRow[]>(this.#now?.lines ?? []);
  readonly more = $derived(this.#now?.more ?? false);
  /** Lines from before this were taken out. */
  readonly cleared = $derived(this.#now?.cleared ?? null);
  /** A request that is on its way. */
  readonly leaving = $derived(this.lines.find((line) => line.outcome === 'open' && line.at >= (app.status?.started_at ?? 0)));

  /** Reads it; what changes meanwhile is read after that. */
  async read(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again && app.open) {
        this.#again = false;
        const found = await call('ledger', { before: null, purpose: null, origin: null });
        // The vault may have been locked meanwhile.
        if (app.open) this.#now = found;
      }
    } catch (refused) {
      if (app.open) fail(refused);
    } finally {
      this.#reading = false;
    }
  }

  /** Older lines after those that are there. */
  async further(): Promise<void> {
    const last = this.lines.at(-1);
    if (!last || !this.#now) return;
    try {
      const { lines, more } = await call('ledger', { before: last.id, purpose: null, origin: null });
      // Somebody pressed twice, or it was read anew.
      if (!this.#now || this.lines.at(-1)?.id !== last.id) return;
      this.#now = { ...this.#now, lines: [...this.lines, ...lines], more };
    } catch (refused) {
      fail(refused);
    }
  }

  forget(): void {
    this.#now = null;
  }
}

export const ledger = new Ledger();
