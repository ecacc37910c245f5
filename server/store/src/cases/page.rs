//! The page of one case.

use super::names::Names;
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    commands::visit::attempts_since_contact,
    crypt::{Cell, TenantKeys},
    entity::{assignment, case_file, neighbor, visit},
    error::StoreError,
    neighbors, records,
    records::code,
    tenants,
};
use domain::{
    ApiError,
    case::{Stage, Step, Urgency, clocks, unreachable_rule},
    ids::{AssignmentId, CaseId, NeighborId, Rev, UserId, VisitId},
    policy::{Action, Resource},
    profile::Channel,
    view::{
        cases::{CaseCard, CasePage, PendingClosure, PendingTransfer, VisitAhead},
        neighbors::May,
    },
    visit::{VisitKind, Window},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Visits ahead that a page shows.
const AHEAD: u64 = 10;

/// The page of a case.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such case or it is hidden from the actor.
pub async fn get(ctx: &OpContext, id: CaseId) -> Result<CasePage, ApiError> {
    let page = Box::pin(load(ctx, id)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "case", id, Some(page.neighbor.person.record.id))]).await?;
    Ok(page)
}

/// The page, for a caller that records the look itself.
pub(crate) async fn load(ctx: &OpContext, id: CaseId) -> Result<CasePage, StoreError> {
    let db = ctx.store.read();
    let row = case_file::Entity::find_by_id((ctx.tenant().0, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let only = records::named(db, ctx.tenant(), row.neighbor_id, row.restricted).await?;
    let resource = records::case_resource(&row, only);
    ctx.check(Action::View, &viewers(db, Some(row.id), resource.clone()).await?)?;
    let person = neighbor::Entity::find_by_id((ctx.tenant().0, row.neighbor_id)).one(db).await?;
    let mut page = Box::pin(neighbors::load(ctx, person.ok_or(ApiError::NotFound)?)).await?;
    let can = |action| ctx.check(action, &resource).is_ok();
    page.may = May { work: can(Action::Edit), transfer: can(Action::Transfer), approve: can(Action::Approve), ..page.may };
    Ok(CasePage { case: card(ctx, row).await?, neighbor: page })
}

/// Adds those who go along to a planned visit of the case to the owners. For [`Action::View`] only: they may look, and
/// do nothing else.
pub(crate) async fn viewers<C: ConnectionTrait>(db: &C, case: Option<Uuid>, resource: Resource) -> Result<Resource, StoreError> {
    let Some(case) = case else { return Ok(resource) };
    let along: Vec<Option<Uuid>> = visit::Entity::find()
        .select_only()
        .column(visit::Column::SecondWorkerId)
        .filter(visit::Column::TenantId.eq(resource.tenant.0))
        .filter(visit::Column::CaseId.eq(case))
        .filter(visit::Column::State.eq("scheduled"))
        .filter(visit::Column::SecondWorkerId.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(resource.owned_by(along.into_iter().flatten().map(UserId)))
}

/// A neighbor's row, after policy allowed to look at it.
pub(super) async fn find_neighbor(ctx: &OpContext, id: NeighborId) -> Result<neighbor::Model, ApiError> {
    neighbors::find(ctx, id).await.map_err(StoreError::into_api)
}

async fn card(ctx: &OpContext, row: case_file::Model) -> Result<CaseCard, StoreError> {
    let db = ctx.store.read();
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let settings = tenants::settings(db, ctx.tenant()).await?;
    let facts = records::case_facts(&row);
    let urgency = code(Urgency::from_code(&row.urgency), "case_file.urgency")?;
    let visits = visits_ahead(ctx, row.id).await?;
    let offer = pending_offer(ctx, row.id).await?;
    let mut names = Names::default();
    let shown = visits.iter().flat_map(|visit| [Some(visit.worker_id), visit.second_worker_id]);
    let offered = offer.iter().flat_map(|offer| [Some(offer.to_worker_id), Some(offer.made_by)]);
    let ids = shown.chain(offered).chain([row.worker_id, row.closure_asked_by]).flatten().collect::<Vec<_>>();
    names.add_workers(db, ctx.tenant(), ids).await?;
    let attempts = attempts_since_contact(db, ctx.tenant().0, CaseId(row.id)).await?;
    Ok(CaseCard {
        id: CaseId(row.id),
        rev: Rev(row.rev),
        stage: Stage::of(&facts),
        steps: Step::ALL.iter().map(|step| (*step, facts.done_on(*step))).collect(),
        next_step: facts.next_step(),
        urgency,
        clocks: clocks(&facts, urgency, &settings.clocks, ctx.today()),
        learned_from: code(Channel::from_code(&row.learned_from), "case_file.learned_from")?,
        discovered_at: row.discovered_at,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        closure: facts.closure,
        worker: row.worker_id.map(|id| names.worker(id)),
        transfer: offer.map(|offer| transfer(ctx, &keys, &names, &offer)).transpose()?,
        closing: closing(ctx, &keys, &names, &row)?,
        shortfall: unreachable_rule(&attempts).err(),
        visits: visits.into_iter().map(|visit| ahead(&names, visit)).collect::<Result<_, _>>()?,
    })
}

async fn visits_ahead(ctx: &OpContext, case: Uuid) -> Result<Vec<visit::Model>, StoreError> {
    Ok(visit::Entity::find()
        .filter(visit::Column::TenantId.eq(ctx.tenant().0))
        .filter(visit::Column::CaseId.eq(case))
        .filter(visit::Column::State.eq("scheduled"))
        .order_by_asc(visit::Column::StartsAt)
        .limit(AHEAD)
        .all(ctx.store.read())
        .await?)
}

fn ahead(names: &Names, row: visit::Model) -> Result<VisitAhead, StoreError> {
    Ok(VisitAhead {
        id: VisitId(row.id),
        kind: code(VisitKind::from_code(&row.kind), "visit.kind")?,
        window: Window { start: row.starts_at, end: row.ends_at },
        worker: names.worker(row.worker_id),
        second_worker: row.second_worker_id.map(|id| names.worker(id)),
        purpose: row.purpose,
    })
}

async fn pending_offer(ctx: &OpContext, case: Uuid) -> Result<Option<assignment::Model>, StoreError> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::TenantId.eq(ctx.tenant().0))
        .filter(assignment::Column::CaseId.eq(case))
        .filter(assignment::Column::State.eq("pending"))
        .one(ctx.store.read())
        .await?)
}

fn transfer(ctx: &OpContext, keys: &TenantKeys, names: &Names, offer: &assignment::Model) -> Result<PendingTransfer, StoreError> {
    Ok(PendingTransfer {
        id: AssignmentId(offer.id),
        to: names.worker(offer.to_worker_id),
        by: names.worker(offer.made_by),
        at: offer.made_at,
        reason: keys.open_text(Cell::new("assignment", "reason", offer.id), offer.reason.as_deref())?,
        mine_to_answer: offer.to_worker_id == ctx.user().0,
    })
}

fn closing(
    ctx: &OpContext,
    keys: &TenantKeys,
    names: &Names,
    row: &case_file::Model,
) -> Result<Option<PendingClosure>, StoreError> {
    let Some((by, at)) = row.closure_asked_by.zip(row.closure_asked_at) else { return Ok(None) };
    Ok(Some(PendingClosure {
        by: names.worker(by),
        at,
        note: keys.open_text(Cell::new("case_file", "closure_note", row.id), row.closure_note.as_deref())?,
        mine: by == ctx.user().0,
    }))
}
