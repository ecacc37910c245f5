//! The rows of the caseload. They stand where they are and say who is there now: making them anew for each letter that is
//! typed takes longer than the search.

use super::caseload::Sought;
use crate::field::at;
use crate::{
    api::case_list,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    clock::korean_day,
    view::{
        Page,
        cases::{CaseQuery, CaseRow, CaseSort},
    },
};
use leptos::{html, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

/// What was asked, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct List {
    /// The query.
    pub query: CaseQuery,
    /// Its first pages, as one.
    pub page: Page<CaseRow>,
}

/// The list as it stands on the screen: the query, and how many pages of it.
pub(super) type ShownList = StoredValue<(CaseQuery, u32)>;

/// The list, and more of it when asked.
#[component]
pub(super) fn Rows(
    /// What was loaded last.
    list: Signal<List>,
    /// Where it is counted how many pages are shown.
    shown: ShownList,
    /// What the box of the search holds.
    sought: Sought,
) -> impl IntoView {
    let standing = RwSignal::new(list.get_untracked());
    Effect::new(move || standing.set(list.get()));
    let nobody = Memo::new(move |_| standing.with(Nobody::of));
    move || match nobody.get() {
        Some(nobody) => view! { <NoRows nobody sought /> }.into_any(),
        None => view! { <People standing shown /> }.into_any(),
    }
}

/// Why nobody is in the list.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Nobody {
    /// Nobody has the name.
    name: bool,
    /// Nobody passes the filters.
    filter: bool,
}

impl Nobody {
    fn of(List { query, page }: &List) -> Option<Self> {
        let nobody = page.rows.is_empty() && page.next.is_none();
        nobody.then(|| Self { name: query.name.is_some(), filter: CaseQuery { name: None, ..query.clone() }.has_filter() })
    }
}

#[component]
fn People(standing: RwSignal<List>, shown: ShownList) -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let busy = RwSignal::new(false);
    let more = move || {
        let List { query, page } = standing.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = case_list(query.clone(), page.next).await;
            // The page may be gone, or the list be another one by now.
            let _ = busy.try_set(false);
            if standing.try_with_untracked(|now| now.query == query) != Some(true) {
                return;
            }
            match answer {
                Ok(more) => {
                    shown.try_update_value(|(_, pages)| *pages += 1);
                    standing.update(|now| {
                        now.page.rows.extend(more.rows);
                        now.page.next = more.next;
                    });
                }
                Err(error) => toaster.failed(move || error_text(i18n, &error.0)),
            }
        });
    };
    let query = Memo::new(move |_| standing.with(|list| list.query.clone()));
    let count = Memo::new(move |_| standing.with(|list| list.page.rows.len()));
    let goes_on = Memo::new(move |_| standing.with(|list| list.page.next.is_some()));
    view! {
        <Table
            caption=move || t_string!(i18n, caseload.title)
            head=move || view! { {move || view! { <Head query=query.get() /> }} }
        >
            <For each=move || 0..count.get() key=|at| *at let:at>
                <Line at standing />
            </For>
        </Table>
        <div class="pager">
            <p class="muted" role="status">{move || t_string!(i18n, common.shown, count = count.get())}</p>
            <Show when=move || goes_on.get() && query.with(|query| query.name.is_some())>
                <p class="muted">{t!(i18n, caseload.search_more)}</p>
            </Show>
            <Show when=move || goes_on.get()>
                <Button icon=IconName::CaretDown busy on_press=more>{t!(i18n, common.more)}</Button>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn NoRows(nobody: Nobody, sought: Sought) -> impl IntoView {
    let i18n = use_i18n();
    let Nobody { name, filter } = nobody;
    if !name && !filter {
        return view! {
            <EmptyState icon=IconName::UsersThree title=move || t_string!(i18n, caseload.empty)>
                <p>{t!(i18n, caseload.empty_hint)}</p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState icon=IconName::Search title=move || t_string!(i18n, caseload.none_found)>
            <p>{t!(i18n, caseload.none_hint)}</p>
            {name.then(|| view! { <Button on_press=move || sought.clear()>{t!(i18n, caseload.clear_search)}</Button> })}
            {filter.then(|| view! { <LinkButton href=at("/cases")>{t!(i18n, caseload.clear)}</LinkButton> })}
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Head(query: CaseQuery) -> impl IntoView {
    let i18n = use_i18n();
    // Whoever is searched for stands in the order of names.
    let (now, descending) = match query.name {
        Some(_) => (CaseSort::Name, false),
        None => (query.sort.unwrap_or(CaseSort::Due), query.descending),
    };
    let sort = |by: CaseSort| {
        let turned = CaseQuery { sort: Some(by), descending: now == by && !descending, name: None, ..query.clone() };
        Sort { href: at(format!("/cases?{}", turned.to_address())), descending: (now == by).then_some(descending) }
    };
    view! {
        <HeadCell label=move || t_string!(i18n, labels.field.name) sort=sort(CaseSort::Name) />
        <HeadCell label=move || t_string!(i18n, caseload.urgency) sort=sort(CaseSort::Urgency) />
        <HeadCell label=move || t_string!(i18n, caseload.due) sort=sort(CaseSort::Due) />
        <HeadCell label=move || t_string!(i18n, caseload.stage) />
        <HeadCell label=move || t_string!(i18n, caseload.next_visit) sort=sort(CaseSort::NextVisit) />
        <HeadCell label=move || t_string!(i18n, caseload.last_contact) sort=sort(CaseSort::LastContact) wide=true />
        <HeadCell label=move || t_string!(i18n, labels.field.dong) wide=true />
        <HeadCell label=move || t_string!(i18n, labels.field.worker) wide=true />
    }
    .into_any()
}

/// Whoever stands at one place of the list.
#[component]
fn Line(at: usize, standing: RwSignal<List>) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    // A list that has become shorter takes the line away; until then it says what it said.
    let row = Memo::new(move |before: Option<&Option<CaseRow>>| {
        standing.with(|list| list.page.rows.get(at).cloned()).or_else(|| before.cloned().flatten())
    });
    let of = move |say: fn(I18n, &CaseRow) -> AnyView| move || row.with(|row| row.as_ref().map(|row| say(i18n, row)));
    let late = Memo::new(move |_| row.with(|row| row.as_ref()?.due).is_some_and(|(_, due)| due < today.get()));
    let href = move || row.with(|row| row.as_ref().map(|row| crate::field::at(format!("/cases/{}", row.id))));
    let age = move || row.with(|row| row.as_ref().and_then(|row| age(i18n, row, today.get())));
    view! {
        <Row marked=late>
            <Cell head=true label=move || t_string!(i18n, labels.field.name)>
                <a class="case-link" id=format!("case-row-{at}") href=href>
                    {of(|i18n, row| row.name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned()).into_any())}
                </a>
                " "
                <span class="muted">{age}</span>
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.urgency)>
                {of(|_, row| view! { <UrgencyBadge urgency=row.urgency /> }.into_any())}
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.due)>
                {of(|_, row| row.due.map(|(_, due)| view! { <ClockChip due /> }).into_any())}
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.stage)>{of(stage)}</Cell>
            <Cell label=move || t_string!(i18n, caseload.next_visit)>
                {of(|i18n, row| day(i18n, row.next_visit_at).unwrap_or_else(|| t_string!(i18n, caseload.not_planned).to_owned()).into_any())}
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.last_contact) wide=true>
                {of(|i18n, row| day(i18n, row.last_contact_at).unwrap_or_else(|| t_string!(i18n, caseload.never).to_owned()).into_any())}
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.dong) wide=true>
                {of(|i18n, row| text::named(i18n, &row.dong.name).into_any())}
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.worker) wide=true>
                {of(|i18n, row| match &row.worker {
                    Some(worker) => worker.name.clone().into_any(),
                    None => t_string!(i18n, caseload.no_worker).into_any(),
                })}
            </Cell>
        </Row>
    }
    .into_any()
}

