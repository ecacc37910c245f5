//! Planning a visit or a series: who, when, how often, with the days that come out of it and what they clash with.

mod plan;
mod preview;

use super::{
    parts::{CrewInputs, VisitRow, WindowInputs, id_in_address, name_or_unknown},
    unsent::{Unsent, read},
};
use crate::{
    api::load_visit_planning,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    command::{Envelope, VisitCommand},
    ids::CaseId,
    view::visits::{PlanForm, VisitPlanning, plan_draft},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use plan::{EndBy, Plan, PlanDraft, Repeat};
use preview::Preview;

/// `/cases/:id/visits/new`.
#[component]
pub fn VisitSchedulePage() -> impl IntoView {
    let i18n = use_i18n();
    let id = id_in_address();
    let form = Resource::new(move || id.get(), |id| load_visit_planning(CaseId(id)));
    view! {
        <Loaded resource=form title=move || t_string!(i18n, visit.schedule_title) let:form>
            <Schedule form />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Schedule(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let PlanForm { planning, draft } = form;
    let (name, dong) = (planning.name.clone(), planning.dong.clone());
    let crumb = Crumb::new(format!("/cases/{}", planning.case), move || t_string!(i18n, visit.of_case));
    let already = planning.planned.clone();
    view! {
        <PageHead
            title=move || t_string!(i18n, visit.schedule_title)
            heading=move || format!("{} · {}", t_string!(i18n, visit.schedule_title), name_or_unknown(i18n, name.as_deref()))
            lead=move || text::named(i18n, &dong)
            crumbs=vec![crumb]
        >
            <UrgencyBadge urgency=planning.urgency />
            <StageBadge stage=planning.stage />
        </PageHead>
        <ScheduleForm planning draft />
        {(!already.is_empty())
            .then(|| {
                view! {
                    <section class="section stack" aria-labelledby="already-title">
                        <h2 id="already-title">{t!(i18n, visit.already)}</h2>
                        <ul class="rows">
                            {already.into_iter().map(|card| view! { <VisitRow card dated=true /> }).collect_view()}
                        </ul>
                    </section>
                }
            })}
    }
    .into_any()
}

#[component]
fn ScheduleForm(planning: VisitPlanning, draft: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors, navigate) = (use_now(), use_toaster(), FormErrors::new(), use_navigate());
    let today = use_today().get_untracked();
    let plan = Plan::usual(&planning, today);
    let usual = untrack(|| plan.draft());
    let draft = read::<PlanDraft>(draft.as_deref());
    let had_draft = draft.is_some();
    if let Some(draft) = draft {
        plan.take(draft);
    }
    let unsent = Unsent::follow(plan_draft(planning.case), move || Some(plan.draft()).filter(|draft| *draft != usual));
    let dates = Memo::new(move |_| plan.dates());
    let count = Memo::new(move |_| dates.with(|dates| dates.kept().count()));
    let case = planning.case;
    let write = use_write(errors, move |_| {
        unsent.forget();
        let planned = count.get_untracked();
        toaster.done(move || match planned {
            0 | 1 => t_string!(i18n, visit.scheduled).to_owned(),
            count => t_string!(i18n, visit.scheduled_many, count = count).to_string(),
        });
        navigate(&format!("/cases/{case}"), leptos_router::NavigateOptions::default());
    });
    let submit = Callback::new(move |()| {
        let Some(command) = command(plan, case, errors) else { return };
        if count.get_untracked() == 0 {
            return errors.add("recurrence", Invalid::Range);
        }
        write.send(Envelope::new(command, now.get_untracked()));
    });
    let words = move || match count.get() {
        0 | 1 => t_string!(i18n, visit.schedule_save).to_owned(),
        count => t_string!(i18n, visit.schedule_save_many, count = count).to_string(),
    };
    view! {
        <CommandForm errors on_submit=submit>
            {had_draft.then(|| view! { <Banner title=move || t_string!(i18n, visit.draft_kept) /> })}
            <div class="columns">
                <div class="stack">
                    <What plan planning />
                    <HowOften plan />
                </div>
                <Preview plan dates />
            </div>
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true icon=IconName::CalendarPlus busy=write.pending()>
                    {words}
                </Button>
            </div>
        </CommandForm>
    }
    .into_any()
}

fn command(plan: Plan, case: CaseId, errors: FormErrors) -> Option<VisitCommand> {
    untrack(|| {
        let missing = |field| {
            errors.add(field, Invalid::Missing);
            None
        };
        let Some(window) = plan.window.get() else { return missing("on") };
        let Some(worker) = plan.worker() else { return missing("worker") };
        let recurrence = plan.recurrence();
        if plan.repeat.get() != Some(Repeat::Once) && recurrence.is_none() {
            return missing("recurrence");
        }
        Some(VisitCommand::Schedule {
            id: plan.id,
            series: recurrence.map(|_| plan.series),
            case,
            kind: plan.kind.get()?,
            window,
            worker,
            second_worker: plan.second(),
            two_person: plan.two_person.get(),
            purpose: Some(plan.purpose.get()).filter(|purpose| !purpose.trim().is_empty()),
            recurrence,
        })
    })
}

#[component]
fn What(plan: Plan, planning: VisitPlanning) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section stack">
            <RadioChips name="kind" label=move || t_string!(i18n, visit.kind) value=plan.kind required=true />
            <WindowInputs fields=plan.window />
            <CrewInputs workers=planning.workers worker=plan.worker second=plan.second />
            <CheckboxField
                name="two_person"
                label=move || t_string!(i18n, visit.two_person_flag)
                value=plan.two_person
            />
            <TextField
                name="purpose"
                label=move || t_string!(i18n, visit.purpose)
                hint=move || t_string!(i18n, visit.purpose_hint)
                value=plan.purpose
                maxlength=200
            />
        </section>
    }
    .into_any()
}

#[component]
fn HowOften(plan: Plan) -> impl IntoView {
    let i18n = use_i18n();
    let repeats = move || plan.repeat.get() != Some(Repeat::Once);
    view! {
        <section class="section stack">
            <RadioChips name="recurrence" label=move || t_string!(i18n, visit.repeat) value=plan.repeat />
            <Show when=repeats>
                <RadioChips name="end_by" label=move || t_string!(i18n, visit.repeat_end) value=plan.end_by />
                <Show when=move || plan.end_by.get() == Some(EndBy::Count)>
                    <TextField
                        name="count"
                        label=move || t_string!(i18n, visit.count)
                        hint=move || t_string!(i18n, visit.count_hint)
                        value=plan.count
                        inputmode="numeric"
                        maxlength=2
                    />
                </Show>
                <Show when=move || plan.end_by.get() == Some(EndBy::Day)>
                    <DateField name="until" label=move || t_string!(i18n, visit.until) value=plan.until />
                </Show>
                <CheckboxField
                    name="skip_holidays"
                    label=move || t_string!(i18n, visit.skip_holidays)
                    value=plan.skip_holidays
                />
            </Show>
        </section>
    }
    .into_any()
}
