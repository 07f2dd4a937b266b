//! Accounts, written straight into the tables: rows as the service writes them, addresses that it finds again.

use std::path::Path;

use anyhow::{Context, Result};
use model::{Clock, SystemClock};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use rusqlite::{Connection, params};
use server::keys::{Digests, Keys, Seals};
use server::store::Store;
use wire::client::Registering;
use wire::{Email, Id, Password, SUITE, Stretching};

use super::opaque::{PASSWORD, register};

/// Accounts whose password can be proved: all of the smaller database, the first ones of the larger.
pub const REAL: usize = 1000;
/// The one account whose record was made as the program makes it, with the stretching.
pub const STRETCHED: usize = 0;

const ACCOUNT: &str =
    "INSERT INTO account (id, email_idx, email_enc, locale, created_day, age_min_attested, notice_version)
     VALUES (?1, ?2, ?3, 'ja', ?4, 16, '2026-11')";
const CREDENTIAL: &str =
    "INSERT INTO credential (cred_id, account_id, suite, ksf_id, setup_id, record, created_day)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const COPY_ACCOUNTS: &str =
    "COPY account (id, email_idx, email_enc, locale, created_day, age_min_attested, notice_version)
     FROM STDIN BINARY";
const COPY_CREDENTIALS: &str =
    "COPY credential (cred_id, account_id, suite, ksf_id, setup_id, record, created_day) FROM STDIN BINARY";

/// The service's secrets, and the records of the accounts whose password can be proved.
pub struct People {
    /// The text of the key file.
    pub keys: String,
    opened: Keys,
    /// By the account's number: its credential and its record.
    real: Vec<(Id, Vec<u8>)>,
    today: i64,
}

/// What of an account differs from another.
struct Person {
    id: Id,
    email_idx: [u8; 32],
    email_enc: Vec<u8>,
}

/// The address of an account by its number.
pub fn email(number: usize) -> Result<Email> {
    Email::new(&format!("person.{number}@example.org")).ok().context("no address")
}

impl People {
    /// Draws secrets and registers the passwords.
    pub fn new() -> Result<Self> {
        let keys = Keys::draw().to_string();
        let opened = Keys::parse(&keys)?;
        let mut real = Vec::with_capacity(REAL);
        for number in 0..REAL {
            let credential = Id::random();
            let record = if number == STRETCHED {
                stretched(&opened, &credential)?
            } else {
                register(&opened, &credential)?
            };
            real.push((credential, record));
        }
        let today = SystemClock.now().millis() / 86_400_000;
        Ok(Self { keys, opened, real, today })
    }

    fn person(&self, number: usize) -> Result<Person> {
        let (id, email) = (Id::random(), email(number)?);
        Ok(Person {
            id,
            email_idx: self.opened.digest(Digests::Address, &[email.index_form().as_bytes()]),
            email_enc: self.opened.seal(Seals::Person, id.as_bytes(), email.as_str().as_bytes()),
        })
    }

    /// Beyond the real ones: a credential of its own with a record of somebody else, which answers a first message with
    /// the same work and can't be proved.
    fn credential(&self, number: usize) -> Result<(Id, &[u8])> {
        match self.real.get(number) {
            Some((credential, record)) => Ok((*credential, record)),
            None => Ok((Id::random(), &self.real.last().context("no records")?.1)),
        }
    }

    /// A new SQLite file of the service with so many accounts.
    pub fn fill_sqlite(&self, path: &Path, accounts: usize) -> Result<()> {
        drop(Store::sqlite(path)?);
        let mut connection = Connection::open(path)?;
        // The service sets its own again when it opens the file.
        connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             PRAGMA cache_size = -1000000;",
        )?;
        let transaction = connection.transaction()?;
        {
            let mut account = transaction.prepare(ACCOUNT)?;
            let mut credential = transaction.prepare(CREDENTIAL)?;
            for number in 0..accounts {
                let person = self.person(number)?;
                let (id, record) = self.credential(number)?;
                let (setup, stretching) = (self.opened.newest().0, Stretching::V1.id());
                account.execute(params![
                    person.id.as_bytes(),
                    person.email_idx,
                    person.email_enc,
                    self.today
                ])?;
                credential.execute(params![
                    id.as_bytes(),
                    person.id.as_bytes(),
                    SUITE,
                    stretching,
                    setup,
                    record,
                    self.today
                ])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The same in a new PostgreSQL database.
    pub fn fill_postgres(&self, url: &str, accounts: usize) -> Result<()> {
        drop(Store::postgres(url, 1)?);
        let mut client = postgres::Client::connect(url, postgres::NoTls)?;
        // No look at the account for each credential: they are made together.
        client.batch_execute("SET session_replication_role = replica")?;
        let types = [Type::BYTEA, Type::BYTEA, Type::BYTEA, Type::TEXT, Type::INT8, Type::INT8, Type::TEXT];
        let mut writer = BinaryCopyInWriter::new(client.copy_in(COPY_ACCOUNTS)?, &types);
        let mut ids = Vec::with_capacity(accounts);
        for number in 0..accounts {
            let person = self.person(number)?;
            let (id, idx) = (person.id.as_bytes().as_slice(), person.email_idx.as_slice());
            writer.write(&[&id, &idx, &person.email_enc, &"ja", &self.today, &16_i64, &"2026-11"])?;
            ids.push(person.id);
        }
        writer.finish()?;
        let types = [Type::BYTEA, Type::BYTEA, Type::INT8, Type::INT8, Type::INT8, Type::BYTEA, Type::INT8];
        let mut writer = BinaryCopyInWriter::new(client.copy_in(COPY_CREDENTIALS)?, &types);
        let (suite, stretching) = (i64::from(SUITE), i64::from(Stretching::V1.id()));
        for (number, account) in ids.iter().enumerate() {
            let (id, record) = self.credential(number)?;
            let (id, account) = (id.as_bytes().as_slice(), account.as_bytes().as_slice());
            writer.write(&[
                &id,
                &account,
                &suite,
                &stretching,
                &self.opened.newest().0,
                &record,
                &self.today,
            ])?;
        }
        writer.finish()?;
        // What its housekeeping would do sooner or later, in the middle of the measurement.
        client.batch_execute("VACUUM ANALYZE")?;
        Ok(client.batch_execute("CHECKPOINT")?)
    }
}

/// A record as the program makes it.
fn stretched(keys: &Keys, credential: &Id) -> Result<Vec<u8>> {
    let password = Password::new(PASSWORD)?;
    let (client, request) = Registering::start(&password)?;
    let answer = keys.newest().1.register(&request, credential)?;
    let (upload, _) = client.finish(&password, &answer, Stretching::V1)?;
    Ok(wire::server::record(&upload)?)
}
