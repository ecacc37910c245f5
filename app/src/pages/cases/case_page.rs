//! The page of a case: who, where, why, what is late, what happened, and what can be done.

use super::{
    attachments::take_buttons,
    card::PersonCards,
    case_actions::{Actions, Answers, NoteForm, RestrictButton, RestrictedBanner},
    caseload::print,
    forms::{provide_forms, use_forms},
    happened::Happened,
    kept::KeptEntries,
};
use crate::field::{OtherSide, at};
use crate::{
    api::load_case_page,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    case::{ClockKind, ClockState, ClockStatus, Step},
    clock::korean_day,
    ids::CaseId,
    view::cases::{CaseCard, CasePage, VisitAhead},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page of a case.
#[component]
pub fn CaseView() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<CaseId>().ok())));
    let version = provide_forms(id.get_untracked());
    let forms = use_forms();
    let page = Resource::new(
        move || (id.get(), version.get()),
        move |(id, _)| async move {
            let Some(id) = id else { return Err(crate::api::AppError(domain::ApiError::NotFound)) };
            let answer = load_case_page(id).await;
            forms.at_rest(id.0).await;
            answer
        },
    );
    view! {
        <Loaded resource=page lines=10 let:page>
            <Shown page />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Shown(page: CasePage) -> impl IntoView {
    let i18n = use_i18n();
    let CasePage { case, neighbor } = page;
    let name = neighbor.person.record.profile.name.clone();
    let heading = move || name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned());
    let crumbs = vec![Crumb::new("/cases", move || t_string!(i18n, caseload.title))];
    let (id, who, may) = (case.id, neighbor.person.record.id, neighbor.may);
    let (person, worker) = (neighbor.person.clone(), case.worker.clone());
    let restrict = may.restrict.then(|| view! { <RestrictButton person=person.clone() worker /> });
    let is_open = case.closed_at.is_none();
    let happened = neighbor.timeline.clone();
    view! {
        <PageHead title=move || t_string!(i18n, case.title) heading crumbs>
            <Button icon=IconName::Printer on_press=move || print()>{t!(i18n, common.print)}</Button>
            <OtherSide path=format!("/cases/{id}") />
            {restrict}
            {(is_open && may.work)
                .then(|| {
                    view! {
                        <LinkButton href=at(format!("/cases/{id}/visits/new")) icon=IconName::CalendarPlus kind=ButtonKind::Primary>
                            {t!(i18n, case.schedule)}
                        </LinkButton>
                    }
                })}
        </PageHead>
        <RestrictedBanner person />
        <Answers case=case.clone() may />
        <KeptEntries case=case.clone() may_work=may.work />
        <Head case=case.clone() />
        <Actions case=case.clone() may />
        <div class="columns case-columns">
            <div class="stack">
                {may.work.then(|| view! { <NoteForm case=id /> })}
                {may.work.then(|| take_buttons(id))}
                <Happened neighbor=who page=happened work=may.work />
            </div>
            <div class="stack">
                <Clocks clocks=case.clocks.clone() />
                <Ahead visits=case.visits.clone() />
                <PersonCards page=neighbor on_case=true />
            </div>
        </div>
    }
    .into_any()
}

/// Urgency, worker, stage, and the steps as a line.
#[component]
fn Head(case: CaseCard) -> impl IntoView {
    let i18n = use_i18n();
    let worker = case.worker.map(|worker| worker.name);
    let closed = case.closed_at.map(korean_day).zip(case.closure);
    let next = case.next_step;
    let step = move |(step, done): (Step, Option<chrono::NaiveDate>)| {
        let here = Some(step) == next;
        let class = if done.is_some() {
            "step step-done"
        } else if here {
            "step step-next"
        } else {
            "step"
        };
        view! {
            <li class=class aria-current=here.then_some("step")>
                <b>{move || step.label(i18n)}</b>
                <span class="muted">
                    {move || match done {
                        Some(day) => text::short_date(i18n, day),
                        None if here => t_string!(i18n, case.step_next).to_owned(),
                        None => String::new(),
                    }}
                </span>
            </li>
        }
    };
    view! {
        <section class="section stack" aria-label=move || t_string!(i18n, case.steps)>
            <p class="cluster">
                <UrgencyBadge urgency=case.urgency />
                <StageBadge stage=case.stage />
                <span>
                    <Icon name=IconName::User />
                    " "
                    {move || worker.clone().unwrap_or_else(|| t_string!(i18n, case.nobody).to_owned())}
                </span>
                {closed
                    .map(|(day, reason)| {
                        view! {
                            <span class="muted">
                                {move || {
                                    let day = text::date(i18n, day);
                                    t_string!(i18n, case.closed_on, day = day, reason = reason.label(i18n)).to_string()
                                }}
                            </span>
                        }
                    })}
            </p>
            <ol class="steps">{case.steps.into_iter().map(step).collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn clock_label(i18n: I18n, kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::FirstContact => t_string!(i18n, case.clock_first_contact),
        ClockKind::Assessment => t_string!(i18n, case.clock_assessment),
        ClockKind::Conference => t_string!(i18n, case.clock_conference),
        ClockKind::Plan => t_string!(i18n, case.clock_plan),
        ClockKind::IntakeToPlan => t_string!(i18n, case.clock_intake_to_plan),
        ClockKind::AftercareFirst => t_string!(i18n, case.clock_aftercare_first),
        ClockKind::AftercareSecond => t_string!(i18n, case.clock_aftercare_second),
    }
}

#[component]
fn Clocks(clocks: Vec<ClockState>) -> impl IntoView {
    let i18n = use_i18n();
    let none = !clocks.iter().any(|clock| clock.status.is_open());
    let item = move |clock: ClockState| {
        let done = matches!(clock.status, ClockStatus::Done | ClockStatus::DoneLate);
        view! {
            <li class="clock-line">
                <span>
                    <b>{move || clock_label(i18n, clock.kind)}</b>
                    " "
                    <span class="muted">
                        {move || t_string!(i18n, case.due_on, day = text::short_date(i18n, clock.due)).to_string()}
                    </span>
                </span>
                <ClockChip due=clock.due done />
            </li>
        }
    };
    view! {
        <section class="section stack">
            <h2>{t!(i18n, case.clocks)}</h2>
            {none.then(|| view! { <p class="muted">{t!(i18n, case.no_clocks)}</p> })}
            <ul class="plain-list">{clocks.into_iter().map(item).collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Ahead(visits: Vec<VisitAhead>) -> impl IntoView {
    let i18n = use_i18n();
    let none = visits.is_empty();
    let item = move |visit: VisitAhead| {
        let (day, window) = (korean_day(visit.window.start), visit.window);
        let second = visit.second_worker.map(|second| second.name);
        view! {
            <li>
                <a href=at(format!("/visits/{}", visit.id))>
                    {move || text::short_date(i18n, day)} " " {text::window(window)}
                </a>
                " "
                {move || visit.kind.label(i18n)}
                <span class="muted">
                    " · " {visit.worker.name}
                    {move || second.clone().map(|name| format!(" · {}", t_string!(i18n, case.with, name = name)))}
                    {visit.purpose.map(|purpose| format!(" · {purpose}"))}
                </span>
            </li>
        }
    };
    view! {
        <section class="section stack">
            <h2>{t!(i18n, case.visits)}</h2>
            {none.then(|| view! { <p class="muted">{t!(i18n, case.no_visits)}</p> })}
            <ul class="plain-list">{visits.into_iter().map(item).collect_view()}</ul>
        </section>
    }
    .into_any()
}
