//! A day, a time of day: the device's own pickers.

use super::field::{FieldFrame, FieldLinks};
use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;

/// A day.
#[component]
pub fn DateField(
    /// The field's name in the command.
    name: &'static str,
    /// What people call it.
    #[prop(into)]
    label: TextProp,
    /// The day.
    value: RwSignal<Option<NaiveDate>>,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// First day offered.
    #[prop(optional, into)]
    min: Signal<Option<NaiveDate>>,
    /// Last day offered.
    #[prop(optional, into)]
    max: Signal<Option<NaiveDate>>,
) -> impl IntoView {
    let text = move || value.get().map(|day| day.to_string()).unwrap_or_default();
    let read = Callback::new(move |typed: String| value.set(typed.parse().ok()));
    view! {
        <Picker
            name
            label
            hint
            required
            kind="date"
            text=Signal::derive(text)
            read
            min=Signal::derive(move || min.get().map(|day| day.to_string()))
            max=Signal::derive(move || max.get().map(|day| day.to_string()))
        />
    }
    .into_any()
}

/// A time of day, in steps of five minutes.
#[component]
pub fn TimeField(
    /// The field's name in the command.
    name: &'static str,
    /// What people call it.
    #[prop(into)]
    label: TextProp,
    /// The time.
    value: RwSignal<Option<NaiveTime>>,
    /// How to fill it in.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let text = move || value.get().map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
    let read = Callback::new(move |typed: String| value.set(NaiveTime::parse_from_str(&typed, "%H:%M").ok()));
    let none = Signal::derive(|| None);
    view! { <Picker name label hint required kind="time" text=Signal::derive(text) read min=none max=none /> }.into_any()
}

#[component]
fn Picker(
    name: &'static str,
    label: TextProp,
    hint: Option<TextProp>,
    required: bool,
    kind: &'static str,
    text: Signal<String>,
    read: Callback<String>,
    min: Signal<Option<String>>,
    max: Signal<Option<String>>,
) -> impl IntoView {
    let links = FieldLinks::new(name, hint.is_some());
    view! {
        <FieldFrame name label hint required>
            <input
                class="input picker"
                id=links.id()
                name=name
                type=kind
                step=(kind == "time").then_some("300")
                min=move || min.try_get().flatten()
                max=move || max.try_get().flatten()
                autocomplete="off"
                aria-required=required.then_some("true")
                aria-invalid=move || links.invalid()
                aria-describedby=move || links.described_by()
                value=text.get_untracked()
                prop:value=move || text.try_get().unwrap_or_default()
                on:change=move |event| read.run(event_target_value(&event))
            />
        </FieldFrame>
    }
    .into_any()
}
