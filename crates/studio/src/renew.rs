//! New keys: after erasing, on request, and when the vault's key itself is to be replaced.

use crypto::{Kek, SlotKind, SlotOptions, SlotSecret};
use model::VaultId;
use transfer::Progress;
use vault::{NewSlot, SlotView, Vault};
use zeroize::Zeroizing;

use crate::host::Confirm;
use crate::jobs::report::Ended;
use crate::open::fitting;
use crate::state::lock;
use crate::{Code, Failure, JobId, JobKind, RecoverySheet, Report, Studio};

/// Steps of a renewal's progress.
const STEPS: usize = 1000;

/// The keychain's key that opens the vault, and the one that will.
struct Exchange {
    held: Kek,
    fresh: Kek,
}

impl Studio {
    /// Does what erasing left to do: the catalogue is written anew where something was erased since the last time or a
    /// renewal was interrupted; where only the space of the pictures was not given back yet, that is.
    pub(crate) fn renew_when_due(&self) {
        if !self.inner.config.renews {
            return;
        }
        let due = self.vault().map(|vault| (vault.is_renewal_due(), vault.space()));
        // Where it can't start now, the next opening does it.
        let _ = match due {
            Ok((Ok(true), _)) => self.start_renewal().map(drop),
            Ok((Ok(false), Ok(space))) if space.images_free > 0 => self.start_giving_back().map(drop),
            _ => Ok(()),
        };
    }

    fn start_giving_back(&self) -> Result<JobId, Failure> {
        self.start_job(JobKind::Renew, String::new(), |vault, watch| {
            let mut all = 0;
            // A lock ends it after a step; the next opening goes on.
            let mut going = true;
            let given = vault.give_space_back(&mut |left| {
                let total = usize::try_from(left).unwrap_or(usize::MAX);
                all = all.max(total);
                going = watch(Progress { done: all - total, total: all, ..Progress::default() });
                going
            });
            match given {
                Ok(()) if going => Ended::Done(Report::Renew {}),
                Ok(()) => Ended::Stopped(None),
                Err(error) => Ended::Failed(error.into()),
            }
        })
    }

    /// Starts writing the catalogue anew, compact and under a new key; then gives the space of erased pictures back.
    ///
    /// # Errors
    /// [`Code::Locked`].
    pub fn start_renewal(&self) -> Result<JobId, Failure> {
        self.start_job(JobKind::Renew, String::new(), |vault, watch| renew(vault, watch))
    }

    /// Replaces the vault's key. Slots whose secret is not at hand are gone afterwards: the recovery key is made anew, and
    /// a vault with a passphrase needs that.
    ///
    /// # Errors
    /// [`Code::WrongSecret`] for another passphrase, a keychain's code, [`Code::Cancelled`] when the person refused.
    pub fn replace_key(&self, passphrase: Option<String>) -> Result<(RecoverySheet, JobId), Failure> {
        let passphrase = passphrase.map(Zeroizing::new);
        // A passphrase shows whose vault it is; a wrong one is told before anything is asked.
        let by_passphrase = self.vault()?.slots().iter().any(|slot| slot.kind == SlotKind::Passphrase);
        if by_passphrase {
            let id = self.vault()?.id();
            let secret = SlotSecret::Passphrase(passphrase.clone().ok_or(Code::WrongSecret)?);
            let vault = self.vault_of(&id)?;
            self.guarded(&id, || vault.admits(&secret))?;
        } else {
            self.proven()?;
        }
        // The question may stand open for long, and so may the keychain's: the vault is not held meanwhile.
        self.confirmed(Confirm::ReplaceKey)?;
        let _alone = lock(&self.inner.changing);
        let (id, ways) = {
            let vault = self.vault()?;
            (vault.id(), vault.slots())
        };
        let by_keychain = ways.iter().any(|slot| slot.kind == SlotKind::Keychain);
        let exchange = if by_keychain { Some(self.exchange(&id)?) } else { None };
        let fresh = exchange.as_ref().map(|exchange| &exchange.fresh);
        let replaced = self.replace_key_with(&id, ways, passphrase, fresh);
        if let Some(exchange) = exchange {
            // With the new header only the fresh key opens the vault, without it only the one from before; where the
            // keychain refuses both stay, and each is tried.
            let holds = if replaced.is_ok() { &exchange.fresh } else { &exchange.held };
            let _ = self.inner.keychain.store(&keychain::Item::vault(&id), holds);
        }
        let code = replaced?;
        let sheet = self.show_recovery(code);
        self.tell_status();
        Ok((sheet, self.start_renewal()?))
    }

