//! What several of these pages show.

use crate::{
    components::{prelude::*, write::Write},
    i18n::{t_string, use_i18n},
};
use chrono::{DateTime, Utc};
use domain::{
    clock::{Clock, SystemClock},
    command::{Command, Envelope},
    ids::Rev,
    policy::Scope,
    view::admin::{GrantRow, TeamName},
};
use leptos::prelude::*;

/// When a command is made: the server keeps its own time beside it.
pub(crate) fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// A role with its reach: "담당자 · 방배팀".
pub(super) fn grant_words(i18n: I18n, grant: &GrantRow) -> String {
    let reach = match (&grant.team, grant.scope) {
        (Some(TeamName { name_ko, name_en, .. }), Scope::Team(_)) => text::in_language(i18n, name_ko, name_en),
        (_, scope) => text::scope_label(i18n, scope).to_owned(),
    };
    format!("{} · {reach}", grant.role.label(i18n))
}

/// A form's way to the store. Made above what is loaded anew after a change, so that it is there to take the answer.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    /// What was wrong.
    pub errors: FormErrors,
    write: Write,
}

impl Sender {
    /// Says "saved" and then runs `after`.
    pub(super) fn new(after: impl Fn() + Send + Sync + 'static) -> Self {
        let (i18n, toaster, errors) = (use_i18n(), use_toaster(), FormErrors::new());
        let write = use_write(errors, move |_| {
            after();
            toaster.done(move || t_string!(i18n, common.saved));
        });
        Self { errors, write }
    }

    /// For a control without a form around it: what goes wrong is told in a message.
    pub(super) fn without_form(after: impl Fn() + Send + Sync + 'static) -> Self {
        let (i18n, toaster, errors) = (use_i18n(), use_toaster(), FormErrors::new());
        Effect::new(move |_| {
            if let Some(error) = errors.whole().get() {
                toaster.failed(move || error_text(i18n, &error));
            }
        });
        Self { errors, write: use_write(errors, move |_| after()) }
    }

    pub(super) fn send(self, command: impl Into<Command>) {
        self.write.send(Envelope::new(command, now()));
    }

    /// Sends an edit of what was seen at `rev`.
    pub(super) fn send_based_on(self, command: impl Into<Command>, rev: Rev) {
        self.write.send(Envelope::new(command, now()).based_on(rev));
    }

    pub(super) fn pending(self) -> Signal<bool> {
        self.write.pending()
    }

    /// Whether somebody else was quicker.
    pub(super) fn stale(self) -> bool {
        self.write.conflict().get().is_some()
    }
}

/// "Somebody else changed it meanwhile", above a form.
#[component]
pub(super) fn StaleNote(sender: Sender) -> impl IntoView {
    let i18n = use_i18n();
    let note =
        move || sender.stale().then(|| view! { <Banner tone=Tone::Warn live=true title=move || t_string!(i18n, admin.stale) /> });
    note.into_any()
}

/// The head of a page of administration.
#[component]
pub(super) fn AdminHead(#[prop(into)] title: TextProp, #[prop(into)] lead: TextProp) -> impl IntoView {
    view! { <PageHead title lead /> }.into_any()
}
