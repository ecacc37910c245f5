//! The log: who looked at whom and did what; filtered by the address, paged by key.

use super::{
    export::Export,
    filter::{FilterForm, address, read},
    origin_label, person_words, row_words, staff_words,
};
use crate::{
    api::load_trail,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::view::{
    Page,
    trail::{TrailFilter, TrailRow},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The log.
#[component]
pub fn TrailLogPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(read));
    let rows = Resource::new(move || wanted.get(), |(filter, after)| load_trail(filter, after));
    view! {
        <PageHead title=move || t_string!(i18n, nav.access_log) lead=move || t_string!(i18n, audit.log_lead) />
        {move || view! { <FilterForm filter=wanted.get().0 /> }}
        <Loaded resource=rows lines=12 let:page>
            {
                let (filter, after) = wanted.get_untracked();
                view! { <Rows page filter paged=after.is_some() /> }
            }
        </Loaded>
    }
    .into_any()
}

#[component]
fn Rows(page: Page<TrailRow>, filter: TrailFilter, paged: bool) -> impl IntoView {
    let i18n = use_i18n();
    let shown = page.rows.len();
    let next = page.next.map(|next| address(&filter, Some(&next)));
    let first = paged.then(|| address(&filter, None));
    if shown == 0 {
        return view! {
            <EmptyState icon=IconName::Search title=move || t_string!(i18n, audit.empty)>
                <p class="muted">{t!(i18n, audit.empty_hint)}</p>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <Table
            caption=move || t_string!(i18n, nav.access_log)
            head=move || {
                view! {
                    <HeadCell label=move || t_string!(i18n, audit.when) />
                    <HeadCell label=move || t_string!(i18n, audit.who) />
                    <HeadCell label=move || t_string!(i18n, audit.action) />
                    <HeadCell label=move || t_string!(i18n, audit.whom) />
                    <HeadCell label=move || t_string!(i18n, audit.origin) />
                    <HeadCell label=move || t_string!(i18n, audit.purpose) />
                }
            }
        >
            {page.rows.into_iter().map(|row| view! { <Line row /> }).collect_view()}
        </Table>
        <Pager shown=Signal::stored(shown) next=Signal::stored(next) first=Signal::stored(first) />
        <Export filter />
    }
    .into_any()
}

#[component]
fn Line(row: TrailRow) -> impl IntoView {
    let i18n = use_i18n();
    let at = row.at;
    let actor_link = address(&TrailFilter { actor: Some(row.actor.number), ..TrailFilter::default() }, None);
    let actor = row.actor.clone();
    let whom = match row.neighbor {
        Some(number) => {
            let href = address(&TrailFilter { neighbor: Some(number), ..TrailFilter::default() }, None);
            view! { <a href=href>{move || person_words(i18n, number)}</a> }.into_any()
        }
        None if row.count > 1 => (move || t_string!(i18n, audit.things, count = text::number(row.count)).to_string()).into_any(),
        None => view! { <span class="muted">"–"</span> }.into_any(),
    };
    let (origin, network) = (row.origin.clone(), row.address.clone());
    let purpose = row.purpose.clone().unwrap_or_else(|| "–".to_owned());
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, audit.when)>{move || text::date_time(i18n, at)}</Cell>
            <Cell label=move || t_string!(i18n, audit.who)>
                <a href=actor_link>{move || staff_words(i18n, &actor)}</a>
            </Cell>
            <Cell label=move || t_string!(i18n, audit.action)>{move || row_words(i18n, &row)}</Cell>
            <Cell label=move || t_string!(i18n, audit.whom)>{whom}</Cell>
            <Cell label=move || t_string!(i18n, audit.origin)>
                {move || origin_label(i18n, &origin)} " " <span class="muted">{network}</span>
            </Cell>
            <Cell label=move || t_string!(i18n, audit.purpose)>{purpose}</Cell>
        </Row>
    }
    .into_any()
}
