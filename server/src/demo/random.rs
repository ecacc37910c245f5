//! Chance that repeats: everything that is invented comes from one seed, in streams of its own, so that one more visit
//! of one person does not change all that follows.

use chrono::{DateTime, Utc};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A source of repeatable chance.
#[derive(Clone, Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The chance of `stream` under `seed`.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(stream);
        Self(chance)
    }

    /// A number from 0 up to, without, `end`; 0 when there is none.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from((u64::from(self.0.next_u32()) * u64::from(end)) >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Yes, with a chance of so many percent.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the words.
    pub(super) fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        self.one(words).copied().unwrap_or_default()
    }

    /// One of the things; none of nothing.
    pub(super) fn one<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.below(u32::try_from(things.len()).unwrap_or(u32::MAX)) as usize)
    }

    /// One of the things by weight; `otherwise` when all weigh nothing.
    pub(super) fn weighted<T: Copy>(&mut self, things: &[(u32, T)], otherwise: T) -> T {
        let mut left = self.below(things.iter().map(|(weight, _)| weight).sum());
        for (weight, thing) in things {
            if left < *weight {
                return *thing;
            }
            left -= weight;
        }
        otherwise
    }

    /// The things in another order.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for end in (1..things.len()).rev() {
            let other = self.below(u32::try_from(end + 1).unwrap_or(u32::MAX)) as usize;
            things.swap(end, other);
        }
    }

    /// An id made at `at`: ids are told apart by `make`.
    pub(super) fn id<T>(&mut self, make: impl FnOnce(DateTime<Utc>, &[u8; 10]) -> T, at: DateTime<Utc>) -> T {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        make(at, &random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_stream_repeat_and_others_do_not() {
        let draw = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
    }

    #[test]
    fn nothing_lies_outside_its_range() {
        let mut dice = Dice::new(7, 0);
        assert!((0..1_000).map(|_| dice.between(3, 5)).all(|n| (3..=5).contains(&n)));
        assert!((0..1_000).all(|_| dice.weighted(&[(0, 'a'), (1, 'b'), (0, 'c')], 'd') == 'b'));
        assert_eq!((dice.below(0), dice.word(&[]), dice.one::<u8>(&[])), (0, "", None));
        let mut things: Vec<u32> = (0..50).collect();
        dice.shuffle(&mut things);
        things.sort_unstable();
        assert_eq!(things, (0..50).collect::<Vec<_>>());
    }
}
