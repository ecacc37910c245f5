//! One person of a list, as a row that can be picked.

use super::{advice::AdviceNote, name_of, triage::Picked};
use crate::{
    components::{prelude::*, text::I18n},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    round::{NoActionReason, TriageDecision},
    view::rounds::{Named, TriageEntry},
};
use leptos::prelude::*;

/// The header cells of the list.
pub(super) fn head_cells(i18n: I18n) -> impl IntoView {
    view! {
        <HeadCell label=move || t_string!(i18n, rounds.pick) />
        <HeadCell label=move || t_string!(i18n, labels.field.name) />
        <HeadCell label=move || t_string!(i18n, labels.field.dong) />
        <HeadCell label=move || t_string!(i18n, rounds.indicators) />
        <HeadCell label=move || t_string!(i18n, rounds.advice) />
        <HeadCell label=move || t_string!(i18n, rounds.decision) />
    }
}

/// A row; only entries that wait can be picked.
#[component]
pub(super) fn EntryRow(entry: TriageEntry, index: usize, picked: Picked) -> impl IntoView {
    let i18n = use_i18n();
    let (id, waits) = (entry.id, entry.decision == TriageDecision::Open);
    let marked = Signal::derive(move || picked.has(id));
    let name = entry.name.clone();
    let spoken = name.clone();
    let called = move |name: &Option<String>| name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned());
    let dong = entry.dong.clone();
    let (indicators, note) = (entry.indicators.clone(), entry.note.clone());
    let (advice, strong) = (entry.advice.clone(), entry.indicators.clone());
    let (neighbor, birth_year, sex) = (entry.neighbor, entry.birth_year, entry.sex);
    view! {
        <Row marked>
            <Cell label=move || t_string!(i18n, rounds.pick)>
                <label class="pick">
                    <input
                        type="checkbox"
                        id=format!("pick-{index}")
                        data-entry=waits.then(|| id.to_string())
                        aria-disabled=(!waits).then_some("true")
                        aria-label=move || t_string!(i18n, rounds.pick_one, name = called(&spoken)).to_string()
                        prop:checked=move || picked.has(id)
                        on:click=move |event| if !waits { event.prevent_default() }
                        on:change=move |_| picked.toggle(id)
                    />
                </label>
            </Cell>
            <Cell head=true label=move || t_string!(i18n, labels.field.name)>
                <a href=format!("/neighbors/{}", neighbor)>{move || called(&name)}</a>
                <span class="muted">
                    " " {birth_year.map(|year| format!("{} · ", year.get()))} {move || sex.label(i18n)}
                </span>
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.dong)>{move || name_of(i18n, &dong)}</Cell>
            <Cell label=move || t_string!(i18n, rounds.indicators)>
                <Indicators indicators note />
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.advice)>
                <AdviceNote advice indicators=strong />
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.decision)>
                <Decision entry />
            </Cell>
        </Row>
    }
    .into_any()
}

#[component]
fn Indicators(indicators: Vec<Named>, note: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let item = |named: Named| view! { <li>{move || name_of(i18n, &named)}</li> };
    view! {
        <ul class="indicators">{indicators.into_iter().map(item).collect_view()}</ul>
        {note.map(|note| view! { <p class="muted">{note}</p> })}
    }
    .into_any()
}

#[component]
fn Decision(entry: TriageEntry) -> impl IntoView {
    let i18n = use_i18n();
    let decision = entry.decision;
    let tone = match decision {
        TriageDecision::Open => "tone-warn",
        TriageDecision::CaseOpened | TriageDecision::Attached => "tone-success",
        TriageDecision::PassedOn | TriageDecision::NoAction => "",
    };
    let reason = entry.reason;
    let why = move || {
        reason.as_deref().map(|word| {
            let known = NoActionReason::from_word(word).filter(|_| decision == TriageDecision::NoAction);
            known.map_or_else(|| word.to_owned(), |reason| reason.label(i18n).to_owned())
        })
    };
    let case = entry.case.or(entry.open_case);
    view! {
        <div class="decision">
            <Badge tone label=move || decision.label(i18n) />
            <span>{why}</span>
            {case.map(|case| view! { <a href=format!("/cases/{case}")>{t!(i18n, labels.kind.case)}</a> })}
            {entry.decided_by.map(|name| view! { <span class="muted">{name}</span> })}
        </div>
    }
    .into_any()
}
