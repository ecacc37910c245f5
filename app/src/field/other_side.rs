//! The same thing on the other side: at the desk what the field shows, on the tablet what the desk shows.

use crate::{
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use leptos::prelude::*;

/// A link to `path` on the other side, where there is one: a tablet set up in this browser, or a network.
#[component]
pub fn OtherSide(
    /// The address at the desk.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let here = super::is_here();
    let is_there = follow(here);
    let href = if here { path } else { format!("/field{path}") };
    let icon = if here { IconName::Monitor } else { IconName::Tray };
    let label = move || if here { t_string!(i18n, shell.open_desk) } else { t_string!(i18n, shell.open_field) };
    view! {
        <Show when=move || is_there.get()>
            <a class="button button-tertiary no-print" href=href.clone() rel="external">
                <Icon name=icon />
                <span>{label}</span>
            </a>
        </Show>
    }
    .into_any()
}

/// Nothing is known of the browser on a server.
#[cfg(not(feature = "hydrate"))]
fn follow(_here: bool) -> Signal<bool> {
    Signal::stored(false)
}

#[cfg(feature = "hydrate")]
fn follow(here: bool) -> Signal<bool> {
    if here {
        let online = super::online::use_online();
        return Signal::derive(move || online.get());
    }
    let set_up = RwSignal::new(false);
    Effect::new(move || {
        leptos::task::spawn_local(async move {
            if super::program::is_kept().await && super::database::is_set_up().await {
                // The page may be gone by then.
                let _ = set_up.try_set(true);
            }
        });
    });
    set_up.into()
}
