//! Bytes of our own that must stay what they are: records and secrets that a service keeps outlive its versions.

use wire::client::SigningIn;
use wire::messages::{Receipt, Retained, RetainedKind};
use wire::server::{self, ServerSecret};
use wire::{AccessToken, Id, Password, Purpose, ServerKey, Stretching};

#[test]
fn a_token_is_known_by_the_same_digest_for_ever() {
    let token = AccessToken::parse("zis_a_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
    assert_eq!(
        hex::encode(token.hash().0),
        "b6b6e6e12d08a1cee07a328ef5dcc48c16f457126ebc2e0a33ad0abaa120d6e6"
    );
}

#[test]
fn a_fingerprint_is_read_out_the_same_for_ever() {
    assert_eq!(ServerKey::from_bytes([7; 32]).fingerprint(), "4bb06 f8e4e 3a771 5d201 d573d 0aa42");
}

#[test]
fn what_a_receipt_is_signed_over_stays() {
    let kept = [
        Retained { what: RetainedKind::SecurityLog, until_day: "2026-12-27".to_owned() },
        Retained { what: RetainedKind::Receipt, until_day: "2036-11-27".to_owned() },
    ];
    let signed = Receipt::signed(&Id::from_bytes([1; 16]), "2026-11-27", &kept);
    assert_eq!(
        String::from_utf8(signed).unwrap(),
        "zimg-acct/1|receipt\nAQEBAQEBAQEBAQEBAQEBAQ\n2026-11-27\nsecurity_log 2026-12-27\nreceipt 2036-11-27\n"
    );
}

/// A service's secret and an account's record as the first version kept them.
const SECRET: &str = concat!(
    "7473d95630e208a86f545a35edd9e9212c173847b74b40b6ca489430b4b820afc1fa6fa6d7716b0b0e413b3ee10a5487",
    "edd12b9df8405b1de03f2c44146daad07a1f3277b0d1a4a91b77c712a50c2b55de937e67e0f3613903091c99f46fea01",
    "a6fbe479f889637377244aadb6c9e2d144941406a8c5d911177048a9549e1138",
);
const CREDENTIAL: [u8; 16] = *b"frozen for ever!";
const RECORD: &str = concat!(
    "d61c32281c82b69109be7c161a05cca9fb543d0f7733a58584b6db753701a13b3c2b0df367960d4376de1e914c0c4385",
    "1e9ae81739a307a4c55d62fb68973ac91afc6d4b543cc45cf51008c4629dfada5e976ffab7d524099d1401b56bcddb44",
    "8a1c2fe29d2f24e57fc31bae82842de2d549b004f1cf4f7c5b1b2103f372afe5958a93fe5cdec2b6e10754282c2d1e01",
    "4e8b8924efcda03e969f540d6a46e73ec92e5be9e130ab9b1ec2a1b24af892957466848077b056832c986ec691017aaf",
);

#[test]
fn a_record_of_the_first_version_is_signed_in_to() {
    let secret = ServerSecret::from_bytes(&hex::decode(SECRET).unwrap()).unwrap();
    let (credential, record) = (Id::from_bytes(CREDENTIAL), hex::decode(RECORD).unwrap());
    let password = Password::new("夜明けの灯台 と 青い鳥").unwrap();
    let (client, ke1) = SigningIn::start(&password).unwrap();
    let (state, ke2) = secret.begin(Some(&record), &credential, &ke1, Purpose::Login).unwrap();
    let signed = client.finish(&password, &ke2, Stretching::V1, Purpose::Login).unwrap();
    let (_, key) = server::finish(&state, &signed.ke3).unwrap();
    let sealed = wire::seal(key, Purpose::Login, b"token".to_vec());
    assert_eq!(wire::open(&signed.key, Purpose::Login, sealed).unwrap().as_slice(), b"token");
}
