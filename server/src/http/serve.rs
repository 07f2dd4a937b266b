//! Connections: as many as the system gives, each with little time to say what it wants.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;

/// How long a connection may take for the head of a request, and how long it may stay between two.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Bytes of a head.
const HEAD_BYTES: usize = 16 * 1024;
/// How long requests that are under way are waited for at the end.
const LAST_TIME: Duration = Duration::from_secs(20);

/// A place where the service listens.
pub struct Listening {
    listener: TcpListener,
    /// Where, with the port that the system chose if it was asked to.
    pub address: SocketAddr,
}

impl Listening {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the place is taken or not allowed.
    pub async fn at(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }
}

/// Answers until `stop` comes, then ends what is under way.
pub async fn serve(listening: Listening, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listening.listener.accept() => accepted,
        };
        let Ok((stream, from)) = accepted else {
            // Too many open files: those that are open will end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (router, mut request) = (router.clone(), request.map(Body::new));
            request.extensions_mut().insert(from);
            async move { Ok::<_, Infallible>(answer(router, request).await) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES);
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        // What goes wrong on a connection is its client's business.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listening.listener);
    let _ = tokio::time::timeout(LAST_TIME, graceful.shutdown()).await;
}

async fn answer(router: Router, request: Request<Body>) -> axum::response::Response {
    match tower::ServiceExt::oneshot(router, request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
