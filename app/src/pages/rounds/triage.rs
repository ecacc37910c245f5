//! The triage of a round: filter, pick with the mouse or with j, k and x, and decide about many at once.

use super::{
    entry_row::{EntryRow, head_cells},
    name_of, period_of,
    triage_dialogs::{Asking, Decide, DecideBar, DecideDialogs, make_undo},
};
use crate::{
    api::{AppError, round_head, triage_entries},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    ApiError,
    case::Urgency,
    ids::{RoundEntryId, RoundId},
    round::TriageDecision,
    view::{
        Page,
        rounds::{TriageEntry, TriageFilter, TriageHead},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::collections::BTreeSet;

/// The entries that are picked. They stay picked while the list is loaded again; those that left it don't count.
#[derive(Clone, Copy)]
pub(super) struct Picked {
    ids: RwSignal<BTreeSet<RoundEntryId>>,
    /// The entries on the page that wait, with the advised urgency.
    waiting: Signal<Vec<(RoundEntryId, Urgency)>>,
}

impl Picked {
    /// Whether this one is.
    pub(super) fn has(self, id: RoundEntryId) -> bool {
        self.ids.with(|ids| ids.contains(&id))
    }

    /// Picks it, or not any more.
    pub(super) fn toggle(self, id: RoundEntryId) {
        self.ids.update(|ids| {
            if !ids.remove(&id) {
                ids.insert(id);
            }
        });
    }

    /// None any more.
    pub(super) fn clear(self) {
        self.ids.set(BTreeSet::new());
    }

    /// All that wait on this page.
    pub(super) fn pick_all(self) {
        self.ids.set(self.waiting.with_untracked(|waiting| waiting.iter().map(|(id, _)| *id).collect()));
    }

    /// How many.
    pub(super) fn count(self) -> usize {
        self.waiting.with(|waiting| waiting.iter().filter(|(id, _)| self.has(*id)).count())
    }

    /// Which.
    pub(super) fn now(self) -> Vec<RoundEntryId> {
        let ids = self.ids.get_untracked();
        self.waiting.with_untracked(|waiting| waiting.iter().map(|(id, _)| *id).filter(|id| ids.contains(id)).collect())
    }

    /// The most urgent advice among them.
    pub(super) fn advised(self) -> Option<Urgency> {
        let ids = self.ids.get_untracked();
        self.waiting.with_untracked(|all| all.iter().filter(|(id, _)| ids.contains(id)).map(|(_, urgency)| *urgency).min())
    }
}

/// What is shown: read from the address, so that it can be sent to a colleague and the way back works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Shown {
    filter: TriageFilter,
    after: Option<String>,
}

impl Shown {
    fn read() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            let get = |name: &str| query.with(|query| query.get(name)).filter(|word| !word.is_empty());
            let filter = TriageFilter {
                decision: get("state").and_then(|word| TriageDecision::from_code(&word)),
                dong: get("dong").and_then(|word| word.parse().ok()),
                least: get("least").and_then(|word| word.parse().ok()),
            };
            Self { filter, after: get("after") }
        })
    }

    /// The address that shows this of `round`.
    fn href(&self, round: RoundId) -> String {
        let parts = [
            self.filter.decision.map(|decision| format!("state={}", decision.code())),
            self.filter.dong.as_ref().map(|dong| format!("dong={dong}")),
            self.filter.least.map(|least| format!("least={least}")),
            self.after.as_ref().map(|after| format!("after={after}")),
        ];
        format!("/rounds/{round}?{}", parts.into_iter().flatten().collect::<Vec<_>>().join("&"))
    }

    fn with_state(&self, decision: Option<TriageDecision>) -> Self {
        Self { filter: TriageFilter { decision, ..self.filter.clone() }, after: None }
    }
}