fn day(i18n: I18n, at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| text::short_date(i18n, korean_day(at)))
}

fn age(i18n: I18n, row: &CaseRow, today: NaiveDate) -> Option<String> {
    let years = row.birth_year.map(|year| today.year() - i32::from(year.get()));
    let years = years.map(|age| t_string!(i18n, common.years_old, age = age).to_string());
    years.or_else(|| row.age_band.map(|band| band.label(i18n).to_owned()))
}

fn stage(i18n: I18n, row: &CaseRow) -> AnyView {
    let closing = row.closure_asked;
    view! {
        <StageBadge stage=row.stage />
        {closing.then(|| view! { <Badge tone="tone-warn" label=move || t_string!(i18n, caseload.closing) /> })}
    }
    .into_any()
}

/// `/` begins a search, `j` and `k` walk through the rows; Enter opens one, as any link.
#[component]
pub(super) fn Keys() -> impl IntoView {
    let at = StoredValue::new(None::<usize>);
    let here = NodeRef::<html::Span>::new();
    Effect::new(move || {
        let listener = window_event_listener(leptos::ev::keydown, move |event| press(&event, at));
        on_cleanup(move || listener.remove());
    });
    view! { <span node_ref=here hidden></span> }.into_any()
}

#[cfg(feature = "hydrate")]
fn press(event: &leptos::ev::KeyboardEvent, at: StoredValue<Option<usize>>) {
    use super::caseload::SEARCH_BOX;
    use crate::components::focus::focus;
    use wasm_bindgen::JsCast;
    let typing = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let typing = typing.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
    if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let now = at.get_value();
    let (id, place) = match event.key().as_str() {
        "/" => (SEARCH_BOX.to_owned(), now),
        "j" => (format!("case-row-{}", now.map_or(0, |n| n + 1)), Some(now.map_or(0, |n| n + 1))),
        "k" => (format!("case-row-{}", now.unwrap_or(1).saturating_sub(1)), Some(now.unwrap_or(1).saturating_sub(1))),
        _ => return,
    };
    if focus(&id) {
        event.prevent_default();
        at.set_value(place);
    }
}

#[cfg(not(feature = "hydrate"))]
fn press(_: &leptos::ev::KeyboardEvent, _: StoredValue<Option<usize>>) {}
