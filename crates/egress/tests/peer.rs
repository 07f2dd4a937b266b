//! Servers that behave, and servers that don't.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

/// What a server says to everybody.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// A status and a body.
    Answer(&'static str, &'static str),
    /// A status and another place.
    Redirect(&'static str, &'static str),
    /// A body without an end.
    Endless,
    /// The same in pieces.
    ChunkedEndless,
    /// That it will send so many bytes.
    Lying(u64),
    /// Bytes that are said to be packed.
    Packed,
    /// Nothing.
    Nothing,
    HalfAHead,
    HalfABody,
    /// So many bytes of an answer, and then it is gone.
    Breaks(usize),
}

/// For whom and when a certificate is good.
#[derive(Debug, Clone, Copy)]
pub enum Certified {
    Now(&'static str),
    LongAgo(&'static str),
}

pub struct Peer {
    pub address: SocketAddr,
    /// Every byte that came.
    pub heard: Arc<Mutex<Vec<u8>>>,
    /// Of TLS, DER.
    pub certificate: Vec<u8>,
    came: Arc<AtomicUsize>,
    news: Arc<Notify>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Peer {
    pub async fn http(says: Says) -> Self {
        Self::start(says, None, Vec::new()).await
    }

    pub async fn https(certified: Certified) -> Self {
        let (Certified::Now(name) | Certified::LongAgo(name)) = certified;
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
        if matches!(certified, Certified::LongAgo(_)) {
            parameters.not_before = rcgen::date_time_ymd(2001, 1, 1);
            parameters.not_after = rcgen::date_time_ymd(2002, 1, 1);
        }
        let certificate = parameters.self_signed(&key).unwrap().der().clone();
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::start(Says::Answer("200 OK", ""), Some(acceptor), certificate.to_vec()).await
    }

    async fn start(says: Says, tls: Option<TlsAcceptor>, certificate: Vec<u8>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, came, news) =
            (Arc::<Mutex<Vec<u8>>>::default(), Arc::<AtomicUsize>::default(), Arc::<Notify>::default());
        let (hears, comes, tells) = (Arc::clone(&heard), Arc::clone(&came), Arc::clone(&news));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                comes.fetch_add(1, Ordering::SeqCst);
                let (hears, tells, tls) = (Arc::clone(&hears), Arc::clone(&tells), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => speak(stream, says, &hears, &tells).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                speak(stream, says, &hears, &tells).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, heard, certificate, came, news, task }
    }

    pub fn connections(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }

    pub async fn has_heard(&self) {
        self.news.notified().await;
    }
}

async fn speak(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    says: Says,
    heard: &Mutex<Vec<u8>>,
    news: &Notify,
) {
    let mut buffer = [0; 4096];
    let mut request = Vec::new();
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        request.extend_from_slice(&buffer[..read]);
        heard.lock().unwrap().extend_from_slice(&buffer[..read]);
        // Who begins to speak TLS is told at once that nobody does here.
        if request.first() == Some(&0x16) {
            break;
        }
        let text = String::from_utf8_lossy(&request);
        // The head, and the body that the requests here have.
        if text.contains("\r\n\r\n") && (!text.contains("content-length: 28") || text.ends_with('}')) {
            break;
        }
    }
    news.notify_one();
    let head = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}\r\n\r\n");
    let first = match says {
        Says::Answer(status, body) => {
            format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        }
        Says::Redirect(status, to) => {
            format!("HTTP/1.1 {status}\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
        }
        Says::Endless => head("connection: close"),
        Says::ChunkedEndless => head("transfer-encoding: chunked"),
        Says::Lying(bytes) => head(&format!("content-length: {bytes}")),
        Says::Packed => head("content-encoding: gzip\r\ncontent-length: 4"),
        Says::HalfAHead => "HTTP/1.1 200 OK\r\ncontent-".to_owned(),
        Says::HalfABody => head("content-length: 100") + "half",
        Says::Nothing => String::new(),
        Says::Breaks(after) => {
            let whole = head("content-length: 100") + "half";
            whole.get(..after).unwrap_or(&whole).to_owned()
        }
    };
    if stream.write_all(first.as_bytes()).await.is_err() {
        return;
    }
    if let Says::Packed = says {
        let _ = stream.write_all(&[0x1f, 0x8b, 0, 0]).await;
    }
    if let Says::Breaks(_) = says {
        return;
    }
    let piece: &[u8] = match says {
        Says::Endless => &[b'x'; 1024],
        Says::ChunkedEndless => b"10\r\nxxxxxxxxxxxxxxxx\r\n",
        _ => &[],
    };
    while !piece.is_empty() && stream.write_all(piece).await.is_ok() {}
    // Until the other end goes.
    let _ = stream.read(&mut buffer).await;
}