/// `/rounds/:id`.
#[component]
pub fn TriagePage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<RoundId>().ok()).unwrap_or_default());
    let shown = Shown::read();
    let decided = RwSignal::new(0_u32);
    let version = use_live(&["round_entry"]);
    let head = Resource::new(move || (id.get(), version.get(), decided.get()), |(id, _, _)| round_head(id));
    let page = Resource::new(
        move || (id.get(), shown.get(), version.get(), decided.get()),
        |(id, shown, _, _)| triage_entries(id, shown.filter, shown.after),
    );
    let waits = |entry: &TriageEntry| (entry.decision == TriageDecision::Open).then_some((entry.id, entry.urgency()));
    let waiting = Signal::derive(move || {
        let page = page.get().and_then(Result::ok);
        page.map(|page| page.rows.iter().filter_map(waits).collect()).unwrap_or_default()
    });
    let workers = Signal::derive(move || head.get().and_then(Result::ok).map(|head| head.workers).unwrap_or_default());
    let picked = Picked { ids: RwSignal::new(BTreeSet::new()), waiting };
    let decide = Decide { picked, workers, decided, undo: make_undo(decided), asking: Asking::new() };
    move_by_keys(picked);
    let above = settled(head, move |answer| view! { <Above answer shown=shown.get_untracked() /> });
    let entries = settled(page, move |answer| {
        view! { <Entries answer shown=shown.get_untracked() round=id.get_untracked() picked /> }
    });
    view! {
        <Transition fallback=|| {
            view! { <Skeleton lines=8_usize /> }
        }>
            {above}
            <Show when=move || waiting.with(|waiting| !waiting.is_empty())>
                <DecideBar decide />
            </Show>
            {entries}
            <DecideDialogs decide />
        </Transition>
    }
    .into_any()
}

/// Tabs and filters.
#[component]
fn Above(answer: Result<TriageHead, AppError>, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let period = answer.as_ref().ok().map(|head| head.round.period);
    let title = move || period.map_or_else(|| t_string!(i18n, rounds.triage).to_owned(), |period| period_of(i18n, period));
    let below = match answer {
        Ok(head) => view! {
            <StateTabs head=head.clone() shown=shown.clone() />
            <Filters head shown />
        }
        .into_any(),
        Err(error) => view! { <Banner tone=Tone::Error title=move || error_text(i18n, &error.0) /> }.into_any(),
    };
    view! {
        <PageHead
            title=title
            lead=move || t_string!(i18n, rounds.triage_lead)
            crumbs=vec![Crumb::new("/rounds", move || t_string!(i18n, rounds.title))]
        />
        {below}
    }
    .into_any()
}

#[component]
fn Entries(answer: Result<Page<TriageEntry>, AppError>, shown: Shown, round: RoundId, picked: Picked) -> impl IntoView {
    let i18n = use_i18n();
    let page = match answer {
        Ok(page) => page,
        // The head says what is wrong with the round itself.
        Err(AppError(ApiError::NotFound)) => return ().into_any(),
        Err(error) => return view! { <Banner tone=Tone::Error title=move || error_text(i18n, &error.0) /> }.into_any(),
    };
    let count = page.rows.len();
    if count == 0 {
        return view! { <NothingHere shown round /> }.into_any();
    }
    let next = page.next.map(|after| Shown { after: Some(after), ..shown.clone() }.href(round));
    let first = shown.after.is_some().then(|| Shown { after: None, ..shown.clone() }.href(round));
    let rows = page.rows.into_iter().enumerate().map(move |(index, entry)| view! { <EntryRow entry index picked /> });
    view! {
        <Table caption=move || t_string!(i18n, rounds.triage) head=move || head_cells(i18n)>
            {rows.collect_view()}
        </Table>
        <Pager shown=count next first />
    }
    .into_any()
}

