//! The shape of what is being loaded.

use crate::i18n::{t, use_i18n};
use leptos::prelude::*;

/// Grey lines in place of content: the fallback of a `Suspense`.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">{t!(i18n, common.loading)}</span>
            {(0..lines).map(|_| view! { <div class="skeleton-line" aria-hidden="true"></div> }).collect_view()}
        </div>
    }
    .into_any()
}
