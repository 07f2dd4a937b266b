//! A session in a real keyring: kept where the person wants it, and nowhere else.

use account::{Account, AccountError, Keeping, Standing};
use keychain::{Item, Keychain, KeychainError};
use model::VaultId;
use testkit::inside::inside;
use testkit::keyring::KeyringSession;
use wire::DeviceLabel;

use crate::world::World;
use crate::{hana, password, register};

/// The session's name there.
fn item() -> Item {
    Item::session(&VaultId::from_bytes([7; 16]))
}

/// What lies in the keyring.
fn record(keychain: &Keychain) -> Option<Vec<u8>> {
    match keychain.kept(&item()) {
        Ok(all) => {
            assert_eq!(all.len(), 1);
            Some(all[0].to_vec())
        }
        Err(KeychainError::Missing) => None,
        Err(error) => panic!("{error}"),
    }
}

fn kept(world: &World, keychain: &Keychain) -> Account {
    world.keeping_account(Keeping::Keychain(keychain.clone(), item()))
}

async fn sign_in(account: &Account, keeping: Keeping) {
    let label = DeviceLabel::new("Linux desktop").ok();
    account.sign_in(&hana(), &password(), label, keeping).await.unwrap();
}

#[test]
fn a_kept_session_goes_on_in_the_next_program_and_in_the_one_after_that() {
    inside(KeyringSession::start, || {
        let (world, keychain) = (World::new(), Keychain::start());
        assert_eq!(keychain.backend().as_deref(), Some("gnome-keyring"));
        world.block_on(async {
            let first = kept(&world, &keychain);
            register(&world, &first).await;
            assert_eq!(record(&keychain), None, "a registration keeps nothing");
            sign_in(&first, Keeping::Keychain(keychain.clone(), item())).await;
            let before = record(&keychain).unwrap();
            drop(first);
            // Each renews it with what the one before has left, long after the old token's last minute.
            let mut records = vec![before];
            for _ in 0..3 {
                world.pass(3600);
                let next = kept(&world, &Keychain::start());
                assert_eq!(next.standing(), Standing::SignedIn);
                assert_eq!(next.server_key(), Some(world.server_key()), "the service is not known again");
                assert_eq!(next.view().await.unwrap().email, hana());
                let record = record(&keychain).unwrap();
                assert!(!records.contains(&record), "an old token is kept");
                records.push(record);
            }
            assert_eq!(kept(&world, &keychain).devices().await.unwrap().len(), 1, "another device each time");
        });
    });
}

#[test]
fn a_session_in_memory_leaves_nothing_and_takes_the_record_of_the_one_before_along() {
    inside(KeyringSession::start, || {
        let (world, keychain) = (World::new(), Keychain::start());
        world.block_on(async {
            let account = kept(&world, &keychain);
            register(&world, &account).await;
            sign_in(&account, Keeping::Memory).await;
            assert_eq!(record(&keychain), None);
            assert_eq!(account.standing(), Standing::SignedIn);
            // A renewal keeps nothing either.
            world.pass(1000);
            account.view().await.unwrap();
            assert_eq!(record(&keychain), None);
            let next = kept(&world, &keychain);
            assert_eq!(next.standing(), Standing::SignedOut);
            assert_eq!(next.view().await.err(), Some(AccountError::SignedOut));
            // Kept once, and then not any more.
            sign_in(&next, Keeping::Keychain(keychain.clone(), item())).await;
            assert!(record(&keychain).is_some());
            sign_in(&next, Keeping::Memory).await;
            assert_eq!(record(&keychain), None, "the session before is kept yet");
            assert_eq!(kept(&world, &keychain).standing(), Standing::SignedOut);
        });
    });
}

#[test]
fn a_sign_out_and_a_session_that_ended_elsewhere_leave_no_record() {
    inside(KeyringSession::start, || {
        let (world, keychain) = (World::new(), Keychain::start());
        world.block_on(async {
            let account = kept(&world, &keychain);
            register(&world, &account).await;
            sign_in(&account, Keeping::Keychain(keychain.clone(), item())).await;
            assert!(record(&keychain).is_some());
            account.sign_out().await.unwrap();
            assert_eq!(record(&keychain), None);
            assert_eq!(kept(&world, &keychain).standing(), Standing::SignedOut);
            // Another device ends it: at the next contact it goes.
            sign_in(&account, Keeping::Keychain(keychain.clone(), item())).await;
            let other = world.keeping_account(Keeping::Memory);
            sign_in(&other, Keeping::Memory).await;
            other.end_other_devices().await.unwrap();
            let next = kept(&world, &keychain);
            assert_eq!(next.standing(), Standing::SignedIn, "nobody has told it yet");
            assert_eq!(next.view().await.err(), Some(AccountError::SignedOut));
            assert_eq!(record(&keychain), None);
            // Without the service too a sign-out is one here.
            sign_in(&account, Keeping::Keychain(keychain.clone(), item())).await;
            world.stop();
            assert_eq!(account.sign_out().await, Err(AccountError::Offline));
            assert_eq!(record(&keychain), None);
        });
    });
}

#[test]
fn a_record_of_another_service_is_not_sent_to_this_one() {
    inside(KeyringSession::start, || {
        let (here, there, keychain) = (World::new(), World::new(), Keychain::start());
        here.block_on(async {
            let account = kept(&here, &keychain);
            register(&here, &account).await;
            sign_in(&account, Keeping::Keychain(keychain.clone(), item())).await;
        });
        there.block_on(async {
            let account = kept(&there, &keychain);
            assert_eq!(account.standing(), Standing::SignedOut);
            assert_eq!(account.server_key(), None);
            assert_eq!(account.view().await.err(), Some(AccountError::SignedOut));
        });
        assert!(there.lines().is_empty(), "something was sent");
        assert!(record(&keychain).is_some());
    });
}
