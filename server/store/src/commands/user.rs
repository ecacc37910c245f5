//! Placeholder until this aggregate is built in the same change set.

use crate::{error::StoreError, execute::Write};
use domain::{ApiError, command::UserCommand, ids::Rev};

pub(super) async fn apply(_: &mut Write<'_>, _: &UserCommand) -> Result<Rev, StoreError> {
    Err(ApiError::BadRequest.into())
}
