//! The real program as a process: as a server, and under an operator's hands.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

/// Declares a test that runs with the embedded database and with PostgreSQL: `on_both!(name, async |place: Place| { … });`
macro_rules! on_both {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;
            #[tokio::test]
            async fn sqlite() {
                let body = $body;
                body(Place::sqlite()).await;
            }
            #[tokio::test]
            async fn postgres() {
                let body = $body;
                body(Place::postgres().await).await;
            }
        }
    };
}

mod connection;
mod disk;
mod kill;
mod ledger;
mod place;
mod restore;
mod serve;
mod server;
mod tablet;
mod upkeep;
