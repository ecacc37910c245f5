//! Paging by key: how many are shown, the next ones, and the way back to the start.

use super::{button::LinkButton, icon::IconName};
use crate::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;

/// Below a list.
#[component]
pub fn Pager(
    /// How many rows are shown.
    #[prop(into)]
    shown: Signal<usize>,
    /// The address of the next ones, while there are more.
    #[prop(into)]
    next: Signal<Option<String>>,
    /// The address of the first ones, when these are not the first.
    #[prop(optional, into)]
    first: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="pager">
            <p class="muted">{move || t_string!(i18n, common.shown, count = shown.get())}</p>
            {move || {
                first.get().map(|href| view! { <LinkButton href icon=IconName::CaretLeft>{t!(i18n, common.first_page)}</LinkButton> })
            }}
            {move || {
                next.get().map(|href| view! { <LinkButton href icon=IconName::CaretDown>{t!(i18n, common.more)}</LinkButton> })
            }}
        </div>
    }
    .into_any()
}
