//! The account in the shipped program, seen from the network: which names it asks for, and where every packet goes.

use journeys::internet::{FAR_AWAY, Flows, Internet, Kind, NAMES};
use journeys::service::Running as Service;
use journeys::window::wait::until_or;
use journeys::window::{Display, Hands, Home};
use testkit::inside::in_a_network_of_its_own;

use crate::account::{ENTRY, PASSWORD, has_account, opened, unlocks_and_is_to_sign_in};
use crate::apart::sees_it_go;
use crate::sealed::{TITLE, locks, make_vault, sees, shipped, unlocks};

const NAME: &str = "account.example.com";

/// Connections to the service, after which nothing is left but questions for names and what the service's own front door does.
fn connections(flows: &Flows, service: &Service) -> usize {
    let mut rest = flows.clone();
    let far = rest.remove(&(Kind::Tcp, (FAR_AWAY, 443).into())).unwrap_or_default();
    assert_eq!(rest.remove(&(Kind::Tcp, service.socket())).unwrap_or_default(), far);
    rest.remove(&(Kind::Udp, NAMES));
    assert_eq!(rest, Flows::new(), "packets to somewhere else");
    far
}

#[test]
fn every_packet_is_in_the_ledger_and_no_name_is_asked_for_but_the_services() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    in_a_network_of_its_own(&[("SSL_CERT_FILE", authority.to_str().unwrap())], || {
        let authority = std::env::var_os("SSL_CERT_FILE").unwrap();
        let (display, home, service) = (Display::start(), Home::new("en_US.UTF-8"), Service::start());
        let internet = Internet::with(&service, NAME, authority.as_ref());
        make_vault(&home);
        // Whoever has no account is not seen by anybody.
        let start = || shipped(&mut home.command(crate::SHIPPED, &display), &home);
        let mut app = start();
        let hands = Hands::on_window(&display, TITLE);
        sees(&hands, "the lock screen", 11_000..18_000);
        unlocks(&display, &hands);
        sees(&hands, "the empty gallery", 1_000..10_000);
        locks(&hands);
        hands.closes_it();
        assert!(app.end().success());
        assert_eq!((internet.flows(), internet.names().len()), (Flows::new(), 0), "an offline session");

        has_account(&home, &service, &format!("https://{NAME}"));
        let before = connections(&internet.flows(), &service);

        let mut app = start();
        let entry = unlocks_and_is_to_sign_in(&display);
        entry.write(PASSWORD);
        entry.press("Return");
        sees_it_go(&display, &app, ENTRY);
        let hands = Hands::on_window(&display, TITLE);
        hands.closes_it();
        assert!(app.end().success());

        let studio = opened(&home);
        assert!(studio.account().unwrap().signed_in);
        let lines = studio.ledger(&studio::LedgerRequest::default()).unwrap().lines;
        studio.lock();
        let all = connections(&internet.flows(), &service);
        assert!(before > 5 && all > before + 2, "{before} and then {all} connections");
        assert_eq!(lines.len(), all, "lines of the ledger, and connections");
        assert_eq!(internet.middle.exchanges().len(), all);
        assert_eq!(internet.names().into_iter().collect::<Vec<_>>(), [NAME]);
    });
}

#[test]
fn packets_and_names_would_be_seen() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority.pem");
    in_a_network_of_its_own(&[("SSL_CERT_FILE", authority.to_str().unwrap())], || {
        let authority = std::env::var_os("SSL_CERT_FILE").unwrap();
        let service = Service::start();
        let internet = Internet::with(&service, NAME, authority.as_ref());
        let tried = std::net::TcpStream::connect((FAR_AWAY, 80));
        assert!(tried.is_err());
        let named = std::net::ToSocketAddrs::to_socket_addrs(&("marker.example.org", 80));
        assert!(named.is_err());
        std::net::UdpSocket::bind("127.0.0.1:0").unwrap().send_to(b"x", "127.0.0.1:9").unwrap();
        let sent = [(Kind::Tcp, (FAR_AWAY, 80).into()), (Kind::Udp, ([127, 0, 0, 1], 9).into())];
        let are_seen = || {
            let flows = internet.flows();
            sent.iter().all(|flow| flows.contains_key(flow)).then_some(())
        };
        until_or(are_seen, || format!("packets in {:?}", internet.flows()));
        assert!(internet.names().contains("marker.example.org"), "{:?}", internet.names());
    });
}
