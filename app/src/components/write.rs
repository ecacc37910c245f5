//! Sending a command from a page: pending, done, refused, or in conflict with somebody else's edit.

use super::form::FormErrors;
use crate::api::{AppError, execute};
use domain::{
    ApiError,
    command::{Applied, Envelope},
    ids::Rev,
    merge::FieldConflict,
};
use leptos::{prelude::*, task::spawn_local};

/// Two versions of the same fields, and the revision that a choice must be based on.
#[derive(Clone, Debug, PartialEq)]
pub struct ConflictState {
    /// Each field with both versions.
    pub fields: Vec<FieldConflict>,
    /// What the choice is based on.
    pub rev: Rev,
}

/// The one way from a page to the store; make it with [`use_write`].
#[derive(Clone, Copy)]
pub struct Write {
    errors: FormErrors,
    pending: RwSignal<bool>,
    conflict: RwSignal<Option<ConflictState>>,
    last: StoredValue<Option<Envelope>>,
    applied: Callback<Applied>,
}

impl Write {
    /// Sends `envelope`, unless one is on its way. The same command again after no answer or a refusal goes under its first
    /// id: if the first was applied and only its answer was lost, nothing happens twice.
    pub fn send(self, envelope: Envelope) {
        if self.pending.get_untracked() {
            return;
        }
        let same = |last: &Envelope| last.command == envelope.command && last.base_rev == envelope.base_rev;
        let envelope = self.last.get_value().filter(same).unwrap_or(envelope);
        self.errors.clear();
        self.pending.set(true);
        self.last.set_value(Some(envelope.clone()));
        spawn_local(async move {
            let answer = execute(envelope).await;
            self.take(answer);
        });
    }

    /// Sends the last envelope again. Safe: the store applies an id once.
    pub fn retry(self) {
        if let Some(envelope) = self.last.get_value() {
            self.send(envelope);
        }
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn pending(self) -> Signal<bool> {
        self.pending.into()
    }

    /// The conflict that waits for a choice; set it to `None` when the person has chosen or given up.
    #[must_use]
    pub const fn conflict(self) -> RwSignal<Option<ConflictState>> {
        self.conflict
    }

    fn take(self, answer: Result<Applied, AppError>) {
        // The page may have been left meanwhile.
        if self.pending.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(applied) => {
                self.last.set_value(None);
                self.conflict.set(None);
                self.applied.run(applied);
            }
            Err(AppError(ApiError::Conflict { fields, rev })) => self.conflict.set(Some(ConflictState { fields, rev: Rev(rev) })),
            Err(AppError(error)) => self.errors.take(error),
        }
    }
}

/// A way to send commands whose errors go to `errors` and whose success runs `applied`.
pub fn use_write(errors: FormErrors, applied: impl Fn(Applied) + Send + Sync + 'static) -> Write {
    Write {
        errors,
        pending: RwSignal::new(false),
        conflict: RwSignal::new(None),
        last: StoredValue::new(None),
        applied: Callback::new(applied),
    }
}
