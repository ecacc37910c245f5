//! What is wrong with a form: fields by name, and what concerns the whole of it.

use crate::components::text::{I18n, invalid_text};
use domain::{ApiError, Invalid};
use leptos::prelude::*;

/// The errors of one form; a copy is the same set.
#[derive(Clone, Copy, Debug)]
pub struct FormErrors {
    fields: RwSignal<Vec<(String, Invalid)>>,
    whole: RwSignal<Option<ApiError>>,
}

impl FormErrors {
    /// No errors.
    #[must_use]
    pub fn new() -> Self {
        Self { fields: RwSignal::new(Vec::new()), whole: RwSignal::new(None) }
    }

    /// Forgets all errors: before each try.
    pub fn clear(self) {
        self.fields.set(Vec::new());
        self.whole.set(None);
    }

    /// Notes that a field is wrong.
    pub fn add(self, field: impl Into<String>, reason: Invalid) {
        self.fields.update(|fields| fields.push((field.into(), reason)));
    }

    /// Takes an answer of the server: to its field, or to the whole form.
    pub fn take(self, error: ApiError) {
        match error {
            ApiError::Invalid { field, reason } => self.add(field, reason),
            other => self.whole.set(Some(other)),
        }
    }

    /// Whether there are none. Does not subscribe: for use after the form's own checks.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.fields.with_untracked(Vec::is_empty) && self.whole.with_untracked(Option::is_none)
    }

    /// The fields that are wrong.
    #[must_use]
    pub fn fields(self) -> Signal<Vec<(String, Invalid)>> {
        self.fields.into()
    }

    /// What concerns the whole form.
    #[must_use]
    pub fn whole(self) -> Signal<Option<ApiError>> {
        self.whole.into()
    }

    /// The sentence under one field.
    #[must_use]
    pub fn text_of(self, i18n: I18n, field: &str) -> Option<&'static str> {
        self.fields.with(|fields| fields.iter().find(|(name, _)| name == field).map(|(_, reason)| invalid_text(i18n, *reason)))
    }
}

impl Default for FormErrors {
    fn default() -> Self {
        Self::new()
    }
}
