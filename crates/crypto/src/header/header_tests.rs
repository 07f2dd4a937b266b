use super::*;
use crate::{Kek, PassphraseParams, RecoveryKey};
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::from_millis(1_795_496_400_000);

fn passphrase(text: &str) -> SlotSecret {
    SlotSecret::Passphrase(Zeroizing::new(text.to_owned()))
}

fn options() -> SlotOptions {
    SlotOptions { passphrase: PassphraseParams::FOR_TESTS, backend: String::new() }
}

fn header_with(secret: &SlotSecret) -> (Header, VaultKey) {
    let key = VaultKey::random();
    let mut header = Header::create(crate::new_vault_id(), NOW, &key);
    header.add_slot(&key, secret, &options(), NOW).unwrap();
    (header, key)
}

#[test]
fn a_slot_gives_back_the_vaults_key() {
    let (header, key) = header_with(&passphrase("fifteen letters at least"));
    let read = Header::parse(&header.to_bytes(&key).unwrap()).unwrap();
    let opened = read.unlock(&passphrase("fifteen letters at least")).unwrap();
    let id = read.vault_id();
    assert_eq!(opened.header_key(&id).as_bytes(), key.header_key(&id).as_bytes());
}

#[test]
fn full_width_and_half_width_typing_open_the_same_slot() {
    let (header, key) = header_with(&passphrase("ガラスの庭ABC 123 灯籠"));
    let read = Header::parse(&header.to_bytes(&key).unwrap()).unwrap();
    assert!(read.unlock(&passphrase("ｶﾞﾗｽの庭ＡＢＣ　１２３ 灯籠")).is_ok());
    assert_eq!(read.unlock(&passphrase("ガラスの庭ABC 123 灯籠 ")).err(), Some(UnlockError::WrongSecret));
}

#[test]
fn a_recovery_key_opens_only_its_vault() {
    let code = RecoveryKey::random();
    let id = crate::new_vault_id();
    let text = code.to_text(&id).to_string();
    let (header, key) = header_with(&SlotSecret::Recovery(code));
    let read = Header::parse(&header.to_bytes(&key).unwrap()).unwrap();
    let again = RecoveryKey::parse(&text.to_lowercase().replace('-', " "), &id).unwrap();
    assert!(read.unlock(&SlotSecret::Recovery(again)).is_ok());
    assert!(RecoveryKey::parse(&text, &crate::new_vault_id()).is_err());
    assert_eq!(
        read.unlock(&SlotSecret::Recovery(RecoveryKey::random())).err(),
        Some(UnlockError::WrongSecret)
    );
}

#[test]
fn no_flipped_byte_passes_unnoticed() {
    let secret = SlotSecret::Keychain(Kek::from_bytes([7; 32]));
    let again = || SlotSecret::Keychain(Kek::from_bytes([7; 32]));
    let (header, key) = header_with(&secret);
    let bytes = header.to_bytes(&key).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let opened = Header::parse(&changed).ok().and_then(|header| header.unlock(&again()).ok());
        assert!(opened.is_none(), "byte {place}");
    }
}

#[test]
fn the_last_slot_can_not_be_removed() {
    let (mut header, _) = header_with(&passphrase("fifteen letters at least"));
    let id = header.slots().next().unwrap().id();
    assert_eq!(header.remove_slot(id), Err(SlotError::LastSlot));
}

#[test]
fn a_newer_format_is_told_from_a_damaged_one() {
    let (header, key) = header_with(&SlotSecret::Keychain(Kek::from_bytes([7; 32])));
    let text = String::from_utf8(header.to_bytes(&key).unwrap()).unwrap();
    let newer = text.replacen("v2", "v3", 1);
    assert_eq!(Header::parse(newer.as_bytes()).err(), Some(HeaderError::Newer));
    assert_eq!(Header::parse(b"not a header").err(), Some(HeaderError::Malformed));
}

fn numbers(header: &Header, key: &VaultKey) -> Vec<(u32, [u8; 32])> {
    let keys = header.catalogue_keys(key).unwrap();
    keys.iter().map(|held| (held.number, *held.key.as_bytes())).collect()
}

#[test]
fn the_catalogues_key_is_replaced_without_any_secret_of_a_person() {
    let (mut header, key) = header_with(&passphrase("fifteen letters at least"));
    let before = numbers(&header, &key);
    assert_eq!(header.draw_catalogue_key(&key).unwrap(), 2);
    let drawn_again = header.draw_catalogue_key(&key).unwrap();
    let mut read = Header::parse(&header.to_bytes(&key).unwrap()).unwrap();
    let both = numbers(&read, &key);
    assert_eq!((both.len(), both[0], both[1].0, drawn_again), (2, before[0], 2, 2));
    assert_ne!(both[0].1, both[1].1);
    read.keep_catalogue_key(2).unwrap();
    let settled = Header::parse(&read.to_bytes(&key).unwrap()).unwrap();
    assert_eq!(numbers(&settled, &key), [both[1]]);
    assert_eq!(read.keep_catalogue_key(1), Err(SlotError::NoSuchSlot));
    assert!(settled.catalogue_keys(&VaultKey::random()).is_err());
}

#[test]
fn the_next_epoch_has_the_same_catalogue_under_another_key_and_no_old_slot() {
    let (header, old) = header_with(&passphrase("fifteen letters at least"));
    let new = VaultKey::random();
    let mut next = header.next_epoch(&old, &new).unwrap();
    assert!(header.next_epoch(&new, &old).is_err());
    assert_eq!((next.epoch(), next.slots().count(), next.vault_id()), (2, 0, header.vault_id()));
    assert_eq!(numbers(&next, &new), numbers(&header, &old));
    assert!(next.catalogue_keys(&old).is_err());
    next.add_slot(&new, &passphrase("another fifteen letters"), &options(), NOW).unwrap();
    let read = Header::parse(&next.to_bytes(&new).unwrap()).unwrap();
    assert!(read.unlock(&passphrase("another fifteen letters")).is_ok());
    assert_eq!(read.unlock(&passphrase("fifteen letters at least")).err(), Some(UnlockError::WrongSecret));
}

#[test]
fn a_catalogue_key_moved_within_or_between_headers_does_not_open() {
    let (mut header, key) = header_with(&passphrase("fifteen letters at least"));
    header.draw_catalogue_key(&key).unwrap();
    let (wrapped, other) = (header.catalogue[1].clone(), header.catalogue[0].number);
    header.catalogue = vec![WrappedKey { number: other, ..wrapped.clone() }];
    assert_eq!(header.catalogue_keys(&key).err(), Some(SlotError::Tampered));
    let mut stranger = Header::create(crate::new_vault_id(), NOW, &key);
    stranger.catalogue = vec![wrapped];
    assert_eq!(stranger.catalogue_keys(&key).err(), Some(SlotError::Tampered));
}
