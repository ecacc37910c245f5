//! What goes on in the background: hearing of other processes' changes, sealing the trail, forgetting what is over.

use crate::state::AppState;
use domain::ids::OpId;
use std::time::Duration;
use store::{Store, StoreError, accounts, attachments, audit::seal, feed_listen, tenants};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

const SEAL_EVERY: Duration = Duration::from_secs(1);
const WIPE_EVERY: Duration = Duration::from_secs(60);
const CLEAN_EVERY: Duration = Duration::from_secs(600);

/// Starts the jobs; they end with `state.stop`.
pub(crate) fn start(state: &AppState) {
    spawn(state, feed_listen::run(state.store.clone()));
    spawn(state, seal_trail(state.clone()));
    spawn(state, clean(state.clone()));
    spawn(state, wipe(state.clone()));
}

fn spawn(state: &AppState, job: impl Future<Output = ()> + Send + 'static) {
    let stop = state.stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = job => {}
            () = stop.cancelled() => {}
        }
    });
}

async fn seal_trail(state: AppState) {
    let holder = Uuid::from(OpId::new());
    let mut ticks = interval(SEAL_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = seal_all(&state, holder).await {
            // Logged by into_api; the next second tries again.
            let _ = error.into_api();
        }
    }
}

async fn seal_all(state: &AppState, holder: Uuid) -> Result<(), StoreError> {
    for tenant in tenants::list(&state.store).await? {
        let sealed = seal::seal_waiting(&state.store, tenant.id, holder, state.clock.now()).await?;
        metrics::counter!("iut_audit_rows_sealed_total").increment(sealed);
    }
    Ok(())
}

async fn clean(state: AppState) {
    let mut ticks = interval(CLEAN_EVERY);
    loop {
        ticks.tick().await;
        match forget(&state.store, &state).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "sessions and links that were over are gone"),
            Err(error) => drop(error.into_api()),
        }
    }
}

async fn wipe(state: AppState) {
    let mut ticks = interval(WIPE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match attachments::wipe(&state.store, state.clock.now()).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "attachments that were taken off are gone"),
            Err(error) => drop(error.into_api()),
        }
    }
}

async fn forget(store: &Store, state: &AppState) -> Result<u64, StoreError> {
    accounts::clean(store, state.clock.now()).await
}
