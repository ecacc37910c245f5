//! Teams and the dongs that they serve: a tile map and the same as a table.

use super::{
    parts::{AdminHead, Sender},
    team_dongs::{DongTable, Moves},
};
use crate::{
    api::load_teams,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::TeamCommand,
    ids::TeamId,
    view::admin::{DongTile, TeamName, TeamRow, TeamsView},
};
use leptos::prelude::*;

/// The size of a tile.
const TILE: i32 = 96;

/// Which form is open: one at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    New,
    Team(TeamId),
}

/// Teams and dongs.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["team"]);
    let teams = Resource::new(move || live.get(), |_| load_teams());
    let open = RwSignal::new(None::<Open>);
    let sender = Sender::new(move || open.set(None));
    let moves = Moves::new();
    view! {
        <AdminHead title=move || t_string!(i18n, nav.teams) lead=move || t_string!(i18n, admin.teams_lead) />
        <Loaded resource=teams lines=10 let:view>
            <Teams view open sender moves />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Teams(view: TeamsView, open: RwSignal<Option<Open>>, sender: Sender, moves: Moves) -> impl IntoView {
    let i18n = use_i18n();
    let TeamsView { teams, dongs } = view;
    let (map_teams, map_dongs) = (teams.clone(), dongs.clone());
    let line = |(place, row): (usize, TeamRow)| view! { <TeamLine number=place + 1 row open sender /> };
    let lines = teams.iter().cloned().enumerate().map(line).collect_view();
    let new_team = move || {
        (open.get() == Some(Open::New)).then(|| {
            let team = TeamName { id: TeamId::new(), name_ko: String::new(), name_en: String::new() };
            view! { <TeamForm team open sender /> }
        })
    };
    view! {
        <div class="columns columns-even">
            <div class="stack">
                <section class="section stack" aria-labelledby="teams-title">
                    <h2 id="teams-title">{t!(i18n, admin.teams)}</h2>
                    <ul class="rows entries">{lines}</ul>
                    <Button icon=IconName::Plus on_press=move || open.set(Some(Open::New))>{t!(i18n, admin.add_team)}</Button>
                    {new_team}
                </section>
                <section class="section stack desk-only" aria-labelledby="map-title">
                    <h2 id="map-title">{t!(i18n, admin.dong_map)}</h2>
                    <TileMap teams=map_teams dongs=map_dongs />
                </section>
            </div>
            <section class="section stack" aria-labelledby="dongs-title">
                <h2 id="dongs-title">{t!(i18n, admin.dongs)}</h2>
                <DongTable teams dongs moves />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn TeamLine(number: usize, row: TeamRow, open: RwSignal<Option<Open>>, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let (id, workers, cases) = (row.team.id, row.workers, row.open_cases);
    let (ko, en) = (row.team.name_ko.clone(), row.team.name_en.clone());
    let form = move || (open.get() == Some(Open::Team(id))).then(|| view! { <TeamForm team=row.team.clone() open sender /> });
    view! {
        <li class="stack">
            <div class="entry">
                <div>
                    <b>{number} " " {move || text::in_language(i18n, &ko, &en)}</b>
                    <p class="muted">{move || t_string!(i18n, admin.team_counts, workers = workers, cases = text::number(cases))}</p>
                </div>
                <Button kind=ButtonKind::Tertiary icon=IconName::Pencil on_press=move || open.set(Some(Open::Team(id)))>
                    {t!(i18n, admin.rename)}
                </Button>
            </div>
            {form}
        </li>
    }
    .into_any()
}

#[component]
fn TeamForm(team: TeamName, open: RwSignal<Option<Open>>, sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let (id, name_ko, name_en) = (team.id, RwSignal::new(team.name_ko), RwSignal::new(team.name_en));
    sender.errors.clear();
    let save = move |()| sender.send(TeamCommand::Put { id, name_ko: name_ko.get_untracked(), name_en: name_en.get_untracked() });
    view! {
        <CommandForm errors=sender.errors on_submit=Callback::new(save)>
            <TextField name="name_ko" label=move || t_string!(i18n, admin.name_ko) value=name_ko required=true maxlength=60 />
            <TextField name="name_en" label=move || t_string!(i18n, admin.name_en) value=name_en required=true maxlength=60 />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=sender.pending()>{t!(i18n, common.save)}</Button>
                <Button on_press=move || open.set(None)>{t!(i18n, common.cancel)}</Button>
            </div>
        </CommandForm>
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
                <text x=x + TILE / 2 y=y + TILE / 2 text-anchor="middle">{move || text::in_language(i18n, &dong.name_ko, &dong.name_en)}</text>
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
