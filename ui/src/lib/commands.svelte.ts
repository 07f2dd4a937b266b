// Every command of the window once: for its key, for the palette, for the list of shortcuts.
import type { Messages } from '../i18n/en.ts';
import { account } from './account.svelte.ts';
import * as acts from './acts.ts';
import { app } from './app.svelte.ts';
import { gallery } from './gallery.svelte.ts';
import { focusGrid, focusSearch, goTo, goToAccount, goToPrivacy, goToSecurity, goToTitle } from './go.ts';
import { pickImport } from './imports.ts';
import { jobs } from './jobs.svelte.ts';
import { pressed, typing } from './keys.ts';
import { move, type Move } from './moves.ts';
import { selection } from './selection.svelte.ts';
import { undo } from './undo.svelte.ts';
import * as ways from './ways.ts';

export type Group = 'go' | 'look' | 'pictures' | 'vault';

export type Command = {
  id: string;
  group: Group;
  name: (texts: Messages) => string;
  keys?: string[];
  /** Whether it can be done now. */
  can?: () => boolean;
  /** Its key works while a field is typed in. */
  always?: boolean;
  /** Its key works only where pictures have the focus. */
  atPictures?: boolean;
  run: () => unknown;
};

const inGallery = (): boolean => app.place === 'gallery';
const some = (): boolean => inGallery() && selection.reach.length > 0;
const kept = (): boolean => some() && gallery.scope !== 'trash';
const discarded = (): boolean => some() && gallery.scope === 'trash';

function back(): void {
  if (app.viewer !== 'closed') {
    app.viewer = 'closed';
    focusGrid();
  } else if (app.place === 'security') app.place = 'settings';
  else if (app.place !== 'gallery') app.place = 'gallery';
  else if (selection.chosen.size > 0) selection.none();
  else if (gallery.text !== '') gallery.search('');
}

function withCurrent(run: (seq: number) => unknown): () => unknown {
  return () => (selection.current === null ? undefined : run(selection.current));
}

const rates: Command[] = [0, 1, 2, 3, 4, 5].map((stars) => ({
  id: `rate-${stars}`,
  group: 'pictures',
  name: (texts) => texts.commands.rateStars(stars),
  keys: [`${stars}`],
  can: kept,
  atPictures: true,
  run: () => acts.rate(selection.reach, stars),
}));

