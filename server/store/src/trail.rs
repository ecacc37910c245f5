//! What an auditor reads of the trail. People stand in it by number; a number is made when a person first appears.
//! Looking at the trail is itself written to it.

mod month;
mod numbers;

pub use month::{month, months};

use crate::{
    OpContext,
    audit::{self, Entry, verify},
    entity::audit as audit_row,
    error::StoreError,
};
use chrono::{DateTime, Days, Utc};
use domain::{
    ApiError,
    clock::day_start,
    ids::AuditId,
    policy::{Action, Kind},
    text,
    view::{
        Page,
        trail::{TrailCheck, TrailFault, TrailFilter, TrailRow},
    },
};
use numbers::Numbers;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Rows of one page.
const PAGE: u64 = 50;
/// Rows of one export at most.
const EXPORT: u64 = 20_000;

/// One page of the trail, the latest row first.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an auditor, [`ApiError::BadRequest`] for a cursor that is none.
pub async fn list(ctx: &OpContext, filter: &TrailFilter, cursor: Option<&str>) -> Result<Page<TrailRow>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Trail))?;
    let after = cursor.map(read_cursor).transpose()?;
    let (rows, next) = load(ctx, filter, after, PAGE).await.map_err(StoreError::into_api)?;
    audit::record_reads(ctx, vec![Entry::list("list", "trail", rows.len())]).await?;
    Ok(Page { rows, next })
}

/// Rows for a file, at most 20,000. The context says what for; the trail keeps it.
///
/// # Errors
/// As [`list`], and [`ApiError::Invalid`] without a purpose of 5–200 characters.
pub async fn export(ctx: &OpContext, filter: &TrailFilter, purpose: &str) -> Result<Vec<TrailRow>, ApiError> {
    ctx.check(Action::Export, &ctx.resource(Kind::Trail))?;
    let purpose = text::required_line("purpose", purpose.to_owned(), 200)?;
    if purpose.chars().count() < 5 {
        return Err(ApiError::invalid("purpose", domain::Invalid::TooShort));
    }
    let (rows, _) = load(ctx, filter, None, EXPORT).await.map_err(StoreError::into_api)?;
    let told = OpContext { purpose: Some(purpose), ..ctx.clone() };
    audit::record_reads(&told, vec![Entry::list("export", "trail", rows.len())]).await?;
    Ok(rows)
}

async fn load(
    ctx: &OpContext,
    filter: &TrailFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<(Vec<TrailRow>, Option<String>), StoreError> {
    let Some(condition) = condition(ctx, filter).await? else { return Ok((Vec::new(), None)) };
    let mut query = audit_row::Entity::find().filter(condition);
    if let Some((at, id)) = after {
        let same_instant = audit_row::Column::At.eq(at).and(audit_row::Column::Id.lt(id));
        query = query.filter(audit_row::Column::At.lt(at).or(same_instant));
    }
    let mut rows = query
        .order_by_desc(audit_row::Column::At)
        .order_by_desc(audit_row::Column::Id)
        .limit(limit + 1)
        .all(ctx.store.read())
        .await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|row| format!("{}.{}", row.at.timestamp_micros(), row.id.simple()));
    let people = rows.iter().filter_map(|row| row.neighbor_id);
    let numbers = Numbers::of(ctx, rows.iter().map(|row| row.actor_id).collect(), people.collect()).await?;
    let rows = rows.into_iter().map(|row| view(&numbers, row)).collect();
    Ok((rows, next))
}

fn view(numbers: &Numbers, row: audit_row::Model) -> TrailRow {
    TrailRow {
        id: AuditId(row.id),
        at: row.at,
        actor: numbers.staff(row.actor_id),
        action: row.action,
        subject: row.subject,
        neighbor: row.neighbor_id.map(|id| numbers.person(id)),
        count: row.count,
        origin: row.origin,
        address: row.address,
        purpose: row.purpose,
        sealed: row.batch.is_some(),
    }
}

/// The filter as a condition; `None` when it names somebody who has no number.
async fn condition(ctx: &OpContext, filter: &TrailFilter) -> Result<Option<Condition>, StoreError> {
    let mut all = Condition::all().add(audit_row::Column::TenantId.eq(ctx.tenant().0));
    for (number, column) in [(filter.neighbor, audit_row::Column::NeighborId), (filter.actor, audit_row::Column::ActorId)] {
        let Some(number) = number else { continue };
        let Some(person) = numbers::behind(ctx, number).await? else { return Ok(None) };
        all = all.add(column.eq(person));
    }
    if let Some(action) = &filter.action {
        all = all.add(audit_row::Column::Action.eq(action));
    }
    if let Some(origin) = &filter.origin {
        all = all.add(audit_row::Column::Origin.eq(origin));
    }
    if let Some(from) = filter.from {
        all = all.add(audit_row::Column::At.gte(day_start(from)));
    }
    if let Some(end) = filter.to.and_then(|to| to.checked_add_days(Days::new(1))) {
        all = all.add(audit_row::Column::At.lt(day_start(end)));
    }
    Ok(Some(all))
}

fn read_cursor(cursor: &str) -> Result<(DateTime<Utc>, Uuid), ApiError> {
    let read = || {
        let (micros, id) = cursor.split_once('.')?;
        Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, Uuid::parse_str(id).ok()?))
    };
    read().ok_or(ApiError::BadRequest)
}

/// Checks the whole trail now.
///
/// # Errors
/// [`ApiError::Forbidden`] for anybody but an auditor; a fault in the trail is no error but a finding.
pub async fn check(ctx: &OpContext) -> Result<TrailCheck, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Trail))?;
    let found = verify::verify(&ctx.store, ctx.tenant()).await.map_err(StoreError::into_api)?;
    let rows = usize::try_from(found.rows).unwrap_or(usize::MAX);
    audit::record_reads(ctx, vec![Entry::list("verify", "trail", rows)]).await?;
    let broken = found.broken.map(|broken| TrailFault {
        batch: broken.batch,
        place: broken.place.map(|place| place as u64),
        row: broken.row,
        fault: fault_code(broken.fault).to_owned(),
    });
    Ok(TrailCheck { at: ctx.now(), batches: found.batches, rows: found.rows, waiting: found.waiting, broken })
}

const fn fault_code(fault: verify::Fault) -> &'static str {
    match fault {
        verify::Fault::Changed => "changed",
        verify::Fault::Deleted => "deleted",
        verify::Fault::Swapped => "swapped",
        verify::Fault::Batch => "batch",
        verify::Fault::Chain => "chain",
    }
}
