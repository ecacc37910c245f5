//! A week of visits, of one worker or of a team. On a phone it is a list of days. A visit is moved to another day by
//! dragging it, and to any time by its form.

mod grid;
mod lens;

use super::move_visit::MoveDialog;
use crate::field::at;
use crate::{
    api::load_week,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{Days, NaiveDate};
use domain::view::{
    Worker,
    visits::{CalendarLens, VisitCard, Week},
};
use grid::{Dropped, WeekGrid, use_drop};
use lens::{LensChoice, address, lens_in_address};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/calendar?week=2026-11-16&worker=…` or `&team=…`.
#[component]
pub fn CalendarPage() -> impl IntoView {
    let i18n = use_i18n();
    let (query, today) = (use_query_map(), use_today());
    let live = use_live(&["visit"]);
    let day = Memo::new(move |_| query.with(|query| query.get("week")?.parse().ok()).unwrap_or_else(|| today.get()));
    let lens = lens_in_address();
    let version = RwSignal::new(0_u32);
    let week =
        Resource::new(move || (lens.get(), day.get(), live.get(), version.get()), |(lens, day, _, _)| load_week(lens, day));
    // Above what is loaded again whenever somebody changes a visit: a form that is being filled in stays.
    let moving = RwSignal::new(None::<VisitCard>);
    let workers = StoredValue::new(Vec::<Worker>::new());
    let done = Callback::new(move |()| version.update(|version| *version += 1));
    let drop = use_drop(done);
    view! {
        <PageHead title=move || t_string!(i18n, calendar.title) />
        <Loaded resource=week let:week>
            {
                workers.set_value(week.workers.clone());
                view! { <OneWeek week moving drop /> }
            }
        </Loaded>
        <MoveDialog card=moving workers done />
    }
    .into_any()
}

#[component]
fn OneWeek(week: Week, moving: RwSignal<Option<VisitCard>>, drop: Callback<Dropped>) -> impl IntoView {
    let i18n = use_i18n();
    let Week { monday, lens, visits, cut, workers, teams } = week;
    let in_team = matches!(lens, CalendarLens::Team { .. });
    view! {
        <div class="calendar-bar">
            <WeekLinks monday lens />
            <LensChoice monday lens workers teams />
        </div>
        {cut.then(|| view! { <Banner tone=Tone::Warn title=move || t_string!(i18n, calendar.cut) /> })}
        <p class="muted calendar-hint">{t!(i18n, calendar.drag_hint)}</p>
        <WeekGrid monday visits in_team moving drop />
    }
    .into_any()
}

/// The week's days in words, and the ways to other weeks.
#[component]
fn WeekLinks(monday: NaiveDate, lens: CalendarLens) -> impl IntoView {
    let i18n = use_i18n();
    let (before, after) = (monday - Days::new(7), monday + Days::new(7));
    let title = move || {
        let (from, to) = (text::date(i18n, monday), text::short_date(i18n, monday + Days::new(6)));
        t_string!(i18n, calendar.week_of, from = from, to = to).to_string()
    };
    view! {
        <div class="cluster week-links">
            <LinkButton href=at(address(Some(before), lens)) icon=IconName::CaretLeft>{t!(i18n, calendar.prev)}</LinkButton>
            <LinkButton href=at(address(None, lens))>{t!(i18n, calendar.this_week)}</LinkButton>
            <LinkButton href=at(address(Some(after), lens)) icon=IconName::CaretRight>{t!(i18n, calendar.next)}</LinkButton>
            <h2 aria-live="polite">{title}</h2>
        </div>
    }
    .into_any()
}
