//! What can be decided about the picked entries, and how it is taken back.

use super::triage::Picked;
use crate::{
    api::execute,
    components::{form::Choice, prelude::*},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    case::Urgency,
    command::{Envelope, RoundCommand},
    ids::{CaseId, RoundEntryId},
    round::NoActionReason,
    view::Worker,
};
use leptos::{prelude::*, task::spawn_local};

/// What the decisions need. Lives as long as the page, so that lists may be loaded again under an open dialog.
#[derive(Clone, Copy)]
pub(super) struct Decide {
    /// About whom.
    pub picked: Picked,
    /// Who can take a case.
    pub workers: Signal<Vec<Worker>>,
    /// Grows with each decision; the list is loaded again.
    pub decided: RwSignal<u32>,
    /// Says that it is done and how to take it back.
    pub undo: Callback<Vec<RoundEntryId>>,
    /// Which dialog is open.
    pub asking: Asking,
}

/// Which dialog is open.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    open_cases: RwSignal<bool>,
    no_action: RwSignal<bool>,
    pass_on: RwSignal<bool>,
    urgency: RwSignal<Option<Urgency>>,
}

impl Asking {
    /// None.
    pub(super) fn new() -> Self {
        let closed = || RwSignal::new(false);
        Self { open_cases: closed(), no_action: closed(), pass_on: closed(), urgency: RwSignal::new(None) }
    }
}

impl Decide {
    fn done(self) {
        self.picked.clear();
        self.decided.update(|decided| *decided += 1);
    }
}

/// How many are picked, and the decisions.
#[component]
pub(super) fn DecideBar(decide: Decide) -> impl IntoView {
    let i18n = use_i18n();
    let asking = decide.asking;
    let count = move || decide.picked.count();
    let none = Signal::derive(move || count() == 0);
    let not_one = Signal::derive(move || count() != 1);
    let ask_open = move || {
        asking.urgency.set(decide.picked.advised());
        asking.open_cases.set(true);
    };
    view! {
        <div class="decide-bar" role="group" aria-label=move || t_string!(i18n, rounds.decision)>
            <p class="decide-count" role="status">
                <b>{move || t_string!(i18n, rounds.picked, count = count())}</b>
                <span class="muted">{t!(i18n, rounds.keys)}</span>
            </p>
            <div class="cluster">
                <Button kind=ButtonKind::Tertiary on_press=move || decide.picked.pick_all()>{t!(i18n, rounds.pick_all)}</Button>
                <Button kind=ButtonKind::Primary disabled=none icon=IconName::Clipboard on_press=ask_open>
                    {t!(i18n, rounds.open_cases)}
                </Button>
                <Button disabled=none on_press=move || asking.no_action.set(true)>{t!(i18n, rounds.no_action)}</Button>
                <Button disabled=not_one on_press=move || asking.pass_on.set(true)>{t!(i18n, rounds.pass_on)}</Button>
            </div>
        </div>
    }
    .into_any()
}

/// The dialogs; outside of the list, which comes and goes.
#[component]
pub(super) fn DecideDialogs(decide: Decide) -> impl IntoView {
    view! {
        <OpenCasesDialog decide />
        <NoActionDialog decide />
        <PassOnDialog decide />
    }
    .into_any()
}

