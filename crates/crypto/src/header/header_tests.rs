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
    assert_eq!(opened.catalogue_key(&id).as_bytes(), key.catalogue_key(&id).as_bytes());
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
    let newer = text.replacen("v1", "v2", 1);
    assert_eq!(Header::parse(newer.as_bytes()).err(), Some(HeaderError::Newer));
    assert_eq!(Header::parse(b"not a header").err(), Some(HeaderError::Malformed));
}
