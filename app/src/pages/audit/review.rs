//! A month of the trail in numbers, and signing it off.

use super::{person_words, staff_words};
use crate::{
    api::{load_trail_month, load_trail_months},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::admin::{LoadFailed, now},
};
use chrono::NaiveDate;
use domain::{
    command::{Envelope, ReviewCommand},
    ids::ReviewId,
    view::trail::{MonthState, StaffLooks, TrailMonth, TrailReview},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The month in the address, or else the one before this.
#[component]
pub fn TrailReviewPage() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let today = use_today();
    let month = Memo::new(move |_| {
        let named = query.with(|query| query.get("month").and_then(|day| day.parse::<NaiveDate>().ok()));
        named.unwrap_or_else(|| {
            use chrono::{Datelike, Months};
            let first = today.get().with_day(1).unwrap_or_default();
            first.checked_sub_months(Months::new(1)).unwrap_or(first)
        })
    });
    let live = use_live(&["review"]);
    let months = Resource::new(move || live.get(), |_| load_trail_months());
    let view = Resource::new(move || (live.get(), month.get()), |(_, month)| load_trail_month(month));
    view! {
        <PageHead title=move || t_string!(i18n, nav.review) lead=move || t_string!(i18n, audit.review_lead) />
        <Transition fallback=|| {
            view! { <Skeleton lines=12 /> }
        }>
            {move || Suspend::new(async move {
                match (months.await, view.await) {
                    (Ok(months), Ok(view)) => view! { <Months months chosen=view.month /> <Month view /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Months(months: Vec<MonthState>, chosen: NaiveDate) -> impl IntoView {
    let i18n = use_i18n();
    let link = move |state: MonthState| {
        let (month, done) = (state.month, state.review.is_some());
        let current = (month == chosen).then_some("page");
        view! {
            <li>
                <a class="tab" href=format!("/audit/review?month={month}") aria-current=current>
                    <span>{move || text::month(i18n, month)}</span>
                    {done.then(|| view! { <Badge tone="tone-success" icon=IconName::Check label=move || t_string!(i18n, audit.reviewed) /> })}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabs" aria-label=move || t_string!(i18n, audit.months)>
            <ul>{months.into_iter().map(link).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Month(view: TrailMonth) -> impl IntoView {
    let i18n = use_i18n();
    let TrailMonth {
        month,
        rows,
        by_day,
        by_hour,
        by_action,
        out_of_hours,
        out_of_hours_by,
        most_looked_at,
        without_own_case,
        review,
    } = view;
    let actions = by_action
        .into_iter()
        .map(|one| view! { <tr><th scope="row">{one.action}</th><td class="numeric">{one.rows}</td></tr> })
        .collect_view();
    let looked = most_looked_at
        .into_iter()
        .map(|one| {
            let (looks, staff) = (one.looks, one.staff);
            view! {
                <li>
                    <a href=format!("/audit/access?neighbor={}", one.neighbor)>{move || person_words(i18n, one.neighbor)}</a>
                    " "
                    {move || t_string!(i18n, audit.looks_by, looks = looks, staff = staff)}
                </li>
            }
        })
        .collect_view();
    view! {
        <p>{move || t_string!(i18n, audit.month_rows, rows = rows, late = out_of_hours)}</p>
        <div class="columns">
            <section class="section stack" aria-labelledby="days-title">
                <h2 id="days-title">{t!(i18n, audit.by_day)}</h2>
                <Plot counts=by_day first=1 label=move || t_string!(i18n, audit.by_day) />
                <h2>{t!(i18n, audit.by_hour)}</h2>
                <Plot counts=by_hour first=0 label=move || t_string!(i18n, audit.by_hour) />
                <details>
                    <summary>{t!(i18n, audit.by_action)}</summary>
                    <table class="table"><tbody>{actions}</tbody></table>
                </details>
            </section>
            <div class="stack">
                <Looks title=move || t_string!(i18n, audit.without_own_case) looks=without_own_case />
                <Looks title=move || t_string!(i18n, audit.out_of_hours) looks=out_of_hours_by />
                <section class="section stack">
                    <h2>{t!(i18n, audit.most_looked_at)}</h2>
                    <ul class="rows">{looked}</ul>
                </section>
            </div>
        </div>
        {match review {
            Some(review) => view! { <Done review /> }.into_any(),
            None => view! { <SignOff month /> }.into_any(),
        }}
    }
    .into_any()
}

/// Bars, with the numbers in a table beside them.
#[component]
fn Plot(counts: Vec<u64>, first: usize, #[prop(into)] label: TextProp) -> impl IntoView {
    let i18n = use_i18n();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let width = counts.len() * 20;
    let bars = counts
        .iter()
        .enumerate()
        .map(|(place, count)| {
            let height = count * 100 / most;
            view! { <rect class="bar" x=place * 20 + 2 y=104 - height width="16" height=height></rect> }
        })
        .collect_view();
    let lines = counts
        .iter()
        .enumerate()
        .map(|(place, count)| view! { <tr><th scope="row">{place + first}</th><td class="numeric">{*count}</td></tr> })
        .collect_view();
    view! {
        <svg class="plot" viewBox=format!("0 0 {width} 106") role="img" aria-label=move || label.get()>{bars}</svg>
        <details>
            <summary>{t!(i18n, audit.as_table)}</summary>
            <table class="table"><tbody>{lines}</tbody></table>
        </details>
    }
    .into_any()
}

#[component]
fn Looks(#[prop(into)] title: TextProp, looks: Vec<StaffLooks>) -> impl IntoView {
    let i18n = use_i18n();
    let list = if looks.is_empty() {
        view! { <p class="muted">{t!(i18n, common.none)}</p> }.into_any()
    } else {
        let line = move |one: StaffLooks| {
            let (looks, href) = (one.looks, format!("/audit/access?actor={}", one.actor.number));
            view! {
                <li>
                    <a href=href>{move || staff_words(i18n, &one.actor)}</a>
                    " "
                    {move || t_string!(i18n, audit.times, count = looks)}
                </li>
            }
        };
        view! { <ul class="rows">{looks.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="section stack">
            <h2>{move || title.get()}</h2>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Done(review: TrailReview) -> impl IntoView {
    let i18n = use_i18n();
    let (at, rows) = (review.reviewed_at, review.rows);
    let tone = if review.verified { Tone::Success } else { Tone::Error };
    view! {
        <Banner tone title=move || t_string!(i18n, audit.reviewed)>
            <p>{move || staff_words(i18n, &review.reviewer)} " · " {move || text::date_time(i18n, at)}</p>
            <p>{move || t_string!(i18n, audit.review_rows, rows = rows)}</p>
            <p>{review.finding}</p>
        </Banner>
    }
    .into_any()
}

#[component]
fn SignOff(month: NaiveDate) -> impl IntoView {
    let i18n = use_i18n();
    let (finding, errors, toaster) = (RwSignal::new(String::new()), FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, audit.reviewed)));
    let sign = move |()| {
        let command = ReviewCommand::SignOff { id: ReviewId::new(), month, finding: finding.get_untracked() };
        write.send(Envelope::new(command, now()));
    };
    view! {
        <section class="section stack" aria-labelledby="sign-title">
            <h2 id="sign-title">{t!(i18n, audit.sign_off)}</h2>
            <CommandForm errors on_submit=Callback::new(sign)>
                <TextAreaField name="finding" label=move || t_string!(i18n, audit.finding) hint=move || t_string!(i18n, audit.finding_hint) value=finding maxlength=2000 />
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, audit.sign_off)}</Button>
            </CommandForm>
        </section>
    }
    .into_any()
}
