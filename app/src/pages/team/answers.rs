//! What waits for an answer: closures as unreachable for a second person's, transfers for the receiver's.

use super::CaseLine;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::{CaseCommand, Envelope},
    ids::{AssignmentId, CaseId},
    view::team::{WaitingClosure, WaitingTransfer},
};
use leptos::prelude::*;

fn envelope(command: CaseCommand) -> Envelope {
    use domain::clock::{Clock, SystemClock};
    Envelope::new(command, SystemClock.now())
}

/// Closures.
#[component]
pub(super) fn Closures(closures: Vec<WaitingClosure>) -> impl IntoView {
    let i18n = use_i18n();
    // One form at a time, so that no two fields have the same name.
    let open = RwSignal::new(None::<CaseId>);
    let list = if closures.is_empty() {
        view! { <p class="muted">{t!(i18n, team.closures_empty)}</p> }.into_any()
    } else {
        closures.into_iter().map(|one| view! { <Closure one open /> }).collect_view().into_any()
    };
    view! {
        <section class="section stack" aria-labelledby="closures-title">
            <h2 id="closures-title">{t!(i18n, team.closures)}</h2>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Closure(one: WaitingClosure, open: RwSignal<Option<CaseId>>) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at) = (one.case.id, one.asked_at);
    let (errors, toaster, comment) = (FormErrors::new(), use_toaster(), RwSignal::new(String::new()));
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, common.saved)));
    let answer = move |approve: bool| {
        let comment = Some(comment.get_untracked()).filter(|text| !text.trim().is_empty());
        write.send(envelope(CaseCommand::AnswerClosure { id, approve, comment }));
    };
    let form = move || {
        view! {
            <CommandForm errors on_submit=Callback::new(move |()| answer(true))>
                <TextField name="comment" label=move || t_string!(i18n, team.comment) value=comment hint=move || t_string!(i18n, team.comment_hint) />
                <div class="cluster">
                    <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, team.approve)}</Button>
                    <Button busy=write.pending() on:click=move |_| answer(false)>{t!(i18n, team.refuse)}</Button>
                </div>
            </CommandForm>
        }
        .into_any()
    };
    let ask = move || view! { <Button on:click=move |_| open.set(Some(id))>{t!(i18n, team.answer)}</Button> }.into_any();
    let mine = one.mine_to_answer;
    view! {
        <article class="stack">
            <ul class="rows"><CaseLine case=one.case /></ul>
            <p>{one.explanation}</p>
            <p class="muted">{one.asked_by} " · " {move || text::date_time(i18n, at)}</p>
            {mine.then_some(move || if open.get() == Some(id) { form() } else { ask() })}
        </article>
    }
    .into_any()
}

/// Transfers.
#[component]
pub(super) fn Transfers(transfers: Vec<WaitingTransfer>) -> impl IntoView {
    let i18n = use_i18n();
    // One form at a time, so that no two fields have the same name.
    let open = RwSignal::new(None::<AssignmentId>);
    let list = if transfers.is_empty() {
        view! { <p class="muted">{t!(i18n, team.transfers_empty)}</p> }.into_any()
    } else {
        transfers.into_iter().map(|one| view! { <Transfer one open /> }).collect_view().into_any()
    };
    view! {
        <section class="section stack" aria-labelledby="transfers-title">
            <h2 id="transfers-title">{t!(i18n, team.transfers)}</h2>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Transfer(one: WaitingTransfer, open: RwSignal<Option<AssignmentId>>) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at) = (one.id, one.made_at);
    let (errors, toaster, reason) = (FormErrors::new(), use_toaster(), RwSignal::new(String::new()));
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, common.saved)));
    let answer = move |accept: bool| {
        let reason = Some(reason.get_untracked()).filter(|text| !text.trim().is_empty());
        write.send(envelope(CaseCommand::AnswerTransfer { id, accept, reason }));
    };
    let form = move || {
        view! {
            <CommandForm errors on_submit=Callback::new(move |()| answer(true))>
                <TextField name="reason" label=move || t_string!(i18n, team.comment) value=reason hint=move || t_string!(i18n, team.comment_hint) />
                <div class="cluster">
                    <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, team.accept)}</Button>
                    <Button busy=write.pending() on:click=move |_| answer(false)>{t!(i18n, team.reject)}</Button>
                </div>
            </CommandForm>
        }
        .into_any()
    };
    let ask = move || view! { <Button on:click=move |_| open.set(Some(id))>{t!(i18n, team.answer)}</Button> }.into_any();
    let mine = one.mine_to_answer;
    view! {
        <article class="stack">
            <ul class="rows"><CaseLine case=one.case /></ul>
            <p>{one.made_by} " → " {one.to} ": " {one.reason}</p>
            <p class="muted">{move || text::date_time(i18n, at)}</p>
            {mine.then_some(move || if open.get() == Some(id) { form() } else { ask() })}
        </article>
    }
    .into_any()
}
