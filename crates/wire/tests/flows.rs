//! Whole registrations and sign-ins, and what must not come of them.

use proptest::prelude::*;
use wire::client::{Registering, SignedIn, SigningIn};
use wire::server::{self, ServerSecret};
use wire::{Id, Password, Purpose, SessionKey, Stretching, WireError};

struct Account {
    secret: ServerSecret,
    credential: Id,
    record: Vec<u8>,
}

fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}

impl Account {
    fn with(text: &str) -> Self {
        let (secret, credential) = (ServerSecret::random(), Id::random());
        let (client, request) = Registering::start(&password(text)).unwrap();
        let answer = secret.register(&request, &credential).unwrap();
        let (upload, key) = client.finish(&password(text), &answer, Stretching::V1).unwrap();
        assert_eq!((request.len(), answer.len(), upload.len()), (32, 64, 192));
        assert_eq!(key, secret.key());
        Self { secret, credential, record: server::record(&upload).unwrap() }
    }

    /// Signs in up to the client's proof; `asked` and `meant` are the purposes at the two ends.
    fn prove(&self, typed: &str, asked: Purpose, meant: Purpose) -> Result<(Vec<u8>, SignedIn), WireError> {
        let (client, ke1) = SigningIn::start(&password(typed)).unwrap();
        let (state, ke2) = self.secret.begin(Some(&self.record), &self.credential, &ke1, asked).unwrap();
        assert_eq!((ke1.len(), ke2.len()), (96, 320));
        let signed = client.finish(&password(typed), &ke2, Stretching::V1, meant)?;
        Ok((state.to_vec(), signed))
    }

    fn sign_in(&self, typed: &str) -> Result<(SessionKey, SessionKey), WireError> {
        let (state, signed) = self.prove(typed, Purpose::Login, Purpose::Login)?;
        assert_eq!(signed.server, self.secret.key());
        let (purpose, key) = server::finish(&state, &signed.ke3)?;
        assert_eq!(purpose, Purpose::Login);
        Ok((key, signed.key))
    }
}

#[test]
fn both_ends_have_one_key_after_a_sign_in_and_it_seals_one_message() {
    let account = Account::with("夜明けの灯台 と 青い鳥 1234");
    let (ours, theirs) = account.sign_in("夜明けの灯台　と　青い鳥　１２３４").unwrap();
    let sealed = wire::seal(ours, Purpose::Login, b"a token".to_vec());
    assert_eq!(wire::open(&theirs, Purpose::Login, sealed.clone()).unwrap().as_slice(), b"a token");
    assert_eq!(wire::open(&theirs, Purpose::Export, sealed.clone()), Err(WireError::Refused));
    let (_, strange) = account.sign_in("夜明けの灯台 と 青い鳥 1234").unwrap();
    assert_eq!(wire::open(&strange, Purpose::Login, sealed.clone()), Err(WireError::Refused));
    for at in 0..sealed.len() {
        let mut hurt = sealed.clone();
        hurt[at] ^= 1;
        assert_eq!(wire::open(&theirs, Purpose::Login, hurt), Err(WireError::Refused));
    }
}

#[test]
fn a_wrong_password_another_account_and_none_are_refused_alike() {
    let (account, other) = (Account::with("a password of this account"), Account::with("of another account"));
    let refused =
        |result: Result<(Vec<u8>, SignedIn), WireError>| assert_eq!(result.err(), Some(WireError::Refused));
    refused(account.prove("a password of this account ", Purpose::Login, Purpose::Login));
    refused(other.prove("a password of this account", Purpose::Login, Purpose::Login));
    let (client, ke1) = SigningIn::start(&password("anything at all")).unwrap();
    let (_, ke2) = account.secret.begin(None, &Id::random(), &ke1, Purpose::Login).unwrap();
    assert_eq!(ke2.len(), 320);
    let ended = client.finish(&password("anything at all"), &ke2, Stretching::V1, Purpose::Login);
    assert_eq!(ended.err(), Some(WireError::Refused));
}

#[test]
fn a_proof_for_one_purpose_is_worth_nothing_for_another() {
    let account = Account::with("a password of this account");
    let text = "a password of this account";
    let other = |asked: Purpose| Purpose::ALL.into_iter().find(|purpose| *purpose != asked).unwrap();
    for asked in Purpose::ALL {
        // The client finds it out …
        assert!(account.prove(text, asked, other(asked)).is_err());
        // … and the service tells what was begun, whatever is asked of it later.
        let (mut state, signed) = account.prove(text, asked, asked).unwrap();
        assert_eq!(server::finish(&state, &signed.ke3).unwrap().0, asked);
        state[0] = 0;
        assert_eq!(server::finish(&state, &signed.ke3).err(), Some(WireError::Malformed));
    }
}

#[test]
fn a_proof_is_of_one_sign_in_alone() {
    let account = Account::with("a password of this account");
    let text = "a password of this account";
    let (first, signed) = account.prove(text, Purpose::Login, Purpose::Login).unwrap();
    let (second, _) = account.prove(text, Purpose::Login, Purpose::Login).unwrap();
    assert!(server::finish(&first, &signed.ke3).is_ok());
    assert_eq!(server::finish(&second, &signed.ke3).err(), Some(WireError::Refused));
}

#[test]
fn a_service_without_the_secret_is_not_taken_for_the_one_that_has_it() {
    let account = Account::with("a password of this account");
    let thief = Account { secret: ServerSecret::random(), ..account };
    assert!(thief.sign_in("a password of this account").is_err());
}

#[test]
fn no_message_of_the_wrong_length_or_off_the_curve_is_taken() {
    let secret = ServerSecret::random();
    let id = Id::random();
    for bytes in [vec![], vec![0; 31], vec![0xff; 32], vec![0; 32], vec![1; 33]] {
        assert_eq!(secret.register(&bytes, &id), Err(WireError::Malformed));
    }
    for bytes in [vec![], vec![0; 96], vec![0xff; 96], vec![0; 95], vec![0; 97]] {
        assert!(secret.begin(None, &id, &bytes, Purpose::Login).is_err());
    }
    for bytes in [vec![], vec![0xff; 192], vec![0; 191], vec![0; 193]] {
        assert!(server::record(&bytes).is_err());
    }
    assert!(server::finish(&[], &[0; 64]).is_err());
    assert!(ServerSecret::from_bytes(&[0; 128]).is_err());
}

#[test]
fn a_suite_that_is_not_in_the_table_is_newer_and_nothing_is_run() {
    for (suite, ksf) in [(0, 1), (2, 1), (1, 0), (1, 2), (255, 255)] {
        assert_eq!(Stretching::asked(suite, ksf), Err(WireError::Newer));
    }
    assert_eq!(Stretching::asked(wire::SUITE, Stretching::V1.id()), Ok(Stretching::V1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_password_signs_in_and_no_other_does(right in "\\PC{1,60}", wrong in "\\PC{1,60}") {
        let account = Account::with(&right);
        prop_assert!(account.sign_in(&right).is_ok());
        let same = Password::new(&right).map(|p| format!("{p:?}")) == Password::new(&wrong).map(|p| format!("{p:?}"))
            && crypto::normalised(&right) == crypto::normalised(&wrong);
        prop_assert_eq!(account.sign_in(&wrong).is_ok(), same);
    }
}
