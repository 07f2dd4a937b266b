// What the place Privacy shows: what is stored, what has left, the notice.
import type { LedgerDayRow, LedgerRow, LedgerView, Notice, ProcessingRow, StoredView } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { fail } from './toast.svelte.ts';

const DAY = 86_400_000;

/** Minutes that the days of this computer are before UTC. */
export const zone = (): number => -new Date().getTimezoneOffset();

/** The day that a time lies in, counted from 1970 in the zone of this computer. */
export const dayOf = (at: number): number => Math.floor((at + zone() * 60_000) / DAY);

class Privacy {
  stored = $state.raw<StoredView | null>(null);
  notices = $state.raw<Notice[]>([]);
  processing = $state.raw<ProcessingRow[]>([]);
  days = $state.raw<LedgerDayRow[]>([]);
  /** Days that are looked at. */
  period = $state(30);
  /** Only what went there. */
  origin = $state<string | null>(null);
  #ledger = $state.raw<LedgerView | null>(null);
  #turn = 0;

  readonly lines = $derived<LedgerRow[]>(this.#ledger?.lines ?? []);
  readonly more = $derived(this.#ledger?.more ?? false);
  readonly origins = $derived(this.#ledger?.origins ?? []);
  readonly cleared = $derived(this.#ledger?.cleared ?? null);
  readonly keepDays = $derived(this.#ledger?.keep_days ?? 0);
  /** The day on which it was read. */
  today = $state(dayOf(Date.now()));
  /** Days that are told of: those before a clearing are not. */
  readonly told = $derived(
    this.cleared === null ? this.period : Math.min(this.period, Math.max(0, this.today - dayOf(this.cleared) + 1)),
  );
  readonly sent = $derived(this.days.reduce((sum, day) => sum + day.sent, 0));

  #filter = (): { origin: string | null; purpose: null } => ({ origin: this.origin, purpose: null });

  /** Reads everything; what was asked before and comes later is dropped. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    const since = Date.now() - (this.period - 1) * DAY;
    // From the beginning of that day.
    const start = dayOf(since) * DAY - zone() * 60_000;
    try {
      const [stored, ledger, days, notices, processing] = await Promise.all([
        call('stored'),
        call('ledger', { before: null, ...this.#filter() }),
        call('ledger_days', { since: start, zone: zone(), ...this.#filter() }),
        call('notices'),
        call('processing'),
      ]);
      if (!app.open || turn !== this.#turn) return;
      this.today = dayOf(Date.now());
      // A place whose lines are gone is not looked for any more.
      if (this.origin !== null && !ledger.origins.includes(this.origin)) this.origin = null;
      [this.stored, this.#ledger, this.days] = [stored, ledger, days];
      [this.notices, this.processing] = [notices, processing];
    } catch (refused) {
      if (app.open) fail(refused);
    }
  }

  /** Older lines after those that are there. */
  async further(): Promise<void> {
    const [turn, last] = [this.#turn, this.lines.at(-1)];
    if (!last) return;
    try {
      const { lines, more } = await call('ledger', { before: last.id, ...this.#filter() });
      if (turn !== this.#turn || !this.#ledger || this.lines.at(-1)?.id !== last.id) return;
      this.#ledger = { ...this.#ledger, lines: [...this.lines, ...lines], more };
    } catch (refused) {
      fail(refused);
    }
  }

  /** The vault was locked. */
  forget(): void {
    this.#turn += 1;
    [this.stored, this.#ledger, this.days] = [null, null, []];
    this.origin = null;
  }
}

export const privacy = new Privacy();
