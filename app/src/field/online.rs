//! Whether the device has a network at all. That it has one does not mean that the server can be reached.

use crate::{
    components::icon::{Icon, IconName},
    i18n::{t, t_string, use_i18n},
};
use leptos::{ev, prelude::*};

/// Follows the device's network.
#[derive(Clone, Copy)]
pub struct Online(RwSignal<bool>);

impl Online {
    pub(super) fn follow() -> Self {
        let online = RwSignal::new(window().navigator().on_line());
        // Both listen as long as the tab lives.
        let _ = window_event_listener(ev::online, move |_| online.set(true));
        let _ = window_event_listener(ev::offline, move |_| online.set(false));
        Self(online)
    }

    /// Whether there is a network; follows it.
    #[must_use]
    pub fn get(self) -> bool {
        self.0.get()
    }
}

/// The network as this tab knows it.
#[must_use]
pub fn use_online() -> Online {
    use_context().unwrap_or_else(Online::follow)
}

/// "No network", while it is so.
#[component]
pub(super) fn OfflineMark() -> impl IntoView {
    let i18n = use_i18n();
    let online = use_online();
    view! {
        <div class="connection" role="status">
            <Show when=move || !online.get()>
                <span class="badge tone-warn" title=move || t_string!(i18n, shell.offline_hint)>
                    <Icon name=IconName::WifiSlash />
                    <span>{t!(i18n, shell.offline)}</span>
                </span>
            </Show>
        </div>
    }
    .into_any()
}
