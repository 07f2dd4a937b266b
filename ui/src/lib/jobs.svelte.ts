// Long work: what runs, what has ended, and telling of it once.
import type { Job, JobId } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { t } from '../i18n/index.svelte.ts';
import { app } from './app.svelte.ts';
import { outcome } from './outcome.ts';
import { fail, toasts } from './toast.svelte.ts';

class Jobs {
  all = $state.raw<Job[]>([]);
  /** The popover is to open. */
  asked = $state(0);
  /** The job for whose sake; nobody's where a person asked to see the list. */
  askedFor = $state<JobId | null>(null);
  /** The person waits for a renewal. It may end before its number is known. */
  renewalAsked = false;
  #known = false;
  readonly #told = new Set<JobId>();
  /** What was taken off the list does not come back by an answer that was on its way. */
  readonly #dismissed = new Set<JobId>();

  /** Plans have a sheet of their own. */
  readonly listed = $derived(this.all.filter((job) => job.kind !== 'plan').toReversed());
  readonly running = $derived(this.listed.filter((job) => job.state === 'running'));

  /** A job that was just started shows itself; without one the list is asked for. */
  show(job: JobId | null): void {
    this.askedFor = job;
    this.asked += 1;
  }

  find(id: JobId): Job | undefined {
    return this.all.find((job) => job.id === id);
  }

  /** The list, whatever events were missed. Those that had ended before the first reading are no news. */
  async read(): Promise<void> {
    try {
      const found = await call('jobs');
      if (!app.open) return;
      for (const job of found) this.take(job, !this.#known);
      this.#known = true;
    } catch (refused) {
      fail(refused);
    }
  }

  /** A job as it is by now: from an event, or from a reading that came before its event. */
  take(job: Job, quietly = false): void {
    const before = this.find(job.id);
    if (this.#dismissed.has(job.id)) return;
    // Events and readings may overtake one another: what has ended does not run again.
    if (before && before.state !== 'running' && job.state === 'running') return;
    this.all = before ? this.all.map((old) => (old.id === job.id ? job : old)) : [...this.all, job];
    if (job.state === 'running' || quietly || this.#told.has(job.id)) return;
    this.#told.add(job.id);
    this.#tell(job);
  }

  #tell(job: Job): void {
    // Renewing follows erasing and replacing the key by itself: then what the person did is the news.
    if (job.kind === 'renew' && job.state !== 'failed') {
      if (!this.renewalAsked) return;
      this.renewalAsked = false;
    }
    if (job.kind === 'plan') {
      if (job.failure) toasts.refuse(job.failure);
      return;
    }
    if (job.state === 'failed') {
      toasts.refuse(job.failure ?? 'internal');
      return;
    }
    const act = job.report
      ? { label: t().jobs.report, run: () => void (app.sheet = { kind: 'report', job: job.id }) }
      : undefined;
    toasts.show(outcome(job, t()), act);
  }

  async cancel(id: JobId): Promise<void> {
    try {
      await call('job_cancel', { job: id });
    } catch (refused) {
      fail(refused);
    }
  }

  async dismiss(id: JobId): Promise<void> {
    this.#dismissed.add(id);
    this.all = this.all.filter((job) => job.id !== id);
    try {
      await call('job_dismiss', { job: id });
    } catch (refused) {
      fail(refused);
    }
  }

  forget(): void {
    this.all = [];
    this.#dismissed.clear();
    this.#told.clear();
    this.renewalAsked = false;
    this.#known = false;
  }
}

export const jobs = new Jobs();
