//! Who changed which setting when, from what to what.

use super::settings::CLOCKS;
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    settings::{Days, Settings},
    view::admin::Version,
};
use leptos::prelude::*;

/// The versions, the latest first.
#[component]
pub(super) fn History(history: Vec<Version<Settings>>) -> impl IntoView {
    let i18n = use_i18n();
    if history.is_empty() {
        return ().into_any();
    }
    let before = history.iter().skip(1).map(|version| version.entry.clone()).chain([Settings::default()]).collect::<Vec<_>>();
    let line = move |(version, before): (Version<Settings>, Settings)| {
        let (at, by, after) = (version.set_at, version.set_by, version.entry);
        let list = move || changes(i18n, &before, &after).into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
        view! {
            <li>
                <p class="muted">{by} " · " {move || text::date_time(i18n, at)}</p>
                {list}
            </li>
        }
    };
    view! {
        <section class="section stack" aria-labelledby="versions-title">
            <h2 id="versions-title">{t!(i18n, admin.versions_title)}</h2>
            <ul class="rows entries">{history.into_iter().zip(before).map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn count(i18n: I18n, days: Days) -> String {
    if days.working {
        t_string!(i18n, admin.working_count, days = days.days).to_string()
    } else {
        t_string!(i18n, admin.calendar_count, days = days.days).to_string()
    }
}

fn changed(i18n: I18n, clock: &'static str, before: String, after: String) -> String {
    t_string!(i18n, admin.changed_days, clock = clock, before = before, after = after).to_string()
}

fn changes(i18n: I18n, before: &Settings, after: &Settings) -> Vec<String> {
    let (mut old, mut new) = (before.clocks.clone(), after.clocks.clone());
    let mut lines = Vec::new();
    for (_, label, get) in CLOCKS {
        let (old, new) = (*get(&mut old), *get(&mut new));
        if old != new {
            lines.push(changed(i18n, label(i18n), count(i18n, old), count(i18n, new)));
        }
    }
    if old.warn_before != new.warn_before {
        let words = |days: u16| t_string!(i18n, admin.calendar_count, days = days).to_string();
        lines.push(changed(i18n, t_string!(i18n, admin.warn_before), words(old.warn_before), words(new.warn_before)));
    }
    if before.second_factor_roles != after.second_factor_roles {
        let words = |settings: &Settings| match settings.second_factor_roles.as_slice() {
            [] => t_string!(i18n, common.none).to_owned(),
            roles => roles.iter().map(|role| role.label(i18n)).collect::<Vec<_>>().join(", "),
        };
        lines.push(changed(i18n, t_string!(i18n, admin.second_factor_roles), words(before), words(after)));
    }
    if lines.is_empty() {
        lines.push(t_string!(i18n, admin.first_version).to_owned());
    }
    lines
}
