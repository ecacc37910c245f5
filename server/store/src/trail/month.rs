//! A month of the trail in numbers, for the monthly review: what happened when, and what an auditor should look into.

use super::numbers::Numbers;
use crate::{
    OpContext,
    audit::{self, Entry},
    entity::{assignment, audit as audit_row, audit_review, case_file, role_grant},
    error::StoreError,
};
use chrono::{DateTime, Datelike, Months, NaiveDate, Timelike, Utc};
use domain::{
    ApiError, Invalid,
    clock::{day_start, korean_day, korean_time},
    holidays::is_weekend,
    policy::{Action, Kind},
    view::trail::{ActionCount, LookedAt, MonthState, StaffLooks, TrailMonth, TrailReview},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Rows read in one go.
const CHUNK: u64 = 10_000;
/// Ids that one query names at most.
const IDS: usize = 500;

/// The months from the first row of the trail to now, the latest first, with their sign-offs.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an auditor.
pub async fn months(ctx: &OpContext) -> Result<Vec<MonthState>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Trail))?;
    load_months(ctx).await.map_err(StoreError::into_api)
}

async fn load_months(ctx: &OpContext) -> Result<Vec<MonthState>, StoreError> {
    let first = audit_row::Entity::find()
        .filter(audit_row::Column::TenantId.eq(ctx.tenant().0))
        .order_by_asc(audit_row::Column::At)
        .order_by_asc(audit_row::Column::Id)
        .one(ctx.store.read())
        .await?;
    let first = first_of_month(first.map_or_else(|| ctx.today(), |row| korean_day(row.at)));
    let mut reviews: HashMap<NaiveDate, TrailReview> =
        reviews(ctx, None).await?.into_iter().map(|review| (review.month, review)).collect();
    let mut months = Vec::new();
    let mut month = first_of_month(ctx.today());
    while month >= first && months.len() < 60 {
        months.push(MonthState { month, review: reviews.remove(&month) });
        let Some(before) = month.checked_sub_months(Months::new(1)) else { break };
        month = before;
    }
    Ok(months)
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

async fn reviews(ctx: &OpContext, month: Option<NaiveDate>) -> Result<Vec<TrailReview>, StoreError> {
    let mut query = audit_review::Entity::find().filter(audit_review::Column::TenantId.eq(ctx.tenant().0));
    if let Some(month) = month {
        query = query.filter(audit_review::Column::Month.eq(month));
    }
    let rows = query.all(ctx.store.read()).await?;
    let numbers = Numbers::of(ctx, rows.iter().map(|row| row.reviewer_id).collect(), BTreeSet::new()).await?;
    Ok(rows
        .into_iter()
        .map(|row| TrailReview {
            month: row.month,
            reviewed_at: row.reviewed_at,
            reviewer: numbers.staff(row.reviewer_id),
            rows: row.rows,
            verified: row.verified,
            finding: row.finding,
        })
        .collect())
}

/// One month in numbers.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an auditor, [`ApiError::Invalid`] for a day that is not the first.
pub async fn month(ctx: &OpContext, month: NaiveDate) -> Result<TrailMonth, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Trail))?;
    if month.day() != 1 {
        return Err(ApiError::invalid("month", Invalid::Form));
    }
    let view = load_month(ctx, month).await.map_err(StoreError::into_api)?;
    let rows = usize::try_from(view.rows).unwrap_or(usize::MAX);
    audit::record_reads(ctx, vec![Entry::list("summary", "trail", rows)]).await?;
    Ok(view)
}

/// What is read of a row.
type Seen = (DateTime<Utc>, Uuid, Uuid, String, Option<Uuid>);

#[derive(Default)]
struct Tally {
    rows: u64,
    by_day: BTreeMap<u32, u64>,
    by_hour: BTreeMap<u32, u64>,
    by_action: HashMap<String, u64>,
    out_of_hours: HashMap<Uuid, u64>,
    looks: HashMap<Uuid, HashMap<Uuid, u64>>,
}

impl Tally {
    fn add(&mut self, (at, _, actor, action, neighbor): Seen) {
        let (day, hour) = (korean_day(at), korean_time(at).hour());
        self.rows += 1;
        *self.by_day.entry(day.day()).or_default() += 1;
        *self.by_hour.entry(hour).or_default() += 1;
        if let (Some(neighbor), "view") = (neighbor, action.as_str()) {
            *self.looks.entry(neighbor).or_default().entry(actor).or_default() += 1;
            if is_weekend(day) || !(7..21).contains(&hour) {
                *self.out_of_hours.entry(actor).or_default() += 1;
            }
        }
        *self.by_action.entry(action).or_default() += 1;
    }
}

