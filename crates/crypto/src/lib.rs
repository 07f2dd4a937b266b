//! Keys, envelopes and sealing: everything of the vault that is cryptography, and nothing else.
//!
//! **Invariant:** no I/O. Bytes come in and go out; nothing here knows a file, a keyring or a socket. No secret
//! type can be cloned, serialised or printed, and every one is wiped when it is dropped.

mod digest;
mod header;
mod keys;
mod params;
mod passphrase;
mod random;
mod recovery;
pub mod seal;
pub mod slots;

pub use digest::{Sha256Hasher, sha256};
pub use header::{CatalogueKey, Header, HeaderError, SlotError, UnlockError};
pub use keys::{Kek, SubKey, VaultKey};
pub use params::{KdfError, PassphraseParams, calibrate, normalised, stretch};
pub use passphrase::{MIN_CODE_POINTS, PhraseLanguage, Strength, draw_passphrase, passphrase_strength};
pub use random::{fill, new_blob_id, new_vault_id, random};
pub use recovery::{RecoveryError, RecoveryKey};
pub use slots::{Slot, SlotId, SlotKind, SlotOptions, SlotSecret};
