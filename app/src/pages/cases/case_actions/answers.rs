//! What waits for somebody's answer: an offered transfer, a wish to close.

use super::{FormKind, Sender, sender};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::CaseCommand,
    ids::CaseId,
    view::{
        cases::{CaseCard, PendingClosure, PendingTransfer},
        neighbors::May,
    },
};
use leptos::prelude::*;

/// What waits for somebody's answer: an offered transfer, a wish to close.
#[component]
pub(in super::super) fn Answers(case: CaseCard, may: May) -> impl IntoView {
    let id = case.id;
    view! {
        {case.transfer.map(|offer| view! { <TransferAnswer offer /> })}
        {case.closing.map(|closing| view! { <ClosureAnswer case=id closing may /> })}
    }
    .into_any()
}

#[component]
fn TransferAnswer(offer: PendingTransfer) -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let reason = RwSignal::new(String::new());
    let Sender { send, busy } = sender(FormKind::Answer, errors, |i18n| t_string!(i18n, case.answered));
    let answer = move |accept: bool| {
        errors.clear();
        let reason = Some(reason.get_untracked()).filter(|reason| !reason.trim().is_empty());
        send.run(CaseCommand::AnswerTransfer { id: offer.id, accept, reason }.into());
    };
    let (to, by, mine, why) = (offer.to.name, offer.by.name, offer.mine_to_answer, offer.reason);
    let title = move || match mine {
        true => t_string!(i18n, case.transfer_mine, by = by.clone()).to_string(),
        false => t_string!(i18n, case.transfer_waits, to = to.clone()).to_string(),
    };
    view! {
        <Banner tone=Tone::Warn title>
            {why.map(|why| view! { <p class="pre">{why}</p> })}
            {mine
                .then(|| {
                    view! {
                        <CommandForm errors on_submit=Callback::new(move |()| answer(false))>
                            <TextField name="reason" label=move || t_string!(i18n, case.answer_reason) value=reason />
                            <div class="cluster">
                                <Button kind=ButtonKind::Primary icon=IconName::Check busy on_press=move || answer(true)>
                                    {t!(i18n, case.accept)}
                                </Button>
                                <Button submit=true icon=IconName::Close busy>{t!(i18n, case.reject)}</Button>
                            </div>
                        </CommandForm>
                    }
                })}
        </Banner>
    }
    .into_any()
}

#[component]
fn ClosureAnswer(case: CaseId, closing: PendingClosure, may: May) -> impl IntoView {
    let i18n = use_i18n();
    let errors = FormErrors::new();
    let comment = RwSignal::new(String::new());
    let Sender { send, busy } = sender(FormKind::Answer, errors, |i18n| t_string!(i18n, case.answered));
    let answer = move |approve: bool| {
        errors.clear();
        let comment = Some(comment.get_untracked()).filter(|comment| !comment.trim().is_empty());
        send.run(CaseCommand::AnswerClosure { id: case, approve, comment }.into());
    };
    let (by, note, mine) = (closing.by.name, closing.note, closing.mine);
    view! {
        <Banner tone=Tone::Warn title=move || t_string!(i18n, case.close_waits, by = by.clone()).to_string()>
            {note.map(|note| view! { <p class="pre">{note}</p> })}
            {(mine || !may.approve).then(|| view! { <p>{t!(i18n, case.close_own)}</p> })}
            {(may.approve && !mine)
                .then(|| {
                    view! {
                        <CommandForm errors on_submit=Callback::new(move |()| answer(false))>
                            <TextField name="comment" label=move || t_string!(i18n, case.comment) value=comment />
                            <div class="cluster">
                                <Button kind=ButtonKind::Primary icon=IconName::Check busy on_press=move || answer(true)>
                                    {t!(i18n, case.approve)}
                                </Button>
                                <Button submit=true icon=IconName::Close busy>{t!(i18n, case.refuse)}</Button>
                            </div>
                        </CommandForm>
                    }
                })}
        </Banner>
    }
    .into_any()
}