async fn load_month(ctx: &OpContext, month: NaiveDate) -> Result<TrailMonth, StoreError> {
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    let tally = tally(ctx, month, next).await?;
    let strangers = without_own_case(ctx, &tally.looks).await?;
    let mut most: Vec<(Uuid, u64, u64)> = tally.looks.iter().map(|(id, by)| (*id, by.values().sum(), by.len() as u64)).collect();
    most.sort_by_key(|(id, looks, _)| (std::cmp::Reverse(*looks), *id));
    most.truncate(10);
    let out_of_hours_by = top(&tally.out_of_hours, 10);
    let strangers = top(&strangers, 20);
    let staff = out_of_hours_by.iter().chain(&strangers).map(|(id, _)| *id).collect();
    let numbers = Numbers::of(ctx, staff, most.iter().map(|(id, _, _)| *id).collect()).await?;
    let looks =
        |found: &[(Uuid, u64)]| found.iter().map(|(id, looks)| StaffLooks { actor: numbers.staff(*id), looks: *looks }).collect();
    let mut by_action: Vec<ActionCount> =
        tally.by_action.iter().map(|(action, rows)| ActionCount { action: action.clone(), rows: *rows }).collect();
    by_action.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.action.cmp(&b.action)));
    let days = u32::try_from((next - month).num_days()).unwrap_or(31);
    let at = |counts: &BTreeMap<u32, u64>, key: u32| counts.get(&key).copied().unwrap_or(0);
    Ok(TrailMonth {
        month,
        rows: tally.rows,
        by_day: (1..=days).map(|day| at(&tally.by_day, day)).collect(),
        by_hour: (0..24).map(|hour| at(&tally.by_hour, hour)).collect(),
        by_action,
        out_of_hours: tally.out_of_hours.values().sum(),
        out_of_hours_by: looks(&out_of_hours_by),
        most_looked_at: most
            .into_iter()
            .map(|(id, looks, staff)| LookedAt { neighbor: numbers.person(id), looks, staff })
            .collect(),
        without_own_case: looks(&strangers),
        review: reviews(ctx, Some(month)).await?.pop(),
    })
}

/// Reads the month in pages by key, so that memory does not grow with the rows.
async fn tally(ctx: &OpContext, month: NaiveDate, next: NaiveDate) -> Result<Tally, StoreError> {
    use audit_row::Column;
    let mut tally = Tally::default();
    let mut after = (day_start(month), Uuid::nil());
    loop {
        let rows: Vec<Seen> = audit_row::Entity::find()
            .select_only()
            .columns([Column::At, Column::Id, Column::ActorId, Column::Action, Column::NeighborId])
            .filter(Column::TenantId.eq(ctx.tenant().0))
            .filter(Column::At.gte(after.0))
            .filter(Column::At.gt(after.0).or(Column::Id.gt(after.1)))
            .filter(Column::At.lt(day_start(next)))
            .order_by_asc(Column::At)
            .order_by_asc(Column::Id)
            .limit(CHUNK)
            .into_tuple()
            .all(ctx.store.read())
            .await?;
        let Some(last) = rows.last() else { return Ok(tally) };
        after = (last.0, last.1);
        rows.into_iter().for_each(|row| tally.add(row));
    }
}

fn top(counts: &HashMap<Uuid, u64>, most: usize) -> Vec<(Uuid, u64)> {
    let mut counts: Vec<(Uuid, u64)> = counts.iter().map(|(id, count)| (*id, *count)).collect();
    counts.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
    counts.truncate(most);
    counts
}

/// Looks of caseworkers at people with whom they never had a case: neither assigned, nor offered, nor opened by them.
async fn without_own_case(ctx: &OpContext, looks: &HashMap<Uuid, HashMap<Uuid, u64>>) -> Result<HashMap<Uuid, u64>, StoreError> {
    let workers = caseworkers(ctx).await?;
    let people: Vec<Uuid> = looks.keys().copied().collect();
    let mut own: HashSet<(Uuid, Uuid)> = HashSet::new();
    for chunk in people.chunks(IDS) {
        own.extend(had_cases(ctx, chunk).await?);
    }
    let mut found = HashMap::new();
    for (person, by) in looks {
        for (actor, count) in by.iter().filter(|(actor, _)| workers.contains(*actor) && !own.contains(&(*person, **actor))) {
            *found.entry(*actor).or_default() += *count;
        }
    }
    Ok(found)
}

async fn caseworkers(ctx: &OpContext) -> Result<HashSet<Uuid>, StoreError> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(ctx.tenant().0))
        .filter(role_grant::Column::EndedAt.is_null())
        .all(ctx.store.read())
        .await?;
    let leads: HashSet<Uuid> = rows.iter().filter(|row| row.role == "manager").map(|row| row.account_id).collect();
    Ok(rows
        .into_iter()
        .filter(|row| row.role == "caseworker")
        .map(|row| row.account_id)
        .filter(|id| !leads.contains(id))
        .collect())
}

/// Pairs of neighbor and worker who had to do with each other.
async fn had_cases(ctx: &OpContext, people: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let cases: Vec<(Uuid, Option<Uuid>, Uuid)> = case_file::Entity::find()
        .select_only()
        .columns([case_file::Column::NeighborId, case_file::Column::WorkerId, case_file::Column::OpenedBy])
        .filter(case_file::Column::TenantId.eq(tenant))
        .filter(case_file::Column::NeighborId.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let offers: Vec<(Uuid, Option<Uuid>, Uuid)> = assignment::Entity::find()
        .select_only()
        .columns([assignment::Column::NeighborId, assignment::Column::FromWorkerId, assignment::Column::ToWorkerId])
        .filter(assignment::Column::TenantId.eq(tenant))
        .filter(assignment::Column::NeighborId.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(cases
        .into_iter()
        .chain(offers)
        .flat_map(|(person, one, other)| one.into_iter().chain([other]).map(move |worker| (person, worker)))
        .collect())
}
