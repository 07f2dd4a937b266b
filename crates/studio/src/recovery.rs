//! The recovery key: made, shown once, checked, written down.

use model::VaultId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crypto::{RecoveryKey, SlotSecret};
use vault::{NewSlot, Vault};

use crate::state::lock;
use crate::{Code, Confirm, Failure, Pick, Studio, kit};

/// A new recovery key, for the person's eyes.
#[derive(Clone, Serialize, ts_rs::TS)]
pub struct RecoverySheet {
    /// The key, groups joined by dashes.
    pub code: String,
    /// Its groups in order.
    pub groups: Vec<String>,
    /// The two groups that are asked back, by their place in `groups`.
    pub ask: [usize; 2],
}

impl std::fmt::Debug for RecoverySheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoverySheet(…)")
    }
}

/// A group typed back.
#[derive(Clone, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RecoveryAnswer {
    /// Its place.
    pub group: usize,
    /// What was typed.
    pub text: String,
}

/// A key that was shown and not yet confirmed.
pub(crate) struct Pending {
    code: Zeroizing<String>,
    ask: [usize; 2],
}

/// The first group names the program and the second the vault: they are not asked back.
const FIRST_SECRET_GROUP: usize = 2;

impl Studio {
    /// A recovery slot to be written, and its key to be shown.
    pub(crate) fn draw_recovery(vault: &VaultId) -> (NewSlot, Zeroizing<String>) {
        let key = RecoveryKey::random();
        let code = key.to_text(vault);
        (NewSlot { secret: SlotSecret::Recovery(key), options: crypto::SlotOptions::default() }, code)
    }

    /// Remembers the key until it is confirmed or the vault is locked, and makes the sheet.
    pub(crate) fn show_recovery(&self, code: Zeroizing<String>) -> RecoverySheet {
        let groups: Vec<String> = code.split('-').map(str::to_owned).collect();
        let ask = two_of(groups.len());
        let sheet = RecoverySheet { code: code.to_string(), groups, ask };
        *lock(&self.inner.pending) = Some(Pending { code, ask });
        sheet
    }

    /// Makes a new recovery key; the old one opens nothing any more.
    ///
    /// # Errors
    /// When the header can't be written; then the old one still holds.
    pub fn new_recovery(&self) -> Result<RecoverySheet, Failure> {
        self.proven()?;
        self.confirmed(Confirm::NewRecovery)?;
        let _alone = lock(&self.inner.changing);
        let vault = self.vault()?;
        let (slot, code) = Self::draw_recovery(&vault.id());
        vault.replace_slots(&slot, self.inner.clock.now())?;
        self.tell_status();
        Ok(self.show_recovery(code))
    }

    /// Compares the two groups that were asked back; right answers confirm the key.
    ///
    /// # Errors
    /// [`Code::Nothing`] when no key is shown at the moment.
    pub fn confirm_recovery(&self, answers: &[RecoveryAnswer]) -> Result<bool, Failure> {
        let _alone = lock(&self.inner.changing);
        let vault: std::sync::Arc<Vault> = self.vault()?;
        let mut pending = lock(&self.inner.pending);
        let shown = pending.as_ref().ok_or(Code::Nothing)?;
        let right = |place: &usize| {
            let answer = answers.iter().find(|answer| answer.group == *place);
            answer.is_some_and(|a| shown.code.split('-').nth(*place).is_some_and(|g| same(g, &a.text)))
        };
        if !shown.ask.iter().all(right) {
            return Ok(false);
        }
        vault.confirm_recovery()?;
        *pending = None;
        drop(pending);
        // It is written down: a copy that was made to do so has done its work.
        self.inner.host.take_back_copied();
        self.tell_status();
        Ok(true)
    }

    /// Puts the shown key on the clipboard.
    ///
    /// # Errors
    /// [`Code::ProofNeeded`], [`Code::Nothing`] or [`Code::ClipboardUnavailable`].
    pub fn copy_recovery(&self) -> Result<(), Failure> {
        self.proven()?;
        let pending = lock(&self.inner.pending);
        let shown = pending.as_ref().ok_or(Code::Nothing)?;
        self.inner.host.copy(&shown.code).map_err(|_| Code::ClipboardUnavailable.into())
    }

    /// Writes the shown key as a page to print, where the person wants it; `false` when the dialog was closed.
    ///
    /// # Errors
    /// [`Code::ProofNeeded`], [`Code::Nothing`], or when the file can't be written.
    pub fn save_recovery(&self) -> Result<bool, Failure> {
        self.proven()?;
        let page = {
            let pending = lock(&self.inner.pending);
            let shown = pending.as_ref().ok_or(Code::Nothing)?;
            Zeroizing::new(kit::page(&shown.code, self.settings().language, self.inner.clock.now()))
        };
        let save = Pick::Save { name: "z-image-recovery-key.html".to_owned(), plain: true };
        let Some(path) = self.inner.host.pick(&save, self.settings().language).into_iter().next() else {
            return Ok(false);
        };
        // The dialog may have stood open while somebody locked the vault.
        self.vault()?;
        kit::write(&path, &page).map_err(|error| Code::from(error.kind()))?;
        Ok(true)
    }
}

/// Two different places among the secret groups.
fn two_of(groups: usize) -> [usize; 2] {
    let count = groups.saturating_sub(FIRST_SECRET_GROUP).max(2);
    let [a, b] = crypto::random::<2>().map(usize::from);
    let first = a % count;
    let second = (first + 1 + b % (count - 1)) % count;
    let mut places = [first + FIRST_SECRET_GROUP, second + FIRST_SECRET_GROUP];
    places.sort_unstable();
    places
}

/// Small letters, spaces and the digits that look alike are forgiven, as when the whole key is typed.
fn same(group: &str, typed: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let full = letters.map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        });
        full.map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
    };
    plain(group) == plain(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_different_secret_groups_are_asked_back() {
        for _ in 0..200 {
            let [a, b] = two_of(12);
            assert!((FIRST_SECRET_GROUP..12).contains(&a) && a < b && b < 12);
        }
    }

    #[test]
    fn a_group_typed_carelessly_is_the_same() {
        assert!(same("7Q01", " 7qoi "));
        assert!(same("7Q01", "７Ｑ０１"));
        assert!(!same("7Q01", "7Q02"));
    }
}
