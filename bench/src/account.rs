//! The account service: what a login takes, what it costs beside a password that is compared with its Argon2id hash, a
//! million accounts beside a thousand, a load that lasts, and the memory that all this needs.
//!
//! Accounts are written straight into the tables, those that sign in with records of their own. Clients leave the
//! stretching out, which no service has a part in.

mod child;
mod cluster;
mod load;
mod opaque;
mod password;
mod people;
mod scale;
mod serve;
mod trips;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::runtime::{Builder, Runtime};

pub use serve::{COMMAND, run as serve};

use crate::harness::{Cost, Series, quantile};
use crate::report::{Report, Target};
use child::Server;
use cluster::Cluster;
use load::{Who, log_in_many};
use people::{People, REAL};
use serve::Order;

/// Makes everything smaller by so much, to try it out; what comes of it is no figure.
const SMALLER: &str = "ZIMAGE_BENCH_SMALLER";
/// Connections of the load that lasts.
const CONNECTIONS: usize = 32;
/// Connections of the plain handler: two processors are busy with two of its logins.
const PLAIN_CONNECTIONS: usize = 2;

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Size {
    smaller: usize,
    /// Accounts of the larger databases.
    accounts: usize,
    /// Blocks of first steps at each database that count.
    blocks: usize,
    /// First steps in a block.
    block: usize,
    /// Turns of the two handlers.
    turns: usize,
    /// Logins in a turn of the service.
    ours: usize,
    /// Logins in a turn of the plain handler.
    theirs: usize,
    /// Logins of the load that lasts.
    load: usize,
    /// Logins one after the other, by ten.
    trips: usize,
}

impl Size {
    fn asked() -> Result<Self> {
        let smaller = match std::env::var(SMALLER) {
            Ok(text) => {
                text.parse().ok().filter(|by| *by > 0).context("ZIMAGE_BENCH_SMALLER: a whole number")?
            }
            Err(_) => 1,
        };
        let of = |full: usize, least: usize| (full / smaller).max(least);
        Ok(Self {
            smaller,
            accounts: of(1_000_000, REAL),
            blocks: of(24, 3),
            block: 250,
            turns: of(7, 2),
            ours: of(1000, 200),
            theirs: of(20, 4),
            load: of(20_000, 500),
            trips: of(200, 20),
        })
    }
}

/// Runs it.
pub fn measure() -> Result<Report> {
    ensure!(
        cfg!(target_os = "linux"),
        "processor time and memory of another process are read as Linux tells them"
    );
    let size = Size::asked()?;
    let mut report = Report::new(if size.smaller == 1 { "account" } else { "account-tried" });
    if size.smaller > 1 {
        report.note(format!("everything made smaller by {}: these are no figures", size.smaller));
    }
    let dir = tempfile::tempdir()?;
    let people = People::new()?;
    let (few, many) = (dir.path().join("few.db"), dir.path().join("many.db"));
    people.fill_sqlite(&few, REAL)?;
    people.fill_sqlite(&many, size.accounts)?;
    report.note(
        "first steps at a thousand and a million accounts: called in this process, HTTP and the client left out, a known \
         address at random each; the service's clock is put forward 11 s each time and each comes from one of 65,536 parts of \
         the network, so that no throttle holds",
    );
    scale::sqlite(&people, &few, &many, size, &mut report)?;
    match Cluster::start()? {
        Some(cluster) => scale::postgres(&people, &cluster, size, &mut report)?,
        None => report.note("PostgreSQL is not installed: left out"),
    }
    let order = Order::Service { database: many, keys: people.keys.clone() };
    report.note(
        "logins: the service in a process of its own, as zimage-server puts it together, with its log written to a file, on the \
         file with a million accounts; keep-alive connections without TLS, which a proxy ends; it stands behind_proxy, each \
         login comes from one of 65,536 parts of the network, no account signs in twice at a time: no throttle holds",
    );
    {
        let server = Server::start(dir.path(), "service", &order)?;
        trips::measure(&server, dir.path(), size, &mut report)?;
        beside_plain(&server, dir.path(), size, &mut report)?;
        ensure!(server.errors()? == 0, "the service's log tells of errors");
    }
    lasting(&order, dir.path(), size, &mut report)?;
    Ok(report)
}

