//! What can be done with a case: notes, steps, urgency, handing over, closing and opening again. Each dialog says its
//! rule before the worker meets it.

mod answers;
mod restrict;

pub(super) use answers::Answers;
pub(super) use restrict::{RestrictButton, RestrictedBanner};

use super::{
    envelope,
    forms::{FormKind, use_forms},
    keep_on_tablet,
};
use crate::{
    api::case_receivers,
    components::{prelude::*, write::ConflictState},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    case::{ClosureReason, Step, UnreachableShortfall, Urgency},
    command::{CaseCommand, Command},
    ids::{AssignmentId, CaseId, NeighborId, NoteId},
    merge::Edit,
    profile::Channel,
    view::{cases::CaseCard, neighbors::May, visits::note_draft},
};
use leptos::{context::Provider, prelude::*};
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};

/// What sends the commands of one form.
#[derive(Clone, Copy)]
struct Sender {
    send: Callback<Command>,
    /// Whether an answer is awaited.
    busy: Signal<bool>,
}

/// A sender whose success closes a form, says so and loads the page again.
fn sender(kind: FormKind, errors: FormErrors, said: impl Fn(I18n) -> &'static str + Copy + Send + Sync + 'static) -> Sender {
    let (i18n, forms, toaster, now) = (use_i18n(), use_forms(), use_toaster(), use_now());
    let write = use_write(errors, move |_| {
        forms.open(kind).set(false);
        toaster.done(move || said(i18n));
        forms.written();
    });
    let send = Callback::new(move |command: Command| write.send(envelope(now, command, None)));
    Sender { send, busy: write.pending() }
}

/// A dialog around one command: fields, cancel, and the button that does it.
#[component]
fn ActionDialog(
    kind: FormKind,
    id: &'static str,
    #[prop(into)] title: TextProp,
    errors: FormErrors,
    submit: Callback<()>,
    busy: Signal<bool>,
    #[prop(optional)] danger: bool,
    children: Children,
) -> impl IntoView {
    let open = use_forms().open(kind);
    let does = title.clone();
    view! {
        <Dialog open id title>
            <Provider value=FieldScope(id)>
                <CommandForm errors on_submit=submit>
                    {children()}
                    <DialogActions open busy danger does />
                </CommandForm>
            </Provider>
        </Dialog>
    }
    .into_any()
}

/// Cancel, and the button that does it.
#[component]
fn DialogActions(
    open: RwSignal<bool>,
    busy: Signal<bool>,
    #[prop(optional)] danger: bool,
    #[prop(into)] does: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="dialog-actions">
            <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
            <Button kind=if danger { ButtonKind::Danger } else { ButtonKind::Primary } submit=true busy>
                {move || does.get()}
            </Button>
        </div>
    }
    .into_any()
}

/// Writes a note into the timeline.
#[component]
pub(super) fn NoteForm(case: CaseId) -> impl IntoView {
    let i18n = use_i18n();
    let (forms, toaster, now, errors) = (use_forms(), use_toaster(), use_now(), FormErrors::new());
    keep_on_tablet(note_draft(case), forms.note);
    let write = use_write(errors, move |_| {
        forms.note.set(String::new());
        toaster.done(move || t_string!(i18n, case.note_added));
        forms.written();
    });
    let submit = Callback::new(move |()| {
        let body = forms.note.get_untracked();
        write.send(envelope(now, CaseCommand::AddNote { id: NoteId::new(), case, body }, None));
    });
    view! {
        <section class="section no-print">
            <CommandForm errors on_submit=submit>
                <TextAreaField
                    name="body"
                    label=move || t_string!(i18n, case.note_label)
                    hint=move || t_string!(i18n, case.note_hint)
                    value=forms.note
                />
                <div class="form-actions">
                    <Button submit=true icon=IconName::NotePencil busy=write.pending()>{t!(i18n, case.note_add)}</Button>
                </div>
            </CommandForm>
        </section>
    }
    .into_any()
}

/// The row of buttons and the dialogs behind them.
#[component]
pub(super) fn Actions(case: CaseCard, may: May) -> impl IntoView {
    let i18n = use_i18n();
    let forms = use_forms();
    if !may.work {
        return ().into_any();
    }
    let open = case.closed_at.is_none();
    let button = move |kind: FormKind, icon: IconName, label: fn(I18n) -> &'static str| {
        view! { <Button icon on_press=move || forms.open(kind).set(true)>{move || label(i18n)}</Button> }
    };
    let shown = |on: bool, view: AnyView| on.then_some(view);
    let online = !crate::field::is_here();
    view! {
        <div class="cluster case-actions no-print">
            {case.next_step.map(|_| button(FormKind::Step, IconName::Check, |i18n| t_string!(i18n, case.record_step)))}
            {open.then(|| button(FormKind::Urgency, IconName::Warning, |i18n| t_string!(i18n, case.set_urgency)))}
            {(open && may.transfer && case.transfer.is_none())
                .then(|| button(FormKind::Transfer, IconName::UserSwitch, |i18n| t_string!(i18n, case.transfer)))}
            // Closing needs a second person, who needs a network.
            {(open && online && case.closing.is_none())
                .then(|| button(FormKind::Close, IconName::Door, |i18n| t_string!(i18n, case.close)))}
            {(!open && online).then(|| button(FormKind::Reopen, IconName::Undo, |i18n| t_string!(i18n, case.reopen)))}
        </div>
        {case.next_step.map(|next| view! { <StepDialog case=case.id next /> })}
        {shown(open, view! { <UrgencyDialog case=case.id urgency=case.urgency /> }.into_any())}
        {shown(open && may.transfer, view! { <TransferDialog case=case.id /> }.into_any())}
        {shown(open, view! { <CloseDialog case=case.id shortfall=case.shortfall /> }.into_any())}
        {shown(!open, view! { <ReopenDialog case=case.id /> }.into_any())}
    }
    .into_any()
}

