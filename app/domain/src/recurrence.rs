//! Recurring visits: a small part of RFC 5545 recurrence rules, the part that offices use.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "every")]
pub enum Frequency {
    /// Every week on the weekday of the first visit.
    Week,
    /// Every other week on the weekday of the first visit.
    OtherWeek,
    /// Every month on the same weekday of the same week as the first visit ("the second Tuesday"); a fifth week means the last.
    MonthOnWeekday,
}

/// When it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum RecurrenceEnd {
    /// After this many visits, the first included; 2–60.
    Count {
        /// How many.
        count: u8,
    },
    /// On this day at the latest; at most two years ahead.
    Until {
        /// The day.
        day: NaiveDate,
    },
}

/// A recurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    /// How often.
    pub frequency: Frequency,
    /// When it ends.
    pub end: RecurrenceEnd,
    /// Leave out Korean public holidays (they still count towards `count`).
    pub skip_holidays: bool,
}
