//! Amounts as bars: native elements, since no inline style is allowed.

use leptos::prelude::*;

/// An amount within a known range, such as a caseload.
#[component]
pub fn Meter(
    /// What is measured.
    #[prop(into)]
    label: TextProp,
    /// The amount.
    #[prop(into)]
    value: Signal<u32>,
    /// The full length.
    #[prop(into)]
    max: Signal<u32>,
    /// Above this it is much.
    #[prop(optional, into)]
    high: Option<u32>,
    /// The amount in words, shown beside the bar.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    let much = move || high.is_some_and(|high| value.get() > high);
    view! {
        <span class="meter" class:meter-high=much>
            <meter aria-label=move || label.get() min="0" max=move || max.get().max(1) value=move || value.get()></meter>
            <span class="meter-text">{move || text.get()}</span>
        </span>
    }
    .into_any()
}

/// How far work has come; without a value, that it goes on.
#[component]
pub fn Progress(
    /// What is going on.
    #[prop(into)]
    label: TextProp,
    /// Per cent done.
    #[prop(into)]
    percent: Signal<Option<u8>>,
) -> impl IntoView {
    view! {
        <span class="progress">
            <progress aria-label=move || label.get() max="100" value=move || percent.get()></progress>
            <span class="progress-text">{move || percent.get().map(|percent| format!("{percent} %"))}</span>
        </span>
    }
    .into_any()
}