#[component]
fn StepDialog(case: CaseId, next: Step) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let errors = FormErrors::new();
    let (step, on) = (RwSignal::new(Some(next)), RwSignal::new(Some(today.get_untracked())));
    let Sender { send, busy } = sender(FormKind::Step, errors, |i18n| t_string!(i18n, case.step_recorded));
    let submit = Callback::new(move |()| match (step.get_untracked(), on.get_untracked()) {
        (Some(step), Some(on)) => send.run(CaseCommand::RecordStep { id: case, step, on }.into()),
        _ => errors.add("on", Invalid::Missing),
    });
    view! {
        <ActionDialog kind=FormKind::Step id="step-dialog" title=move || t_string!(i18n, case.record_step) errors submit busy>
            <RadioChips name="step" label=move || t_string!(i18n, case.step) value=step />
            <DateField
                name="on"
                label=move || t_string!(i18n, case.when)
                value=on
                required=true
                max=Signal::derive(move || Some(today.get()))
            />
        </ActionDialog>
    }
    .into_any()
}

/// The one field of a judgement, as [`settle`] takes it.
#[derive(Serialize, Deserialize)]
struct UrgencyEdit {
    urgency: Edit<Urgency>,
}

#[component]
fn UrgencyDialog(case: CaseId, urgency: Urgency) -> impl IntoView {
    let i18n = use_i18n();
    let (forms, toaster, now, errors) = (use_forms(), use_toaster(), use_now(), FormErrors::new());
    let open = forms.open(FormKind::Urgency);
    let (chosen, reason) = (RwSignal::new(Some(urgency)), RwSignal::new(String::new()));
    let write = use_write(errors, move |_| {
        open.set(false);
        toaster.done(move || t_string!(i18n, case.urgency_set));
        forms.written();
    });
    let send = move |urgency: Edit<Urgency>| {
        let reason = reason.get_untracked();
        write.send(envelope(now, CaseCommand::SetUrgency { id: case, urgency, reason }, None));
    };
    let submit = Callback::new(move |()| {
        if let Some(to) = chosen.get_untracked() {
            send(Edit { from: urgency, to });
        }
    });
    let resolve = Callback::new(move |(conflict, wanted): (ConflictState, Chosen)| {
        let sent = UrgencyEdit { urgency: Edit { from: urgency, to: chosen.get_untracked().unwrap_or(urgency) } };
        if let Some(edit) = settle(&sent, &conflict.fields, &wanted) {
            send(edit.urgency);
        }
    });
    view! {
        <Dialog open id="urgency-dialog" title=move || t_string!(i18n, case.set_urgency)>
            <Provider value=FieldScope("urgency-dialog")>
                <EditOrChoose write resolve close=Callback::new(move |()| open.set(false))>
                    <CommandForm errors on_submit=submit>
                        <RadioChips name="urgency" label=move || t_string!(i18n, caseload.urgency) value=chosen />
                        <TextAreaField name="reason" label=move || t_string!(i18n, labels.field.reason) value=reason />
                        <DialogActions open busy=write.pending() does=move || t_string!(i18n, case.set_urgency) />
                    </CommandForm>
                </EditOrChoose>
            </Provider>
        </Dialog>
    }
    .into_any()
}

#[component]
fn TransferDialog(case: CaseId) -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let (to, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let open = use_forms().open(FormKind::Transfer);
    // Asked for when the dialog opens, not with every page.
    let workers =
        Resource::new(move || open.get(), |open| async move { if open { case_receivers().await } else { Ok(Vec::new()) } });
    let choices = Signal::derive(move || {
        let workers = workers.get().and_then(Result::ok).unwrap_or_default();
        workers.into_iter().map(|worker| Choice::new(worker.id.to_string(), worker.name)).collect::<Vec<_>>()
    });
    let Sender { send, busy } = sender(FormKind::Transfer, errors, |i18n| t_string!(i18n, case.transferred));
    let submit = Callback::new(move |()| {
        let Ok(worker) = to.get_untracked().parse() else {
            errors.add("worker", Invalid::Missing);
            return;
        };
        let command = CaseCommand::Transfer { id: AssignmentId::new(), case, worker, reason: reason.get_untracked() };
        send.run(command.into());
    });
    view! {
        <ActionDialog kind=FormKind::Transfer id="transfer-dialog" title=move || t_string!(i18n, case.transfer) errors submit busy>
            <p class="muted">{t!(i18n, case.transfer_rule)}</p>
            <SelectField name="worker" label=move || t_string!(i18n, case.transfer_to) value=to choices required=true />
            <TextAreaField name="reason" label=move || t_string!(i18n, labels.field.reason) value=reason />
        </ActionDialog>
    }
    .into_any()
}

