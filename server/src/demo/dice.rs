//! Chance that repeats: the same seed and stream give the same throws on every machine.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A source of throws.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one person or one purpose.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        // The bias of the remainder is below one in four thousand million.
        low + u32::try_from(self.0.next_u64() % span).unwrap_or(0)
    }

    /// Days in `low..=high`.
    pub fn days(&mut self, low: u32, high: u32) -> chrono::Days {
        chrono::Days::new(u64::from(self.between(low, high)))
    }

    /// True in `percent` of 100 throws.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several; of none, the default.
    pub fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let last = u32::try_from(from.len().saturating_sub(1)).unwrap_or(0);
        from.get(self.between(0, last) as usize).copied().unwrap_or_default()
    }

    /// One of several; of none, nothing.
    pub fn pick_of<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let last = u32::try_from(from.len().checked_sub(1)?).unwrap_or(0);
        from.get(self.between(0, last) as usize).copied()
    }

    /// The place of one of several, each as likely as its weight says.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.between(1, weights.iter().sum::<u32>().max(1));
        for (place, weight) in weights.iter().enumerate() {
            if left <= *weight {
                return place;
            }
            left -= weight;
        }
        0
    }

    /// Ten bytes for an id.
    pub fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// A fresh id of any kind, made at `at`.
macro_rules! id {
    ($kind:ty, $at:expr, $dice:expr) => {
        <$kind>::at($at, &$dice.bytes())
    };
}
pub(crate) use id;
