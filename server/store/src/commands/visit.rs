//! Placeholder until this aggregate is built in the same change set.

use crate::{error::StoreError, execute::Write};
use domain::{ApiError, command::VisitCommand, ids::Rev};

pub(super) async fn apply(_: &mut Write<'_>, _: &VisitCommand) -> Result<Rev, StoreError> {
    Err(ApiError::BadRequest.into())
}

/// "Unreachable" needs enough and varied attempts.
pub(super) async fn check_attempts(_: &Write<'_>, _: domain::ids::CaseId) -> Result<(), StoreError> {
    Err(domain::Rule::TooFewAttempts.into())
}

/// Cancels what is still planned, because the case ends.
pub(super) async fn cancel_planned(_: &mut Write<'_>, _: uuid::Uuid) -> Result<(), StoreError> {
    Ok(())
}
