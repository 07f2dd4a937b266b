//! Pictures that pass through.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use server::images::Engine;
use tokio::sync::{Notify, mpsc};
use wire::messages::SessionTokens;

use crate::log;
use crate::world::{Database, PASSWORD, World};

const HANA: &str = "hana@example.com";
const PATH: &str = "/v1/images/generations";
/// What must be found nowhere afterwards.
const PROMPT: &str = "marker-prompt: 灯台の印 at dawn";
const PICTURE: &str = "bWFya2VyLXBpY3R1cmU";

/// How an engine answers.
#[derive(Clone)]
enum Does {
    Answer,
    /// An error that quotes the prompt.
    Fail,
    /// A page.
    Html,
    /// A piece for each permit, and then no end.
    Drip(Arc<Notify>),
}

#[derive(Clone)]
struct Fake {
    does: Does,
    heard: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
    /// Told when an answer is given up from outside.
    dropped: mpsc::UnboundedSender<()>,
}

struct Dropped(mpsc::UnboundedSender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

async fn answer(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let quoted = request["prompt"].to_string();
    fake.heard.lock().unwrap().push((headers, request));
    let json = [("content-type", "application/json")];
    match fake.does {
        Does::Answer => {
            (json, json!({"created": 1, "data": [{"b64_json": PICTURE}]}).to_string()).into_response()
        }
        Does::Fail => (StatusCode::BAD_REQUEST, json, json!({"error": quoted}).to_string()).into_response(),
        Does::Html => ([("content-type", "text/html")], format!("<p>{quoted}</p>")).into_response(),
        Does::Drip(permit) => {
            let begin = (permit, Dropped(fake.dropped), 0);
            let pieces = futures_util::stream::unfold(begin, async |(permit, dropped, n)| {
                permit.notified().await;
                let piece = format!("event: image_generation.partial_image\ndata: {{\"n\":{n}}}\n\n");
                Some((Ok::<_, std::io::Error>(piece), (permit, dropped, n + 1)))
            });
            ([("content-type", "text/event-stream; charset=utf-8")], Body::from_stream(pieces))
                .into_response()
        }
    }
}

struct Stage {
    world: World,
    session: SessionTokens,
    heard: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
    dropped: mpsc::UnboundedReceiver<()>,
    _engine: tokio::runtime::Runtime,
}

/// A service before an engine that does this, and somebody who is signed in.
fn stage(database: Database, does: Does, per_day: i64) -> Option<Stage> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (told, dropped) = mpsc::unbounded_channel();
    let fake = Fake { does, heard: Arc::default(), dropped: told };
    let heard = Arc::clone(&fake.heard);
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().route(PATH, post(answer)).with_state(fake);
    runtime.spawn(async move { axum::serve(listener, router).await });
    let engine = Engine::at(&url, Some("engine-key".to_owned()), per_day).unwrap();
    let world = World::before(database, Some(engine))?;
    world.register(HANA, PASSWORD);
    let session = world.sign_in(HANA, PASSWORD).unwrap();
    Some(Stage { world, session, heard, dropped, _engine: runtime })
}

fn on_both(does: &Does, per_day: i64, run: impl Fn(Stage)) {
    for database in [Database::Sqlite, Database::Postgres] {
        stage(database, does.clone(), per_day).into_iter().for_each(&run);
    }
}

fn order() -> Value {
    json!({"prompt": PROMPT, "training": false, "n": 1, "size": "1024x1024"})
}

impl Stage {
    fn ask(&self, order: &Value) -> crate::world::Reply {
        self.world.as_session("POST", PATH, &self.session, order)
    }
}

#[test]
fn a_picture_passes_through_and_nothing_of_it_stays() {
    log::listen();
    on_both(&Does::Answer, 100, |stage| {
        let reply = stage.ask(&order());
        assert_eq!(
            (reply.status.as_u16(), reply.json()["data"][0]["b64_json"].as_str()),
            (200, Some(PICTURE))
        );
        let heard = stage.heard.lock().unwrap().clone();
        let (headers, request) = &heard[0];
        assert_eq!(*request, order(), "the engine gets what was asked, the word on training included");
        assert_eq!(headers["authorization"], "Bearer engine-key");
        // The engine learns nothing about who asks.
        let names: Vec<&str> = headers.keys().map(|name| name.as_str()).collect();
        for name in &names {
            assert!(
                ["accept", "authorization", "content-length", "content-type", "host"].contains(name),
                "{names:?}"
            );
        }
        for entry in fs::read_dir(stage.world.running.dir.path()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            for marker in ["marker-prompt", "灯台の印", PICTURE] {
                assert!(!bytes.windows(marker.len()).any(|window| window == marker.as_bytes()), "{marker}");
            }
        }
        let counted = String::from_utf8(stage.world.send("GET", "/metrics", &[], b"").bytes).unwrap();
        assert!(counted.contains(PATH) && !counted.contains("marker"), "{counted}");
    });
    // An engine's refusal may quote the prompt.
    for does in [Does::Fail, Does::Html] {
        on_both(&does, 100, |stage| assert_eq!(stage.ask(&order()).status, 502));
    }
    assert!(log::holds(PATH), "the request was logged");
    for secret in ["marker-prompt", "灯台の印", PICTURE, "@example.com", "engine-key"] {
        assert!(!log::holds(secret), "{secret} is in the log");
    }
}

