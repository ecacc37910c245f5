//! Cases that somebody wants to hand over: what comes along, and yes or no.

use super::super::parts::name_or_unknown;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    command::{CaseCommand, Envelope},
    ids::AssignmentId,
    view::visits::WaitingTransfer,
};
use leptos::prelude::*;

/// The offers that wait for an answer; nothing where there are none. `rejecting` takes the one that is being rejected.
#[component]
pub(super) fn Transfers(transfers: Vec<WaitingTransfer>, rejecting: RwSignal<Option<AssignmentId>>) -> impl IntoView {
    let i18n = use_i18n();
    (!transfers.is_empty())
        .then(|| {
            view! {
                <section class="section stack" aria-labelledby="transfers-title">
                    <h2 id="transfers-title">{t!(i18n, my_day.transfers)}</h2>
                    <ul class="rows">
                        {transfers.into_iter().map(|offer| view! { <Offer offer rejecting /> }).collect_view()}
                    </ul>
                </section>
            }
        })
        .into_any()
}

/// Asks for the reason of a rejection; shown while `id` holds an offer.
#[component]
pub(super) fn RejectDialog(id: RwSignal<Option<AssignmentId>>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move || {
        if id.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            id.set(None);
        }
    });
    view! {
        <Dialog open id="reject" title=move || t_string!(i18n, my_day.reject_title)>
            {move || id.get().map(|id| view! { <RejectForm id open /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Offer(offer: WaitingTransfer, rejecting: RwSignal<Option<AssignmentId>>) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let WaitingTransfer { id, name, dong, urgency, stage, from, reason, visits, .. } = offer;
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, my_day.accepted)));
    let accept = move || {
        let command = CaseCommand::AnswerTransfer { id, accept: true, reason: None };
        write.send(Envelope::new(command, now.get_untracked()));
    };
    let from = from.map(|from| from.name).unwrap_or_default();
    view! {
        <li class="waiting-row">
            <div class="waiting-name">
                <b>{move || name_or_unknown(i18n, name.as_deref())}</b>
                <span class="muted">{move || text::named(i18n, &dong)}</span>
                <span>{move || t_string!(i18n, my_day.transfer_from, name = from.clone()).to_string()}</span>
                {reason.map(|reason| view! { <q>{reason}</q> })}
                {(visits > 0)
                    .then(|| view! { <span class="muted">{move || t_string!(i18n, my_day.transfer_visits, count = visits)}</span> })}
            </div>
            <span class="cluster">
                <UrgencyBadge urgency /> <StageBadge stage />
                <Button kind=ButtonKind::Primary icon=IconName::Check busy=write.pending() on_press=accept>
                    {t!(i18n, my_day.accept)}
                </Button>
                <Button on_press=move || rejecting.set(Some(id))>{t!(i18n, my_day.reject)}</Button>
            </span>
            {move || {
                let failed = errors.whole().get().map(|error| error_text(i18n, &error));
                failed.map(|words| view! { <p class="field-error" role="alert">{words}</p> })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn RejectForm(id: AssignmentId, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let (now, toaster, errors) = (use_now(), use_toaster(), FormErrors::new());
    let reason = RwSignal::new(String::new());
    let write = use_write(errors, move |_| {
        open.set(false);
        toaster.done(move || t_string!(i18n, my_day.rejected));
    });
    let submit = Callback::new(move |()| {
        let reason = reason.get_untracked();
        if reason.trim().is_empty() {
            errors.add("reason", Invalid::Missing);
            return;
        }
        let command = CaseCommand::AnswerTransfer { id, accept: false, reason: Some(reason) };
        write.send(Envelope::new(command, now.get_untracked()));
    });
    view! {
        <CommandForm errors on_submit=submit>
            <TextAreaField
                name="reason"
                label=move || t_string!(i18n, labels.field.reason)
                hint=move || t_string!(i18n, my_day.reject_hint)
                value=reason
                required=true
                maxlength=500
            />
            <div class="dialog-actions">
                <Button on_press=move || open.set(false)>{t!(i18n, common.cancel)}</Button>
                <Button kind=ButtonKind::Danger submit=true busy=write.pending()>{t!(i18n, my_day.reject)}</Button>
            </div>
        </CommandForm>
    }
    .into_any()
}
