//! One visit with what a worker at the door needs, and the attempts of a case.

use super::{cards::Names, count, planning::workers_for};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    commands::visit::attempts_since_contact,
    crypt::Cell,
    entity::{case_file, neighbor, sign_tick, visit},
    error::StoreError,
    records::{self, code},
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    case::{Stage, unreachable_rule},
    ids::{CaseId, NeighborId, TeamId, VisitId},
    policy::Action,
    sync::replica::VisitFile,
    view::visits::{Attempts, Contact, VisitPage},
    visit::VisitState,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// One visit.
///
/// # Errors
/// [`ApiError::NotFound`] for visits that the actor may not see; the database's faults.
pub async fn visit(ctx: &OpContext, id: VisitId) -> Result<VisitPage, ApiError> {
    let view = Box::pin(load(ctx, id)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "visit", id, Some(view.card.neighbor))]).await?;
    Ok(view)
}

async fn load(ctx: &OpContext, id: VisitId) -> Result<VisitPage, StoreError> {
    let db = ctx.store.read();
    let row = visit::Entity::find_by_id((ctx.tenant().0, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let only = records::named(db, ctx.tenant(), row.neighbor_id, row.restricted).await?;
    ctx.check(Action::View, &records::visit_resource(&row, only))?;
    let case = case_file::Entity::find_by_id((row.tenant_id, row.case_id)).one(db).await?.ok_or(ApiError::NotFound)?;
    let names = Names::around(ctx, std::slice::from_ref(&row), vec![case.clone()], []).await?;
    let keys = ctx.store.keys(ctx.tenant()).await?;
    Ok(VisitPage {
        card: names.card(&row)?,
        contact: contact(ctx, row.neighbor_id).await?,
        stage: code(Stage::from_code(&case.stage), "case_file.stage")?,
        case_open: case.is_open,
        note: keys.open_text(Cell::new("visit", "note", row.id), row.note.as_deref())?,
        signs: ticked(ctx, &row).await?,
        recorded_by: row.recorded_by.map(|id| names.worker(id)),
        recorded_at: row.recorded_at,
        later_in_series: later_in_series(ctx, &row).await?,
        next_visit_at: next_visit(ctx, &row).await?,
        attempts: attempts_since_contact(db, ctx.tenant().0, CaseId(case.id)).await?,
        workers: workers_for(ctx, case.team_id.map(TeamId)).await?,
    })
}

/// Where and how a neighbor is reached, after policy allowed the visit or case that asks for it.
pub(super) async fn contact(ctx: &OpContext, neighbor: Uuid) -> Result<Contact, StoreError> {
    let key = (ctx.tenant().0, neighbor);
    let row = neighbor::Entity::find_by_id(key).one(ctx.store.read()).await?.ok_or(ApiError::NotFound)?;
    let profile = records::open_profile(&*ctx.store.keys(ctx.tenant()).await?, &row)?;
    Ok(Contact {
        address: profile.address,
        no_fixed_address: profile.no_fixed_address,
        phone: profile.phone,
        language: profile.language,
        living_place: profile.living_place,
        consent: profile.contact_consent,
    })
}

async fn ticked(ctx: &OpContext, row: &visit::Model) -> Result<Vec<String>, StoreError> {
    Ok(sign_tick::Entity::find()
        .select_only()
        .column(sign_tick::Column::Sign)
        .filter(sign_tick::Column::TenantId.eq(row.tenant_id))
        .filter(sign_tick::Column::NeighborId.eq(row.neighbor_id))
        .filter(sign_tick::Column::VisitId.eq(row.id))
        .order_by_asc(sign_tick::Column::Sign)
        .into_tuple()
        .all(ctx.store.read())
        .await?)
}

async fn later_in_series(ctx: &OpContext, row: &visit::Model) -> Result<u32, StoreError> {
    let Some(series) = row.series_id else { return Ok(0) };
    let later = visit::Entity::find()
        .filter(visit::Column::TenantId.eq(row.tenant_id))
        .filter(visit::Column::SeriesId.eq(series))
        .filter(visit::Column::StartsAt.gt(row.starts_at))
        .filter(visit::Column::State.eq(VisitState::Scheduled.code()));
    Ok(count(later.count(ctx.store.read()).await?))
}

async fn next_visit(ctx: &OpContext, row: &visit::Model) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(visit::Entity::find()
        .select_only()
        .column(visit::Column::StartsAt)
        .filter(visit::Column::TenantId.eq(row.tenant_id))
        .filter(visit::Column::CaseId.eq(row.case_id))
        .filter(visit::Column::Id.ne(row.id))
        .filter(visit::Column::State.eq(VisitState::Scheduled.code()))
        .filter(visit::Column::StartsAt.gte(ctx.now()))
        .order_by_asc(visit::Column::StartsAt)
        .into_tuple()
        .one(ctx.store.read())
        .await?)
}

/// The attempts of a case since its last contact, and what is missing before the neighbor may be called unreachable.
///
/// # Errors
/// [`ApiError::NotFound`] for cases that the actor may not see; the database's faults.
pub async fn attempts(ctx: &OpContext, case: CaseId) -> Result<Attempts, ApiError> {
    let (view, neighbor) = load_attempts(ctx, case).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "case", case, Some(neighbor))]).await?;
    Ok(view)
}

