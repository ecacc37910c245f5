//! What stands around cases: the head of the caseload, the district's words for forms, and whom to offer a case.

use super::{
    names::Names,
    rows::{filtered, lens_of, lenses},
};
use crate::{
    OpContext,
    entity::{case_file, saved_view},
    error::StoreError,
    staff, tenants,
};
use domain::{
    ApiError,
    catalogue::Sign,
    ids::ViewId,
    policy::{Action, Kind, Role, reach},
    view::{
        Worker,
        cases::{CaseQuery, CaseloadHead, Count, SavedView},
        neighbors::DongName,
    },
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// What stands above the caseload: counts (no further than [`Count::LIMIT`]), lenses, choices of the filters.
///
/// # Errors
/// [`ApiError::Forbidden`] for people who see no cases.
pub async fn head(ctx: &OpContext, query: &CaseQuery) -> Result<CaseloadHead, ApiError> {
    let (lens, _) = lens_of(ctx, query)?;
    let bare = CaseQuery { lens: Some(lens), team: query.team, ..CaseQuery::default() };
    let load = async {
        Ok(CaseloadHead {
            lens,
            lenses: lenses(ctx),
            open: count(ctx, &bare).await?,
            overdue: count(ctx, &CaseQuery { overdue: true, ..bare }).await?,
            dongs: Names::load(ctx.store.read(), ctx.tenant()).await?.dongs(),
            workers: workers_in_view(ctx).await?,
            views: saved_views(ctx).await?,
        })
    };
    load.await.map_err(StoreError::into_api)
}

async fn count(ctx: &OpContext, query: &CaseQuery) -> Result<Count, StoreError> {
    let ids: Vec<uuid::Uuid> = counted(ctx, query)?.into_tuple().all(ctx.store.read()).await?;
    let found = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    Ok(Count { at_least: found.min(Count::LIMIT), more: found > Count::LIMIT })
}

/// The rows of a count: one more than is shown, so that "more" is known.
pub(super) fn counted(ctx: &OpContext, query: &CaseQuery) -> Result<sea_orm::Select<case_file::Entity>, ApiError> {
    let rows = filtered(ctx, query, true)?.select_only().column(case_file::Column::Id);
    Ok(rows.limit(u64::from(Count::LIMIT) + 1))
}

/// The caseworkers whose cases the actor may filter by: those of the actor's teams, or all.
async fn workers_in_view(ctx: &OpContext) -> Result<Vec<Worker>, StoreError> {
    let reach = reach(&ctx.actor, Action::View, Kind::Case);
    if !reach.district && reach.teams.is_empty() {
        return Ok(Vec::new());
    }
    staff::holders(ctx, &[Role::Caseworker], staff::grants_within(ctx, &reach)).await
}

/// The caseworkers of the district, to whom a case can be offered.
///
/// # Errors
/// [`ApiError::Forbidden`] for people who can't offer cases.
pub async fn receivers(ctx: &OpContext) -> Result<Vec<Worker>, ApiError> {
    if reach(&ctx.actor, Action::Transfer, Kind::Case).is_empty() {
        return Err(ApiError::Forbidden);
    }
    staff::holders(ctx, &[Role::Caseworker], Condition::all()).await.map_err(StoreError::into_api)
}

async fn saved_views(ctx: &OpContext) -> Result<Vec<SavedView>, StoreError> {
    use saved_view::Column;
    let rows = saved_view::Entity::find()
        .filter(Column::TenantId.eq(ctx.tenant().0))
        .filter(Column::AccountId.eq(ctx.user().0))
        .filter(Column::List.eq("cases"))
        .order_by_asc(Column::CreatedAt)
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| SavedView { id: ViewId(row.id), name: row.name, query: row.query }).collect())
}

/// The dongs and the signs in force, for forms.
///
/// # Errors
/// When the database fails, or the actor may not see the catalogue.
pub async fn district(ctx: &OpContext) -> Result<(Vec<DongName>, Vec<Sign>), ApiError> {
    let signs = tenants::catalogue(ctx).await?.signs.into_values().filter(|sign| sign.active).collect();
    let dongs = Names::load(ctx.store.read(), ctx.tenant()).await.map_err(StoreError::into_api)?.dongs();
    Ok((dongs, signs))
}
