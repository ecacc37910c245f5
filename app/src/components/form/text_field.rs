//! One line of text.

use super::field::{FieldFrame, FieldLinks};
use leptos::prelude::*;

/// One line of text.
#[component]
pub fn TextField(
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
    /// `text`, `password`, `tel`, `search`, `email`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers may fill in; nothing by default, for it is about somebody else.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Which keys a tablet shows: `numeric`, `tel`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u16>,
    /// While true it takes no input.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let links = FieldLinks::new(name, hint.is_some());
    view! {
        <FieldFrame name label hint required>
            <input
                class="input"
                id=links.id()
                name=name
                type=kind
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                disabled=move || disabled.try_get().unwrap_or_default()
                aria-required=required.then_some("true")
                aria-invalid=move || links.invalid()
                aria-describedby=move || links.described_by()
                value=value.get_untracked()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </FieldFrame>
    }
    .into_any()
}