export const commands: Command[] = [
  { id: 'palette', group: 'go', name: (m) => m.commands.palette, keys: ['mod+k'], always: true,
    run: () => void (app.sheet = { kind: 'palette' }) },
  { id: 'search', group: 'go', name: (m) => m.commands.search, keys: ['/', 'mod+f'], run: focusSearch },
  { id: 'library', group: 'go', name: (m) => m.commands.goLibrary, run: () => goTo('library') },
  { id: 'favourites', group: 'go', name: (m) => m.commands.goFavourites, run: () => goTo('favourites') },
  { id: 'trash', group: 'go', name: (m) => m.commands.goTrash, run: () => goTo('trash') },
  { id: 'settings', group: 'go', name: (m) => m.commands.goSettings, keys: ['mod+,'], always: true,
    run: () => goTo(null) },
  { id: 'privacy', group: 'go', name: (m) => m.privacy.rail, run: goToPrivacy },
  { id: 'notice', group: 'go', name: (m) => m.privacy.notice.name, run: () => void (app.sheet = { kind: 'notice' }) },
  { id: 'account', group: 'go', name: (m) => m.account.title, run: goToAccount },
  { id: 'sign-in', group: 'go', name: (m) => m.account.out.signIn,
    can: () => account.state?.signed_in === false && account.state.age !== 'too_young',
    run: () => {
      goToAccount();
      app.sheet = { kind: 'sign-in' };
    } },
  { id: 'ledger', group: 'go', name: (m) => m.ledger.title, run: () => void (app.sheet = { kind: 'ledger' }) },
  { id: 'security', group: 'go', name: (m) => m.keys.renewal.protects, run: goToSecurity },
  { id: 'back', group: 'go', name: (m) => m.commands.clear, keys: ['escape'], run: back },
  { id: 'shortcuts', group: 'go', name: (m) => m.commands.shortcuts, keys: ['?'],
    run: () => void (app.sheet = { kind: 'shortcuts' }) },
  { id: 'jobs', group: 'go', name: (m) => m.commands.jobs, run: () => jobs.show(null) },

  { id: 'open', group: 'look', name: (m) => m.commands.open, keys: ['enter'], can: some, atPictures: true,
    run: () => void (app.viewer = 'open') },
  { id: 'quick', group: 'look', name: (m) => m.commands.quickLook, keys: ['space'], can: some, atPictures: true,
    run: () => void (app.viewer = app.viewer === 'closed' ? 'quick' : 'closed') },
  { id: 'all', group: 'look', name: (m) => m.commands.selectAll, keys: ['mod+a'], can: inGallery,
    run: () => selection.all() },
  { id: 'rail', group: 'look', name: (m) => m.commands.rail, keys: ['mod+b'], always: true,
    run: () => app.set({ rail_collapsed: !app.settings?.rail_collapsed }) },
  { id: 'inspector', group: 'look', name: (m) => m.commands.inspector, keys: ['i'], atPictures: true,
    run: () => app.set({ inspector: !app.settings?.inspector }) },
  { id: 'layout', group: 'look', name: (m) => m.commands.layout,
    run: () => app.set({ layout: app.settings?.layout === 'square' ? 'justified' : 'square' }) },
  { id: 'dark', group: 'look', name: (m) => m.commands.dark, run: () => app.set({ theme: 'dark' }) },
  { id: 'light', group: 'look', name: (m) => m.commands.light, run: () => app.set({ theme: 'light' }) },
  { id: 'system', group: 'look', name: (m) => m.commands.system, run: () => app.set({ theme: 'system' }) },
  { id: 'japanese', group: 'look', name: (m) => m.commands.japanese, run: () => app.set({ language: 'ja' }) },
  { id: 'english', group: 'look', name: (m) => m.commands.english, run: () => app.set({ language: 'en' }) },

  { id: 'favourite', group: 'pictures', name: (m) => m.commands.favourite, keys: ['f'], can: kept, atPictures: true,
    run: () => acts.favourite(selection.reach) },
  ...rates,
  { id: 'tag', group: 'pictures', name: (m) => m.commands.tag, keys: ['t'], can: kept, atPictures: true,
    run: () => void (app.sheet = { kind: 'tag', seqs: selection.reach }) },
  { id: 'title', group: 'pictures', name: (m) => m.commands.title, keys: ['f2'], can: kept, atPictures: true,
    run: goToTitle },
  { id: 'copy-prompt', group: 'pictures', name: (m) => m.commands.copyPrompt, keys: ['mod+c'], can: some,
    atPictures: true, run: withCurrent((seq) => acts.copy(seq, 'prompt')) },
  { id: 'copy-parameters', group: 'pictures', name: (m) => m.commands.copyParameters, keys: ['mod+shift+c'],
    can: some, atPictures: true, run: withCurrent((seq) => acts.copy(seq, 'parameters')) },
  { id: 'discard', group: 'pictures', name: (m) => m.commands.discard, keys: ['delete'], can: kept, atPictures: true,
    run: () => acts.discard(selection.reach) },
  { id: 'restore', group: 'pictures', name: (m) => m.commands.restore, can: discarded,
    run: () => acts.restore(selection.reach) },
  { id: 'erase', group: 'pictures', name: (m) => m.commands.erase, keys: ['delete'], can: discarded,
    atPictures: true, run: () => acts.askErase(selection.reach) },
  { id: 'empty-trash', group: 'pictures', name: (m) => m.commands.emptyTrash,
    can: () => gallery.listing.trash > 0, run: acts.askEmptyTrash },
  { id: 'undo', group: 'pictures', name: (m) => m.commands.undo, keys: ['mod+z'], run: () => undo.back() },

  { id: 'import-files', group: 'vault', name: (m) => m.commands.importFiles, keys: ['mod+i'], always: true,
    run: () => pickImport('pictures') },
  { id: 'import-folder', group: 'vault', name: (m) => m.commands.importFolder, keys: ['mod+shift+i'], always: true,
    run: () => pickImport('folders') },
  { id: 'import-archive', group: 'vault', name: (m) => m.commands.importArchive, run: acts.importArchive },
  { id: 'export-some', group: 'vault', name: (m) => m.commands.exportSelected, keys: ['mod+e'], can: some,
    always: true, run: () => acts.exportSome(selection.reach) },
  { id: 'export-all', group: 'vault', name: (m) => m.commands.exportAll, keys: ['mod+shift+e'], always: true,
    run: acts.exportAll },
  { id: 'verify', group: 'vault', name: (m) => m.commands.verify, run: acts.verifyArchive },
  { id: 'check', group: 'vault', name: (m) => m.commands.check, run: acts.checkVault },
  { id: 'vaults', group: 'vault', name: (m) => m.vaults.choose, run: () => void (app.sheet = { kind: 'vaults' }) },
  { id: 'backup', group: 'vault', name: (m) => m.keeping.backup, run: acts.backUp },
  { id: 'passphrase', group: 'vault', name: (m) => m.commands.passphrase, run: ways.toPassphrase },
  { id: 'recovery-new', group: 'vault', name: (m) => m.commands.recovery, run: ways.newRecovery },
  { id: 'key-replace', group: 'vault', name: (m) => m.keys.renewal.replace, run: ways.replaceKey },
  { id: 'quit', group: 'vault', name: (m) => m.commands.quit, keys: ['mod+q'], always: true, run: acts.quit },
  { id: 'lock', group: 'vault', name: (m) => m.commands.lock, keys: ['mod+l'], always: true, run: acts.lock },
];

