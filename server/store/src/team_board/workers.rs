//! Workers and what they carry.

use crate::{
    OpContext,
    entity::{account, case_file, role_grant, visit},
    error::StoreError,
    records::code,
    visits::STANDING,
};
use chrono::{Datelike, Days};
use domain::{
    case::{Stage, Urgency},
    clock::day_start,
    ids::{TeamId, UserId},
    text::DongCode,
    view::team::WorkerLoad,
    visit::VisitState,
    workload::{self, Candidate, CaseWork},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Caseworkers of the teams (or of all), with their load, the most loaded first.
pub(super) async fn load(ctx: &OpContext, teams: Option<&[Uuid]>) -> Result<Vec<WorkerLoad>, StoreError> {
    let workers = caseworkers(ctx, teams).await?;
    let ids: Vec<Uuid> = workers.iter().map(|(id, _, _)| *id).collect();
    let mut work = open_work(ctx, &ids).await?;
    let visits = visits_this_week(ctx, &ids).await?;
    let mut loads: Vec<WorkerLoad> = workers
        .into_iter()
        .map(|(id, name, team)| {
            let cases = work.remove(&id).unwrap_or_default();
            let (visits, visits_done) = visits.get(&id).copied().unwrap_or_default();
            WorkerLoad { id: UserId(id), name, team: team.map(TeamId), load: workload::load(&cases, visits), visits_done }
        })
        .collect();
    loads.sort_by(|a, b| b.load.points.cmp(&a.load.points).then_with(|| a.name.cmp(&b.name)));
    Ok(loads)
}

/// The same workers as candidates for cases, each with their team.
pub(super) async fn candidates(ctx: &OpContext, teams: Option<&[Uuid]>) -> Result<Vec<(Option<TeamId>, Candidate)>, StoreError> {
    let loads = load(ctx, teams).await?;
    let ids: Vec<Uuid> = loads.iter().map(|worker| worker.id.0).collect();
    let mut dongs = dongs_of(ctx, &ids).await?;
    Ok(loads
        .into_iter()
        .map(|worker| {
            let dongs = dongs.remove(&worker.id.0).unwrap_or_default();
            (worker.team, Candidate { worker: worker.id, points: worker.load.points, dongs })
        })
        .collect())
}

/// Unlocked caseworkers: id, name, team.
async fn caseworkers(ctx: &OpContext, teams: Option<&[Uuid]>) -> Result<Vec<(Uuid, String, Option<Uuid>)>, StoreError> {
    let tenant = ctx.tenant().0;
    let within = match teams {
        Some(teams) => Condition::all().add(role_grant::Column::TeamId.is_in(teams.iter().copied())),
        None => Condition::all(),
    };
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::Role.eq("caseworker"))
        .filter(role_grant::Column::EndedAt.is_null())
        .filter(within)
        .all(ctx.store.read())
        .await?;
    let team: HashMap<Uuid, Option<Uuid>> = grants.iter().map(|row| (row.account_id, row.team_id)).collect();
    let rows = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::Locked.eq(false))
        .filter(account::Column::Id.is_in(team.keys().copied()))
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, team.get(&row.id).copied().flatten())).collect())
}

/// The open cases of each worker, as work. Counted by the database, so that a million cases stay a few rows.
async fn open_work(ctx: &OpContext, workers: &[Uuid]) -> Result<HashMap<Uuid, Vec<CaseWork>>, StoreError> {
    let counted = case_file::Entity::find()
        .select_only()
        .columns([case_file::Column::WorkerId, case_file::Column::Urgency, case_file::Column::Stage])
        .column_as(case_file::Column::Id.count(), "rows")
        .filter(case_file::Column::TenantId.eq(ctx.tenant().0))
        .filter(case_file::Column::WorkerId.is_in(workers.iter().copied()))
        .filter(case_file::Column::IsOpen.eq(true))
        .group_by(case_file::Column::WorkerId)
        .group_by(case_file::Column::Urgency)
        .group_by(case_file::Column::Stage);
    let late = case_file::Column::NextDueOn.lt(ctx.today());
    let in_time = case_file::Column::NextDueOn.gte(ctx.today()).or(case_file::Column::NextDueOn.is_null());
    let mut work: HashMap<Uuid, Vec<CaseWork>> = HashMap::new();
    for (overdue, condition) in [(true, late), (false, in_time)] {
        let rows: Vec<(Uuid, String, String, i64)> = counted.clone().filter(condition).into_tuple().all(ctx.store.read()).await?;
        for (worker, urgency, stage, count) in rows {
            let urgency = code(Urgency::from_code(&urgency), "case_file.urgency")?;
            let stage = code(Stage::from_code(&stage), "case_file.stage")?;
            let case = CaseWork { urgency, stage, overdue };
            let count = usize::try_from(count).unwrap_or(0);
            work.entry(worker).or_default().extend(std::iter::repeat_n(case, count));
        }
    }
    Ok(work)
}

/// This week's visits of each worker, and how many of them are recorded.
async fn visits_this_week(ctx: &OpContext, workers: &[Uuid]) -> Result<HashMap<Uuid, (u32, u32)>, StoreError> {
    let monday = ctx.today() - Days::new(u64::from(ctx.today().weekday().num_days_from_monday()));
    let rows: Vec<(Uuid, String, i64)> = visit::Entity::find()
        .select_only()
        .columns([visit::Column::WorkerId, visit::Column::State])
        .column_as(visit::Column::Id.count(), "rows")
        .filter(visit::Column::TenantId.eq(ctx.tenant().0))
        .filter(visit::Column::WorkerId.is_in(workers.iter().copied()))
        .filter(visit::Column::State.is_in(STANDING))
        .filter(visit::Column::StartsAt.gte(day_start(monday)))
        .filter(visit::Column::StartsAt.lt(day_start(monday + Days::new(7))))
        .group_by(visit::Column::WorkerId)
        .group_by(visit::Column::State)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut found: HashMap<Uuid, (u32, u32)> = HashMap::new();
    for (worker, state, count) in rows {
        let count = u32::try_from(count).unwrap_or(0);
        let (all, done) = found.entry(worker).or_default();
        *all += count;
        if state != VisitState::Scheduled.code() {
            *done += count;
        }
    }
    Ok(found)
}

/// The dongs in which each worker has open cases.
async fn dongs_of(ctx: &OpContext, workers: &[Uuid]) -> Result<HashMap<Uuid, Vec<DongCode>>, StoreError> {
    let rows: Vec<(Uuid, String)> = case_file::Entity::find()
        .select_only()
        .columns([case_file::Column::WorkerId, case_file::Column::DongCode])
        .filter(case_file::Column::TenantId.eq(ctx.tenant().0))
        .filter(case_file::Column::WorkerId.is_in(workers.iter().copied()))
        .filter(case_file::Column::IsOpen.eq(true))
        .distinct()
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut dongs: HashMap<Uuid, Vec<DongCode>> = HashMap::new();
    for (worker, dong) in rows {
        dongs.entry(worker).or_default().push(code(DongCode::try_from(dong).ok(), "case_file.dong_code")?);
    }
    Ok(dongs)
}
