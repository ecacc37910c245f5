//! Recurring visits against the `rrule` crate as an independent oracle, and the rules that it does not know.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed, as it should")]

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    ApiError, Invalid,
    clock::{from_korean, korean_day, korean_time},
    holidays::is_holiday,
    recurrence::{Frequency, MAX_OCCURRENCES, Recurrence, RecurrenceEnd},
    visit::Window,
};
use proptest::prelude::*;
use rrule::RRuleSet;
use rstest::rstest;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn window(day: NaiveDate, hour: u32) -> Window {
    let start = from_korean(day, NaiveTime::from_hms_opt(hour, 30, 0).unwrap());
    Window { start, end: start + TimeDelta::minutes(50) }
}

fn rule(frequency: Frequency, end: RecurrenceEnd) -> Recurrence {
    Recurrence { frequency, end, skip_holidays: false }
}

fn days_of(recurrence: Recurrence, first: &str) -> Vec<String> {
    recurrence.expand(window(day(first), 10)).iter().map(|w| korean_day(w.start).to_string()).collect()
}

fn oracle(recurrence: Recurrence, first: Window) -> Vec<DateTime<Utc>> {
    let start = first.start.with_timezone(&domain::clock::kst()).format("%Y%m%dT%H%M%S");
    let rule = recurrence.to_rrule(korean_day(first.start));
    let set: RRuleSet = format!("DTSTART;TZID=Asia/Seoul:{start}\nRRULE:{rule}").parse().unwrap();
    set.all(200).dates.iter().map(DateTime::to_utc).collect()
}

#[test]
fn the_second_tuesday_and_the_last_one() {
    let monthly = rule(Frequency::MonthOnWeekday, RecurrenceEnd::Count { count: 4 });
    assert_eq!(days_of(monthly, "2026-12-08"), ["2026-12-08", "2027-01-12", "2027-02-09", "2027-03-09"]);
    assert_eq!(days_of(monthly, "2026-12-29"), ["2026-12-29", "2027-01-26", "2027-02-23", "2027-03-30"]);
    let skipping = Recurrence { skip_holidays: true, ..monthly };
    assert_eq!(days_of(skipping, "2026-12-08"), ["2026-12-08", "2027-01-12", "2027-03-09"], "Seollal's substitute counts");
}

#[test]
fn a_first_visit_on_a_holiday_is_skipped_too() {
    let weekly = Recurrence { skip_holidays: true, ..rule(Frequency::Week, RecurrenceEnd::Until { day: day("2027-01-08") }) };
    assert_eq!(days_of(weekly, "2026-12-25"), Vec::<String>::from(["2027-01-08".to_owned()]));
}

#[rstest]
#[case(RecurrenceEnd::Count { count: 1 }, Some(Invalid::Range))]
#[case(RecurrenceEnd::Count { count: 2 }, None)]
#[case(RecurrenceEnd::Count { count: 60 }, None)]
#[case(RecurrenceEnd::Count { count: 61 }, Some(Invalid::Range))]
#[case(RecurrenceEnd::Until { day: day("2026-11-23") }, Some(Invalid::Order))]
#[case(RecurrenceEnd::Until { day: day("2026-11-30") }, None)]
#[case(RecurrenceEnd::Until { day: day("2028-01-16") }, None)]
#[case(RecurrenceEnd::Until { day: day("2028-01-17") }, Some(Invalid::Range))]
#[case(RecurrenceEnd::Until { day: day("2028-11-24") }, Some(Invalid::Range))]
fn ends_that_a_weekly_rule_may_have(#[case] end: RecurrenceEnd, #[case] refused: Option<Invalid>) {
    let weekly = rule(Frequency::Week, end);
    let expected = refused.map_or(Ok(weekly), |reason| Err(ApiError::invalid("recurrence", reason)));
    assert_eq!(weekly.checked(window(day("2026-11-23"), 10)), expected);
}

