//! The caseload: one page of it.

use super::{
    cursor::{self, Cursor, Key},
    names::Names,
    rows::{PAGE, Run, filtered, lens_of, runs, urgency_is_indexed},
    search,
};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    entity::{
        case_file,
        neighbor::{self, Column},
    },
    error::StoreError,
    records::code,
};
use domain::{
    ApiError,
    case::{ClockKind, ClosureReason, Stage, Urgency},
    ids::{CaseId, NeighborId},
    profile::{AgeBand, Sex},
    search::NameQuery,
    text::BirthYear,
    view::{
        Page,
        cases::{CaseQuery, CaseRow},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// One page of the cases that a query asks for, 50 at most. A search by name answers with at most 50 hits and may
/// answer with fewer while there are more.
///
/// # Errors
/// [`ApiError::Forbidden`] for people who see no cases, [`ApiError::BadRequest`] for a foreign cursor.
pub async fn list(ctx: &OpContext, query: &CaseQuery, after: Option<&str>) -> Result<Page<CaseRow>, ApiError> {
    let cursor: Option<Cursor> = cursor::read(after)?;
    lens_of(ctx, query)?;
    let (rows, next) = load(ctx, query, cursor).await.map_err(StoreError::into_api)?;
    let action = if query.name.is_some() { "search" } else { "list" };
    record_reads(ctx, vec![Entry::list(action, "case", rows.len())]).await?;
    Ok(Page { rows, next: next.as_ref().map(cursor::write).transpose()? })
}

type Found = (Vec<case_file::Model>, Option<Cursor>);

async fn load(ctx: &OpContext, query: &CaseQuery, cursor: Option<Cursor>) -> Result<(Vec<CaseRow>, Option<Cursor>), StoreError> {
    let (rows, next) = match NameQuery::parse(query.name.as_deref().unwrap_or_default()) {
        NameQuery::Empty => in_order(ctx, query, cursor).await?,
        name => search::find(ctx, query, &name, cursor).await?,
    };
    Ok((case_rows(ctx, rows).await?, next))
}

async fn in_order(ctx: &OpContext, query: &CaseQuery, cursor: Option<Cursor>) -> Result<Found, StoreError> {
    let rows = filtered(ctx, query, urgency_is_indexed(query))?;
    walk(ctx, &rows, &runs(query), cursor, PAGE, |_| true).await
}

/// Walks the runs from the cursor on until `page` rows pass `keep`, looking at no more than [`search::LOOK_AT`] rows.
pub(super) async fn walk(
    ctx: &OpContext,
    rows: &Select<case_file::Entity>,
    runs: &[Run],
    cursor: Option<Cursor>,
    page: usize,
    keep: impl Fn(&case_file::Model) -> bool,
) -> Result<Found, StoreError> {
    let mut at = match cursor {
        Some(Cursor::Row { run, key, id }) => (run, Some((key, id))),
        Some(Cursor::Start { run }) => (run, None),
        Some(Cursor::Hit(_)) => return Err(ApiError::BadRequest.into()),
        None => (0, None),
    };
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(run) = runs.get(at.0) {
        let after = at.1.as_ref().map(|(key, id): &(Key, Uuid)| (key, *id));
        let wanted = page + 1;
        let batch = run.select(rows.clone(), after, wanted as u64).all(ctx.store.read()).await?;
        let is_last = batch.len() < wanted;
        seen += batch.len();
        for row in batch {
            let here = run.after(at.0, &row);
            if keep(&row) {
                if kept.len() == page {
                    return Ok((kept, Some(at_row(at))));
                }
                kept.push(row);
            }
            at = place(here);
        }
        if is_last {
            at = (at.0 + 1, None);
        } else if seen >= search::LOOK_AT {
            return Ok((kept, Some(at_row(at))));
        }
    }
    Ok((kept, None))
}

type Place = (usize, Option<(Key, Uuid)>);

fn place(cursor: Cursor) -> Place {
    match cursor {
        Cursor::Row { run, key, id } => (run, Some((key, id))),
        Cursor::Start { run } => (run, None),
        Cursor::Hit(_) => (0, None),
    }
}

/// The cursor of a place.
fn at_row((run, after): Place) -> Cursor {
    after.map_or(Cursor::Start { run }, |(key, id)| Cursor::Row { run, key, id })
}

/// What a row of the caseload shows of the person.
type Shown = (Uuid, Option<i32>, Option<String>, String);

pub(super) async fn case_rows(ctx: &OpContext, rows: Vec<case_file::Model>) -> Result<Vec<CaseRow>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant());
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut names = Names::load(db, tenant).await?;
    names.add_workers(db, tenant, rows.iter().filter_map(|row| row.worker_id)).await?;
    let people: Vec<Shown> = neighbor::Entity::find()
        .select_only()
        .columns([Column::Id, Column::BirthYear, Column::AgeBand, Column::Sex])
        .filter(Column::TenantId.eq(tenant.0))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.neighbor_id)))
        .into_tuple()
        .all(db)
        .await?;
    let people: HashMap<Uuid, Shown> = people.into_iter().map(|person| (person.0, person)).collect();
    rows.into_iter().map(|row| case_row(&names, people.get(&row.neighbor_id), row)).collect()
}

fn case_row(names: &Names, person: Option<&Shown>, row: case_file::Model) -> Result<CaseRow, StoreError> {
    let (_, birth_year, age_band, sex) = code(person, "case_file.neighbor_id")?;
    let due = row.next_due_clock.as_deref().and_then(ClockKind::from_code).zip(row.next_due_on);
    Ok(CaseRow {
        id: CaseId(row.id),
        neighbor: NeighborId(row.neighbor_id),
        name: Some(row.neighbor_name).filter(|name| !name.is_empty()),
        birth_year: birth_year.and_then(|year| i16::try_from(year).ok()).and_then(|year| BirthYear::try_from(year).ok()),
        age_band: age_band.as_deref().and_then(AgeBand::from_code),
        sex: code(Sex::from_code(sex), "neighbor.sex")?,
        dong: names.dong(&row.dong_code)?,
        stage: code(Stage::from_code(&row.stage), "case_file.stage")?,
        urgency: code(Urgency::from_code(&row.urgency), "case_file.urgency")?,
        due,
        last_contact_at: row.last_contact_at,
        next_visit_at: row.next_visit_at,
        worker: row.worker_id.map(|id| names.worker(id)),
        closure: row.closure.as_deref().and_then(ClosureReason::from_code),
        closure_asked: row.closure_asked_at.is_some(),
    })
}
