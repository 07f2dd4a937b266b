// Wires the window to the program: the first reading, and every event after it.
import type { Event, Status, Topic } from '../api/bindings.ts';
import { call, hear } from '../api/transport.ts';
import { account } from './account.svelte.ts';
import { watchActivity } from './activity.ts';
import { app } from './app.svelte.ts';
import { comeBack, noteWhere } from './back.ts';
import { gallery } from './gallery.svelte.ts';
import { planOffer } from './imports.ts';
import { jobs } from './jobs.svelte.ts';
import { ledger } from './ledger.svelte.ts';
import { privacy } from './privacy.svelte.ts';
import { rights } from './rights.svelte.ts';
import { salvage } from './salvage.svelte.ts';
import { selection } from './selection.svelte.ts';
import { toasts } from './toast.svelte.ts';
import { undo } from './undo.svelte.ts';
import { vaults } from './vaults.svelte.ts';

/** Nothing of the vault's contents outlives the lock in this window. */
function forgetAll(): void {
  noteWhere();
  app.sheet = null;
  app.viewer = 'closed';
  app.recovery = null;
  app.deadWay = null;
  app.place = 'gallery';
  gallery.forget();
  selection.forget();
  jobs.forget();
  undo.forget();
  toasts.close();
  vaults.forget();
  account.forget();
  ledger.forget();
  privacy.forget();
  rights.forget();
}

function takeStatus(status: Status): void {
  const known = app.status;
  // Events and answers may overtake one another: an older one is no news.
  if (known && known.started_at === status.started_at && known.serial > status.serial) return;
  const was = known?.vault;
  if (was === 'open' && status.vault !== 'open') forgetAll();
  app.status = status;
  if (was !== 'open' && status.vault === 'open') {
    salvage.forget();
    void comeBack();
    void gallery.readFacets();
    void jobs.read();
    void account.read();
    void ledger.read();
  }
  // Each vault's name is known while it is open.
  if (was !== status.vault || known?.folder !== status.folder) void vaults.read();
}

async function readTopic(topic: Topic): Promise<void> {
  switch (topic) {
    case 'status':
      takeStatus(await call('status'));
      break;
    case 'settings':
      app.hearSettings(await call('settings'));
      break;
    case 'items':
      if (app.open) gallery.changed();
      break;
    case 'jobs':
      if (app.open) await jobs.read();
      break;
    case 'vaults':
      await vaults.read();
      break;
    case 'account':
      if (app.open) await account.read();
      break;
    case 'ledger':
      if (app.open) await ledger.read();
      break;
  }
}

function take(event: Event): void {
  switch (event.kind) {
    case 'status':
      takeStatus(event.status);
      break;
    case 'settings':
      app.hearSettings(event.settings);
      break;
    case 'job':
      // Where there is no vault, a backup may be on its way to become one.
      if (app.open || app.status?.vault === 'none') jobs.take(event.job);
      else salvage.take(event.job);
      break;
    case 'offered':
      if (app.open) void planOffer(event.offer);
      break;
    case 'changed':
      for (const topic of event.topics) void readTopic(topic);
      break;
  }
}

async function readAll(): Promise<void> {
  app.takeSettings(await call('settings'));
  takeStatus(await call('status'));
}

export async function start(): Promise<void> {
  watchActivity();
  await hear(take, () => {
    void readAll();
    void readTopic('items');
    void readTopic('jobs');
  });
  await readAll();
}

/** Reads the status again: the way out of a vault that could not be opened. */
export const readStatus = (): Promise<void> => readTopic('status');
