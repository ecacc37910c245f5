//! Cases without a worker: chosen one by one or all, given to a worker, or spread as suggested.

use super::name_of;
use crate::{
    api::{AppError, execute, suggest_workers},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::{CaseCommand, Envelope},
    ids::{AssignmentId, CaseId, TeamId, UserId},
    view::team::{BoardCase, SuggestedWorker, WorkerLoad},
    workload::SuggestionReason,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{BTreeMap, BTreeSet};

/// What is chosen, and what is going on. Lives as long as the page.
#[derive(Clone, Copy)]
pub(super) struct Choosing {
    team: Memo<Option<TeamId>>,
    /// The cases that wait, as last loaded: whoever was given a worker meanwhile does not count as chosen.
    waiting: Signal<Vec<CaseId>>,
    ticked: RwSignal<BTreeSet<CaseId>>,
    worker: RwSignal<String>,
    /// Whether nothing is chosen. These two follow the board, so they must not end with a view of it.
    none: Signal<bool>,
    /// Whether there is nothing to assign, or nobody to assign it to.
    incomplete: Signal<bool>,
    suggested: RwSignal<Vec<SuggestedWorker>>,
    busy: RwSignal<bool>,
    written: RwSignal<u32>,
    toaster: crate::components::toast::Toaster,
    i18n: I18n,
}

impl Choosing {
    /// Nothing is chosen.
    pub(super) fn new(team: Memo<Option<TeamId>>, waiting: Signal<Vec<CaseId>>, written: RwSignal<u32>) -> Self {
        let (ticked, worker) = (RwSignal::new(BTreeSet::new()), RwSignal::new(String::new()));
        let none = Signal::derive(move || {
            !waiting.with(|waiting| ticked.with(|ticked| waiting.iter().any(|case| ticked.contains(case))))
        });
        Self {
            team,
            waiting,
            ticked,
            worker,
            none,
            incomplete: Signal::derive(move || none.get() || worker.with(String::is_empty)),
            suggested: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            written,
            toaster: use_toaster(),
            i18n: use_i18n(),
        }
    }

    fn count(self) -> usize {
        self.waiting.with(|waiting| self.ticked.with(|ticked| waiting.iter().filter(|case| ticked.contains(case)).count()))
    }

    fn now(self) -> Vec<CaseId> {
        let ticked = self.ticked.get_untracked();
        self.waiting.with_untracked(|waiting| waiting.iter().copied().filter(|case| ticked.contains(case)).collect())
    }

    /// Gives cases to workers, one command for each worker.
    fn assign(self, plan: BTreeMap<UserId, Vec<CaseId>>) {
        let now = use_now_once();
        self.busy.set(true);
        spawn_local(async move {
            let (mut given, mut failed) = (Vec::new(), None);
            for (worker, cases) in plan {
                let cases: Vec<_> = cases.into_iter().map(|case| (case, AssignmentId::new())).collect();
                let ids: Vec<_> = cases.iter().map(|(_, id)| *id).collect();
                match execute(Envelope::new(CaseCommand::Assign { cases, worker }, now)).await {
                    Ok(_) => given.extend(ids),
                    Err(error) => failed = Some(error),
                }
            }
            self.done(given, failed);
        });
    }

    fn done(self, given: Vec<AssignmentId>, failed: Option<AppError>) {
        let i18n = self.i18n;
        // The page may have been left meanwhile.
        let _ = self.busy.try_set(false);
        if !given.is_empty() {
            let _ = self.ticked.try_set(BTreeSet::new());
            let _ = self.suggested.try_set(Vec::new());
        }
        // Last: it loads the board again, and with that the rows end that show what was chosen.
        let _ = self.written.try_update(|written| *written += 1);
        if let Some(error) = failed {
            self.toaster.failed(move || error_text(i18n, &error.0));
        }
        if given.is_empty() {
            return;
        }
        let count = given.len();
        let undo = Callback::new(move |()| self.take_back(given.clone()));
        self.toaster.done_with_undo(move || t_string!(i18n, team.assigned, count = count).to_string(), undo);
    }

    fn take_back(self, assignments: Vec<AssignmentId>) {
        let (i18n, now) = (self.i18n, use_now_once());
        spawn_local(async move {
            let told = execute(Envelope::new(CaseCommand::TakeBack { assignments }, now)).await;
            let _ = self.written.try_update(|written| *written += 1);
            match told {
                Ok(_) => self.toaster.done(move || t_string!(i18n, common.undone)),
                Err(error) => self.toaster.failed(move || error_text(i18n, &error.0)),
            }
        });
    }

    fn assign_to_one(self) {
        let Ok(worker) = self.worker.get_untracked().parse::<UserId>() else { return };
        self.assign(BTreeMap::from([(worker, self.now())]));
    }

    fn ask_suggestion(self) {
        self.busy.set(true);
        let (team, cases) = (self.team.get_untracked(), self.now());
        spawn_local(async move {
            let found = suggest_workers(team, cases).await;
            let _ = self.busy.try_set(false);
            let i18n = self.i18n;
            match found {
                Ok(found) if found.is_empty() => self.toaster.failed(move || t_string!(i18n, team.nobody_to_suggest)),
                Ok(found) => drop(self.suggested.try_set(found)),
                Err(error) => self.toaster.failed(move || error_text(i18n, &error.0)),
            }
        });
    }

    fn take_suggestion(self) {
        let cases = self.now();
        let mut plan: BTreeMap<UserId, Vec<CaseId>> = BTreeMap::new();
        for one in self.suggested.get_untracked().into_iter().filter(|one| cases.contains(&one.case)) {
            plan.entry(one.worker).or_default().push(one.case);
        }
        self.assign(plan);
    }

    fn choose(self, case: CaseId, yes: bool) {
        self.suggested.set(Vec::new());
        self.ticked.update(|ticked| {
            if yes {
                ticked.insert(case);
            } else {
                ticked.remove(&case);
            }
        });
    }

    /// All that wait, or none when all are chosen already.
    fn choose_all(self) {
        self.suggested.set(Vec::new());
        let waiting = self.waiting.get_untracked();
        let all = self.now().len() == waiting.len();
        self.ticked.set(if all { BTreeSet::new() } else { waiting.into_iter().collect() });
    }
}

fn use_now_once() -> chrono::DateTime<chrono::Utc> {
    use domain::clock::{Clock, SystemClock};
    SystemClock.now()
}

/// The queue.
#[component]
pub(super) fn Queue(choosing: Choosing, workers: Vec<WorkerLoad>, cases: Vec<BoardCase>, total: u32) -> impl IntoView {
    let i18n = use_i18n();
    let list = if cases.is_empty() {
        view! {
            <EmptyState icon=IconName::CheckCircle title=move || t_string!(i18n, team.queue_empty)>
                <p class="muted">{t!(i18n, team.queue_empty_hint)}</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <Actions choosing workers />
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
fn Actions(choosing: Choosing, workers: Vec<WorkerLoad>) -> impl IntoView {
    let i18n = use_i18n();
    let choices: Vec<Choice> = workers
        .into_iter()
        .map(|worker| {
            let label = format!("{} · {}", worker.name, worker.load.points);
            Choice::new(worker.id.to_string(), move || label.clone())
        })
        .collect();
    let label = move || match choosing.count() {
        0 => t_string!(i18n, team.assign_none).to_owned(),
        count => t_string!(i18n, team.assign, count = count).to_string(),
    };
    view! {
        <div class="cluster queue-actions">
            <Button kind=ButtonKind::Tertiary on_press=move || choosing.choose_all()>{t!(i18n, team.select_all)}</Button>
            <Button icon=IconName::ListChecks busy=choosing.busy disabled=choosing.none on_press=move || choosing.ask_suggestion()>
                {t!(i18n, team.suggest)}
            </Button>
            <SelectField
                name="assign_worker"
                label=move || t_string!(i18n, team.assign_to)
                value=choosing.worker
                choices=Signal::stored(choices)
            />
            <Button kind=ButtonKind::Primary busy=choosing.busy disabled=choosing.incomplete on_press=move || choosing.assign_to_one()>
                {label}
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
                <Button kind=ButtonKind::Primary busy=choosing.busy on_press=move || choosing.take_suggestion()>
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
    let chosen = Signal::derive(move || choosing.ticked.with(|ticked| ticked.contains(&id)));
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
                <label class="pick">
                    <input
                        type="checkbox"
                        prop:checked=move || choosing.ticked.with(|ticked| ticked.contains(&id))
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
            <Cell label=move || t_string!(i18n, team.dong)>{move || text::in_language(i18n, &ko, &en)}</Cell>
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
