//! The caseload: who needs something, the most pressing first.

use super::{
    caseload_rows::{Keys, List, Rows, ShownList},
    filters::{Filters, Panel},
};
use crate::field::at;
use crate::{
    api::{AppError, case_list, load_caseload_head, use_me},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    policy::{Action, Kind},
    view::cases::{CaseQuery, CaseloadHead, Count},
};
use leptos::prelude::*;
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
    let sought = Sought { typed: RwSignal::new(String::new()), name: RwSignal::new(String::new()) };
    let live = use_live(&["case", "visit", "neighbor", "view"]);
    let wanted = Memo::new(move |_| {
        let name = sought.name.get().trim().to_owned();
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
        <SearchBox sought />
        <Transition fallback=|| view! { <Skeleton lines=2 /> }>
            {filters}
        </Transition>
        <LoadedInPlace resource=rows let:list>
            <Rows list shown sought />
        </LoadedInPlace>
        <Keys />
    }
    .into_any()
}

/// The first page of a new query; of the same query as many pages as are shown, so that news do not shorten the list.
async fn load_again(query: CaseQuery, shown: ShownList) -> Result<List, AppError> {
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
    Ok(List { query, page })
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

/// The id of the box of the search.
pub(super) const SEARCH_BOX: &str = "caseload-search";

/// What stands in the box of the search, and what of it is looked for. It stays in the page: a name is nobody's business in an
/// address.
#[derive(Clone, Copy)]
pub(super) struct Sought {
    typed: RwSignal<String>,
    name: RwSignal<String>,
}

impl Sought {
    /// Empties the box; whoever does so goes on in it.
    pub(super) fn clear(self) {
        self.typed.set(String::new());
        self.name.set(String::new());
        #[cfg(feature = "hydrate")]
        crate::components::focus::focus(SEARCH_BOX);
    }
}

/// Search as you type.
#[component]
fn SearchBox(sought: Sought) -> impl IntoView {
    let i18n = use_i18n();
    let Sought { typed, name } = sought;
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
            <label class="field-label" for=SEARCH_BOX>{t!(i18n, caseload.search)}</label>
            <div class="search-box">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    id=SEARCH_BOX
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