const MOVES: Record<string, Move> = {
  arrowleft: 'left',
  arrowright: 'right',
  arrowup: 'up',
  arrowdown: 'down',
  home: 'home',
  end: 'end',
  pageup: 'pageup',
  pagedown: 'pagedown',
};

const atPictures = (target: EventTarget | null): boolean =>
  target === document.body ||
  (target instanceof HTMLElement &&
    target.closest('[data-pictures]') !== null &&
    target.closest('button, a, input, summary, [role="menu"]') === null);

/** Locking and quitting go before everything else: over a sheet, in a menu, in the first steps, behind the lock. */
export function pressedFirst(event: KeyboardEvent): void {
  const keys = pressed(event);
  const act = keys === 'mod+q' ? acts.quit : keys === 'mod+l' && app.open ? acts.lock : null;
  if (act === null) return;
  event.preventDefault();
  event.stopPropagation();
  void act();
}

/** A key anywhere in the window. */
export function pressedKey(event: KeyboardEvent): void {
  if (!app.atWork || app.sheet !== null || event.defaultPrevented) return;
  const keys = pressed(event);
  if (keys === '') return;
  // A popover has its own keys, and Esc closes it first.
  const popover = document.querySelector(':popover-open');
  if (popover && (keys === 'escape' || popover.contains(event.target as Node))) return;
  const inField = typing(event.target);
  const here = atPictures(event.target);
  const to = MOVES[keys.replace('shift+', '')];
  if (to && here && inGallery() && app.viewer === 'closed') {
    event.preventDefault();
    move(to, event.shiftKey);
    return;
  }
  const command = commands.find(
    (one) =>
      one.keys?.includes(keys) &&
      (one.always || !inField) &&
      (!one.atPictures || here) &&
      (one.can?.() ?? true),
  );
  if (!command) return;
  event.preventDefault();
  void command.run();
}
