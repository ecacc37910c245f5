//! Visits: moving, cancelling, and what a case needs to know of them. Planning is in [`super::visit_plan`], recording in
//! [`super::visit_record`].

use super::{case, case_state, visit_plan, visit_record};
use crate::{
    entity::{case_file, visit},
    error::StoreError,
    records::{self, code},
    standing::Thing,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid, Rule,
    case::{Attempt, ToldVisit, unreachable_rule},
    command::VisitCommand,
    ids::{CaseId, NeighborId, Rev, TeamId, UserId, VisitId},
    policy::{Action, Kind, Resource},
    visit::{CancelReason, NotMetReason, Plan, VisitEvent, VisitKind, VisitState, Window},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn apply(write: &mut Write<'_>, command: &VisitCommand) -> Result<Rev, StoreError> {
    match command {
        VisitCommand::Schedule { .. } => visit_plan::schedule(write, command).await,
        VisitCommand::Move { id, window, worker, second_worker, seen } => {
            let wish = Plan { window: *window, worker: *worker, second_worker: *second_worker };
            move_visit(write, *id, wish, *seen).await
        }
        VisitCommand::Cancel { id, reason, following } => cancel(write, *id, *reason, *following).await,
        VisitCommand::Record { id, at, outcome, signs, note } => {
            let told = visit_record::Told { at: *at, outcome, signs, note: note.as_deref() };
            visit_record::record(write, *id, &told).await
        }
        VisitCommand::RecordUnplanned { id, case, kind, at, outcome, signs, note } => {
            let told = visit_record::Told { at: *at, outcome, signs, note: note.as_deref() };
            visit_record::record_unplanned(write, *id, *case, *kind, &told).await
        }
    }
}

/// Who goes.
#[derive(Clone, Copy)]
pub(super) struct Crew {
    pub worker: UserId,
    pub second: Option<UserId>,
}

impl Crew {
    /// Both must be people who visit, and two people; with `two_person` there must be two.
    pub(super) async fn check(self, write: &Write<'_>, two_person: bool) -> Result<(), StoreError> {
        case::check_worker(write, self.worker).await?;
        let Some(second) = self.second else {
            return if two_person { Err(Rule::SecondWorker.into()) } else { Ok(()) };
        };
        if second == self.worker {
            return Err(ApiError::invalid("second_worker", Invalid::Taken).into());
        }
        case::check_worker(write, second).await.map_err(|error| match error {
            StoreError::Api(ApiError::Invalid { reason, .. }) => ApiError::invalid("second_worker", reason).into(),
            other => other,
        })
    }
}

/// A visit with its case, both locked (the case first, as everywhere), after policy allowed `action`.
pub(super) async fn load(write: &Write<'_>, id: VisitId, action: Action) -> Result<(visit::Model, case_file::Model), StoreError> {
    let found = visit::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?.ok_or(ApiError::NotFound)?;
    let (case, on_case) = case_state::find(write, CaseId(found.case_id)).await?;
    let query = visit::Entity::find_by_id((write.ctx.tenant().0, id.0));
    let query = if write.ctx.store.backend() == DbBackend::Postgres { query.lock_exclusive() } else { query };
    let row = query.one(write.tx).await?.ok_or(ApiError::NotFound)?;
    write.saw(changed(&row));
    write.allow_on(action, &records::visit_resource(&row, on_case.only), Thing::Visit(row.id)).await?;
    Ok((row, case))
}

/// What policy must know before a visit to `case` is made.
pub(super) fn planned_on(case: &case_file::Model, on_case: Resource) -> Resource {
    Resource { kind: Kind::Visit, ..on_case }.owned_by(case.worker_id.map(UserId))
}

/// The visit after `event`, or the rule that stands in the way.
pub(super) fn step(row: &mut visit::Model, event: VisitEvent) -> Result<(), StoreError> {
    let state = code(VisitState::from_code(&row.state), "visit.state")?;
    state.next(event)?.code().clone_into(&mut row.state);
    Ok(())
}

/// Writes a changed row back, one revision on, and tells the feed.
pub(super) async fn save(write: &mut Write<'_>, mut row: visit::Model) -> Result<Rev, StoreError> {
    row.rev += 1;
    let change = changed(&row);
    visit::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    write.changed(change);
    Ok(change.rev)
}

pub(super) fn changed(row: &visit::Model) -> Changed {
    Changed {
        former: false,
        entity: "visit",
        id: row.id,
        rev: Rev(row.rev),
        neighbor: Some(NeighborId(row.neighbor_id)),
        team: row.team_id.map(TeamId),
        worker: Some(UserId(row.worker_id)),
        second: row.second_worker_id.map(UserId),
        restricted: row.restricted,
    }
}

/// Lets the case know when its next visit is, and writes it.
pub(super) async fn save_case(write: &mut Write<'_>, mut case: case_file::Model) -> Result<(), StoreError> {
    case_state::follow_visits(write, &mut case).await?;
    case_state::save(write, case).await.map(drop)
}

async fn move_visit(write: &mut Write<'_>, id: VisitId, wish: Plan, seen: Option<Plan>) -> Result<Rev, StoreError> {
    let (mut row, case) = load(write, id, Action::Edit).await?;
    step(&mut row, VisitEvent::Move)?;
    wish.window.checked()?;
    // Also at a revision that a database does not know that was restored.
    let is_stale = write.base_rev.is_some_and(|base| base.0 != row.rev);
    let stands = Plan {
        window: Window { start: row.starts_at, end: row.ends_at },
        worker: UserId(row.worker_id),
        second_worker: row.second_worker_id.map(UserId),
    };
    let plan = stands.merge(wish, seen, is_stale).map_err(|fields| ApiError::Conflict { fields, rev: row.rev })?;
    if plan == stands && (is_stale || seen.is_some()) {
        return Ok(Rev(row.rev));
    }
    write.merged = plan != wish;
    let (window, crew) = (plan.window, Crew { worker: plan.worker, second: plan.second_worker });
    crew.check(write, row.two_person).await?;
    let facts = json!({ "visit": id, "kind": row.kind, "from": row.starts_at, "to": window.start, "worker": crew.worker });
    let told_before = (row.worker_id, row.second_worker_id);
    (row.starts_at, row.ends_at) = (window.start, window.end);
    (row.worker_id, row.second_worker_id) = (crew.worker.0, crew.second.map(Uuid::from));
    write.audit("visit", id, Some(NeighborId(row.neighbor_id)));
    write.event(Some(CaseId(row.case_id)), NeighborId(row.neighbor_id), "visit_moved", facts);
    notify_crew(write, &row, told_before);
    let rev = save(write, row).await?;
    save_case(write, case).await?;
    Ok(rev)
}

/// Tells those who did not know of the visit that it is theirs.
pub(super) fn notify_crew(write: &mut Write<'_>, row: &visit::Model, before: (Uuid, Option<Uuid>)) {
    for worker in [Some(row.worker_id), row.second_worker_id].into_iter().flatten() {
        if worker != write.ctx.user().0 && worker != before.0 && Some(worker) != before.1 {
            write.notify("visit_assigned", Some(UserId(worker)), json!({ "visit": row.id, "case": row.case_id }));
        }
    }
}

async fn cancel(write: &mut Write<'_>, id: VisitId, reason: CancelReason, following: bool) -> Result<Rev, StoreError> {
    let (row, case) = load(write, id, Action::Edit).await?;
    let (neighbor, series, starts_at) = (NeighborId(row.neighbor_id), row.series_id, row.starts_at);
    let rev = cancel_one(write, row, reason).await?;
    let mut cancelled = 1;
    if let Some(series) = series.filter(|_| following) {
        let later = planned(write, visit::Column::SeriesId.eq(series).and(visit::Column::StartsAt.gt(starts_at))).await?;
        cancelled += later.len();
        for row in later {
            cancel_one(write, row, reason).await?;
        }
    }
    write.audit("visit", id, Some(neighbor));
    let facts = json!({ "visit": id, "reason": reason, "at": starts_at, "count": cancelled });
    write.event(Some(CaseId(case.id)), neighbor, "visit_cancelled", facts);
    save_case(write, case).await?;
    Ok(rev)
}

async fn cancel_one(write: &mut Write<'_>, mut row: visit::Model, reason: CancelReason) -> Result<Rev, StoreError> {
    step(&mut row, VisitEvent::Cancel)?;
    row.cancel_reason = Some(reason.code().to_owned());
    row.recorded_by = Some(write.ctx.user().0);
    row.recorded_at = Some(write.written_at);
    save(write, row).await
}

async fn planned(write: &Write<'_>, which: sea_orm::sea_query::SimpleExpr) -> Result<Vec<visit::Model>, StoreError> {
    let rows = visit::Entity::find()
        .filter(visit::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(which)
        .filter(visit::Column::State.eq(VisitState::Scheduled.code()))
        .order_by_asc(visit::Column::StartsAt)
        .all(write.tx)
        .await?;
    rows.iter().for_each(|row| write.saw(changed(row)));
    Ok(rows)
}

/// "Unreachable" needs enough and varied attempts since the neighbor was last met.
pub(super) async fn check_attempts(write: &Write<'_>, case: CaseId) -> Result<(), StoreError> {
    let attempts = attempts_since_contact(write.tx, write.ctx.tenant().0, case).await?;
    unreachable_rule(&attempts).map_err(|shortfall| Rule::from(shortfall).into())
}

/// The contact attempts that reached nobody since the last one that did.
pub(crate) async fn attempts_since_contact<C: sea_orm::ConnectionTrait>(
    db: &C,
    tenant: Uuid,
    case: CaseId,
) -> Result<Vec<Attempt>, StoreError> {
    Ok(attempts_in(db, tenant, vec![case.0]).await?.remove(&case.0).unwrap_or_default())
}

/// The contact attempts in each case that reached nobody since the last one that did; cases without any contact are left out.
pub(crate) async fn attempts_in<C: sea_orm::ConnectionTrait>(
    db: &C,
    tenant: Uuid,
    cases: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<Attempt>>, StoreError> {
    let mut rows = visit::Entity::find()
        .filter(visit::Column::TenantId.eq(tenant))
        .filter(visit::Column::CaseId.is_in(cases))
        .filter(visit::Column::HappenedAt.is_not_null())
        .all(db)
        .await?;
    rows.sort_by_key(|row| (row.starts_at, row.id));
    let mut told: HashMap<Uuid, Vec<ToldVisit>> = HashMap::new();
    for row in rows {
        told.entry(row.case_id).or_default().extend(told_visit(&row)?);
    }
    Ok(told.into_iter().map(|(case, told)| (case, domain::case::attempts_since_contact(&told))).collect())
}

fn told_visit(row: &visit::Model) -> Result<Option<ToldVisit>, StoreError> {
    let Some(at) = row.happened_at else { return Ok(None) };
    Ok(Some(ToldVisit {
        at,
        kind: code(VisitKind::from_code(&row.kind), "visit.kind")?,
        met: row.state == VisitState::Met.code(),
        not_met: row.not_met_reason.as_deref().and_then(NotMetReason::from_code),
    }))
}

/// Cancels what is still planned, because the case ends.
pub(super) async fn cancel_planned(write: &mut Write<'_>, case: Uuid) -> Result<(), StoreError> {
    for row in planned(write, visit::Column::CaseId.eq(case)).await? {
        cancel_one(write, row, CancelReason::CaseClosed).await?;
    }
    Ok(())
}

/// Gives what is still planned with the former worker of a case to the new one. Nobody goes along with themselves.
pub(super) async fn hand_over(write: &mut Write<'_>, case: Uuid, former: Uuid, worker: Uuid) -> Result<(), StoreError> {
    for mut row in planned(write, visit::Column::CaseId.eq(case).and(visit::Column::WorkerId.eq(former))).await? {
        row.worker_id = worker;
        row.second_worker_id = row.second_worker_id.filter(|second| *second != worker);
        save(write, row).await?;
    }
    Ok(())
}

/// Lets the team that serves a case now have what is still planned in it.
pub(super) async fn follow_team(write: &mut Write<'_>, case: Uuid, team: Option<Uuid>) -> Result<(), StoreError> {
    for mut row in planned(write, visit::Column::CaseId.eq(case)).await? {
        row.team_id = team;
        save(write, row).await?;
    }
    Ok(())
}

/// Keeps the restriction of what is still planned in a case in step with its neighbor's.
pub(super) async fn follow_restriction(write: &mut Write<'_>, case: Uuid, restricted: bool) -> Result<(), StoreError> {
    for mut row in planned(write, visit::Column::CaseId.eq(case)).await? {
        row.restricted = restricted;
        save(write, row).await?;
    }
    Ok(())
}
