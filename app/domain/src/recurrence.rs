//! Recurring visits: a small part of RFC 5545 recurrence rules, the part that offices use.

use crate::{
    ApiError, Invalid,
    clock::{from_korean, korean_day, korean_time},
    holidays::is_holiday,
    visit::Window,
};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// The most visits that one series has.
pub const MAX_OCCURRENCES: u8 = 60;
/// The longest time from the first visit of a series to its last, in months.
pub const MAX_MONTHS: u32 = 24;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recurrence {
    /// How often.
    pub frequency: Frequency,
    /// When it ends.
    pub end: RecurrenceEnd,
    /// Leave out Korean public holidays (they still count towards `count`).
    pub skip_holidays: bool,
}

impl Recurrence {
    /// The same rule, if a series that begins with `first` can follow it without being cut short.
    ///
    /// # Errors
    /// [`Invalid::Range`] for fewer than 2 or more than 60 visits, or a last one more than two years ahead;
    /// [`Invalid::Order`] for an end that is not after the first day.
    pub fn checked(self, first: Window) -> Result<Self, ApiError> {
        let first_day = korean_day(first.start);
        let refuse = |reason| Err(ApiError::invalid("recurrence", reason));
        match self.end {
            RecurrenceEnd::Count { count } if !(2..=MAX_OCCURRENCES).contains(&count) => return refuse(Invalid::Range),
            RecurrenceEnd::Until { day } if day <= first_day => return refuse(Invalid::Order),
            RecurrenceEnd::Until { day } if day > last_day(first_day) => return refuse(Invalid::Range),
            RecurrenceEnd::Count { .. } | RecurrenceEnd::Until { .. } => {}
        }
        let planned = self.unbounded_days(first_day).take(usize::from(MAX_OCCURRENCES) + 1).collect::<Vec<_>>();
        let too_many = planned.len() > usize::from(MAX_OCCURRENCES);
        let too_late = planned.last().is_some_and(|day| *day > last_day(first_day));
        if too_many || too_late { refuse(Invalid::Range) } else { Ok(self) }
    }

    /// The visits of a series that begins with `first`: the same time of day in Korea and the same length each, at most
    /// 60 and two years. With `skip_holidays` none lies on a public holiday, so there may be none at all.
    #[must_use]
    pub fn expand(&self, first: Window) -> Vec<Window> {
        let first_day = korean_day(first.start);
        let (time, length) = (korean_time(first.start), first.end - first.start);
        self.unbounded_days(first_day)
            .take_while(|day| *day <= last_day(first_day))
            .take(usize::from(MAX_OCCURRENCES))
            .filter(|day| !(self.skip_holidays && is_holiday(*day)))
            .map(|day| from_korean(day, time))
            .map(|start| Window { start, end: start + length })
            .collect()
    }

    /// The days of the rule up to its own end, holidays included.
    fn unbounded_days(&self, first_day: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        let frequency = self.frequency;
        let (count, until) = match self.end {
            RecurrenceEnd::Count { count } => (usize::from(count), NaiveDate::MAX),
            RecurrenceEnd::Until { day } => (usize::MAX, day),
        };
        (0..).map_while(move |n| frequency.nth_day(first_day, n)).take_while(move |day| *day <= until).take(count)
    }

    /// The rule in the words of RFC 5545 for a series whose first Korean day is `first_day`. Holidays have no word there.
    #[must_use]
    pub fn to_rrule(&self, first_day: NaiveDate) -> String {
        let weekday = weekday_code(first_day.weekday());
        let frequency = match self.frequency {
            Frequency::Week => format!("FREQ=WEEKLY;BYDAY={weekday}"),
            Frequency::OtherWeek => format!("FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}"),
            Frequency::MonthOnWeekday => format!("FREQ=MONTHLY;BYDAY={}{weekday}", week_of_month(first_day)),
        };
        match self.end {
            RecurrenceEnd::Count { count } => format!("{frequency};COUNT={count}"),
            // The end of the Korean day, in UTC as the standard wants it.
            RecurrenceEnd::Until { day } => format!("{frequency};UNTIL={}T145959Z", day.format("%Y%m%d")),
        }
    }

