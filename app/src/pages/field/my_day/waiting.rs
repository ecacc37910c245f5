//! What is late and what is new.

use super::super::parts::{VisitRow, name_or_unknown};
use crate::field::at;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    clock::korean_day,
    view::visits::{VisitCard, WaitingCase},
};
use leptos::prelude::*;

/// First contacts and records that are overdue.
#[component]
pub(super) fn Late(first_contacts: Vec<WaitingCase>, unrecorded: Vec<VisitCard>) -> impl IntoView {
    let i18n = use_i18n();
    let nothing = first_contacts.is_empty() && unrecorded.is_empty();
    view! {
        <section class="section stack" aria-labelledby="late-title">
            <h2 id="late-title">{t!(i18n, my_day.late)}</h2>
            {nothing.then(|| view! { <p class="muted">{t!(i18n, my_day.late_none)}</p> })}
            {(!first_contacts.is_empty())
                .then(|| {
                    view! {
                        <h3>{t!(i18n, my_day.first_contacts)} " " <span class="count">{first_contacts.len()}</span></h3>
                        <ul class="rows">
                            {first_contacts.into_iter().map(|waiting| view! { <WaitingRow waiting /> }).collect_view()}
                        </ul>
                    }
                })}
            {(!unrecorded.is_empty())
                .then(|| {
                    view! {
                        <h3>{t!(i18n, my_day.unrecorded)} " " <span class="count">{unrecorded.len()}</span></h3>
                        <ul class="rows">
                            {unrecorded.into_iter().map(|card| view! { <VisitRow card dated=true late=true with_case=true /> }).collect_view()}
                        </ul>
                    }
                })}
        </section>
    }
    .into_any()
}

/// Cases that came in the last days.
#[component]
pub(super) fn Assigned(assigned: Vec<WaitingCase>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section stack" aria-labelledby="assigned-title">
            <h2 id="assigned-title">{t!(i18n, my_day.assigned)}</h2>
            {assigned.is_empty().then(|| view! { <p class="muted">{t!(i18n, my_day.assigned_none)}</p> })}
            <ul class="rows">{assigned.into_iter().map(|waiting| view! { <WaitingRow waiting /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Own cases about which something came late from a colleague's tablet; nothing where nothing did.
#[component]
pub(super) fn CameLate(kept: Vec<WaitingCase>) -> impl IntoView {
    let i18n = use_i18n();
    if kept.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="section stack" aria-labelledby="kept-title">
            <h2 id="kept-title">{t!(i18n, kept.title)}</h2>
            <p class="muted">{t!(i18n, kept.day_lead)}</p>
            <ul class="rows">{kept.into_iter().map(|waiting| view! { <WaitingRow waiting /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A case that waits: who, how urgent, how late, and what to do.
#[component]
fn WaitingRow(waiting: WaitingCase) -> impl IntoView {
    let i18n = use_i18n();
    let WaitingCase { case, name, dong, urgency, due, next_visit_at, assigned_at, .. } = waiting;
    let today = use_today();
    let planned = next_visit_at.map(|at| {
        move || {
            let when = text::relative_day(i18n, korean_day(at), today.get());
            t_string!(i18n, my_day.planned_for, when = format!("{when} {}", text::time(at))).to_string()
        }
    });
    let since = assigned_at.map(|at| {
        move || {
            let when = text::relative_day(i18n, korean_day(at), today.get());
            t_string!(i18n, my_day.assigned_on, when = when).to_string()
        }
    });
    view! {
        <li class="waiting-row">
            <a class="waiting-name" href=at(format!("/cases/{case}"))>
                <b>{move || name_or_unknown(i18n, name.as_deref())}</b>
                <span class="muted">{move || text::named(i18n, &dong)} {since.map(|since| view! { " · " {since} })}</span>
            </a>
            <span class="cluster">
                <UrgencyBadge urgency />
                {due.map(|due| view! { <ClockChip due /> })}
                {match planned {
                    Some(planned) => view! { <span class="muted">{planned}</span> }.into_any(),
                    None => {
                        view! {
                            <LinkButton href=at(format!("/cases/{case}/visits/new")) icon=IconName::CalendarPlus>
                                {t!(i18n, my_day.schedule)}
                            </LinkButton>
                        }
                            .into_any()
                    }
                }}
            </span>
        </li>
    }
    .into_any()
}
