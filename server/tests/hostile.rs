//! Requests that nobody means well with, and what the answers tell.

use serde_json::{Value, json};
use wire::client::SigningIn;
use wire::messages::SessionTokens;
use wire::{Password, Purpose, Stretching};

use crate::on_both;
use crate::world::{PASSWORD, Reply, World, b64, new_account, unb64};

const HANA: &str = "hana@example.com";

/// What can be told of an answer: everything but the random bytes in it, of which the length counts.
fn shape(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let mut headers = reply.headers.clone();
    headers.retain(|(name, _)| name != "date");
    headers.sort();
    let mut json = reply.json();
    for name in ["challenge_id", "login_id", "ke2"] {
        if let Some(value) = json.get_mut(name) {
            *value = json!(value.as_str().unwrap().len());
        }
    }
    (reply.status.as_u16(), headers, json)
}

/// A sign-in up to its last message, which is not sent.
fn halfway(world: &World, email: &str, purpose: Purpose) -> Value {
    let password = Password::new(PASSWORD).unwrap();
    let (client, ke1) = SigningIn::start(&password).unwrap();
    let start = json!({"email": email, "ke1": b64(&ke1), "purpose": purpose});
    let answer = world.post("/v1/opaque/login/start", &start).json();
    let signed = client.finish(&password, &unb64(&answer["ke2"]), Stretching::V1, purpose).unwrap();
    json!({"login_id": answer["login_id"], "ke3": b64(&signed.ke3)})
}

