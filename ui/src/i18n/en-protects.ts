// The page that tells what the program protects and what it does not. docs/THREATS.md is written from it.

/** Protected, in part, or not; or a fact that is neither. */
export type Held = 'yes' | 'part' | 'no' | 'fact';
/** Against whom; what is done; what it does not reach. */
export type Threat = { held: Held; head: string; text: string; but: string };
export type Chapter = { title: string; text: string; rows: readonly Threat[] };

const row = (held: Held, head: string, text: string, but = ''): Threat => ({ held, head, text, but });

export const protects = {
  title: 'What this protects',
  lead: 'And what it does not. No program can promise everything; this is what you can count on, and where you have to help.',
  held: { yes: 'Protected', part: 'In part', no: 'Not protected', fact: 'Good to know' } satisfies Record<Held, string>,
  but: 'But:',
  sandbox: {
    title: 'On this computer',
    on: 'The page that shows your pictures runs in a sandbox of the system.',
    not_installed:
      'The page that shows your pictures runs without a sandbox of the system: bubblewrap or xdg-dbus-proxy is not installed. Install both, and start Z-Image again.',
    refused: 'The page that shows your pictures runs without a sandbox of the system: this system lets programs make none.',
  },
  chapters: [
    {
      title: 'Against people',
      text: 'Who may get hold of the computer, its disk or a copy.',
      rows: [
        row('part', 'A thief with the computer, switched off',
          'Pictures, prompts, names, tags and the search index are encrypted. With a passphrase, each guess costs a computer like yours about a second. With the keychain, the vault is as safe as your sign-in to the computer.',
          'a passphrase or sign-in that is easy to guess gives everything away. What the system wrote to its swap space or for hibernation may hold pictures and prompts: turn on the disk encryption of your system (BitLocker, FileVault, LUKS).'),
        row('yes', 'Somebody with a copy of the vault’s folder',
          'A backup, a memory stick or a cloud folder: without the passphrase, the recovery key or the keychain’s entry the files open nothing.',
          'they show that there is a vault, when it was last written, how many pictures it has, and how large each is to within about 3 % or 4 KiB. And an older copy opens with the secrets of its time, with all that you have erased since.'),
        row('yes', 'Other people with an account on this computer',
          'The folder is yours alone, and so is your keychain.',
          'whoever administers the computer can reach everything that you can.'),
        row('part', 'Somebody at your desk',
          'Lock with one key, or let the vault lock by itself. Wrong tries make the next ones wait, and you are told of them. Who wants to change what opens the vault some minutes after it was opened has to type the passphrase or recovery key again; a keychain is asked anew. Such changes are also asked for in a window of the system.',
          'while the vault is open, whoever sits there can look at everything and export it. Asking too often would only teach you to press Yes.'),
        row('no', 'Whoever can force you to open it',
          'There is no second, hidden vault: that would be a promise nobody can keep.'),
      ],
    },
    {
      title: 'Against programs',
      text: 'What runs on the same computer, and files made to do harm.',
      rows: [
        row('part', 'Malware under your account, while the vault is locked',
          'With a passphrase there is nothing to take: it is typed in a window of its own whose memory goes with it, locking wipes the keys, and what the program’s own part frees is overwritten. While the vault is open, keys lie in memory that is kept out of the swap space where the system allows, and a crash leaves no dump on Linux and macOS.',
          'it can wait and read the passphrase as you type it. With the keychain it can ask the keychain as this program does. And the page that shows your pictures is a browser’s: what it showed, a new recovery key among it, may stay in its memory for a while.'),
        row('no', 'Malware under your account, while the vault is open',
          'It can see your screen, your keys and this program’s memory. No program of yours can keep another one out.'),
        row('part', 'Pictures and archives made to do harm',
          'They are read within strict limits, by decoders written in Rust, and you are shown pictures that were drawn anew. Texts in them are shown as text. Should one of them ever run as code, it finds no network, can’t open your files and does not see your passphrase: only the small window of its own ever asks for it, never the page with the pictures.',
          'the decoders run inside the program, not in a process of their own: a flaw in one would count. And code in the page could do what you can do in the window, such as erasing, or having a code sent to an address.'),
        row('yes', 'The network',
          'Nothing is sent by itself, not even a question for updates. What an account asks of its service goes through one door: each request stands in the vault’s ledger before its first byte leaves, goes to the one service you chose, encrypted unless that runs on this computer, and holds nothing of the vault. The page that shows your pictures is cut off from the network.',
          'on Windows the page is drawn by Microsoft’s WebView2, which may send Microsoft diagnostics about itself. No program can turn that off; it is part of the system’s own settings.'),
        row('part', 'The account service, and whoever steals from it',
          'It never sees the password, a picture or a prompt. Its database holds the e-mail address and names encrypted; without its keys nobody reads them or tries passwords on it.',
          'who has its keys as well can try passwords, at a high price for each. And who reads your mail can set a new password for the account; the vault does not depend on it.'),
        row('part', 'Screenshots, recordings, eyes',
          'The title of the window, notifications and logs carry no name and no prompt. On Windows and macOS the window can be left out of screenshots and recordings.',
          'not on Linux. A camera sees what you see, and so do programs that read the screen for you.'),
        row('part', 'The clipboard and your keyboard',
          'What you copy is marked for clipboard histories to leave alone. Spell checking is off in fields, because some systems send the words away.',
          'any program can read the clipboard, and on Linux also what you select with the pointer. An input method sees what you type and may learn it: keep a passphrase hidden while you type it, or type it in letters that need none.'),
      ],
    },
    {
      title: 'Outside the vault',
      text: 'What this program can’t reach.',
      rows: [
        row('no', 'Exports, and the files that you imported',
          'An export is not encrypted: it is your own copy. The files that you brought in stay where they are, and so does the output folder of your generator.'),
        row('part', 'What you erased',
          'Erasing for good destroys the key of each picture first, and then gives the catalogue a new one. What is left on the disk, even on an SSD, is unreadable.',
          'backups and copies made before still hold it.'),
        row('part', 'A vault that was exchanged for an older copy',
          'Where a keychain answers, this computer notes how new the vault and each copy that you go on with were, and tells you when one has become older or lies in another’s place. An older file of keys (vault.keys) put beside the vault is noticed without a keychain.',
          'without a keychain it can’t tell that all files together are older. Somebody who can write to the disk may put back single older pages of the catalogue unnoticed.'),
        row('fact', 'What lies in the clear',
          'Your settings (language, theme, layout), when a vault was last opened, the labels of vaults unless you hide them, and how many wrong tries there were. GTK’s dialogs remember the last folder that you chose from.'),
      ],
    },
    {
      title: 'Ways in',
      text: 'What you choose, and what follows from it.',
      rows: [
        row('fact', 'Keychain or passphrase',
          'The keychain is convenient: the vault opens for whoever is signed in as you, and locking keeps out only who does not touch the keyboard. A passphrase is asked for each time, and then a lock is a lock.'),
        row('fact', 'The recovery key opens everything',
          'Whoever has the page has the vault. Keep it away from this computer. If it may be in other hands, make a new one; if a copy of the vault may be too, replace the vault’s key.'),
        row('no', 'When every way in is lost',
          'Then the vault is lost. There is no back door, for us or for anybody: nobody can reset it, and no letter or court can change that.'),
        row('part', 'Damage, power cuts, full disks',
          'What was saved survives them, every picture can be checked against its seal, and nothing is ever deleted to repair it.',
          'a broken disk takes what is on it. Keep backups; they are as protected as the vault.'),
      ],
    },
    {
      title: 'Not in this version',
      text: 'So that nobody counts on it.',
      rows: [
        row('no', 'Still missing',
          'A process of its own for decoding pictures. Keys of hardware, fingerprints and faces.'),
        row('fact', 'Where it was tried',
          'The tests that look for traces on the disk, in memory and on the network run on Linux. For Windows and macOS the code is written after their documents, and has not been tried there yet.'),
      ],
    },
  ] as readonly Chapter[],
};
