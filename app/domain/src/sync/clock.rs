//! The order of what is written on many devices: real time as far as clocks are right, cause before effect always. The
//! method is the hybrid logical clock of Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical Physical Clocks", OPODIS 2014.

use crate::ids::DeviceId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How far ahead of the own clock a stamp of somebody else may be and still be followed, and from which difference to the
/// server a device is told that its clock is wrong.
pub const MOST_OFF: TimeDelta = TimeDelta::minutes(5);

/// A place in the order of all commands; no two are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stamp {
    /// Milliseconds since 1970: the clock's, or those of a later stamp that the device had seen.
    pub millis: i64,
    /// Tells apart what fell into one millisecond.
    pub count: u32,
    /// Tells apart what two devices wrote at once.
    pub device: DeviceId,
}

/// A device's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HybridClock {
    last: Stamp,
}

impl HybridClock {
    /// A clock that has seen nothing yet.
    #[must_use]
    pub const fn new(device: DeviceId) -> Self {
        Self { last: Stamp { millis: i64::MIN, count: 0, device } }
    }

    /// A stamp later than all that this clock gave or followed, also when the device's clock was set back.
    pub fn tick(&mut self, now: DateTime<Utc>) -> Stamp {
        let millis = now.timestamp_millis();
        let Stamp { millis: last, count, device } = self.last;
        self.last =
            if millis > last { Stamp { millis, count: 0, device } } else { Stamp { millis: last, count: count + 1, device } };
        self.last
    }

    /// Follows a stamp that was read: what is written from now on comes after it. Answers false for one of another device that is
    /// too far ahead ([`MOST_OFF`]); it is not followed, or one tablet with a wrong clock would carry all others into its future.
    /// An own stamp, read when the device starts anew, is always followed: its clock may have been set back since.
    pub fn follow(&mut self, seen: Stamp, now: DateTime<Utc>) -> bool {
        if seen.device != self.last.device && seen.millis > (now + MOST_OFF).timestamp_millis() {
            return false;
        }
        if (seen.millis, seen.count) > (self.last.millis, self.last.count) {
            self.last = Stamp { device: self.last.device, ..seen };
        }
        true
    }
}

/// What the server's clock shows beyond the device's, in whole milliseconds; `asked` and `answered` by the device's clock. The
/// server is taken to have answered half-way.
#[must_use]
pub fn server_offset(asked: DateTime<Utc>, server: DateTime<Utc>, answered: DateTime<Utc>) -> TimeDelta {
    server - (asked + (answered - asked) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + millis).unwrap()
    }

    #[test]
    fn a_wrong_clock_is_not_followed() {
        let (mut clock, device) = (HybridClock::new(DeviceId::new()), DeviceId::new());
        let seen = |by: TimeDelta| Stamp { millis: (at(0) + by).timestamp_millis(), count: 3, device };
        assert!(!clock.follow(seen(MOST_OFF + TimeDelta::milliseconds(1)), at(0)));
        assert_eq!(clock.tick(at(0)).millis, at(0).timestamp_millis());
        assert!(clock.follow(seen(MOST_OFF), at(0)));
        let next = clock.tick(at(1));
        assert_eq!((next.millis, next.count), (seen(MOST_OFF).millis, 4));
    }

    #[test]
    fn a_device_that_starts_anew_writes_on_after_its_own_stamps_though_its_clock_was_set_back() {
        let device = DeviceId::new();
        let last = HybridClock::new(device).tick(at(0) + TimeDelta::days(2));
        let mut anew = HybridClock::new(device);
        assert!(anew.follow(last, at(0)));
        assert!(anew.tick(at(0)) > last);
    }

    #[test]
    fn the_offset_is_that_of_the_middle_of_the_request() {
        let offset = server_offset(at(0), at(10_100), at(200));
        assert_eq!(offset, TimeDelta::seconds(10));
        assert_eq!(server_offset(at(0), at(-86_400_000), at(0)), TimeDelta::days(-1));
    }

    proptest! {
        /// Two devices write, read each other and have their clocks set as the world likes.
        #[test]
        fn stamps_grow_and_follow_what_was_read(steps in prop::collection::vec((any::<bool>(), any::<bool>(), -1_000i64..1_000), 1..200)) {
            let mut clocks = [HybridClock::new(DeviceId::new()), HybridClock::new(DeviceId::new())];
            let mut given: [Vec<Stamp>; 2] = [Vec::new(), Vec::new()];
            for (second, reads, millis) in steps {
                let (own, other) = if second { (1, 0) } else { (0, 1) };
                let read = given[other].last().copied().filter(|_| reads);
                if let Some(stamp) = read {
                    prop_assert!(clocks[own].follow(stamp, at(millis)));
                }
                let stamp = clocks[own].tick(at(millis));
                prop_assert!(stamp.millis >= at(millis).timestamp_millis());
                prop_assert!(given[own].last().is_none_or(|last| *last < stamp));
                prop_assert!(read.is_none_or(|read| read < stamp));
                given[own].push(stamp);
            }
            prop_assert!(given[0].iter().all(|stamp| !given[1].contains(stamp)));
        }
    }
}
