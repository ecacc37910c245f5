//! Office hours: when things happen in a district, and which hours of a worker are taken already.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use domain::{
    clock::{from_korean, korean_day},
    holidays::is_working_day,
    ids::UserId,
    recurrence::Recurrence,
    visit::Window,
};
use std::collections::{BTreeMap, BTreeSet};

use super::random::Dice;

/// When a visit may begin: hour, minute.
const SLOTS: [(u32, u32); 8] = [(9, 30), (10, 30), (11, 20), (13, 30), (14, 30), (15, 30), (16, 30), (17, 20)];
/// Visits of one worker on one day at most.
const MOST_A_DAY: usize = 5;

/// The instant of a Korean day and time.
pub(super) fn at(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    from_korean(day, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
}

/// The day, or the working day that follows it.
pub(super) fn working(mut day: NaiveDate) -> NaiveDate {
    while !is_working_day(day) {
        day = day + Days::new(1);
    }
    day
}

/// Some minute of the office hours of the working day that lies `days` after `from`, and in any case after `from`.
pub(super) fn later(dice: &mut Dice, from: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let day = working(korean_day(from) + Days::new(days.into()));
    let (hour, minute) = (dice.between(9, 17), dice.between(0, 59));
    let planned = at(day, hour, minute);
    if planned > from { planned } else { from + TimeDelta::minutes(i64::from(dice.between(12, 95))) }
}

/// The hours that are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Diary {
    taken: BTreeMap<(UserId, NaiveDate), BTreeSet<DateTime<Utc>>>,
}

impl Diary {
    /// The beginnings of a worker's visits on a day.
    pub(super) fn of(&self, worker: UserId, day: NaiveDate) -> usize {
        self.taken.get(&(worker, day)).map_or(0, BTreeSet::len)
    }

    /// Takes a free hour of the worker on `day`, if there is one.
    pub(super) fn take(&mut self, dice: &mut Dice, worker: UserId, day: NaiveDate) -> Option<Window> {
        let first = dice.below(8) as usize;
        let starts = SLOTS.iter().cycle().skip(first).take(SLOTS.len()).map(|(hour, minute)| at(day, *hour, *minute));
        let taken = self.taken.entry((worker, day)).or_default();
        let start = starts.into_iter().find(|start| !taken.contains(start))?;
        taken.insert(start);
        Some(window(dice, start))
    }

    /// Takes an hour on the working day that lies `days` after `from`, or soon after that.
    pub(super) fn book(&mut self, dice: &mut Dice, worker: UserId, from: DateTime<Utc>, days: u32) -> Window {
        let mut day = working(korean_day(from) + Days::new(days.max(1).into()));
        for _ in 0..12 {
            if self.of(worker, day) < MOST_A_DAY
                && let Some(window) = self.take(dice, worker, day)
            {
                return window;
            }
            day = working(day + Days::new(1));
        }
        window(dice, at(day, 12, 10))
    }

    /// Takes an evening hour, or one on a Saturday.
    pub(super) fn off_hours(&mut self, dice: &mut Dice, worker: UserId, from: DateTime<Utc>) -> Window {
        let mut day = korean_day(from) + Days::new(1);
        let start = if dice.chance(70) {
            at(working(day), 18, 30 + 15 * dice.below(2))
        } else {
            while day.weekday() != Weekday::Sat {
                day = day + Days::new(1);
            }
            at(day, 11, 0)
        };
        self.taken.entry((worker, korean_day(start))).or_default().insert(start);
        window(dice, start)
    }

    /// Takes the hours of a series that begins about `days` after `from`: the first hour that is free each time, if any.
    pub(super) fn series(
        &mut self,
        worker: UserId,
        from: DateTime<Utc>,
        days: u32,
        rule: &Recurrence,
    ) -> Option<(Window, Vec<Window>)> {
        let first = korean_day(from) + Days::new(days.max(1).into());
        for ahead in 0..9 {
            let day = working(first + Days::new(ahead));
            for (hour, minute) in SLOTS {
                let start = at(day, hour, minute);
                let first = Window { start, end: start + TimeDelta::minutes(40) };
                let windows = rule.expand(first);
                if !windows.is_empty() && windows.iter().all(|window| self.is_free(worker, window)) {
                    for window in &windows {
                        self.taken.entry((worker, korean_day(window.start))).or_default().insert(window.start);
                    }
                    return Some((first, windows));
                }
            }
        }
        None
    }

    fn is_free(&self, worker: UserId, window: &Window) -> bool {
        let taken = self.taken.get(&(worker, korean_day(window.start)));
        taken.is_none_or(|taken| taken.len() < MOST_A_DAY && !taken.contains(&window.start))
    }
}

fn window(dice: &mut Dice, start: DateTime<Utc>) -> Window {
    let minutes = dice.weighted(&[(40, 30), (40, 40), (20, 50)], 40);
    Window { start, end: start + TimeDelta::minutes(minutes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::visit::clashes;

    #[test]
    fn no_two_visits_of_a_worker_clash_and_none_is_on_a_day_off() {
        let (mut dice, mut diary, worker) = (Dice::new(1, 0), Diary::default(), UserId::new());
        let from = at("2026-09-01".parse().unwrap(), 10, 0);
        let windows: Vec<Window> = (0..120).map(|n| diary.book(&mut dice, worker, from, n % 60)).collect();
        for (place, window) in windows.iter().enumerate() {
            assert!(is_working_day(korean_day(window.start)));
            assert!(window.start > from);
            assert_eq!(clashes(window, &windows), [place], "clashes with itself only");
        }
    }

    #[test]
    fn later_is_later_and_in_office_hours() {
        let mut dice = Dice::new(2, 0);
        let from = at("2026-11-21".parse().unwrap(), 22, 0);
        for days in 0..30 {
            assert!(later(&mut dice, from, days) > from);
        }
    }
}