#[component]
fn OpenCasesDialog(decide: Decide) -> impl IntoView {
    let i18n = use_i18n();
    let (errors, toaster, now) = (FormErrors::new(), use_toaster(), use_now());
    let (open, urgency, worker) = (decide.asking.open_cases, decide.asking.urgency, RwSignal::new(String::new()));
    let write = use_write(errors, move |_| {
        toaster.done(move || t_string!(i18n, rounds.cases_opened));
        open.set(false);
        decide.done();
    });
    let workers = Signal::derive(move || {
        decide.workers.get().into_iter().map(|worker| Choice::new(worker.id.to_string(), worker.name)).collect::<Vec<_>>()
    });
    let send = Callback::new(move |()| {
        let Some(urgency) = urgency.get_untracked() else { return errors.add("urgency", Invalid::Missing) };
        let entries = decide.picked.now().into_iter().map(|id| (id, CaseId::new())).collect();
        let worker = worker.get_untracked().parse().ok();
        write.send(Envelope::new(RoundCommand::OpenCases { entries, urgency, worker }, now.get_untracked()));
    });
    view! {
        <Dialog open id="open-cases" title=move || t_string!(i18n, rounds.open_cases)>
            <CommandForm errors on_submit=send>
                <p>{move || t_string!(i18n, rounds.open_cases_lead, count = decide.picked.count())}</p>
                <RadioChips
                    name="urgency"
                    label=move || t_string!(i18n, rounds.urgency)
                    value=urgency
                    hint=move || t_string!(i18n, rounds.urgency_hint)
                    required=true
                />
                <SelectField
                    name="worker"
                    label=move || t_string!(i18n, labels.field.worker)
                    value=worker
                    choices=workers
                    hint=move || t_string!(i18n, rounds.worker_hint)
                    empty=move || t_string!(i18n, nav.queue)
                />
                <Actions open busy=write.pending() label=move || t_string!(i18n, rounds.open_cases) />
            </CommandForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn NoActionDialog(decide: Decide) -> impl IntoView {
    let (i18n, open) = (use_i18n(), decide.asking.no_action);
    let (errors, now) = (FormErrors::new(), use_now());
    let reason = RwSignal::new(None::<NoActionReason>);
    let sent = StoredValue::new(Vec::new());
    let write = use_write(errors, move |_| {
        open.set(false);
        decide.undo.run(sent.get_value());
        decide.done();
    });
    let send = Callback::new(move |()| {
        let Some(reason) = reason.get_untracked() else { return errors.add("reason", Invalid::Missing) };
        let entries = decide.picked.now();
        sent.set_value(entries.clone());
        write.send(Envelope::new(RoundCommand::NoAction { entries, reason }, now.get_untracked()));
    });
    view! {
        <Dialog open id="no-action" title=move || t_string!(i18n, rounds.no_action)>
            <CommandForm errors on_submit=send>
                <p>{move || t_string!(i18n, rounds.no_action_lead, count = decide.picked.count())}</p>
                <RadioChips
                    name="reason"
                    label=move || t_string!(i18n, labels.field.reason)
                    value=reason
                    hint=move || t_string!(i18n, rounds.no_action_hint)
                    required=true
                />
                <Actions open busy=write.pending() label=move || t_string!(i18n, common.save) />
            </CommandForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn PassOnDialog(decide: Decide) -> impl IntoView {
    let (i18n, open) = (use_i18n(), decide.asking.pass_on);
    let (errors, now, district) = (FormErrors::new(), use_now(), RwSignal::new(String::new()));
    let sent = StoredValue::new(Vec::new());
    let write = use_write(errors, move |_| {
        open.set(false);
        decide.undo.run(sent.get_value());
        decide.done();
    });
    let send = Callback::new(move |()| {
        let Some(entry) = decide.picked.now().first().copied() else { return };
        sent.set_value(vec![entry]);
        let district = district.get_untracked();
        write.send(Envelope::new(RoundCommand::PassOn { entry, district }, now.get_untracked()));
    });
    view! {
        <Dialog open id="pass-on" title=move || t_string!(i18n, rounds.pass_on)>
            <CommandForm errors on_submit=send>
                <TextField
                    name="district"
                    label=move || t_string!(i18n, labels.field.district)
                    value=district
                    hint=move || t_string!(i18n, rounds.pass_on_hint)
                    maxlength=60
                    required=true
                />
                <Actions open busy=write.pending() label=move || t_string!(i18n, rounds.pass_on) />
            </CommandForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Actions(open: RwSignal<bool>, busy: Signal<bool>, #[prop(into)] label: TextProp) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="dialog-actions">
            <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
            <Button kind=ButtonKind::Primary submit=true busy>
                {move || label.get()}
            </Button>
        </div>
    }
    .into_any()
}

/// Says that it is done, and takes each decision back when asked to.
pub(super) fn make_undo(decided: RwSignal<u32>) -> Callback<Vec<RoundEntryId>> {
    let (i18n, toaster, now) = (use_i18n(), use_toaster(), use_now());
    Callback::new(move |entries: Vec<RoundEntryId>| {
        let take_back = Callback::new(move |()| {
            let entries = entries.clone();
            spawn_local(async move {
                for entry in entries {
                    let envelope = Envelope::new(RoundCommand::Reconsider { entry }, now.get_untracked());
                    if let Err(error) = execute(envelope).await {
                        toaster.failed(move || error_text(i18n, &error.0));
                        break;
                    }
                }
                // The page may have been left meanwhile.
                let _ = decided.try_update(|decided| *decided += 1);
            });
        });
        toaster.done_with_undo(move || t_string!(i18n, rounds.decided_toast), take_back);
    })
}
