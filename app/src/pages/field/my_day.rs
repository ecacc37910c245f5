//! A worker's day: where to go next, what is late, what is new, what waits for an answer.

mod next_visit;
mod transfers;
mod waiting;

use super::parts::{VisitRow, day_with_holiday};
use crate::field::at;
use crate::{
    api::load_my_day,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{ids::AssignmentId, view::visits::MyDay, visit::VisitState};
use leptos::prelude::*;
pub(super) use next_visit::AddressLine;
use next_visit::NextVisit;
use transfers::{RejectDialog, Transfers};
use waiting::{Assigned, CameLate, Late};

/// The day of whoever is signed in; loads again when visits or cases change.
#[component]
pub fn MyDayPage() -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let live = use_live(&["visit", "case"]);
    let day = Resource::new(move || (live.get(), today.get()), |_| load_my_day());
    // Above what is loaded again when others change something: a reason that is being written stays.
    let rejecting = RwSignal::new(None);
    view! {
        <PageHead
            title=move || t_string!(i18n, my_day.title)
            lead=move || day_with_holiday(i18n, today.get())
        />
        <Loaded resource=day let:view>
            <Day view rejecting />
        </Loaded>
        {crate::field::is_here()
            .then(|| {
                view! {
                    <p class="day-end">
                        <LinkButton href=at("/close") icon=IconName::CheckCircle>
                            {t!(i18n, close.title)}
                        </LinkButton>
                    </p>
                }
            })}
        <RejectDialog id=rejecting />
    }
    .into_any()
}

#[component]
fn Day(view: MyDay, rejecting: RwSignal<Option<AssignmentId>>) -> impl IntoView {
    let MyDay { next, visits, unrecorded, first_contacts, assigned, transfers, kept, week_ahead, .. } = view;
    let next = next.and_then(|(id, contact)| {
        let card = visits.iter().find(|card| card.id == id)?.clone();
        Some((card, contact))
    });
    let counts = [
        ("#late-title", first_contacts.len() + unrecorded.len(), Waiting::Late),
        ("#assigned-title", assigned.len(), Waiting::Assigned),
        ("#transfers-title", transfers.len(), Waiting::Transfers),
        ("#kept-title", kept.len(), Waiting::Kept),
    ];
    view! {
        <Jumps counts />
        <div class="columns">
            <div class="stack">
                {next.map(|(card, contact)| view! { <NextVisit card contact /> })}
                <Today visits week_ahead />
                <Transfers transfers rejecting />
            </div>
            <div class="stack">
                <Late first_contacts unrecorded />
                <CameLate kept />
                <Assigned assigned />
            </div>
        </div>
    }
    .into_any()
}

/// What waits further down.
#[derive(Clone, Copy)]
enum Waiting {
    Late,
    Assigned,
    Transfers,
    Kept,
}

/// On a phone everything stands in one column: what waits below is named, counted and one press away.
#[component]
fn Jumps(counts: [(&'static str, usize, Waiting); 4]) -> impl IntoView {
    let i18n = use_i18n();
    let words = move |what| match what {
        Waiting::Late => t_string!(i18n, my_day.late),
        Waiting::Assigned => t_string!(i18n, my_day.assigned),
        Waiting::Transfers => t_string!(i18n, my_day.transfers),
        Waiting::Kept => t_string!(i18n, kept.title),
    };
    let link = |(href, count, what): (&'static str, usize, Waiting)| {
        let class = if matches!(what, Waiting::Late) { "badge tone-error jump" } else { "badge jump" };
        view! {
            <li>
                <a class=class href=href rel="external">
                    {move || words(what)}
                    " "
                    <b>{count}</b>
                </a>
            </li>
        }
    };
    let some: Vec<_> = counts.into_iter().filter(|(_, count, _)| *count > 0).map(link).collect();
    (!some.is_empty())
        .then(|| {
            view! {
                <nav class="jumps no-print" aria-label=move || t_string!(i18n, my_day.jumps)>
                    <ul>{some}</ul>
                </nav>
            }
        })
        .into_any()
}

#[component]
fn Today(visits: Vec<domain::view::visits::VisitCard>, week_ahead: u32) -> impl IntoView {
    let i18n = use_i18n();
    let all = visits.len();
    let done = visits.iter().filter(|card| card.state != VisitState::Scheduled).count();
    let list = if visits.is_empty() {
        view! {
            <EmptyState icon=IconName::CalendarCheck title=move || t_string!(i18n, my_day.empty)>
                <p class="muted">{t!(i18n, my_day.empty_hint)}</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <p class="muted">{move || t_string!(i18n, my_day.today_count, done = done, all = all)}</p>
            <ol class="rows">{visits.into_iter().map(|card| view! { <VisitRow card with_case=true /> }).collect_view()}</ol>
        }
        .into_any()
    };
    view! {
        <section class="section stack" aria-labelledby="today-title">
            <h2 id="today-title">{t!(i18n, my_day.today)}</h2>
            {list}
            <div class="cluster">
                <LinkButton href=at("/calendar") icon=IconName::Calendar>
                    {t!(i18n, my_day.open_calendar)}
                </LinkButton>
                <span class="muted">{move || t_string!(i18n, my_day.week_ahead, count = week_ahead)}</span>
            </div>
        </section>
    }
    .into_any()
}
