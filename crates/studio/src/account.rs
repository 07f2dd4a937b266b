//! The account: made, signed in to, looked at, changed, left. Each act is a step that the person takes; the password is
//! nowhere but in the step that needs it.

mod age;
pub(crate) mod codes;
mod entering;
mod record;
pub(crate) mod steps;

use std::sync::atomic::Ordering;
use std::time::Instant;

use account::Standing;
use egress::Reach;
use serde::Serialize;

pub use age::{Age, AgeAnswer};
pub use entering::{SignIn, WithCode};
pub use record::{AccountRecord, DeviceRow, ProfileEdit, ReceiptView, RetainedRow};
pub use steps::{CodeFor, ProofFor};

use crate::online::{Choice, Place};
use crate::state::lock;
use crate::{Code, Failure, Studio, Topic};

/// How the account stands on this computer. Nobody is asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AccountState {
    /// Which service it is with.
    pub service: ServiceInfo,
    /// Somebody is signed in, or was when it was last heard of.
    pub signed_in: bool,
    /// Where the session is kept; `null` where it ends with the program.
    pub kept: Option<Place>,
    /// What was answered on the age screen.
    pub age: Age,
    /// The code that is on its way.
    pub code: Option<CodeInfo>,
    /// What the last code that was right is for.
    pub checked: Option<CodeFor>,
    /// What the password was proved for.
    pub proved: Option<ProofFor>,
    /// The version of the privacy notice that goes with a new account.
    pub notice: Option<String>,
    /// A receipt is there to be saved.
    pub receipt: bool,
    /// Milliseconds to wait before the service is asked again.
    pub wait_ms: u32,
}

/// A code that is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct CodeInfo {
    /// What for.
    pub purpose: CodeFor,
    /// Where it was sent.
    pub email: String,
    /// Milliseconds until it is worth nothing.
    pub left_ms: u32,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ServiceInfo {
    /// Scheme, host and port.
    pub address: String,
    /// It is the hosted one.
    pub hosted: bool,
    /// How far away it is.
    pub place: ServicePlace,
    /// By which two people can compare whom they speak to; `null` before the first contact.
    pub fingerprint: Option<String>,
    /// What requests go through, as the computer is set.
    pub proxy: Option<String>,
}

/// How far away a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ServicePlace {
    /// On this computer.
    Computer,
    /// In the network that it is in.
    Network,
    /// On the internet.
    Internet,
}

impl From<Reach> for ServicePlace {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Computer => Self::Computer,
            Reach::Network => Self::Network,
            Reach::Internet => Self::Internet,
        }
    }
}

impl Studio {
    /// How the account stands.
    ///
    /// # Errors
    /// [`Code::Locked`], or when the vault can't be read.
    pub fn account(&self) -> Result<AccountState, Failure> {
        let online = self.online()?;
        let account = self.account_of(&online)?;
        let choice = Choice::of(&*self.vault()?)?;
        let origin = choice.origin().map_err(codes::of_origin)?;
        let signed_in = account.standing() == Standing::SignedIn;
        let steps = lock(&online.steps);
        let left = |until: Instant| {
            u32::try_from(until.saturating_duration_since(Instant::now()).as_millis()).unwrap_or(u32::MAX)
        };
        Ok(AccountState {
            service: ServiceInfo {
                address: origin.to_string(),
                hosted: choice.address.is_none(),
                place: origin.reach().into(),
                fingerprint: account.server_key().map(|key| key.fingerprint()),
                proxy: account.proxy(),
            },
            signed_in,
            kept: choice.kept.filter(|_| signed_in),
            age: steps.age(self.inner.too_young.load(Ordering::SeqCst)),
            code: steps.sent.as_ref().map(|sent| CodeInfo {
                purpose: sent.purpose,
                email: sent.email.as_str().to_owned(),
                left_ms: left(sent.until),
            }),
            checked: steps.checked.as_ref().map(|checked| checked.purpose),
            proved: steps.proved.as_ref().map(|(purpose, _)| *purpose),
            notice: steps.notice.as_ref().map(|version| version.as_str().to_owned()),
            receipt: steps.receipt.is_some(),
            wait_ms: steps.wait_ms(),
        })
    }

    /// Takes the answer of the age screen. What is kept of it is whether it is enough, and of who is not old enough only
    /// that, until the program ends.
    ///
    /// # Errors
    /// [`Code::BadRequest`] for what is no answer.
    pub fn answer_age(&self, answer: &AgeAnswer) -> Result<AccountState, Failure> {
        let now = self.inner.clock.now();
        if !answer.is_one(now) {
            return Err(Code::BadRequest.into());
        }
        let online = self.online()?;
        let asked = age::asked_in(&answer.country);
        if answer.has_reached(asked, now) {
            lock(&online.steps).reached = Some(asked);
        } else {
            self.inner.too_young.store(true, Ordering::SeqCst);
        }
        self.tell_changed(&[Topic::Account]);
        self.account()
    }

    /// Who said to be too young is asked for nothing more, and sends nothing.
    fn old_enough(&self) -> Result<(), Failure> {
        if self.inner.too_young.load(Ordering::SeqCst) { Err(Code::TooYoung.into()) } else { Ok(()) }
    }

    /// Another service by its address, or the hosted one.
    ///
    /// # Errors
    /// [`Code::AddressMalformed`], [`Code::AddressPlain`], [`Code::AddressForbidden`]; [`Code::Cancelled`] when the person
    /// refused.
    pub fn set_service(&self, address: Option<&str>) -> Result<AccountState, Failure> {
        let address = address.map(str::trim).filter(|address| !address.is_empty());
        self.choose_service(address.map(str::to_owned))?;
        self.account()
    }

    /// Asks the service who it is, so that its key can be compared before anything is typed.
    ///
    /// # Errors
    /// [`Code::ServiceUnreachable`] and its like.
    pub fn meet_service(&self) -> Result<AccountState, Failure> {
        self.old_enough()?;
        let online = self.online()?;
        let met = self.ask(&online, async |account| account.service().await)?;
        met.map_err(|error| codes::of(error, Code::ServiceAnswer))?;
        self.account()
    }
}
