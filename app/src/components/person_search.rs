//! Find a neighbor while typing. The name never enters an address: the page asks the server by a POST.

use super::{
    badge::UrgencyBadge,
    icon::{Icon, IconName},
};
use crate::i18n::{t, t_string, use_i18n};
use domain::{case::Urgency, ids::NeighborId};
use leptos::{ev::KeyboardEvent, prelude::*};

/// Somebody who may be meant.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonHit {
    /// Whom.
    pub id: NeighborId,
    /// Name, if known.
    pub name: Option<String>,
    /// What tells people of the same name apart: birth year, dong.
    pub detail: String,
    /// Urgency of the open case, where there is one.
    pub urgency: Option<Urgency>,
}

/// A search box with a list that the arrow keys walk through.
#[component]
pub fn PersonSearch(
    /// Id, unique on the page.
    id: &'static str,
    /// What is typed; the page turns it into `hits`.
    query: RwSignal<String>,
    /// Who may be meant.
    #[prop(into)]
    hits: Signal<Vec<PersonHit>>,
    /// Takes the chosen one.
    choose: Callback<NeighborId>,
) -> impl IntoView {
    let i18n = use_i18n();
    let at = RwSignal::new(None::<usize>);
    let closed = RwSignal::new(false);
    let open = Memo::new(move |_| !closed.get() && query.with(|query| query.trim().chars().count() > 1));
    let pick = Callback::new(move |person: NeighborId| {
        closed.set(true);
        choose.run(person);
    });
    let list = format!("{id}-list");
    let option_id = move |index: usize| format!("{id}-{index}");
    let press = move |event: KeyboardEvent| walk(&event, hits, at, closed, pick);
    let item = move |(index, hit): (usize, PersonHit)| {
        view! { <HitView hit id=option_id(index) current=Signal::derive(move || at.get() == Some(index)) pick /> }
    };
    view! {
        <div class="person-search">
            <label class="field-label" for=id>{t!(i18n, nav.person_search)}</label>
            <div class="search-box">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    id=id
                    type="search"
                    role="combobox"
                    autocomplete="off"
                    aria-autocomplete="list"
                    aria-controls=list.clone()
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-activedescendant=move || at.get().filter(|_| open.get()).map(option_id)
                    aria-describedby=format!("{id}-hint")
                    prop:value=move || query.get()
                    on:input=move |event| {
                        at.set(None);
                        closed.set(false);
                        query.set(event_target_value(&event));
                    }
                    on:keydown=press
                />
            </div>
            <p class="field-hint" id=format!("{id}-hint")>{t!(i18n, nav.person_search_hint)}</p>
            <ul class="hits" class:hits-open=move || open.get() id=list role="listbox" aria-label=move || t_string!(i18n, nav.person_search)>
                {move || hits.get().into_iter().enumerate().map(item).collect_view()}
            </ul>
            <p class="muted" role="status">
                <Show when=move || open.get()>
                    {move || match hits.with(Vec::len) {
                        0 => t_string!(i18n, nav.person_none).to_owned(),
                        count => t_string!(i18n, nav.person_found, count = count).to_string(),
                    }}
                </Show>
            </p>
        </div>
    }
    .into_any()
}

fn walk(
    event: &KeyboardEvent,
    hits: Signal<Vec<PersonHit>>,
    at: RwSignal<Option<usize>>,
    closed: RwSignal<bool>,
    pick: Callback<NeighborId>,
) {
    let count = hits.with_untracked(Vec::len);
    let here = at.get_untracked();
    match event.key().as_str() {
        "ArrowDown" if count > 0 => at.set(Some(here.map_or(0, |index| (index + 1) % count))),
        "ArrowUp" if count > 0 => at.set(Some(here.map_or(count - 1, |index| (index + count - 1) % count))),
        "Escape" => closed.set(true),
        "Enter" => {
            let hit = here.and_then(|index| hits.with_untracked(|hits| hits.get(index).map(|hit| hit.id)));
            let Some(person) = hit else { return };
            pick.run(person);
        }
        _ => return,
    }
    event.prevent_default();
}

#[component]
fn HitView(hit: PersonHit, id: String, current: Signal<bool>, pick: Callback<NeighborId>) -> impl IntoView {
    let i18n = use_i18n();
    let PersonHit { id: person, name, detail, urgency } = hit;
    let name = move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned());
    view! {
        <li
            class="hit"
            id=id
            role="option"
            aria-selected=move || if current.get() { "true" } else { "false" }
            on:click=move |_| pick.run(person)
        >
            <b>{name}</b>
            <span class="muted">{detail}</span>
            {urgency.map(|urgency| view! { <UrgencyBadge urgency /> })}
        </li>
    }
    .into_any()
}
