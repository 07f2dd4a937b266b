// Where the window stands: what the program tells of itself, which place shows, which sheet lies over it.
import type { Destruction, JobId, RecoverySheet, Right, Settings, SettingsEdit, SlotInfo, Status } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { look } from './looks.ts';
import { fail } from './toast.svelte.ts';
import type { Flow } from './account.svelte.ts';

/** `security` is the page that tells what the program protects; it is reached from the settings. */
export type Place = 'gallery' | 'account' | 'privacy' | 'settings' | 'security';

/** What lies over the window and wants an answer. */
export type Sheet =
  | { kind: 'plan'; job: JobId; label: string; offers: number[] }
  | { kind: 'report'; job: JobId }
  | { kind: 'erase'; seqs: number[] | 'trash'; count: number }
  | { kind: 'tag'; seqs: number[] }
  | { kind: 'recovery' }
  | { kind: 'recovery-new' }
  | { kind: 'passphrase' }
  | { kind: 'prove'; then: () => void }
  | { kind: 'slot-remove'; slot: SlotInfo['kind'] }
  | { kind: 'key-replace' }
  | { kind: 'destroy' }
  | { kind: 'vaults' }
  | { kind: 'vault-new' }
  | { kind: 'vault-name' }
  | { kind: 'account'; flow: Flow }
  | { kind: 'sign-in' }
  | { kind: 'service' }
  | { kind: 'receipt' }
  | { kind: 'device'; device: string; label: string }
  | { kind: 'display-name' }
  | { kind: 'email-undo' }
  | { kind: 'ledger' }
  | { kind: 'ledger-clear' }
  | { kind: 'notice' }
  | { kind: 'right'; right: Right }
  | { kind: 'shortcuts' }
  | { kind: 'palette' };

class App {
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  place = $state<Place>('gallery');
  sheet = $state.raw<Sheet | null>(null);
  /** The whole picture over the gallery; `quick` is the one that Space shows. */
  viewer = $state<'closed' | 'quick' | 'open'>('closed');
  /** The recovery key while it is to be seen: in memory alone, gone when it is confirmed or the vault is locked. */
  recovery = $state.raw<RecoverySheet | null>(null);

  /** The way in that did not do, so that the recovery key was needed: a new one is offered. */
  deadWay = $state<'keychain' | 'passphrase' | null>(null);
  /** The wrong tries that the person has read of, by the time of the last. */
  attemptsSeen = $state<number | null>(null);
  /** The check that found damage and was read of, by its time. */
  damageSeen = $state<number | null>(null);

  /** That a program of somebody's servers copies the vault's folder was read of. */
  cloudSeen = $state(false);

  /** What became of a vault that was destroyed, until it is read. */
  destroyed = $state.raw<Destruction | null>(null);

  #unsaved: SettingsEdit = {};
  #saving = false;
  #heard = false;

  readonly open = $derived(this.status?.vault === 'open');
  /** The first-run screens are walked through, and the vault is open. */
  readonly atWork = $derived(this.open && (this.settings?.introduced ?? false));

  takeSettings(settings: Settings): void {
    this.settings = settings;
    look(settings);
  }

  /** What the program tells of settings; while changes of this window are on their way it is read again after them. */
  hearSettings(settings: Settings): void {
    if (this.#saving) this.#heard = true;
    else this.takeSettings(settings);
  }

  get #changed(): boolean {
    return Object.keys(this.#unsaved).length > 0;
  }

  /** Changes settings: at once in the window, then in the file. A slider changes faster than a file is written. */
  async set(edit: SettingsEdit): Promise<void> {
    if (this.settings) this.takeSettings({ ...this.settings, ...edit });
    this.#unsaved = { ...this.#unsaved, ...edit };
    if (this.#saving) return;
    this.#saving = true;
    try {
      while (this.#changed || this.#heard) {
        if (this.#changed) {
          const next = this.#unsaved;
          this.#unsaved = {};
          await call('settings_edit', next);
        } else {
          this.#heard = false;
          const settings = await call('settings');
          if (!this.#changed) this.takeSettings(settings);
        }
      }
    } catch (refused) {
      fail(refused);
    } finally {
      this.#saving = false;
    }
  }

  /** Where a picture can be asked for. */
  picture(kind: 'thumb' | 'full', seq: number): string | undefined {
    const base = this.status?.pictures;
    return base ? `${base}${kind}/${seq}` : undefined;
  }
}

export const app = new App();
