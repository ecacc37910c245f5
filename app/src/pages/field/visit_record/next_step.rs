//! The next attempt after nobody was reached: suggested at another time of day, with the reason, to be planned with the
//! record in one press.

use super::{
    answers::{Answers, Ending},
    form::Door,
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    case::Attempt,
    clock::{from_korean, korean_day, korean_time},
    command::VisitCommand,
    ids::{UserId, VisitId},
    visit::{NextAttempt, NextAttemptReason, NotMetReason, VisitKind, Window, suggest_next_attempt},
};
use leptos::prelude::*;

/// The suggested next visit as the worker may change it.
#[derive(Clone, Copy)]
pub(super) struct NextStep {
    id: VisitId,
    length: TimeDelta,
    pub reason: NextAttemptReason,
    pub day: RwSignal<Option<NaiveDate>>,
    pub time: RwSignal<Option<NaiveTime>>,
}

impl NextStep {
    /// A suggestion after an attempt at `at`, seen from `now`.
    pub(super) fn suggest(
        planned: Option<Window>,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
        attempts: &[Attempt],
        kind: VisitKind,
    ) -> Self {
        let length = planned.map_or(TimeDelta::minutes(30), |window| window.end - window.start);
        // Whoever records late still gets a day to come.
        let start = from_korean(korean_day(at.max(now)), korean_time(at));
        let all: Vec<Attempt> = attempts.iter().copied().chain([Attempt { at, kind }]).collect();
        let NextAttempt { window, reason } = suggest_next_attempt(&Window { start, end: start + length }, &all);
        Self {
            id: VisitId::new(),
            length,
            reason,
            day: RwSignal::new(Some(korean_day(window.start))),
            time: RwSignal::new(Some(korean_time(window.start))),
        }
    }

    fn window(self) -> Option<Window> {
        let start = from_korean(self.day.get_untracked()?, self.time.get_untracked()?);
        Some(Window { start, end: start + self.length })
    }

    /// The command that plans it; the same people go, in person where nobody was home.
    pub(super) fn command(self, door: &Door, me: UserId, kind: VisitKind) -> Option<VisitCommand> {
        let (worker, second_worker) = door.crew.unwrap_or((me, None));
        Some(VisitCommand::Schedule {
            id: self.id,
            series: None,
            case: door.case,
            kind,
            window: self.window()?,
            worker,
            second_worker,
            two_person: door.two_person,
            purpose: None,
            recurrence: None,
        })
    }
}

/// Whether a next attempt is to be offered.
pub(super) fn wants_next(answers: Answers) -> bool {
    answers.ending.get() == Some(Ending::NotMet) && answers.reason.get().is_some_and(NotMetReason::reached_nobody)
}

/// The suggestion with its reason, ready to be changed.
#[component]
pub(super) fn NextStepCard(next: NextStep, already: Option<DateTime<Utc>>) -> impl IntoView {
    let i18n = use_i18n();
    let why = move || match next.reason {
        NextAttemptReason::OffHours => t_string!(i18n, visit.next_reason.off_hours),
        NextAttemptReason::OtherTime => t_string!(i18n, visit.next_reason.other_time),
        NextAttemptReason::LeastTried => t_string!(i18n, visit.next_reason.least_tried),
    };
    view! {
        <section class="next-step stack" aria-labelledby="next-step-title">
            <h2 id="next-step-title">
                <Icon name=IconName::CalendarPlus />
                " "
                {t!(i18n, visit.next)}
            </h2>
            <p>{why}</p>
            {already
                .map(|at| {
                    let when = move || t_string!(i18n, visit.next_planned, when = text::date_time(i18n, at)).to_string();
                    view! { <Banner title=when /> }
                })}
            <div class="field-row">
                <DateField name="next_day" label=move || t_string!(i18n, visit.day) value=next.day />
                <TimeField name="next_time" label=move || t_string!(i18n, visit.time) value=next.time />
            </div>
        </section>
    }
    .into_any()
}
