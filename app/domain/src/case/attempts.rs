//! When a neighbor may be called unreachable: after enough attempts that were different enough.

use crate::{
    Rule,
    clock::{korean_day, korean_time},
    holidays::is_weekend,
    profile::coded,
    visit::{NotMetReason, VisitKind},
};
use chrono::{DateTime, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many attempts there must be.
const ATTEMPTS: usize = 3;
/// Over how many kinds of contact.
const CHANNELS: usize = 2;
/// At how many times of day.
const TIMES: usize = 2;

coded! {
    /// Time of day, in Korea.
    AttemptTime { /// 오전: before 12
        Morning = "morning", /// 오후: 12 to 18
        Afternoon = "afternoon", /// 저녁: 18 and later
        Evening = "evening", }
}

impl AttemptTime {
    /// The time of day of an instant.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        match korean_time(at).hour() {
            0..12 => Self::Morning,
            12..18 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// A contact attempt that reached nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub kind: VisitKind,
}

impl Attempt {
    /// Whether it was made at a weekend or in the evening, when people who work are at home.
    #[must_use]
    pub fn is_off_hours(&self) -> bool {
        is_weekend(korean_day(self.at)) || AttemptTime::of(self.at) == AttemptTime::Evening
    }
}

/// A visit about which something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldVisit {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// How.
    pub kind: VisitKind,
    /// Whether somebody was met.
    pub met: bool,
    /// Why nobody was.
    pub not_met: Option<NotMetReason>,
}

/// The attempts that reached nobody since the last contact that did, in the order given.
#[must_use]
pub fn attempts_since_contact(visits: &[ToldVisit]) -> Vec<Attempt> {
    let met = visits.iter().filter(|visit| visit.met).map(|visit| visit.at).max();
    let missed = |visit: &&ToldVisit| visit.not_met.is_some_and(NotMetReason::reached_nobody) && Some(visit.at) > met;
    visits.iter().filter(missed).map(|visit| Attempt { at: visit.at, kind: visit.kind }).collect()
}

/// What is still missing before a neighbor may be called unreachable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnreachableShortfall {
    /// How many more attempts.
    pub attempts: u8,
    /// How many more kinds of contact.
    pub channels: u8,
    /// Whether nobody went in person.
    pub in_person: bool,
    /// How many more times of day.
    pub times_of_day: u8,
    /// Whether none was at a weekend or in the evening.
    pub off_hours: bool,
}

impl From<UnreachableShortfall> for Rule {
    fn from(_: UnreachableShortfall) -> Self {
        Self::TooFewAttempts
    }
}

/// At least 3 attempts over at least 2 channels, at least one in person, at 2 times of day, one at a weekend or in the
/// evening (from 18:00 in Korea).
///
/// # Errors
/// Everything that is still missing.
pub fn unreachable_rule(attempts: &[Attempt]) -> Result<(), UnreachableShortfall> {
    let channels: BTreeSet<VisitKind> = attempts.iter().map(|attempt| attempt.kind).collect();
    let times: BTreeSet<AttemptTime> = attempts.iter().map(|attempt| AttemptTime::of(attempt.at)).collect();
    let lacks = |needed: usize, have: usize| u8::try_from(needed.saturating_sub(have)).unwrap_or(u8::MAX);
    let shortfall = UnreachableShortfall {
        attempts: lacks(ATTEMPTS, attempts.len()),
        channels: lacks(CHANNELS, channels.len()),
        in_person: !attempts.iter().any(|attempt| attempt.kind.is_in_person()),
        times_of_day: lacks(TIMES, times.len()),
        off_hours: !attempts.iter().any(Attempt::is_off_hours),
    };
    if shortfall == UnreachableShortfall::default() { Ok(()) } else { Err(shortfall) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_korean;
    use proptest::prelude::*;

    fn attempt(day: u32, hour: u32, kind: VisitKind) -> Attempt {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        Attempt { at: from_korean(day, chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap()), kind }
    }

    #[test]
    fn each_part_of_the_rule() {
        use VisitKind::{Home, Phone, RegisteredMail};
        // 2 November 2026 is a Monday, the 7th a Saturday.
        let good = [attempt(2, 10, Home), attempt(3, 15, Phone), attempt(4, 18, Home)];
        assert_eq!(unreachable_rule(&good), Ok(()));
        assert_eq!(unreachable_rule(&[attempt(2, 10, Home), attempt(3, 15, Phone), attempt(7, 10, Home)]), Ok(()));
        let missing = |attempts: &[Attempt]| unreachable_rule(attempts).unwrap_err();
        let none = UnreachableShortfall::default();
        assert_eq!(missing(&good[1..]), UnreachableShortfall { attempts: 1, ..none });
        assert_eq!(
            missing(&[attempt(2, 10, Home), attempt(3, 15, Home), attempt(4, 18, Home)]),
            UnreachableShortfall { channels: 1, ..none }
        );
        assert_eq!(
            missing(&[attempt(2, 10, RegisteredMail), attempt(3, 15, Phone), attempt(4, 18, Phone)]),
            UnreachableShortfall { in_person: true, ..none }
        );
        assert_eq!(
            missing(&[attempt(2, 10, Home), attempt(3, 11, Phone), attempt(7, 9, Home)]),
            UnreachableShortfall { times_of_day: 1, ..none }
        );
        assert_eq!(
            missing(&[attempt(2, 10, Home), attempt(3, 17, Phone), attempt(4, 12, Home)]),
            UnreachableShortfall { off_hours: true, ..none }
        );
        assert_eq!(
            missing(&[]),
            UnreachableShortfall { attempts: 3, channels: 2, in_person: true, times_of_day: 2, off_hours: true }
        );
        assert_eq!(Rule::from(missing(&[])), Rule::TooFewAttempts);
    }

    proptest! {
        #[test]
        fn one_more_attempt_never_makes_it_worse(days in proptest::collection::vec((1u32..29, 0u32..24, 0usize..5), 0..6), more in (1u32..29, 0u32..24, 0usize..5)) {
            let of = |(day, hour, kind): &(u32, u32, usize)| attempt(*day, *hour, VisitKind::ALL[*kind]);
            let before: Vec<Attempt> = days.iter().map(of).collect();
            let after: Vec<Attempt> = days.iter().chain([&more]).map(of).collect();
            if unreachable_rule(&before).is_ok() {
                prop_assert_eq!(unreachable_rule(&after), Ok(()));
            }
        }
    }
}
