//! What must be known to plan a visit: who may go, what is planned already, and who is busy when.

use super::{
    cards::{Names, known_name},
    check_reach,
    select::{self, Part},
};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    entity::{case_file, role_grant, visit},
    error::StoreError,
    records::{self, code},
    staff, visible,
};
use chrono::TimeDelta;
use domain::{
    ApiError, Invalid,
    case::{Stage, Urgency},
    ids::{CaseId, NeighborId, TeamId, UserId, VisitId},
    policy::{Action, Kind, Resource, Role},
    view::{
        Worker,
        visits::{Clash, ClashWith, VisitPlanning},
    },
    visit::{VisitKind, Window},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeSet, HashSet};

/// Windows of one question at most: a whole series.
const MAX_WINDOWS: usize = 60;

/// What must be known to plan a visit of `case`.
///
/// # Errors
/// [`ApiError::NotFound`] or [`ApiError::Forbidden`] for those who may not plan one; the database's faults.
pub async fn plan_for(ctx: &OpContext, case: CaseId) -> Result<VisitPlanning, ApiError> {
    let (view, neighbor) = Box::pin(load(ctx, case)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "case", case, Some(neighbor))]).await?;
    Ok(view)
}

async fn load(ctx: &OpContext, id: CaseId) -> Result<(VisitPlanning, NeighborId), StoreError> {
    let db = ctx.store.read();
    let case = case_file::Entity::find_by_id((ctx.tenant().0, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let only = records::named(db, ctx.tenant(), case.neighbor_id, case.restricted).await?;
    ctx.check(Action::Create, &Resource { kind: Kind::Visit, ..records::case_resource(&case, only) })?;
    let planned = select::of_case(&ctx.actor, id).limit(MAX_WINDOWS as u64).all(db).await?;
    let names = Names::around(ctx, &planned, vec![case.clone()], []).await?;
    let view = VisitPlanning {
        case: id,
        name: known_name(&case),
        dong: names.dong(&case.dong_code),
        urgency: code(Urgency::from_code(&case.urgency), "case_file.urgency")?,
        stage: code(Stage::from_code(&case.stage), "case_file.stage")?,
        me: ctx.user(),
        workers: workers_for(ctx, case.team_id.map(TeamId)).await?,
        planned: names.cards(&planned)?,
    };
    Ok((view, NeighborId(case.neighbor_id)))
}

/// Who may go for a team: its caseworkers, the district's, and the actor if they are one; by name.
///
/// # Errors
/// The database's faults.
pub(super) async fn workers_for(ctx: &OpContext, team: Option<TeamId>) -> Result<Vec<Worker>, StoreError> {
    let mut scope =
        Condition::any().add(role_grant::Column::Scope.eq("district")).add(role_grant::Column::AccountId.eq(ctx.user().0));
    if let Some(team) = team {
        scope = scope.add(role_grant::Column::TeamId.eq(team.0));
    }
    staff::holders(ctx, &[Role::Caseworker], scope).await
}

/// Which of `windows` (at most 60) fall on other planned visits of `workers` (at most 2). That a worker is busy is told
/// to everybody who plans visits; with whom, only to those who may see that visit.
///
/// # Errors
/// [`ApiError::Forbidden`] for those who plan no visits, [`ApiError::Invalid`] for too many windows; the database's faults.
pub async fn clashes(
    ctx: &OpContext,
    workers: &[UserId],
    windows: &[Window],
    except: Option<VisitId>,
) -> Result<Vec<Clash>, ApiError> {
    let found = Box::pin(find_clashes(ctx, workers, windows, except)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::list("list", "visit", found.len())]).await?;
    Ok(found)
}

async fn find_clashes(
    ctx: &OpContext,
    workers: &[UserId],
    windows: &[Window],
    except: Option<VisitId>,
) -> Result<Vec<Clash>, StoreError> {
    check_reach(ctx, Action::Create)?;
    if windows.len() > MAX_WINDOWS || workers.len() > 2 {
        return Err(ApiError::invalid("windows", Invalid::Range).into());
    }
    let (Some(first), Some(last)) = (windows.iter().map(|w| w.start).min(), windows.iter().map(|w| w.end).max()) else {
        return Ok(Vec::new());
    };
    let (span, mut met) = (first - TimeDelta::hours(12)..last, Vec::new());
    for worker in workers {
        for part in Part::BOTH {
            let busy = select::busy(&ctx.actor, *worker, part, span.clone()).limit(3_000).all(ctx.store.read()).await?;
            for row in busy.into_iter().filter(|row| except.is_none_or(|except| except.0 != row.id)) {
                let other = Window { start: row.starts_at, end: row.ends_at };
                met.extend(domain::visit::clashes(&other, windows).into_iter().map(|at| (at, *worker, row.clone())));
            }
        }
    }
    met.sort_by_key(|(at, _, row)| (*at, row.starts_at, row.id));
    describe(ctx, met).await
}

async fn describe(ctx: &OpContext, met: Vec<(usize, UserId, visit::Model)>) -> Result<Vec<Clash>, StoreError> {
    let seen = visible_among(ctx, met.iter().map(|(_, _, row)| row.id).collect()).await?;
    let rows: Vec<_> = met.iter().map(|(_, _, row)| row.clone()).collect();
    let names = Names::around(ctx, &rows, Vec::new(), []).await?;
    let one = |(at, worker, row): (usize, UserId, visit::Model)| {
        let with = if seen.contains(&row.id) {
            Some(ClashWith {
                visit: VisitId(row.id),
                kind: code(VisitKind::from_code(&row.kind), "visit.kind")?,
                name: names.case(row.case_id).and_then(known_name),
            })
        } else {
            None
        };
        let window = Window { start: row.starts_at, end: row.ends_at };
        Ok(Clash { at, worker: names.worker(worker.0), window, with })
    };
    met.into_iter().map(one).collect()
}

async fn visible_among(ctx: &OpContext, ids: BTreeSet<uuid::Uuid>) -> Result<HashSet<uuid::Uuid>, StoreError> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = visit::Entity::find()
        .select_only()
        .column(visit::Column::Id)
        .filter(visible::visits(&ctx.actor))
        .filter(visit::Column::Id.is_in(ids))
        .into_tuple::<uuid::Uuid>()
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().collect())
}
