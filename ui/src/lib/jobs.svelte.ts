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

  /** Plans have a sheet of their own. */
  readonly listed = $derived(this.all.filter((job) => job.kind !== 'plan').toReversed());
  readonly running = $derived(this.listed.filter((job) => job.state === 'running'));

  find(id: JobId): Job | undefined {
    return this.all.find((job) => job.id === id);
  }

  async read(): Promise<void> {
    try {
      this.all = await call('jobs');
    } catch (refused) {
      fail(refused);
    }
  }

  take(job: Job): void {
    const before = this.find(job.id);
    // Events may overtake one another: what has ended does not run again.
    if (before && before.state !== 'running' && job.state === 'running') return;
    this.all = before ? this.all.map((old) => (old.id === job.id ? job : old)) : [...this.all, job];
    if (job.state !== 'running' && before?.state !== job.state) this.#tell(job);
  }

  #tell(job: Job): void {
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
    this.all = this.all.filter((job) => job.id !== id);
    try {
      await call('job_dismiss', { job: id });
    } catch (refused) {
      fail(refused);
    }
  }

  forget(): void {
    this.all = [];
  }
}

export const jobs = new Jobs();
