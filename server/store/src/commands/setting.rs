//! Placeholder until this aggregate is built in the same change set.

use crate::{error::StoreError, execute::Write};
use domain::{ApiError, command::SettingCommand, ids::Rev};

pub(super) async fn apply(_: &mut Write<'_>, _: &SettingCommand) -> Result<Rev, StoreError> {
    Err(ApiError::BadRequest.into())
}
