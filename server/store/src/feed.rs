//! The change feed: what changed, in commit order, for open screens and for tablets.

use crate::{
    OpContext,
    entity::{change, feed_position},
    error::StoreError,
    open::Store,
    visible,
};
use domain::{
    ApiError,
    ids::{ChangeSeq, TenantId},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr};
use serde::Serialize;
use uuid::Uuid;

/// "The feed of this tenant has grown to here."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// Whose feed.
    pub tenant: TenantId,
    /// Its last position.
    pub seq: ChangeSeq,
}

/// A change as an open screen hears of it: no content, only what to load again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Position in the feed.
    pub seq: ChangeSeq,
    /// What kind of thing: `case`, `visit`, `neighbor`, `round`, `user`…
    pub entity: String,
    /// Which one.
    pub id: Uuid,
    /// The neighbor that it is about.
    pub neighbor: Option<Uuid>,
}

/// The last position of a tenant's feed.
///
/// # Errors
/// When the database can't be reached.
pub async fn position(store: &Store, tenant: TenantId) -> Result<ChangeSeq, StoreError> {
    let row = feed_position::Entity::find_by_id(tenant.0).one(store.read()).await?;
    Ok(ChangeSeq(row.map_or(0, |row| row.seq)))
}

/// The positions of all feeds, for processes that must ask instead of being told.
///
/// # Errors
/// When the database can't be reached.
pub async fn positions(store: &Store) -> Result<Vec<Wake>, StoreError> {
    let rows = feed_position::Entity::find().all(store.read()).await?;
    Ok(rows.into_iter().map(|row| Wake { tenant: TenantId(row.tenant_id), seq: ChangeSeq(row.seq) }).collect())
}

/// The changes after `after` that the actor may know of, at most `limit`, with the position up to which was looked.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn changes_after(ctx: &OpContext, after: ChangeSeq, limit: u64) -> Result<(Vec<Notice>, ChangeSeq), ApiError> {
    load(ctx, after, limit).await.map_err(StoreError::into_api)
}

async fn load(ctx: &OpContext, after: ChangeSeq, limit: u64) -> Result<(Vec<Notice>, ChangeSeq), StoreError> {
    let (rows, reached) = rows_after(ctx, after, limit).await?;
    Ok((rows.into_iter().map(notice).collect(), reached))
}

/// The changes after `after` that the actor may know of, at most `limit`, with the position up to which was looked.
pub(crate) async fn rows_after(
    ctx: &OpContext,
    after: ChangeSeq,
    limit: u64,
) -> Result<(Vec<change::Model>, ChangeSeq), StoreError> {
    let end = position(&ctx.store, ctx.tenant()).await?;
    let rows = change::Entity::find()
        .filter(change::Column::TenantId.eq(ctx.tenant().0))
        .filter(change::Column::Seq.gt(after.0))
        .filter(Expr::col(change::Column::Seq).lte(end.0))
        .filter(visible::changes(&ctx.actor))
        .order_by_asc(change::Column::Seq)
        .limit(limit)
        .all(ctx.store.read())
        .await?;
    let reached = if rows.len() as u64 == limit { rows.last().map_or(end, |row| ChangeSeq(row.seq)) } else { end };
    Ok((rows, reached))
}

fn notice(row: change::Model) -> Notice {
    Notice { seq: ChangeSeq(row.seq), entity: row.entity, id: row.entity_id, neighbor: row.neighbor_id }
}
