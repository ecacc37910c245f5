//! Putting a text on the clipboard.

use super::{button::Button, icon::IconName, toast::use_toaster};
use crate::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;

/// A button that copies `text` and says so.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let copy = move || {
        if to_clipboard(&text) {
            toaster.done(move || t_string!(i18n, common.copied));
        } else {
            toaster.failed(move || t_string!(i18n, common.copy_failed));
        }
    };
    view! { <Button icon=IconName::Clipboard on_press=copy>{t!(i18n, common.copy)}</Button> }.into_any()
}

/// False where the browser has no clipboard for pages: without a secure connection.
#[cfg(feature = "hydrate")]
fn to_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    let found = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if found.is_ok_and(|clipboard| clipboard.is_object()) {
        // The browser asks the person itself where it must; nothing waits for the answer.
        let _ = navigator.clipboard().write_text(text);
        return true;
    }
    false
}

#[cfg(not(feature = "hydrate"))]
fn to_clipboard(_: &str) -> bool {
    false
}
