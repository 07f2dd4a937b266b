//! Suite 1: ristretto255 and SHA-512 in the OPRF and in 3DH, Argon2id for stretching.
//!
//! **Invariant:** costs are chosen by a number from the table here, never by what a service sends.

use crypto::PassphraseParams;
use opaque_ke::errors::InternalError;
use opaque_ke::generic_array::{ArrayLength, GenericArray};
use opaque_ke::ksf::Ksf;
use opaque_ke::rand::{CryptoRng, Error, RngCore};
use opaque_ke::{CipherSuite, Ristretto255, TripleDh};

use crate::error::WireError;

/// The number of the suite in messages and in the service's tables.
pub const SUITE: u8 = 1;

/// The suite as the library wants it.
pub(crate) struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = Stretching;
}

/// How the client makes each guess of a password costly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stretching {
    /// Argon2id over 64 MiB, 3 passes, 1 lane (the second choice of RFC 9106 with one lane).
    #[default]
    V1,
}

impl Stretching {
    /// Its number in messages and tables.
    #[must_use]
    pub fn id(self) -> u8 {
        match self {
            Self::V1 => 1,
        }
    }

    /// What a service's answer asks for.
    ///
    /// # Errors
    /// [`WireError::Newer`] for a suite or number that is not in the table.
    pub fn asked(suite: u8, id: u8) -> Result<Self, WireError> {
        match (suite, id) {
            (SUITE, 1) => Ok(Self::V1),
            _ => Err(WireError::Newer),
        }
    }

    fn params(self) -> Option<PassphraseParams> {
        match self {
            Self::V1 => PassphraseParams::new(64 * 1024, 3, 1),
        }
    }
}

impl Ksf for Stretching {
    fn hash<L: ArrayLength<u8>>(
        &self,
        input: GenericArray<u8, L>,
    ) -> Result<GenericArray<u8, L>, InternalError> {
        let mut out = GenericArray::default();
        let params = self.params().ok_or(InternalError::KsfError)?;
        // The input is the OPRF's output, which no two accounts share: RFC 9807 §7 lets the salt be fixed.
        crypto::stretch(&input, &[0; 16], params, &mut out).map_err(|_| InternalError::KsfError)?;
        Ok(out)
    }
}

/// The operating system's randomness in the form that `opaque-ke` takes.
pub struct SystemRng;

impl RngCore for SystemRng {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(crypto::random())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(crypto::random())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        crypto::fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        crypto::fill(bytes);
        Ok(())
    }
}

impl CryptoRng for SystemRng {}
