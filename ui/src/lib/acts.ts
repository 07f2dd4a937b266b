// What a person does with pictures. Each can be taken back, or asks before it can't.
import type { Copied, ItemEdit, JobId } from '../api/bindings.ts';
import { call } from '../api/transport.ts';
import { t } from '../i18n/index.svelte.ts';
import { app } from './app.svelte.ts';
import { gallery } from './gallery.svelte.ts';
import { jobs } from './jobs.svelte.ts';
import { selection } from './selection.svelte.ts';
import { readStatus } from './start.ts';
import { fail, toasts } from './toast.svelte.ts';
import { undo } from './undo.svelte.ts';
import { vaults } from './vaults.svelte.ts';

type Edited = { seq: number; before: ItemEdit };

async function editEach(edits: { seq: number; edit: ItemEdit }[]): Promise<Edited[]> {
  const before = await call('items_edit', { edits });
  return edits.map(({ seq }, place) => ({ seq, before: before[place] ?? {} }));
}

async function edit(edits: { seq: number; edit: ItemEdit }[], text: string): Promise<void> {
  if (edits.length === 0) return;
  try {
    const done = await editEach(edits);
    undo.did(text, async () => {
      await editEach(done.map(({ seq, before }) => ({ seq, edit: before })));
    });
  } catch (refused) {
    fail(refused);
    gallery.changed();
  }
}

/** Hearts all, or takes the heart from all when all have it. */
export async function favourite(seqs: number[]): Promise<void> {
  // The texts of most are not here: among the favourites each has its heart, elsewhere they are asked for.
  let on = false;
  try {
    on = gallery.scope !== 'favourites' && !(await gallery.every(seqs, (cell) => cell.favourite));
  } catch (refused) {
    fail(refused);
    return;
  }
  gallery.patch(seqs, { favourite: on });
  const text = on ? t().undo.favourited(seqs.length) : t().undo.unfavourited(seqs.length);
  await edit(seqs.map((seq) => ({ seq, edit: { favourite: on } })), text);
}

export async function rate(seqs: number[], rating: number): Promise<void> {
  gallery.patch(seqs, { rating });
  await edit(seqs.map((seq) => ({ seq, edit: { rating } })), t().undo.rated(seqs.length, rating));
}

export async function retitle(seq: number, title: string): Promise<void> {
  gallery.patch([seq], { title });
  await edit([{ seq, edit: { title } }], t().undo.titled);
}

export async function addTag(seqs: number[], tag: string): Promise<void> {
  const name = tag.trim();
  if (name === '') return;
  const edits = seqs.map((seq) => ({ seq, edit: { add_tags: [name] } }));
  await edit(edits, t().undo.tagged(seqs.length, name));
}

export async function removeTag(seqs: number[], tag: string): Promise<void> {
  const edits = seqs.map((seq) => ({ seq, edit: { remove_tags: [tag] } }));
  await edit(edits, t().undo.untagged(seqs.length, tag));
}

/** What was taken back is chosen again as soon as it is in the list, and does not wait for the list's own pace. */
function bringBack(seqs: number[]): void {
  selection.expect(seqs);
  void gallery.read();
}

export async function discard(seqs: number[]): Promise<void> {
  if (seqs.length === 0) return;
  try {
    const { moved } = await call('items_discard', { seqs });
    undo.did(t().undo.discarded(moved), async () => {
      await call('items_restore', { seqs });
      bringBack(seqs);
    });
    void gallery.read();
  } catch (refused) {
    fail(refused);
  }
}

export async function restore(seqs: number[]): Promise<void> {
  if (seqs.length === 0) return;
  try {
    const { moved } = await call('items_restore', { seqs });
    undo.did(t().undo.restored(moved), async () => {
      await call('items_discard', { seqs });
      bringBack(seqs);
    });
    void gallery.read();
  } catch (refused) {
    fail(refused);
  }
}

/** Asks first: this can't be taken back. */
export function askErase(seqs: number[]): void {
  if (seqs.length > 0) app.sheet = { kind: 'erase', seqs, count: seqs.length };
}

export function askEmptyTrash(): void {
  const count = gallery.listing.trash;
  if (count > 0) app.sheet = { kind: 'erase', seqs: 'trash', count };
}

export async function erase(seqs: number[] | 'trash'): Promise<void> {
  try {
    await (seqs === 'trash' ? call('trash_empty') : call('items_erase', { seqs }));
  } catch (refused) {
    fail(refused);
  }
}

/** Starts a job and shows it; nothing happens when its dialog was closed. */
async function begin(run: () => Promise<{ job: JobId | null }>): Promise<void> {
  try {
    const { job } = await run();
    if (job !== null) jobs.show(job);
  } catch (refused) {
    fail(refused);
  }
}

export const exportAll = (): Promise<void> => begin(() => call('export_start', { seqs: null }));
export const exportSome = (seqs: number[]): Promise<void> =>
  seqs.length > 0 ? begin(() => call('export_start', { seqs })) : Promise.resolve();
export const importArchive = (): Promise<void> => begin(() => call('archive_import'));
export const verifyArchive = (): Promise<void> => begin(() => call('archive_verify'));
export const checkVault = (): Promise<void> => begin(() => call('vault_check'));
export const checkFiles = (): Promise<void> => begin(() => call('vault_check_quick'));
/** Of the open vault: it needs no secret. */
export const saveWhole = (): Promise<void> => begin(() => call('vault_salvage', { with: null }));
export const backUp = (): Promise<void> => begin(() => call('backup_start'));
export const verifyBackup = (): Promise<void> => begin(() => call('backup_verify'));
export const restoreBackup = (): Promise<void> => begin(() => call('backup_restore'));
export const compactVault = (): Promise<void> => begin(() => call('vault_compact'));

export async function copy(seq: number, what: Copied): Promise<void> {
  try {
    await call('item_copy', { seq, what });
    toasts.show(t().common.copied);
  } catch (refused) {
    fail(refused);
  }
}

/** Locks the vault in use and puts another in its place, locked as well. */
export async function useVault(vault: string): Promise<void> {
  try {
    await call('vaults_switch', { vault });
    app.sheet = null;
    await readStatus();
  } catch (refused) {
    fail(refused);
    await vaults.read();
  }
}

/** Closes the window; that locks the vault. */
export async function quit(): Promise<void> {
  try {
    await call('app_quit');
  } catch (refused) {
    fail(refused);
  }
}

export async function lock(): Promise<void> {
  try {
    await call('vault_lock');
  } catch (refused) {
    fail(refused);
  }
}
