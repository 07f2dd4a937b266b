//! Somebody before the service who ends TLS with a certificate of an authority of his own, reads, and passes on.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

/// What was said on one connection, which is one request and its answer.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// By the client.
    pub asked: Vec<u8>,
    /// By the service.
    pub answered: Vec<u8>,
}

impl Exchange {
    /// What was asked for.
    ///
    /// # Panics
    /// If it is no request.
    #[must_use]
    pub fn path(&self) -> &str {
        let first = self.asked.split(|byte| *byte == b'\r').next().unwrap_or_default();
        std::str::from_utf8(first).unwrap().split(' ').nth(1).unwrap_or_default()
    }
}

/// Him.
pub struct Middle {
    /// Where he listens.
    pub address: SocketAddr,
    /// His authority's certificate, DER.
    pub authority: Vec<u8>,
    /// The same as PEM.
    pub authority_pem: String,
    read: Arc<Mutex<Vec<Exchange>>>,
}

impl Middle {
    /// On a free port, as `localhost`.
    ///
    /// # Panics
    /// If the system gives no port.
    pub async fn before(service: SocketAddr) -> Self {
        Self::at(([127, 0, 0, 1], 0).into(), "localhost", service).await
    }

    /// There, under this name.
    ///
    /// # Panics
    /// If the place is taken.
    pub async fn at(place: SocketAddr, name: &str, service: SocketAddr) -> Self {
        let (acceptor, authority, authority_pem) = certified(name);
        let listener = TcpListener::bind(place).await.unwrap();
        let address = listener.local_addr().unwrap();
        let read = Arc::<Mutex<Vec<Exchange>>>::default();
        let reads = Arc::clone(&read);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, reads) = (acceptor.clone(), Arc::clone(&reads));
                tokio::spawn(async move {
                    let Ok(client) = acceptor.accept(client).await else { return };
                    let place = {
                        let mut reads = reads.lock().unwrap();
                        reads.push(Exchange::default());
                        reads.len() - 1
                    };
                    let server = TcpStream::connect(service).await.unwrap();
                    let (mut from_client, mut to_client) = tokio::io::split(client);
                    let (mut from_server, mut to_server) = server.into_split();
                    let out = async {
                        let mut buffer = [0; 8192];
                        while let Ok(got @ 1..) = from_client.read(&mut buffer).await {
                            reads.lock().unwrap()[place].asked.extend_from_slice(&buffer[..got]);
                            to_server.write_all(&buffer[..got]).await.unwrap();
                        }
                    };
                    let back = async {
                        let mut buffer = [0; 8192];
                        while let Ok(got @ 1..) = from_server.read(&mut buffer).await {
                            reads.lock().unwrap()[place].answered.extend_from_slice(&buffer[..got]);
                            if to_client.write_all(&buffer[..got]).await.is_err() {
                                return;
                            }
                            let _ = to_client.flush().await;
                        }
                    };
                    tokio::select! { () = out => {}, () = back => {} }
                });
            }
        });
        Self { address, authority, authority_pem, read }
    }

    /// What he has read.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.read.lock().unwrap().clone()
    }
}

/// A certificate for a name, and that of the authority that vouches for it.
fn certified(name: &str) -> (TlsAcceptor, Vec<u8>, String) {
    let mut parameters = CertificateParams::new(Vec::<String>::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let root: &rcgen::Certificate = authority.as_ref();
    (TlsAcceptor::from(Arc::new(config)), root.der().to_vec(), root.pem())
}
