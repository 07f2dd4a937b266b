//! Guessing gets slow, and its owner is never kept out of an account.

use serde_json::json;
use wire::client::SigningIn;
use wire::messages::{Granted, SessionTokens};
use wire::{Password, Purpose, Stretching};

use crate::on_both;
use crate::world::{PASSWORD, Reply, World, b64, unb64};

const HANA: &str = "hana@example.com";

fn guess(world: &World) -> Reply {
    world.sign_in(HANA, "a guess that is not right").unwrap_err()
}

fn session(granted: Granted) -> SessionTokens {
    match granted {
        Granted::Session(session) => session,
        Granted::Ticket { .. } => panic!("a ticket for a login"),
    }
}

on_both! {
    a_guess_waits_for_the_one_before_and_a_success_forgives_them(world) {
        world.register(HANA, PASSWORD);
        assert_eq!(guess(&world).status, 401);
        let refused = guess(&world);
        assert_eq!((refused.status.as_u16(), refused.refusal().as_str()), (429, "too_many"));
        assert_eq!(refused.json()["retry_after"], 1);
        world.pass(1);
        assert_eq!(guess(&world).status, 401);
        world.pass(1);
        assert!(world.sign_in(HANA, PASSWORD).is_ok());
        assert_eq!(guess(&world).status, 401, "the count begins anew");
    }

    an_address_without_an_account_is_throttled_like_one_with(world) {
        world.register(HANA, PASSWORD);
        let tell = |email: &str| {
            let mut all = Vec::new();
            for wait in [0, 0, 1, 1, 1, 1, 3, 3] {
                world.pass(wait);
                let reply = world.sign_in(email, "a guess that is not right").unwrap_err();
                all.push((reply.status.as_u16(), reply.json()));
            }
            all
        };
        assert_eq!(tell(HANA), tell("nobody@example.com"));
    }

    guessing_ends_for_the_day_and_the_owners_device_is_not_kept_out(world) {
        world.register(HANA, PASSWORD);
        let known = session(world.prove(HANA, PASSWORD, Purpose::Login, &json!({})).unwrap());
        let device = json!({"device": known.device.unwrap()});
        // Without the sealed answers an attacker has no device: 101 tries, each after its wait.
        for _ in 0..101 {
            world.pass(10);
            let start = json!({"email": HANA, "ke1": b64(&[7; 96]), "purpose": "login"});
            let reply = world.post("/v1/opaque/login/start", &start);
            assert!([200, 400].contains(&reply.status.as_u16()), "{reply:?}");
        }
        world.pass(10);
        let refused = guess(&world);
        assert_eq!(refused.status, 429);
        assert!(refused.json()["retry_after"].as_u64().unwrap() > 80_000);
        assert!(world.prove(HANA, PASSWORD, Purpose::Login, &device).is_ok(), "the owner is locked out");
        // A device of somebody else is none.
        world.register("ren@example.com", PASSWORD);
        let other = session(world.prove("ren@example.com", PASSWORD, Purpose::Login, &json!({})).unwrap());
        let refused = world.prove(HANA, PASSWORD, Purpose::Login, &json!({"device": other.device.unwrap()}));
        assert_eq!(refused.unwrap_err().status, 429);
        world.pass(86_400);
        assert!(world.sign_in(HANA, PASSWORD).is_ok());
    }

    whoever_is_held_up_by_a_network_uses_no_try_of_an_account_up(world) {
        world.register(HANA, PASSWORD);
        let start = |email: &str| {
            let start = json!({"email": email, "ke1": b64(&SigningIn::start(&Password::new(PASSWORD).unwrap()).unwrap().1),
                               "purpose": "login"});
            world.say("POST", "/v1/opaque/login/start", &[("x-forwarded-for", "203.0.113.9")], &start).status.as_u16()
        };
        for person in 0..300 {
            assert_eq!(start(&format!("person{person}@example.com")), 200);
        }
        // The share of that part of the network is used up, and more than an account's hundred are tried from there.
        for _ in 0..110 {
            assert_eq!(start(HANA), 429);
            world.pass(10);
        }
        assert!(world.sign_in(HANA, PASSWORD).is_ok(), "the owner is kept out from elsewhere");
    }

    an_address_gets_three_mails_an_hour(world) {
        let request = json!({"purpose": "register", "email": HANA, "locale": "en"});
        for _ in 0..3 {
            assert_eq!(world.post("/v1/email-challenges", &request).status, 202);
        }
        assert_eq!(world.post("/v1/email-challenges", &request).status, 429);
        assert_eq!(world.mails().len(), 3);
        world.pass(3600);
        assert_eq!(world.post("/v1/email-challenges", &request).status, 202);
    }

    who_asks_from_elsewhere_does_not_use_up_the_owners_mails(world) {
        world.register(HANA, PASSWORD);
        let ask = |from: &str| {
            let request = json!({"purpose": "reset_password", "email": HANA, "locale": "en"});
            world.say("POST", "/v1/email-challenges", &[("x-forwarded-for", from)], &request).status.as_u16()
        };
        assert_eq!([(); 4].map(|()| ask("203.0.113.9")), [202, 202, 202, 429]);
        assert_eq!(ask("198.51.100.7"), 202, "the owner");
        // Nor is an address flooded from all sides.
        let all: usize = (0..20).map(|n| usize::from(ask(&format!("192.0.{n}.1")) == 202)).sum();
        assert_eq!(all, 12 - 1 - 4, "less that of the registration");
    }

    a_part_of_the_network_causes_ten_mails_an_hour_and_the_next_part_its_own(world) {
        let ask = |n: u32, from: &str| {
            let request = json!({"purpose": "register", "email": format!("a{n}@example.com"), "locale": "en"});
            world.say("POST", "/v1/email-challenges", &[("x-forwarded-for", from)], &request).status.as_u16()
        };
        for n in 0..10 {
            assert_eq!(ask(n, &format!("198.51.100.{n}")), 202);
        }
        assert_eq!(ask(10, "198.51.100.77"), 429);
        assert_eq!(ask(11, "198.51.101.77"), 202);
        // What a client claims stands before what the proxy saw.
        assert_eq!(ask(12, "203.0.113.9, 198.51.100.78"), 429);
        assert_eq!(ask(13, "2001:db8::1"), 202);
    }

    five_tries_end_a_code(world) {
        let (challenge, code) = world.code("register", HANA);
        let path = format!("/v1/email-challenges/{challenge}/verify");
        let code = code.unwrap();
        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        for _ in 0..5 {
            assert_eq!(world.post(&path, &json!({"code": wrong})).status, 401);
        }
        assert_eq!(world.post(&path, &json!({"code": code})).status, 401, "a sixth try was allowed");
    }

    who_guesses_at_many_does_not_begin_anew_by_signing_in_to_an_account_of_their_own(world) {
        world.register(HANA, PASSWORD);
        let from = [("x-forwarded-for", "203.0.113.7")];
        let (client, ke1) = SigningIn::start(&Password::new(PASSWORD).unwrap()).unwrap();
        let start = |email: &str| {
            let message = json!({"email": email, "ke1": b64(&ke1), "purpose": "login"});
            world.say("POST", "/v1/opaque/login/start", &from, &message)
        };
        for n in 0..298 {
            assert_eq!(start(&format!("a{n}@example.com")).status, 200);
        }
        let answer = start(HANA).json();
        let password = Password::new(PASSWORD).unwrap();
        let signed =
            client.finish(&password, &unb64(&answer["ke2"]), Stretching::V1, Purpose::Login).unwrap();
        let finish = json!({"login_id": answer["login_id"], "ke3": b64(&signed.ke3), "platform": "linux"});
        assert_eq!(world.say("POST", "/v1/opaque/login/finish", &from, &finish).status, 200);
        assert_eq!(["b@c", "d@e", "f@g"].map(|email| start(email).status.as_u16()), [200, 200, 429]);
    }
}
