//! The board of a team: who carries how much, what waits for a worker, and what waits for an answer.

mod answers;
mod queue;

use crate::{
    api::load_team_board,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use answers::{Answering, Closures, Transfers};
use domain::{
    ids::TeamId,
    view::team::{BoardCase, TeamBoard, WorkerLoad},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use queue::{Choosing, Queue};

/// Points above which a load is much.
const HIGH: u32 = 260;

/// The board; loads again when cases change.
#[component]
pub fn TeamPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let team = Memo::new(move |_| query.with(|query| query.get("team").and_then(|id| id.parse::<TeamId>().ok())));
    let (live, written) = (use_live(&["case", "visit", "team"]), RwSignal::new(0_u32));
    let board = Resource::new(move || (live.get(), written.get(), team.get()), |(_, _, team)| load_team_board(team));
    let waiting = Signal::derive(move || {
        let board = board.get().and_then(Result::ok);
        board.map(|board| board.unassigned.iter().map(|case| case.id).collect()).unwrap_or_default()
    });
    // What a person has chosen and written outlives the board, which is loaded again whenever a colleague does something.
    let choosing = Choosing::new(team, waiting, written);
    let answering = Answering::new(written);
    view! {
        <PageHead title=move || t_string!(i18n, team.title) lead=move || t_string!(i18n, team.lead) />
        <Loaded resource=board lines=10 let:board>
            <Board board choosing answering />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Board(board: TeamBoard, choosing: Choosing, answering: Answering) -> impl IntoView {
    let TeamBoard { teams, team, workers, unassigned, unassigned_count, transfers, closures, kept, overdue, .. } = board;
    let loads = workers.clone();
    view! {
        <TeamTabs teams team />
        <Queue choosing workers cases=unassigned total=unassigned_count />
        <div class="columns">
            <Loads workers=loads />
            <div class="stack">
                <Closures closures answering />
                <Transfers transfers answering />
                <CameLate kept />
            </div>
        </div>
        <Overdue overdue />
    }
    .into_any()
}

#[component]
fn TeamTabs(teams: Vec<domain::view::admin::TeamName>, team: Option<TeamId>) -> impl IntoView {
    let i18n = use_i18n();
    if teams.len() < 2 {
        return ().into_any();
    }
    let all =
        Tab { href: "/team".to_owned(), label: (move || t_string!(i18n, team.all)).into(), count: None, current: team.is_none() };
    let named = teams.into_iter().map(|one| Tab {
        href: format!("/team?team={}", one.id),
        label: (move || text::in_language(i18n, &one.name_ko, &one.name_en)).into(),
        count: None,
        current: team == Some(one.id),
    });
    let tabs: Vec<Tab> = std::iter::once(all).chain(named).collect();
    view! { <Tabs label=move || t_string!(i18n, team.choose) tabs=Signal::stored(tabs) /> }.into_any()
}

#[component]
fn Loads(workers: Vec<WorkerLoad>) -> impl IntoView {
    let i18n = use_i18n();
    let most = workers.iter().map(|worker| worker.load.points).max().unwrap_or(0).max(HIGH);
    let row = move |worker: WorkerLoad| {
        let load = worker.load;
        let href = format!("/cases?worker={}", worker.id);
        let name = worker.name.clone();
        view! {
            <Row>
                <Cell head=true label=move || t_string!(i18n, team.worker)>
                    <a href=href>{worker.name}</a>
                </Cell>
                <Cell label=move || t_string!(i18n, team.load)>
                    <Meter label=move || name.clone() value=load.points max=most high=HIGH text=move || load.points.to_string() />
                </Cell>
                <Cell numeric=true label=move || t_string!(i18n, team.cases)>{load.cases}</Cell>
                <Cell numeric=true label=move || t_string!(i18n, team.overdue_short)>{load.overdue}</Cell>
                <Cell numeric=true label=move || t_string!(i18n, team.visits)>{format!("{} / {}", worker.visits_done, load.visits)}</Cell>
            </Row>
        }
    };
    view! {
        <section class="section stack" aria-labelledby="loads-title">
            <h2 id="loads-title">{t!(i18n, team.loads)}</h2>
            <p class="muted">{t!(i18n, team.loads_hint)}</p>
            <Table
                caption=move || t_string!(i18n, team.loads)
                head=move || {
                    view! {
                        <HeadCell label=move || t_string!(i18n, team.worker) />
                        <HeadCell label=move || t_string!(i18n, team.load) />
                        <HeadCell numeric=true label=move || t_string!(i18n, team.cases) />
                        <HeadCell numeric=true label=move || t_string!(i18n, team.overdue_short) />
                        <HeadCell numeric=true label=move || t_string!(i18n, team.visits) />
                    }
                }
            >
                {workers.into_iter().map(row).collect_view()}
            </Table>
        </section>
    }
    .into_any()
}

#[component]
fn Overdue(overdue: Vec<BoardCase>) -> impl IntoView {
    let i18n = use_i18n();
    if overdue.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="section stack" aria-labelledby="overdue-title">
            <h2 id="overdue-title">{t!(i18n, team.overdue)}</h2>
            <ul class="rows">{overdue.into_iter().map(|case| view! { <CaseLine case /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Cases about which something came late from a tablet; nothing where nothing did.
#[component]
fn CameLate(kept: Vec<BoardCase>) -> impl IntoView {
    let i18n = use_i18n();
    if kept.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="section stack" aria-labelledby="kept-title">
            <h2 id="kept-title">{t!(i18n, kept.title)}</h2>
            <p class="muted">{t!(i18n, kept.day_lead)}</p>
            <ul class="rows">{kept.into_iter().map(|case| view! { <CaseLine case /> }).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A case in one line: how urgent, who, where, whose, until when.
#[component]
pub(super) fn CaseLine(case: BoardCase) -> impl IntoView {
    let i18n = use_i18n();
    let (ko, en) = (case.dong_ko, case.dong_en);
    view! {
        <li class="cluster">
            <UrgencyBadge urgency=case.urgency />
            <a href=format!("/cases/{}", case.id)>{name_of(i18n, case.name)}</a>
            <span class="muted">{move || text::in_language(i18n, &ko, &en)}</span>
            {case.worker.map(|worker| view! { <span>{worker}</span> })}
            {case.due.map(|(_, due)| view! { <ClockChip due /> })}
        </li>
    }
    .into_any()
}

/// A name, or that it is not known.
pub(super) fn name_of(i18n: I18n, name: String) -> impl Fn() -> String + Clone + Send + 'static {
    move || if name.is_empty() { t_string!(i18n, common.name_unknown).to_owned() } else { name.clone() }
}
