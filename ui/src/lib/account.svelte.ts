// The account as this window knows it: how it stands here, and what the service holds, fetched when it is looked at.
import type { AccountRecord, AccountState, Code, ReceiptView } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { codeOf, fail } from './toast.svelte.ts';

/** What is done in a row of steps. */
export type Flow = 'register' | 'reset' | 'password' | 'email' | 'delete' | 'export';

class AccountHere {
  state = $state.raw<AccountState | null>(null);
  record = $state.raw<AccountRecord | null>(null);
  /** Why the record is not shown. */
  failed = $state<Code | null>(null);
  loading = $state(false);
  /** When the record was fetched. */
  checkedAt = $state<number | null>(null);
  /** The receipt of a deleted account, until it is read. */
  receipt = $state.raw<ReceiptView | null>(null);

  /** Steps under way: what the program tells meanwhile is read after them, so that no step is taken from under a person. */
  #steps = 0;
  #told = false;

  /** Does a step; what follows from it shows when it is done. */
  async during(step: () => Promise<unknown>): Promise<void> {
    this.#steps += 1;
    try {
      await step();
    } finally {
      this.#steps -= 1;
      if (this.#told) void this.read();
    }
  }

  async read(): Promise<void> {
    this.#told = this.#steps > 0;
    if (this.#told) return;
    try {
      const found = await call('account');
      if (!app.open || this.#steps > 0) return;
      this.state = found;
      if (!found.signed_in) this.#drop();
    } catch (refused) {
      if (app.open) fail(refused);
    }
  }

  /** Takes the record out of an answer; throws what the program refuses with. */
  async take(asked: Promise<AccountRecord>): Promise<void> {
    const found = await asked;
    if (!app.open) return;
    this.record = found;
    this.checkedAt = Date.now();
  }

  /** Fetches what the service holds. */
  async load(): Promise<void> {
    if (!this.loading) await this.change(call('account_record'));
  }

  /** Does something that answers with the record. */
  async change(asked: Promise<AccountRecord>): Promise<void> {
    this.loading = true;
    this.failed = null;
    try {
      await this.take(asked);
    } catch (refused) {
      const code = codeOf(refused);
      // Whoever is signed out sees another page then, and is told there.
      if (code === 'signed_out') fail(refused);
      else this.failed = code;
    } finally {
      this.loading = false;
      await this.read();
    }
  }

  #drop(): void {
    this.record = null;
    this.checkedAt = null;
  }

  /** The vault was locked. */
  forget(): void {
    this.state = null;
    this.failed = null;
    this.receipt = null;
    this.#drop();
  }
}

export const account = new AccountHere();

export const openFlow = (flow: Flow): void => void (app.sheet = { kind: 'account', flow });
