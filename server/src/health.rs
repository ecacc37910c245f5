//! Is it alive, and can it work?

use crate::state::AppState;
use axum::{extract::State, http::StatusCode};

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// The database answers and has the schema that this program expects.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match state.store.is_migrated().await {
        Ok(true) => (StatusCode::OK, "ready"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "the schema is not up to date: run iut migrate"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away"),
    }
}
