//! A few choices, all visible: one press on a tablet instead of three.

use super::field::{FieldLinks, FieldNotes, RequiredMark};
use crate::{components::text::Label, i18n::use_i18n};
use leptos::prelude::*;

/// One choice: what is sent, and what is shown.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub word: String,
    /// What is shown.
    pub label: TextProp,
}

impl Choice {
    /// A choice.
    pub fn new(word: impl Into<String>, label: impl Into<TextProp>) -> Self {
        Self { word: word.into(), label: label.into() }
    }
}

/// The choices of a coded type, in its own order and in the language of the screen.
#[must_use]
pub fn choices_of<T: Label>() -> Vec<Choice> {
    let i18n = use_i18n();
    T::CHOICES.iter().map(|choice| Choice::new(choice.word(), move || choice.label(i18n))).collect()
}

/// Choose one of a coded type, by chips.
#[component]
pub fn RadioChips<T: Label>(
    /// The field's name in the command.
    name: &'static str,
    /// What people call it.
    #[prop(into)]
    label: TextProp,
    /// The choice.
    value: RwSignal<Option<T>>,
    /// The choices offered; all by default.
    #[prop(default = T::CHOICES)]
    choices: &'static [T],
    /// How to choose.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// Whether something must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let offered = choices.iter().map(|choice| Choice::new(choice.word(), move || choice.label(i18n))).collect();
    let chosen = Signal::derive(move || value.get().map(Label::word));
    let choose = Callback::new(move |word: String| value.set(T::from_word(&word)));
    view! { <Chips name label offered chosen choose hint required /> }.into_any()
}

#[component]
fn Chips(
    name: &'static str,
    label: TextProp,
    offered: Vec<Choice>,
    chosen: Signal<Option<&'static str>>,
    choose: Callback<String>,
    hint: Option<TextProp>,
    required: bool,
) -> impl IntoView {
    let links = FieldLinks::new(name, hint.is_some());
    let chip = move |(index, Choice { word, label }): (usize, Choice)| {
        // The summary of errors leads to the first one.
        let id = if index == 0 { links.id() } else { format!("{}-{index}", links.id()) };
        let value = word.clone();
        let is_chosen = Memo::new(move |_| chosen.get() == Some(word.as_str()));
        let sent = value.clone();
        view! {
            <label class="chip-choice">
                <input
                    type="radio"
                    id=id
                    name=name
                    value=value
                    checked=is_chosen.get_untracked()
                    prop:checked=move || is_chosen.get()
                    on:change=move |_| choose.run(sent.clone())
                />
                <span>{move || label.get()}</span>
            </label>
        }
    };
    view! {
        <fieldset
            class="field chips"
            class:field-invalid=move || links.error().is_some()
            aria-describedby=move || links.described_by()
        >
            <legend class="field-label">
                {move || label.get()}
                {required.then(|| view! { <RequiredMark /> })}
            </legend>
            <div class="chip-row">{offered.into_iter().enumerate().map(chip).collect_view()}</div>
            <FieldNotes links hint />
        </fieldset>
    }
    .into_any()
}
