//! The service's half. It sees neither the password nor anything that a password could be guessed from without its seed.

use opaque_ke::keypair::PublicKey;
use opaque_ke::{
    CredentialFinalization, CredentialRequest, Identifiers, RegistrationRequest, RegistrationUpload,
    Ristretto255, ServerLogin, ServerLoginParameters, ServerRegistration, ServerSetup,
};
use zeroize::Zeroizing;

use crate::error::WireError;
use crate::purpose::Purpose;
use crate::sealed::SessionKey;
use crate::suite::{Suite, SystemRng};
use crate::token::Id;

/// The service's public key, by which a client knows it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerKey([u8; 32]);

impl ServerKey {
    pub(crate) fn of(key: &PublicKey<Ristretto255>) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&key.serialize());
        Self(bytes)
    }

    /// A key that was kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What two people can compare: SHA-256 of the key, its first 120 bits in six groups of five hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digits: String =
            crypto::sha256(&self.0).iter().take(15).map(|byte| format!("{byte:02x}")).collect();
        let mut out = String::with_capacity(35);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && place % 5 == 0 {
                out.push(' ');
            }
            out.push(digit);
        }
        out
    }
}

/// Room for a sign-in's state: the purpose and three values of 64 bytes.
const STATE: usize = 1 + 3 * 64;

/// The seed and the key pair of a service: with them and the records, passwords can be guessed at the price of the
/// stretching; without them, not at all.
pub struct ServerSecret(ServerSetup<Suite>);

impl ServerSecret {
    /// Draws a new one.
    #[must_use]
    pub fn random() -> Self {
        Self(ServerSetup::new(&mut SystemRng))
    }

    /// One that was kept.
    ///
    /// # Errors
    /// [`WireError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        Ok(Self(ServerSetup::deserialize(bytes)?))
    }

    /// 128 bytes to be kept where the records are not.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.serialize().to_vec())
    }

    /// The public half.
    #[must_use]
    pub fn key(&self) -> ServerKey {
        ServerKey::of(self.0.keypair().public())
    }

    /// Answers a registration's request for a credential that gets this id.
    ///
    /// # Errors
    /// [`WireError::Malformed`].
    pub fn register(&self, request: &[u8], credential: &Id) -> Result<Vec<u8>, WireError> {
        let request = RegistrationRequest::deserialize(request)?;
        let started = ServerRegistration::<Suite>::start(&self.0, request, credential.as_bytes())?;
        Ok(started.message.serialize().to_vec())
    }

    /// Answers the first message of a sign-in, with the account's record or, where there is none, as if there were one:
    /// the same work and an answer of the same length. Gives what [`finish`] needs, and the answer.
    ///
    /// # Errors
    /// [`WireError::Malformed`] for a message or a record that is none.
    pub fn begin(
        &self,
        record: Option<&[u8]>,
        credential: &Id,
        ke1: &[u8],
        purpose: Purpose,
    ) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), WireError> {
        let record = record.map(ServerRegistration::<Suite>::deserialize).transpose()?;
        let request = CredentialRequest::deserialize(ke1)?;
        let (context, id) = (purpose.context(), credential.as_bytes());
        let started = ServerLogin::start(&mut SystemRng, &self.0, record, request, id, parameters(&context))?;
        let mut state = Zeroizing::new(Vec::with_capacity(STATE));
        state.push(purpose.number());
        state.extend_from_slice(&started.state.serialize());
        Ok((state, started.message.serialize().to_vec()))
    }
}

/// Looks at a registration's last message and gives what is to be kept of it, 192 bytes.
///
/// # Errors
/// [`WireError::Malformed`].
pub fn record(upload: &[u8]) -> Result<Vec<u8>, WireError> {
    let upload = RegistrationUpload::<Suite>::deserialize(upload)?;
    Ok(ServerRegistration::<Suite>::finish(upload).serialize().to_vec())
}

/// Looks at the proof that ends a sign-in, and gives the purpose that it was begun for. The purpose travels in the state,
/// since the proof that is expected was settled with it when the sign-in began.
///
/// # Errors
/// [`WireError::Refused`] when it proves nothing, [`WireError::Malformed`].
pub fn finish(state: &[u8], ke3: &[u8]) -> Result<(Purpose, SessionKey), WireError> {
    let (number, state) = state.split_first().ok_or(WireError::Malformed)?;
    let purpose = Purpose::numbered(*number).ok_or(WireError::Malformed)?;
    let state = ServerLogin::<Suite>::deserialize(state)?;
    let proof = CredentialFinalization::deserialize(ke3)?;
    let context = purpose.context();
    let finished = state.finish(proof, parameters(&context))?;
    Ok((purpose, SessionKey::of(&finished.session_key)))
}

/// Who is who is told by the keys (RFC 9807 §3.1): the service by the one that the client pins, the account by its own.
fn parameters(context: &[u8]) -> ServerLoginParameters<'_, '_> {
    ServerLoginParameters { context: Some(context), identifiers: Identifiers::default() }
}
