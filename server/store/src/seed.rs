//! Filling a district that is not in use: what the demo and the benchmarks need beside the one write path.

use crate::{
    entity::{case_file, neighbor, visit},
    error::StoreError,
    open::Store,
};
use domain::ids::TenantId;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// How much a district holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Neighbors.
    pub neighbors: u64,
    /// Cases, closed ones too.
    pub cases: u64,
    /// Visits, planned ones too.
    pub visits: u64,
}

/// Counts what a district holds, for the command line; nothing about anybody.
///
/// # Errors
/// When the database can't be reached.
pub async fn count(store: &Store, tenant: TenantId) -> Result<Counts, StoreError> {
    let db = store.read();
    Ok(Counts {
        neighbors: neighbor::Entity::find().filter(neighbor::Column::TenantId.eq(tenant.0)).count(db).await?,
        cases: case_file::Entity::find().filter(case_file::Column::TenantId.eq(tenant.0)).count(db).await?,
        visits: visit::Entity::find().filter(visit::Column::TenantId.eq(tenant.0)).count(db).await?,
    })
}
