//! What the screens of the field share.

use crate::field::at;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::{
    clock::{from_korean, korean_day, korean_time},
    ids::UserId,
    view::{Worker, visits::VisitCard},
    visit::{VisitState, Window},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

/// The id in the address of the page; an address that holds none leads to what does not exist.
pub(super) fn id_in_address() -> Memo<Uuid> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")?.parse().ok()).unwrap_or(Uuid::nil()))
}

/// A person's name, or that it is not known.
pub(super) fn name_or_unknown(i18n: I18n, name: Option<&str>) -> String {
    name.map_or_else(|| t_string!(i18n, common.name_unknown).to_owned(), str::to_owned)
}

/// A day, and the holiday on it.
pub(super) fn day_with_holiday(i18n: I18n, day: NaiveDate) -> String {
    let words = text::date(i18n, day);
    match domain::holidays::holiday_name(day) {
        Some(holiday) => format!("{words} · {}", holiday.replace(';', " · ")),
        None => words,
    }
}

/// Workers to choose from.
pub(super) fn worker_choices(workers: Vec<Worker>) -> Vec<Choice> {
    workers.into_iter().map(|worker| Choice::new(worker.id.to_string(), worker.name)).collect()
}

/// The worker of a chosen word.
pub(super) fn chosen_worker(word: &str) -> Option<UserId> {
    word.parse::<Uuid>().ok().map(UserId)
}

/// Lengths of visits, in minutes.
const DURATIONS: [i64; 7] = [15, 30, 60, 90, 120, 180, 240];

/// Lengths of visits to choose from, with the present one among them.
pub(super) fn duration_choices(present: i64) -> Vec<Choice> {
    let i18n = use_i18n();
    let mut lengths = DURATIONS.to_vec();
    if !lengths.contains(&present) {
        lengths.push(present);
        lengths.sort_unstable();
    }
    let choice =
        |minutes: i64| Choice::new(minutes.to_string(), move || t_string!(i18n, visit.minutes, count = minutes).to_string());
    lengths.into_iter().map(choice).collect()
}

/// Day, time and length of a visit as a form holds them.
#[derive(Clone, Copy)]
pub(super) struct WindowFields {
    pub day: RwSignal<Option<NaiveDate>>,
    pub time: RwSignal<Option<NaiveTime>>,
    pub minutes: RwSignal<String>,
}

impl WindowFields {
    pub(super) fn of(window: Window) -> Self {
        Self {
            day: RwSignal::new(Some(korean_day(window.start))),
            time: RwSignal::new(Some(korean_time(window.start))),
            minutes: RwSignal::new((window.end - window.start).num_minutes().to_string()),
        }
    }

    /// The window, once all of it is filled in.
    pub(super) fn get(self) -> Option<Window> {
        let start = from_korean(self.day.get()?, self.time.get()?);
        let minutes = self.minutes.get().parse().ok()?;
        Some(Window { start, end: start + TimeDelta::minutes(minutes) })
    }
}

/// The parts of a window, side by side.
#[component]
pub(super) fn WindowInputs(fields: WindowFields) -> impl IntoView {
    let i18n = use_i18n();
    let lengths = duration_choices(fields.minutes.get_untracked().parse().unwrap_or(30));
    view! {
        <div class="field-row">
            <DateField name="on" label=move || t_string!(i18n, visit.date) value=fields.day required=true />
            <TimeField name="window" label=move || t_string!(i18n, visit.start) value=fields.time required=true />
            <SelectField
                name="duration"
                label=move || t_string!(i18n, visit.duration)
                value=fields.minutes
                choices=Signal::stored(lengths)
                required=true
            />
        </div>
    }
    .into_any()
}

/// Who goes, and who goes along.
#[component]
pub(super) fn CrewInputs(workers: Vec<Worker>, worker: RwSignal<String>, second: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::stored(worker_choices(workers));
    view! {
        <div class="field-row">
            <SelectField name="worker" label=move || t_string!(i18n, visit.worker) value=worker choices required=true />
            <SelectField
                name="second_worker"
                label=move || t_string!(i18n, visit.second_worker)
                value=second
                choices
                empty=move || t_string!(i18n, visit.nobody)
            />
        </div>
    }
    .into_any()
}

/// "Two people", in words and by its icon.
#[component]
pub(super) fn TwoPersonBadge() -> impl IntoView {
    let i18n = use_i18n();
    view! { <Badge tone="tone-warn" icon=IconName::Users label=move || t_string!(i18n, my_day.two_person) /> }.into_any()
}

/// A visit in a list: when, to whom, how, and where it stands. Pressing it opens the visit.
#[component]
pub(crate) fn VisitRow(
    card: VisitCard,
    /// Whether the day is shown, too.
    #[prop(optional)]
    dated: bool,
    /// Whether the visit waits for its record since then.
    #[prop(optional)]
    late: bool,
    /// Whether the case is one press away, beside the visit.
    #[prop(optional)]
    with_case: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let VisitCard { id, case, name, dong, kind, window, urgency, state, two_person, purpose, second_worker, .. } = card;
    let day = move || text::short_date(i18n, korean_day(window.start));
    let since = move || text::relative_day(i18n, korean_day(window.start), today.get());
    let spoken = name.clone();
    let case_label = move || t_string!(i18n, my_day.case_of, name = name_or_unknown(i18n, spoken.as_deref())).to_string();
    let about = move || {
        let parts = [Some(text::named(i18n, &dong)), Some(kind.label(i18n).to_owned()), purpose.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    view! {
        <li class="visit-item">
            <a class="visit-row" href=at(format!("/visits/{id}"))>
                <span class="visit-time">
                    {dated.then(|| view! { <span>{day}</span> })} <span>{text::window(window)}</span>
                </span>
                <span class="visit-about">
                    <b>{move || name_or_unknown(i18n, name.as_deref())}</b>
                    <span class="muted">{about}</span>
                    {second_worker
                        .map(|worker| {
                            let name = worker.name;
                            view! {
                                <span class="muted">
                                    {move || t_string!(i18n, my_day.with, name = name.clone()).to_string()}
                                </span>
                            }
                        })}
                </span>
                <span class="visit-marks">
                    {late.then(|| view! { <Badge tone="tone-error" icon=IconName::WarningCircle label=since /> })}
                    {two_person.then(|| view! { <TwoPersonBadge /> })} <UrgencyBadge urgency />
                    {(state != VisitState::Scheduled).then(|| view! { <VisitBadge state /> })}
                </span>
            </a>
            {with_case
                .then(|| {
                    view! {
                        <a class="button button-tertiary visit-case" href=at(format!("/cases/{case}")) aria-label=case_label>
                            <Icon name=IconName::Clipboard />
                            <span>{t!(i18n, my_day.case)}</span>
                        </a>
                    }
                })}
        </li>
    }
    .into_any()
}
