//! A native modal dialog. The browser keeps the focus inside and gives it back when the dialog closes.

use super::{button::IconButton, icon::IconName};
use crate::i18n::{t_string, use_i18n};
use leptos::{html, prelude::*};

/// A dialog that is shown while `open` is true. Escape and the cross close it.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Id, unique on the page; names the dialog's title.
    id: &'static str,
    /// What it is about.
    #[prop(into)]
    title: TextProp,
    /// Class beside `dialog`.
    #[prop(optional)]
    class: &'static str,
    /// The content; buttons go into an element of class `dialog-actions`.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = element.get() else { return };
        match (open.get(), dialog.open()) {
            // It fails only for a dialog that has left the page.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <dialog
            node_ref=element
            id=id
            class=format!("dialog {class}")
            aria-labelledby=labelled_by
            on:close=move |_| open.set(false)
        >
            <div class="dialog-head">
                <h2 id=heading>{move || title.get()}</h2>
                <IconButton label=move || t_string!(i18n, common.close) icon=IconName::Close on_press=move || open.set(false) />
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// What a dialog shows, made when it is opened for the first time: a page that loads has enough to do.
#[component]
pub fn OnceOpened(
    /// Whether the dialog is shown.
    open: RwSignal<bool>,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let opened = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || open.get());
    view! { <Show when=move || opened.get()>{children()}</Show> }.into_any()
}