#[component]
fn CloseDialog(case: CaseId, shortfall: Option<UnreachableShortfall>) -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let (reason, explanation) = (RwSignal::new(None::<ClosureReason>), RwSignal::new(String::new()));
    let Sender { send, busy } = sender(FormKind::Close, errors, |i18n| t_string!(i18n, common.saved));
    let submit = Callback::new(move |()| match reason.get_untracked() {
        Some(reason) => {
            let explanation = explanation.get_untracked();
            send.run(CaseCommand::Close { id: case, reason, explanation }.into());
        }
        None => errors.add("reason", Invalid::Missing),
    });
    let rule = move || match reason.get() {
        Some(ClosureReason::Unreachable) => view! { <Unreachable shortfall /> }.into_any(),
        _ => view! { <p class="muted">{t!(i18n, case.close_rule)}</p> }.into_any(),
    };
    view! {
        <ActionDialog kind=FormKind::Close id="close-dialog" title=move || t_string!(i18n, case.close) errors submit busy danger=true>
            <RadioChips name="reason" label=move || t_string!(i18n, case.close_reason) value=reason required=true />
            {rule}
            <TextAreaField name="explanation" label=move || t_string!(i18n, case.explanation) value=explanation />
        </ActionDialog>
    }
    .into_any()
}

/// What is still missing before a neighbor may be called unreachable.
#[component]
fn Unreachable(shortfall: Option<UnreachableShortfall>) -> impl IntoView {
    let i18n = use_i18n();
    let Some(missing) = shortfall else {
        return view! { <Banner tone=Tone::Success title=move || t_string!(i18n, case.close_ready) /> }.into_any();
    };
    let lines = move || {
        let some = |count: u8| (count > 0).then_some(count);
        [
            some(missing.attempts).map(|count| t_string!(i18n, case.missing_attempts, count = count).to_string()),
            some(missing.channels).map(|count| t_string!(i18n, case.missing_channels, count = count).to_string()),
            missing.in_person.then(|| t_string!(i18n, case.missing_person).to_owned()),
            some(missing.times_of_day).map(|count| t_string!(i18n, case.missing_times, count = count).to_string()),
            missing.off_hours.then(|| t_string!(i18n, case.missing_off_hours).to_owned()),
        ]
    };
    view! {
        <Banner tone=Tone::Warn title=move || t_string!(i18n, case.close_unreachable)>
            <ul>{move || lines().into_iter().flatten().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
        </Banner>
    }
    .into_any()
}

#[component]
fn ReopenDialog(case: CaseId) -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let reason = RwSignal::new(String::new());
    let Sender { send, busy } = sender(FormKind::Reopen, errors, |i18n| t_string!(i18n, case.reopened));
    let submit = Callback::new(move |()| {
        send.run(CaseCommand::Reopen { id: case, reason: reason.get_untracked() }.into());
    });
    view! {
        <ActionDialog kind=FormKind::Reopen id="reopen-dialog" title=move || t_string!(i18n, case.reopen) errors submit busy>
            <TextAreaField name="reason" label=move || t_string!(i18n, labels.field.reason) value=reason />
        </ActionDialog>
    }
    .into_any()
}

/// Opens a case for somebody who is known already.
#[component]
pub(super) fn OpenCase(neighbor: NeighborId, learned_from: Channel) -> impl IntoView {
    let i18n = use_i18n();
    let (forms, now, errors, toaster) = (use_forms(), use_now(), FormErrors::new(), use_toaster());
    let urgency = RwSignal::new(None::<Urgency>);
    let id = StoredValue::new(CaseId::new());
    let navigate = StoredValue::new(use_navigate());
    let write = use_write(errors, move |_| {
        forms.open(FormKind::Open).set(false);
        toaster.done(move || t_string!(i18n, case.opened));
        let to = format!("/cases/{}", id.get_value());
        navigate.with_value(|navigate| navigate(&to, leptos_router::NavigateOptions::default()));
    });
    let submit = Callback::new(move |()| match urgency.get_untracked() {
        Some(urgency) => {
            let command = CaseCommand::Open { id: id.get_value(), neighbor, urgency, learned_from, worker: None };
            write.send(envelope(now, command, None));
        }
        None => errors.add("urgency", Invalid::Missing),
    });
    view! {
        <Button icon=IconName::Plus kind=ButtonKind::Primary on_press=move || forms.open(FormKind::Open).set(true)>
            {t!(i18n, case.open_case)}
        </Button>
        <ActionDialog kind=FormKind::Open id="open-dialog" title=move || t_string!(i18n, case.open_case) errors submit busy=write.pending()>
            <RadioChips name="urgency" label=move || t_string!(i18n, caseload.urgency) value=urgency required=true />
        </ActionDialog>
    }
    .into_any()
}
