//! Several lines of text.

use super::field::{FieldFrame, FieldLinks};
use leptos::prelude::*;

/// Several lines of text.
#[component]
pub fn TextAreaField(
    /// The field's name in the command.
    name: &'static str,
    /// What people call it.
    #[prop(into)]
    label: TextProp,
    /// The text.
    value: RwSignal<String>,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u8,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u16>,
) -> impl IntoView {
    let links = FieldLinks::new(name, hint.is_some());
    view! {
        <FieldFrame name label hint required>
            <textarea
                class="input textarea"
                id=links.id()
                name=name
                rows=rows
                maxlength=maxlength
                autocomplete="off"
                aria-required=required.then_some("true")
                aria-invalid=move || links.invalid()
                aria-describedby=move || links.described_by()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            >
                {value.get_untracked()}
            </textarea>
        </FieldFrame>
    }
    .into_any()
}
