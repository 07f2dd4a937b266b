// Ways into the vault, locking, keys, and what is told about them.
import type { SlotInfo, Typed } from '../api/bindings.ts';

const STORES: Record<string, string> = {
  'gnome-keyring': 'GNOME Keyring',
  kwallet: 'KWallet',
  keepassxc: 'KeePassXC',
  'secret-service': 'the Secret Service',
  windows: 'Windows Credential Manager',
  macos: 'the macOS keychain',
};
const tries = (n: number): string => (n === 1 ? '1 wrong try' : `${n} wrong tries`);

export const keys = {
  /** A secret store as a person knows it. */
  store: (name: string) => STORES[name] ?? name,
  lock: {
    resting: 'Nothing can be read. Work in progress comes to its end first.',
    wait: (seconds: number) => `Try again in ${seconds} s`,
    waitTold: (seconds: number) => `Too many wrong tries. The next one is looked at in ${seconds} seconds.`,
    waitOver: 'You can try again now.',
    usePassphrase: 'Use the passphrase',
    useKeychain: 'Use the keychain',
    protects: 'What this protects',
    /** By code: what happened with the keychain, and the way out. */
    trouble: {
      keychain_unavailable: {
        what: (_: string) => 'No keychain answers',
        next: (store: string) =>
          `The key is kept in ${store}. Start it, or sign in to the desktop that has it, and try again.`,
      },
      keychain_locked: {
        what: (_: string) => 'The keychain stayed locked',
        next: (store: string) => `Your key is still in ${store}. Try again and unlock it when it asks.`,
      },
      keychain_missing: {
        what: (_: string) => 'The key was not found',
        next: (store: string) =>
          `${store} answers, and has no key for this vault any more. The recovery key opens the vault; then a new key is kept here. Your pictures are safe.`,
      },
      keychain_elsewhere: {
        what: (_: string) => 'The key is not in this keychain',
        next: (store: string, here: string) =>
          `This vault was last protected with ${store}, and ${here} answers now. Sign in to the desktop you used then, or use the recovery key. Your pictures are safe.`,
      },
      keychain_garbage: {
        what: (_: string) => 'The keychain’s entry is not this vault’s key',
        next: (store: string) =>
          `Something else is kept in ${store} under this vault’s name. Your pictures are safe; the recovery key opens them.`,
      },
      keychain_unanswered: {
        what: (_: string) => 'The keychain’s question was not answered',
        next: (store: string) => `Look for the window of ${store}, answer it, and try again.`,
      },
    },
    elsewise: 'You can also use the recovery key.',
  },
  notices: {
    label: 'Notices',
    attempts: (n: number, since: string) => `${tries(n)} since ${since}.`,
    attemptsText: 'If that was not you, choose a new passphrase.',
    attemptsAct: 'Ways in',
    older: 'This vault is an older copy.',
    olderText:
      'This computer last closed a newer one here, or another copy; a backup may have been put back. What came in since is missing, and what was erased since may be here again.',
    olderAct: 'Go on with this copy',
    olderDone: 'This copy counts as the vault from now on',
    olderKeys: 'The file of keys beside this vault is an older one.',
    olderKeysText:
      'A vault.keys from an earlier time was put back. A passphrase or recovery key that you have replaced since may open the vault again: look at the ways in, and replace the vault’s key if it was not you.',
    olderKeysAct: 'These ways in are right',
    keychain: 'The keychain no longer opens this vault.',
    keychainText: 'You came in by the recovery key. Make a new way in now.',
    keychainAct: 'Put a new key into the keychain',
    passphrase: 'You came in by the recovery key.',
    passphraseText: 'If the passphrase is forgotten, choose a new one now.',
    toPassphrase: 'Choose a passphrase',
  },
  ways: {
    title: 'Ways into this vault',
    text: 'Each opens it alone. Nobody else has one, and nobody can reset one.',
    names: {
      'os-keyring': 'This computer’s keychain',
      passphrase: 'Passphrase',
      recovery: 'Recovery key',
    } satisfies Record<SlotInfo['kind'], string>,
    since: (date: string) => `Since ${date}`,
    kept: (store: string, date: string) => `Kept in ${store} · since ${date}`,
    confirmed: (date: string) => `Since ${date} · confirmed`,
    unconfirmed: (date: string) => `Since ${date} · not confirmed yet`,
    toPassphrase: 'Use a passphrase instead',
    toKeychain: 'Use the keychain instead',
    newPassphrase: 'Change passphrase',
    newRecovery: 'New recovery key',
    addPassphrase: 'Set a passphrase',
    addKeychain: 'Use the keychain',
    none: 'Only the recovery key opens it',
    noneText: 'Add a passphrase or the keychain for every day, and keep the recovery key for the worst.',
    noRecovery: 'There is no recovery key',
    noRecoveryText: 'If the way above is lost, the vault is lost.',
    makeRecovery: 'Make one',
    removed: 'It opens the vault no more',
  },
  prove: {
    title: 'Once more, to be sure it is you',
    text: 'You are about to change what opens the vault. Whoever sits at an open window must not be able to.',
    act: 'Continue',
  },
  remove: {
    titles: {
      'os-keyring': 'Remove the keychain’s key',
      passphrase: 'Remove the passphrase',
      recovery: 'Remove the recovery key',
    } satisfies Record<SlotInfo['kind'], string>,
    texts: {
      'os-keyring': 'The keychain opens the vault no more, and its entry is deleted.',
      passphrase: 'The passphrase opens the vault no more.',
      recovery: 'The page you wrote or printed opens the vault no more. If the other way in is lost, the vault is lost.',
    } satisfies Record<SlotInfo['kind'], string>,
    unconfirmed: 'Then only the recovery key is left, and you have not confirmed that it is written down.',
    older: 'older copies and backups of the vault. They still open with it.',
    act: 'Remove',
  },
  locking: {
    title: 'Locking',
    text: 'A locked vault shows nothing and answers nothing until it is opened again.',
    after: 'Lock by itself after',
    afterText: 'Counted from the last key or movement of the pointer. Running jobs finish first.',
    unchosen: 'Default: ten minutes from the last key or movement of the pointer. Running jobs finish first.',
    unchosenNever: 'Default: never, because the keychain would open it again without asking.',
    minutes: (n: number) => (n === 0 ? 'Never' : n === 60 ? '1 hour' : n === 1 ? '1 minute' : `${n} minutes`),
    withSystem: 'Lock when the computer sleeps or its screen is locked',
    withSystemText: 'Behind a locked screen, running jobs finish first; when the computer sleeps, they stop.',
    capture: 'Leave the window out of screenshots and recordings',
    captureText: 'Programs that read the screen to you may then see nothing either.',
    now: 'Lock now',
    nowText: 'Jobs stop at their next safe place.',
  },
  renewal: {
    title: 'The vault’s keys',
    text: 'Seldom needed. Your pictures stay as they are.',
    renew: 'Renew the keys now',
    renewText:
      'Writes the catalogue anew under a fresh key. Older copies of the key file then open nothing of it, and what you erased can’t be read from its old pages. After erasing for good this happens by itself.',
    renewAct: 'Renew',
    replace: 'Replace the vault’s key',
    replaceText:
      'For when the recovery key or a copy of the vault may be in other hands. If the passphrase may be known, change that first.',
    replaceAct: 'Replace',
    protects: 'What this protects',
    protectsText: 'Against whom, against whom not, and what lies outside the vault.',
    protectsAct: 'Read',
  },
  replace: {
    title: 'Replace the vault’s key',
    text: 'The vault gets a new key and the catalogue is written anew under it. If somebody may know your passphrase, change that first.',
    stays: 'Stays:',
    staysWhat: 'your pictures, and the passphrase or the keychain.',
    goes: 'Goes:',
    goesWhat: 'the recovery key. A new one is shown right after; have pen and paper ready.',
    reach: 'Not reached:',
    reachWhat: 'older copies and backups. They open with the keys of their time.',
    field: 'Your passphrase',
    act: 'Replace the key',
    after: 'Protected by the passphrase · older copies still open with the keychain’s key',
  },
  suggest: {
    act: 'Suggest one',
    again: 'Another one',
    label: 'Suggestion',
    text: 'Six words drawn by chance. Write them down, then type them once more.',
  },
  /** Where what opens or protects a vault is typed in a window of its own. */
  entry: {
    titles: {
      passphrase: 'Enter your passphrase',
      recovery: 'Enter the recovery key',
      new_passphrase: 'Choose a passphrase',
      password: 'Enter the account’s password',
      new_password: 'Choose a password for the account',
    } satisfies Record<Typed, string>,
    text: 'This window is only for typing. It closes when you are done, and what you typed is gone with it.',
    comes: 'Passphrases and recovery keys are typed in a window of their own.',
    passwordComes: 'The password is typed in a window of its own.',
    elsewhere: 'Go on in the other window.',
  },
  /** Only where an input method is needed. */
  typing: '',
};
