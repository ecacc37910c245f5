//! What was written on a tablet comes in: each command by itself, through the one write path, with its own outcome.

use super::kept::late;
use crate::{OpContext, devices::DeviceUser, execute};
use domain::{
    ApiError, Invalid, Rule,
    command::Applied,
    sync::{
        handling::Reach,
        outbox::{BATCH, Outcome},
        protocol::{Push, PushAnswer, Pushed},
    },
};

/// Applies what a tablet sends, in order, until the database is busy or away: the rest is to be sent again. Sending the same again
/// is safe.
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
    let mut results = Vec::with_capacity(push.entries.len());
    let mut away = false;
    for entry in push.entries {
        let op = entry.envelope.op_id;
        let answer = if away { Err(ApiError::Unavailable) } else { Box::pin(take(ctx, device, entry)).await };
        // What comes later may build on it: an edit that overtook another would seem to be in conflict with it.
        away |= answer == Err(ApiError::Unavailable);
        results.push((op, answer.ok()));
    }
    Ok(PushAnswer { server_at: ctx.now(), results })
}

/// What became of an entry, or why the server could not decide.
async fn take(ctx: &OpContext, device: &DeviceUser, entry: Pushed) -> Result<Outcome, ApiError> {
    if entry.envelope.command.handling().reach != Reach::Field {
        return Ok(Outcome::Refused { error: ApiError::Forbidden });
    }
    let ctx = OpContext { written_at: Some(entry.written_at(ctx.now())), ..ctx.clone() };
    match execute(&ctx, entry.envelope.clone()).await {
        Err(refused @ (ApiError::NotFound | ApiError::Forbidden | ApiError::NotNow { rule: Rule::OpIdReused })) => {
            late(&ctx, device, entry.envelope, refused).await
        }
        answer => decided(answer),
    }
}

/// The store's answer as an outcome; as an error where trying again may help.
pub(super) fn decided(answer: Result<Applied, ApiError>) -> Result<Outcome, ApiError> {
    let undecided = answer.as_ref().err().cloned().unwrap_or(ApiError::Internal);
    Outcome::of(answer).ok_or(undecided)
}
