// Before the ways into the vault are changed, a secret of it is shown once more, unless that was a moment ago.
import { call } from '../api/transport.ts';
import { app } from './app.svelte.ts';
import { fail } from './toast.svelte.ts';

/** Goes on at once where that is allowed, or after the person has typed the passphrase or recovery key. */
export async function proven(then: () => void): Promise<void> {
  try {
    const { done } = await call('vault_proven');
    if (done) then();
    else app.sheet = { kind: 'prove', then };
  } catch (refused) {
    fail(refused);
  }
}
