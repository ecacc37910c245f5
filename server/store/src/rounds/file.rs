//! A file on its way in: what its rows are checked against, what loading it would do, and its rows while a person
//! looks at the preview.

use super::plan::{CHUNK, Planned, Planning, Who};
use crate::{OpContext, audit, drafts, error::StoreError, tenants};
use audit::{Entry, record_reads};
use chrono::Datelike;
use domain::{
    ApiError,
    catalogue::Indicator,
    ids::DraftId,
    policy::{Action, Kind},
    profile::Sex,
    round::{ImportReport, RoundPeriod, RoundRow},
    text::{BirthYear, DongCode, PhoneNumber},
    view::rounds::{PreviewRow, RowOutcome},
};
use std::collections::BTreeSet;

/// The form under which the rows of a file are kept as a draft.
const FORM: &str = "round_import";

/// What the rows of a file are checked against.
#[derive(Clone, Debug)]
pub struct ImportTerms {
    /// Dongs of the district.
    pub dongs: BTreeSet<DongCode>,
    /// The catalogue in force.
    pub indicators: Vec<Indicator>,
    /// The present Korean year.
    pub year: i32,
}

/// What the rows of a file are checked against.
///
/// # Errors
/// [`ApiError::Forbidden`] for who may not load lists; the database's faults.
pub async fn import_terms(ctx: &OpContext) -> Result<ImportTerms, ApiError> {
    async fn load(ctx: &OpContext) -> Result<ImportTerms, StoreError> {
        let (db, tenant) = (ctx.store.read(), ctx.tenant());
        Ok(ImportTerms {
            dongs: tenants::dong_teams(db, tenant).await?.into_keys().collect(),
            indicators: tenants::current_indicators(db, tenant).await?.into_values().collect(),
            year: ctx.today().year(),
        })
    }
    check(ctx)?;
    load(ctx).await.map_err(StoreError::into_api)
}

/// What loading `rows` would do, with the outcome of the first `sample` rows. Writes nothing but the trail.
///
/// # Errors
/// As [`import_terms`].
pub async fn preview(
    ctx: &OpContext,
    period: RoundPeriod,
    rows: Vec<RoundRow>,
    sample: usize,
) -> Result<(ImportReport, Vec<PreviewRow>), ApiError> {
    check(ctx)?;
    let first: Vec<RoundRow> = rows.iter().take(sample).cloned().collect();
    let plan = Box::pin(plan(ctx, period, rows)).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::list("preview", "round", plan.people.len())]).await?;
    let rows = first.into_iter().map(|row| preview_row(row, &plan.people)).collect();
    Ok((plan.report(), rows))
}

async fn plan(ctx: &OpContext, period: RoundPeriod, rows: Vec<RoundRow>) -> Result<super::plan::Plan, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let planning = Planning { db: ctx.store.read(), tenant: ctx.tenant(), keys: &keys, now: ctx.now() };
    planning.plan(period, rows).await
}

fn preview_row(row: RoundRow, people: &[Planned]) -> PreviewRow {
    // People stand in the order of their first rows, so whoever a row names stands among the first so many.
    let until = people.partition_point(|person| person.row.row <= row.row);
    let person = people.get(..until).and_then(|people| people.iter().rev().find(|person| person.rows.contains(&row.row)));
    let outcome = match person {
        Some(person) if person.row.row != row.row => RowOutcome::Duplicate,
        Some(Planned { who: Who::Known(_), .. }) => RowOutcome::Matched,
        Some(Planned { who: Who::New(likely), .. }) if !likely.is_empty() => RowOutcome::ToConfirm,
        _ => RowOutcome::New,
    };
    PreviewRow { row: row.row, name: row.name, birth_year: row.birth_year, dong: row.dong, indicators: row.indicators, outcome }
}

/// A row without the names of its fields: a list of 20,000 rows stays far below the size of a draft.
type Packed = (u32, String, Option<BirthYear>, Sex, Option<PhoneNumber>, DongCode, Option<String>, Vec<String>, Option<String>);

/// Keeps the rows of a previewed file, sealed, until it is applied. The actor's earlier one goes.
///
/// # Errors
/// As [`drafts::save`].
pub async fn keep_import(ctx: &OpContext, period: RoundPeriod, rows: &[RoundRow]) -> Result<DraftId, ApiError> {
    check(ctx)?;
    for old in drafts::list(ctx, FORM).await? {
        drafts::delete(ctx, old.id).await?;
    }
    let mut packed: Vec<Packed> = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        packed.extend(
            chunk.iter().cloned().map(|row| {
                (row.row, row.name, row.birth_year, row.sex, row.phone, row.dong, row.address, row.indicators, row.note)
            }),
        );
    }
    let body = serde_json::to_vec(&(period, packed)).map_err(|_cause| ApiError::Internal)?;
    let id = DraftId::new();
    drafts::save(ctx, id, FORM, &body).await?;
    Ok(id)
}

/// The rows of a file that was kept.
///
/// # Errors
/// [`ApiError::NotFound`] when the actor has no such draft.
pub async fn load_import(ctx: &OpContext, id: DraftId) -> Result<(RoundPeriod, Vec<RoundRow>), ApiError> {
    check(ctx)?;
    let draft = drafts::load(ctx, id).await?;
    if draft.form != FORM {
        return Err(ApiError::NotFound);
    }
    let (period, packed): (RoundPeriod, Vec<Packed>) =
        serde_json::from_slice(&draft.body).map_err(|_cause| ApiError::Internal)?;
    let rows = packed.into_iter().map(|(row, name, birth_year, sex, phone, dong, address, indicators, note)| RoundRow {
        row,
        period,
        name,
        birth_year,
        sex,
        phone,
        dong,
        address,
        indicators,
        note,
    });
    Ok((period, rows.collect()))
}

/// Forgets the rows of a file.
///
/// # Errors
/// As [`drafts::delete`].
pub async fn discard_import(ctx: &OpContext, id: DraftId) -> Result<(), ApiError> {
    check(ctx)?;
    drafts::delete(ctx, id).await
}

fn check(ctx: &OpContext) -> Result<(), ApiError> {
    ctx.check(Action::Import, &ctx.resource(Kind::Round))
}
