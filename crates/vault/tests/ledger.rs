//! What has left, as the vault keeps it.

use std::fs;

use model::{Purpose, Timestamp};
use vault::{Folder, LedgerIntent, LedgerOutcome, Vault};

use crate::{Home, NOW, secret};

fn intent(n: i64) -> LedgerIntent {
    LedgerIntent {
        at: Timestamp::from_millis(NOW.millis() + n),
        purpose: Purpose::Account,
        origin: "https://account.example:8443".to_owned(),
        proxy: (n % 2 == 0).then(|| "http://proxy.example:3128".to_owned()),
        fields: vec!["email".to_owned(), "ke1".to_owned()],
        sent: u64::try_from(n).unwrap(),
    }
}

#[test]
fn lines_come_back_as_they_were_written_newest_first_and_page_by_page() {
    let home = Home::new();
    let vault = home.create();
    let outcomes = [
        LedgerOutcome::Answered { status: 409, received: u64::from(u32::MAX) },
        LedgerOutcome::Failed,
        LedgerOutcome::Cancelled,
        LedgerOutcome::Open,
    ];
    for (n, outcome) in (0..).zip(outcomes) {
        let id = vault.open_ledger_line(&intent(n)).unwrap();
        vault.close_ledger_line(id, outcome).unwrap();
    }
    drop(vault);
    let vault = home.open().unwrap();
    let first = vault.ledger(None, 3).unwrap();
    let rest = vault.ledger(first.last().map(|line| line.id), 3).unwrap();
    let all: Vec<_> = first.iter().chain(&rest).collect();
    assert_eq!((first.len(), all.len()), (3, 4));
    for (n, (line, outcome)) in (0..4).rev().zip(all.into_iter().zip(outcomes.into_iter().rev())) {
        assert_eq!((&line.intent, line.outcome), (&intent(n), outcome));
    }
    let since = |n: i64| vault.ledger_counts(Timestamp::from_millis(NOW.millis() + n)).unwrap();
    assert_eq!(
        (since(0), since(3), since(4)),
        (vec![(Purpose::Account, 4)], vec![(Purpose::Account, 1)], vec![])
    );
}

#[test]
fn a_line_is_on_the_disk_before_the_request_may_go() {
    let home = Home::new();
    let vault = home.create();
    vault.open_ledger_line(&intent(1)).unwrap();
    // What a power cut at this moment leaves.
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(home.folder().root()).unwrap().flatten() {
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let found = Vault::open(&Folder::new(copy.path()), &secret()).unwrap().ledger(None, 9).unwrap();
    assert_eq!((found.len(), found[0].outcome), (1, LedgerOutcome::Open));
    vault.close_ledger_line(found[0].id, LedgerOutcome::Failed).unwrap();
    assert_eq!(vault.ledger(None, 9).unwrap()[0].outcome, LedgerOutcome::Failed);
}

#[test]
fn choices_stay_until_they_are_taken_away_and_nothing_of_them_is_in_the_clear() {
    let home = Home::new();
    let vault = home.create();
    assert_eq!(vault.choice("account").unwrap(), None);
    for value in ["first", "the second and last choice"] {
        vault.choose("account", Some(value)).unwrap();
        assert_eq!(vault.choice("account").unwrap().as_deref(), Some(value));
    }
    vault.open_ledger_line(&intent(1)).unwrap();
    vault.renew_catalogue(&mut |_| true).unwrap();
    drop(vault);
    for entry in fs::read_dir(home.folder().root()).unwrap().flatten() {
        let bytes = fs::read(entry.path()).unwrap();
        for clear in [&b"second and last"[..], b"account.example"] {
            assert!(!bytes.windows(clear.len()).any(|part| part == clear), "{:?}", entry.file_name());
        }
    }
    let vault = home.open().unwrap();
    assert_eq!(vault.choice("account").unwrap().as_deref(), Some("the second and last choice"));
    assert_eq!(vault.ledger(None, 9).unwrap().len(), 1);
    vault.choose("account", None).unwrap();
    assert_eq!(vault.choice("account").unwrap(), None);
}
