//! The door, before real servers on this computer.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it must be"
)]

mod handshakes;
mod peer;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use egress::{
    Answer, EgressError, Entry, Gateway, Intent, Ledger, LedgerError, Method, Origin, Outcome, Reach,
    Request, Route, Secret,
};
use model::{Purpose, SystemClock};
use peer::{Peer, Says};
use zeroize::Zeroizing;

/// A ledger that keeps its lines, and what else it saw when they were opened.
#[derive(Default)]
struct Lines {
    opened: Mutex<Vec<Intent>>,
    closed: Mutex<Vec<(Entry, Outcome)>>,
    refuses: AtomicBool,
    broken: AtomicBool,
    heard: Mutex<Option<Arc<Mutex<Vec<u8>>>>>,
}

impl Ledger for Lines {
    fn may(&self, _: Purpose) -> bool {
        !self.refuses.load(Ordering::Relaxed)
    }

    fn open(&self, intent: &Intent) -> Result<Entry, LedgerError> {
        if self.broken.load(Ordering::Relaxed) {
            return Err(LedgerError);
        }
        let heard = self.heard.lock().unwrap().as_ref().map_or(0, |heard| heard.lock().unwrap().len());
        assert_eq!(heard, 0, "bytes left before the line was written");
        let mut opened = self.opened.lock().unwrap();
        opened.push(intent.clone());
        Ok(Entry(opened.len() as i64))
    }

    fn close(&self, entry: Entry, outcome: Outcome) {
        self.closed.lock().unwrap().push((entry, outcome));
    }
}

fn ask(path: &str) -> Request {
    Request {
        method: Method::Post,
        path: path.to_owned(),
        secret: Some(Secret::Bearer(Zeroizing::new("zis_a_secret".to_owned()))),
        body: Some(Zeroizing::new(br#"{"email":"hana@example.com"}"#.to_vec())),
        fields: vec!["email"],
        most: 4096,
        time: Duration::from_secs(20),
    }
}

fn gateway(lines: &Arc<Lines>) -> Gateway {
    Gateway::new(Arc::clone(lines) as Arc<dyn Ledger>, Arc::new(SystemClock), Route::System)
}

fn here(peer: &Peer) -> Origin {
    Origin::parse(&format!("http://{}", peer.address), Reach::Internet).unwrap()
}

async fn send(lines: &Arc<Lines>, peer: &Peer, request: Request) -> Result<Answer, EgressError> {
    gateway(lines).send(Purpose::Account, &here(peer), request).await
}

#[tokio::test]
async fn a_request_is_written_down_before_a_byte_of_it_leaves_and_nothing_else_is_in_it() {
    let (lines, peer) =
        (Arc::new(Lines::default()), Peer::http(Says::Answer("200 OK", "{\"ok\":true}")).await);
    *lines.heard.lock().unwrap() = Some(Arc::clone(&peer.heard));
    let answer = send(&lines, &peer, ask("/v1/account")).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"{\"ok\":true}".as_slice()));
    let opened = lines.opened.lock().unwrap().clone();
    assert_eq!((opened.len(), opened[0].bytes, opened[0].fields.as_slice()), (1, 28, ["email"].as_slice()));
    assert_eq!((opened[0].origin.as_str(), &opened[0].proxy), (here(&peer).to_string().as_str(), &None));
    assert_eq!(*lines.closed.lock().unwrap(), [(Entry(1), Outcome::Answered { status: 200, bytes: 11 })]);
    let heard = String::from_utf8(peer.heard.lock().unwrap().clone()).unwrap().to_lowercase();
    let mut heads: Vec<&str> = heard.split("\r\n\r\n").next().unwrap().lines().skip(1).collect();
    heads.sort_unstable();
    let host = format!("host: {}", peer.address);
    let mut expected = vec![
        "accept: */*",
        "authorization: bearer zis_a_secret",
        "content-length: 28",
        "content-type: application/json",
        host.as_str(),
        "user-agent: zimg/1",
    ];
    expected.sort_unstable();
    assert_eq!(heads, expected);
}