fn clients() -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// Processor time of the server's process for each login, here and there.
fn beside_plain(server: &Server, dir: &Path, size: Size, report: &mut Report) -> Result<()> {
    let database = dir.join("plain.db");
    password::fill(&database, REAL, opaque::PASSWORD)?;
    let plain = Server::start(dir, "plain", &Order::Password { database })?;
    let runtime = clients()?;
    let turn = |who: Who, server: &Server, logins: usize, connections: usize| {
        let before = server.cpu()?;
        let outcome = runtime.block_on(log_in_many(who, &server.serving, logins, connections))?;
        ensure!(outcome.errors.is_empty(), "logins failed: {:?}", outcome.errors.first());
        let cpu = server.cpu()?.saturating_sub(before);
        let each = |time: Duration| time.div_f64(logins as f64);
        Ok(Cost { wall: each(outcome.wall), cpu: each(cpu) })
    };
    let mut ours = Series::new("a login at the service (wall: 32 at once)");
    let mut theirs = Series::new("a login at the plain handler (wall: 2 at once)");
    for round in 0..=size.turns {
        let one = turn(Who::Service, server, size.ours, CONNECTIONS)?;
        let other = turn(Who::Plain, &plain, size.theirs, PLAIN_CONNECTIONS)?;
        if round > 0 {
            ours.push(one);
            theirs.push(other);
        }
    }
    report.note(
        "the plain handler: password over TLS (connections kept), Argon2id at 64 MiB, 3 passes, 1 lane with its memory kept, a \
         session row made durable in the same kind of SQLite file; no throttle, no log, no sealed column",
    );
    report.row("logins per second of one core: service", 1e3 / ours.cpu(), "/s", Target::None);
    report.row("logins per second of one core: plain handler", 1e3 / theirs.cpu(), "/s", Target::None);
    report.row("logins per core: service beside plain", theirs.cpu() / ours.cpu(), "×", Target::Least(50.0));
    report.keep(vec![ours, theirs]);
    Ok(())
}

/// The load that lasts, at a service that has just been started, and its memory before and after.
fn lasting(order: &Order, dir: &Path, size: Size, report: &mut Report) -> Result<()> {
    let server = Server::start(dir, "lasting", order)?;
    std::thread::sleep(Duration::from_secs(2));
    let rest = server.memory("VmRSS")?;
    let before = server.cpu()?;
    let outcome = clients()?.block_on(log_in_many(Who::Service, &server.serving, size.load, CONNECTIONS))?;
    let cpu = server.cpu()?.saturating_sub(before);
    let (peak, after) = (server.memory("VmHWM")?, server.memory("VmRSS")?);
    if let Some(error) = outcome.errors.first() {
        report.note(format!("the first error under load: {error}"));
    }
    let seconds = outcome.wall.as_secs_f64();
    let done = outcome.each.len() as f64;
    report.row("lasting load, 32 connections: logins", done, "", Target::Least(size.load as f64));
    let errors = outcome.errors.len() + server.errors()?;
    report.row("lasting load: errors", errors as f64, "", Target::Most(0.0));
    report.row("lasting load: time", seconds, "s", Target::None);
    report.row("lasting load: logins per second, clients beside it", done / seconds, "/s", Target::None);
    report.row("lasting load: a login, median", quantile(&outcome.each, 0.5), "ms", Target::None);
    report.row("lasting load: a login, 99 %", quantile(&outcome.each, 0.99), "ms", Target::None);
    report.row("lasting load: share of a core, service", cpu.as_secs_f64() / seconds, "", Target::None);
    report.row("memory of the service at rest", rest, "MB", Target::None);
    report.row("memory of the service under load, peak", peak, "MB", Target::None);
    report.row("memory of the service after the load", after, "MB", Target::None);
    report.note("memory: resident, of this program in the service's place, libraries and the program's own pages included");
    Ok(())
}
