//! Time comes from a clock that is handed in, so that tests and the demo decide what "now" is.
//! Instants are UTC; a district's day is Korean (UTC+9, no daylight saving since 1988).

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use std::sync::Arc;

/// Where "now" comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// Korean standard time.
#[must_use]
pub fn kst() -> FixedOffset {
    FixedOffset::east_opt(9 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// The Korean calendar day of an instant; within nine hours of the last one that can be said, that of the instant elsewhere.
#[must_use]
pub fn korean_day(at: DateTime<Utc>) -> NaiveDate {
    in_korea(at).date()
}

/// The Korean time of day of an instant.
#[must_use]
pub fn korean_time(at: DateTime<Utc>) -> NaiveTime {
    in_korea(at).time()
}

fn in_korea(at: DateTime<Utc>) -> NaiveDateTime {
    let here = at.naive_utc();
    here.checked_add_offset(kst()).unwrap_or(here)
}

/// Whether something of a case can be at that time: from 2000 to 2199. Beyond it somebody mistyped, or wants to break what reads it.
#[must_use]
pub fn is_plausible(at: DateTime<Utc>) -> bool {
    (2000..2200).contains(&at.year())
}

/// The instant of a Korean day and time of day.
#[must_use]
pub fn from_korean(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    kst().from_local_datetime(&day.and_time(time)).single().map_or_else(|| day.and_time(time).and_utc(), |t| t.to_utc())
}

/// The first instant of a Korean day.
#[must_use]
pub fn day_start(day: NaiveDate) -> DateTime<Utc> {
    from_korean(day, NaiveTime::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_korea_begins_nine_hours_earlier() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(korean_day(at("2026-11-28T15:00:00Z")), NaiveDate::from_ymd_opt(2026, 11, 29).unwrap());
        assert_eq!(korean_time(at("2026-11-28T14:59:00Z")), NaiveTime::from_hms_opt(23, 59, 0).unwrap());
    }

    #[test]
    fn the_last_instants_there_are_have_a_day_too() {
        assert_eq!(korean_day(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC.date_naive());
        assert_eq!(korean_day(DateTime::<Utc>::MIN_UTC), DateTime::<Utc>::MIN_UTC.date_naive());
        assert!(!is_plausible(DateTime::<Utc>::MAX_UTC) && !is_plausible(DateTime::<Utc>::MIN_UTC));
    }
}
