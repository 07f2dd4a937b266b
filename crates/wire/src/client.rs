//! The client's half: a password goes in, messages come out.

use opaque_ke::{
    ClientLogin, ClientLoginFinishParameters, ClientRegistration, ClientRegistrationFinishParameters,
    CredentialResponse, Identifiers, RegistrationResponse,
};

use crate::error::WireError;
use crate::password::Password;
use crate::purpose::Purpose;
use crate::sealed::SessionKey;
use crate::server::ServerKey;
use crate::suite::{Stretching, Suite, SystemRng};

/// A registration between its two messages.
pub struct Registering(ClientRegistration<Suite>);

impl Registering {
    /// Gives the request, 32 bytes.
    ///
    /// # Errors
    /// [`WireError::Malformed`] for one password in 2^252.
    pub fn start(password: &Password) -> Result<(Self, Vec<u8>), WireError> {
        let started = ClientRegistration::<Suite>::start(&mut SystemRng, password.as_bytes())?;
        Ok((Self(started.state), started.message.serialize().to_vec()))
    }

    /// Takes the service's answer, 64 bytes, and gives the record to be kept there, 192 bytes, with the service's key.
    ///
    /// # Errors
    /// [`WireError::Malformed`], [`WireError::OutOfMemory`].
    pub fn finish(
        self,
        password: &Password,
        answer: &[u8],
        stretching: Stretching,
    ) -> Result<(Vec<u8>, ServerKey), WireError> {
        let answer = RegistrationResponse::deserialize(answer)?;
        let parameters = ClientRegistrationFinishParameters::new(Identifiers::default(), Some(&stretching));
        let finished = self.0.finish(&mut SystemRng, password.as_bytes(), answer, parameters)?;
        Ok((finished.message.serialize().to_vec(), ServerKey::of(&finished.server_s_pk)))
    }
}

/// A sign-in between its messages.
pub struct SigningIn(ClientLogin<Suite>);

/// A sign-in that succeeded, as far as the client knows.
pub struct SignedIn {
    /// The last message, 64 bytes: the proof for the service.
    pub ke3: Vec<u8>,
    /// What both ends have in common now.
    pub key: SessionKey,
    /// Whom the client has spoken to. It is the same in every answer of one service.
    pub server: ServerKey,
}

impl SigningIn {
    /// Gives the first message, 96 bytes.
    ///
    /// # Errors
    /// [`WireError::Malformed`] for one password in 2^252.
    pub fn start(password: &Password) -> Result<(Self, Vec<u8>), WireError> {
        let started = ClientLogin::<Suite>::start(&mut SystemRng, password.as_bytes())?;
        Ok((Self(started.state), started.message.serialize().to_vec()))
    }

    /// Takes the service's answer, 320 bytes.
    ///
    /// # Errors
    /// [`WireError::Refused`] when the password is wrong, there is no such account, or the answer is for another purpose.
    pub fn finish(
        self,
        password: &Password,
        ke2: &[u8],
        stretching: Stretching,
        purpose: Purpose,
    ) -> Result<SignedIn, WireError> {
        let answer = CredentialResponse::deserialize(ke2)?;
        let context = purpose.context();
        let parameters =
            ClientLoginFinishParameters::new(Some(&context), Identifiers::default(), Some(&stretching));
        let finished = self.0.finish(&mut SystemRng, password.as_bytes(), answer, parameters)?;
        Ok(SignedIn {
            ke3: finished.message.serialize().to_vec(),
            key: SessionKey::of(&finished.session_key),
            server: ServerKey::of(&finished.server_s_pk),
        })
    }
}
