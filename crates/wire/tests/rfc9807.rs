//! The vectors of RFC 9807 for our suite, without its stretching, as they are.

use std::collections::BTreeMap;

use opaque_ke::ksf::Identity;
use opaque_ke::rand::{CryptoRng, Error, RngCore};
use opaque_ke::{
    CipherSuite, ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialFinalization, CredentialRequest, CredentialResponse,
    Identifiers, RegistrationRequest, RegistrationResponse, RegistrationUpload, Ristretto255, ServerLogin,
    ServerLoginParameters, ServerRegistration, ServerSetup, TripleDh,
};

struct Unstretched;

impl CipherSuite for Unstretched {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2::Sha512>;
    type Ksf = Identity;
}

/// Gives these bytes and no others.
struct Given(Vec<u8>);

impl Given {
    fn of(parts: &[&[u8]]) -> Self {
        Self(parts.concat())
    }

    /// A scalar is drawn as 64 bytes and reduced: one that is reduced already comes out as it is.
    fn scalar(blind: &[u8]) -> Vec<u8> {
        [blind, &[0; 32]].concat()
    }
}

impl RngCore for Given {
    fn next_u32(&mut self) -> u32 {
        unreachable!("nothing draws numbers")
    }

    fn next_u64(&mut self) -> u64 {
        unreachable!("nothing draws numbers")
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&std::mem::replace(&mut self.0, rest));
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Given {}

struct Vector(BTreeMap<String, Vec<u8>>);

impl Vector {
    fn get(&self, name: &str) -> &[u8] {
        self.0.get(name).unwrap_or_else(|| panic!("no {name}"))
    }

    fn hex(&self, name: &str) -> String {
        hex::encode(self.get(name))
    }

    fn identifiers(&self) -> Identifiers<'_> {
        let name = |name: &str| self.0.get(name).map(Vec::as_slice);
        Identifiers { client: name("client_identity"), server: name("server_identity") }
    }

    fn server(&self) -> ServerSetup<Unstretched> {
        let fake =
            if self.0.contains_key("client_public_key") { "client_public_key" } else { "server_public_key" };
        let setup = [self.get("oprf_seed"), self.get("server_private_key"), self.get(fake)].concat();
        ServerSetup::deserialize(&setup).unwrap()
    }

    fn begin(&self, record: Option<&[u8]>) -> (String, ServerLogin<Unstretched>) {
        let masking_key = self.0.get("masking_key").cloned().unwrap_or_else(|| vec![0; 64]);
        let mut rng = Given::of(&[
            &masking_key,
            self.get("masking_nonce"),
            self.get("server_keyshare_seed"),
            self.get("server_nonce"),
        ]);
        let started = ServerLogin::start(
            &mut rng,
            &self.server(),
            record.map(|record| ServerRegistration::deserialize(record).unwrap()),
            CredentialRequest::deserialize(self.get("KE1")).unwrap(),
            self.get("credential_identifier"),
            self.parameters(),
        )
        .unwrap();
        (hex::encode(started.message.serialize()), started.state)
    }

    fn parameters(&self) -> ServerLoginParameters<'_, '_> {
        ServerLoginParameters { context: Some(self.get("context")), identifiers: self.identifiers() }
    }
}

fn vectors() -> Vec<(String, Vector)> {
    let mut all: Vec<(String, Vector)> = Vec::new();
    for line in include_str!("rfc9807.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match (line.strip_prefix('['), line.split_once(" = ")) {
            (Some(title), _) => all.push((title.to_owned(), Vector(BTreeMap::new()))),
            (None, Some((name, value))) => {
                let (_, vector) = all.last_mut().unwrap();
                vector.0.insert(name.to_owned(), hex::decode(value).unwrap());
            }
            (None, None) => panic!("{line}"),
        }
    }
    all
}

#[test]
fn the_real_vectors_come_out_at_both_ends() {
    let vectors = vectors();
    let real: Vec<_> = vectors.iter().filter(|(title, _)| title.contains("Real")).collect();
    assert_eq!(real.len(), 2);
    for (_, v) in real {
        let password = v.get("password");
        // Registration.
        let mut rng = Given(Given::scalar(v.get("blind_registration")));
        let client = ClientRegistration::<Unstretched>::start(&mut rng, password).unwrap();
        assert_eq!(hex::encode(client.message.serialize()), v.hex("registration_request"));
        let request = RegistrationRequest::deserialize(v.get("registration_request")).unwrap();
        let answer = ServerRegistration::start(&v.server(), request, v.get("credential_identifier")).unwrap();
        assert_eq!(hex::encode(answer.message.serialize()), v.hex("registration_response"));
        let mut rng = Given::of(&[v.get("envelope_nonce")]);
        let answer = RegistrationResponse::deserialize(v.get("registration_response")).unwrap();
        let parameters = ClientRegistrationFinishParameters::new(v.identifiers(), None);
        let finished = client.state.finish(&mut rng, password, answer, parameters).unwrap();
        assert_eq!(hex::encode(finished.message.serialize()), v.hex("registration_upload"));
        assert_eq!(hex::encode(finished.export_key), v.hex("export_key"));
        let upload = RegistrationUpload::<Unstretched>::deserialize(v.get("registration_upload")).unwrap();
        let record = ServerRegistration::finish(upload).serialize();
        // Sign-in.
        let blind = Given::scalar(v.get("blind_login"));
        let mut rng = Given::of(&[&blind, v.get("client_keyshare_seed"), v.get("client_nonce")]);
        let client = ClientLogin::<Unstretched>::start(&mut rng, password).unwrap();
        assert_eq!(hex::encode(client.message.serialize()), v.hex("KE1"));
        let (ke2, server) = v.begin(Some(&record));
        assert_eq!(ke2, v.hex("KE2"));
        let answer = CredentialResponse::deserialize(v.get("KE2")).unwrap();
        let parameters = ClientLoginFinishParameters::new(Some(v.get("context")), v.identifiers(), None);
        let finished = client.state.finish(&mut Given(Vec::new()), password, answer, parameters).unwrap();
        assert_eq!(hex::encode(finished.message.serialize()), v.hex("KE3"));
        assert_eq!(hex::encode(finished.session_key), v.hex("session_key"));
        let proof = CredentialFinalization::deserialize(v.get("KE3")).unwrap();
        let finished = server.finish(proof, v.parameters()).unwrap();
        assert_eq!(hex::encode(finished.session_key), v.hex("session_key"));
    }
}

#[test]
fn the_answer_for_an_account_that_is_not_there_is_that_of_the_vector() {
    let vectors = vectors();
    let (_, fake) = vectors.iter().find(|(title, _)| title.contains("Fake")).unwrap();
    assert_eq!(fake.begin(None).0, fake.hex("KE2"));
}
