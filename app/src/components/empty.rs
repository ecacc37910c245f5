//! What a list shows when it has nothing to show: why, and what to do.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// An icon, a sentence and an action.
#[component]
pub fn EmptyState(
    /// What the list is about.
    #[prop(default = IconName::Tray)]
    icon: IconName,
    /// Why it is empty.
    #[prop(into)]
    title: TextProp,
    /// What to do: a sentence, a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <Icon name=icon />
            </span>
            <p class="empty-title">{move || title.get()}</p>
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
    .into_any()
}
