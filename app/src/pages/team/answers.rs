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

/// What is being answered, and the words written so far. Lives as long as the page; one form is open at a time, so that no
/// two fields have the same name.
#[derive(Clone, Copy)]
pub(super) struct Answering {
    open: RwSignal<Option<Asked>>,
    words: RwSignal<String>,
    written: RwSignal<u32>,
}

/// What waits for an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Closure(CaseId),
    Transfer(AssignmentId),
}

impl Answering {
    /// Nothing yet.
    pub(super) fn new(written: RwSignal<u32>) -> Self {
        Self { open: RwSignal::new(None), words: RwSignal::new(String::new()), written }
    }

    fn begin(self, asked: Asked) {
        self.words.set(String::new());
        self.open.set(Some(asked));
    }

    fn words(self) -> Option<String> {
        Some(self.words.get_untracked()).filter(|text| !text.trim().is_empty())
    }

    fn done(self) {
        self.open.set(None);
        self.words.set(String::new());
        self.written.update(|written| *written += 1);
    }
}

fn envelope(command: CaseCommand) -> Envelope {
    use domain::clock::{Clock, SystemClock};
    Envelope::new(command, SystemClock.now())
}

/// Closures.
#[component]
pub(super) fn Closures(closures: Vec<WaitingClosure>, answering: Answering) -> impl IntoView {
    let i18n = use_i18n();
    let list = if closures.is_empty() {
        view! { <p class="muted">{t!(i18n, team.closures_empty)}</p> }.into_any()
    } else {
        closures.into_iter().map(|one| view! { <Closure one answering /> }).collect_view().into_any()
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
fn Closure(one: WaitingClosure, answering: Answering) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at) = (one.case.id, one.asked_at);
    let (errors, toaster, asked) = (FormErrors::new(), use_toaster(), Asked::Closure(id));
    let write = use_write(errors, move |_| {
        answering.done();
        toaster.done(move || t_string!(i18n, common.saved));
    });
    let answer = move |approve: bool| {
        write.send(envelope(CaseCommand::AnswerClosure { id, approve, comment: answering.words() }));
    };
    let form = move || {
        view! {
            <CommandForm errors on_submit=Callback::new(move |()| answer(true))>
                <TextField name="comment" label=move || t_string!(i18n, team.comment) value=answering.words hint=move || t_string!(i18n, team.comment_hint) />
                <div class="cluster">
                    <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, team.approve)}</Button>
                    <Button busy=write.pending() on_press=move || answer(false)>{t!(i18n, team.refuse)}</Button>
                </div>
            </CommandForm>
        }
        .into_any()
    };
    let ask = move || view! { <Button on_press=move || answering.begin(asked)>{t!(i18n, team.answer)}</Button> }.into_any();
    let mine = one.mine_to_answer;
    view! {
        <article class="stack">
            <ul class="rows"><CaseLine case=one.case /></ul>
            <p>{one.explanation}</p>
            <p class="muted">{one.asked_by} " · " {move || text::date_time(i18n, at)}</p>
            {mine.then_some(move || if answering.open.get() == Some(asked) { form() } else { ask() })}
        </article>
    }
    .into_any()
}

/// Transfers.
#[component]
pub(super) fn Transfers(transfers: Vec<WaitingTransfer>, answering: Answering) -> impl IntoView {
    let i18n = use_i18n();
    let list = if transfers.is_empty() {
        view! { <p class="muted">{t!(i18n, team.transfers_empty)}</p> }.into_any()
    } else {
        transfers.into_iter().map(|one| view! { <Transfer one answering /> }).collect_view().into_any()
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
fn Transfer(one: WaitingTransfer, answering: Answering) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at) = (one.id, one.made_at);
    let (errors, toaster, asked) = (FormErrors::new(), use_toaster(), Asked::Transfer(id));
    let write = use_write(errors, move |_| {
        answering.done();
        toaster.done(move || t_string!(i18n, common.saved));
    });
    let answer = move |accept: bool| {
        write.send(envelope(CaseCommand::AnswerTransfer { id, accept, reason: answering.words() }));
    };
    let form = move || {
        view! {
            <CommandForm errors on_submit=Callback::new(move |()| answer(true))>
                <TextField name="reason" label=move || t_string!(i18n, team.comment) value=answering.words hint=move || t_string!(i18n, team.comment_hint) />
                <div class="cluster">
                    <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, team.accept)}</Button>
                    <Button busy=write.pending() on_press=move || answer(false)>{t!(i18n, team.reject)}</Button>
                </div>
            </CommandForm>
        }
        .into_any()
    };
    let ask = move || view! { <Button on_press=move || answering.begin(asked)>{t!(i18n, team.answer)}</Button> }.into_any();
    let mine = one.mine_to_answer;
    view! {
        <article class="stack">
            <ul class="rows"><CaseLine case=one.case /></ul>
            <p>{one.made_by} " → " {one.to} ": " {one.reason}</p>
            <p class="muted">{move || text::date_time(i18n, at)}</p>
            {mine.then_some(move || if answering.open.get() == Some(asked) { form() } else { ask() })}
        </article>
    }
    .into_any()
}