    /// Reads what [`Self::to_rrule`] writes, and rules of other calendars that mean the same.
    ///
    /// # Errors
    /// [`Invalid::Form`] for anything else, also for a weekday that is not that of `first_day`.
    pub fn from_rrule(rule: &str, first_day: NaiveDate, skip_holidays: bool) -> Result<Self, Invalid> {
        let parts = RuleParts::read(rule).ok_or(Invalid::Form)?;
        let weekday = weekday_code(first_day.weekday());
        let monthly = format!("{}{weekday}", week_of_month(first_day));
        let frequency = match (parts.freq, parts.interval, parts.by_day) {
            ("WEEKLY", 1, None) => Frequency::Week,
            ("WEEKLY", 2, None) => Frequency::OtherWeek,
            ("WEEKLY", 1, Some(day)) if day == weekday => Frequency::Week,
            ("WEEKLY", 2, Some(day)) if day == weekday => Frequency::OtherWeek,
            ("MONTHLY", 1, Some(day)) if day.trim_start_matches('+') == monthly => Frequency::MonthOnWeekday,
            _ => return Err(Invalid::Form),
        };
        let end = match (parts.count, parts.until) {
            (Some(count), None) => RecurrenceEnd::Count { count },
            (None, Some(day)) => RecurrenceEnd::Until { day },
            _ => return Err(Invalid::Form),
        };
        Ok(Self { frequency, end, skip_holidays })
    }
}

impl Frequency {
    /// The day of the `n`th visit, counted from 0; `None` beyond the calendar.
    fn nth_day(self, first: NaiveDate, n: u32) -> Option<NaiveDate> {
        match self {
            Self::Week => first.checked_add_days(Days::new(7 * u64::from(n))),
            Self::OtherWeek => first.checked_add_days(Days::new(14 * u64::from(n))),
            Self::MonthOnWeekday => {
                let month = first.with_day(1)?.checked_add_months(Months::new(n))?;
                match u8::try_from(week_of_month(first)) {
                    Ok(week) => NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), first.weekday(), week),
                    Err(_last) => last_weekday(month, first.weekday()),
                }
            }
        }
    }
}

/// 1–4, or −1 for the fifth week, which means the last.
fn week_of_month(day: NaiveDate) -> i8 {
    match day.day0() / 7 {
        0 => 1,
        1 => 2,
        2 => 3,
        3 => 4,
        _ => -1,
    }
}

fn last_weekday(month: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    [5, 4].into_iter().find_map(|week| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), weekday, week))
}

fn last_day(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(MAX_MONTHS)).unwrap_or(first)
}

const fn weekday_code(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}

/// The parts of a rule that offices use; a rule with any other part is not read.
struct RuleParts<'rule> {
    freq: &'rule str,
    interval: u8,
    by_day: Option<&'rule str>,
    count: Option<u8>,
    until: Option<NaiveDate>,
}

impl<'rule> RuleParts<'rule> {
    fn read(rule: &'rule str) -> Option<Self> {
        let mut parts = Self { freq: "", interval: 1, by_day: None, count: None, until: None };
        for part in rule.trim().trim_start_matches("RRULE:").split(';') {
            let (name, value) = part.split_once('=')?;
            match name {
                "FREQ" => parts.freq = value,
                "INTERVAL" => parts.interval = value.parse().ok()?,
                "BYDAY" => parts.by_day = Some(value),
                "COUNT" => parts.count = Some(value.parse().ok()?),
                "UNTIL" => parts.until = Some(read_until(value)?),
                "WKST" => {}
                _ => return None,
            }
        }
        Some(parts)
    }
}

/// A day, or the Korean day of an instant in UTC.
fn read_until(text: &str) -> Option<NaiveDate> {
    match text.strip_suffix('Z') {
        None => NaiveDate::parse_from_str(text, "%Y%m%d").ok(),
        Some(instant) => {
            let instant = NaiveDateTime::parse_from_str(instant, "%Y%m%dT%H%M%S").ok()?;
            Some(korean_day(DateTime::<Utc>::from_naive_utc_and_offset(instant, Utc)))
        }
    }
}
