//! What happened, newest first, with a line that holds it together.

use super::{
    icon::{Icon, IconName},
    now::use_today,
    text::{date, relative_day, time},
};
use crate::i18n::use_i18n;
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;

/// A list of days or, within a day, of events.
#[component]
pub fn Timeline(
    /// [`TimelineDay`]s.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline">{children()}</ol> }.into_any()
}

/// One day with its events.
#[component]
pub fn TimelineDay(
    /// The day.
    day: NaiveDate,
    /// [`TimelineItem`]s.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let today = use_today();
    view! {
        <li class="timeline-day">
            <h3 class="timeline-date">
                <time datetime=day.to_string()>{move || date(i18n, day)}</time>
                " "
                <span class="muted">{move || relative_day(i18n, day, today.get())}</span>
            </h3>
            <ol>{children()}</ol>
        </li>
    }
    .into_any()
}

/// One event.
#[component]
pub fn TimelineItem(
    /// When.
    at: DateTime<Utc>,
    /// What kind.
    icon: IconName,
    /// Class of the mark's colour; see `Badge`.
    #[prop(optional)]
    tone: &'static str,
    /// What happened.
    #[prop(into)]
    title: TextProp,
    /// Who did it.
    #[prop(optional, into)]
    actor: Option<String>,
    /// More about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="timeline-item">
            <span class=format!("timeline-mark {tone}")>
                <Icon name=icon />
            </span>
            <div class="timeline-body">
                <p class="timeline-head">
                    <b>{move || title.get()}</b>
                    <span class="muted">
                        <time datetime=at.to_rfc3339()>{time(at)}</time>
                        {actor.map(|actor| format!(" · {actor}"))}
                    </span>
                </p>
                {children.map(|children| view! { <div class="timeline-text">{children()}</div> })}
            </div>
        </li>
    }
    .into_any()
}