on_both! {
    an_answer_does_not_tell_whether_there_is_an_account(world) {
        world.register(HANA, PASSWORD);
        world.pass(3601);
        for purpose in ["register", "reset_password", "change_email", "delete_account"] {
            let ask = |email: &str| {
                world.post("/v1/email-challenges", &json!({"purpose": purpose, "email": email, "locale": "en"}))
            };
            assert_eq!(shape(&ask(HANA)), shape(&ask("nobody@example.com")), "{purpose}");
            world.pass(3601);
        }
        let (_, ke1) = SigningIn::start(&Password::new(PASSWORD).unwrap()).unwrap();
        for purpose in Purpose::ALL {
            let start = |email: &str| {
                world.post("/v1/opaque/login/start", &json!({"email": email, "ke1": b64(&ke1), "purpose": purpose}))
            };
            let (known, unknown) = (start(HANA), start("nobody@example.com"));
            assert_eq!(known.bytes.len(), unknown.bytes.len());
            assert_eq!(shape(&known), shape(&unknown), "{purpose:?}");
            let finish = |started: &Reply| {
                let finish = json!({"login_id": started.json()["login_id"], "ke3": b64(&[9; 64])});
                shape(&world.post("/v1/opaque/login/finish", &finish))
            };
            assert_eq!(finish(&known), finish(&unknown));
            world.pass(86_401);
        }
    }

    a_proof_is_used_once_in_time_and_for_its_purpose(world) {
        world.register(HANA, PASSWORD);
        let finish = halfway(&world, HANA, Purpose::Login);
        assert_eq!(world.post("/v1/opaque/login/finish", &finish).status, 200);
        assert_eq!(world.post("/v1/opaque/login/finish", &finish).status, 401, "replayed");
        // The proof of one sign-in with the id of another.
        let (a, b) = (halfway(&world, HANA, Purpose::Login), { world.pass(2); halfway(&world, HANA, Purpose::DeleteAccount) });
        let mixed = json!({"login_id": b["login_id"], "ke3": a["ke3"]});
        assert_eq!(world.post("/v1/opaque/login/finish", &mixed).status, 401);
        world.pass(2);
        let late = halfway(&world, HANA, Purpose::Login);
        world.pass(120);
        assert_eq!(world.post("/v1/opaque/login/finish", &late).status, 401, "too late");
    }

    a_ticket_is_used_once_in_time_for_its_purpose_and_account(world) {
        world.register(HANA, PASSWORD);
        world.register("ren@example.com", PASSWORD);
        let delete = |ticket: &str| world.send("DELETE", "/v1/account", &[("x-ticket", ticket)], b"").status.as_u16();
        for purpose in [Purpose::ChangePassword, Purpose::ChangeEmail, Purpose::Export] {
            assert_eq!(delete(&world.proof_ticket(HANA, PASSWORD, purpose)), 401, "{purpose:?}");
        }
        let late = world.proof_ticket(HANA, PASSWORD, Purpose::DeleteAccount);
        world.pass(600);
        assert_eq!(delete(&late), 401);
        let export = world.proof_ticket(HANA, PASSWORD, Purpose::Export);
        let asked = || world.send("POST", "/v1/account/export", &[("x-ticket", &export)], b"");
        assert_eq!(asked().json()["account"]["email"], HANA);
        assert_eq!(asked().status, 401, "used twice");
        // A code for an account's deletion does not reset its password, and the reverse.
        let reset = world.mail_ticket("reset_password", HANA);
        assert_eq!(delete(&reset), 401);
        world.pass(3601);
        let gone = world.mail_ticket("delete_account", "ren@example.com");
        assert_eq!(world.set_password(&gone, "another password of mine", None).status, 401);
        assert_eq!(delete(&gone), 200);
        assert!(world.sign_in(HANA, PASSWORD).is_ok(), "another account went with it");
        // A ticket of a mail to one's own address does not move another's account.
        world.pass(3601);
        let address = world.mail_ticket("change_email", "free@example.com");
        let moved = world.post("/v1/account/email", &json!({"ticket": address, "address_ticket": address}));
        assert_eq!(moved.status, 401);
    }

    a_registration_that_misses_a_part_does_not_use_the_ticket_up(world) {
        let ticket = world.mail_ticket("register", HANA);
        assert_eq!(world.set_password(&ticket, PASSWORD, None).status, 400);
        assert_eq!(world.set_password(&ticket, PASSWORD, Some(new_account())).status, 201);
        let ticket = world.mail_ticket("reset_password", HANA);
        assert_eq!(world.set_password(&ticket, PASSWORD, Some(new_account())).status, 400);
        assert_eq!(world.set_password(&ticket, "the second password here", None).status, 201);
    }

    a_finish_without_a_start_is_refused(world) {
        let ticket = world.mail_ticket("register", HANA);
        let finish = json!({"ticket": ticket, "upload": b64(&[1; 192]), "new": new_account()});
        assert!([400, 401].contains(&world.post("/v1/opaque/registration/finish", &finish).status.as_u16()));
    }

    every_body_is_strict_and_short(world) {
        world.register(HANA, PASSWORD);
        let session: SessionTokens = world.sign_in(HANA, PASSWORD).unwrap();
        let bearer = format!("Bearer {}", *session.access.text());
        let id = session.session_id.to_string();
        let paths = [
            ("POST", "/v1/email-challenges".to_owned()),
            ("POST", format!("/v1/email-challenges/{id}/verify")),
            ("POST", "/v1/opaque/registration/start".to_owned()),
            ("POST", "/v1/opaque/registration/finish".to_owned()),
            ("POST", "/v1/opaque/login/start".to_owned()),
            ("POST", "/v1/opaque/login/finish".to_owned()),
            ("POST", "/v1/session/refresh".to_owned()),
            ("PATCH", "/v1/account/profile".to_owned()),
            ("PATCH", format!("/v1/sessions/{id}")),
            ("POST", "/v1/account/email".to_owned()),
            ("POST", "/v1/account/email/undo".to_owned()),
        ];
        let deep = "[".repeat(2000);
        for (method, path) in &paths {
            let send = |body: &[u8]| {
                let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
                world.send(method, path, &headers, body).status.as_u16()
            };
            let with_prompt = json!({"email": HANA, "locale": "ja", "purpose": "register", "prompt": "a lighthouse"});
            for body in ["", "{", "null", "[]", "\"x\"", &deep, &with_prompt.to_string(), "{\"a\":1,\"a\":2}", "\u{feff}{}"] {
                assert_eq!(send(body.as_bytes()), 400, "{method} {path} {}", &body[..body.len().min(40)]);
            }
            assert_eq!(send(&[0xff, 0xfe, b'{', b'}']), 400);
            assert_eq!(send(&vec![b' '; 4097]), 413, "{method} {path}");
            assert_eq!(send(&vec![b' '; 1 << 20]), 413, "{method} {path}");
            let plain = world.send(method, path, &[("authorization", &bearer), ("content-type", "text/plain")], b"{}");
            assert_eq!(plain.status, 400, "{method} {path}");
        }
        assert!(world.as_session("GET", "/v1/account", &session, &Value::Null).status == 200);
    }

    nothing_else_is_there(world) {
        for (method, path) in [
            ("GET", "/"), ("GET", "/v1"), ("PUT", "/v1/account"), ("POST", "/v1/sessions"), ("GET", "/v1/accounts"),
            ("POST", "/v1/email-challenges/x/verify"), ("OPTIONS", "/v1/account"), ("GET", "/v1/../metrics"),
        ] {
            let headers = [("content-type", "application/json"), ("origin", "https://evil.example")];
            let reply = world.send(method, path, &headers, br#"{"code":"7KQ0M1XZ"}"#);
            assert_eq!((reply.status.as_u16(), reply.refusal().as_str()), (404, "not_found"), "{method} {path}");
        }
        for path in ["/v1/account", "/v1/sessions"] {
            for header in ["", "Bearer", "Bearer x", "Basic YTpi", "bearer zis_a_AAAA"] {
                assert_eq!(world.send("GET", path, &[("authorization", header)], b"").status, 401);
            }
        }
    }

    health_and_counts_name_nobody(world) {
        world.register(HANA, PASSWORD);
        assert_eq!(world.send("GET", "/healthz", &[], b"").bytes, b"ok\n");
        world.post("/v1/email-challenges/AAAAAAAAAAAAAAAAAAAAAA/verify", &json!({"code": "7KQ0M1XZ"}));
        let text = String::from_utf8(world.send("GET", "/metrics", &[], b"").bytes).unwrap();
        assert!(text.contains("route=\"/v1/email-challenges/{id}/verify\""), "{text}");
        assert!(!text.contains("hana") && !text.contains("AAAAAAAA"), "{text}");
    }
}
