//! Teams and the dongs that they serve: a tile map and the same as a table.

use super::parts::{AdminHead, LoadFailed, in_language, now};
use crate::{
    api::load_teams,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::{Envelope, TeamCommand},
    ids::TeamId,
    view::admin::{DongTile, TeamRow, TeamsView},
};
use leptos::prelude::*;

/// The size of a tile.
const TILE: i32 = 96;

/// Teams and dongs.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["team"]);
    let teams = Resource::new(move || live.get(), |_| load_teams());
    view! {
        <AdminHead title=move || t_string!(i18n, nav.teams) lead=move || t_string!(i18n, admin.teams_lead) />
        <Transition fallback=|| {
            view! { <Skeleton lines=10 /> }
        }>
            {move || Suspend::new(async move {
                match teams.await {
                    Ok(view) => view! { <Teams view /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Teams(view: TeamsView) -> impl IntoView {
    let i18n = use_i18n();
    let TeamsView { teams, dongs } = view;
    let (map_teams, map_dongs) = (teams.clone(), dongs.clone());
    let team_line = |row: TeamRow| {
        let (ko, en) = (row.team.name_ko, row.team.name_en);
        view! {
            <li class="cluster">
                <b>{move || in_language(i18n, &ko, &en)}</b>
                <span class="muted">{move || t_string!(i18n, admin.team_counts, workers = row.workers, cases = row.open_cases)}</span>
            </li>
        }
    };
    let lines = teams.iter().cloned().map(team_line).collect_view();
    view! {
        <div class="columns">
            <section class="section stack" aria-labelledby="map-title">
                <h2 id="map-title">{t!(i18n, admin.dong_map)}</h2>
                <TileMap teams=map_teams dongs=map_dongs />
                <ul class="rows">{lines}</ul>
            </section>
            <section class="section stack" aria-labelledby="dongs-title">
                <h2 id="dongs-title">{t!(i18n, admin.dongs)}</h2>
                <DongTable teams dongs />
            </section>
        </div>
        <AddTeam />
    }
    .into_any()
}

/// Dongs as equal tiles, marked by team; the table beside it says the same in words.
#[component]
fn TileMap(teams: Vec<TeamRow>, dongs: Vec<DongTile>) -> impl IntoView {
    let i18n = use_i18n();
    let width = dongs.iter().map(|dong| dong.col + 1).max().unwrap_or(1) * TILE;
    let height = dongs.iter().map(|dong| dong.row + 1).max().unwrap_or(1) * TILE;
    let tile = move |dong: DongTile| {
        let place = teams.iter().position(|row| Some(row.team.id) == dong.team);
        let class = place.map_or("tile".to_owned(), |place| format!("tile tile-{}", place % 6));
        let mark = place.map(|place| (place + 1).to_string()).unwrap_or_default();
        let (x, y) = (dong.col * TILE, dong.row * TILE);
        view! {
            <g class=class>
                <rect x=x + 3 y=y + 3 width=TILE - 6 height=TILE - 6 rx="10"></rect>
                <text x=x + TILE / 2 y=y + TILE / 2 text-anchor="middle">{move || in_language(i18n, &dong.name_ko, &dong.name_en)}</text>
                <text x=x + TILE / 2 y=y + TILE / 2 + 24 text-anchor="middle">{mark}</text>
            </g>
        }
    };
    view! {
        <svg class="tile-map" viewBox=format!("0 0 {width} {height}") role="img" aria-label=move || t_string!(i18n, admin.dong_map)>
            {dongs.into_iter().map(tile).collect_view()}
        </svg>
    }
    .into_any()
}

#[component]
fn DongTable(teams: Vec<TeamRow>, dongs: Vec<DongTile>) -> impl IntoView {
    let i18n = use_i18n();
    let all = StoredValue::new(dongs.clone());
    let (errors, toaster) = (FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, common.saved)));
    // A team's dongs are told as a whole: those it had and the one that it gets.
    let serve = Callback::new(move |(dong, team): (DongTile, TeamId)| {
        let mut dongs: Vec<_> = all.get_value().into_iter().filter(|one| one.team == Some(team)).map(|one| one.code).collect();
        dongs.push(dong.code);
        write.send(Envelope::new(TeamCommand::ServeDongs { id: team, dongs }, now()));
    });
    let line = move |dong: DongTile| view! { <DongLine teams=teams.clone() dong serve /> };
    view! {
        <Table
            caption=move || t_string!(i18n, admin.dongs)
            head=move || {
                view! {
                    <HeadCell label=move || t_string!(i18n, admin.dong) />
                    <HeadCell numeric=true label=move || t_string!(i18n, admin.electors) />
                    <HeadCell label=move || t_string!(i18n, admin.team) />
                }
            }
        >
            {dongs.into_iter().map(line).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn DongLine(teams: Vec<TeamRow>, dong: DongTile, serve: Callback<(DongTile, TeamId)>) -> impl IntoView {
    let i18n = use_i18n();
    let (ko, en) = (dong.name_ko.clone(), dong.name_en.clone());
    let (label_ko, label_en) = (ko.clone(), en.clone());
    let (electors, now_team) = (dong.electors, dong.team);
    let option = move |row: TeamRow| {
        let (ko, en) = (row.team.name_ko, row.team.name_en);
        let chosen = now_team == Some(row.team.id);
        view! { <option value=row.team.id.to_string() selected=chosen>{move || in_language(i18n, &ko, &en)}</option> }
    };
    let choose = move |event| {
        if let Ok(team) = event_target_value(&event).parse::<TeamId>() {
            serve.run((dong.clone(), team));
        }
    };
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, admin.dong)>{move || in_language(i18n, &ko, &en)}</Cell>
            <Cell numeric=true label=move || t_string!(i18n, admin.electors)>{electors}</Cell>
            <Cell label=move || t_string!(i18n, admin.team)>
                <select
                    class="input select"
                    aria-label=move || format!("{}: {}", in_language(i18n, &label_ko, &label_en), t_string!(i18n, admin.team))
                    on:change=choose
                >
                    <option value="" selected=now_team.is_none()>{t!(i18n, common.none)}</option>
                    {teams.into_iter().map(option).collect_view()}
                </select>
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn AddTeam() -> impl IntoView {
    let i18n = use_i18n();
    let (name_ko, name_en) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (errors, toaster) = (FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| {
        name_ko.set(String::new());
        name_en.set(String::new());
        toaster.done(move || t_string!(i18n, common.saved));
    });
    let add = move |()| {
        let command = TeamCommand::Put { id: TeamId::new(), name_ko: name_ko.get_untracked(), name_en: name_en.get_untracked() };
        write.send(Envelope::new(command, now()));
    };
    view! {
        <section class="section stack" aria-labelledby="add-team-title">
            <h2 id="add-team-title">{t!(i18n, admin.add_team)}</h2>
            <CommandForm errors on_submit=Callback::new(add)>
                <TextField name="name_ko" label=move || t_string!(i18n, admin.name_ko) value=name_ko required=true />
                <TextField name="name_en" label=move || t_string!(i18n, admin.name_en) value=name_en required=true />
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, admin.add_team)}</Button>
            </CommandForm>
        </section>
    }
    .into_any()
}
