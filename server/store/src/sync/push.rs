//! What was written on a tablet comes in: each command by itself, through the one write path, with its own outcome.

use super::kept::late;
use crate::{OpContext, devices::DeviceUser, execute};
use domain::{
    ApiError, Invalid, Rule,
    sync::{
        handling::Reach,
        outbox::{BATCH, Outcome},
        protocol::{Push, PushAnswer, Pushed},
    },
};

/// Applies what a tablet sends. Sending the same again is safe.
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
    for entry in push.entries {
        results.push((entry.envelope.op_id, Box::pin(take(ctx, device, entry)).await));
    }
    Ok(PushAnswer { server_at: ctx.now(), results })
}

async fn take(ctx: &OpContext, device: &DeviceUser, entry: Pushed) -> Option<Outcome> {
    if entry.envelope.command.handling().reach != Reach::Field {
        return Some(Outcome::Refused { error: ApiError::Forbidden });
    }
    let ctx = OpContext { written_at: Some(entry.written_at(ctx.now())), ..ctx.clone() };
    match execute(&ctx, entry.envelope.clone()).await {
        Err(refused @ (ApiError::NotFound | ApiError::Forbidden | ApiError::NotNow { rule: Rule::OpIdReused })) => {
            late(&ctx, device, entry.envelope, refused).await
        }
        answer => Outcome::of(answer),
    }
}
