// How a job ended, in one sentence.
import type { Job, Report } from '../api/bindings.ts';
import type { Messages } from '../i18n/en.ts';

type Check = Report & { kind: 'check' };

function checked(report: Check, monthly: boolean, ended: Messages['jobs']['ended']): string {
  const { items, damaged, quick } = report;
  const hurt = damaged.length + report.unreadable;
  if (quick) return checkIsGood(report) ? ended.quickGood : ended.quickBad;
  if (checkIsGood(report)) return monthly ? ended.monthlyGood(items) : ended.checkGood(items);
  if (hurt > 0) return monthly ? ended.monthlyBad(items, hurt) : ended.checkBad(hurt);
  return monthly ? ended.monthlyFiles(items) : ended.checkFiles;
}

function sentence(report: Report, by_itself: boolean, texts: Messages): string {
  const { ended } = texts.jobs;
  switch (report.kind) {
    case 'import':
      return ended.import(report.added);
    case 'export':
      return ended.export(report.items, texts.format.bytes(report.bytes));
    case 'restore':
      return ended.restore(report.added);
    case 'verify': {
      const wrong = report.changed.length + report.missing.length + report.extra.length;
      return wrong === 0 ? ended.verifyGood(report.whole) : ended.verifyBad(wrong);
    }
    case 'check':
      return checked(report, by_itself, ended);
    case 'backup':
      return ended.backup(report.items, texts.format.bytes(report.bytes));
    case 'verify_backup':
      return report.incomplete > 0 ? ended.verifyBackupPart(report.incomplete) : ended.verifyBackup(report.items);
    case 'restore_backup':
      return ended.restoreBackup(report.items);
    case 'salvage':
      return ended.salvage(report.items, report.losses.length);
    case 'compact':
      return ended.compact(texts.format.bytes(report.freed));
    case 'erase':
      return ended.erase(report.erased);
    case 'renew':
      return ended.renew;
    case 'plan':
      return ended.plan;
  }
}

export const checkIsGood = (report: Check): boolean =>
  report.damaged.length === 0 && report.unreadable === 0 && report.catalogue_whole && report.images_whole;

/** Whether something in it needs a look. */
export function needsLook(job: Job): boolean {
  const { report } = job;
  if (job.state === 'failed') return true;
  switch (report?.kind) {
    case 'import':
      return report.refused.length > 0;
    case 'export':
    case 'restore':
      return report.damaged > 0;
    case 'verify':
      return report.changed.length + report.missing.length + report.extra.length > 0;
    case 'check':
      return !checkIsGood(report);
    case 'backup':
    case 'verify_backup':
    case 'restore_backup':
      return report.incomplete > 0;
    case 'salvage':
      return report.losses.length > 0 || !report.all_known;
    default:
      return false;
  }
}

export function outcome(job: Job, texts: Messages): string {
  const { ended } = texts.jobs;
  const what = job.report ? sentence(job.report, job.by_itself, texts) : '';
  if (job.state === 'failed') {
    const why = texts.codes[job.failure ?? 'internal'].what;
    return what ? ended.broken(why, what) : ended.failed(why);
  }
  if (job.state === 'cancelled') return what ? ended.cancelled(what) : ended.stopped;
  return what;
}
