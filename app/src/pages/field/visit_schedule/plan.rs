//! What the form holds, and the days that come out of it.

use super::super::parts::{WindowFields, chosen_worker};
use crate::{
    components::{prelude::*, text::frequency_label},
    i18n::t_string,
};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use domain::{
    clock::{from_korean, korean_day},
    holidays::{holiday_name, next_working_day},
    ids::{SeriesId, UserId, VisitId},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    view::visits::VisitPlanning,
    visit::{VisitKind, Window},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    Once,
    Every(Frequency),
}

impl Label for Repeat {
    const CHOICES: &'static [Self] =
        &[Self::Once, Self::Every(Frequency::Week), Self::Every(Frequency::OtherWeek), Self::Every(Frequency::MonthOnWeekday)];

    fn label(self, i18n: I18n) -> &'static str {
        match self {
            Self::Once => t_string!(i18n, visit.once),
            Self::Every(frequency) => frequency_label(i18n, frequency),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Every(Frequency::Week) => "week",
            Self::Every(Frequency::OtherWeek) => "other_week",
            Self::Every(Frequency::MonthOnWeekday) => "month_on_weekday",
        }
    }
}

/// What ends a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndBy {
    Count,
    Day,
}

impl Label for EndBy {
    const CHOICES: &'static [Self] = &[Self::Count, Self::Day];

    fn label(self, i18n: I18n) -> &'static str {
        match self {
            Self::Count => t_string!(i18n, visit.by_count),
            Self::Day => t_string!(i18n, visit.by_day),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Day => "day",
        }
    }
}

/// The form.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub id: VisitId,
    pub series: SeriesId,
    pub kind: RwSignal<Option<VisitKind>>,
    pub window: WindowFields,
    pub worker: RwSignal<String>,
    pub second: RwSignal<String>,
    pub two_person: RwSignal<bool>,
    pub purpose: RwSignal<String>,
    pub repeat: RwSignal<Option<Repeat>>,
    pub end_by: RwSignal<Option<EndBy>>,
    pub count: RwSignal<String>,
    pub until: RwSignal<Option<NaiveDate>>,
    pub skip_holidays: RwSignal<bool>,
}

/// The days of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dates(pub Vec<PlannedDate>);

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PlannedDate {
    pub window: Window,
    /// The public holiday on it.
    pub holiday: Option<&'static str>,
    /// Whether it is left out because of the holiday.
    pub skipped: bool,
}

impl Dates {
    /// The windows that will be planned.
    pub(super) fn kept(&self) -> impl Iterator<Item = Window> + '_ {
        self.0.iter().filter(|date| !date.skipped).map(|date| date.window)
    }
}

/// The form as a kept copy holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PlanDraft {
    kind: Option<VisitKind>,
    day: Option<NaiveDate>,
    time: Option<NaiveTime>,
    minutes: String,
    worker: String,
    second: String,
    two_person: bool,
    purpose: String,
    every: Option<Frequency>,
    by_day: bool,
    count: String,
    until: Option<NaiveDate>,
    skip_holidays: bool,
}

impl Plan {
    /// What the form holds now.
    pub(super) fn draft(self) -> PlanDraft {
        PlanDraft {
            kind: self.kind.get(),
            day: self.window.day.get(),
            time: self.window.time.get(),
            minutes: self.window.minutes.get(),
            worker: self.worker.get(),
            second: self.second.get(),
            two_person: self.two_person.get(),
            purpose: self.purpose.get(),
            every: match self.repeat.get() {
                Some(Repeat::Every(frequency)) => Some(frequency),
                Some(Repeat::Once) | None => None,
            },
            by_day: self.end_by.get() == Some(EndBy::Day),
            count: self.count.get(),
            until: self.until.get(),
            skip_holidays: self.skip_holidays.get(),
        }
    }

    /// Puts a kept copy back into the form.
    pub(super) fn take(self, draft: PlanDraft) {
        self.kind.set(draft.kind);
        self.window.day.set(draft.day);
        self.window.time.set(draft.time);
        self.window.minutes.set(draft.minutes);
        self.worker.set(draft.worker);
        self.second.set(draft.second);
        self.two_person.set(draft.two_person);
        self.purpose.set(draft.purpose);
        self.repeat.set(Some(draft.every.map_or(Repeat::Once, Repeat::Every)));
        self.end_by.set(Some(if draft.by_day { EndBy::Day } else { EndBy::Count }));
        self.count.set(draft.count);
        self.until.set(draft.until);
        self.skip_holidays.set(draft.skip_holidays);
    }

    /// A home visit of half an hour on the next working day at ten, by whoever plans it.
    pub(super) fn usual(planning: &VisitPlanning, today: NaiveDate) -> Self {
        let day = next_working_day(today + Days::new(1));
        let start = from_korean(day, NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default());
        let me = planning.workers.iter().find(|worker| worker.id == planning.me);
        Self {
            id: VisitId::new(),
            series: SeriesId::new(),
            kind: RwSignal::new(Some(VisitKind::Home)),
            window: WindowFields::of(Window { start, end: start + TimeDelta::minutes(30) }),
            worker: RwSignal::new(me.map(|me| me.id.to_string()).unwrap_or_default()),
            second: RwSignal::new(String::new()),
            two_person: RwSignal::new(false),
            purpose: RwSignal::new(String::new()),
            repeat: RwSignal::new(Some(Repeat::Once)),
            end_by: RwSignal::new(Some(EndBy::Count)),
            count: RwSignal::new("4".to_owned()),
            until: RwSignal::new(Some(day + Days::new(28))),
            skip_holidays: RwSignal::new(true),
        }
    }

    pub(super) fn worker(self) -> Option<UserId> {
        chosen_worker(&self.worker.get())
    }

    pub(super) fn second(self) -> Option<UserId> {
        chosen_worker(&self.second.get())
    }

    /// The recurrence; `None` for a single visit and while its end is not filled in.
    pub(super) fn recurrence(self) -> Option<Recurrence> {
        let Some(Repeat::Every(frequency)) = self.repeat.get() else { return None };
        let end = match self.end_by.get()? {
            EndBy::Count => RecurrenceEnd::Count { count: self.count.get().trim().parse().ok()? },
            EndBy::Day => RecurrenceEnd::Until { day: self.until.get()? },
        };
        Some(Recurrence { frequency, end, skip_holidays: self.skip_holidays.get() })
    }

    /// All days of the plan, those on holidays marked; none while the form is not filled in or can't be planned.
    pub(super) fn dates(self) -> Dates {
        let Some(first) = self.window.get().and_then(|window| window.checked().ok()) else { return Dates::default() };
        let recurrence = self.recurrence();
        let windows = match recurrence {
            None if self.repeat.get() == Some(Repeat::Once) => vec![first],
            None => Vec::new(),
            Some(rule) => {
                Recurrence { skip_holidays: false, ..rule }.checked(first).map_or(Vec::new(), |rule| rule.expand(first))
            }
        };
        let skips = recurrence.is_some_and(|rule| rule.skip_holidays);
        let date = |window: Window| {
            let holiday = holiday_name(korean_day(window.start));
            PlannedDate { window, holiday, skipped: skips && holiday.is_some() }
        };
        Dates(windows.into_iter().map(date).collect())
    }
}
