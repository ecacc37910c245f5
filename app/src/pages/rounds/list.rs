//! The rounds: who loaded them when, and how many people still wait for a decision.

use super::period_of;
use crate::{
    api::list_rounds,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::view::rounds::{RoundList, RoundSummary};
use leptos::prelude::*;

/// `/rounds`.
#[component]
pub fn RoundsPage() -> impl IntoView {
    let i18n = use_i18n();
    let version = use_live(&["round", "round_entry", "link"]);
    let rounds = Resource::new(move || version.get(), |_| list_rounds());
    let may_import = move || rounds.get().and_then(Result::ok).is_some_and(|list| list.may_import);
    view! {
        <PageHead title=move || t_string!(i18n, rounds.title) lead=move || t_string!(i18n, rounds.lead)>
            <Suspense>
                <Show when=may_import>
                    <LinkButton href="/rounds/import" kind=ButtonKind::Primary icon=IconName::Upload>
                        {t!(i18n, rounds.import)}
                    </LinkButton>
                </Show>
            </Suspense>
        </PageHead>
        <Loaded resource=rounds lines=6 let:list>
            <Rounds list />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Rounds(list: RoundList) -> impl IntoView {
    let i18n = use_i18n();
    let waiting = list.links_waiting;
    let links = (waiting > 0).then(|| {
        view! {
            <Banner tone=Tone::Warn title=move || t_string!(i18n, rounds.links_waiting, count = text::number(waiting)).to_string()>
                <LinkButton href="/links" icon=IconName::Merge>{t!(i18n, rounds.links_open)}</LinkButton>
            </Banner>
        }
    });
    if list.rounds.is_empty() {
        let may_import = list.may_import;
        return view! {
            {links}
            <EmptyState icon=IconName::ListChecks title=move || t_string!(i18n, rounds.empty)>
                {may_import
                    .then(|| {
                        view! {
                            <LinkButton href="/rounds/import" icon=IconName::Upload>
                                {t!(i18n, rounds.import)}
                            </LinkButton>
                        }
                    })}
            </EmptyState>
        }
        .into_any();
    }
    let head = move || {
        view! {
            <HeadCell label=move || t_string!(i18n, rounds.round) />
            <HeadCell label=move || t_string!(i18n, rounds.loaded) wide=true />
            <HeadCell label=move || t_string!(i18n, rounds.people) numeric=true />
            <HeadCell label=move || t_string!(i18n, rounds.waiting) numeric=true />
            <HeadCell label=move || t_string!(i18n, rounds.decided) />
        }
    };
    view! {
        {links}
        <Table caption=move || t_string!(i18n, rounds.title) head>
            {list.rounds.into_iter().map(|round| view! { <RoundLine round /> }).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn RoundLine(round: RoundSummary) -> impl IntoView {
    let i18n = use_i18n();
    let RoundSummary { id, period, imported_at, imported_by, counts } = round;
    let (all, decided) = (counts.all(), counts.decided());
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, rounds.round)>
                <a href=format!("/rounds/{id}?state=open")>{move || period_of(i18n, period)}</a>
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.loaded) wide=true>
                {move || text::date_time(i18n, imported_at)}
                <span class="muted">" · "{imported_by}</span>
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.people) numeric=true>
                {text::number(all)}
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.waiting) numeric=true>
                <b>{text::number(counts.open)}</b>
            </Cell>
            <Cell label=move || t_string!(i18n, rounds.decided)>
                <Meter
                    label=move || t_string!(i18n, rounds.decided)
                    value=decided
                    max=all
                    text=format!("{}/{}", text::number(decided), text::number(all))
                />
            </Cell>
        </Row>
    }
    .into_any()
}
