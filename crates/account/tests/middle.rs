//! Somebody between the client and its service whose certificate the computer trusts, as a company's proxy has it: he reads every
//! word of the connection. The password is not among them in any form, nor is a token in the answer to a sign-in.
//!
//! Tokens that are used stand in later requests (`Authorization: Bearer`, `X-Ticket`, the next pair of a renewal): by design.
//! Who reads these has the session until its end, and not the password, nor a proof of it for anything else.

mod forms;

use account::{AccountError, Keeping, Known};
use wire::messages::{Locale, MailPurpose};
use wire::{DeviceLabel, Password, Purpose};

use journeys::middle::{Exchange, Middle};

use self::forms::Forms;
use crate::world::{World, client};
use crate::{hana, new_account, register};

/// Typed on keyboards of two kinds, so that each normal form has other bytes.
const TYPED: &str = "ﾊﾟｽﾜｰﾄﾞの灯台 Ｌａｎｔｅｒｎ cafe\u{301} ½ Ångström";

fn behind(middle: &Middle, world: &World, known: Known) -> account::Account {
    let gateway = world.gateway(std::sync::Arc::new(model::SystemClock));
    let gateway = gateway.trusting(&middle.authority).unwrap();
    client(gateway, &format!("https://localhost:{}", middle.address.port()), known, Keeping::Memory)
}

/// Every token in bytes: `zis_`, a letter for its kind, and 43 characters.
fn tokens(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.match_indices("zis_")
        .filter_map(|(place, _)| text.get(place..place + 49))
        .map(str::to_owned)
        .collect()
}

/// A whole life, all of it through the proxy.
fn life(typed: &str) -> Vec<Exchange> {
    let world = World::new();
    let middle = world.block_on(Middle::before(world.address()));
    let account = behind(&middle, &world, Known::By(world.server_key()));
    let password = |typed: &str| Password::new(typed).unwrap();
    let label = || DeviceLabel::new("Linux desktop").ok();
    world.block_on(async {
        let challenge = account.ask_code(MailPurpose::Register, &hana(), Locale::Ja).await.unwrap();
        let code = world.code_for("hana@example.com");
        let ticket = account.give_code(&challenge.challenge_id, &code).await.unwrap();
        account.set_password(&ticket, &password(typed), new_account()).await.unwrap();
        account.sign_in(&hana(), &password(typed), label(), Keeping::Memory).await.unwrap();
        account.view().await.unwrap();
        // The token of the sign-in ends, and the next pair is asked for.
        world.pass(1000);
        account.view().await.unwrap();
        let proof = account.ticket_for(Purpose::ChangePassword, &hana(), &password(typed)).await.unwrap();
        account.set_password(&proof, &password(typed), None).await.unwrap();
        // What is almost right is not told either.
        let almost = password(&format!("{typed}!"));
        let refused = account.sign_in(&hana(), &almost, label(), Keeping::Memory).await;
        assert_eq!(refused, Err(AccountError::Refused));
        world.pass(1000);
        account.sign_in(&hana(), &password(typed), label(), Keeping::Memory).await.unwrap();
        account.view().await.unwrap();
        let ticket = account.ticket_for(Purpose::Export, &hana(), &password(typed)).await.unwrap();
        account.export(&ticket).await.unwrap();
        let ticket = account.ticket_for(Purpose::DeleteAccount, &hana(), &password(typed)).await.unwrap();
        account.delete(&ticket).await.unwrap();
    });
    middle.exchanges()
}

