//! What the service says after a sign-in, sealed under the key that both ends have from it: whoever ends the TLS
//! connection in between reads neither the password nor the first pair of tokens. Later ones pass as they are.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use zeroize::{Zeroize, Zeroizing};

use crate::error::WireError;
use crate::purpose::Purpose;

/// The key that a sign-in gave both ends. Wiped when dropped.
pub struct SessionKey(Zeroizing<[u8; 64]>);

impl SessionKey {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; 64]);
        key.copy_from_slice(bytes);
        Self(key)
    }

    /// A key that seals one message: its nonce is fixed.
    fn sealing(&self, purpose: Purpose) -> LessSafeKey {
        let mut bytes = Zeroizing::new([0; 32]);
        let label = purpose.context();
        let prk = Salt::new(HKDF_SHA256, b"zimg-acct/1 sealed").extract(&*self.0);
        let filled = prk.expand(&[label.as_slice()], HKDF_SHA256).and_then(|okm| okm.fill(&mut *bytes));
        match (filled, UnboundKey::new(&AES_256_GCM, &*bytes)) {
            (Ok(()), Ok(key)) => LessSafeKey::new(key),
            _ => unreachable!("32 bytes are what HKDF-SHA256 gives and AES-256 takes"),
        }
    }
}

const NONCE: [u8; 12] = [0; 12];

/// Seals the one message that follows a sign-in: AES-256-GCM under HKDF-SHA256 of the session key. A session key seals
/// once, since it is used up by this.
#[must_use]
pub fn seal(key: SessionKey, purpose: Purpose, mut plain: Vec<u8>) -> Vec<u8> {
    let sealed = key.sealing(purpose).seal_in_place_append_tag(
        Nonce::assume_unique_for_key(NONCE),
        Aad::empty(),
        &mut plain,
    );
    match sealed {
        Ok(()) => plain,
        Err(_) => unreachable!("a message of this protocol is far shorter than the limit of AES-GCM"),
    }
}

/// Opens it.
///
/// # Errors
/// [`WireError::Refused`] when it was not sealed by the other end of this sign-in for this purpose.
pub fn open(
    key: &SessionKey,
    purpose: Purpose,
    mut sealed: Vec<u8>,
) -> Result<Zeroizing<Vec<u8>>, WireError> {
    let opened = key
        .sealing(purpose)
        .open_in_place(Nonce::assume_unique_for_key(NONCE), Aad::empty(), &mut sealed)
        .map(|plain| Zeroizing::new(plain.to_vec()));
    sealed.zeroize();
    opened.map_err(|_| WireError::Refused)
}
