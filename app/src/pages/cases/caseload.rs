//! The caseload: who needs something, the most pressing first.

use super::{
    filters::{Filters, Panel},
    person_form::word,
};
use crate::field::at;
use crate::{
    api::{AppError, case_list, load_caseload_head, use_me},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use chrono::Datelike;
use domain::{
    clock::korean_day,
    policy::{Action, Kind},
    view::{
        Page,
        cases::{CaseQuery, CaseRow, CaseSort, CaseloadHead, Count},
    },
};
use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use std::time::Duration;

/// How long typing rests before the server is asked; a tablet asks itself and waits for nobody.
const REST: Duration = Duration::from_millis(250);

/// The caseload.
#[component]
pub fn CaseloadPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Permitted title=move || t_string!(i18n, caseload.title) action=Action::View kind=Kind::Case>
            <Caseload />
        </Permitted>
    }
    .into_any()
}

#[component]
fn Caseload() -> impl IntoView {
    let i18n = use_i18n();
    let registers = use_me().is_some_and(|me| me.may(Action::Create, Kind::Neighbor));
    let search = use_location().search;
    let query = Memo::new(move |_| CaseQuery::from_address(&search.get()));
    let name = RwSignal::new(String::new());
    let live = use_live(&["case", "visit", "neighbor", "view"]);
    let wanted = Memo::new(move |_| {
        let name = name.get().trim().to_owned();
        CaseQuery { name: Some(name).filter(|name| !name.is_empty()), ..query.get() }
    });
    let head = Resource::new(move || (query.get(), live.get()), |(query, _)| load_caseload_head(query));
    let shown = StoredValue::new((CaseQuery::default(), 1));
    let rows = Resource::new(move || (wanted.get(), live.get()), move |(query, _)| load_again(query, shown));
    let panel = Panel { open: RwSignal::new(query.get_untracked().has_filter()), view_name: RwSignal::new(String::new()) };
    let lead = move || head.get().and_then(Result::ok).map(|head| counts(i18n, &head)).unwrap_or_default();
    let filters = settled(head, move |head| head.ok().map(|head| view! { <Filters head query=query.get_untracked() panel /> }));
    view! {
        <PageHead title=move || t_string!(i18n, caseload.title)>
            <Button icon=IconName::Printer on_press=move || print()>{t!(i18n, common.print)}</Button>
            {registers
                .then(|| {
                    view! {
                        <LinkButton href=at("/register") icon=IconName::UserPlus kind=ButtonKind::Primary>
                            {t!(i18n, caseload.register)}
                        </LinkButton>
                    }
                })}
        </PageHead>
        <Transition fallback=|| view! { <Skeleton lines=1 /> }>
            <p class="caseload-counts" role="status">{lead}</p>
        </Transition>
        <SearchBox name />
        <Transition fallback=|| view! { <Skeleton lines=2 /> }>
            {filters}
        </Transition>
        <Loaded resource=rows let:page>
            <Rows page query=wanted.get_untracked() shown />
        </Loaded>
        <Keys />
    }
    .into_any()
}

/// The list as it stands on the screen: the query, and how many pages of it.
type ShownList = StoredValue<(CaseQuery, u32)>;

/// The first page of a new query; of the same query as many pages as are shown, so that news do not shorten the list.
async fn load_again(query: CaseQuery, shown: ShownList) -> Result<Page<CaseRow>, AppError> {
    let pages = match shown.try_get_value() {
        Some((before, pages)) if before == query => pages,
        _ => 1,
    };
    shown.try_set_value((query.clone(), pages));
    let mut page = case_list(query.clone(), None).await?;
    for _ in 1..pages {
        let Some(after) = page.next.take() else { break };
        let more = case_list(query.clone(), Some(after)).await?;
        page.rows.extend(more.rows);
        page.next = more.next;
    }
    Ok(page)
}

pub(super) fn print() {
    // Without a window there is nothing to print.
    let _ = window().print();
}

fn counts(i18n: I18n, head: &CaseloadHead) -> String {
    let count = |count: Count| match count.more {
        true => t_string!(i18n, caseload.at_least, count = text::number(count.at_least)).to_string(),
        false => text::number(count.at_least),
    };
    t_string!(i18n, caseload.lead, open = count(head.open), overdue = count(head.overdue)).to_string()
}

