//! Icons as inline SVG: no request, no font, the colour of the text around them.

pub use super::icon_paths::IconName;
use leptos::prelude::*;

/// An icon beside a word. It says nothing to a screen reader: the word does.
#[component]
pub fn Icon(
    /// Which.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 256 256" fill="currentColor" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
    .into_any()
}
