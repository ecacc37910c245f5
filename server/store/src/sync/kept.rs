//! What a tablet sends about a case that is not its holder's any more: applied where policy allowed it when it was written, else kept
//! for whoever holds the case now. Never dropped.

use super::push::decided;
use crate::{
    Authority, OpContext, accounts,
    cases::Names,
    commands::kept::open,
    crypt::Cell,
    devices::DeviceUser,
    entity::{case_file, kept_entry, neighbor, op, visit},
    error::StoreError,
    execute, records, verdict,
};
use domain::{
    ApiError, Rule,
    command::{Applied, Command, Envelope, KeptCommand},
    ids::{CaseId, OpId},
    policy::{Action, Actor},
    sync::{
        kept::{About, brings_in, codes_in, says},
        outbox::Outcome,
    },
    view::cases::KeptEntry,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// What becomes of a command that was refused for want of a right. `ctx` says when it was written.
///
/// # Errors
/// Why the server could not decide: it is to be asked again.
pub(super) async fn late(
    ctx: &OpContext,
    device: &DeviceUser,
    envelope: Envelope,
    refused: ApiError,
) -> Result<Outcome, ApiError> {
    match Box::pin(decide(ctx, device, envelope, &refused)).await {
        Ok(outcome) => Ok(outcome.unwrap_or(Outcome::Refused { error: refused })),
        Err(fault) => decided(Err(fault.into_api())),
    }
}

async fn decide(
    ctx: &OpContext,
    device: &DeviceUser,
    envelope: Envelope,
    refused: &ApiError,
) -> Result<Option<Outcome>, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    if let Some(said) = verdict::find(ctx.store.read(), ctx, &keys, &envelope).await? {
        return Ok(Some(said));
    }
    if let Some(known) = decided_before(ctx, envelope.op_id).await? {
        return Ok(Some(known));
    }
    let Some(case) = moved_case(ctx, &envelope.command).await? else { return Ok(None) };
    // Nothing was written on a tablet before it was set up.
    if ctx.written_at() >= device.since && !brings_in(&envelope.command, ctx.user()) {
        let held = accounts::held_at(ctx.store.read(), ctx.tenant().0, ctx.user().0, ctx.written_at()).await?;
        let then = OpContext { authority: Authority::AtWriting(Actor { held, ..ctx.actor.clone() }), ..ctx.clone() };
        match decided(execute(&then, envelope.clone()).await)? {
            // What stands now is not for the writer to see, so there is nothing that they could choose.
            Outcome::Conflict { .. } | Outcome::Refused { .. } | Outcome::Kept => {}
            outcome => return Ok(Some(outcome)),
        }
    }
    let keep = KeptCommand::Keep { case, written_at: ctx.written_at(), envelope: Box::new(envelope) };
    match execute(ctx, Envelope::new(keep, ctx.now())).await {
        Ok(_) => Ok(Some(Outcome::Kept)),
        // For somebody who never had it the case does not exist.
        Err(ApiError::NotFound) => Ok(Some(Outcome::Refused { error: refused.clone() })),
        Err(error) => Ok(Some(decided(Err(error))?)),
    }
}

/// What was decided about an entry that was kept.
async fn decided_before(ctx: &OpContext, id: OpId) -> Result<Option<Outcome>, StoreError> {
    let key = (ctx.tenant().0, id.0);
    let row = kept_entry::Entity::find_by_id(key).one(ctx.store.read()).await?;
    let Some(row) = row.filter(|row| row.writer_id == ctx.user().0) else { return Ok(None) };
    Ok(Some(match row.accepted {
        None => Outcome::Kept,
        Some(false) => Outcome::Refused { error: Rule::KeptDeclined.into() },
        Some(true) => {
            let row = op::Entity::find_by_id(key).one(ctx.store.read()).await?.ok_or(StoreError::Corrupt("op"))?;
            let applied: Applied = serde_json::from_value(row.applied).map_err(|_opaque| StoreError::Corrupt("op.applied"))?;
            Outcome::Applied { rev: applied.rev, seq: applied.seq }
        }
    }))
}

/// The case that a command is about, when the actor can't work on it now.
async fn moved_case(ctx: &OpContext, command: &Command) -> Result<Option<CaseId>, StoreError> {
    let (db, tenant) = (ctx.store.read(), ctx.tenant().0);
    let case = match About::of(command) {
        None => None,
        Some(About::Case(case)) => Some(case.0),
        Some(About::Visit(id)) => visit::Entity::find_by_id((tenant, id.0)).one(db).await?.map(|visit| visit.case_id),
        Some(About::Neighbor(id)) => match neighbor::Entity::find_by_id((tenant, id.0)).one(db).await? {
            Some(person) if person.open_case_id.is_some() => person.open_case_id,
            Some(person) => last_case(ctx, person.id).await?,
            None => None,
        },
    };
    let Some(case) = case else { return Ok(None) };
    let Some(row) = case_file::Entity::find_by_id((tenant, case)).one(db).await? else { return Ok(None) };
    let only = records::named(db, ctx.tenant(), row.neighbor_id, row.restricted).await?;
    let mine = ctx.check(Action::Edit, &records::case_resource(&row, only)).is_ok();
    Ok((!mine).then_some(CaseId(case)))
}

async fn last_case(ctx: &OpContext, neighbor: Uuid) -> Result<Option<Uuid>, StoreError> {
    let rows = case_file::Entity::find()
        .filter(case_file::Column::TenantId.eq(ctx.tenant().0))
        .filter(case_file::Column::NeighborId.eq(neighbor))
        .order_by_desc(case_file::Column::OpenedAt);
    Ok(rows.one(ctx.store.read()).await?.map(|row| row.id))
}

/// What waits for a decision, by case. The caller has checked that the cases may be seen.
pub(crate) async fn waiting(
    ctx: &OpContext,
    names: &mut Names,
    cases: &[Uuid],
) -> Result<HashMap<Uuid, Vec<KeptEntry>>, StoreError> {
    let (db, keys) = (ctx.store.read(), ctx.store.keys(ctx.tenant()).await?);
    let rows = kept_entry::Entity::find()
        .filter(kept_entry::Column::TenantId.eq(ctx.tenant().0))
        .filter(kept_entry::Column::CaseId.is_in(cases.iter().copied()))
        .filter(kept_entry::Column::AnsweredAt.is_null())
        .order_by_asc(kept_entry::Column::WrittenAt)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    names.add_workers(db, ctx.tenant(), rows.iter().map(|row| row.writer_id).collect::<Vec<_>>()).await?;
    let mut opened = Vec::with_capacity(rows.len());
    for row in rows {
        let envelope = open(keys.open(Cell::new("kept_entry", "envelope", row.id), &row.envelope)?)?;
        opened.push((row, says(&envelope.command), envelope));
    }
    let codes = opened.iter().flat_map(|(_, says, _)| codes_in(says)).map(str::to_owned).collect();
    names.add_signs(db, ctx.tenant(), codes).await?;
    let mut waiting: HashMap<Uuid, Vec<KeptEntry>> = HashMap::new();
    for (row, says, envelope) in opened {
        let known = |code: &str| names.of_code(code).map(|name| (code.to_owned(), name));
        waiting.entry(row.case_id).or_default().push(KeptEntry {
            op: OpId(row.id),
            by: names.worker(row.writer_id),
            written_at: row.written_at,
            label: envelope.command.label().to_owned(),
            names: codes_in(&says).filter_map(known).collect(),
            says,
        });
    }
    Ok(waiting)
}
