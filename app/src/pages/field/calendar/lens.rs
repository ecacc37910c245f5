//! Whose week is shown; it stands in the address.

use super::super::parts::chosen_worker;
use crate::{
    api::use_me,
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use chrono::NaiveDate;
use domain::{
    ids::{TeamId, UserId},
    view::{
        Worker,
        visits::{CalendarLens, TeamOption},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The lens of the address; one's own week where it names none.
pub(super) fn lens_in_address() -> Memo<CalendarLens> {
    let query = use_query_map();
    let me = use_me().map_or(UserId(uuid::Uuid::nil()), |me| me.user);
    Memo::new(move |_| {
        query.with(|query| {
            let id = |name| query.get(name).and_then(|word| chosen_worker(&word));
            match (id("team"), id("worker")) {
                (Some(team), _) => CalendarLens::Team { team: TeamId(team.0) },
                (None, Some(worker)) => CalendarLens::Worker { worker },
                (None, None) => CalendarLens::Worker { worker: me },
            }
        })
    })
}

/// The address of a week; without a day it is the present one.
pub(super) fn address(day: Option<NaiveDate>, lens: CalendarLens) -> String {
    let week = day.map(|day| format!("&week={day}")).unwrap_or_default();
    format!("/calendar?{}{week}", word(lens))
}

fn word(lens: CalendarLens) -> String {
    match lens {
        CalendarLens::Worker { worker } => format!("worker={worker}"),
        CalendarLens::Team { team } => format!("team={team}"),
    }
}

/// One's own week, a team's, a colleague's.
#[component]
pub(super) fn LensChoice(monday: NaiveDate, lens: CalendarLens, workers: Vec<Worker>, teams: Vec<TeamOption>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let me = use_me().map(|me| me.user);
    let own = workers.iter().any(|worker| Some(worker.id) == me).then_some(me).flatten();
    let mine = own.map(|worker| Choice::new(word(CalendarLens::Worker { worker }), move || t_string!(i18n, calendar.my_week)));
    let team = |team: TeamOption| {
        let name = team.name;
        let label = move || t_string!(i18n, calendar.team_week, name = text::named(i18n, &name)).to_string();
        Choice::new(word(CalendarLens::Team { team: team.id }), label)
    };
    let worker = |worker: Worker| Choice::new(word(CalendarLens::Worker { worker: worker.id }), worker.name);
    let others = workers.into_iter().filter(|worker| Some(worker.id) != own).map(worker);
    let choices: Vec<Choice> = mine.into_iter().chain(teams.into_iter().map(team)).chain(others).collect();
    let value = RwSignal::new(word(lens));
    Effect::new(move |before: Option<String>| {
        let chosen = value.get();
        if before.is_some_and(|before| before != chosen) && !chosen.is_empty() {
            navigate(&format!("/calendar?{chosen}&week={monday}"), leptos_router::NavigateOptions::default());
        }
        chosen
    });
    view! {
        <SelectField
            name="whose"
            label=move || t_string!(i18n, calendar.whose)
            value
            choices=Signal::stored(choices)
        />
    }
    .into_any()
}