#[test]
fn who_asks_is_signed_in_says_whether_the_engine_may_learn_and_asks_for_what_there_is() {
    let stage = stage(Database::Sqlite, Does::Answer, 100).unwrap();
    assert_eq!(stage.world.post(PATH, &order()).status, 401);
    let with = |name: &str, value: Value| {
        let mut order = order();
        order[name] = value;
        order
    };
    let mut silent = order();
    silent.as_object_mut().unwrap().remove("training");
    let long = "x".repeat(32_001);
    for bad in [
        silent,
        with("training", json!("no")),
        with("training", Value::Null),
        with("prompt", json!("")),
        with("prompt", json!(long)),
        with("n", json!(0)),
        with("n", json!(5)),
        with("model", json!("m".repeat(101))),
        with("vault_id", json!("x")),
        json!([]),
        json!("x"),
    ] {
        assert_eq!(stage.ask(&bad).status, 400, "{}", &bad.to_string()[..bad.to_string().len().min(80)]);
    }
    let huge = json!({"prompt": "x".repeat(300_000), "training": true});
    assert_eq!(stage.ask(&huge).status, 413);
    assert!(stage.heard.lock().unwrap().is_empty(), "the engine was asked");
    assert_eq!(stage.ask(&with("prompt", json!("夜".repeat(32_000)))).status, 200);
    // Without an engine there is no such path.
    let world = World::on(Database::Sqlite).unwrap();
    world.register(HANA, PASSWORD);
    let session = world.sign_in(HANA, PASSWORD).unwrap();
    assert_eq!(world.as_session("POST", PATH, &session, &order()).status, 404);
}

#[test]
fn a_day_has_its_share_and_what_was_not_made_is_not_counted() {
    on_both(&Does::Answer, 3, |stage| {
        let mut two = order();
        two["n"] = json!(2);
        assert_eq!(stage.ask(&two).status, 200);
        let refused = stage.ask(&two);
        assert_eq!((refused.status.as_u16(), refused.refusal().as_str()), (429, "quota_exceeded"));
        assert_eq!(refused.json()["retry_after"], 86_400);
        assert_eq!(stage.ask(&order()).status, 200);
        assert_eq!(stage.ask(&order()).status, 429);
    });
    for does in [Does::Fail, Does::Html] {
        on_both(&does, 1, |stage| {
            for _ in 0..3 {
                let reply = stage.ask(&order());
                assert_eq!((reply.status.as_u16(), reply.refusal().as_str()), (502, "upstream"));
                let text = String::from_utf8(reply.bytes).unwrap();
                assert!(!text.contains("marker"), "the engine's words came through: {text}");
            }
        });
    }
}

#[test]
fn drafts_come_as_they_are_made_one_request_at_a_time_and_closing_ends_the_engines_work() {
    let permit = Arc::new(Notify::new());
    let mut stage = stage(Database::Sqlite, Does::Drip(Arc::clone(&permit)), 100).unwrap();
    let (address, bearer) = (stage.world.address(), format!("Bearer {}", *stage.session.access.text()));
    let mut streamed = order();
    streamed["stream"] = json!(true);
    let (first, busy) = stage.world.block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(async move { drop(connection.await) });
        let request = hyper::Request::post(PATH)
            .header("host", "x")
            .header("authorization", &bearer)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(streamed.to_string())))
            .unwrap();
        let mut response = sender.send_request(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        // A piece is here before the next is made.
        permit.notify_one();
        let first = response.frame().await.unwrap().unwrap().into_data().unwrap();
        let second = connect_and_ask(address, &bearer).await;
        connection.abort();
        (first, second)
    });
    assert!(first.starts_with(b"event: image_generation.partial_image\ndata: {\"n\":0}"), "{first:?}");
    assert_eq!(busy, 429, "two requests of one account at a time");
    // The engine hears that nobody waits any more.
    let ended = stage.world.block_on(async {
        let heard = async {
            while stage.dropped.try_recv().is_err() {
                permit.notify_one();
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), heard).await
    });
    assert!(ended.is_ok(), "the engine goes on for nobody");
}

async fn connect_and_ask(address: std::net::SocketAddr, bearer: &str) -> u16 {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    let request = hyper::Request::post(PATH)
        .header("host", "x")
        .header("authorization", bearer)
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(order().to_string())))
        .unwrap();
    sender.send_request(request).await.unwrap().status().as_u16()
}
