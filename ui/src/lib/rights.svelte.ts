// A person's rights: letters that were asked for, and who hears complaints.
import type { Authority, RightsRow } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { dayOf } from './privacy.svelte.ts';
import { fail } from './toast.svelte.ts';

class Rights {
  rows = $state.raw<RightsRow[]>([]);
  authorities = $state.raw<Authority[]>([]);

  async read(): Promise<void> {
    try {
      const [rows, authorities] = await Promise.all([call('rights'), call('authorities')]);
      if (app.open) [this.rows, this.authorities] = [rows, authorities];
    } catch (refused) {
      if (app.open) fail(refused);
    }
  }

  /** Does something that answers with the requests. */
  async change(asked: Promise<RightsRow[]>): Promise<void> {
    try {
      const rows = await asked;
      if (app.open) this.rows = rows;
    } catch (refused) {
      fail(refused);
    }
  }

  /** The vault was locked. */
  forget(): void {
    this.rows = [];
  }
}

export const rights = new Rights();

/** Whole days until then; negative when it is over. */
export const daysUntil = (at: number): number => dayOf(at) - dayOf(Date.now());
