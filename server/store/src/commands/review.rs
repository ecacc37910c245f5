//! The monthly review of the access log: signed off once, with the result of checking the whole trail.

use crate::{
    audit::verify,
    entity::{audit, audit_review},
    error::StoreError,
    write::{Changed, Write},
};
use chrono::{Datelike, Months, NaiveDate};
use domain::{
    ApiError, Invalid, Rule,
    clock::day_start,
    command::ReviewCommand,
    ids::{Rev, ReviewId},
    policy::{Action, Kind},
    text,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

pub(super) async fn apply(write: &mut Write<'_>, command: &ReviewCommand) -> Result<Rev, StoreError> {
    match command {
        ReviewCommand::SignOff { id, month, finding } => sign_off(write, *id, *month, finding).await,
    }
}

async fn sign_off(write: &mut Write<'_>, id: ReviewId, month: NaiveDate, finding: &str) -> Result<Rev, StoreError> {
    write.allow(Action::Review, &write.ctx.resource(Kind::Trail))?;
    if month.day() != 1 {
        return Err(ApiError::invalid("month", Invalid::Form).into());
    }
    if month > write.ctx.today() {
        return Err(ApiError::invalid("month", Invalid::Range).into());
    }
    let finding = text::optional_text("finding", Some(finding.to_owned()), 2_000)?.unwrap_or_default();
    check_not_done(write, month).await?;
    let verification = verify::verify(&write.ctx.store, write.ctx.tenant()).await?;
    let row = audit_review::ActiveModel {
        tenant_id: Set(write.ctx.tenant().0),
        id: Set(id.0),
        month: Set(month),
        reviewer_id: Set(write.ctx.user().0),
        reviewed_at: Set(write.now),
        finding: Set(finding),
        rows: Set(count_rows(write, month).await?),
        verified: Set(verification.broken.is_none()),
    };
    audit_review::Entity::insert(row).exec_without_returning(write.tx).await?;
    write.audit("review", id, None);
    write.changed(Changed::general("review", id.0, Rev::FIRST));
    Ok(Rev::FIRST)
}

async fn check_not_done(write: &Write<'_>, month: NaiveDate) -> Result<(), StoreError> {
    let done = audit_review::Entity::find()
        .filter(audit_review::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(audit_review::Column::Month.eq(month))
        .one(write.tx)
        .await?;
    if done.is_some() { Err(Rule::ReviewDone.into()) } else { Ok(()) }
}

async fn count_rows(write: &Write<'_>, month: NaiveDate) -> Result<i64, StoreError> {
    let next = month.checked_add_months(Months::new(1)).ok_or(StoreError::Corrupt("month"))?;
    let rows = audit::Entity::find()
        .filter(audit::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(audit::Column::At.gte(day_start(month)))
        .filter(audit::Column::At.lt(day_start(next)))
        .count(write.tx)
        .await?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}
