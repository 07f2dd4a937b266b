//! A computer's clock that is wrong: it is written into the ledger, and nothing else goes by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use account::{Keeping, Known, Standing};
use model::{Clock, SystemClock, Timestamp};
use wire::Purpose;
use wire::messages::ProfileChange;

use crate::world::{World, client};
use crate::{hana, password, register, sign_in};

/// 1970, 9999, the day on which 32 bits are full, a year before 1970.
const FAR_OFF: [i64; 4] = [0, 253_402_300_799_000, 2_147_483_648_000, -31_536_000_000];

/// Says another time whenever it is asked.
struct Mad(AtomicUsize);

impl Clock for Mad {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(FAR_OFF[self.0.fetch_add(1, Ordering::Relaxed) % FAR_OFF.len()])
    }
}

struct Stopped(i64);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0)
    }
}

/// A session from its beginning past the end of its first access token, on a computer with this clock. Gives what was asked of
/// the service, as the ledger has it: for each request the names of its fields.
fn life(clock: Arc<dyn Clock>) -> Vec<(Vec<&'static str>, i64)> {
    let world = World::new();
    let address = format!("http://{}", world.address());
    let account = client(world.gateway(clock), &address, Known::NotYet, Keeping::Memory);
    world.block_on(async {
        register(&world, &account).await;
        sign_in(&account).await.unwrap();
        for _ in 0..3 {
            assert_eq!(account.view().await.unwrap().email, hana());
        }
        // The service lets the token end; the client hears of it and goes on.
        world.pass(1000);
        account.change_profile(&ProfileChange::default()).await.unwrap();
        assert_eq!(account.devices().await.unwrap().len(), 1);
        assert_eq!(account.standing(), Standing::SignedIn);
        let ticket = account.ticket_for(Purpose::DeleteAccount, &hana(), &password()).await.unwrap();
        account.delete(&ticket).await.unwrap();
        assert_eq!(account.standing(), Standing::SignedOut);
    });
    world.lines().into_iter().map(|line| (line.fields, line.at.millis())).collect()
}

fn requests(life: &[(Vec<&'static str>, i64)]) -> Vec<Vec<&'static str>> {
    life.iter().map(|(fields, _)| fields.clone()).collect()
}

#[test]
fn a_clock_that_is_far_off_or_jumps_changes_no_request_and_ends_no_session() {
    let right = requests(&life(Arc::new(SystemClock)));
    let jumping = life(Arc::new(Mad(AtomicUsize::new(0))));
    assert_eq!(requests(&jumping), right);
    // It was asked, and for the ledger alone: once for each line.
    let times: Vec<i64> = jumping.iter().map(|(_, at)| *at).collect();
    let expected: Vec<i64> = FAR_OFF.into_iter().cycle().take(times.len()).collect();
    assert_eq!(times, expected);
    assert_eq!(requests(&life(Arc::new(Stopped(0)))), right);
}

#[test]
fn a_service_whose_clock_is_years_off_or_is_set_back_is_no_trouble() {
    // Years ahead, years behind, and set back by more than a token lasts while somebody is signed in.
    for (before, meanwhile) in [(20 * 365 * 86_400, 0), (-50 * 365 * 86_400, 0), (0, -7200)] {
        let world = World::new();
        world.pass(before);
        let account = world.keeping_account(Keeping::Memory);
        world.block_on(async {
            register(&world, &account).await;
            sign_in(&account).await.unwrap();
            world.pass(meanwhile);
            assert_eq!(account.view().await.unwrap().email, hana(), "{before} {meanwhile}");
            account.change_profile(&ProfileChange::default()).await.unwrap();
        });
    }
}
