//! A session that is not used ends after 20 minutes; after 15 it says so and offers to stay. Work in any tab
//! counts, and counts on the server too.

use super::{
    button::{Button, ButtonKind},
    dialog::Dialog,
};
use crate::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;

/// Minutes without any press or key after which the warning shows.
#[cfg(feature = "hydrate")]
const WARN_AFTER_SECONDS: u32 = 15 * 60;
/// Seconds from the warning to the end.
const LEFT_AT_WARNING: u32 = 5 * 60;

/// The warning; once, in the frame of signed-in pages.
#[component]
pub fn IdleWarning() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let left = RwSignal::new(LEFT_AT_WARNING);
    #[cfg(feature = "hydrate")]
    Effect::new(move || browser::watch(open, left));
    let time = move || t_string!(i18n, live.idle_minutes, minutes = left.get() / 60, seconds = left.get() % 60).to_string();
    let stay = move || {
        #[cfg(feature = "hydrate")]
        browser::stay();
        open.set(false);
    };
    view! {
        <Dialog open id="idle" title=move || t_string!(i18n, live.idle_title)>
            <p>{move || t_string!(i18n, live.idle_body, time = time()).to_string()}</p>
            <div class="dialog-actions">
                <Button kind=ButtonKind::Primary on_press=stay>
                    {t!(i18n, live.idle_stay)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{LEFT_AT_WARNING, WARN_AFTER_SECONDS};
    use leptos::prelude::*;
    use std::time::Duration;
    use web_sys::{Storage, XmlHttpRequest};

    /// Shared by all tabs: when somebody last pressed anything, and when the server last heard of it.
    const ACTIVE: &str = "iut-active";
    const KEPT: &str = "iut-kept";
    /// The server is told of work at most this often.
    const KEEP_EVERY_SECONDS: f64 = 240.0;

    pub(super) fn watch(open: RwSignal<bool>, left: RwSignal<u32>) {
        stay();
        let note = move || {
            if !open.get_untracked() {
                write(ACTIVE, now());
            }
        };
        // The frame lives as long as the tab.
        drop(window_event_listener(leptos::ev::pointerdown, move |_| note()));
        drop(window_event_listener(leptos::ev::keydown, move |_| note()));
        let _ = set_interval_with_handle(move || check(open, left), Duration::from_secs(1));
    }

    /// Notes activity and tells the server.
    pub(super) fn stay() {
        write(ACTIVE, now());
        keep();
    }

    fn check(open: RwSignal<bool>, left: RwSignal<u32>) {
        let idle = now() - read(ACTIVE);
        let limit = f64::from(WARN_AFTER_SECONDS);
        if idle < limit {
            open.set(false);
            if read(ACTIVE) - read(KEPT) > KEEP_EVERY_SECONDS {
                keep();
            }
            return;
        }
        let remaining = f64::from(LEFT_AT_WARNING) - (idle - limit);
        if remaining <= 0.0 {
            // Reloading shows the sign-in page, for the session is over.
            let _ = window().location().reload();
            return;
        }
        left.set(remaining as u32);
        open.set(true);
    }

    fn keep() {
        write(KEPT, now());
        // When the server can't be reached, the next page says so.
        if let Ok(request) = XmlHttpRequest::new()
            && request.open("POST", "/session/keep").is_ok()
        {
            let _ = request.send();
        }
    }

    fn now() -> f64 {
        js_sys::Date::now() / 1000.0
    }

    fn storage() -> Option<Storage> {
        window().local_storage().ok().flatten()
    }

    fn read(key: &str) -> f64 {
        storage().and_then(|storage| storage.get_item(key).ok().flatten()).and_then(|text| text.parse().ok()).unwrap_or_else(now)
    }

    fn write(key: &str, seconds: f64) {
        if let Some(storage) = storage() {
            // Without storage each tab counts for itself.
            let _ = storage.set_item(key, &seconds.to_string());
        }
    }
}
