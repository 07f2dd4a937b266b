//! The account as long as one vault is open: which service, where the session is kept, and requests that end with a lock.

use std::sync::{Arc, Mutex, PoisonError};

use account::{Account, AccountError, HOSTED, Keeping, Known, Service, Shelf, Standing};
use egress::{Gateway, Origin, OriginError, Reach, Route};
use keychain::Item;
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;
use tokio::sync::watch;
use vault::Vault;
use wire::ServerKey;
use zeroize::Zeroizing;

use crate::account::codes::of_origin;
use crate::account::steps::Steps;
use crate::network::VaultLedger;
use crate::state::lock;
use crate::{Code, Confirm, Failure, Studio, Topic};

/// Under this name the vault keeps [`Choice`].
const CHOICE: &str = "account";
/// Under this name it keeps the session where there is no keychain.
const SESSION: &str = "account_session";

/// What belongs to one opening of the vault.
pub(crate) struct Online {
    /// Made when it is first needed: that asks the keychain.
    account: Mutex<Option<Arc<Account>>>,
    pub steps: Mutex<Steps>,
    ended: watch::Sender<bool>,
}

impl Online {
    pub(crate) fn new() -> Arc<Self> {
        let (ended, _) = watch::channel(false);
        Arc::new(Self { account: Mutex::default(), steps: Mutex::default(), ended })
    }

    /// What is on its way comes back at once, and nothing new goes.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
        *lock(&self.steps) = Steps::default();
    }
}

/// What the vault keeps of the account: which service, and whether somebody stays signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Choice {
    /// Address of a service that the person runs or trusts; the hosted one without.
    pub address: Option<String>,
    /// Its key, as it was first met: hexadecimal.
    pub key: Option<String>,
    /// Where the session is kept.
    pub kept: Option<Place>,
}

/// A place for the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The computer's keychain.
    Keychain,
    /// The vault itself.
    Vault,
}

impl Choice {
    pub(crate) fn of(vault: &Vault) -> Result<Self, Failure> {
        let text = vault.choice(CHOICE)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    fn keep(&self, vault: &Vault) -> Result<(), Failure> {
        let text = serde_json::to_string(self).map_err(|_| Code::Internal)?;
        Ok(vault.choose(CHOICE, Some(&text))?)
    }

    /// The service that was chosen.
    pub(crate) fn origin(&self) -> Result<Origin, OriginError> {
        let address = self.address.as_deref().unwrap_or(HOSTED);
        Origin::parse(address, named_reach(address))
    }

    fn known(&self) -> Known {
        let hosted = account::HOSTED_KEY.filter(|_| self.address.is_none());
        let met = || self.key.as_deref().and_then(key_of);
        hosted.map(ServerKey::from_bytes).or_else(met).map_or(Known::NotYet, Known::By)
    }
}

/// How far away a name may lead, where it does not say so itself: names that only a home or an office knows lead into its
/// own network.
pub(crate) fn named_reach(address: &str) -> Reach {
    // The host as it is asked for: small letters, and what looks like a dot is one.
    let Ok(origin) = Origin::parse(address, Reach::Internet) else { return Reach::Internet };
    let host = origin.host().trim_end_matches('.');
    let near = [".local", ".lan", ".home.arpa", ".internal"].iter().any(|ending| host.ends_with(ending));
    if near || !host.contains('.') { Reach::Network } else { Reach::Internet }
}

fn key_of(text: &str) -> Option<ServerKey> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(ServerKey::from_bytes(bytes))
}

/// The vault itself as the place of the session. It does not hold the vault.
struct InVault(std::sync::Weak<Vault>);

impl Shelf for InVault {
    fn load(&self) -> Option<Zeroizing<Vec<u8>>> {
        let text = self.0.upgrade()?.choice(SESSION).ok()??;
        Some(Zeroizing::new(text.into_bytes()))
    }

    fn save(&self, bytes: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        self.0.upgrade().is_some_and(|vault| vault.choose(SESSION, Some(text)).is_ok())
    }

    fn clear(&self) {
        if let Some(vault) = self.0.upgrade() {
            // What is left opens nothing once the service knows of the end.
            let _ = vault.choose(SESSION, None);
        }
    }
}

