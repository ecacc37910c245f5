//! Sealing: rows of the trail are closed into batches. A batch keeps the digests of its rows (the leaves), their
//! Merkle root, and a keyed seal over the root and the seal before it; so no row can be changed, taken out or
//! moved without the key, and the first broken row can be named. (Merkle trees with distinct leaf and node
//! prefixes: RFC 6962, section 2.1.)

use crate::{
    entity::{audit, audit_batch, lease},
    error::StoreError,
    open::Store,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::TenantId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, prelude::Expr, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Rows of one batch at most.
pub const BATCH: u64 = 5_000;
/// Seconds for which a process holds the sealer's lease.
const LEASE: i64 = 10;

/// Seals what waits, batch by batch, if this process holds or gets the lease. Returns the number of rows sealed.
///
/// # Errors
/// When the database fails; nothing is half sealed.
pub async fn seal_waiting(store: &Store, tenant: TenantId, holder: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let mut sealed = 0;
    loop {
        let rows = seal_one(store, tenant, holder, now).await?;
        sealed += rows;
        if rows < BATCH {
            return Ok(sealed);
        }
    }
}

async fn seal_one(store: &Store, tenant: TenantId, holder: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
    if waiting(tenant).limit(1).one(store.read()).await?.is_none() {
        return Ok(0);
    }
    let keys = store.keys(tenant).await?;
    let tx = store.begin().await?;
    if !take_lease(&tx, tenant, holder, now).await? {
        tx.rollback().await?;
        return Ok(0);
    }
    let rows = waiting(tenant).order_by_asc(audit::Column::Id).limit(BATCH).all(&tx).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        tx.rollback().await?;
        return Ok(0);
    };
    let before = last_batch(&tx, tenant).await?;
    let number = before.as_ref().map_or(1, |batch| batch.number + 1);
    let previous = before.map(|batch| batch.seal).unwrap_or_default();
    let leaves: Vec<u8> = rows.iter().flat_map(|row| row.digest.iter().copied()).collect();
    let root = merkle_root(&leaves);
    let version = keys.seal_version();
    let seal = keys.seal_of(version, &[&number.to_be_bytes(), &(rows.len() as u64).to_be_bytes(), &root, &previous])?;
    let batch = audit_batch::ActiveModel {
        tenant_id: Set(tenant.0),
        number: Set(number),
        rows: Set(i32::try_from(rows.len()).unwrap_or(i32::MAX)),
        first_id: Set(first.id),
        last_id: Set(last.id),
        leaves: Set(leaves),
        root: Set(root),
        previous: Set(previous),
        seal: Set(seal),
        key_version: Set(version),
        sealed_at: Set(now),
    };
    audit_batch::Entity::insert(batch).exec_without_returning(&tx).await?;
    for chunk in rows.chunks(500) {
        audit::Entity::update_many()
            .col_expr(audit::Column::Batch, Expr::value(number))
            .filter(audit::Column::TenantId.eq(tenant.0))
            .filter(audit::Column::Id.is_in(chunk.iter().map(|row| row.id)))
            .exec(&tx)
            .await?;
    }
    tx.commit().await?;
    Ok(rows.len() as u64)
}

fn waiting(tenant: TenantId) -> sea_orm::Select<audit::Entity> {
    audit::Entity::find().filter(audit::Column::TenantId.eq(tenant.0)).filter(audit::Column::Batch.is_null())
}

async fn last_batch(tx: &DatabaseTransaction, tenant: TenantId) -> Result<Option<audit_batch::Model>, StoreError> {
    Ok(audit_batch::Entity::find()
        .filter(audit_batch::Column::TenantId.eq(tenant.0))
        .order_by_desc(audit_batch::Column::Number)
        .one(tx)
        .await?)
}

/// Takes or renews the lease `sealer`; `false` when another process holds it.
async fn take_lease<C: ConnectionTrait>(db: &C, tenant: TenantId, holder: Uuid, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = lease::ActiveModel {
        tenant_id: Set(tenant.0),
        name: Set("sealer".to_owned()),
        holder: Set(holder),
        expires_at: Set(now + TimeDelta::seconds(LEASE)),
    };
    let free = lease::Column::Holder.eq(holder).or(lease::Column::ExpiresAt.lte(now));
    let conflict = OnConflict::columns([lease::Column::TenantId, lease::Column::Name])
        .update_columns([lease::Column::Holder, lease::Column::ExpiresAt])
        .action_and_where(free)
        .to_owned();
    let taken = lease::Entity::insert(row).on_conflict(conflict).exec_without_returning(db).await?;
    Ok(taken > 0)
}

/// The Merkle root of 32-byte leaves. An odd node moves up alone.
#[must_use]
pub fn merkle_root(leaves: &[u8]) -> Vec<u8> {
    let mut level: Vec<Vec<u8>> = leaves.chunks(32).map(|leaf| hash(0, &[leaf])).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash(1, &[left, right]),
                alone => alone.concat(),
            })
            .collect();
    }
    level.pop().unwrap_or_default()
}

fn hash(prefix: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update([prefix]);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().to_vec()
}
