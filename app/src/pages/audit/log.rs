//! The log: who looked at whom and did what; filtered by the address, paged by key, taken out with a reason.

use super::{person_words, staff_words};
use crate::{
    api::{export_trail, load_trail},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::admin::LoadFailed,
};
use domain::view::{
    Page,
    trail::{TrailFilter, TrailRow},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, params::ParamsMap};

const PATH: &str = "/audit/access";

fn read(query: &ParamsMap) -> (TrailFilter, Option<String>) {
    let word = |name: &str| query.get(name).filter(|word| !word.is_empty());
    let filter = TrailFilter {
        neighbor: word("neighbor").and_then(|number| number.trim_start_matches('#').parse().ok()),
        actor: word("actor").and_then(|number| number.trim_start_matches('#').parse().ok()),
        action: word("action"),
        origin: word("origin"),
        from: word("from").and_then(|day| day.parse().ok()),
        to: word("to").and_then(|day| day.parse().ok()),
    };
    (filter, word("after"))
}

fn address(filter: &TrailFilter, after: Option<&str>) -> String {
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
        <Transition fallback=|| {
            view! { <Skeleton lines=12 /> }
        }>
            {move || Suspend::new(async move {
                let (filter, after) = wanted.get_untracked();
                match rows.await {
                    Ok(page) => view! { <Rows page filter paged=after.is_some() /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// A plain form: its answers are the address.
#[component]
fn FilterForm(filter: TrailFilter) -> impl IntoView {
    let i18n = use_i18n();
    let field = move |name: &'static str, label: fn(I18n) -> &'static str, kind: &'static str, value: Option<String>| {
        view! {
            <div class="field">
                <label class="field-label" for=format!("filter-{name}")>{move || label(i18n)}</label>
                <input class="input" id=format!("filter-{name}") name=name type=kind value=value autocomplete="off" />
            </div>
        }
    };
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    view! {
        <form class="section cluster" method="get" action=PATH role="search">
            {field("neighbor", |i18n| t_string!(i18n, audit.neighbor_number), "text", number(filter.neighbor))}
            {field("actor", |i18n| t_string!(i18n, audit.staff_number), "text", number(filter.actor))}
            {field("action", |i18n| t_string!(i18n, audit.action), "text", filter.action)}
            {field("from", |i18n| t_string!(i18n, audit.from), "date", day(filter.from))}
            {field("to", |i18n| t_string!(i18n, audit.to), "date", day(filter.to))}
            <Button kind=ButtonKind::Primary icon=IconName::Search submit=true>{t!(i18n, common.apply)}</Button>
            <LinkButton href=PATH>{t!(i18n, common.clear)}</LinkButton>
        </form>
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
    let whom = row.neighbor.map(|number| {
        let href = address(&TrailFilter { neighbor: Some(number), ..TrailFilter::default() }, None);
        view! { <a href=href>{move || person_words(i18n, number)}</a> }
    });
    let count = (row.neighbor.is_none() && row.count > 1)
        .then(|| view! { <span>{move || t_string!(i18n, audit.things, count = row.count)}</span> });
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, audit.when)>{move || text::date_time(i18n, at)}</Cell>
            <Cell label=move || t_string!(i18n, audit.who)>
                <a href=actor_link>{move || staff_words(i18n, &row.actor)}</a>
            </Cell>
            <Cell label=move || t_string!(i18n, audit.action)>{row.action} " · " {row.subject}</Cell>
            <Cell label=move || t_string!(i18n, audit.whom)>{whom} {count}</Cell>
            <Cell label=move || t_string!(i18n, audit.origin)>{row.origin} " " {row.address}</Cell>
            <Cell label=move || t_string!(i18n, audit.purpose)>{row.purpose}</Cell>
        </Row>
    }
    .into_any()
}

/// A file of the filtered rows, after saying what for.
#[component]
fn Export(filter: TrailFilter) -> impl IntoView {
    let i18n = use_i18n();
    let (purpose, errors) = (RwSignal::new(String::new()), FormErrors::new());
    let (busy, file) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let take = move |()| {
        let (filter, purpose) = (filter.clone(), purpose.get_untracked());
        busy.set(true);
        spawn_local(async move {
            match export_trail(filter, purpose).await {
                Ok(rows) => file.set(Some(csv(&rows))),
                Err(error) => errors.take(error.0),
            }
            busy.set(false);
        });
    };
    view! {
        <details class="section">
            <summary>{t!(i18n, audit.export)}</summary>
            <CommandForm errors on_submit=Callback::new(take)>
                <TextField name="purpose" label=move || t_string!(i18n, audit.purpose) hint=move || t_string!(i18n, audit.purpose_hint) value=purpose required=true />
                <Button submit=true busy=busy>{t!(i18n, audit.make_file)}</Button>
            </CommandForm>
            {move || file.get().map(|href| view! { <a class="button" href=href download="trail.csv" rel="external">{t!(i18n, audit.download)}</a> })}
        </details>
    }
    .into_any()
}

/// The rows as the address of a CSV file. A cell that a spreadsheet could take for a formula is told as text.
fn csv(rows: &[TrailRow]) -> String {
    let mut text = String::from("at,actor,action,subject,neighbor,count,origin,address,purpose\n");
    for row in rows {
        let cells = [
            row.at.to_rfc3339(),
            row.actor.number.to_string(),
            row.action.clone(),
            row.subject.clone(),
            row.neighbor.map(|number| number.to_string()).unwrap_or_default(),
            row.count.to_string(),
            row.origin.clone(),
            row.address.clone().unwrap_or_default(),
            row.purpose.clone().unwrap_or_default(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push('\n');
    }
    format!("data:text/csv;charset=utf-8,%EF%BB%BF{}", percent(&text))
}

fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

fn percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len() * 2), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
