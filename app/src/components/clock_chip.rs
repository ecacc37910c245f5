//! How long until something is due, and whether it is late. Late is said in words, colour and shape.

use super::{
    icon::{Icon, IconName},
    now::use_today,
    text::{date, due_in},
};
use crate::i18n::{t_string, use_i18n};
use chrono::NaiveDate;
use leptos::prelude::*;

/// A due day: calm, close, late or done.
#[component]
pub fn ClockChip(
    /// The day on which it is due.
    due: NaiveDate,
    /// Whether it was done.
    #[prop(optional)]
    done: bool,
    /// From how many days before it warns.
    #[prop(default = 2)]
    warn_before: u16,
) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    let left = move || (due - today.get()).num_days();
    let class = move || match left() {
        _ if done => "chip tone-success",
        days if days < 0 => "chip tone-error",
        days if days <= i64::from(warn_before) => "chip tone-warn",
        _ => "chip",
    };
    let icon = move || match left() {
        _ if done => view! { <Icon name=IconName::Check /> },
        days if days < 0 => view! { <Icon name=IconName::WarningCircle /> },
        _ => view! { <Icon name=IconName::Clock /> },
    };
    let words = move || if done { t_string!(i18n, labels.due.done).to_owned() } else { due_in(i18n, due, today.get()) };
    view! {
        <span class=class title=move || date(i18n, due)>
            {icon}
            <span>{words}</span>
        </span>
    }
    .into_any()
}
