//! What is done to tablets. Setting one up makes secrets, so it is no command: see [`crate::devices`].

use crate::{
    entity::device,
    error::StoreError,
    write::{Changed, Write},
};
use domain::{
    ApiError,
    ids::{DeviceId, Rev, UserId},
    policy::{Action, Kind},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

/// Shuts a tablet out; again changes nothing.
pub(super) async fn revoke(write: &mut Write<'_>, id: DeviceId) -> Result<Rev, StoreError> {
    let row = device::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?;
    let mut row = row.ok_or(ApiError::NotFound)?;
    let own = write.ctx.resource(Kind::Own).owned_by([UserId(row.account_id)]);
    if write.allow(Action::Edit, &own).is_err() {
        // Whether somebody else has a tablet is no business of those who keep no accounts.
        write.allow(Action::Edit, &write.ctx.resource(Kind::User)).map_err(|_refused| ApiError::NotFound)?;
    }
    write.audit("device", id, None);
    if row.revoked_at.is_some() {
        return Ok(Rev(row.rev));
    }
    row.revoked_at = Some(write.now);
    row.revoked_by = Some(write.ctx.user().0);
    row.rev += 1;
    let rev = Rev(row.rev);
    write.changed(Changed::general("user", row.account_id, rev));
    device::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    Ok(rev)
}
