// Backups, room, saving out of a damaged vault, and destroying one.
import type { Cloud, KeychainFate } from '../api/bindings.ts';

/** As their makers write them, in every language. */
export const CLOUDS: Record<Cloud, string> = {
  one_drive: 'OneDrive',
  i_cloud: 'iCloud Drive',
  dropbox: 'Dropbox',
  google_drive: 'Google Drive',
};

export const keeping = {
  title: 'Backup and room',
  text: 'A backup is one file, encrypted like the vault. It opens with the passphrase or the recovery key of the day it was made.',
  synced: (cloud: Cloud) => `The vault lies in a folder of ${CLOUDS[cloud]}`,
  syncedText:
    'Such programs put older files in the place of newer ones. Move it out: make a backup, and keep the vault elsewhere. A backup file may lie there.',
  backup: 'Make a backup',
  backupText: 'While the vault is in use; the file is read back before it counts. To move to another computer, copy it there.',
  backupRisk:
    'The keychain stays on this computer, and the recovery key is not confirmed yet. Without it the backup opens nowhere else: write it down first.',
  backupAct: 'Back up',
  verify: 'Verify a backup',
  verifyText: 'Reads every byte of the file and compares it. It needs no key and changes nothing.',
  verifyAct: 'Choose a backup to verify',
  restore: 'Make a vault from a backup',
  restoreText: 'It is made beside the present one, which stays as it is. The report names its folder.',
  restoreAct: 'Choose a backup to restore',
  compact: 'Compact the vault',
  room: (used: string, free: string) => `The vault takes ${used}; ${free} of it can be given back.`,
  roomUnknown: 'Gives the room of erased pictures back.',
  compactAct: 'Compact',
  checks: {
    title: 'Checks',
    text: 'Whether everything in the vault can still be read, before you need it.',
    full: 'Read everything back',
    whole: (when: string) => `Last on ${when}: all was whole.`,
    hurt: (when: string) => `Last on ${when}: something was damaged.`,
    never: 'Not done yet.',
    due: 'It is time for it.',
    quick: 'Quick check',
    quickText: 'Asks the vault’s two files whether they are sound. It opens no picture, so it takes less time.',
    quickAct: 'Check the files',
    monthly: 'Each month by itself',
    monthlyText: 'While the vault is open and you are away for two minutes. You are told when it ends, and it can be stopped.',
    salvage: 'Save what is whole',
    salvageText:
      'Writes an archive of everything that still verifies. The vault is not changed; a backup may have the rest. The archive is not encrypted.',
    salvageAct: 'Save an archive',
    notice: 'The last check found damage.',
    noticeText: 'Nothing was deleted. A backup may have what is hurt; what is whole can be saved now.',
    noticeAct: 'See the checks',
  },
  salvage: {
    act: 'Save what can be saved',
    text: 'Writes an archive of everything that still verifies. The vault is not changed; a backup has the rest. The archive is not encrypted.',
    running: 'Saving what can be saved',
    again: 'Import the archive into a new vault.',
  },
  destroy: {
    title: 'Destroy the vault',
    part: 'Give up this vault',
    partText: 'For when everything is elsewhere, or should be gone.',
    line: 'Destroy this vault',
    lineText: 'The keys go first, then everything else. It can’t be undone.',
    open: 'Destroy',
    lead: 'This destroys the vault with everything in it. It can’t be undone.',
    goes: 'Goes:',
    goesWhat: 'all pictures with their prompts, the ways in, and the key in this computer’s keychain.',
    survives: 'May survive:',
    survivesWhat:
      'backups and copies made before, which open with the passphrase or recovery key of their time, and exports, which are in the clear. Delete them yourself.',
    field: 'Type “destroy” to go on',
    act: 'Destroy for good',
    doneTitle: 'The vault is destroyed',
    removed: 'Files removed',
    left: 'Still in the folder',
    nothingLeft: 'Nothing',
    keychain: 'Key in the keychain',
    fates: {
      removed: 'Removed, or there was none',
      shared: 'Kept: another copy of this vault opens with it',
      left: 'Could not be removed; it opens nothing here any more',
    } satisfies Record<KeychainFate, string>,
    after: (recovery: boolean) =>
      recovery
        ? 'Backups and copies made before still open with their passphrase or recovery key, and exports are in the clear: delete them yourself.'
        : 'Backups and copies made before still open with their secrets, and exports are in the clear: delete them yourself.',
  },
};
