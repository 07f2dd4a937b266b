//! An account that gets another address, and whose it then is.

use serde_json::json;
use server::mail::Text;
use wire::Purpose;

use crate::on_both;
use crate::world::PASSWORD;

const HANA: &str = "hana@example.com";

on_both! {
    who_moved_an_account_twice_does_not_take_away_its_first_owners_line(world) {
        world.register(HANA, PASSWORD);
        let moves = |from: &str, to: &str| {
            let message = json!({
                "ticket": world.proof_ticket(from, PASSWORD, Purpose::ChangeEmail),
                "address_ticket": world.mail_ticket("change_email", to),
            });
            assert!(world.post("/v1/account/email", &message).status.is_success());
            let line = world.mails().into_iter().find_map(|mail| match mail.text {
                Text::EmailMoved { undo } => Some(undo),
                _ => None,
            });
            line.unwrap()
        };
        let undo = |line: &str| world.post("/v1/account/email/undo", &json!({"ticket": line})).status.as_u16();
        // Within one second, as a program would.
        let (owners, movers) =
            (moves(HANA, "evil1@example.com"), moves("evil1@example.com", "evil2@example.com"));
        assert_eq!([undo(&movers), undo(&owners)], [204, 204]);
        assert!(world.sign_in(HANA, PASSWORD).is_ok());
        // The owner's takes the later ones along.
        world.pass(3601);
        let (owners, movers) =
            (moves(HANA, "evil3@example.com"), moves("evil3@example.com", "evil4@example.com"));
        assert_eq!([undo(&owners), undo(&movers)], [204, 401]);
        // After three days there is nothing to take back.
        world.pass(3601);
        let late = moves(HANA, "new@example.com");
        world.pass(72 * 3600 + 1);
        assert_eq!(undo(&late), 401);
    }

    what_opens_an_account_goes_to_its_own_address_however_another_one_looks(world) {
        world.register(HANA, PASSWORD);
        for look_alike in ["ＨＡＮＡ@example.com", "Hana@Example.com"] {
            let request = json!({"purpose": "reset_password", "email": look_alike, "locale": "en"});
            assert_eq!(world.post("/v1/email-challenges", &request).status, 202);
            let to: Vec<String> = world.mails().iter().map(|mail| mail.to.as_str().to_owned()).collect();
            assert_eq!(to, [HANA], "{look_alike}");
        }
    }

    a_code_that_went_to_the_address_before_opens_nothing_after_a_move(world) {
        world.register(HANA, PASSWORD);
        let (challenge, code) = world.code("reset_password", HANA);
        let message = json!({
            "ticket": world.proof_ticket(HANA, PASSWORD, Purpose::ChangeEmail),
            "address_ticket": world.mail_ticket("change_email", "new@example.com"),
        });
        assert!(world.post("/v1/account/email", &message).status.is_success());
        let path = format!("/v1/email-challenges/{challenge}/verify");
        assert_eq!(world.post(&path, &json!({"code": code.unwrap()})).status, 401);
    }
}