async fn load_attempts(ctx: &OpContext, id: CaseId) -> Result<(Attempts, NeighborId), StoreError> {
    let db = ctx.store.read();
    let row = case_file::Entity::find_by_id((ctx.tenant().0, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let only = records::named(db, ctx.tenant(), row.neighbor_id, row.restricted).await?;
    ctx.check(Action::View, &records::case_resource(&row, only))?;
    let attempts = attempts_since_contact(db, ctx.tenant().0, id).await?;
    let shortfall = unreachable_rule(&attempts).err();
    Ok((Attempts { attempts, shortfall }, NeighborId(row.neighbor_id)))
}

/// All visits of each case with what was recorded, in time order, for a caller that has authorized the cases and records the
/// looks.
pub(crate) async fn files(ctx: &OpContext, cases: &[case_file::Model]) -> Result<HashMap<Uuid, Vec<VisitFile>>, StoreError> {
    let rows = visit::Entity::find()
        .filter(visit::Column::TenantId.eq(ctx.tenant().0))
        .filter(visit::Column::CaseId.is_in(cases.iter().map(|case| case.id)))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
        .all(ctx.store.read())
        .await?;
    let names = Names::around(ctx, &rows, cases.to_vec(), []).await?;
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let mut signs = ticked_among(ctx, cases).await?;
    let mut files: HashMap<Uuid, Vec<VisitFile>> = HashMap::new();
    for row in &rows {
        files.entry(row.case_id).or_default().push(VisitFile {
            card: names.card(row)?,
            note: keys.open_text(Cell::new("visit", "note", row.id), row.note.as_deref())?,
            signs: signs.remove(&row.id).unwrap_or_default(),
            recorded_by: row.recorded_by.map(|id| names.worker(id)),
            recorded_at: row.recorded_at,
        });
    }
    Ok(files)
}

/// The codes of the signs that were ticked at visits to the neighbors of cases, by visit.
async fn ticked_among(ctx: &OpContext, cases: &[case_file::Model]) -> Result<HashMap<Uuid, Vec<String>>, StoreError> {
    let rows: Vec<(Option<Uuid>, String)> = sign_tick::Entity::find()
        .select_only()
        .columns([sign_tick::Column::VisitId, sign_tick::Column::Sign])
        .filter(sign_tick::Column::TenantId.eq(ctx.tenant().0))
        .filter(sign_tick::Column::NeighborId.is_in(cases.iter().map(|case| case.neighbor_id)))
        .filter(sign_tick::Column::VisitId.is_not_null())
        .order_by_asc(sign_tick::Column::Sign)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut by_visit: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (visit, sign) in rows {
        by_visit.entry(visit.unwrap_or_default()).or_default().push(sign);
    }
    Ok(by_visit)
}
