// The vaults of this computer, and what each is called. Names that are hidden leave the window with the lock.
import type { VaultEntry } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { t } from '../i18n/index.svelte.ts';
import { fail } from './toast.svelte.ts';

class Vaults {
  /** The one that was opened last comes first. */
  all = $state.raw<VaultEntry[]>([]);
  hidden = $state(false);

  readonly current = $derived(this.all.find((one) => one.current));

  /** By age, so that a number stays with its vault. */
  readonly #order = $derived(
    this.all
      .toSorted((a, b) => (a.created_at ?? Infinity) - (b.created_at ?? Infinity) || a.key.localeCompare(b.key))
      .map((one) => one.key),
  );

  name(one: VaultEntry): string {
    return one.label ?? t().vaults.numbered(this.#order.indexOf(one.key) + 1);
  }

  #take(found: { vaults: VaultEntry[]; hide_labels: boolean }): void {
    this.all = found.vaults;
    this.hidden = found.hide_labels;
  }

  async read(): Promise<void> {
    try {
      this.#take(await call('vaults'));
    } catch (refused) {
      fail(refused);
    }
  }

  async hide(hide: boolean): Promise<void> {
    try {
      this.#take(await call('vaults_hide_labels', { hide }));
    } catch (refused) {
      fail(refused);
    }
  }

  /** Names the one that is open; nothing takes the name away. Throws what the program refuses with. */
  async label(label: string): Promise<void> {
    this.#take(await call('vaults_label', { label }));
  }

  /** The vault was locked. */
  forget(): void {
    if (this.hidden) this.all = this.all.map((one) => ({ ...one, label: null }));
  }
}

export const vaults = new Vaults();
