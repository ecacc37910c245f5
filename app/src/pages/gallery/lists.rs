//! A caseload as a table with tabs and a pager.

use super::days_from;
use crate::{
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use domain::case::{Stage, Urgency};
use leptos::prelude::*;

type Line = (&'static str, i16, &'static str, Urgency, Stage, i64, &'static str);

const LINES: [Line; 6] = [
    ("가온누리", 1948, "서초1동", Urgency::Emergency, Stage::Discovered, -2, "김하늘"),
    ("나래울", 1961, "반포본동", Urgency::SameDay, Stage::Discovered, 0, "김하늘"),
    ("다솜찬", 1939, "방배2동", Urgency::ThreeDays, Stage::Counselling, 1, "박도윤"),
    ("라온제나", 1975, "양재1동", Urgency::ThreeDays, Stage::Assessment, 6, "박도윤"),
    ("마루한", 1990, "내곡동", Urgency::TwoWeeks, Stage::Plan, 12, "이서진"),
    ("보담이", 1955, "잠원동", Urgency::TwoWeeks, Stage::Aftercare, 28, "이서진"),
];

#[component]
pub(super) fn Caseload() -> impl IntoView {
    let i18n = use_i18n();
    let tab = move |href: &str, label: TextProp, count, current| Tab { href: href.into(), label, count, current };
    let tabs = vec![
        tab("#all", (move || t_string!(i18n, common.all)).into(), Some(82), true),
        tab("#queue", (move || t_string!(i18n, nav.queue)).into(), Some(7), false),
        tab("#closed", (move || Stage::Closed.label(i18n)).into(), None, false),
    ];
    let sort = |descending| Sort { href: "#sort".to_owned(), descending };
    let head = move || {
        view! {
            <HeadCell label=move || t_string!(i18n, labels.field.name) sort=sort(Some(false)) />
            <HeadCell label=move || t_string!(i18n, labels.field.birth_year) sort=sort(None) numeric=true wide=true />
            <HeadCell label=move || t_string!(i18n, labels.field.dong) />
            <HeadCell label=move || t_string!(i18n, signs.others) />
            <HeadCell label=move || t_string!(i18n, labels.kind.case) />
            <HeadCell label=move || t_string!(i18n, labels.action.review) sort=sort(None) />
            <HeadCell label=move || t_string!(i18n, labels.field.worker) wide=true />
        }
    };
    view! {
        <section class="section stack">
            <h2>"Tabs · Table · Pager"</h2>
            <Tabs label=move || t_string!(i18n, nav.caseload) tabs />
            <Table caption=move || t_string!(i18n, nav.caseload) head>
                {LINES.map(|line| view! { <CaseLine line /> }).collect_view()}
            </Table>
            <Pager shown=6_usize next=Some("#more".to_owned()) first=Some("#first".to_owned()) />
        </section>
    }
    .into_any()
}

#[component]
fn CaseLine(line: Line) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today().get_untracked();
    let (name, born, dong, urgency, stage, due, worker) = line;
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, labels.field.name)>
                <a href="#case">{name}</a>
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.birth_year) numeric=true wide=true>
                {born}
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.dong)>{dong}</Cell>
            <Cell label=move || t_string!(i18n, signs.others)>
                <UrgencyBadge urgency />
            </Cell>
            <Cell label=move || t_string!(i18n, labels.kind.case)>
                <StageBadge stage />
            </Cell>
            <Cell label=move || t_string!(i18n, labels.action.review)>
                <ClockChip due=days_from(today, due) />
            </Cell>
            <Cell label=move || t_string!(i18n, labels.field.worker) wide=true>{worker}</Cell>
        </Row>
    }
    .into_any()
}
