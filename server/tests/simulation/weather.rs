//! What happens to the network and to the server: links that are cut, cut one way, or hold everything back; a server that falls
//! and is started again. All of it is known ahead, by the seed.

use super::wire::SERVER;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::{collections::VecDeque, time::Duration};
use turmoil::Sim;

/// A turn of the weather.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The tablet's link carries again, and what it held back comes all at once.
    Clear(usize),
    /// Nothing gets through.
    Cut(usize),
    /// Nothing gets to the server.
    CutThere(usize),
    /// Nothing gets back from the server.
    CutBack(usize),
    /// Everything is held back until it clears.
    Hold(usize),
    /// The server falls, with everything that it had in its hands.
    Crash,
    /// It is started again.
    Start,
}

/// What is to come.
pub struct Weather(VecDeque<(Duration, Turn)>);

/// The name of a tablet in the network.
pub fn name(tablet: usize) -> String {
    format!("tablet-{tablet}")
}

fn between(random: &mut ChaCha8Rng, least: u64, most: u64) -> Duration {
    Duration::from_millis(random.random_range(least..most))
}

impl Weather {
    /// Until `end`, for so many tablets.
    pub fn foresee(random: &mut ChaCha8Rng, tablets: usize, end: Duration) -> Self {
        let mut turns = Vec::new();
        for tablet in 0..tablets {
            let mut at = between(random, 500, 6_000);
            while at < end {
                let kinds = [Turn::Cut(tablet), Turn::CutThere(tablet), Turn::CutBack(tablet), Turn::Hold(tablet)];
                turns.push((at, kinds[random.random_range(0..kinds.len())]));
                at += between(random, 300, 6_000);
                turns.push((at, Turn::Clear(tablet)));
                at += between(random, 500, 8_000);
            }
        }
        let mut at = between(random, 1_000, 6_000);
        while at < end {
            turns.push((at, Turn::Crash));
            at += between(random, 100, 2_500);
            turns.push((at, Turn::Start));
            at += between(random, 1_500, 9_000);
        }
        turns.sort_by_key(|(at, _)| *at);
        Self(turns.into())
    }

    /// Lets happen what is due.
    pub fn turn(&mut self, sim: &mut Sim<'_>) {
        while let Some((_, turn)) = self.0.pop_front_if(|(at, _)| *at <= sim.elapsed()) {
            happen(sim, turn);
        }
    }
}

fn happen(sim: &mut Sim<'_>, turn: Turn) {
    match turn {
        Turn::Clear(tablet) => sim.release(name(tablet), SERVER),
        Turn::Cut(tablet) => sim.partition(name(tablet), SERVER),
        Turn::CutThere(tablet) => sim.partition_oneway(name(tablet), SERVER),
        Turn::CutBack(tablet) => sim.partition_oneway(SERVER, name(tablet)),
        Turn::Hold(tablet) => sim.hold(name(tablet), SERVER),
        Turn::Crash => sim.crash(SERVER),
        Turn::Start => sim.bounce(SERVER),
    }
}

/// It is over: everything carries again, and the server is there.
pub fn clear_up(sim: &mut Sim<'_>, tablets: usize) {
    sim.set_fail_rate(0.0);
    (0..tablets).for_each(|tablet| happen(sim, Turn::Clear(tablet)));
    if !sim.is_host_running(SERVER) {
        sim.bounce(SERVER);
    }
}
