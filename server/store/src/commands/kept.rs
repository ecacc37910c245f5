//! What tablets wrote about cases that were somebody else's by then: kept, shown to whoever holds the case now, and applied in the
//! writer's name or declined.

use super::case_state;
use crate::{
    Authority, OpContext,
    crypt::Cell,
    entity::{case_file, kept_entry, op},
    error::StoreError,
    standing::{Thing, was_ever_of},
    verdict,
    write::Write,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError, Invalid, Rule,
    command::{Envelope, KeptCommand},
    ids::{CaseId, NeighborId, OpId, Rev, UserId},
    merge::FieldConflict,
    policy::{Action, Actor},
    sync::{choice::settle_command, handling::Reach, kept::About, outbox::Outcome},
    text,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, prelude::Expr,
};
use serde_json::Value;

/// Bytes of an entry that is kept; the longest note that a case takes has 40,000.
const MOST_BYTES: usize = 64 * 1024;
/// Entries of one writer that wait for a decision about one case: all of them are shown with it.
const MOST_WAITING: u64 = 100;

/// What was chosen for a field in conflict.
type Choice = (FieldConflict, Value);

pub(super) async fn apply(write: &mut Write<'_>, command: &KeptCommand) -> Result<Rev, StoreError> {
    match command {
        KeptCommand::Keep { case, written_at, envelope } => keep(write, *case, *written_at, envelope).await,
        KeptCommand::Answer { op, case, accept, reason, chosen } => {
            let answer = Answer { op: *op, accept: *accept, reason: reason.as_deref(), chosen };
            decide(write, *case, &answer).await
        }
    }
}

/// Only what is about a case that the writer once had; for everybody else the case does not exist.
async fn keep(write: &mut Write<'_>, id: CaseId, at: DateTime<Utc>, envelope: &Envelope) -> Result<Rev, StoreError> {
    let (case, _) = case_state::find(write, id).await?;
    let about = About::of(&envelope.command).ok_or(ApiError::BadRequest)?;
    let things = [Thing::Case(case.id), Thing::Neighbor(case.neighbor_id)].into_iter().chain(match about {
        About::Visit(visit) => Some(Thing::Visit(visit.0)),
        About::Neighbor(_) | About::Case(_) => None,
    });
    if envelope.command.handling().reach != Reach::Field
        || !was_ever_of(write.tx, write.ctx.tenant(), write.ctx.user(), things).await?
    {
        return Err(ApiError::NotFound.into());
    }
    let key = (case.tenant_id, envelope.op_id.0);
    if let Some(known) = kept_entry::Entity::find_by_id(key).one(write.tx).await? {
        let own = known.writer_id == write.ctx.user().0;
        return if own { Ok(Rev(case.rev)) } else { Err(Rule::OpIdReused.into()) };
    }
    if op::Entity::find_by_id(key).one(write.tx).await?.is_some() {
        // It was decided a moment ago.
        return Err(Rule::OpIdReused.into());
    }
    let written = serde_json::to_value(envelope).map_err(|_unwritable| StoreError::Corrupt("kept_entry.envelope"))?;
    refuse_numbers(&written)?;
    let written = written.to_string();
    if written.len() > MOST_BYTES {
        return Err(ApiError::TooLarge.into());
    }
    let waiting = kept_entry::Entity::find()
        .filter(kept_entry::Column::TenantId.eq(case.tenant_id))
        .filter(kept_entry::Column::CaseId.eq(case.id))
        .filter(kept_entry::Column::WriterId.eq(write.ctx.user().0))
        .filter(kept_entry::Column::AnsweredAt.is_null());
    if waiting.count(write.tx).await? >= MOST_WAITING {
        return Err(Rule::KeptFull.into());
    }
    let row = kept_entry::Model {
        tenant_id: case.tenant_id,
        id: envelope.op_id.0,
        case_id: case.id,
        neighbor_id: case.neighbor_id,
        writer_id: write.ctx.user().0,
        written_at: at.min(write.now),
        kept_at: write.now,
        envelope: write.keys.seal(cell(envelope.op_id, "envelope"), written.as_bytes())?,
        answered_by: None,
        answered_at: None,
        accepted: None,
        reason: None,
    };
    kept_entry::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(write.tx).await?;
    told(write, case).await
}

/// Nothing that looks like a resident number is stored, not even sealed.
fn refuse_numbers(value: &Value) -> Result<(), ApiError> {
    match value {
        Value::String(text) if text.parse::<uuid::Uuid>().is_err() && text::looks_like_resident_number(text) => {
            Err(ApiError::invalid("body", Invalid::ResidentNumber))
        }
        Value::Array(values) => values.iter().try_for_each(refuse_numbers),
        Value::Object(fields) => fields.values().try_for_each(refuse_numbers),
        _ => Ok(()),
    }
}

