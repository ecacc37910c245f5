//! The page of one case, and of many at once: each table is asked once for all of them.

use super::{names::Names, timeline::Part};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    commands::visit::attempts_in,
    crypt::{Cell, TenantKeys},
    entity::{assignment, case_file, neighbor, visit},
    error::StoreError,
    neighbors, records,
    records::code,
    sync::waiting,
    tenants,
};
use domain::{
    ApiError,
    case::{Attempt, Stage, Step, Urgency, clocks, unreachable_rule},
    ids::{AssignmentId, CaseId, NeighborId, Rev, TenantId, UserId, VisitId},
    policy::{Action, Resource},
    profile::Channel,
    settings::Settings,
    view::{
        cases::{CaseCard, CasePage, KeptEntry, PendingClosure, PendingTransfer, VisitAhead},
        neighbors::May,
    },
    visit::{VisitKind, Window},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Visits ahead that a page shows.
const AHEAD: usize = 10;

/// The page of a case.
///
/// # Errors
/// [`ApiError::NotFound`] when there is no such case or it is hidden from the actor.
pub async fn get(ctx: &OpContext, id: CaseId) -> Result<CasePage, ApiError> {
    let page = Box::pin(load(ctx, id)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "case", id, Some(page.neighbor.person.record.id))]).await?;
    Ok(page)
}

async fn load(ctx: &OpContext, id: CaseId) -> Result<CasePage, StoreError> {
    let row = case_file::Entity::find_by_id((ctx.tenant().0, id.0)).one(ctx.store.read()).await?.ok_or(ApiError::NotFound)?;
    let (row, resource) = looked_at(ctx, vec![row]).await?.pop().ok_or(ApiError::NotFound)??;
    let pages = Box::pin(pages(ctx, vec![(row, resource)], Part::First)).await?;
    Ok(pages.into_iter().next().ok_or(ApiError::NotFound)?)
}

/// The pages of cases with whole timelines, each about somebody else, without those that are hidden from the actor; for a
/// caller that records the looks itself.
pub(crate) async fn load_whole(ctx: &OpContext, rows: Vec<case_file::Model>) -> Result<Vec<CasePage>, StoreError> {
    let seen = looked_at(ctx, rows).await?.into_iter().filter_map(Result::ok).collect();
    Box::pin(pages(ctx, seen, Part::Whole)).await
}

/// A case with what policy must know about it.
type Seen = (case_file::Model, Resource);

/// Each case that the actor may look at, or why not.
async fn looked_at(ctx: &OpContext, rows: Vec<case_file::Model>) -> Result<Vec<Result<Seen, ApiError>>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant());
    let restricted = rows.iter().filter(|row| row.restricted).map(|row| row.neighbor_id).collect();
    let mut named = records::named_for(db, tenant, restricted).await?;
    let mut along = along(db, tenant, rows.iter().map(|row| row.id).collect()).await?;
    let look = |row: case_file::Model| {
        let only = row.restricted.then(|| named.remove(&row.neighbor_id).unwrap_or_default());
        let resource = records::case_resource(&row, only);
        let viewers = resource.clone().owned_by(along.remove(&row.id).unwrap_or_default());
        ctx.check(Action::View, &viewers).map(|()| (row, resource))
    };
    Ok(rows.into_iter().map(look).collect())
}

async fn pages(ctx: &OpContext, rows: Vec<Seen>, part: Part) -> Result<Vec<CasePage>, StoreError> {
    let people = neighbor::Entity::find()
        .filter(neighbor::Column::TenantId.eq(ctx.tenant().0))
        .filter(neighbor::Column::Id.is_in(rows.iter().map(|(row, _)| row.neighbor_id)))
        .all(ctx.store.read())
        .await?;
    let mut people = Box::pin(neighbors::load(ctx, people, part)).await?;
    let cards = Cards::around(ctx, rows.iter().map(|(row, _)| row).collect()).await?;
    let mut pages = Vec::new();
    for (row, resource) in &rows {
        let Some(mut page) = people.remove(&row.neighbor_id) else { continue };
        let can = |action| ctx.check(action, resource).is_ok();
        page.may = May { work: can(Action::Edit), transfer: can(Action::Transfer), approve: can(Action::Approve), ..page.may };
        pages.push(CasePage { case: cards.card(ctx, row)?, neighbor: page });
    }
    Ok(pages)
}

/// Adds those who go along to a planned visit of the case to the owners. For [`Action::View`] only: they may look, and
/// do nothing else.
pub(crate) async fn viewers<C: ConnectionTrait>(db: &C, case: Option<Uuid>, resource: Resource) -> Result<Resource, StoreError> {
    let Some(case) = case else { return Ok(resource) };
    let along = along(db, resource.tenant, vec![case]).await?.remove(&case);
    Ok(resource.owned_by(along.unwrap_or_default()))
}

/// Who goes along to planned visits, by case.
pub(crate) async fn along<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    cases: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<UserId>>, StoreError> {
    let rows: Vec<(Uuid, Option<Uuid>)> = visit::Entity::find()
        .select_only()
        .columns([visit::Column::CaseId, visit::Column::SecondWorkerId])
        .filter(visit::Column::TenantId.eq(tenant.0))
        .filter(visit::Column::CaseId.is_in(cases))
        .filter(visit::Column::State.eq("scheduled"))
        .into_tuple()
        .all(db)
        .await?;
    // That there is a second worker is seen here: asked for it, an engine would read all visits that have one.
    let mut along: HashMap<Uuid, Vec<UserId>> = HashMap::new();
    for (case, second) in rows {
        along.entry(case).or_default().extend(second.map(UserId));
    }
    Ok(along)
}

