// Bringing pictures in: choose, look through, then start.
import type { Offer, OfferId, PickKind } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { t } from '../i18n/index.svelte.ts';
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

/** What an offer is called: its first name, and how many more there are. */
const named = (offer: Offer): string =>
  offer.paths > 1 ? t().plan.several(offer.label, offer.paths - 1) : offer.label;

/** Looks through what was picked or dropped. */
export const planOffer = (offer: Offer): Promise<void> => planImport([offer.id], named(offer));

export async function pickImport(what: PickKind): Promise<void> {
  try {
    const offer = await call('import_pick', { what });
    if (offer) await planOffer(offer);
  } catch (refused) {
    fail(refused);
  }
}

/** Carries the plan out. */
export async function startImport(offers: OfferId[], label: string): Promise<void> {
  try {
    const { job } = await call('import_start', { offers, label });
    if (job !== null) jobs.show(job);
  } catch (refused) {
    fail(refused);
  }
}
