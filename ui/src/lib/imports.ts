// Bringing pictures in: choose, look through, then start.
import type { OfferId, PickKind } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { fail } from './toast.svelte.ts';

/** Looks through what was offered and shows the plan. */
export async function planImport(offers: OfferId[], label: string): Promise<void> {
  try {
    const { job } = await call('import_plan', { offers, label });
    if (job !== null) app.sheet = { kind: 'plan', job, label, offers };
  } catch (refused) {
    fail(refused);
  }
}

export async function pickImport(what: PickKind): Promise<void> {
  try {
    const offer = await call('import_pick', { what });
    if (offer) await planImport([offer.id], offer.label);
  } catch (refused) {
    fail(refused);
  }
}

/** Carries the plan out. */
export async function startImport(offers: OfferId[], label: string): Promise<void> {
  try {
    await call('import_start', { offers, label });
    jobs.asked += 1;
  } catch (refused) {
    fail(refused);
  }
}