fn cell(op: OpId, column: &'static str) -> Cell {
    Cell::new("kept_entry", column, op)
}

async fn told(write: &mut Write<'_>, case: case_file::Model) -> Result<Rev, StoreError> {
    write.audit("case", CaseId(case.id), Some(NeighborId(case.neighbor_id)));
    case_state::save(write, case).await
}

struct Answer<'a> {
    op: OpId,
    accept: bool,
    reason: Option<&'a str>,
    chosen: &'a [Choice],
}

async fn decide(write: &mut Write<'_>, case: CaseId, answer: &Answer<'_>) -> Result<Rev, StoreError> {
    let (case, _) = case_state::load(write, case, Action::Edit).await?;
    let row = kept_entry::Entity::find_by_id((case.tenant_id, answer.op.0)).one(write.tx).await?;
    let mut row = row.filter(|row| row.case_id == case.id).ok_or(ApiError::NotFound)?;
    if row.answered_at.is_some() {
        return Err(Rule::KeptDecided.into());
    }
    if answer.accept {
        write.follow = Some(Box::new(taken_over(write, &row, answer.chosen)?));
    } else {
        let reason = text::required_text("reason", answer.reason.unwrap_or_default().to_owned(), 500)?;
        row.reason = write.keys.seal_text(cell(answer.op, "reason"), Some(&reason))?;
        decline(write, &row).await?;
    }
    row.answered_by = Some(write.ctx.user().0);
    row.answered_at = Some(write.now);
    row.accepted = Some(answer.accept);
    kept_entry::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    told(write, case).await
}

/// Another copy of it must not be applied when the case is its writer's again.
async fn decline(write: &Write<'_>, row: &kept_entry::Model) -> Result<(), StoreError> {
    let envelope = open(write.keys.open(cell(OpId(row.id), "envelope"), &row.envelope)?)?;
    let writer = Actor { tenant: write.ctx.tenant(), user: UserId(row.writer_id), held: Vec::new() };
    let context = OpContext { actor: writer, ..write.ctx.clone() };
    let said = Outcome::Refused { error: Rule::KeptDeclined.into() };
    if verdict::note(write.tx, &context, &write.keys, &envelope, &said).await? { Ok(()) } else { Err(Rule::KeptDecided.into()) }
}

/// What is applied needs no decision any more: its case came back to its writer, whose tablet sent it again.
pub(crate) async fn settled(write: &Write<'_>) -> Result<(), StoreError> {
    kept_entry::Entity::update_many()
        .col_expr(kept_entry::Column::AnsweredBy, Expr::value(write.ctx.user().0))
        .col_expr(kept_entry::Column::AnsweredAt, Expr::value(write.now))
        .col_expr(kept_entry::Column::Accepted, Expr::value(true))
        .filter(kept_entry::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(kept_entry::Column::Id.eq(write.op.0))
        .filter(kept_entry::Column::WriterId.eq(write.ctx.user().0))
        .filter(kept_entry::Column::AnsweredAt.is_null())
        .exec(write.tx)
        .await?;
    Ok(())
}

/// Whether an op id is that of an entry that is kept for somebody else. They see it, and must not be able to use it up.
pub(crate) async fn is_of_another(tx: &DatabaseTransaction, ctx: &OpContext, op: OpId) -> Result<bool, StoreError> {
    let row = kept_entry::Entity::find_by_id((ctx.tenant().0, op.0)).one(tx).await?;
    Ok(row.is_some_and(|row| row.writer_id != ctx.user().0))
}

/// What was written, in the name of its writer and at its time, by the right of whoever takes it over.
fn taken_over(write: &Write<'_>, row: &kept_entry::Model, chosen: &[Choice]) -> Result<(OpContext, Envelope), StoreError> {
    let mut envelope = open(write.keys.open(cell(OpId(row.id), "envelope"), &row.envelope)?)?;
    if !chosen.is_empty() {
        let (conflicts, choices) = chosen.iter().map(|(one, value)| (one.clone(), (one.field.clone(), value.clone()))).unzip();
        let conflicts: Vec<FieldConflict> = conflicts;
        envelope.command = settle_command(&envelope.command, &conflicts, &choices).ok_or(ApiError::BadRequest)?;
    }
    let holder = write.ctx.actor.clone();
    let writer = Actor { tenant: holder.tenant, user: UserId(row.writer_id), held: Vec::new() };
    let context =
        OpContext { actor: writer, written_at: Some(row.written_at), authority: Authority::Lent(holder), ..write.ctx.clone() };
    Ok((context, envelope))
}

/// What was kept, as it was sent.
pub(crate) fn open(opened: Vec<u8>) -> Result<Envelope, StoreError> {
    serde_json::from_slice(&opened).map_err(|_unreadable| StoreError::Corrupt("kept_entry.envelope"))
}
