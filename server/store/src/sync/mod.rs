//! The server's side of tablets: what was written on one comes in ([`push`]), what one keeps goes out ([`pull`]). A tablet keeps
//! what [`visible::field_cases`](crate::visible) says, and nothing else: when that shrinks, dossiers go.

mod dossier;
mod kept;
#[cfg(test)]
mod plan_tests;
mod pull;
mod push;
mod wholes;

use crate::{OpContext, error::StoreError, restored};
use chrono::{DateTime, Utc};
use domain::ApiError;
pub(crate) use kept::waiting;
pub use pull::pull;
pub use push::push;
pub(crate) use wholes::Wholes;

/// When the database was last restored from a backup; none if never.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn restored_at(ctx: &OpContext) -> Result<Option<DateTime<Utc>>, ApiError> {
    restored::at(ctx).await.map_err(StoreError::into_api)
}
