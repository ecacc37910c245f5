//! One's own sessions; others than this one can be ended.

use crate::{
    api::end_session,
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::view::accounts::OwnSession;
use leptos::{prelude::*, task::spawn_local};

/// The list.
#[component]
pub fn Sessions(
    /// The sessions.
    sessions: Vec<OwnSession>,
    /// Grows when one was ended.
    version: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="section stack account-part">
            <h2>{t!(i18n, account.sessions)}</h2>
            <p class="muted">{t!(i18n, account.sessions_hint)}</p>
            <ul class="account-sessions">
                {sessions.into_iter().map(|session| view! { <SessionLine session version /> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn SessionLine(session: OwnSession, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let toaster = use_toaster();
    let OwnSession { id, device, address, seen_at, current, .. } = session;
    let device = move || device.clone().unwrap_or_else(|| t_string!(i18n, common.unknown).to_owned());
    let end = move || {
        let id = id.clone();
        spawn_local(async move {
            match end_session(id).await {
                Ok(()) => version.update(|version| *version += 1),
                Err(error) => toaster.failed(error_text(i18n, &error.0)),
            }
        });
    };
    view! {
        <li>
            <span>
                <b>{device}</b>
                " "
                <span class="muted">{address}</span>
                " · "
                {move || text::date_time(i18n, seen_at)}
            </span>
            {if current {
                view! { <span class="badge tone-info">{t!(i18n, account.this_session)}</span> }.into_any()
            } else {
                view! { <Button on_press=end>{t!(i18n, account.end_session)}</Button> }.into_any()
            }}
        </li>
    }
    .into_any()
}
