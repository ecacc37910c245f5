//! A month of the trail in numbers, and signing it off.

use super::{action_label, person_words, staff_words};
use crate::{
    api::{load_trail_month, load_trail_months},
    components::{prelude::*, write::Write},
    i18n::{t, t_string, use_i18n},
    pages::admin::now,
};
use chrono::{Datelike, Months, NaiveDate};
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
            let first = today.get().with_day(1).unwrap_or_default();
            first.checked_sub_months(Months::new(1)).unwrap_or(first)
        })
    });
    let live = use_live(&["review"]);
    // Above what is loaded anew after signing off.
    let (finding, errors, toaster) = (RwSignal::new(String::new()), FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| {
        finding.set(String::new());
        toaster.done(move || t_string!(i18n, audit.reviewed));
    });
    let loaded = Resource::new(
        move || (live.get(), month.get()),
        |(_, month)| async move { Ok((load_trail_months().await?, load_trail_month(month).await?)) },
    );
    view! {
        <PageHead title=move || t_string!(i18n, nav.review) lead=move || t_string!(i18n, audit.review_lead) />
        <Loaded resource=loaded lines=12 let((months, view))>
            <MonthTabs months chosen=view.month />
            <Month view write finding errors />
        </Loaded>
    }
    .into_any()
}

#[component]
fn MonthTabs(months: Vec<MonthState>, chosen: NaiveDate) -> impl IntoView {
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
fn Month(view: TrailMonth, write: Write, finding: RwSignal<String>, errors: FormErrors) -> impl IntoView {
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
        .map(|one| view! { <tr><th scope="row">{move || action_label(i18n, &one.action)}</th><td class="numeric">{text::number(one.rows)}</td></tr> })
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
        <dl class="stats">
            <div>
                <dt>{t!(i18n, audit.rows_stat)}</dt>
                <dd class="numeric">{text::number(rows)}</dd>
            </div>
            <div>
                <dt>{t!(i18n, audit.late_stat)}</dt>
                <dd class="numeric">{out_of_hours}</dd>
                <dd class="muted">{t!(i18n, audit.late_hint)}</dd>
            </div>
        </dl>
        <p class="muted">{t!(i18n, audit.looks_hint)}</p>
        <div class="columns">
            <section class="section stack" aria-labelledby="days-title">
                <h2 id="days-title">{t!(i18n, audit.by_day)}</h2>
                <Plot counts=by_day first=1 label=|i18n| t_string!(i18n, audit.by_day) unit=|i18n| t_string!(i18n, audit.day) />
                <h2>{t!(i18n, audit.by_hour)}</h2>
                <Plot counts=by_hour first=0 label=|i18n| t_string!(i18n, audit.by_hour) unit=|i18n| t_string!(i18n, audit.hour) />
                <h2>{t!(i18n, audit.by_action)}</h2>
                <table class="table table-plain">
                    <caption class="sr-only">{t!(i18n, audit.by_action)}</caption>
                    <tbody>{actions}</tbody>
                </table>
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
            None => view! { <SignOff month write finding errors /> }.into_any(),
        }}
    }
    .into_any()
}

type Words = fn(I18n) -> &'static str;

/// Bars, with the numbers in a table beside them.
#[component]
fn Plot(counts: Vec<u64>, first: usize, label: Words, unit: Words) -> impl IntoView {
    let i18n = use_i18n();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let width = counts.len() * 20;
    let bars = counts.iter().enumerate().map(|(place, count)| bar(place, place + first, count * 100 / most)).collect_view();
    let line =
        |(place, count): (usize, &u64)| view! { <tr><th scope="row">{place + first}</th><td class="numeric">{*count}</td></tr> };
    let lines = counts.iter().enumerate().map(line).collect_view();
    view! {
        <svg class="plot" viewBox=format!("0 0 {width} 122") role="img" aria-label=move || label(i18n)>{bars}</svg>
        <details>
            <summary>{t!(i18n, audit.as_table)}</summary>
            <table class="table table-plain">
                <caption class="sr-only">{move || label(i18n)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{move || unit(i18n)}</th>
                        <th scope="col" class="numeric">{t!(i18n, audit.rows)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </details>
    }
    .into_any()
}

/// One bar, with its number below where there is room for it.
fn bar(place: usize, number: usize, height: u64) -> AnyView {
    let mark = (number.is_multiple_of(5) || number == 1)
        .then(|| view! { <text x=place * 20 + 10 y="119" text-anchor="middle">{number}</text> });
    view! { <rect class="bar" x=place * 20 + 2 y=104 - height width="16" height=height></rect> {mark} }.into_any()
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
                    {move || t_string!(i18n, audit.times, count = text::number(looks))}
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
    let (at, rows, whole) = (review.reviewed_at, review.rows, review.verified);
    let (tone, icon_words): (Tone, Words) = if whole {
        (Tone::Success, |i18n| t_string!(i18n, audit.was_whole))
    } else {
        (Tone::Error, |i18n| t_string!(i18n, audit.was_broken))
    };
    let finding = review.finding.trim().to_owned();
    let finding = move || if finding.is_empty() { t_string!(i18n, audit.no_finding).to_owned() } else { finding.clone() };
    view! {
        <Banner tone title=move || t_string!(i18n, audit.reviewed)>
            <p>{move || staff_words(i18n, &review.reviewer)} " · " {move || text::date_time(i18n, at)}</p>
            <p>{move || icon_words(i18n)} " · " {move || t_string!(i18n, audit.review_rows, rows = text::number(rows))}</p>
            <p>{t!(i18n, audit.finding)} ": " {finding}</p>
        </Banner>
    }
    .into_any()
}

/// What is left to do for a month: nothing before it is over.
#[component]
fn SignOff(month: NaiveDate, write: Write, finding: RwSignal<String>, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let over = month.checked_add_months(Months::new(1)).is_some_and(|next| next <= today.get_untracked());
    if !over {
        return view! { <Banner title=move || t_string!(i18n, audit.not_over) /> }.into_any();
    }
    let sign = move |()| {
        let command = ReviewCommand::SignOff { id: ReviewId::new(), month, finding: finding.get_untracked() };
        write.send(Envelope::new(command, now()));
    };
    view! {
        <section class="section stack" aria-labelledby="sign-title">
            <h2 id="sign-title">{t!(i18n, audit.sign_off)}</h2>
            <p class="muted">{t!(i18n, audit.sign_off_lead)}</p>
            <CommandForm errors on_submit=Callback::new(sign)>
                <TextAreaField name="finding" label=move || t_string!(i18n, audit.finding) hint=move || t_string!(i18n, audit.finding_hint) value=finding maxlength=2000 />
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, audit.sign_off)}</Button>
            </CommandForm>
        </section>
    }
    .into_any()
}
