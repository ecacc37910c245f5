//! The one way in which pages change anything.

use super::AppError;
use super::json::Json;
use domain::command::{Applied, Envelope};
use leptos::prelude::*;

/// Hands one command to the store. Sending the same envelope again is safe: it is applied once.
///
/// # Errors
/// What the store answers; a [`domain::ApiError::Conflict`] carries both versions of each field.
#[server(endpoint = "execute", input = Json, output = Json)]
pub(super) async fn desk_execute(
    /// The command with its id and the revision that it is based on.
    envelope: Envelope,
) -> Result<Applied, AppError> {
    Ok(store::execute(&super::context::context()?, envelope).await?)
}
