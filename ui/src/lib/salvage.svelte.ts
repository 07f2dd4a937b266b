// Saving what still verifies out of a vault that does not open any more. Its job is the only one told of behind the lock.
import type { Code, Job, JobId, Unlock } from '../api/bindings.ts';
import { call } from '../api/transport.ts';

/** What keeps a vault from opening while its keys can be read: much of it may be whole. */
const HURT: readonly Code[] = ['catalogue_damaged', 'catalogue_missing', 'catalogue_foreign', 'images_damaged',
  'images_missing', 'images_foreign'];

export const canSalvage = (code: Code | null): boolean => code !== null && HURT.includes(code);

class Salvage {
  job = $state.raw<Job | null>(null);
  #id: JobId | null = null;

  readonly running = $derived(this.job?.state === 'running');

  /** Starts it; the dialog asks where to write. Nothing happens when that was closed. */
  async begin(secret: Unlock): Promise<void> {
    const { job } = await call('vault_salvage', { with: secret });
    if (job === null) return;
    this.#id = job;
    this.job = null;
    // Its end may have been told before its number was known.
    const found = (await call('jobs')).find(({ id }) => id === job);
    if (found) this.take(found);
  }

  take(job: Job): void {
    if (job.id !== this.#id) return;
    // Events and readings may overtake one another: what has ended does not run again.
    if (this.job && this.job.state !== 'running' && this.job.id === job.id && job.state === 'running') return;
    this.job = job;
  }

  forget(): void {
    this.job = null;
    this.#id = null;
  }
}

export const salvage = new Salvage();
