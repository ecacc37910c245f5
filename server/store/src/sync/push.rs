//! What was written on a tablet comes in: each command by itself, through the one write path, with its own outcome.

use super::kept::late;
use crate::{OpContext, devices::DeviceUser, error::StoreError, execute, restored, verdict};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError, Invalid, Rule,
    command::{Applied, Envelope},
    sync::{
        handling::Reach,
        outbox::{BATCH, Outcome},
        protocol::{Push, PushAnswer, Pushed},
    },
};
use std::collections::BTreeSet;

/// How long after a restore nothing written before it is refused for want of a person, a case or a right: another tablet may still bring
/// them back, or somebody at a desk.
const COMING_BACK: TimeDelta = TimeDelta::days(7);

/// Applies what a tablet sends, in order, until the database is busy or away: the rest is to be sent again. Sending the same again
/// is safe: each is decided once, and hears the same ever after. What is refused while something that it needs was not applied just
/// before is not decided: it is heard when that is written anew. Nothing is decided about what a tablet sends that does not know of
/// the last restoring of the database: it has to send more, and first, and hears so in the answer.
///
/// # Errors
/// [`ApiError::Invalid`] for more than [`BATCH`] entries or entries stamped by another tablet; nothing is applied then. What
/// becomes of each entry stands in the answer.
pub async fn push(ctx: &OpContext, device: &DeviceUser, push: Push) -> Result<PushAnswer, ApiError> {
    if push.entries.len() > BATCH {
        return Err(ApiError::invalid("entries", Invalid::Range));
    }
    if push.entries.iter().any(|entry| entry.stamp.device != device.id) {
        return Err(ApiError::invalid("stamp", Invalid::Form));
    }
    let restored_at = restored::at(ctx).await.map_err(StoreError::into_api)?;
    if push.restored_at != restored_at {
        let results = push.entries.iter().map(|entry| (entry.envelope.op_id, None)).collect();
        return Ok(PushAnswer { server_at: ctx.now(), restored_at, results });
    }
    let mut results = Vec::with_capacity(push.entries.len());
    let (mut away, mut unmade) = (false, BTreeSet::new());
    for entry in push.entries {
        let (op, command) = (entry.envelope.op_id, &entry.envelope.command);
        let (makes, hangs) = (command.makes(), command.needs().iter().any(|need| unmade.contains(need)));
        let answer = if away { Err(ApiError::Unavailable) } else { Box::pin(take(ctx, device, entry, hangs, restored_at)).await };
        // What comes later may build on it: an edit that overtook another would seem to be in conflict with it.
        away |= answer == Err(ApiError::Unavailable);
        if !matches!(answer, Ok(Some(Outcome::Applied { .. } | Outcome::Merged { .. }))) {
            unmade.extend(makes);
        }
        results.push((op, answer.ok().flatten()));
    }
    Ok(PushAnswer { server_at: ctx.now(), restored_at, results })
}

/// What became of an entry; none where it hangs on something that is not there, or may not be there yet since the database was restored. Or why the server could not decide.
async fn take(
    ctx: &OpContext,
    device: &DeviceUser,
    entry: Pushed,
    hangs: bool,
    restored_at: Option<DateTime<Utc>>,
) -> Result<Option<Outcome>, ApiError> {
    let written_at = entry.written_at(ctx.now());
    let ctx = OpContext { written_at: Some(written_at), ..ctx.clone() };
    let may_come_back = restored_at.is_some_and(|at| written_at < at && ctx.now() - at < COMING_BACK);
    let envelope = entry.envelope;
    match judge(&ctx, device, &envelope).await? {
        Outcome::Refused { .. } if hangs => Ok(None),
        Outcome::Refused { error: ApiError::NotFound | ApiError::Forbidden } if may_come_back => Ok(None),
        declined @ (Outcome::Refused { .. } | Outcome::Conflict { .. }) => {
            settle(&ctx, &envelope, declined).await.map(Some).map_err(StoreError::into_api)
        }
        outcome => Ok(Some(outcome)),
    }
}

/// Notes what is said to a command that is not applied, unless another copy of it was decided meanwhile: then what was said to that.
async fn settle(ctx: &OpContext, envelope: &Envelope, said: Outcome) -> Result<Outcome, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let tx = ctx.store.begin().await?;
    if verdict::note(&tx, ctx, &keys, envelope, &said).await? {
        tx.commit().await?;
        return Ok(said);
    }
    tx.rollback().await?;
    match verdict::find(ctx.store.read(), ctx, &keys, envelope).await? {
        Some(before) => Ok(before),
        // It was applied, or the id is somebody else's.
        None => Ok(decided(execute(ctx, envelope.clone()).await)?),
    }
}

async fn judge(ctx: &OpContext, device: &DeviceUser, envelope: &Envelope) -> Result<Outcome, ApiError> {
    if envelope.command.handling().reach != Reach::Field {
        return Ok(Outcome::Refused { error: ApiError::Forbidden });
    }
    match execute(ctx, envelope.clone()).await {
        Err(refused @ (ApiError::NotFound | ApiError::Forbidden | ApiError::NotNow { rule: Rule::OpIdReused })) => {
            late(ctx, device, envelope.clone(), refused).await
        }
        answer => decided(answer),
    }
}

/// The store's answer as an outcome; as an error where trying again may help.
pub(super) fn decided(answer: Result<Applied, ApiError>) -> Result<Outcome, ApiError> {
    let undecided = answer.as_ref().err().cloned().unwrap_or(ApiError::Internal);
    Outcome::of(answer).ok_or(undecided)
}
