//! What every handler may use.

use axum::extract::FromRef;
use domain::clock::SharedClock;
use leptos::config::LeptosOptions;
use std::{net::IpAddr, sync::Arc};
use store::{Store, accounts::SignInLimit};
use tokio_util::sync::CancellationToken;

/// How the server stands in the world.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Whether browsers speak https with it (itself or a proxy before it).
    pub secure: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where `cargo leptos watch` listens for reloading pages; only while developing.
    pub reload: Option<String>,
}

/// What every handler may use. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The database with its keys.
    pub store: Store,
    /// What time it is.
    pub clock: SharedClock,
    /// What the pages need to know of the site's files.
    pub options: LeptosOptions,
    /// How the server stands in the world.
    pub config: Arc<Config>,
    /// Counts tries to sign in.
    pub limit: Arc<SignInLimit>,
    /// Cancelled when the server stops: endless answers end.
    pub stop: CancellationToken,
}

impl AppState {
    /// A state with nothing counted yet.
    #[must_use]
    pub fn new(store: Store, clock: SharedClock, options: LeptosOptions, config: Config) -> Self {
        Self { store, clock, options, config: Arc::new(config), limit: Arc::default(), stop: CancellationToken::new() }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
