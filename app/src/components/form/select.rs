//! One of many choices: dongs, workers, living places.

use super::{
    Choice,
    field::{FieldFrame, FieldLinks},
};
use crate::i18n::{t, use_i18n};
use leptos::prelude::*;

/// Choose one of many. The empty word means that nothing is chosen.
#[component]
pub fn SelectField(
    /// The field's name in the command.
    name: &'static str,
    /// What people call it.
    #[prop(into)]
    label: TextProp,
    /// The chosen word.
    value: RwSignal<String>,
    /// The choices; for a coded type [`super::choices_of`].
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// How to choose.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// What the empty choice says; "choose" by default.
    #[prop(optional, into)]
    empty: Option<TextProp>,
    /// Whether something must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let links = FieldLinks::new(name, hint.is_some());
    let option = move |Choice { word, label }: Choice| {
        let here = word.clone();
        let selected = Memo::new(move |_| value.get() == here);
        view! {
            <option value=word selected=selected.get_untracked() prop:selected=move || selected.get()>
                {move || label.get()}
            </option>
        }
    };
    view! {
        <FieldFrame name label hint required>
            <select
                class="input select"
                id=links.id()
                name=name
                aria-required=required.then_some("true")
                aria-invalid=move || links.invalid()
                aria-describedby=move || links.described_by()
                on:change=move |event| value.set(event_target_value(&event))
            >
                <option value="" selected=value.with_untracked(String::is_empty) prop:selected=move || value.with(String::is_empty)>
                    {match empty {
                        Some(empty) => (move || empty.get()).into_any(),
                        None => t!(i18n, common.choose).into_any(),
                    }}
                </option>
                {move || choices.get().into_iter().map(option).collect_view()}
            </select>
        </FieldFrame>
    }
    .into_any()
}
