//! The trail: a row for every look at a person and for every change, written with the change itself. Rows hold ids,
//! never names or contents. A sealer closes them into hash-chained batches (see [`seal`]).

mod read_log;
pub mod seal;
pub mod verify;

use crate::{OpContext, entity::audit, error::StoreError};
use domain::{
    ApiError,
    ids::{AuditId, NeighborId, OpId},
};
pub(crate) use read_log::ReadLog;
use sea_orm::ActiveValue::Set;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What was done, to what, about whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `view`, `list`, `search`, `export`, `sign_in`, or the label of a command.
    pub action: String,
    /// Kind of thing: `neighbor`, `case`, `visit`, `account`…
    pub subject: &'static str,
    /// Which one.
    pub subject_id: Option<Uuid>,
    /// The person concerned.
    pub neighbor: Option<NeighborId>,
    /// How many things, for a list.
    pub count: i32,
}

impl Entry {
    /// One thing.
    #[must_use]
    pub fn one(action: impl Into<String>, subject: &'static str, id: impl Into<Uuid>, neighbor: Option<NeighborId>) -> Self {
        Self { action: action.into(), subject, subject_id: Some(id.into()), neighbor, count: 1 }
    }

    /// A list of things.
    #[must_use]
    pub fn list(action: impl Into<String>, subject: &'static str, count: usize) -> Self {
        Self { action: action.into(), subject, subject_id: None, neighbor: None, count: i32::try_from(count).unwrap_or(i32::MAX) }
    }
}

/// Writes looks at persons to the trail and returns when they are durable. Many of them share one commit.
///
/// # Errors
/// [`ApiError::Unavailable`] when the trail can't be written: then nothing is shown either.
pub async fn record_reads(ctx: &OpContext, entries: Vec<Entry>) -> Result<(), ApiError> {
    let rows = entries.into_iter().map(|entry| row(ctx, entry, None)).collect();
    ctx.store.read_log().write(rows).await.map_err(StoreError::into_api)
}

/// The row of an entry, with its digest.
pub(crate) fn row(ctx: &OpContext, entry: Entry, op: Option<OpId>) -> audit::Model {
    let mut row = audit::Model {
        tenant_id: ctx.tenant().0,
        id: AuditId::new().0,
        at: ctx.now(),
        actor_id: ctx.user().0,
        origin: ctx.origin.code().to_owned(),
        address: ctx.address.clone(),
        request_id: ctx.request.0,
        action: entry.action,
        subject: entry.subject.to_owned(),
        subject_id: entry.subject_id,
        neighbor_id: entry.neighbor.map(Uuid::from),
        op_id: op.map(Uuid::from),
        count: entry.count,
        purpose: ctx.purpose.clone(),
        digest: Vec::new(),
        batch: None,
    };
    row.digest = digest(&row);
    row
}

/// SHA-256 over all columns but the digest and the batch, each with its length before it.
#[must_use]
pub fn digest(row: &audit::Model) -> Vec<u8> {
    fn optional(id: Option<Uuid>) -> Vec<u8> {
        id.map(|id| id.as_bytes().to_vec()).unwrap_or_default()
    }
    let parts: [Vec<u8>; 14] = [
        row.tenant_id.as_bytes().to_vec(),
        row.id.as_bytes().to_vec(),
        row.at.timestamp_micros().to_be_bytes().to_vec(),
        row.actor_id.as_bytes().to_vec(),
        row.origin.as_bytes().to_vec(),
        row.address.clone().unwrap_or_default().into_bytes(),
        row.request_id.as_bytes().to_vec(),
        row.action.as_bytes().to_vec(),
        row.subject.as_bytes().to_vec(),
        optional(row.subject_id),
        optional(row.neighbor_id),
        optional(row.op_id),
        row.count.to_be_bytes().to_vec(),
        row.purpose.clone().unwrap_or_default().into_bytes(),
    ];
    let mut hash = Sha256::new();
    for part in &parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

pub(crate) fn active(row: audit::Model) -> audit::ActiveModel {
    audit::ActiveModel {
        tenant_id: Set(row.tenant_id),
        id: Set(row.id),
        at: Set(row.at),
        actor_id: Set(row.actor_id),
        origin: Set(row.origin),
        address: Set(row.address),
        request_id: Set(row.request_id),
        action: Set(row.action),
        subject: Set(row.subject),
        subject_id: Set(row.subject_id),
        neighbor_id: Set(row.neighbor_id),
        op_id: Set(row.op_id),
        count: Set(row.count),
        purpose: Set(row.purpose),
        digest: Set(row.digest),
        batch: Set(row.batch),
    }
}
