import type { Code } from '../api/bindings.ts';

/** What happened; and what was kept, and what to do next. */
export type CodeText = { what: string; next: string };

export const codes: Record<Code, CodeText> = {
  locked: { what: 'The vault is locked', next: 'Unlock it, then try again.' },
  no_vault: { what: 'There is no vault here', next: 'It may have been moved. Put its folder back, or make a new vault.' },
  vault_exists: { what: 'There is a vault already', next: 'It was left as it is. Unlock it instead.' },
  vault_in_use: {
    what: 'The vault is open somewhere else',
    next: 'Another window or the command line has it. Close that one, then try again.',
  },
  vault_newer: {
    what: 'A newer version made this vault',
    next: 'Nothing was changed. Open it with the newer version of Z-Image.',
  },
  header_damaged: {
    what: 'The keys of the vault can’t be read',
    next: 'No file was changed. Put vault.keys back from a backup of the vault’s folder.',
  },
  header_missing: {
    what: 'The keys of the vault are gone',
    next: 'The pictures are still there, sealed. Put vault.keys back from a backup of the vault’s folder.',
  },
  header_tampered: {
    what: 'Somebody changed the vault’s keys',
    next: 'The vault was not opened. Put vault.keys back from a backup you trust.',
  },
  catalogue_damaged: {
    what: 'The catalogue can’t be read',
    next: 'It is damaged, or another vault’s. No file was changed. Put catalogue.db back from a backup of the vault’s folder.',
  },
  catalogue_missing: {
    what: 'The catalogue is gone',
    next: 'No file was changed. Put catalogue.db back from a backup of the vault’s folder.',
  },
  folder_not_empty: {
    what: 'The folder for the vault holds other files',
    next: 'Nothing was changed. Name a folder that is empty, or one that is not there yet.',
  },
  header_older: {
    what: 'The key file is older than the vault',
    next: 'The vault’s keys have been renewed since. No file was changed. Put back the newest vault.keys or vault.keys.bak.',
  },
  catalogue_foreign: {
    what: 'The catalogue here is not this vault’s',
    next: 'No file was changed. Put back the catalogue.db that belongs here.',
  },
  images_damaged: {
    what: 'The pictures’ file can’t be read',
    next: 'No file was changed. Put it back from a backup of the vault’s folder.',
  },
  images_missing: {
    what: 'The pictures’ file is gone',
    next: 'No file was changed. Put it back from a backup of the vault’s folder.',
  },
  images_foreign: {
    what: 'The pictures’ file belongs to another vault',
    next: 'No file was changed. Put back the file that belongs here.',
  },
  cipher_missing: {
    what: 'This build can’t encrypt',
    next: 'Nothing was written. Install Z-Image again from where you got it.',
  },
  wrong_secret: { what: 'That does not open this vault', next: 'Check the spelling and the keyboard, then try again.' },
  proof_needed: {
    what: 'Your passphrase or recovery key is needed once more',
    next: 'Nothing was changed. Close this, begin again, and type it.',
  },
  too_many_attempts: {
    what: 'Too many wrong tries',
    next: 'Wait a moment; the next try is looked at then.',
  },
  recovery_malformed: {
    what: 'That is not a whole recovery key',
    next: 'It begins with ZV1 and has groups of four letters and digits.',
  },
  recovery_mistyped: {
    what: 'There is a typing mistake in the key',
    next: 'Compare it with your page, group by group.',
  },
  recovery_other_vault: {
    what: 'This key belongs to another vault',
    next: 'Look for the page whose second group is the one of this vault.',
  },
  no_such_slot: { what: 'The vault does not open this way', next: 'Use one of the other ways in.' },
  last_slot: { what: 'This is the last way in', next: 'It was kept. Add another way in first.' },
  passphrase_weak: {
    what: 'The passphrase is too easy to guess',
    next: 'At least 15 characters; several unrelated words are best.',
  },
  keychain_unavailable: {
    what: 'This computer has no keychain that answers',
    next: 'Use a passphrase or the recovery key.',
  },
  keychain_locked: {
    what: 'The keychain stayed locked',
    next: 'Your key is still in it. Unlock the keychain and try again, or use the recovery key.',
  },
  keychain_missing: {
    what: 'The keychain does not have this vault’s key',
    next: 'Your pictures are safe. Use the recovery key, then choose the keychain again in Settings.',
  },
  keychain_garbage: {
    what: 'The keychain has something else under this vault’s name',
    next: 'Your pictures are safe. Use the recovery key, then choose the keychain again in Settings.',
  },
  keychain_unanswered: {
    what: 'Nobody answered the keychain’s question',
    next: 'Look for its window and try again, or use the recovery key.',
  },
  no_such_item: { what: 'That picture is not in the vault any more', next: 'Nothing else was touched.' },
  picture_damaged: {
    what: 'This picture’s bytes do not verify',
    next: 'Its prompt is still there. Check the vault in Settings, and import the picture again if you have it.',
  },
  disk_full: { what: 'The disk is full', next: 'What was finished is kept. Make room, then try again.' },
  read_only: { what: 'This place can’t be written', next: 'Nothing was changed. Choose another place.' },
  not_permitted: { what: 'The system does not allow it', next: 'Nothing was changed. Check the rights of the folder.' },
  disk_failed: {
    what: 'The disk or drive stopped answering',
    next: 'What was finished is kept. Connect it again, then try again.',
  },
  not_found: {
    what: 'That file or folder is not there',
    next: 'What was finished is kept. Look whether it was moved or its drive is connected, or choose another place.',
  },
  target_exists: { what: 'There is such a file already', next: 'It was left as it is. Choose another name.' },
  file_too_large: {
    what: 'That disk does not take files of this length',
    next: 'Nothing was changed. Choose a disk with another file system.',
  },
  target_busy: { what: 'Another export is writing to this file', next: 'Let it finish, or choose another name.' },
  target_inside_vault: { what: 'That place lies inside the vault’s folder', next: 'Nothing was changed. Choose another place.' },
  nothing: { what: 'There is nothing to do here', next: 'Nothing was changed.' },
  archive_damaged: {
    what: 'The archive is damaged or cut off',
    next: 'What could be read was kept. Use another copy of it.',
  },
  archive_not_ours: { what: 'This is no archive of Z-Image', next: 'Nothing was taken in.' },
  archive_newer: { what: 'A newer version made this archive', next: 'Nothing was taken in. Use the newer version.' },
  archive_unsafe: { what: 'This archive is built to do harm', next: 'Nothing was taken in. Do not use it.' },
  backup_damaged: { what: 'The backup is damaged or cut off', next: 'Nothing was changed. Use another backup.' },
  backup_not_ours: { what: 'This is no backup of Z-Image', next: 'Nothing was changed. Choose another file.' },
  backup_newer: { what: 'A newer version made this backup', next: 'Nothing was changed. Use the newer version.' },
  no_such_vault: { what: 'That vault is not in its place any more', next: 'Nothing was changed. Put its folder back, or choose another vault.' },
  no_such_offer: { what: 'These files are not known any more', next: 'Choose them again.' },
  no_such_job: { what: 'That job is over', next: 'Nothing was changed.' },
  bad_request: { what: 'That could not be understood', next: 'Nothing was changed. Please report this.' },
  no_such_command: { what: 'This version can’t do that', next: 'Nothing was changed.' },
  clipboard_unavailable: { what: 'The clipboard can’t be used', next: 'Select the text and copy it by hand.' },
  settings_not_saved: {
    what: 'The settings can’t be written',
    next: 'They hold until you close the window. Check the room on the disk.',
  },
  not_allowed: {
    what: 'Requests for this are turned off',
    next: 'Nothing was sent.',
  },
  ledger_not_written: {
    what: 'The record of what leaves could not be written',
    next: 'So nothing was sent. Make room on the disk and try again.',
  },
  service_unreachable: {
    what: 'The account service can’t be reached',
    next: 'Everything on this computer works without it. Check the connection and try again.',
  },
  service_unanswered: {
    what: 'The service’s answer did not arrive',
    next: 'What you asked for may be done all the same. Look there before you try again.',
  },
  service_untrusted: {
    what: 'The connection to the service is not safe',
    next: 'Nothing was told. Somebody may be in between; try another network, or ask whoever runs the service.',
  },
  clock_wrong: {
    what: 'The service’s certificate does not fit this computer’s clock',
    next: 'Nothing was told. Set date and time right and try again.',
  },
  another_service: {
    what: 'This is another service than before',
    next: 'Your password was not told. If the service has a new key, check it with whoever runs it, and choose the service again.',
  },
  service_newer: {
    what: 'The service needs a newer version of Z-Image',
    next: 'Everything on this computer works as before.',
  },
  service_answer: {
    what: 'The service’s answer makes no sense',
    next: 'Nothing was changed here. Check the service’s address, or try again later.',
  },
  signed_out: {
    what: 'You are signed out',
    next: 'The session has ended, by time or from another device. Sign in again; the vault is not touched.',
  },
  account_refused: {
    what: 'Address and password don’t match',
    next: 'Check both. For safety nobody is told which of them is wrong.',
  },
  code_wrong: {
    what: 'That code is not right, or too old',
    next: 'Check the mail that came last, or have another code sent.',
  },
  code_malformed: {
    what: 'That is not a code from our mails',
    next: 'It has eight letters and digits, such as 7KQ0-M1XZ.',
  },
  step_over: {
    what: 'That took too long, or was done already',
    next: 'If it was done already, it holds. Otherwise begin again.',
  },
  too_many_requests: {
    what: 'Too many tries',
    next: 'The service wants a pause. Try again when it is over.',
  },
  password_weak: {
    what: 'The password is easy to guess',
    next: 'Take at least 15 characters; a few words that do not belong together are best.',
  },
  too_long: {
    what: 'That is longer than what fits',
    next: 'Nothing was changed. Take a shorter one.',
  },
  email_malformed: {
    what: 'That is not an e-mail address',
    next: 'It looks like name@example.com.',
  },
  name_malformed: {
    what: 'That name can’t be used',
    next: 'Take one line of ordinary characters, not too long.',
  },
  address_malformed: {
    what: 'That is not the address of a service',
    next: 'It looks like https://account.example.com, with nothing after it.',
  },
  address_plain: {
    what: 'Without https others could read along',
    next: 'Use an address that begins with https.',
  },
  address_forbidden: {
    what: 'Nothing is ever sent to that address',
    next: 'It is of a kind that no service has.',
  },
  age_needed: {
    what: 'The question about your age comes first',
    next: 'Begin again.',
  },
  too_young: {
    what: 'No account for now',
    next: 'Everything on this computer works as before.',
  },
  out_of_memory: {
    what: 'There is not enough memory',
    next: 'Close other programs and try again.',
  },
  signed_out_here_alone: {
    what: 'The service could not be told',
    next: 'You are signed out on this computer. There the session ends by itself within 30 days, or when another device ends it.',
  },
  no_such_device: {
    what: 'That device is not signed in any more',
    next: 'Nothing was changed. Fetch the list again.',
  },
  line_malformed: {
    what: 'That is not the line from our mail',
    next: 'Copy all of the line that begins with zis_t_.',
  },
  password_wrong: {
    what: 'The password is wrong',
    next: 'Nothing was changed. Try it again.',
  },
  cancelled: { what: 'Stopped', next: 'What was finished until then is kept.' },
  internal: { what: 'Something went wrong inside', next: 'What was saved is kept. Try again; if it comes back, restart Z-Image.' },
};
