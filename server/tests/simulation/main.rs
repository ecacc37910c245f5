//! The server and four tablets of three people in a simulated network (turmoil): the real router on a real database, real outboxes,
//! clocks up to a day off, links that are cut, cut one way, hold back and lose, requests that come twice and long after, a server
//! that falls in the middle of them. In the end nothing is lost, nothing was done twice, and all tablets show the same.
//!
//! A history is known by its seed, which is printed when it fails; `IUT_SEED=<seed>` runs that one alone.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod host;
mod ledger;
mod tablet;
mod weather;
mod wire;
mod world;
mod writing;

use domain::sync::outbox::Ledger;
use std::{
    ops::Range,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};
use world::World;

/// Histories of a run.
const SEEDS: u64 = 24;

/// Says which history it was when one fails.
struct Seed(u64);

impl Drop for Seed {
    #[expect(clippy::print_stderr, reason = "the one who reads the failure needs the seed")]
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("this history again, alone: IUT_SEED={}", self.0);
        }
    }
}

fn only_seed() -> Option<u64> {
    std::env::var("IUT_SEED").ok().map(|seed| seed.parse().unwrap())
}

/// What a history met with.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Met {
    ledgers: Vec<Ledger>,
    starts: usize,
    received: usize,
    carried_out: usize,
    heard: usize,
    again: usize,
}

fn history(seed: u64) -> Met {
    let seed = Seed(seed);
    let world = World::run(seed.0);
    ledger::check(&world);
    let host = &world.host;
    Met {
        ledgers: world.tablets.iter().map(|tablet| tablet.outbox.ledger()).collect(),
        starts: host.starts.get(),
        received: host.received.get(),
        carried_out: host.carried_out.get(),
        heard: world.tablets.iter().chain(&world.fresh).map(|tablet| tablet.heard.get()).sum(),
        again: host.again.get(),
    }
}

/// The histories of some seeds, two at a time.
fn histories(seeds: Range<u64>) -> Vec<Met> {
    let (next, met) = (AtomicU64::new(seeds.start), Mutex::new(Vec::new()));
    let one_after_the_other = || {
        while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end) {
            let one = history(seed);
            met.lock().unwrap().push(one);
        }
    };
    thread::scope(|scope| {
        scope.spawn(one_after_the_other);
        one_after_the_other();
    });
    met.into_inner().unwrap()
}

#[test]
fn nothing_is_lost_and_nothing_done_twice_whatever_the_network_does() {
    if let Some(seed) = only_seed() {
        history(seed);
        return;
    }
    let met = histories(0..SEEDS);
    let ends = |what: fn(&Ledger) -> usize| met.iter().flat_map(|one| &one.ledgers).map(what).sum::<usize>();
    let ends = [ends(|one| one.applied), ends(|one| one.merged), ends(|one| one.replaced), ends(|one| one.withdrawn)];
    assert!(ends.iter().all(|count| *count > 0), "every end is met in some history: {ends:?}");
    let sum = |what: fn(&Met) -> usize| met.iter().map(what).sum::<usize>();
    assert!(sum(|one| one.starts) > met.len(), "the server falls");
    assert!(sum(|one| one.again) > 0, "commands come more than once");
    let (received, carried_out, heard) = (sum(|one| one.received), sum(|one| one.carried_out), sum(|one| one.heard));
    assert!(received > carried_out, "requests are lost with the server that had them");
    assert!(carried_out > heard, "answers are lost");
}

#[test]
fn a_seed_is_a_history() {
    let seed = only_seed().unwrap_or(SEEDS);
    assert_eq!(history(seed), history(seed));
}
