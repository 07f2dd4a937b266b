//! Work on all cores whose results come back in the order of the input.
//!
//! **Invariant:** what is under way never exceeds the limits by more than one piece, however slow the consumer or a
//! single piece may be.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};

/// Pieces that may be under way at a time: enough to keep all cores busy while a batch is being written.
const MAX_PIECES: usize = 32;
/// Bytes that may be under way at a time, by the weight that each piece declares.
const MAX_WEIGHT: u64 = 128 << 20;

/// A piece of input and about how many bytes it holds while it is under way.
pub struct Piece<T> {
    pub input: T,
    pub weight: u64,
}

struct State<I> {
    source: I,
    given: usize,
    under_way: usize,
    weight: u64,
    stopped: bool,
}

struct Belt<I> {
    state: Mutex<State<I>>,
    room: Condvar,
}

impl<I> Belt<I> {
    fn state(&self) -> MutexGuard<'_, State<I>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.state().stopped = true;
        self.room.notify_all();
    }

    fn give_back(&self, weight: u64) {
        let mut state = self.state();
        state.under_way -= 1;
        state.weight -= weight;
        drop(state);
        self.room.notify_all();
    }
}

impl<T, I: Iterator<Item = Piece<T>>> Belt<I> {
    /// The next piece and its number, as soon as there is room for it.
    fn next(&self) -> Option<(usize, Piece<T>)> {
        let mut state = self.state();
        while !state.stopped
            && (state.under_way >= MAX_PIECES || (state.weight >= MAX_WEIGHT && state.under_way > 0))
        {
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped {
            return None;
        }
        let piece = state.source.next()?;
        let number = state.given;
        state.given += 1;
        state.under_way += 1;
        state.weight += piece.weight;
        Some((number, piece))
    }
}

/// Stops the belt when a worker panics: the others would wait for its piece for ever.
struct StopOnPanic<'a, I>(&'a Belt<I>);

impl<I> Drop for StopOnPanic<'_, I> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// Runs `work` on every piece, on all cores, and hands the results to `consume` in the order of `source`, on this
/// thread. `consume` answers whether to go on; an error or `false` stops everything that was not begun.
///
/// # Errors
/// The first error of `consume`.
pub fn run<T: Send, R: Send, E>(
    source: impl Iterator<Item = Piece<T>> + Send,
    work: impl Fn(T) -> R + Sync,
    mut consume: impl FnMut(R) -> Result<bool, E>,
) -> Result<(), E> {
    let state = State { source, given: 0, under_way: 0, weight: 0, stopped: false };
    let belt = &Belt { state: Mutex::new(state), room: Condvar::new() };
    let work = &work;
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..std::thread::available_parallelism().map_or(2, NonZero::get) {
            let sender = sender.clone();
            scope.spawn(move || {
                let _guard = StopOnPanic(belt);
                while let Some((number, piece)) = belt.next() {
                    let weight = piece.weight;
                    if sender.send((number, weight, work(piece.input))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let result = in_order(&receiver, |weight, result| {
            belt.give_back(weight);
            consume(result)
        });
        belt.stop();
        result
    })
}

fn in_order<R, E>(
    receiver: &mpsc::Receiver<(usize, u64, R)>,
    mut consume: impl FnMut(u64, R) -> Result<bool, E>,
) -> Result<(), E> {
    let mut early = HashMap::new();
    let mut next = 0;
    for (number, weight, result) in receiver {
        early.insert(number, (weight, result));
        while let Some((weight, result)) = early.remove(&next) {
            next += 1;
            if !consume(weight, result)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn pieces(n: usize, weight: u64) -> impl Iterator<Item = Piece<usize>> + Send {
        (0..n).map(move |input| Piece { input, weight })
    }

    #[test]
    fn results_come_in_the_order_of_the_input_however_long_each_takes() {
        let mut seen = Vec::new();
        let work = |n: usize| (0..(n % 7) * 20_000).fold(n, |a, b| std::hint::black_box(a ^ b ^ b));
        run(pieces(500, 1), work, |n| {
            seen.push(n);
            Ok::<_, ()>(true)
        })
        .unwrap();
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn no_more_is_under_way_than_the_limits_allow() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |n: usize| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            n
        };
        run(pieces(200, MAX_WEIGHT / 4), work, |_| {
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, ()>(true)
        })
        .unwrap();
        assert!(most.load(Ordering::SeqCst) <= 5, "{most:?}");
    }

    #[test]
    fn stopping_leaves_the_rest_alone_and_errors_come_through() {
        let begun = AtomicUsize::new(0);
        let work = |n| {
            begun.fetch_add(1, Ordering::SeqCst);
            n
        };
        run(pieces(100_000, 1), work, |n| Ok::<_, ()>(n < 10)).unwrap();
        assert!(begun.load(Ordering::SeqCst) < 1000);
        assert_eq!(run(pieces(10, 1), |n| n, |n| if n == 3 { Err("three") } else { Ok(true) }), Err("three"));
    }

    #[test]
    fn a_panic_of_a_worker_ends_the_run_instead_of_hanging() {
        let ended =
            std::panic::catch_unwind(|| run(pieces(1000, 1), |n| assert_ne!(n, 5), |()| Ok::<_, ()>(true)));
        assert!(ended.is_err());
    }
}
