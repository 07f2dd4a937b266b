// What is done with the ways into the vault. Where it matters the program asks in a window of the system's own.
import { call } from '../api/transport.ts';
import { t } from '../i18n/index.svelte.ts';
import { app, type Sheet } from './app.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { proven } from './proof.ts';
import { fail, toasts } from './toast.svelte.ts';

/** The sheet in which this change is made, as soon as the person has shown that it is theirs to make. */
export function changeWays(sheet: Sheet): void {
  void proven(() => (app.sheet = sheet));
}

/** A passphrase opens the vault from now on, or another one. */
export const toPassphrase = (): void => changeWays({ kind: 'passphrase' });

export const newRecovery = (): void => changeWays({ kind: 'recovery-new' });

/** A new key for the vault. Where there is a passphrase, the sheet itself asks for it. */
export function replaceKey(): void {
  if (app.status?.by_passphrase) app.sheet = { kind: 'key-replace' };
  else changeWays({ kind: 'key-replace' });
}

/** The keychain opens the vault from now on, in the passphrase's place or with a new key in its own. */
export const toKeychain = (): Promise<void> => proven(() => void changeToKeychain());

async function changeToKeychain(): Promise<void> {
  try {
    await call('protection_change', { protection: { by: 'keychain' } });
    app.deadWay = null;
    toasts.show(t().settings.changed);
  } catch (refused) {
    fail(refused);
  }
}

export async function acceptOlderCopy(): Promise<void> {
  try {
    await call('older_copy_accept');
    toasts.show(t().keys.notices.olderDone);
  } catch (refused) {
    fail(refused);
  }
}

export async function renewKeys(): Promise<void> {
  jobs.renewalAsked = true;
  try {
    const { job } = await call('vault_renew');
    if (job !== null) jobs.show(job);
  } catch (refused) {
    jobs.renewalAsked = false;
    fail(refused);
  }
}
