//! Days and times of day, always Korean time: `2026. 11. 22.(일)` and `Nov 22, 2026 (Sun)`.

use super::I18n;
use crate::i18n::{Locale, td_string};
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use domain::{
    clock::{korean_day, korean_time},
    visit::Window,
};

/// A day with its year: `2026. 11. 22.(일)`, `Nov 22, 2026 (Sun)`.
#[must_use]
pub fn date(i18n: I18n, day: NaiveDate) -> String {
    let weekday = weekday(i18n, day.weekday());
    match i18n.get_locale() {
        Locale::ko => format!("{}. {}. {}.({weekday})", day.year(), day.month(), day.day()),
        Locale::en => format!("{} ({weekday})", day.format("%b %-d, %Y")),
    }
}

/// A day without its year: `11. 22.(일)`, `Nov 22 (Sun)`.
#[must_use]
pub fn short_date(i18n: I18n, day: NaiveDate) -> String {
    let weekday = weekday(i18n, day.weekday());
    match i18n.get_locale() {
        Locale::ko => format!("{}. {}.({weekday})", day.month(), day.day()),
        Locale::en => format!("{} ({weekday})", day.format("%b %-d")),
    }
}

/// A month: `2026년 11월`, `November 2026`.
#[must_use]
pub fn month(i18n: I18n, day: NaiveDate) -> String {
    match i18n.get_locale() {
        Locale::ko => format!("{}년 {}월", day.year(), day.month()),
        Locale::en => day.format("%B %Y").to_string(),
    }
}

/// A time of day: `14:30`.
#[must_use]
pub fn time(at: DateTime<Utc>) -> String {
    korean_time(at).format("%H:%M").to_string()
}

/// A day and a time of day: `2026. 11. 22.(일) 14:30`.
#[must_use]
pub fn date_time(i18n: I18n, at: DateTime<Utc>) -> String {
    format!("{} {}", date(i18n, korean_day(at)), time(at))
}

/// From when to when: `14:00–15:00`.
#[must_use]
pub fn window(window: Window) -> String {
    format!("{}–{}", time(window.start), time(window.end))
}

/// `일`, `Sun`.
#[must_use]
pub fn weekday(i18n: I18n, weekday: Weekday) -> &'static str {
    let locale = i18n.get_locale();
    match weekday {
        Weekday::Mon => td_string!(locale, labels.weekday.mon),
        Weekday::Tue => td_string!(locale, labels.weekday.tue),
        Weekday::Wed => td_string!(locale, labels.weekday.wed),
        Weekday::Thu => td_string!(locale, labels.weekday.thu),
        Weekday::Fri => td_string!(locale, labels.weekday.fri),
        Weekday::Sat => td_string!(locale, labels.weekday.sat),
        Weekday::Sun => td_string!(locale, labels.weekday.sun),
    }
}

/// A day as seen from `today`: 오늘, 내일, 어제, 3일 후, 3일 전.
#[must_use]
pub fn relative_day(i18n: I18n, day: NaiveDate, today: NaiveDate) -> String {
    let locale = i18n.get_locale();
    match (day - today).num_days() {
        0 => td_string!(locale, labels.relative.today).to_owned(),
        1 => td_string!(locale, labels.relative.tomorrow).to_owned(),
        -1 => td_string!(locale, labels.relative.yesterday).to_owned(),
        days if days > 0 => td_string!(locale, labels.relative.ahead, days = days).to_string(),
        days => td_string!(locale, labels.relative.ago, days = -days).to_string(),
    }
}

/// How long until something is due: 오늘까지, 내일까지, 3일 남음, 3일 지남.
#[must_use]
pub fn due_in(i18n: I18n, due: NaiveDate, today: NaiveDate) -> String {
    let locale = i18n.get_locale();
    match (due - today).num_days() {
        0 => td_string!(locale, labels.due.today).to_owned(),
        1 => td_string!(locale, labels.due.tomorrow).to_owned(),
        -1 => td_string!(locale, labels.due.late_one).to_owned(),
        days if days > 0 => td_string!(locale, labels.due.left, days = days).to_string(),
        days => td_string!(locale, labels.due.late, days = -days).to_string(),
    }
}
