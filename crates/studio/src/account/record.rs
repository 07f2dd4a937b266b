//! What the service holds of the person: fetched when it is looked at, never kept here.

use std::collections::HashSet;

use account::{AccountError, Standing};
use serde::{Deserialize, Serialize};
use wire::messages::{AccountView, Platform, ProfileChange, RetainedKind, SessionView};
use wire::{DeviceLabel, DisplayName, Id, Ticket};

use super::codes;
use super::steps::{CodeFor, ProofFor};
use crate::online::Online;
use crate::state::lock;
use crate::{AccountState, Code, Confirm, Failure, Language, Pick, Studio, kit};

/// Everything that the service holds of the person, besides a log for security that names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountRecord {
    /// The address.
    pub email: String,
    /// What they want to be called.
    pub display_name: Option<String>,
    /// The language of mails.
    pub locale: Language,
    /// The day on which the account was made, `YYYY-MM-DD` in UTC.
    pub created_day: String,
    /// The age that they said to have reached.
    pub age: u8,
    /// The notice that they accepted last.
    pub notice_version: String,
    /// The devices that are signed in, this one first.
    pub devices: Vec<DeviceRow>,
}

/// A device that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DeviceRow {
    /// Its name in requests.
    pub id: String,
    /// What the person calls it.
    pub label: String,
    /// `windows`, `macos` or `linux`.
    #[ts(type = "\"windows\" | \"macos\" | \"linux\"")]
    pub platform: &'static str,
    /// The day of the sign-in, `YYYY-MM-DD` in UTC.
    pub created_day: String,
    /// The day of the last use.
    pub last_used_day: String,
    /// It is this one.
    pub here: bool,
}

/// Changes of the record; what is left out stays.
#[derive(Clone, Default, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ProfileEdit {
    /// What they want to be called; empty for nothing.
    pub display_name: Option<String>,
    /// The language of mails.
    pub locale: Option<Language>,
}

/// What is left of an account that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ReceiptView {
    /// Its number.
    pub id: String,
    /// The day, `YYYY-MM-DD` in UTC.
    pub deleted_day: String,
    /// What outlives the account.
    pub retained: Vec<RetainedRow>,
    /// It is signed with the service's key.
    pub genuine: bool,
}

/// Something that outlives an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RetainedRow {
    /// `security_log` or `receipt`.
    #[ts(type = "\"security_log\" | \"receipt\"")]
    pub what: &'static str,
    /// The last day of it.
    pub until_day: String,
}

/// Whether it is a day as the service writes it: `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

impl AccountRecord {
    /// None for what no service says in earnest: days that are none, and two devices of one name.
    fn of(view: &AccountView, sessions: &[SessionView]) -> Option<Self> {
        let mut devices: Vec<DeviceRow> = sessions.iter().map(DeviceRow::of).collect();
        devices.sort_by_key(|device| !device.here);
        let ids: HashSet<&str> = devices.iter().map(|device| device.id.as_str()).collect();
        let days_of = |device: &DeviceRow| is_day(&device.created_day) && is_day(&device.last_used_day);
        let sound = ids.len() == devices.len() && devices.iter().all(days_of) && is_day(&view.created_day);
        if !sound {
            return None;
        }
        Some(Self {
            email: view.email.as_str().to_owned(),
            display_name: view.display_name.as_ref().map(|name| name.as_str().to_owned()),
            locale: match view.locale {
                wire::messages::Locale::Ja => Language::Ja,
                wire::messages::Locale::En => Language::En,
            },
            created_day: view.created_day.clone(),
            age: view.age_min_attested.into(),
            notice_version: view.notice_version.as_str().to_owned(),
            devices,
        })
    }
}

impl DeviceRow {
    fn of(session: &SessionView) -> Self {
        Self {
            id: session.id.to_string(),
            label: session.device_label.as_str().to_owned(),
            platform: match session.platform {
                Platform::Windows => "windows",
                Platform::Macos => "macos",
                Platform::Linux => "linux",
            },
            created_day: session.created_day.clone(),
            last_used_day: session.last_used_day.clone(),
            here: session.current,
        }
    }
}

impl Studio {
    /// What the service holds, as it is now.
    ///
    /// # Errors
    /// [`Code::SignedOut`] and those of the network.
    pub fn account_record(&self) -> Result<AccountRecord, Failure> {
        self.told(async |account| account.view().await)
    }

