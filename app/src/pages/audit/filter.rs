//! Which rows of the log: the answers of a plain form, kept in the address. People stand in it by number.

use super::{
    action_label, origin_label,
    words::{ACTIONS, ORIGINS, is_change, is_look},
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::view::trail::TrailFilter;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

pub(super) const PATH: &str = "/audit/access";

/// The filter and the cursor in an address.
pub(super) fn read(query: &ParamsMap) -> (TrailFilter, Option<String>) {
    let word = |name: &str| query.get(name).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    let number = |name: &str| word(name).and_then(|number| number.trim_start_matches('#').parse().ok());
    let filter = TrailFilter {
        neighbor: number("neighbor"),
        actor: number("actor"),
        action: word("action"),
        origin: word("origin"),
        from: word("from").and_then(|day| day.parse().ok()),
        to: word("to").and_then(|day| day.parse().ok()),
    };
    (filter, word("after"))
}

/// The address of a filter.
pub(super) fn address(filter: &TrailFilter, after: Option<&str>) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let parts = [
        ("neighbor", number(filter.neighbor)),
        ("actor", number(filter.actor)),
        ("action", filter.action.clone()),
        ("origin", filter.origin.clone()),
        ("from", day(filter.from)),
        ("to", day(filter.to)),
        ("after", after.map(str::to_owned)),
    ];
    let parts: Vec<String> = parts.into_iter().filter_map(|(name, word)| Some(format!("{name}={}", word?))).collect();
    if parts.is_empty() { PATH.to_owned() } else { format!("{PATH}?{}", parts.join("&")) }
}

type Words = fn(I18n) -> &'static str;

/// The form.
#[component]
pub(super) fn FilterForm(filter: TrailFilter) -> impl IntoView {
    let i18n = use_i18n();
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    view! {
        <form class="section filter-form" method="get" action=PATH role="search" aria-label=move || t_string!(i18n, common.filter)>
            <FilterInput name="neighbor" label=|i18n| t_string!(i18n, audit.neighbor_number) kind="text" value=number(filter.neighbor) />
            <FilterInput name="actor" label=|i18n| t_string!(i18n, audit.staff_number) kind="text" value=number(filter.actor) />
            <ActionSelect chosen=filter.action />
            <OriginSelect chosen=filter.origin />
            <FilterInput name="from" label=|i18n| t_string!(i18n, audit.from) kind="date" value=day(filter.from) />
            <FilterInput name="to" label=|i18n| t_string!(i18n, audit.to) kind="date" value=day(filter.to) />
            <div class="filter-actions">
                <Button kind=ButtonKind::Primary icon=IconName::Search submit=true>{t!(i18n, common.search)}</Button>
                <LinkButton href=PATH>{t!(i18n, common.clear)}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn FilterInput(name: &'static str, label: Words, kind: &'static str, value: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let digits = kind == "text";
    view! {
        <div class="field">
            <label class="field-label" for=format!("filter-{name}")>{move || label(i18n)}</label>
            <input
                class="input"
                id=format!("filter-{name}")
                name=name
                type=kind
                value=value
                inputmode=digits.then_some("numeric")
                pattern=digits.then_some("#?[0-9]{1,12}")
                title=move || digits.then(|| t_string!(i18n, audit.number_hint))
                autocomplete="off"
            />
        </div>
    }
    .into_any()
}

fn choice(i18n: I18n, code: &'static str, chosen: Option<&str>, words: fn(I18n, &str) -> &'static str) -> AnyView {
    view! { <option value=code selected=chosen == Some(code)>{move || words(i18n, code)}</option> }.into_any()
}

#[component]
fn ActionSelect(chosen: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let group = move |label: Words, belongs: fn(&str) -> bool| {
        let codes = ACTIONS.iter().filter(|code| belongs(code));
        let options = codes.map(|code| choice(i18n, code, chosen.as_deref(), action_label)).collect_view();
        view! { <optgroup label=move || label(i18n)>{options}</optgroup> }
    };
    view! {
        <div class="field">
            <label class="field-label" for="filter-action">{t!(i18n, audit.action)}</label>
            <select class="input select" id="filter-action" name="action">
                <option value="">{t!(i18n, audit.any_action)}</option>
                {group(|i18n| t_string!(i18n, audit.looks_group), is_look)}
                {group(|i18n| t_string!(i18n, audit.changes_group), is_change)}
                {group(|i18n| t_string!(i18n, audit.door_group), |code| !is_look(code) && !is_change(code))}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn OriginSelect(chosen: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let options = ORIGINS.iter().map(|code| choice(i18n, code, chosen.as_deref(), origin_label)).collect_view();
    view! {
        <div class="field">
            <label class="field-label" for="filter-origin">{t!(i18n, audit.origin)}</label>
            <select class="input select" id="filter-origin" name="origin">
                <option value="">{t!(i18n, audit.any_origin)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}