/// Search as you type. The name stays in the page: it is nobody's business in an address.
#[component]
fn SearchBox(name: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let newest = StoredValue::new(0_u32);
    let input = move |event| {
        typed.set(event_target_value(&event));
        let turn = newest.get_value().wrapping_add(1);
        newest.set_value(turn);
        set_timeout(
            move || {
                // The page may be gone, or typing may have gone on.
                if newest.try_get_value() == Some(turn) {
                    name.set(typed.get_untracked());
                }
            },
            if crate::field::is_here() { Duration::ZERO } else { REST },
        );
    };
    view! {
        <div class="field caseload-search no-print" role="search">
            <label class="field-label" for="caseload-search">{t!(i18n, caseload.search)}</label>
            <div class="search-box">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    id="caseload-search"
                    type="search"
                    autocomplete="off"
                    aria-describedby="caseload-search-hint"
                    prop:value=move || typed.get()
                    on:input=input
                />
            </div>
            <p class="field-hint" id="caseload-search-hint">
                {t!(i18n, caseload.search_hint)} " " <span class="keys-only">{t!(i18n, caseload.search_key)}</span>
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Rows(page: Page<CaseRow>, query: CaseQuery, shown: ShownList) -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let searched = query.name.is_some();
    let bare = CaseQuery { lens: query.lens, sort: query.sort, descending: query.descending, ..CaseQuery::default() } == query;
    if page.rows.is_empty() && page.next.is_none() {
        return view! { <NoRows bare /> }.into_any();
    }
    let rows = RwSignal::new(page.rows);
    let next = RwSignal::new(page.next);
    let busy = RwSignal::new(false);
    let columns = query.clone();
    let more = move || {
        let (query, after) = (query.clone(), next.get_untracked());
        busy.set(true);
        spawn_local(async move {
            let answer = case_list(query, after).await;
            // The list may have been loaded again meanwhile.
            let _ = busy.try_set(false);
            match answer {
                Ok(page) => {
                    shown.try_update_value(|(_, pages)| *pages += 1);
                    let _ = next.try_set(page.next);
                    let _ = rows.try_update(|rows| rows.extend(page.rows));
                }
                Err(error) => toaster.failed(move || error_text(i18n, &error.0)),
            }
        });
    };
    let count = move || rows.with(Vec::len);
    view! {
        <Table caption=move || t_string!(i18n, caseload.title) head=move || view! { <Head query=columns.clone() /> }>
            <For each=move || rows.get().into_iter().enumerate() key=|(_, row)| row.id let:item>
                <Line at=item.0 row=item.1 />
            </For>
        </Table>
        <div class="pager">
            <p class="muted" role="status">{move || t_string!(i18n, common.shown, count = count())}</p>
            <Show when=move || searched && next.with(Option::is_some)>
                <p class="muted">{t!(i18n, caseload.search_more)}</p>
            </Show>
            <Show when=move || next.with(Option::is_some)>
                <Button icon=IconName::CaretDown busy on_press=more.clone()>{t!(i18n, common.more)}</Button>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn NoRows(bare: bool) -> impl IntoView {
    let i18n = use_i18n();
    if bare {
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
            <LinkButton href=at("/cases")>{t!(i18n, caseload.clear)}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn Head(query: CaseQuery) -> impl IntoView {
    let i18n = use_i18n();
    let sort = |by: CaseSort| {
        let now = query.sort.unwrap_or(CaseSort::Due);
        let turned = CaseQuery { sort: Some(by), descending: now == by && !query.descending, name: None, ..query.clone() };
        Sort { href: at(format!("/cases?{}", turned.to_address())), descending: (now == by).then_some(query.descending) }
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

#[component]
fn Line(at: usize, row: CaseRow) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let late = row.due.is_some_and(|(_, due)| due < today.get_untracked());
    let (born, band) = (row.birth_year, row.age_band);
    let age = move || {
        let years = born.map(|year| today.get().year() - i32::from(year.get()));
        let years = years.map(|age| t_string!(i18n, common.years_old, age = age).to_string());
        years.or_else(|| band.map(|band| band.label(i18n).to_owned()))
    };
    let name = row.name;
    let day = move |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| text::short_date(i18n, korean_day(at)));
    let (contact, visit) = (row.last_contact_at, row.next_visit_at);
    view! {
        <Row marked=late>
            <Cell head=true label=move || t_string!(i18n, labels.field.name)>
                <a class="case-link" id=format!("case-row-{at}") href=crate::field::at(format!("/cases/{}", row.id))>
                    {move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned())}
                </a>
                " "
                <span class="muted">{age}</span>
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.urgency)>
                <UrgencyBadge urgency=row.urgency />
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.due)>
                {row.due.map(|(_, due)| view! { <ClockChip due /> })}
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.stage)>
                <StageBadge stage=row.stage />
                {row.closure_asked.then(|| view! { <Badge tone="tone-warn" label=move || t_string!(i18n, caseload.closing) /> })}
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.next_visit)>
                {move || day(visit).unwrap_or_else(|| t_string!(i18n, caseload.not_planned).to_owned())}
            </Cell>
            <Cell label=move || t_string!(i18n, caseload.last_contact) wide=true>
                {move || day(contact).unwrap_or_else(|| t_string!(i18n, caseload.never).to_owned())}
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.dong) wide=true>{move || word(i18n, &row.dong.name)}</Cell>
            <Cell label=move || t_string!(i18n, labels.field.worker) wide=true>
                {match row.worker {
                    Some(worker) => worker.name.into_any(),
                    None => t!(i18n, caseload.no_worker).into_any(),
                }}
            </Cell>
        </Row>
    }
    .into_any()
}

/// `/` begins a search, `j` and `k` walk through the rows; Enter opens one, as any link.
#[component]
fn Keys() -> impl IntoView {
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
    use wasm_bindgen::JsCast;
    let typing = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let typing = typing.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
    if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let now = at.get_value();
    let (id, place) = match event.key().as_str() {
        "/" => ("caseload-search".to_owned(), now),
        "j" => (format!("case-row-{}", now.map_or(0, |n| n + 1)), Some(now.map_or(0, |n| n + 1))),
        "k" => (format!("case-row-{}", now.unwrap_or(1).saturating_sub(1)), Some(now.unwrap_or(1).saturating_sub(1))),
        _ => return,
    };
    let element = document().get_element_by_id(&id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        event.prevent_default();
        // A browser that refuses the focus loses a convenience, nothing else.
        let _ = element.focus();
        at.set_value(place);
    }
}

#[cfg(not(feature = "hydrate"))]
fn press(_: &leptos::ev::KeyboardEvent, _: StoredValue<Option<usize>>) {}
