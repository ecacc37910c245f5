//! What others do appears here without a reload. One event source per tab; each change bumps the version of
//! its kind, and resources that depend on the version load again.

use super::icon::{Icon, IconName};
use crate::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Whether changes reach this tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not asked for, or on the way.
    #[default]
    Waiting,
    /// Changes arrive.
    Open,
    /// The server can't be reached.
    Lost,
}

/// The versions of all kinds of things, as this tab knows them.
#[derive(Clone, Copy)]
pub struct Live {
    versions: RwSignal<BTreeMap<String, u64>>,
    connection: RwSignal<Connection>,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self { versions: RwSignal::new(BTreeMap::new()), connection: RwSignal::new(Connection::Waiting) }
    }

    /// Things of these kinds changed here.
    pub fn bump(self, kinds: &[&str]) {
        self.versions.update(|versions| {
            for kind in kinds {
                *versions.entry((*kind).to_owned()).or_default() += 1;
            }
        });
    }

    /// Whether changes reach this tab.
    #[must_use]
    pub fn connection(self) -> Signal<Connection> {
        self.connection.into()
    }
}

/// A number that grows when something of these kinds (`case`, `visit`, `neighbor`, …) changed, or may have
/// changed while the connection was lost. Let a resource depend on it.
#[must_use]
pub fn use_live(topics: &'static [&'static str]) -> Signal<u64> {
    let live = use_context::<Live>().unwrap_or_else(Live::new);
    let sum = move |versions: &BTreeMap<String, u64>| {
        let missed = versions.get(MISSED).copied().unwrap_or(0);
        topics.iter().filter_map(|topic| versions.get(*topic)).sum::<u64>() + missed
    };
    Memo::new(move |_| live.versions.with(sum)).into()
}

/// The kind that stands for "anything may have changed".
const MISSED: &str = "*";

/// "Offline", while it is so; once, in the frame.
#[component]
pub fn ConnectionNotice() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_context::<Live>().unwrap_or_else(Live::new);
    let lost = Memo::new(move |_| live.connection.get() == Connection::Lost);
    view! {
        <div class="connection" role="status">
            <Show when=move || lost.get()>
                <span class="badge tone-warn" title=move || t_string!(i18n, live.lost_hint)>
                    <Icon name=IconName::WifiSlash />
                    <span>{t!(i18n, live.lost)}</span>
                </span>
            </Show>
        </div>
    }
    .into_any()
}

/// Opens the event source of this tab; called by the frame, once, in the browser.
#[cfg(feature = "hydrate")]
pub(crate) fn connect(live: Live) {
    browser::connect(live);
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Connection, Live, MISSED};
    use leptos::prelude::*;
    use serde::Deserialize;
    use std::time::Duration;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Event, EventSource, MessageEvent};

    /// How long changes are gathered before pages load again: a bulk assignment is one reload, not two hundred.
    const GATHER: Duration = Duration::from_millis(150);
    const RETRY: Duration = Duration::from_secs(5);

    #[derive(Deserialize)]
    struct Change {
        entity: String,
    }

    pub(super) fn connect(live: Live) {
        let Ok(source) = EventSource::new("/events") else {
            live.connection.set(Connection::Lost);
            return;
        };
        let gathered = StoredValue::new(Vec::<String>::new());
        let opened = Closure::<dyn Fn()>::new(move || {
            let before = live.connection.get_untracked();
            live.connection.set(Connection::Open);
            if before == Connection::Lost {
                bump(live, &[MISSED.to_owned()]);
            }
        });
        let changed = Closure::<dyn Fn(Event)>::new(move |event: Event| gather(live, gathered, &event));
        let failed = {
            let source = source.clone();
            Closure::<dyn Fn()>::new(move || {
                live.connection.set(Connection::Lost);
                // The browser retries by itself unless the server refused; then we do.
                if source.ready_state() == EventSource::CLOSED {
                    set_timeout(move || connect(live), RETRY);
                }
            })
        };
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        // It fails only for a detached source.
        let _ = source.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        // The source lives as long as the tab.
        opened.forget();
        changed.forget();
        failed.forget();
    }

    fn gather(live: Live, gathered: StoredValue<Vec<String>>, event: &Event) {
        let Some(text) = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string()) else { return };
        let Ok(change) = serde_json::from_str::<Change>(&text) else { return };
        let first = gathered.try_update_value(|kinds| {
            kinds.push(change.entity);
            kinds.len() == 1
        });
        if first == Some(true) {
            set_timeout(move || bump(live, &gathered.try_update_value(std::mem::take).unwrap_or_default()), GATHER);
        }
    }

    fn bump(live: Live, kinds: &[String]) {
        live.versions.update(|versions| {
            for kind in kinds {
                *versions.entry(kind.clone()).or_default() += 1;
            }
        });
    }
}