/// A neighbor's row, after policy allowed to look at it.
pub(super) async fn find_neighbor(ctx: &OpContext, id: NeighborId) -> Result<neighbor::Model, ApiError> {
    neighbors::find(ctx, id).await.map_err(StoreError::into_api)
}

/// What the cards of some cases need.
struct Cards {
    keys: Arc<TenantKeys>,
    settings: Settings,
    visits: HashMap<Uuid, Vec<visit::Model>>,
    offers: HashMap<Uuid, assignment::Model>,
    attempts: HashMap<Uuid, Vec<Attempt>>,
    kept: HashMap<Uuid, Vec<KeptEntry>>,
    names: Names,
}

impl Cards {
    async fn around(ctx: &OpContext, rows: Vec<&case_file::Model>) -> Result<Self, StoreError> {
        let (db, tenant) = (ctx.store.read(), ctx.tenant());
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let visits = visits_ahead(ctx, &ids).await?;
        let offers = pending_offers(ctx, &ids).await?;
        let mut names = Names::default();
        let shown = visits.values().flatten().flat_map(|visit| [Some(visit.worker_id), visit.second_worker_id]);
        let offered = offers.values().flat_map(|offer| [Some(offer.to_worker_id), Some(offer.made_by)]);
        let held = rows.iter().flat_map(|row| [row.worker_id, row.closure_asked_by]);
        names.add_workers(db, tenant, shown.chain(offered).chain(held).flatten().collect::<Vec<_>>()).await?;
        let kept = waiting(ctx, &mut names, &ids).await?;
        Ok(Self {
            kept,
            keys: ctx.store.keys(tenant).await?,
            settings: tenants::settings(db, tenant).await?,
            attempts: attempts_in(db, tenant.0, ids).await?,
            visits,
            offers,
            names,
        })
    }

    fn card(&self, ctx: &OpContext, row: &case_file::Model) -> Result<CaseCard, StoreError> {
        let facts = records::case_facts(row);
        let urgency = code(Urgency::from_code(&row.urgency), "case_file.urgency")?;
        let attempts = self.attempts.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let visits = self.visits.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        Ok(CaseCard {
            id: CaseId(row.id),
            rev: Rev(row.rev),
            stage: Stage::of(&facts),
            steps: Step::ALL.iter().map(|step| (*step, facts.done_on(*step))).collect(),
            next_step: facts.next_step(),
            urgency,
            clocks: clocks(&facts, urgency, &self.settings.clocks, ctx.today()),
            learned_from: code(Channel::from_code(&row.learned_from), "case_file.learned_from")?,
            discovered_at: row.discovered_at,
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            closure: facts.closure,
            worker: row.worker_id.map(|id| self.names.worker(id)),
            transfer: self.offers.get(&row.id).map(|offer| transfer(ctx, &self.keys, &self.names, offer)).transpose()?,
            closing: closing(ctx, &self.keys, &self.names, row)?,
            shortfall: unreachable_rule(attempts).err(),
            visits: visits.iter().take(AHEAD).map(|visit| ahead(&self.names, visit)).collect::<Result<_, _>>()?,
            kept: self.kept.get(&row.id).cloned().unwrap_or_default(),
        })
    }
}

/// What is planned in each case, in time order.
async fn visits_ahead(ctx: &OpContext, cases: &[Uuid]) -> Result<HashMap<Uuid, Vec<visit::Model>>, StoreError> {
    let rows = visit::Entity::find()
        .filter(visit::Column::TenantId.eq(ctx.tenant().0))
        .filter(visit::Column::CaseId.is_in(cases.iter().copied()))
        .filter(visit::Column::State.eq("scheduled"))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
        .all(ctx.store.read())
        .await?;
    let mut ahead: HashMap<Uuid, Vec<visit::Model>> = HashMap::new();
    for row in rows {
        ahead.entry(row.case_id).or_default().push(row);
    }
    Ok(ahead)
}

fn ahead(names: &Names, row: &visit::Model) -> Result<VisitAhead, StoreError> {
    Ok(VisitAhead {
        id: VisitId(row.id),
        kind: code(VisitKind::from_code(&row.kind), "visit.kind")?,
        window: Window { start: row.starts_at, end: row.ends_at },
        worker: names.worker(row.worker_id),
        second_worker: row.second_worker_id.map(|id| names.worker(id)),
        purpose: row.purpose.clone(),
    })
}

/// The offer that waits for an answer, by case.
async fn pending_offers(ctx: &OpContext, cases: &[Uuid]) -> Result<HashMap<Uuid, assignment::Model>, StoreError> {
    let rows = assignment::Entity::find()
        .filter(assignment::Column::TenantId.eq(ctx.tenant().0))
        .filter(assignment::Column::CaseId.is_in(cases.iter().copied()))
        .filter(assignment::Column::State.eq("pending"))
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.case_id, row)).collect())
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
