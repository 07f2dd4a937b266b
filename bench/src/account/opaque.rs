//! The client's half of OPAQUE as `wire` has it, without the stretching of the password. A service has no part in the
//! stretching and can't tell whether there was any: its work for these clients is that for the program's own.

use anyhow::{Result, anyhow};
use opaque_ke::errors::ProtocolError;
use opaque_ke::ksf::Identity;
use opaque_ke::{
    CipherSuite, ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialResponse, Identifiers, RegistrationResponse, Ristretto255,
    TripleDh,
};
use server::keys::Keys;
use wire::{Id, SystemRng};

/// The password of every account here.
pub const PASSWORD: &str = "夜明けの灯台と青い鳥 and a lantern";
/// What a proof for a session is bound to; `wire::Purpose::Login` in the form of the key exchange.
const CONTEXT: &[u8] = b"zimg-acct/1|login";

/// Suite 1 but for the stretching.
struct Unstretched;

impl CipherSuite for Unstretched {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = Identity;
}

/// Registers the password and gives the record that the service keeps, 192 bytes.
pub fn register(keys: &Keys, credential: &Id) -> Result<Vec<u8>> {
    let started =
        ClientRegistration::<Unstretched>::start(&mut SystemRng, PASSWORD.as_bytes()).map_err(failed)?;
    let answer = keys.newest().1.register(&started.message.serialize(), credential)?;
    let answer = RegistrationResponse::deserialize(&answer).map_err(failed)?;
    let parameters = ClientRegistrationFinishParameters::default();
    let finished = started.state.finish(&mut SystemRng, PASSWORD.as_bytes(), answer, parameters);
    Ok(wire::server::record(&finished.map_err(failed)?.message.serialize())?)
}

/// A sign-in between its messages.
pub struct SigningIn(ClientLogin<Unstretched>);

impl SigningIn {
    /// Gives the first message, 96 bytes.
    pub fn start() -> Result<(Self, Vec<u8>)> {
        let started =
            ClientLogin::<Unstretched>::start(&mut SystemRng, PASSWORD.as_bytes()).map_err(failed)?;
        Ok((Self(started.state), started.message.serialize().to_vec()))
    }

    /// Takes the service's answer, 320 bytes, and gives the proof, 64 bytes. Fails where the service is not the one of
    /// the record.
    pub fn finish(self, ke2: &[u8]) -> Result<Vec<u8>> {
        let answer = CredentialResponse::deserialize(ke2).map_err(failed)?;
        let parameters = ClientLoginFinishParameters::new(Some(CONTEXT), Identifiers::default(), None);
        let finished = self.0.finish(&mut SystemRng, PASSWORD.as_bytes(), answer, parameters);
        Ok(finished.map_err(failed)?.message.serialize().to_vec())
    }
}

fn failed(error: ProtocolError) -> anyhow::Error {
    anyhow!("OPAQUE: {error:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Purpose;

    #[test]
    fn the_service_takes_the_proof_of_a_client_that_does_not_stretch() {
        let keys = Keys::parse(&Keys::draw()).unwrap();
        let credential = Id::random();
        let record = register(&keys, &credential).unwrap();
        let (client, ke1) = SigningIn::start().unwrap();
        let secret = keys.newest().1;
        let (state, ke2) = secret.begin(Some(&record), &credential, &ke1, Purpose::Login).unwrap();
        let ke3 = client.finish(&ke2).unwrap();
        assert_eq!(wire::server::finish(&state, &ke3).unwrap().0, Purpose::Login);
    }
}