    /// Changes name and language of mails.
    ///
    /// # Errors
    /// [`Code::NameMalformed`], or as [`Studio::account_record`].
    pub fn edit_profile(&self, edit: &ProfileEdit) -> Result<AccountRecord, Failure> {
        let name = |text: &String| match text.trim() {
            "" => Ok(None),
            text => DisplayName::new(text).map(Some).map_err(|_| Code::NameMalformed),
        };
        let change = ProfileChange {
            display_name: edit.display_name.as_ref().map(name).transpose()?,
            locale: edit.locale.map(|language| match language {
                Language::Ja => wire::messages::Locale::Ja,
                Language::En => wire::messages::Locale::En,
            }),
            notice_version: None,
        };
        self.told(async move |account| account.change_profile(&change).await)
    }

    /// Names a device.
    ///
    /// # Errors
    /// [`Code::NameMalformed`], or as [`Studio::account_record`].
    pub fn name_device(&self, device: &str, label: &str) -> Result<AccountRecord, Failure> {
        let id = Id::parse(device).map_err(|_| Code::BadRequest)?;
        let label = DeviceLabel::new(label).map_err(|_| Code::NameMalformed)?;
        self.told(async move |account| {
            account.name_device(&id, label).await?;
            account.view().await
        })
    }

    /// Signs another device out, or all others.
    ///
    /// # Errors
    /// As [`Studio::account_record`].
    pub fn end_device(&self, device: Option<&str>) -> Result<AccountRecord, Failure> {
        let id = device.map(Id::parse).transpose().map_err(|_| Code::BadRequest)?;
        self.told(async move |account| {
            match &id {
                Some(id) => account.end_device(id).await?,
                None => account.end_other_devices().await?,
            }
            account.view().await
        })
    }

    /// Does something, and shows the record afterwards.
    fn told(
        &self,
        work: impl AsyncFnOnce(&account::Account) -> Result<AccountView, AccountError>,
    ) -> Result<AccountRecord, Failure> {
        let online = self.online()?;
        let answer = self.ask(&online, async move |account| {
            let view = work(account).await?;
            AccountRecord::of(&view, &account.devices().await?).ok_or(AccountError::BadAnswer)
        })?;
        answer.map_err(|error| match error {
            // Everything here is there for whoever is signed in, but for a device that is gone.
            AccountError::Gone => Code::NoSuchDevice.into(),
            error => codes::of(error, Code::SignedOut),
        })
    }

    /// Moves the account to the address whose code was right.
    ///
    /// # Errors
    /// [`Code::StepOver`] where the password was not proved for it or no code was right, or too long ago.
    pub fn move_email(&self) -> Result<AccountState, Failure> {
        let online = self.online()?;
        let (proof, address) = {
            let steps = lock(&online.steps);
            let proof = steps.proof(ProofFor::ChangeEmail).ok_or(Code::StepOver)?;
            (proof, steps.checked(&[CodeFor::ChangeEmail]).ok_or(Code::StepOver)?)
        };
        let moved = self.ask(&online, async move |account| {
            account.change_email(&proof, &address.email, &address.ticket).await
        })?;
        self.used(&online, &moved);
        moved.map_err(|error| codes::of(error, Code::StepOver))?;
        self.account()
    }

    /// Takes such a move back, with the line of the mail that went to the old address.
    ///
    /// # Errors
    /// [`Code::LineMalformed`], [`Code::StepOver`] for a line that is used or too old.
    pub fn undo_email(&self, line: &str) -> Result<AccountState, Failure> {
        let ticket = Ticket::parse(line.trim()).map_err(|_| Code::LineMalformed)?;
        let online = self.online()?;
        let undone = self.ask(&online, async move |account| account.undo_email(&ticket).await)?;
        undone.map_err(|error| codes::of(error, Code::StepOver))?;
        // It ended every session, perhaps this one too: who is signed in is shown so.
        let _ = self.ask(&online, async |account| account.view().await)?;
        self.account()
    }