#[test]
fn who_reads_every_word_finds_no_password_and_no_token_of_a_sign_in() {
    let exchanges = life(TYPED);
    let all: Vec<u8> =
        exchanges.iter().flat_map(|exchange| [&exchange.asked[..], &exchange.answered].concat()).collect();
    // He does read: an address and paths are there.
    let reads = |word: &str| all.windows(word.len()).any(|window| window == word.as_bytes());
    assert!(exchanges.len() > 20 && reads("hana@example.com") && reads("DELETE /v1/account"));

    let forms = Forms::of(TYPED);
    for exchange in &exchanges {
        for bytes in [&exchange.asked, &exchange.answered] {
            assert_eq!(forms.found_in(bytes), None, "the password stands in {}", exchange.path());
        }
    }

    let used: Vec<String> = exchanges.iter().flat_map(|exchange| tokens(&exchange.asked)).collect();
    for kind in ["zis_a_", "zis_r_", "zis_t_"] {
        assert!(
            used.iter().any(|token| token.starts_with(kind)),
            "no {kind} was used: nothing is looked for"
        );
    }
    let signings: Vec<&Exchange> =
        exchanges.iter().filter(|exchange| exchange.path() == "/v1/opaque/login/finish").collect();
    assert_eq!(signings.len(), 5);
    for signing in signings {
        assert_eq!(tokens(&signing.answered), Vec::<String>::new());
        for token in &used {
            let bytes = forms::unb64(&token["zis_a_".len()..]);
            let of_token = Forms::of_bytes(token, &bytes);
            assert_eq!(
                of_token.found_in(&signing.answered),
                None,
                "a token can be read in a sign-in's answer"
            );
        }
    }
}

#[test]
fn the_search_finds_a_password_in_each_form_that_it_knows() {
    let forms = Forms::of(TYPED);
    assert!(forms.len() > 40, "{}", forms.len());
    for (name, bytes) in forms.all() {
        let planted = [b"POST /v1/x HTTP/1.1\r\n\r\n{\"a\":\"".as_slice(), bytes, b"\"}"].concat();
        assert!(forms.found_in(&planted).is_some(), "{name}");
    }
    // Inside of something longer that is packed as text, wherever it begins there.
    for before in ["", "a", "ab", "abc"] {
        let packed = forms::b64(format!("{before}{TYPED}{before}").as_bytes());
        assert!(forms.found_in(packed.as_bytes()).is_some());
        assert!(forms.found_in(format!("{{\"ke1\":\"{packed}\"}}").as_bytes()).is_some());
    }
    assert_eq!(forms.found_in(&Forms::of("another password of mine").all()[0].1), None);
}

#[test]
fn a_proxy_with_a_service_of_its_own_gets_no_record_and_no_proof() {
    let (world, own) = (World::new(), World::new());
    // It has an account of this name, and knows the password even.
    let account = own.keeping_account(Keeping::Memory);
    own.block_on(register(&own, &account));
    let middle = own.block_on(Middle::before(own.address()));
    let deceived = behind(&middle, &own, Known::By(world.server_key()));
    own.block_on(async {
        assert_eq!(deceived.service().await.err(), Some(AccountError::AnotherService));
        let refused = deceived.sign_in(&hana(), &crate::password(), None, Keeping::Memory).await;
        assert_eq!(refused, Err(AccountError::AnotherService));
        own.pass(2);
        for purpose in Purpose::ALL {
            let refused = deceived.ticket_for(purpose, &hana(), &crate::password()).await;
            assert_eq!(refused.err(), Some(AccountError::AnotherService), "{purpose:?}");
            own.pass(10);
        }
        let challenge = deceived.ask_code(MailPurpose::ResetPassword, &hana(), Locale::En).await.unwrap();
        let code = own.code_for("hana@example.com");
        let ticket = deceived.give_code(&challenge.challenge_id, &code).await.unwrap();
        let refused = deceived.set_password(&ticket, &crate::password(), None).await;
        assert_eq!(refused, Err(AccountError::AnotherService));
    });
    let paths: Vec<String> = middle.exchanges().iter().map(|exchange| exchange.path().to_owned()).collect();
    assert!(paths.iter().any(|path| path == "/v1/opaque/login/start"), "{paths:?}");
    assert!(!paths.iter().any(|path| path.ends_with("/finish")), "a proof or a record left: {paths:?}");
}