#[component]
fn StateTabs(head: TriageHead, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let counts = head.round.counts;
    let round = head.round.id;
    let all = Tab {
        href: shown.with_state(None).href(round),
        label: (move || t_string!(i18n, common.all)).into(),
        count: Some(counts.all()),
        current: shown.filter.decision.is_none(),
    };
    let tabs: Vec<Tab> = TriageDecision::ALL
        .iter()
        .map(|decision| Tab {
            href: shown.with_state(Some(*decision)).href(round),
            label: (move || decision.label(i18n)).into(),
            count: Some(counts.of(*decision)),
            current: shown.filter.decision == Some(*decision),
        })
        .chain([all])
        .collect();
    view! { <Tabs label=move || t_string!(i18n, rounds.decision) tabs /> }.into_any()
}

/// Dong and number of indicators, as a plain form: it works before the page is hydrated.
#[component]
fn Filters(head: TriageHead, shown: Shown) -> impl IntoView {
    let i18n = use_i18n();
    let dong = RwSignal::new(shown.filter.dong.as_ref().map(ToString::to_string).unwrap_or_default());
    let least = RwSignal::new(shown.filter.least.map(|least| least.to_string()).unwrap_or_default());
    let dongs: Vec<Choice> =
        head.dongs.into_iter().map(|named| Choice::new(named.code.clone(), move || name_of(i18n, &named))).collect();
    let counts: Vec<Choice> = (2..=5)
        .map(|count| Choice::new(count.to_string(), move || t_string!(i18n, rounds.at_least, count = count).to_string()))
        .collect();
    let state = shown.filter.decision.map(TriageDecision::code);
    view! {
        <form class="cluster filters" method="get" action=format!("/rounds/{}", head.round.id)>
            {state.map(|state| view! { <input type="hidden" name="state" value=state /> })}
            <SelectField
                name="dong"
                label=move || t_string!(i18n, labels.field.dong)
                value=dong
                choices=dongs
                empty=move || t_string!(i18n, common.all)
            />
            <SelectField
                name="least"
                label=move || t_string!(i18n, rounds.indicators)
                value=least
                choices=counts
                empty=move || t_string!(i18n, common.all)
            />
            <Button submit=true icon=IconName::Filter>
                {t!(i18n, common.filter)}
            </Button>
        </form>
    }
    .into_any()
}

#[component]
fn NothingHere(shown: Shown, round: RoundId) -> impl IntoView {
    let i18n = use_i18n();
    let done = shown.filter == TriageFilter { decision: Some(TriageDecision::Open), ..TriageFilter::default() };
    let all = Shown::default().href(round);
    let title = move || if done { t_string!(i18n, rounds.all_decided) } else { t_string!(i18n, rounds.nothing_found) };
    view! {
        <EmptyState icon=IconName::CheckCircle title>
            <LinkButton href=all>{t!(i18n, rounds.show_all)}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

/// j and k go down and up the list, x picks: while no field or dialog has the keyboard.
#[cfg(feature = "hydrate")]
fn move_by_keys(picked: Picked) {
    use leptos::ev;
    let focus = |at: usize| crate::components::focus::focus(&format!("pick-{at}"));
    let here = || {
        let id = document().active_element().map(|element| element.id())?;
        id.strip_prefix("pick-")?.parse::<usize>().ok()
    };
    let handle = window_event_listener(ev::keydown, move |event| {
        let element = document().active_element();
        let fields = "input:not([type=checkbox]), select, textarea, dialog *";
        let busy = element.as_ref().is_some_and(|element| element.matches(fields).unwrap_or(false));
        if busy || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "j" => drop(focus(here().map_or(0, |at| at + 1))),
            "k" => drop(focus(here().map_or(0, |at| at.saturating_sub(1)))),
            "x" => {
                let entry = element.and_then(|element| element.get_attribute("data-entry"));
                if let Some(id) = entry.and_then(|id| id.parse().ok()) {
                    picked.toggle(id);
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

#[cfg(not(feature = "hydrate"))]
fn move_by_keys(_: Picked) {}
