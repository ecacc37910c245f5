//! Time comes from a clock that is handed in, so that tests and the demo decide what "now" is.
//! Instants are UTC; a district's day is Korean (UTC+9, no daylight saving since 1988).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
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

/// The Korean calendar day of an instant.
#[must_use]
pub fn korean_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&kst()).date_naive()
}

/// The Korean time of day of an instant.
#[must_use]
pub fn korean_time(at: DateTime<Utc>) -> NaiveTime {
    at.with_timezone(&kst()).time()
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
