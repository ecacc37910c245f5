//! What happens on "save": the record, the next visit after it, and a way back from a cancellation.

use super::{
    super::unsent::Unsent,
    answers::{Answers, Ending, missing},
    form::Door,
    next_step::NextStep,
};
use crate::{
    api::{AppError, execute, use_me},
    components::{prelude::*, toast::Toaster, write::Write},
    i18n::{t_string, use_i18n},
};
use chrono::{DateTime, Utc};
use domain::{
    command::{Envelope, VisitCommand},
    ids::UserId,
    policy::Role,
    visit::VisitKind,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Sends the record and, where wished, the next visit after it.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    door: StoredValue<Door>,
    answers: Answers,
    next: NextStep,
    errors: FormErrors,
    record: Write,
    schedule: Write,
    then_next: RwSignal<Option<Envelope>>,
    /// The record is saved, but the next visit is not planned yet.
    recorded: RwSignal<bool>,
    leave: Callback<()>,
    now: Signal<DateTime<Utc>>,
    /// When it was sent first: a record that found no network is about that moment, however late it arrives.
    first_sent: StoredValue<Option<DateTime<Utc>>>,
    me: Option<UserId>,
}

impl Sending {
    pub(super) fn new(door: Door, answers: Answers, next: NextStep, errors: FormErrors, unsent: Unsent) -> Self {
        let i18n = use_i18n();
        let (toaster, navigate) = (use_toaster(), use_navigate());
        let then_next = RwSignal::new(None::<Envelope>);
        let me = use_me();
        let after = match &me {
            Some(me) if me.is(Role::Caseworker) => "/my-day".to_owned(),
            _ => format!("/cases/{}", door.case),
        };
        let leave = Callback::new(move |()| navigate(&after, leptos_router::NavigateOptions::default()));
        let recorded = RwSignal::new(false);
        let (door, now, first_sent) = (StoredValue::new(door), use_now(), StoredValue::new(None));
        let again = move |now| {
            let single = !answers.following.get_untracked();
            door.with_value(|door| door.again().filter(|_| single)).map(|command| Envelope::new(command, now))
        };
        let schedule = use_write(errors, move |_| {
            toaster.done(move || t_string!(i18n, visit.recorded_with_next));
            leave.run(());
        });
        let record = use_write(errors, move |_| {
            unsent.forget();
            if let Some(envelope) = then_next.get_untracked() {
                recorded.set(true);
                schedule.send(envelope);
                return;
            }
            match (answers.ending.get_untracked(), again(now.get_untracked())) {
                (Some(Ending::Cancel), Some(envelope)) => {
                    toaster.done_with_undo(move || t_string!(i18n, visit.cancelled), plan_again(i18n, toaster, envelope));
                }
                (Some(Ending::Cancel), None) => toaster.done(move || t_string!(i18n, visit.cancelled)),
                _ => toaster.done(move || t_string!(i18n, visit.recorded)),
            }
            leave.run(());
        });
        let me = me.map(|me| me.user);
        Self { door, answers, next, errors, record, schedule, then_next, recorded, leave, now, first_sent, me }
    }

    pub(super) fn pending(self) -> Signal<bool> {
        let (record, schedule) = (self.record.pending(), self.schedule.pending());
        Signal::derive(move || record.get() || schedule.get())
    }

    /// Whether only the next visit is missing.
    pub(super) fn lacks_next(self) -> bool {
        let failed = self.errors.whole().get().is_some() || !self.errors.fields().get().is_empty();
        self.recorded.get() && failed
    }

    pub(super) fn submit_anew(self, with_next: bool) {
        self.errors.clear();
        self.submit(with_next);
    }

    pub(super) fn submit(self, with_next: bool) {
        let now = self.first_sent.get_value().unwrap_or_else(|| self.now.get_untracked());
        if self.recorded.get_untracked() && !with_next {
            return self.leave.run(());
        }
        let Some(command) = self.door.with_value(|door| self.command(door, now)) else { return };
        let kind = self.answers.kind.get_untracked().unwrap_or(VisitKind::Home);
        let next = with_next.then(|| self.door.with_value(|door| self.next.command(door, self.me?, kind))).flatten();
        if with_next && next.is_none() {
            missing::<()>(self.errors, "next_day");
            return;
        }
        let next = next.map(|command| Envelope::new(command, now));
        if let (true, Some(envelope)) = (self.recorded.get_untracked(), &next) {
            return self.schedule.send(envelope.clone());
        }
        self.then_next.set(next);
        self.first_sent.set_value(Some(now));
        self.record.send(Envelope::new(command, now));
    }

    fn command(self, door: &Door, now: DateTime<Utc>) -> Option<VisitCommand> {
        let (answers, errors) = (self.answers, self.errors);
        match answers.ending.get_untracked() {
            None => return missing(errors, "outcome"),
            Some(Ending::Cancel) => {
                let Some(reason) = answers.cancel.get_untracked() else { return missing(errors, "cancel") };
                return Some(VisitCommand::Cancel { id: door.id, reason, following: answers.following.get_untracked() });
            }
            Some(Ending::Met | Ending::NotMet) => {}
        }
        let outcome = answers.outcome(errors)?;
        let Some(at) = untrack(|| answers.at(door.planned, now)) else { return missing(errors, "at") };
        let (signs, note) = (answers.signs(), answers.note());
        Some(match (door.planned, answers.kind.get_untracked()) {
            (None, Some(kind)) => VisitCommand::RecordUnplanned { id: door.id, case: door.case, kind, at, outcome, signs, note },
            _ => VisitCommand::Record { id: door.id, at, outcome, signs, note },
        })
    }
}

/// Plans a cancelled visit again. It works after the page was left, because it uses nothing of it.
fn plan_again(i18n: I18n, toaster: Toaster, envelope: Envelope) -> Callback<()> {
    Callback::new(move |()| {
        let envelope = envelope.clone();
        spawn_local(async move {
            match execute(envelope).await {
                Ok(_) => toaster.done(move || t_string!(i18n, visit.planned_again)),
                Err(AppError(error)) => toaster.failed(move || error_text(i18n, &error)),
            }
        });
    })
}
