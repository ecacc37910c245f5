//! What was said to commands of tablets that were not applied. Copies of a command may be on the way long after its writer has read
//! the answer, and has given the command up or written it anew: they hear the same, and change nothing.

use crate::{
    OpContext,
    crypt::{Cell, TenantKeys},
    entity::{op, verdict},
    error::StoreError,
    execute::{claim, digest_of},
};
use domain::{command::Envelope, ids::OpId, sync::outbox::Outcome};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait};

fn cell(id: OpId) -> Cell {
    Cell::new("verdict", "outcome", id)
}

/// Notes what is said to a command in the name of the context's actor; not, when it was decided before.
pub(crate) async fn note(
    tx: &DatabaseTransaction,
    ctx: &OpContext,
    keys: &TenantKeys,
    envelope: &Envelope,
    said: &Outcome,
) -> Result<bool, StoreError> {
    if !claim(tx, ctx, envelope, &digest_of(&envelope.command)).await? {
        return Ok(false);
    }
    let plain = serde_json::to_vec(said).map_err(|_unwritable| StoreError::Corrupt("verdict.outcome"))?;
    let row = verdict::ActiveModel {
        tenant_id: Set(ctx.tenant().0),
        id: Set(envelope.op_id.0),
        outcome: Set(keys.seal(cell(envelope.op_id), &plain)?),
    };
    verdict::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(true)
}

/// What was said to the context's actor about this very command, if it was declined.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    ctx: &OpContext,
    keys: &TenantKeys,
    envelope: &Envelope,
) -> Result<Option<Outcome>, StoreError> {
    let key = (ctx.tenant().0, envelope.op_id.0);
    let Some(before) = op::Entity::find_by_id(key).one(db).await? else { return Ok(None) };
    if before.actor_id != ctx.user().0 || before.digest != digest_of(&envelope.command) {
        return Ok(None);
    }
    let Some(row) = verdict::Entity::find_by_id(key).one(db).await? else { return Ok(None) };
    let plain = keys.open(cell(envelope.op_id), &row.outcome)?;
    serde_json::from_slice(&plain).map(Some).map_err(|_unreadable| StoreError::Corrupt("verdict.outcome"))
}
