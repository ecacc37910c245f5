//! Korean public holidays and the working days of a district office. The days are data
//! (`data/holidays_kr.csv`), because substitutes, elections and temporary holidays follow no formula.
//! Years without data know only the holidays that fall on the same date every year.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::{collections::BTreeMap, ops::RangeInclusive, sync::LazyLock};

static HOLIDAYS: LazyLock<BTreeMap<NaiveDate, &'static str>> = LazyLock::new(|| read(include_str!("../data/holidays_kr.csv")));

/// The holidays of every year since 2026, for years whose calendar is not published yet.
const EVERY_YEAR: [((u32, u32), &str); 10] = [
    ((1, 1), "1월 1일"),
    ((3, 1), "3ㆍ1절"),
    ((5, 1), "노동절"),
    ((5, 5), "어린이날"),
    ((6, 6), "현충일"),
    ((7, 17), "제헌절"),
    ((8, 15), "광복절"),
    ((10, 3), "개천절"),
    ((10, 9), "한글날"),
    ((12, 25), "기독탄신일"),
];

fn read(csv: &'static str) -> BTreeMap<NaiveDate, &'static str> {
    csv.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(','))
        .filter_map(|(day, name)| Some((day.parse().ok()?, name)))
        .collect()
}

/// The years whose holidays are known in full; none when the data were empty.
#[must_use]
pub fn covered_years() -> RangeInclusive<i32> {
    match (HOLIDAYS.first_key_value(), HOLIDAYS.last_key_value()) {
        (Some((first, _)), Some((last, _))) => first.year()..=last.year(),
        _ => RangeInclusive::new(1, 0),
    }
}

/// The Korean name of the public holiday on `day`; two on one day are joined with `;`.
#[must_use]
pub fn holiday_name(day: NaiveDate) -> Option<&'static str> {
    if covered_years().contains(&day.year()) {
        return HOLIDAYS.get(&day).copied();
    }
    EVERY_YEAR.iter().find(|(date, _)| *date == (day.month(), day.day())).map(|(_, name)| *name)
}

/// Whether `day` is a Korean public holiday.
#[must_use]
pub fn is_holiday(day: NaiveDate) -> bool {
    holiday_name(day).is_some()
}

/// Whether `day` is a Saturday or a Sunday.
#[must_use]
pub fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Whether the district office works on `day`: Monday to Friday and no public holiday.
#[must_use]
pub fn is_working_day(day: NaiveDate) -> bool {
    !is_weekend(day) && !is_holiday(day)
}

/// The `n`th working day after `from`, which itself does not count; for 0, `from` or the working day that follows it.
#[must_use]
pub fn add_working_days(from: NaiveDate, n: u16) -> NaiveDate {
    let mut day = next_working_day(from);
    // A start on a day off does not use up a day: Saturday + 1 is Monday.
    let mut left = if day == from { n } else { n.saturating_sub(1) };
    while left > 0 {
        day = next_working_day(day + Days::new(1));
        left -= 1;
    }
    day
}

/// `day` itself, or the working day that follows it.
#[must_use]
pub fn next_working_day(day: NaiveDate) -> NaiveDate {
    day.iter_days().find(|day| is_working_day(*day)).unwrap_or(day)
}

/// The days from `from` (not counted) to `to` (counted) on which the office works; 0 when `to` is not later.
#[must_use]
pub fn working_days_between(from: NaiveDate, to: NaiveDate) -> usize {
    from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| is_working_day(*day)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ten_years_are_covered_and_every_line_is_read() {
        assert_eq!(covered_years(), 2018..=2027);
        let lines = include_str!("../data/holidays_kr.csv").lines().filter(|l| l.starts_with("20")).count();
        assert_eq!(HOLIDAYS.len(), lines);
        for year in covered_years() {
            let days = HOLIDAYS.keys().filter(|day| day.year() == year).count();
            assert!((15..=25).contains(&days), "{year} has {days} holidays");
        }
    }

    #[rstest]
    #[case("2024-02-12", "대체공휴일(설날)")]
    #[case("2024-04-10", "제22대국회의원선거")]
    #[case("2025-05-05", "어린이날;부처님 오신 날")]
    #[case("2025-06-03", "임시공휴일(대통령선거)")]
    #[case("2026-09-25", "추석")]
    #[case("2026-10-05", "대체공휴일(개천절)")]
    #[case("2028-03-01", "3ㆍ1절")]
    fn known_holidays(#[case] at: &str, #[case] name: &str) {
        assert_eq!(holiday_name(day(at)), Some(name));
        assert!(!is_working_day(day(at)));
    }

    #[rstest]
    #[case("2026-11-23")]
    #[case("2025-05-02")]
    #[case("2028-12-31")]
    fn ordinary_days(#[case] at: &str) {
        assert_eq!(holiday_name(day(at)), None);
    }

    #[rstest]
    #[case("2026-09-23", 0, "2026-09-23")]
    #[case("2026-09-23", 1, "2026-09-28")]
    #[case("2026-09-24", 0, "2026-09-28")]
    #[case("2026-09-24", 1, "2026-09-28")]
    #[case("2026-09-26", 2, "2026-09-29")]
    #[case("2026-09-30", 5, "2026-10-08")]
    #[case("2026-12-31", 1, "2027-01-04")]
    fn counting_working_days(#[case] from: &str, #[case] n: u16, #[case] to: &str) {
        assert_eq!(add_working_days(day(from), n), day(to));
    }

    proptest! {
        #[test]
        fn a_due_day_is_a_working_day_and_counts_no_day_off(offset in 0u64..3_600, n in 1u16..60) {
            let from = day("2018-01-01") + Days::new(offset);
            let due = add_working_days(from, n);
            prop_assert!(is_working_day(due));
            prop_assert_eq!(working_days_between(from, due), usize::from(n));
            prop_assert!(add_working_days(from, n + 1) > due);
            prop_assert!(add_working_days(from + Days::new(1), n) >= due);
        }
    }
}
