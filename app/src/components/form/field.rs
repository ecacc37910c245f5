//! What every field has around its control: label, hint, error, and the ids that tie them together.

use super::FormErrors;
use crate::{
    components::icon::{Icon, IconName},
    i18n::{t, use_i18n},
};
use leptos::prelude::*;

/// Set around a form whose fields have the names of another form's fields on the same page, so that no two elements share
/// an id.
#[derive(Clone, Copy, Debug)]
pub struct FieldScope(pub &'static str);

/// The id of the control of a field.
#[must_use]
pub fn field_id(name: &str) -> String {
    scoped_id(use_context(), name)
}

fn scoped_id(scope: Option<FieldScope>, name: &str) -> String {
    match scope {
        Some(FieldScope(scope)) => format!("field-{scope}-{name}"),
        None => format!("field-{name}"),
    }
}

/// The ids and states of one field.
#[derive(Clone, Copy)]
pub(super) struct FieldLinks {
    name: &'static str,
    scope: Option<FieldScope>,
    has_hint: bool,
    errors: Option<FormErrors>,
    i18n: crate::components::text::I18n,
}

impl FieldLinks {
    /// Finds the errors of the form around the field.
    pub(super) fn new(name: &'static str, has_hint: bool) -> Self {
        Self { name, scope: use_context(), has_hint, errors: use_context(), i18n: use_i18n() }
    }

    pub(super) fn id(self) -> String {
        scoped_id(self.scope, self.name)
    }

    pub(super) fn error(self) -> Option<&'static str> {
        self.errors.and_then(|errors| errors.text_of(self.i18n, self.name))
    }

    pub(super) fn invalid(self) -> Option<&'static str> {
        self.error().map(|_| "true")
    }

    pub(super) fn described_by(self) -> Option<String> {
        let hint = self.has_hint.then(|| format!("{}-hint", self.id()));
        let error = self.error().map(|_| format!("{}-error", self.id()));
        let ids: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// "Required", beside a label.
#[component]
pub(super) fn RequiredMark() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        " "
        <span class="required">{t!(i18n, common.required)}</span>
    }
    .into_any()
}

/// Hint and error under a control.
#[component]
pub(super) fn FieldNotes(links: FieldLinks, hint: Option<TextProp>) -> impl IntoView {
    let hint_id = format!("{}-hint", links.id());
    let error_id = format!("{}-error", links.id());
    view! {
        {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{move || hint.get()}</p> })}
        {move || {
            links
                .error()
                .map(|text| {
                    view! {
                        <p class="field-error" id=error_id.clone()>
                            <Icon name=IconName::WarningCircle />
                            <span>{text}</span>
                        </p>
                    }
                })
        }}
    }
    .into_any()
}

/// Label, control, hint and error, one below the other. The control must have the id of [`field_id`].
#[component]
pub fn FieldFrame(
    /// The field's name in the command.
    name: &'static str,
    /// What people call it.
    #[prop(into)]
    label: TextProp,
    /// How to fill it in.
    #[prop(optional_no_strip)]
    hint: Option<TextProp>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let links = FieldLinks::new(name, hint.is_some());
    view! {
        <div class="field" class:field-invalid=move || links.error().is_some()>
            <label class="field-label" for=links.id()>
                {move || label.get()}
                {required.then(|| view! { <RequiredMark /> })}
            </label>
            {children()}
            <FieldNotes links hint />
        </div>
    }
    .into_any()
}
