//! One login after the other: the round trip without the stretching, the stretching alone, and both as the program does it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use crypto::PassphraseParams;
use tokio::runtime::Builder;
use wire::client::SigningIn;
use wire::messages::Granted;
use wire::{Password, Purpose, Stretching};

use super::Size;
use super::child::Server;
use super::load::{Client, whence};
use super::opaque::PASSWORD;
use super::people::{REAL, STRETCHED};
use crate::harness::{Cost, ROUNDS, Series, cost, quantile};
use crate::report::{Report, Target};

/// Turns of round trips and of writes.
const TURNS: usize = 10;

/// Runs it, over one connection.
pub fn measure(server: &Server, dir: &Path, size: Size, report: &mut Report) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut client = runtime.block_on(Client::to(&server.serving))?;
    let mut file = File::create(dir.join("appended"))?;
    let (mut trips, mut writes) = (Vec::new(), Vec::new());
    let (mut trip, mut write) = (
        Series::new("login round trip without stretching (CPU: the service's)"),
        Series::new("4 KiB appended to a file and made durable"),
    );
    for turn in 0..=TURNS {
        let before = server.cpu()?;
        let logins = timed(size.trips, || runtime.block_on(client.sign_in(fastrand::usize(1..REAL))))?;
        let cpu = server.cpu()?.saturating_sub(before);
        let (appends, spent) = cost(|| {
            timed(size.trips, || {
                file.write_all(&[1; 4096])?;
                Ok(file.sync_data()?)
            })
        })?;
        if turn > 0 {
            trip.push(each(&logins, cpu));
            write.push(each(&appends, spent.cpu));
            trips.extend(logins);
            writes.extend(appends);
        }
    }
    let (mut stretching, mut whole) =
        (Series::new("stretching alone"), Series::new("a login as the program does it"));
    for round in 0..=ROUNDS {
        let ((), alone) = cost(stretch)?;
        let ((), all) = cost(|| runtime.block_on(as_the_program(&mut client)))?;
        if round > 0 {
            stretching.push(alone);
            whole.push(all);
        }
    }
    report.row("login round trip without stretching: median", quantile(&trips, 0.5), "ms", Target::None);
    report.row("login round trip without stretching: 99 %", quantile(&trips, 0.99), "ms", Target::None);
    report.row("beside it, 4 KiB made durable: median", quantile(&writes, 0.5), "ms", Target::None);
    report.row("beside it, 4 KiB made durable: 99 %", quantile(&writes, 0.99), "ms", Target::None);
    report.row("stretching of the password, on the client", stretching.wall(), "ms", Target::None);
    report.row("whole login with stretching, from wire's client", whole.wall(), "ms", Target::None);
    report.keep(vec![trip, write, stretching, whole]);
    Ok(())
}

/// The median of a turn, and the processor time of each in it.
fn each(times: &[f64], cpu: Duration) -> Cost {
    Cost { wall: Duration::from_secs_f64(quantile(times, 0.5) / 1e3), cpu: cpu.div_f64(times.len() as f64) }
}

/// Milliseconds of each.
fn timed(times: usize, mut work: impl FnMut() -> Result<()>) -> Result<Vec<f64>> {
    let one = |_| {
        let start = Instant::now();
        work()?;
        Ok(start.elapsed().as_secs_f64() * 1e3)
    };
    (0..times).map(one).collect()
}

/// As `wire::Stretching::V1` does it.
fn stretch() -> Result<()> {
    let params = PassphraseParams::new(64 * 1024, 3, 1);
    let mut out = [0; 64];
    match params {
        Some(params) => Ok(crypto::stretch(PASSWORD.as_bytes(), &[0; 16], params, &mut out)?),
        None => anyhow::bail!("these costs are out of bounds"),
    }
}

/// With the stretching, to the tokens.
async fn as_the_program(client: &mut Client) -> Result<()> {
    let (password, from) = (Password::new(PASSWORD)?, whence());
    let (signing, ke1) = SigningIn::start(&password)?;
    let answer = client.start(STRETCHED, &ke1, from).await?;
    let stretching = Stretching::asked(answer.suite, answer.ksf_id)?;
    let signed = signing.finish(&password, answer.ke2.as_bytes(), stretching, Purpose::Login)?;
    let granted = client.finish(&answer, &signed.ke3, from).await?;
    let plain = wire::open(&signed.key, Purpose::Login, granted.sealed.into_bytes())?;
    ensure!(matches!(serde_json::from_slice(&plain)?, Granted::Session(_)), "no session");
    Ok(())
}