impl Studio {
    /// What belongs to this opening of the vault.
    pub(crate) fn online(&self) -> Result<Arc<Online>, Failure> {
        let open = self.inner.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| Arc::clone(&open.online)).ok_or_else(|| Code::Locked.into())
    }

    /// Where a session is kept that is to outlive the program: in the keychain, or in the vault where there is none.
    pub(crate) fn keeping(&self, vault: &Arc<Vault>, place: Option<Place>) -> Keeping {
        match place {
            Some(Place::Keychain) => {
                Keeping::Keychain(self.inner.keychain.clone(), Item::session(&vault.id()))
            }
            Some(Place::Vault) => Keeping::Shelf(Arc::new(InVault(Arc::downgrade(vault)))),
            None => Keeping::Memory,
        }
    }

    /// The account of the open vault. The vault is not held while the keychain is asked: a lock may come meanwhile.
    pub(crate) fn account_of(&self, online: &Online) -> Result<Arc<Account>, Failure> {
        let mut made = lock(&online.account);
        if let Some(account) = made.as_ref() {
            return Ok(Arc::clone(account));
        }
        let (service, ledger, keeping) = {
            let vault = self.vault()?;
            let choice = Choice::of(&vault)?;
            let origin = choice.origin().map_err(of_origin)?;
            let ledger = VaultLedger { vault: Arc::downgrade(&vault), tell: Arc::clone(&self.inner.tell) };
            (Service { origin, known: choice.known() }, ledger, self.keeping(&vault, choice.kept))
        };
        let gateway = Gateway::new(Arc::new(ledger), Arc::clone(&self.inner.clock), Route::System);
        let account = Account::new(Arc::new(gateway), service, keeping);
        Ok(Arc::clone(made.insert(Arc::new(account))))
    }

    /// Asks the service something. A lock or a change of the service ends it at once and does not wait for it; what was
    /// learned of the service is kept. `online` is what the steps belong to that this is part of.
    pub(crate) fn ask<T>(
        &self,
        online: &Arc<Online>,
        work: impl AsyncFnOnce(&Account) -> Result<T, AccountError>,
    ) -> Result<Result<T, AccountError>, Failure> {
        let account = self.account_of(online)?;
        // Nothing of it outlives the request: no thread, no connection.
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|_| Code::Internal)?;
        let answer = runtime.block_on(async {
            let mut ended = online.ended.subscribe();
            tokio::select! {
                biased;
                _ = ended.wait_for(|ended| *ended) => None,
                answer = work(&account) => Some(answer),
            }
        });
        // The system may be asking for a name yet, and can't be interrupted.
        runtime.shutdown_background();
        let Some(answer) = answer.filter(|_| self.is_here(online)) else {
            return Err(if self.vault().is_ok() { Code::Cancelled } else { Code::Locked }.into());
        };
        self.learn(&account, answer.as_ref().err().copied())?;
        if let Err(AccountError::TooMany(seconds)) = &answer {
            lock(&online.steps).wait(*seconds);
        }
        self.tell_changed(&[Topic::Account]);
        Ok(answer)
    }

    /// Neither was the vault locked since, nor another service chosen.
    fn is_here(&self, online: &Arc<Online>) -> bool {
        self.online().is_ok_and(|now| Arc::ptr_eq(&now, online))
    }

    /// Keeps which service it was, and that nobody is signed in any more.
    fn learn(&self, account: &Account, error: Option<AccountError>) -> Result<(), Failure> {
        let vault = self.vault()?;
        let before = Choice::of(&vault)?;
        let mut now = before.clone();
        if let Some(key) = account.server_key() {
            now.key = Some(key.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        if error == Some(AccountError::SignedOut) {
            now.kept = None;
        }
        if now == before { Ok(()) } else { now.keep(&vault) }
    }

    /// From now on the session is kept here, or nowhere.
    pub(crate) fn note_kept(&self, place: Option<Place>) -> Result<(), Failure> {
        let vault = self.vault()?;
        Choice { kept: place, ..Choice::of(&vault)? }.keep(&vault)
    }

    /// Another service; whoever was signed in at the one before is signed out on this computer. Nothing that is under way
    /// with the one before goes on with this.
    pub(crate) fn choose_service(&self, address: Option<String>) -> Result<(), Failure> {
        let online = self.online()?;
        let choice = Choice { address, ..Choice::default() };
        let origin = choice.origin().map_err(of_origin)?;
        // Else whatever runs in the page could have what is typed next be registered somewhere else.
        self.confirmed(Confirm::UseService(origin.to_string()))?;
        if self.account_of(&online)?.standing() == Standing::SignedIn {
            // Whether the service before hears of it or not.
            let _ = self.ask(&online, async |account| account.sign_out().await)?;
        }
        {
            let mut open = self.inner.open.write().unwrap_or_else(PoisonError::into_inner);
            let open =
                open.as_mut().filter(|open| Arc::ptr_eq(&open.online, &online)).ok_or(Code::Cancelled)?;
            choice.keep(&open.vault)?;
            open.online = Online::new();
        }
        online.end();
        self.tell_changed(&[Topic::Account]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_home_or_an_office_lead_into_its_own_network() {
        for near in [
            "https://nas",
            "https://NAS.LAN",
            "https://nas.local:8470",
            "https://account.lan/",
            "https://a.home.arpa",
        ] {
            assert_eq!(named_reach(near), Reach::Network, "{near}");
        }
        for far in [HOSTED, "https://account.example.com:8470", "https:\\\\evil.com", "https://evil。com"] {
            assert_eq!(named_reach(far), Reach::Internet, "{far}");
        }
    }

    #[test]
    fn what_was_kept_of_another_form_is_nothing() {
        assert!(key_of(&"ab".repeat(32)).is_some());
        for other in ["", "ab", &"zz".repeat(32), &"あ".repeat(32)] {
            assert!(key_of(other).is_none(), "{other}");
        }
    }
}
