//! What was taken off goes for good, soon after.

use super::spot;
use crate::{Store, commands::attachment::received, entity::attachment, error::StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr};

/// Attachments of one go.
const BATCH: u64 = 100;

/// Takes away the bytes of attachments that were taken off, and says of how many. What fails is tried again with the next call.
///
/// # Errors
/// The database's faults and those of the place of files.
pub async fn wipe(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let rows = attachment::Entity::find()
        .filter(attachment::Column::RemovedAt.is_not_null())
        .filter(attachment::Column::WipedAt.is_null())
        .order_by_asc(attachment::Column::RemovedAt)
        .limit(BATCH)
        .all(store.read())
        .await?;
    for row in &rows {
        let files = store.files()?;
        for part in 0..received(row).parts {
            files.delete(spot(row, part)).await?;
        }
        attachment::Entity::update_many()
            .col_expr(attachment::Column::WipedAt, Expr::value(now))
            .filter(attachment::Column::TenantId.eq(row.tenant_id))
            .filter(attachment::Column::Id.eq(row.id))
            .exec(store.writer())
            .await?;
    }
    Ok(rows.len())
}