#[tokio::test]
async fn without_leave_or_a_ledger_nothing_goes() {
    let (lines, peer) = (Arc::new(Lines::default()), Peer::http(Says::Answer("200 OK", "")).await);
    lines.refuses.store(true, Ordering::Relaxed);
    assert_eq!(send(&lines, &peer, ask("/v1/account")).await.unwrap_err(), EgressError::NotAllowed);
    lines.refuses.store(false, Ordering::Relaxed);
    lines.broken.store(true, Ordering::Relaxed);
    assert_eq!(send(&lines, &peer, ask("/v1/account")).await.unwrap_err(), EgressError::Ledger(LedgerError));
    lines.broken.store(false, Ordering::Relaxed);
    assert!(matches!(send(&lines, &peer, ask("/v1?prompt=x")).await, Err(EgressError::Origin(_))));
    assert_eq!(peer.connections(), 0);
    assert!(lines.opened.lock().unwrap().is_empty());
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_secret_goes_along() {
    let other = Peer::http(Says::Answer("200 OK", "")).await;
    let to: &'static str = Box::leak(format!("http://{}/v1/stolen", other.address).into_boxed_str());
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let (lines, peer) = (Arc::new(Lines::default()), Peer::http(Says::Redirect(status, to)).await);
        assert_eq!(
            send(&lines, &peer, ask("/v1/account")).await.unwrap_err(),
            EgressError::BadAnswer,
            "{status}"
        );
        assert_eq!(lines.closed.lock().unwrap()[0].1, Outcome::Failed);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn an_answer_is_no_longer_than_it_may_be_however_it_comes() {
    for says in [Says::Endless, Says::Lying(1 << 40), Says::ChunkedEndless] {
        let (lines, peer) = (Arc::new(Lines::default()), Peer::http(says).await);
        assert_eq!(send(&lines, &peer, ask("/v1/account")).await.unwrap_err(), EgressError::BadAnswer);
    }
    // What is said to be packed is not unpacked.
    let (lines, peer) = (Arc::new(Lines::default()), Peer::http(Says::Packed).await);
    let answer = send(&lines, &peer, ask("/v1/account")).await.unwrap();
    assert_eq!(answer.body, [0x1f, 0x8b, 0, 0]);
}

#[tokio::test]
async fn who_does_not_answer_is_not_waited_for() {
    for says in [Says::Nothing, Says::HalfAHead, Says::HalfABody] {
        let (lines, peer) = (Arc::new(Lines::default()), Peer::http(says).await);
        let request = Request { time: Duration::from_millis(300), ..ask("/v1/account") };
        assert_eq!(send(&lines, &peer, request).await.unwrap_err(), EgressError::TimedOut);
        assert_eq!(lines.closed.lock().unwrap()[0].1, Outcome::Failed);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none_and_the_request_may_have_arrived() {
    for after in [0, 10, 30, 1000] {
        let (lines, peer) = (Arc::new(Lines::default()), Peer::http(Says::Breaks(after)).await);
        let refused = send(&lines, &peer, ask("/v1/account")).await.unwrap_err();
        assert_eq!(refused, EgressError::Unanswered, "after {after} bytes");
        assert_eq!(lines.closed.lock().unwrap()[0].1, Outcome::Failed);
    }
}

#[tokio::test]
async fn a_request_that_is_called_back_is_written_down_as_that() {
    let (lines, peer) = (Arc::new(Lines::default()), Peer::http(Says::Nothing).await);
    let sending = send(&lines, &peer, ask("/v1/account"));
    tokio::select! {
        _ = sending => panic!("an answer from who says nothing"),
        () = peer.has_heard() => {}
    }
    assert_eq!(*lines.closed.lock().unwrap(), [(Entry(1), Outcome::Cancelled)]);
}

#[tokio::test]
async fn nobody_there_is_told_from_a_connection_that_is_not_safe() {
    let lines = Arc::new(Lines::default());
    let gone = {
        let peer = Peer::http(Says::Nothing).await;
        here(&peer)
    };
    let refused = gateway(&lines).send(Purpose::Account, &gone, ask("/v1/account")).await;
    assert_eq!(refused.unwrap_err(), EgressError::Unreachable);
    // A certificate that nobody vouches for, one of another name, one of another time, and no TLS at all.
    let [unknown, other, old, plain] = [
        Peer::https(peer::Certified::Now("localhost")).await,
        Peer::https(peer::Certified::Now("other.example")).await,
        Peer::https(peer::Certified::LongAgo("localhost")).await,
        Peer::http(Says::Answer("200 OK", "")).await,
    ];
    let at = |peer: &Peer| {
        Origin::parse(&format!("https://localhost:{}", peer.address.port()), Reach::Internet).unwrap()
    };
    let ask_of = async |peer: &Peer, trusted: bool| {
        let mut gateway = gateway(&lines);
        if trusted {
            gateway = gateway.trusting(&peer.certificate).unwrap();
        }
        gateway.send(Purpose::Account, &at(peer), ask("/v1/account")).await
    };
    assert_eq!(ask_of(&unknown, false).await.unwrap_err(), EgressError::Untrusted);
    assert_eq!(ask_of(&other, true).await.unwrap_err(), EgressError::Untrusted);
    assert_eq!(ask_of(&old, true).await.unwrap_err(), EgressError::Clock);
    assert!(matches!(
        ask_of(&plain, false).await.unwrap_err(),
        EgressError::Untrusted | EgressError::Unreachable
    ));
    assert_eq!(ask_of(&unknown, true).await.unwrap().status, 200);
    for peer in [&unknown, &other, &old, &plain] {
        let heard = String::from_utf8_lossy(&peer.heard.lock().unwrap()).into_owned();
        assert!(
            std::ptr::eq(peer, &unknown) || !heard.contains("zis_a_secret"),
            "a secret went to who is not trusted"
        );
    }
}

#[tokio::test]
async fn a_proxy_is_used_for_other_places_written_down_and_never_for_this_computer() {
    let (lines, proxy) = (Arc::new(Lines::default()), Peer::http(Says::Answer("502 Bad Gateway", "")).await);
    let route = Route::Proxy(format!("http://{}", proxy.address));
    let gateway = Gateway::new(Arc::clone(&lines) as Arc<dyn Ledger>, Arc::new(SystemClock), route);
    let far = Origin::parse("https://account.example", Reach::Internet).unwrap();
    assert!(gateway.send(Purpose::Account, &far, ask("/v1/account")).await.is_err());
    assert_eq!(lines.opened.lock().unwrap()[0].proxy, Some(format!("http://{}", proxy.address)));
    let heard = String::from_utf8_lossy(&proxy.heard.lock().unwrap()).into_owned();
    // It learns the host and nothing of the request.
    assert!(heard.starts_with("CONNECT account.example:443 HTTP/1.1\r\n"), "{heard}");
    assert!(!heard.contains("zis_a_secret") && !heard.contains("hana"), "{heard}");
    let near = Peer::http(Says::Answer("200 OK", "")).await;
    assert_eq!(gateway.send(Purpose::Account, &here(&near), ask("/v1/account")).await.unwrap().status, 200);
    assert_eq!(proxy.connections(), 1);
}

/// The proxy that the other half of the next test is to find; variables of the system are read in a process of its own.
const OTHER_HALF: &str = "EGRESS_TEST_PROXY";

#[tokio::test]
async fn the_systems_proxy_is_used_with_its_password_and_written_down_without_it() {
    const NAME: &str = "the_systems_proxy_is_used_with_its_password_and_written_down_without_it";
    let far = Origin::parse("https://account.example", Reach::Internet).unwrap();
    if let Some(shown) = std::env::var_os(OTHER_HALF) {
        let (lines, shown) = (Arc::new(Lines::default()), shown.into_string().ok());
        let gateway = gateway(&lines);
        assert_eq!(gateway.proxy(&far), shown);
        assert!(gateway.send(Purpose::Account, &far, ask("/v1/account")).await.is_err());
        assert_eq!(lines.opened.lock().unwrap()[0].proxy, shown);
        return;
    }
    let proxy = Peer::http(Says::Answer("502 Bad Gateway", "")).await;
    let mut half = tokio::process::Command::new(std::env::current_exe().unwrap());
    let half = half
        .args(["--exact", NAME])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env(OTHER_HALF, format!("http://{}", proxy.address))
        .env("HTTPS_PROXY", format!("http://hana:lantern@{}", proxy.address))
        .env("https_proxy", format!("http://hana:lantern@{}", proxy.address));
    let told = half.output().await.unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stdout));
    let heard = String::from_utf8_lossy(&proxy.heard.lock().unwrap()).into_owned();
    assert!(heard.starts_with("CONNECT account.example:443 HTTP/1.1\r\n"), "{heard}");
    assert!(heard.to_lowercase().contains("proxy-authorization: basic "), "{heard}");
    assert!(!heard.contains("zis_a_secret"), "{heard}");
}
