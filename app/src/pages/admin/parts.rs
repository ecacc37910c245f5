//! What several of these pages show.

use crate::{
    api::AppError,
    components::prelude::*,
    i18n::{Locale, t_string, use_i18n},
};
use chrono::{DateTime, Utc};
use domain::{
    clock::{Clock, SystemClock},
    policy::Scope,
    view::admin::{GrantRow, TeamName},
};
use leptos::prelude::*;

/// The Korean or the English words.
pub(crate) fn in_language(i18n: I18n, ko: &str, en: &str) -> String {
    match i18n.get_locale() {
        Locale::ko => ko.to_owned(),
        Locale::en => en.to_owned(),
    }
}

/// When a command is made: the server keeps its own time beside it.
pub(crate) fn now() -> DateTime<Utc> {
    SystemClock.now()
}

/// Why a page could not be loaded, and what to do.
#[component]
pub(crate) fn LoadFailed(error: AppError) -> impl IntoView {
    let i18n = use_i18n();
    view! { <Banner tone=Tone::Error title=move || error_text(i18n, &error.0) /> }.into_any()
}

/// A role with its reach: "담당자 · 방배팀".
pub(super) fn grant_words(i18n: I18n, grant: &GrantRow) -> String {
    let reach = match (&grant.team, grant.scope) {
        (Some(TeamName { name_ko, name_en, .. }), Scope::Team(_)) => in_language(i18n, name_ko, name_en),
        (_, scope) => text::scope_label(i18n, scope).to_owned(),
    };
    format!("{} · {reach}", grant.role.label(i18n))
}

/// Parts of administration that stand beside each other have a way to each other.
#[component]
pub(super) fn AdminHead(#[prop(into)] title: TextProp, #[prop(into)] lead: TextProp) -> impl IntoView {
    let i18n = use_i18n();
    let crumbs = vec![Crumb::new("/admin/users", move || t_string!(i18n, admin.title))];
    view! { <PageHead title lead crumbs /> }.into_any()
}
