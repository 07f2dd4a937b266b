//! Lives of accounts, from the first code to the receipt.

use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use server::mail::Text;
use wire::client::{Registering, SigningIn};
use wire::messages::{Receipt, SessionTokens};
use wire::{Id, Password, Purpose, Stretching};

use crate::on_both;
use crate::world::{PASSWORD, World, b64, new_account, unb64};

const HANA: &str = "hana@example.com";
const OTHER: &str = "another password of fifteen";

fn devices(world: &World, session: &SessionTokens) -> Vec<Value> {
    let reply = world.as_session("GET", "/v1/sessions", session, &Value::Null);
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json().as_array().unwrap().clone()
}

fn refresh(world: &World, session: &SessionTokens) -> crate::world::Reply {
    world.post("/v1/session/refresh", &json!({"refresh": session.refresh.text().as_str()}))
}

fn is_in(world: &World, session: &SessionTokens) -> bool {
    world.as_session("GET", "/v1/account", session, &Value::Null).status == 200
}

on_both! {
    an_account_is_made_used_and_deleted(world) {
        world.register(HANA, PASSWORD);
        let session = world.sign_in("HANA@example.com", PASSWORD).unwrap();
        let account = world.as_session("GET", "/v1/account", &session, &Value::Null).json();
        let expected = json!({"email": HANA, "locale": "ja", "created_day": "2026-11-27", "age_min_attested": 16,
                              "notice_version": "2026-11"});
        assert_eq!(account, expected);
        let change = json!({"display_name": "佐藤 花", "locale": "en", "notice_version": "2027-01"});
        let changed = world.as_session("PATCH", "/v1/account/profile", &session, &change).json();
        assert_eq!(changed["display_name"], "佐藤 花");
        let cleared = world.as_session("PATCH", "/v1/account/profile", &session, &json!({"display_name": null})).json();
        assert!(cleared.get("display_name").is_none() && cleared["locale"] == "en", "{cleared}");

        let ticket = world.proof_ticket(HANA, PASSWORD, Purpose::Export);
        let export = world.send("POST", "/v1/account/export", &[("x-ticket", &ticket)], b"");
        assert_eq!(export.status, 200, "{export:?}");
        let export = export.json();
        assert_eq!(export["account"]["email"], HANA);
        assert_eq!(export["sessions"][0]["device_label"], "書斎の端末");
        let kinds: Vec<_> = export["security_events"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        for kind in ["registered", "signed_in", "proved_for_export", "exported"] {
            assert!(kinds.contains(&json!(kind)), "{kind}: {kinds:?}");
        }

        let ticket = world.proof_ticket(HANA, PASSWORD, Purpose::DeleteAccount);
        let reply = world.send("DELETE", "/v1/account", &[("x-ticket", &ticket)], b"");
        assert_eq!(reply.status, 200, "{reply:?}");
        let receipt: Receipt = serde_json::from_slice(&reply.bytes).unwrap();
        let key = unb64(&world.send("GET", "/v1/service", &[], b"").json()["receipt_key"]);
        let signed = Receipt::signed(&receipt.receipt_id, &receipt.deleted_day, &receipt.retained);
        UnparsedPublicKey::new(&ED25519, key).verify(&signed, receipt.signature.as_bytes()).unwrap();
        assert!(!is_in(&world, &session));
        // Whose answer was lost gets the same receipt again, on a later day too.
        world.pass(86_400);
        let again = world.send("DELETE", "/v1/account", &[("x-ticket", &ticket)], b"");
        assert_eq!((again.status.as_u16(), again.json()), (200, reply.json()));
        assert_eq!(world.sign_in(HANA, PASSWORD).unwrap_err().refusal(), "unauthorized");
        // The address is free again.
        world.pass(3601);
        world.register(HANA, "another password of fifteen");
        assert!(world.sign_in(HANA, "another password of fifteen").is_ok());
    }

    a_code_whose_answer_was_lost_gives_its_ticket_again_until_that_is_used(world) {
        let (challenge, code) = world.code("register", HANA);
        let path = format!("/v1/email-challenges/{challenge}/verify");
        let code = code.unwrap();
        let give = |code: &str| world.post(&path, &json!({"code": code}));
        let first = give(&code);
        assert_eq!((first.status.as_u16(), give(&code).json()), (200, first.json()));
        let other = if code.starts_with('7') { "8KQ0M1XZ" } else { "7KQ0M1XZ" };
        assert_eq!(give(other).refusal(), "unauthorized");
        let ticket = first.json()["ticket"].as_str().unwrap().to_owned();
        assert_eq!(world.set_password(&ticket, PASSWORD, Some(new_account())).status, 201);
        assert_eq!(give(&code).refusal(), "unauthorized");
    }

    tokens_rotate_and_a_lost_answer_is_made_good_for_a_minute(world) {
        world.register(HANA, PASSWORD);
        let first = world.sign_in(HANA, PASSWORD).unwrap();
        let second: SessionTokens = serde_json::from_slice(&refresh(&world, &first).bytes).unwrap();
        assert!(!is_in(&world, &first) && is_in(&world, &second));
        // The answer was lost: the client asks again with what it has.
        world.pass(59);
        let third: SessionTokens = serde_json::from_slice(&refresh(&world, &first).bytes).unwrap();
        assert!(!is_in(&world, &second) && is_in(&world, &third));
        assert_eq!(third.session_id, first.session_id);
        // Whoever has a copy of the first comes too late, and it shows.
        world.pass(2);
        assert_eq!(refresh(&world, &first).refusal(), "unauthorized");
        assert!(!is_in(&world, &third), "the session goes on though its token was used twice");
        assert!(world.mails().iter().any(|mail| mail.text == Text::SessionEnded));
    }

    sessions_end_by_time(world) {
        world.register(HANA, PASSWORD);
        let session = world.sign_in(HANA, PASSWORD).unwrap();
        world.pass(900);
        assert!(!is_in(&world, &session), "an access token lasts a quarter of an hour");
        let mut session: SessionTokens = serde_json::from_slice(&refresh(&world, &session).bytes).unwrap();
        for _ in 0..6 {
            world.pass(29 * 86_400);
            session = serde_json::from_slice(&refresh(&world, &session).bytes).unwrap();
        }
        world.pass(7 * 86_400);
        assert_eq!(refresh(&world, &session).status, 401, "180 days are over");
        let session = world.sign_in(HANA, PASSWORD).unwrap();
        world.pass(32 * 86_400);
        assert_eq!(refresh(&world, &session).status, 401, "unused for a month");
    }

    devices_are_named_listed_and_signed_out(world) {
        world.register(HANA, PASSWORD);
        let [a, b, c] = [(); 3].map(|()| world.sign_in(HANA, PASSWORD).unwrap());
        assert_eq!(devices(&world, &a).len(), 3);
        let path = format!("/v1/sessions/{}", b.session_id);
        let named = world.as_session("PATCH", &path, &a, &json!({"device_label": "仕事部屋"}));
        assert_eq!(named.status, 204, "{named:?}");
        let of = |list: &[Value], id: &Id| list.iter().find(|device| device["id"] == id.to_string()).cloned().unwrap();
        let list = devices(&world, &a);
        assert_eq!(of(&list, &b.session_id)["device_label"], "仕事部屋");
        assert_eq!(of(&list, &a.session_id)["current"], true);
        assert_eq!(of(&list, &b.session_id)["current"], false);
        assert_eq!(world.as_session("DELETE", &path, &a, &Value::Null).status, 204);
        assert!(is_in(&world, &a) && !is_in(&world, &b) && is_in(&world, &c));
        assert_eq!(refresh(&world, &b).status, 401);
        assert_eq!(world.as_session("DELETE", "/v1/sessions", &a, &Value::Null).status, 204);
        assert!(is_in(&world, &a) && !is_in(&world, &c));
        // Of another account nothing is named and nothing ended.
        world.register("ren@example.com", PASSWORD);
        let ren = world.sign_in("ren@example.com", PASSWORD).unwrap();
        let path = format!("/v1/sessions/{}", a.session_id);
        assert_eq!(world.as_session("PATCH", &path, &ren, &json!({"device_label": "x"})).status, 404);
        world.as_session("DELETE", &path, &ren, &Value::Null);
        assert!(is_in(&world, &a));
    }

    what_began_before_a_password_was_set_anew_comes_to_nothing(world) {
        world.register(HANA, PASSWORD);
        // A sign-in between its two messages, and a code that nobody has given yet.
        let password = Password::new(PASSWORD).unwrap();
        let (client, ke1) = SigningIn::start(&password).unwrap();
        let start = json!({"email": HANA, "ke1": b64(&ke1), "purpose": "login"});
        let answer = world.post("/v1/opaque/login/start", &start).json();
        let (challenge, code) = world.code("reset_password", HANA);
        let ticket = world.mail_ticket("reset_password", HANA);
        assert!(world.set_password(&ticket, OTHER, None).status.is_success());
        let signed =
            client.finish(&password, &unb64(&answer["ke2"]), Stretching::V1, Purpose::Login).unwrap();
        let finish = json!({"login_id": answer["login_id"], "ke3": b64(&signed.ke3), "platform": "linux"});
        assert_eq!(world.post("/v1/opaque/login/finish", &finish).status, 401, "the old password opened");
        let path = format!("/v1/email-challenges/{challenge}/verify");
        assert_eq!(world.post(&path, &json!({"code": code.unwrap()})).status, 401, "the earlier code was right");
        assert!(world.sign_in(HANA, OTHER).is_ok());
    }

    a_ticket_with_which_a_registration_began_twice_ends_with_either(world) {
        let ticket = world.mail_ticket("register", HANA);
        let password = Password::new(PASSWORD).unwrap();
        let begin = || {
            let (client, request) = Registering::start(&password).unwrap();
            let start = json!({"ticket": ticket, "request": b64(&request)});
            let answer = world.post("/v1/opaque/registration/start", &start).json();
            client.finish(&password, &unb64(&answer["response"]), Stretching::V1).unwrap().0
        };
        let (first, _) = (begin(), begin());
        let finish = json!({"ticket": ticket, "upload": b64(&first), "new": new_account()});
        assert_eq!(world.post("/v1/opaque/registration/finish", &finish).status, 201);
        assert!(world.sign_in(HANA, PASSWORD).is_ok());
    }

    a_changed_password_signs_every_device_out_and_tells_the_owner(world) {
        world.register(HANA, PASSWORD);
        let session = world.sign_in(HANA, PASSWORD).unwrap();
        let ticket = world.proof_ticket(HANA, PASSWORD, Purpose::ChangePassword);
        let reply = world.set_password(&ticket, "the second password here", None);
        assert_eq!(reply.status, 201, "{reply:?}");
        assert!(world.mails().iter().any(|mail| mail.text == Text::PasswordChanged && mail.to.as_str() == HANA));
        assert!(!is_in(&world, &session));
        assert!(world.sign_in(HANA, PASSWORD).is_err());
        world.pass(2);
        assert!(world.sign_in(HANA, "the second password here").is_ok());
        assert_eq!(world.set_password(&ticket, PASSWORD, None).status, 401, "the ticket is used up");
    }

    a_lost_password_is_replaced_by_mail(world) {
        world.register(HANA, PASSWORD);
        let session = world.sign_in(HANA, PASSWORD).unwrap();
        let ticket = world.mail_ticket("reset_password", HANA);
        assert_eq!(world.set_password(&ticket, "the second password here", None).status, 201);
        assert!(!is_in(&world, &session));
        assert!(world.sign_in(HANA, "the second password here").is_ok());
    }

    a_lost_password_does_not_keep_an_account_from_being_deleted(world) {
        world.register(HANA, PASSWORD);
        let ticket = world.mail_ticket("delete_account", HANA);
        assert_eq!(world.send("DELETE", "/v1/account", &[("x-ticket", &ticket)], b"").status, 200);
        assert!(world.sign_in(HANA, PASSWORD).is_err());
    }

    an_account_moves_to_another_address_and_back(world) {
        world.register(HANA, PASSWORD);
        let session = world.sign_in(HANA, PASSWORD).unwrap();
        let proof = world.proof_ticket(HANA, PASSWORD, Purpose::ChangeEmail);
        let address = world.mail_ticket("change_email", "new@example.com");
        let moved = world.post("/v1/account/email", &json!({"ticket": proof, "address_ticket": address}));
        assert_eq!(moved.status, 204, "{moved:?}");
        let mails = world.mails();
        assert!(mails.iter().any(|mail| mail.to.as_str() == "new@example.com" && mail.text == Text::EmailIsNowHere));
        let undo = mails.into_iter().find_map(|mail| match mail.text {
            Text::EmailMoved { undo } if mail.to.as_str() == HANA => Some(undo),
            _ => None,
        });
        // The same password at the new address, and nothing at the old one.
        assert!(world.sign_in("new@example.com", PASSWORD).is_ok());
        assert!(world.sign_in(HANA, PASSWORD).is_err());
        assert!(is_in(&world, &session));
        world.pass(71 * 3600);
        let undone = world.post("/v1/account/email/undo", &json!({"ticket": undo.unwrap()}));
        assert_eq!(undone.status, 204, "{undone:?}");
        assert!(!is_in(&world, &session), "who took the address may be signed in yet");
        assert!(world.sign_in(HANA, PASSWORD).is_ok());
        assert!(world.sign_in("new@example.com", PASSWORD).is_err());
    }

    an_address_that_somebody_has_is_not_taken_twice(world) {
        let first = world.mail_ticket("register", HANA);
        let second = world.mail_ticket("register", HANA);
        assert_eq!(world.set_password(&first, PASSWORD, Some(new_account())).status, 201);
        assert_eq!(world.set_password(&second, "somebody else's password", Some(new_account())).status, 401);
        assert!(world.sign_in(HANA, PASSWORD).is_ok());
        // Nor does an account move there.
        world.register("ren@example.com", PASSWORD);
        world.pass(3601);
        let (_, code) = world.code("change_email", HANA);
        assert!(code.is_none(), "a code for an address that is somebody else's");
    }
}
