//! When a visit happened: now, as planned, or at another time.

use super::answers::Answers;
use crate::{
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::visit::Window;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How the time is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    Now,
    Planned,
    Other,
}

impl When {
    const UNPLANNED: &'static [Self] = &[Self::Now, Self::Other];

    /// Whoever records a visit hours after its end was there as planned.
    pub(super) fn usual(planned: Option<Window>, now: DateTime<Utc>) -> Self {
        match planned {
            Some(window) if window.end + TimeDelta::hours(2) < now => Self::Planned,
            _ => Self::Now,
        }
    }
}

impl Label for When {
    const CHOICES: &'static [Self] = &[Self::Now, Self::Planned, Self::Other];

    fn label(self, i18n: I18n) -> &'static str {
        match self {
            Self::Now => t_string!(i18n, visit.when_now),
            Self::Planned => t_string!(i18n, visit.when_planned),
            Self::Other => t_string!(i18n, visit.when_other),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Planned => "planned",
            Self::Other => "other",
        }
    }
}

/// The time of the visit; day and time only where it is another one.
#[component]
pub(super) fn WhenInput(answers: Answers, planned: Option<Window>) -> impl IntoView {
    let i18n = use_i18n();
    let now = use_now();
    let is_past = planned.is_some_and(|window| window.start <= now.get_untracked());
    let choices = if is_past { When::CHOICES } else { When::UNPLANNED };
    view! {
        <RadioChips name="when" label=move || t_string!(i18n, visit.when) value=answers.when choices />
        <Show when=move || answers.when.get() == Some(When::Other)>
            <div class="field-row">
                <DateField name="day" label=move || t_string!(i18n, visit.day) value=answers.day required=true />
                <TimeField name="at" label=move || t_string!(i18n, visit.time) value=answers.time required=true />
            </div>
        </Show>
    }
    .into_any()
}