    /// Lays a fresh key beside the one in the keychain that opens the vault. A copy of the vault beside it may be opened by
    /// the same record: then its key stays.
    fn exchange(&self, id: &VaultId) -> Result<Exchange, Failure> {
        let keys = self.keychain_keys(id)?;
        let held = match fitting(&*self.vault_of(id)?, &keys)? {
            SlotSecret::Keychain(kek) => Kek::from_bytes(*kek.as_bytes()),
            _ => return Err(Code::KeychainGarbage.into()),
        };
        if self.copies(id) > 1 {
            return Ok(Exchange { fresh: Kek::from_bytes(*held.as_bytes()), held });
        }
        let fresh = Kek::random();
        self.inner.keychain.store_beside(&keychain::Item::vault(id), &fresh)?;
        Ok(Exchange { held, fresh })
    }

    fn replace_key_with(
        &self,
        id: &VaultId,
        ways: Vec<SlotView>,
        passphrase: Option<Zeroizing<String>>,
        fresh: Option<&Kek>,
    ) -> Result<Zeroizing<String>, Failure> {
        let vault = self.vault_of(id)?;
        let mut slots = Vec::new();
        for slot in ways {
            let secret = match slot.kind {
                SlotKind::Recovery => continue,
                SlotKind::Passphrase => {
                    let typed = passphrase.clone().ok_or(Code::WrongSecret)?;
                    SlotSecret::Passphrase(typed)
                }
                SlotKind::Keychain => {
                    let fresh = fresh.ok_or(Code::KeychainMissing)?;
                    SlotSecret::Keychain(Kek::from_bytes(*fresh.as_bytes()))
                }
            };
            if slot.kind == SlotKind::Passphrase {
                self.guarded(id, || vault.admits(&secret))?;
            }
            // What it costs was chosen for this computer when it was made.
            let cost = slot.passphrase.unwrap_or_else(|| self.passphrase_params());
            let options = SlotOptions { passphrase: cost, backend: slot.backend.unwrap_or_default() };
            slots.push(NewSlot { secret, options });
        }
        self.vault()?;
        let (recovery, code) = Self::draw_recovery(id);
        slots.push(recovery);
        vault.replace_key(&slots, self.inner.clock.now())?;
        Ok(code)
    }

    /// Asks the person in a window of the system's own, which no web page can answer. What they say is about the vault
    /// that is open now: after a lock it means nothing.
    pub(crate) fn confirmed(&self, what: Confirm) -> Result<(), Failure> {
        let (language, since) = (self.settings().language, self.locks());
        if !self.inner.host.confirm(what, language) {
            return Err(Code::Cancelled.into());
        }
        if self.locks() == since { Ok(()) } else { Err(Code::Locked.into()) }
    }
}

pub(crate) fn renew(vault: &Vault, watch: &mut dyn FnMut(Progress) -> bool) -> Ended {
    let mut progress = Progress { total: STEPS, ..Progress::default() };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction from 0 to 1")]
    let mut step = |part: f64| {
        progress.done = ((part * STEPS as f64) as usize).min(STEPS);
        watch(progress)
    };
    let renewed = if vault.is_renewal_pending() {
        vault.finish_renewal(&mut step)
    } else {
        vault.renew_catalogue(&mut step)
    };
    match renewed {
        Err(error) => return Ended::Failed(error.into()),
        Ok(false) => return Ended::Stopped(None),
        Ok(true) => {}
    }
    match vault.give_space_back(&mut |_| step(1.0)) {
        Ok(()) => Ended::Done(Report::Renew {}),
        Err(error) => Ended::Failed(error.into()),
    }
}