#[test]
fn no_series_is_longer_than_two_years() {
    let first = window(day("2026-11-23"), 10);
    let too_long = rule(Frequency::MonthOnWeekday, RecurrenceEnd::Count { count: 26 });
    assert_eq!(too_long.checked(first), Err(ApiError::invalid("recurrence", Invalid::Range)));
    assert!(rule(Frequency::MonthOnWeekday, RecurrenceEnd::Count { count: 24 }).checked(first).is_ok());
    assert!(too_long.expand(first).iter().all(|w| korean_day(w.start) <= day("2026-11-23") + Months::new(24)));
}

#[rstest]
#[case("FREQ=WEEKLY;COUNT=5", Ok((Frequency::Week, RecurrenceEnd::Count { count: 5 })))]
#[case("RRULE:FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=MO;UNTIL=20270131", Ok((Frequency::OtherWeek, RecurrenceEnd::Until { day: day("2027-01-31") })))]
#[case("FREQ=MONTHLY;BYDAY=+4MO;UNTIL=20270131T150000Z", Ok((Frequency::MonthOnWeekday, RecurrenceEnd::Until { day: day("2027-02-01") })))]
#[case("FREQ=MONTHLY;BYDAY=3MO;COUNT=5", Err(Invalid::Form))]
#[case("FREQ=WEEKLY;BYDAY=TU;COUNT=5", Err(Invalid::Form))]
#[case("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5", Err(Invalid::Form))]
#[case("FREQ=DAILY;COUNT=5", Err(Invalid::Form))]
#[case("FREQ=WEEKLY", Err(Invalid::Form))]
#[case("FREQ=WEEKLY;COUNT=5;UNTIL=20270131", Err(Invalid::Form))]
#[case("FREQ=WEEKLY;COUNT=5;BYHOUR=3", Err(Invalid::Form))]
#[case("", Err(Invalid::Form))]
fn reading_rules(#[case] text: &str, #[case] expected: Result<(Frequency, RecurrenceEnd), Invalid>) {
    // 23 November 2026 is the fourth Monday.
    let read = Recurrence::from_rrule(text, day("2026-11-23"), false);
    assert_eq!(read.map(|r| (r.frequency, r.end)), expected);
}

prop_compose! {
    fn series()(offset in 0u64..3_000, hour in 0u32..24, frequency in 0usize..3, count in 2u8..=60, span in 1u64..720, by_count: bool)
        -> (Recurrence, Window) {
        let first = day("2018-01-01") + Days::new(offset);
        let end = if by_count { RecurrenceEnd::Count { count } } else { RecurrenceEnd::Until { day: first + Days::new(span) } };
        (rule([Frequency::Week, Frequency::OtherWeek, Frequency::MonthOnWeekday][frequency], end), window(first, hour))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn agrees_with_the_oracle((recurrence, first) in series()) {
        let mut expected = oracle(recurrence, first);
        let last = korean_day(first.start) + Months::new(24);
        expected.truncate(usize::from(MAX_OCCURRENCES));
        let whole = expected.iter().all(|at| korean_day(*at) <= last);
        expected.retain(|at| korean_day(*at) <= last);
        let found: Vec<DateTime<Utc>> = recurrence.expand(first).iter().map(|w| w.start).collect();
        prop_assert_eq!(&found, &expected);
        if recurrence.checked(first).is_ok() {
            prop_assert!(whole);
            prop_assert_eq!(found.len(), oracle(recurrence, first).len(), "a checked series is never cut short");
        }
    }

    #[test]
    fn a_rule_reads_back_as_itself((recurrence, first) in series(), skip_holidays: bool) {
        let recurrence = Recurrence { skip_holidays, ..recurrence };
        let first_day = korean_day(first.start);
        prop_assert_eq!(Recurrence::from_rrule(&recurrence.to_rrule(first_day), first_day, skip_holidays), Ok(recurrence));
    }

    #[test]
    fn skipping_leaves_out_the_holidays_and_nothing_else((recurrence, first) in series()) {
        let all = recurrence.expand(first);
        let skipped = Recurrence { skip_holidays: true, ..recurrence }.expand(first);
        let working: Vec<Window> = all.iter().copied().filter(|w| !is_holiday(korean_day(w.start))).collect();
        prop_assert_eq!(&skipped, &working);
        for visit in all {
            prop_assert_eq!(visit.end - visit.start, first.end - first.start);
            prop_assert_eq!(korean_time(visit.start), korean_time(first.start));
        }
    }
}
