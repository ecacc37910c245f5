//! When somebody last touched the tablet, in any of its tabs: a tab that nobody looks at must not lock the one that is written in.

use leptos::prelude::window;
use std::{cell::Cell, time::Duration};
use web_sys::Storage;

const TOUCHED: &str = "iut-field-touched";
/// Touches are told to other tabs at most this often, in milliseconds.
const TELL_EVERY: f64 = 1000.0;

thread_local! {
    /// In this tab, in milliseconds since 1970; the last that other tabs heard of.
    static LAST: Cell<f64> = const { Cell::new(0.0) };
    static TOLD: Cell<f64> = const { Cell::new(0.0) };
}

/// The tablet was touched just now.
pub(super) fn note() {
    let now = js_sys::Date::now();
    LAST.set(now);
    if (now - TOLD.get()).abs() >= TELL_EVERY {
        TOLD.set(now);
        if let Some(storage) = storage() {
            // Where there is no room each tab counts for itself.
            let _ = storage.set_item(TOUCHED, &now.to_string());
        }
    }
}

/// How long nobody has touched it. A clock that was set back counts as long as one that went on.
pub(super) fn idle_for() -> Duration {
    let now = js_sys::Date::now();
    let elsewhere =
        storage().and_then(|storage| storage.get_item(TOUCHED).ok().flatten()).and_then(|text| text.parse::<f64>().ok());
    let since = |at: f64| (now - at).abs();
    let least = elsewhere.map_or(f64::INFINITY, since).min(since(LAST.get()));
    Duration::try_from_secs_f64(least / 1000.0).unwrap_or(Duration::MAX)
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
