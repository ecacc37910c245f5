//! Yes or no.

use super::field::{FieldLinks, FieldNotes};
use leptos::prelude::*;

/// A box to tick, with its words beside it.
#[component]
pub fn CheckboxField(
    /// The field's name in the command.
    name: &'static str,
    /// What ticking says.
    #[prop(into)]
    label: TextProp,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// What follows from ticking.
    #[prop(optional, into)]
    hint: Option<TextProp>,
) -> impl IntoView {
    let links = FieldLinks::new(name, hint.is_some());
    view! {
        <div class="field" class:field-invalid=move || links.error().is_some()>
            <label class="check">
                <input
                    type="checkbox"
                    id=links.id()
                    name=name
                    aria-invalid=move || links.invalid()
                    aria-describedby=move || links.described_by()
                    checked=value.get_untracked()
                    prop:checked=move || value.get()
                    on:change=move |event| value.set(event_target_checked(&event))
                />
                <span>{move || label.get()}</span>
            </label>
            <FieldNotes links hint />
        </div>
    }
    .into_any()
}