    /// Writes every row that the service has into a file, where the person wants it; `false` when the dialog was closed.
    ///
    /// # Errors
    /// [`Code::StepOver`] where the password was not proved for it; or when the file can't be written.
    pub fn save_account(&self) -> Result<bool, Failure> {
        let online = self.online()?;
        let ticket = lock(&online.steps).proof(ProofFor::Export).ok_or(Code::StepOver)?;
        let name = format!("z-image-account-{}.json", self.inner.clock.now().compact());
        let Some(path) = self.pick_file(name) else { return Ok(false) };
        let rows = self.ask(&online, async move |account| account.export(&ticket).await)?;
        self.used(&online, &rows);
        let rows = rows.map_err(|error| codes::of(error, Code::StepOver))?;
        let rows: serde_json::Value = serde_json::from_slice(&rows).map_err(|_| Code::ServiceAnswer)?;
        let text = serde_json::to_string_pretty(&rows).map_err(|_| Code::Internal)?;
        kit::write(&path, &text).map_err(|error| Code::from(error.kind()))?;
        Ok(true)
    }

    /// Deletes the account at the service. The vault and everything in it stay.
    ///
    /// # Errors
    /// [`Code::StepOver`] where neither the password was proved for it nor a code was right; [`Code::Cancelled`].
    pub fn delete_account(&self) -> Result<ReceiptView, Failure> {
        let online = self.online()?;
        let ticket = {
            let steps = lock(&online.steps);
            let by_mail = || steps.checked(&[CodeFor::DeleteAccount]).map(|checked| checked.ticket);
            steps.proof(ProofFor::DeleteAccount).or_else(by_mail).ok_or(Code::StepOver)?
        };
        self.confirmed(Confirm::DeleteAccount)?;
        let deleted = self.ask(&online, async move |account| account.delete(&ticket).await)?;
        self.used(&online, &deleted);
        let deleted = deleted.map_err(|error| codes::of(error, Code::StepOver))?;
        if self.account_of(&online)?.standing() == Standing::SignedOut {
            self.note_kept(None)?;
        }
        // With the key, so that it can be verified by others, too.
        let file = serde_json::json!({ "receipt": deleted.receipt, "receipt_key": deleted.key });
        lock(&online.steps).receipt = serde_json::to_vec_pretty(&file).ok();
        let mut days = deleted.receipt.retained.iter().map(|kept| &kept.until_day);
        let days = days.all(|day| is_day(day)) && is_day(&deleted.receipt.deleted_day);
        let retained = deleted.receipt.retained.iter().filter(|_| days).map(|kept| RetainedRow {
            what: match kept.what {
                RetainedKind::SecurityLog => "security_log",
                RetainedKind::Receipt => "receipt",
            },
            until_day: kept.until_day.clone(),
        });
        Ok(ReceiptView {
            id: deleted.receipt.receipt_id.to_string(),
            deleted_day: deleted.receipt.deleted_day.clone(),
            retained: retained.collect(),
            genuine: deleted.genuine && days,
        })
    }

    /// Tickets that were used, or refused, are dropped; those whose request did not arrive are good for another try.
    fn used<T>(&self, online: &Online, answer: &Result<T, AccountError>) {
        if matches!(answer, Ok(_) | Err(AccountError::Refused)) {
            lock(&online.steps).used();
        }
    }

    /// Writes the receipt into a file, where the person wants it; `false` when the dialog was closed.
    ///
    /// # Errors
    /// [`Code::Nothing`] when there is none; or when the file can't be written.
    pub fn save_receipt(&self) -> Result<bool, Failure> {
        let online = self.online()?;
        let receipt = lock(&online.steps).receipt.clone().ok_or(Code::Nothing)?;
        let Some(path) = self.pick_file("z-image-account-receipt.json".to_owned()) else { return Ok(false) };
        let text = String::from_utf8(receipt).map_err(|_| Code::Internal)?;
        kit::write(&path, &text).map_err(|error| Code::from(error.kind()))?;
        Ok(true)
    }

    /// Where the person wants a file; nothing when the dialog was closed or the vault locked meanwhile.
    pub(crate) fn pick_file(&self, name: String) -> Option<std::path::PathBuf> {
        let (save, since) = (Pick::Save { name, plain: true }, self.locks());
        let path = self.inner.host.pick(&save, self.settings().language).into_iter().next()?;
        (self.locks() == since).then_some(path)
    }
}
