//! Proving the trail: every batch is computed anew and compared, and the first broken row is named.

use super::{digest, seal::merkle_root};
use crate::{
    crypt::TenantKeys,
    entity::{audit, audit_batch},
    error::StoreError,
    open::Store,
};
use domain::ids::TenantId;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use uuid::Uuid;

/// What a check of the trail found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Batches checked.
    pub batches: u64,
    /// Rows checked.
    pub rows: u64,
    /// Rows that wait for the sealer.
    pub waiting: u64,
    /// The first fault, when there is one.
    pub broken: Option<Broken>,
}

/// A fault in the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Number of the batch, from 1.
    pub batch: i64,
    /// Place of the row in its batch, from 1.
    pub place: Option<usize>,
    /// The row.
    pub row: Option<Uuid>,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A row's content was changed.
    Changed,
    /// A row was taken out.
    Deleted,
    /// A row stands in another place than it was sealed in, or was put in.
    Swapped,
    /// The batch itself was changed.
    Batch,
    /// A batch is missing, or follows another than the one it was sealed after.
    Chain,
}

/// Checks the whole trail of a tenant, batch by batch.
///
/// # Errors
/// When the database or a key fails; a fault in the trail is no error but a finding.
pub async fn verify(store: &Store, tenant: TenantId) -> Result<Verification, StoreError> {
    let keys = store.keys(tenant).await?;
    let numbers = audit_batch::Entity::find().filter(audit_batch::Column::TenantId.eq(tenant.0)).count(store.read()).await?;
    let mut found = Verification { batches: 0, rows: 0, waiting: 0, broken: None };
    let mut previous = Vec::new();
    let mut number = 0;
    while found.batches < numbers && found.broken.is_none() {
        number += 1;
        let Some(batch) = audit_batch::Entity::find_by_id((tenant.0, number)).one(store.read()).await? else {
            found.broken = Some(Broken { batch: number, place: None, row: None, fault: Fault::Chain });
            break;
        };
        let rows = batch_rows(store, tenant, number).await?;
        found.broken = check_batch(&keys, &batch, &previous).or_else(|| check_rows(&batch, &rows));
        found.batches += 1;
        found.rows += rows.len() as u64;
        previous = batch.seal;
    }
    found.waiting = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tenant.0))
        .filter(audit::Column::Batch.is_null())
        .count(store.read())
        .await?;
    Ok(found)
}

async fn batch_rows(store: &Store, tenant: TenantId, number: i64) -> Result<Vec<audit::Model>, StoreError> {
    Ok(audit::Entity::find()
        .filter(audit::Column::TenantId.eq(tenant.0))
        .filter(audit::Column::Batch.eq(number))
        .order_by_asc(audit::Column::Id)
        .all(store.read())
        .await?)
}

fn check_batch(keys: &TenantKeys, batch: &audit_batch::Model, previous: &[u8]) -> Option<Broken> {
    let broken = |fault| Some(Broken { batch: batch.number, place: None, row: None, fault });
    if batch.previous != previous {
        return broken(Fault::Chain);
    }
    let rows = (batch.leaves.len() / 32) as u64;
    let root = merkle_root(&batch.leaves);
    let seal = keys.seal_of(batch.key_version, &[&batch.number.to_be_bytes(), &rows.to_be_bytes(), &root, previous]);
    let sound = root == batch.root && seal.is_ok_and(|seal| seal == batch.seal);
    if sound { None } else { broken(Fault::Batch) }
}

/// Compares the rows that are there with the leaves that were sealed.
fn check_rows(batch: &audit_batch::Model, rows: &[audit::Model]) -> Option<Broken> {
    let leaves: Vec<&[u8]> = batch.leaves.chunks(32).collect();
    for (index, leaf) in leaves.iter().enumerate() {
        let found = rows.get(index);
        if found.is_some_and(|row| digest(row) == *leaf) {
            continue;
        }
        let fault = match found {
            None => Fault::Deleted,
            Some(row) if leaves.contains(&digest(row).as_slice()) => displaced(rows, leaf),
            Some(row) if row.digest == *leaf => Fault::Changed,
            Some(_) if rows.len() < leaves.len() => Fault::Deleted,
            Some(_) => Fault::Changed,
        };
        return Some(Broken { batch: batch.number, place: Some(index + 1), row: found.map(|row| row.id), fault });
    }
    let extra = rows.get(leaves.len())?;
    Some(Broken { batch: batch.number, place: Some(leaves.len() + 1), row: Some(extra.id), fault: Fault::Swapped })
}

/// A sealed row stands where another was sealed: the other is gone, or the two changed places.
fn displaced(rows: &[audit::Model], expected: &[u8]) -> Fault {
    if rows.iter().any(|row| digest(row) == expected) { Fault::Swapped } else { Fault::Deleted }
}
