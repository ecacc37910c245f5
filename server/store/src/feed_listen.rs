//! Hearing of changes that other processes made: PostgreSQL tells (`LISTEN iut_change`); on SQLite, and while the
//! listener's connection is away, the positions of the feeds are asked for every half second.

use crate::{Store, dialect, error::StoreError, feed};
use std::{collections::HashMap, time::Duration};
use tokio::time::{MissedTickBehavior, interval, timeout};

const ASK_EVERY: Duration = Duration::from_millis(500);
/// A listener that has been silent for this long asks, in case a message was lost.
const SILENCE: Duration = Duration::from_secs(5);

/// Wakes the followers of `store` whenever a feed grows in another process. Runs until it is dropped.
pub async fn run(store: Store) {
    let mut known = HashMap::new();
    loop {
        if let Err(error) = listen(&store, &mut known).await {
            tracing::warn!(error = %error.into_api(), "the listener's connection is away: asking instead");
        }
        ask_for_a_while(&store, &mut known).await;
    }
}

type Known = HashMap<domain::ids::TenantId, domain::ids::ChangeSeq>;

/// Follows the engine's messages; returns when there are none to be had.
async fn listen(store: &Store, known: &mut Known) -> Result<(), StoreError> {
    let Some(mut listener) = dialect::listener(store.writer()).await? else { return Ok(()) };
    ask(store, known).await?;
    loop {
        match timeout(SILENCE, listener.recv()).await {
            Ok(message) => {
                message.map_err(|error| sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))?;
                ask(store, known).await?;
            }
            Err(_) => ask(store, known).await?,
        }
    }
}

async fn ask_for_a_while(store: &Store, known: &mut Known) {
    let mut ticks = interval(ASK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..60 {
        ticks.tick().await;
        if let Err(error) = ask(store, known).await {
            // Logged by into_api; the next tick tries again.
            let _ = error.into_api();
        }
    }
}

/// Asks for the positions and wakes where one has grown.
async fn ask(store: &Store, known: &mut Known) -> Result<(), StoreError> {
    for wake in feed::positions(store).await? {
        if known.insert(wake.tenant, wake.seq) != Some(wake.seq) {
            store.wake(wake);
        }
    }
    Ok(())
}
