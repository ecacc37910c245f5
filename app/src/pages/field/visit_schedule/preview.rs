//! The days that will be planned, the holidays that are left out, and the clashes on each day. A clash warns; it does
//! not forbid.

use super::{
    super::clashes::{ClashLine, Wish, watch_clashes},
    plan::{Dates, Plan, PlannedDate},
};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{clock::korean_day, holidays::is_weekend, view::visits::Clash};
use leptos::prelude::*;

/// The list beside the form.
#[component]
pub(super) fn Preview(plan: Plan, dates: Memo<Dates>) -> impl IntoView {
    let i18n = use_i18n();
    let question = Memo::new(move |_| Wish {
        workers: [plan.worker(), plan.second()].into_iter().flatten().collect(),
        windows: dates.with(|dates| dates.kept().collect()),
    });
    let clashes = watch_clashes(question, None);
    let count = Memo::new(move |_| dates.with(|dates| dates.kept().count()));
    view! {
        <section class="section stack" aria-labelledby="preview-title">
            <h2 id="preview-title">
                {t!(i18n, visit.preview)} " "
                <span class="count">{move || t_string!(i18n, visit.preview_count, count = count.get())}</span>
            </h2>
            <div role="status">
                {move || summary(i18n, count.get(), clashes.with(Vec::len))}
            </div>
            <ol class="rows preview">
                {move || {
                    let clashes = clashes.get();
                    let mut kept = 0..;
                    dates
                        .get()
                        .0
                        .into_iter()
                        .map(|date| {
                            let at = if date.skipped { None } else { kept.next() };
                            let clashes: Vec<Clash> = clashes.iter().filter(|clash| Some(clash.at) == at).cloned().collect();
                            view! { <DateRow date clashes /> }
                        })
                        .collect_view()
                }}
            </ol>
        </section>
    }
    .into_any()
}

fn summary(i18n: I18n, count: usize, clashes: usize) -> AnyView {
    match (count, clashes) {
        (0, _) => view! { <p class="muted">{t!(i18n, visit.no_dates)}</p> }.into_any(),
        (_, 0) => view! { <p class="muted">{t!(i18n, visit.clash_none)}</p> }.into_any(),
        (_, clashes) => {
            let title = move || t_string!(i18n, visit.clash_some, count = clashes).to_string();
            view! { <Banner tone=Tone::Warn title /> }.into_any()
        }
    }
}

#[component]
fn DateRow(date: PlannedDate, clashes: Vec<Clash>) -> impl IntoView {
    let i18n = use_i18n();
    let day = korean_day(date.window.start);
    let holiday = date.holiday.map(|name| name.replace(';', " · "));
    let skipped = date.skipped;
    let mark = holiday.map(|name| {
        let words = move || match skipped {
            true => t_string!(i18n, visit.skipped, name = name.clone()).to_string(),
            false => name.clone(),
        };
        view! { <Badge tone=if skipped { "" } else { "tone-warn" } icon=IconName::Calendar label=words /> }
    });
    view! {
        <li class="preview-row" class:preview-skipped=skipped>
            <span>{move || text::date(i18n, day)}</span>
            " "
            <span class="muted">{text::window(date.window)}</span>
            " "
            {mark}
            {is_weekend(day).then(|| view! { <Badge label=move || t_string!(i18n, visit.weekend) /> })}
            {clashes.into_iter().map(|clash| view! { <ClashLine clash /> }).collect_view()}
        </li>
    }
    .into_any()
}
