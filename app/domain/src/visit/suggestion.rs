//! When to try again after nobody was home: at another time of day, soon, and once when people who work are at home.

use super::Window;
use crate::{
    case::{Attempt, AttemptTime},
    clock::{from_korean, korean_day},
    holidays::{is_holiday, is_weekend, is_working_day},
    profile::coded,
};
use chrono::{Days, NaiveDate, NaiveTime};

/// Within how many days the next attempt lies.
const WITHIN_DAYS: u64 = 3;

coded! {
    /// Why this time is suggested.
    NextAttemptReason { /// No attempt was in the evening or at a weekend yet.
        OffHours = "off_hours", /// Nobody tried at this time of day yet.
        OtherTime = "other_time", /// Every time of day was tried; this one least often.
        LeastTried = "least_tried", }
}

/// A time for the next attempt. It advises; the worker decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextAttempt {
    /// When, as long as the attempt before.
    pub window: Window,
    /// Why then.
    pub reason: NextAttemptReason,
}

/// A time for the next attempt after `previous`, given all attempts so far (with or without the previous one).
#[must_use]
pub fn suggest_next_attempt(previous: &Window, attempts: &[Attempt]) -> NextAttempt {
    let last_day = korean_day(previous.start);
    let last_time = AttemptTime::of(previous.start);
    let was_off_hours = last_time == AttemptTime::Evening || is_weekend(last_day);
    let tried = |time| attempts.iter().filter(|attempt| AttemptTime::of(attempt.at) == time).count();
    let (time, reason) = if was_off_hours || attempts.iter().any(Attempt::is_off_hours) {
        let others = AttemptTime::ALL.iter().copied().filter(|time| *time != last_time);
        let time = others.min_by_key(|time| tried(*time)).unwrap_or(AttemptTime::Evening);
        (time, if tried(time) == 0 { NextAttemptReason::OtherTime } else { NextAttemptReason::LeastTried })
    } else {
        (AttemptTime::Evening, NextAttemptReason::OffHours)
    };
    let start = from_korean(next_day(last_day), usual_start(time));
    NextAttempt { window: Window { start, end: start + (previous.end - previous.start) }, reason }
}

/// The next working day within reach; else a weekend; over a long holiday, tomorrow.
fn next_day(last: NaiveDate) -> NaiveDate {
    let days = || (1..=WITHIN_DAYS).map(|n| last + Days::new(n));
    let found = days().find(|day| is_working_day(*day)).or_else(|| days().find(|day| !is_holiday(*day)));
    found.unwrap_or(last + Days::new(1))
}

fn usual_start(time: AttemptTime) -> NaiveTime {
    let (hour, minute) = match time {
        AttemptTime::Morning => (10, 0),
        AttemptTime::Afternoon => (14, 0),
        AttemptTime::Evening => (18, 30),
    };
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::kst, visit::VisitKind};
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn window(day: &str, hour: u32) -> Window {
        let start = from_korean(day.parse().unwrap(), NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
        Window { start, end: start + TimeDelta::minutes(40) }
    }

    fn attempt(day: &str, hour: u32) -> Attempt {
        Attempt { at: window(day, hour).start, kind: VisitKind::Home }
    }

    fn suggested(previous: &Window, attempts: &[Attempt]) -> (String, NextAttemptReason) {
        let next = suggest_next_attempt(previous, attempts);
        assert_eq!(next.window.end - next.window.start, previous.end - previous.start);
        (next.window.start.with_timezone(&kst()).format("%F %H:%M").to_string(), next.reason)
    }

    #[test]
    fn the_first_try_again_is_in_the_evening_and_then_at_other_times() {
        use NextAttemptReason::{LeastTried, OffHours, OtherTime};
        let monday = window("2026-11-23", 10);
        assert_eq!(suggested(&monday, &[]), ("2026-11-24 18:30".into(), OffHours));
        let evening = window("2026-11-24", 19);
        let tried = [attempt("2026-11-23", 10), attempt("2026-11-24", 19)];
        assert_eq!(suggested(&evening, &tried), ("2026-11-25 14:00".into(), OtherTime));
        let tried = [tried[0], tried[1], attempt("2026-11-25", 14)];
        assert_eq!(suggested(&window("2026-11-25", 14), &tried), ("2026-11-26 10:00".into(), LeastTried));
    }

    #[test]
    fn days_off_are_left_out_while_others_are_near() {
        assert_eq!(suggested(&window("2026-11-27", 10), &[]).0, "2026-11-30 18:30", "after a Friday comes Monday");
        assert_eq!(suggested(&window("2026-09-23", 10), &[]).0, "2026-09-24 18:30", "Chuseok and a Saturday: tomorrow");
    }

    proptest! {
        #[test]
        fn soon_at_another_time_of_day_and_off_hours_once(
            at in (0u64..3_000, 0u32..24), earlier in proptest::collection::vec((0u64..30, 0u32..24), 0..5),
        ) {
            let start = |(days, hour): (u64, u32)| {
                let day: NaiveDate = "2018-02-01".parse().unwrap();
                from_korean(day + Days::new(days), NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
            };
            let attempts: Vec<Attempt> = earlier.iter().map(|(before, hour)| start((at.0.saturating_sub(*before), *hour)))
                .chain([start(at)]).map(|at| Attempt { at, kind: VisitKind::Home }).collect();
            let previous = Window { start: start(at), end: start(at) + TimeDelta::hours(1) };
            let next = suggest_next_attempt(&previous, &attempts).window;
            let waited = (korean_day(next.start) - korean_day(previous.start)).num_days();
            prop_assert!((1..=3).contains(&waited));
            let again = Attempt { at: next.start, kind: VisitKind::Home };
            if attempts.iter().any(Attempt::is_off_hours) {
                prop_assert_ne!(AttemptTime::of(next.start), AttemptTime::of(previous.start));
            } else {
                prop_assert!(again.is_off_hours());
            }
        }
    }
}
