//! For the demo district only: what a loaded list became, so that its story can go on.

use crate::{
    OpContext,
    entity::{neighbor, round_entry},
    error::StoreError,
};
use domain::{
    ApiError,
    ids::{NeighborId, RoundEntryId, RoundId},
    policy::{Action, Kind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// One person of a loaded list.
#[derive(Clone, Debug)]
pub struct ListedPerson {
    /// The entry.
    pub entry: RoundEntryId,
    /// The person.
    pub neighbor: NeighborId,
    /// Name.
    pub name: String,
    /// Birth year.
    pub birth_year: Option<i32>,
    /// Dong.
    pub dong: String,
}

/// The entries of one list with the people behind them.
///
/// # Errors
/// [`ApiError::Forbidden`] for who may not load lists.
pub async fn listed(ctx: &OpContext, round: RoundId) -> Result<Vec<ListedPerson>, ApiError> {
    ctx.check(Action::Import, &ctx.resource(Kind::Round))?;
    load(ctx, round).await.map_err(StoreError::into_api)
}

async fn load(ctx: &OpContext, round: RoundId) -> Result<Vec<ListedPerson>, StoreError> {
    let tenant = ctx.tenant().0;
    let entries = round_entry::Entity::find()
        .filter(round_entry::Column::TenantId.eq(tenant))
        .filter(round_entry::Column::RoundId.eq(round.0))
        .all(ctx.store.read())
        .await?;
    let mut people = HashMap::new();
    for chunk in entries.chunks(500) {
        let rows = neighbor::Entity::find()
            .filter(neighbor::Column::TenantId.eq(tenant))
            .filter(neighbor::Column::Id.is_in(chunk.iter().map(|entry| entry.neighbor_id)))
            .all(ctx.store.read())
            .await?;
        people.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let listed = entries.into_iter().filter_map(|entry| {
        let person = people.get(&entry.neighbor_id)?;
        Some(ListedPerson {
            entry: RoundEntryId(entry.id),
            neighbor: NeighborId(entry.neighbor_id),
            name: person.name.clone().unwrap_or_default(),
            birth_year: person.birth_year,
            dong: person.dong_code.clone(),
        })
    });
    Ok(listed.collect())
}
