//! What has left, as the vault keeps it.

use std::fs;

use model::{Purpose, Timestamp};
use vault::{Folder, LedgerFilter, LedgerIntent, LedgerOutcome, Vault};

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
    let first = vault.ledger(&LedgerFilter::default(), None, 3).unwrap();
    let rest = vault.ledger(&LedgerFilter::default(), first.last().map(|line| line.id), 3).unwrap();
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
    let found = Vault::open(&Folder::new(copy.path()), &secret())
        .unwrap()
        .ledger(&LedgerFilter::default(), None, 9)
        .unwrap();
    assert_eq!((found.len(), found[0].outcome), (1, LedgerOutcome::Open));
    vault.close_ledger_line(found[0].id, LedgerOutcome::Failed).unwrap();
    assert_eq!(vault.ledger(&LedgerFilter::default(), None, 9).unwrap()[0].outcome, LedgerOutcome::Failed);
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
    assert_eq!(vault.ledger(&LedgerFilter::default(), None, 9).unwrap().len(), 1);
    vault.choose("account", None).unwrap();
    assert_eq!(vault.choice("account").unwrap(), None);
}

#[test]
fn lines_are_narrowed_counted_by_day_and_taken_out() {
    let home = Home::new();
    let vault = home.create();
    let hour = 3_600_000;
    let at = |hours: i64| Timestamp::from_millis(1_795_737_600_000 + hours * hour);
    for (hours, origin, sent, received) in [
        (0, "https://a.example", 10, 1),
        (14, "https://a.example", 20, 2),
        (16, "https://b.example", 40, 4),
        (48, "https://b.example", 80, 8),
    ] {
        let line = LedgerIntent { at: at(hours), origin: origin.to_owned(), sent, ..intent(0) };
        let id = vault.open_ledger_line(&line).unwrap();
        vault.close_ledger_line(id, LedgerOutcome::Answered { status: 200, received }).unwrap();
    }
    assert_eq!(vault.ledger_origins().unwrap(), ["https://a.example", "https://b.example"]);
    assert_eq!(vault.ledger_extent().unwrap(), (4, Some(at(0))));
    let to_b = LedgerFilter { origin: Some("https://b.example".to_owned()), purpose: Some(Purpose::Account) };
    assert_eq!(vault.ledger(&to_b, None, 9).unwrap().len(), 2);
    let days = |filter: &LedgerFilter, east: i64| -> Vec<(i64, u64, u64, u64)> {
        let days = vault.ledger_days(filter, at(0), east).unwrap();
        days.into_iter().map(|day| (day.day, day.requests, day.sent, day.received)).collect()
    };
    let all = LedgerFilter::default();
    let first = at(0).millis() / (24 * hour);
    assert_eq!(days(&all, 0), [(first, 3, 70, 7), (first + 2, 1, 80, 8)]);
    // In Japan what came at three in the afternoon and later is of the next day.
    assert_eq!(days(&all, 9 * hour), [(first, 2, 30, 3), (first + 1, 1, 40, 4), (first + 2, 1, 80, 8)]);
    assert_eq!(days(&to_b, 0), [(first, 1, 40, 4), (first + 2, 1, 80, 8)]);

    assert!(!vault.is_renewal_due().unwrap());
    let waiting = vault.open_ledger_line(&LedgerIntent { at: at(1), ..intent(0) }).unwrap();
    assert_eq!(vault.clear_ledger(at(15), at(1)).unwrap(), 2);
    assert_eq!(vault.ledger_extent().unwrap(), (3, Some(at(1))), "a request that is under way has its line");
    vault.close_ledger_line(waiting, LedgerOutcome::Failed).unwrap();
    assert_eq!(vault.clear_ledger(at(16), at(1)).unwrap(), 1);
    assert_eq!(vault.ledger_extent().unwrap(), (2, Some(at(16))));
    assert!(vault.is_renewal_due().unwrap(), "what stood in them is in the file yet");
    assert_eq!(vault.clear_ledger(at(16), at(16)).unwrap(), 0);
}
