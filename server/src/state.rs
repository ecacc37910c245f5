//! What every handler may use.

use crate::field::FieldShell;
use axum::extract::FromRef;
use domain::{clock::SharedClock, ids::DeviceId};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use leptos::config::LeptosOptions;
use std::{net::IpAddr, num::NonZeroU32, sync::Arc};
use store::{Store, accounts::SignInLimit};
use tokio_util::sync::CancellationToken;

/// Requests of one tablet: so many at once, and then so many a second. Loading ten thousand cases for the first time takes a
/// hundred, one after the other.
pub(crate) const TABLET_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
pub(crate) const TABLET_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

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
    /// What tablets keep of the program.
    pub field: Arc<FieldShell>,
    /// Counts tries to sign in.
    pub limit: Arc<SignInLimit>,
    /// Counts what tablets ask.
    pub tablets: Arc<DefaultKeyedRateLimiter<DeviceId>>,
    /// Cancelled when the server stops: endless answers end.
    pub stop: CancellationToken,
}

impl AppState {
    /// A state with nothing counted yet. Reads the files of the site.
    #[must_use]
    pub fn new(store: Store, clock: SharedClock, options: LeptosOptions, config: Config) -> Self {
        let field = Arc::new(FieldShell::read(&options));
        let tablets = RateLimiter::keyed(Quota::per_second(TABLET_PER_SECOND).allow_burst(TABLET_BURST));
        Self {
            store,
            clock,
            options,
            config: Arc::new(config),
            field,
            limit: Arc::default(),
            tablets: Arc::new(tablets),
            stop: CancellationToken::new(),
        }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
