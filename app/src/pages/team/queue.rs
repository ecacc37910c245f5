//! Cases without a worker: chosen one by one or all, given to a worker, or spread as suggested.

use super::name_of;
use crate::{
    api::{execute, suggest_workers},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::admin::in_language,
};
use domain::{
    command::{CaseCommand, Envelope},
    ids::{AssignmentId, CaseId, TeamId, UserId},
    view::team::{BoardCase, SuggestedWorker, WorkerLoad},
    workload::SuggestionReason,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{BTreeMap, BTreeSet};

/// What is chosen, and what is going on.
#[derive(Clone, Copy)]
struct Choosing {
    team: Option<TeamId>,
    chosen: RwSignal<BTreeSet<CaseId>>,
    worker: RwSignal<String>,
    suggested: RwSignal<Vec<SuggestedWorker>>,
    busy: RwSignal<bool>,
    toaster: crate::components::toast::Toaster,
    i18n: I18n,
}

impl Choosing {
    /// Gives cases to workers, one command for each worker.
    fn assign(self, plan: BTreeMap<UserId, Vec<CaseId>>) {
        let now = use_now_once();
        self.busy.set(true);
        spawn_local(async move {
            let mut failed = None;
            for (worker, cases) in plan {
                let cases = cases.into_iter().map(|case| (case, AssignmentId::new())).collect();
                let told = execute(Envelope::new(CaseCommand::Assign { cases, worker }, now)).await;
                failed = told.err().or(failed);
            }
            self.done(failed);
        });
    }

    fn done(self, failed: Option<crate::api::AppError>) {
        self.busy.set(false);
        let i18n = self.i18n;
        match failed {
            Some(error) => self.toaster.failed(move || error_text(i18n, &error.0)),
            None => {
                self.chosen.set(BTreeSet::new());
                self.suggested.set(Vec::new());
                self.toaster.done(move || t_string!(i18n, team.assigned));
            }
        }
    }

    fn assign_to_one(self) {
        let Ok(worker) = self.worker.get_untracked().parse::<UserId>() else { return };
        self.assign(BTreeMap::from([(worker, self.chosen.get_untracked().into_iter().collect())]));
    }

    fn ask_suggestion(self) {
        self.busy.set(true);
        spawn_local(async move {
            let found = suggest_workers(self.team, self.chosen.get_untracked().into_iter().collect()).await;
            self.busy.set(false);
            let i18n = self.i18n;
            match found {
                Ok(found) => self.suggested.set(found),
                Err(error) => self.toaster.failed(move || error_text(i18n, &error.0)),
            }
        });
    }

    fn take_suggestion(self) {
        let mut plan: BTreeMap<UserId, Vec<CaseId>> = BTreeMap::new();
        for one in self.suggested.get_untracked() {
            plan.entry(one.worker).or_default().push(one.case);
        }
        self.assign(plan);
    }

    fn choose(self, case: CaseId, yes: bool) {
        self.suggested.set(Vec::new());
        self.chosen.update(|chosen| {
            if yes {
                chosen.insert(case);
            } else {
                chosen.remove(&case);
            }
        });
    }
}

fn use_now_once() -> chrono::DateTime<chrono::Utc> {
    use domain::clock::{Clock, SystemClock};
    SystemClock.now()
}

/// The queue.
#[component]
pub(super) fn Queue(team: Option<TeamId>, workers: Vec<WorkerLoad>, cases: Vec<BoardCase>, total: u32) -> impl IntoView {
    let i18n = use_i18n();
    let choosing = Choosing {
        team,
        chosen: RwSignal::new(BTreeSet::new()),
        worker: RwSignal::new(String::new()),
        suggested: RwSignal::new(Vec::new()),
        busy: RwSignal::new(false),
        toaster: use_toaster(),
        i18n,
    };
    let list = if cases.is_empty() {
        view! {
            <EmptyState icon=IconName::CheckCircle title=move || t_string!(i18n, team.queue_empty)>
                <p class="muted">{t!(i18n, team.queue_empty_hint)}</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <Actions choosing workers cases=cases.iter().map(|case| case.id).collect() />
            <QueueTable choosing cases />
        }
        .into_any()
    };
    view! {
        <section class="section stack" aria-labelledby="queue-title">
            <h2 id="queue-title">{t!(i18n, team.queue)} " " <span class="tab-count">{total}</span></h2>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Actions(choosing: Choosing, workers: Vec<WorkerLoad>, cases: Vec<CaseId>) -> impl IntoView {
    let i18n = use_i18n();
    let none = Signal::derive(move || choosing.chosen.with(BTreeSet::is_empty));
    let no_worker = Signal::derive(move || none.get() || choosing.worker.with(String::is_empty));
    let choices: Vec<Choice> = workers
        .into_iter()
        .map(|worker| {
            let label = format!("{} · {}", worker.name, worker.load.points);
            Choice::new(worker.id.to_string(), move || label.clone())
        })
        .collect();
    let everything = move |_| {
        choosing.suggested.set(Vec::new());
        choosing
            .chosen
            .update(|chosen| if chosen.len() == cases.len() { chosen.clear() } else { chosen.extend(cases.iter().copied()) });
    };
    view! {
        <div class="cluster">
            <Button on:click=everything>{t!(i18n, team.select_all)}</Button>
            <Button icon=IconName::ListChecks busy=choosing.busy disabled=none on:click=move |_| choosing.ask_suggestion()>
                {t!(i18n, team.suggest)}
            </Button>
            <SelectField
                name="assign_worker"
                label=move || t_string!(i18n, team.assign_to)
                value=choosing.worker
                choices=Signal::stored(choices)
            />
            <Button kind=ButtonKind::Primary busy=choosing.busy disabled=no_worker on:click=move |_| choosing.assign_to_one()>
                {move || t_string!(i18n, team.assign, count = choosing.chosen.with(BTreeSet::len))}
            </Button>
        </div>
        <Suggestion choosing />
    }
    .into_any()
}

#[component]
fn Suggestion(choosing: Choosing) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || choosing.suggested.with(|suggested| !suggested.is_empty())>
            <Banner live=true title=move || t_string!(i18n, team.suggestion)>
                <p>{t!(i18n, team.suggestion_hint)}</p>
                <Button kind=ButtonKind::Primary busy=choosing.busy on:click=move |_| choosing.take_suggestion()>
                    {t!(i18n, team.take_suggestion)}
                </Button>
            </Banner>
        </Show>
    }
    .into_any()
}

#[component]
fn QueueTable(choosing: Choosing, cases: Vec<BoardCase>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Table
            caption=move || t_string!(i18n, team.queue)
            head=move || {
                view! {
                    <HeadCell label=move || t_string!(i18n, team.select) />
                    <HeadCell label=move || t_string!(i18n, team.neighbor) />
                    <HeadCell label=move || t_string!(i18n, team.urgency) />
                    <HeadCell label=move || t_string!(i18n, team.dong) />
                    <HeadCell label=move || t_string!(i18n, team.due) />
                    <HeadCell label=move || t_string!(i18n, team.suggested) />
                }
            }
        >
            {cases.into_iter().map(|case| view! { <QueueRow choosing case /> }).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn QueueRow(choosing: Choosing, case: BoardCase) -> impl IntoView {
    let i18n = use_i18n();
    let id = case.id;
    let chosen = Memo::new(move |_| choosing.chosen.with(|chosen| chosen.contains(&id)));
    let (ko, en) = (case.dong_ko, case.dong_en);
    let name = name_of(i18n, case.name);
    let label = name.clone();
    let suggested = move || {
        let found = choosing.suggested.with(|all| all.iter().find(|one| one.case == id).cloned())?;
        let reasons = found.reasons.iter().map(|reason| reason_text(i18n, *reason)).collect::<Vec<_>>().join(", ");
        Some(format!("{} ({reasons})", found.name))
    };
    view! {
        <Row marked=chosen>
            <Cell label=move || t_string!(i18n, team.select)>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.get()
                        on:change=move |event| choosing.choose(id, event_target_checked(&event))
                    />
                    <span class="sr-only">{label}</span>
                </label>
            </Cell>
            <Cell head=true label=move || t_string!(i18n, team.neighbor)>
                <a href=format!("/cases/{id}")>{name}</a>
            </Cell>
            <Cell label=move || t_string!(i18n, team.urgency)>
                <UrgencyBadge urgency=case.urgency />
            </Cell>
            <Cell label=move || t_string!(i18n, team.dong)>{move || in_language(i18n, &ko, &en)}</Cell>
            <Cell label=move || t_string!(i18n, team.due)>{case.due.map(|(_, due)| view! { <ClockChip due /> })}</Cell>
            <Cell label=move || t_string!(i18n, team.suggested)>{suggested}</Cell>
        </Row>
    }
    .into_any()
}

fn reason_text(i18n: I18n, reason: SuggestionReason) -> &'static str {
    match reason {
        SuggestionReason::Continuity => t_string!(i18n, team.reason_continuity),
        SuggestionReason::SameDong => t_string!(i18n, team.reason_same_dong),
        SuggestionReason::LeastLoad => t_string!(i18n, team.reason_least_load),
    }
}
