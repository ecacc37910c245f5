//! What a tablet keeps goes out: at first, and after its holder's rights changed, the whole in order of ids; then only what
//! changed since, from the feed. A dossier that is no longer the holder's is named, so that it goes.

use super::{dossier, wholes::Key};
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    cases::cursor,
    entity::{account, change},
    error::StoreError,
    feed, restored,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    ids::{ChangeSeq, NeighborId},
    policy::{Action, Kind, reach},
    sync::{
        protocol::{CHANGES, DOSSIERS, Pull, PullAnswer},
        replica::Dossier,
    },
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What makes all that was pulled before it worthless when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Age {
    /// The changes of the holder's rights.
    epoch: i64,
    /// When the database was last restored from a backup.
    #[serde(default)]
    restored_at: Option<DateTime<Utc>>,
}

/// Where an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Cursor {
    /// In the whole, which began when the feed stood at `from`.
    Whole {
        #[serde(flatten)]
        age: Age,
        from: ChangeSeq,
        after: Option<Uuid>,
    },
    /// After this position of the feed.
    Since {
        #[serde(flatten)]
        age: Age,
        seq: ChangeSeq,
    },
}

/// The next part of what the actor's tablet keeps.
///
/// # Errors
/// [`ApiError::BadRequest`] for a foreign cursor; the database's faults.
pub async fn pull(ctx: &OpContext, pull: &Pull) -> Result<PullAnswer, ApiError> {
    let cursor: Option<Cursor> = cursor::read(pull.cursor.as_deref())?;
    let mut answer = Box::pin(next(ctx, cursor)).await.map_err(StoreError::into_api)?;
    // Whoever holds no role any more has lost the cases, and has no business with the rest.
    if !reach(&ctx.actor, Action::View, Kind::Case).is_empty() {
        let (state, district) = dossier::district(ctx).await.map_err(StoreError::into_api)?;
        answer.district = (pull.district.as_deref() != Some(&state)).then_some((state, district));
    }
    let looks = answer.dossiers.iter().map(Dossier::id).map(|id| Entry::one("pull", "replica", id, Some(id)));
    record_reads(ctx, looks.collect()).await?;
    Ok(answer)
}

async fn next(ctx: &OpContext, cursor: Option<Cursor>) -> Result<PullAnswer, StoreError> {
    let key = (ctx.tenant().0, ctx.user().0);
    let account = account::Entity::find_by_id(key).one(ctx.store.read()).await?.ok_or(ApiError::NotFound)?;
    let now = Age { epoch: account.permission_epoch, restored_at: restored::at(ctx).await? };
    match cursor {
        Some(Cursor::Whole { age, from, after }) if age == now => whole(ctx, now, from, after).await,
        Some(Cursor::Since { age, seq }) if age == now => since(ctx, now, seq).await,
        _ => whole(ctx, now, feed::position(&ctx.store, ctx.tenant()).await?, None).await,
    }
}

async fn whole(ctx: &OpContext, age: Age, from: ChangeSeq, after: Option<Uuid>) -> Result<PullAnswer, StoreError> {
    let key = Key { tenant: ctx.tenant(), user: ctx.user(), epoch: age.epoch, from };
    let all = match ctx.store.wholes().get(key).filter(|_| after.is_some()) {
        Some(known) => known,
        None => dossier::everybody(ctx).await?.into(),
    };
    let total = u32::try_from(all.len()).ok();
    let part: Vec<NeighborId> = all.iter().copied().filter(|id| Some(id.0) > after).take(DOSSIERS).collect();
    let last = part.last().copied();
    let more = last.is_some_and(|last| all.last() > Some(&last));
    if more {
        ctx.store.wholes().put(key, &all);
    }
    let cursor = if more { Cursor::Whole { age, from, after: last.map(Uuid::from) } } else { Cursor::Since { age, seq: from } };
    let (dossiers, gone) = load(ctx, part).await?;
    let more = more || feed::position(&ctx.store, ctx.tenant()).await? > from;
    let everybody = matches!(cursor, Cursor::Since { .. }).then(|| all.to_vec());
    Ok(PullAnswer { total, everybody, ..answer(ctx, cursor, more, dossiers, gone)? })
}

async fn since(ctx: &OpContext, age: Age, seq: ChangeSeq) -> Result<PullAnswer, StoreError> {
    let (rows, reached) = feed::rows_after(ctx, seq, CHANGES).await?;
    let cut = rows.len() as u64 == CHANGES;
    let (part, reached) = about(&rows, reached);
    let more = cut || reached < feed::position(&ctx.store, ctx.tenant()).await?;
    let (dossiers, gone) = load(ctx, part.into_iter().collect()).await?;
    answer(ctx, Cursor::Since { age, seq: reached }, more, dossiers, gone)
}

/// The people whom changes are about, at most [`DOSSIERS`], and how far in the feed that is.
fn about(rows: &[change::Model], reached: ChangeSeq) -> (BTreeSet<NeighborId>, ChangeSeq) {
    let mut people = BTreeSet::new();
    for row in rows {
        let Some(id) = row.neighbor_id.map(NeighborId) else { continue };
        if people.len() == DOSSIERS && !people.contains(&id) {
            return (people, ChangeSeq(row.seq - 1));
        }
        people.insert(id);
    }
    (people, reached)
}

/// The dossiers of people, and those who have none on this tablet.
async fn load(ctx: &OpContext, people: Vec<NeighborId>) -> Result<(Vec<Dossier>, Vec<NeighborId>), StoreError> {
    let dossiers = Box::pin(dossier::load(ctx, &people)).await?;
    let gone = people.into_iter().filter(|id| !dossiers.contains_key(id)).collect();
    Ok((dossiers.into_values().collect(), gone))
}

fn answer(
    ctx: &OpContext,
    cursor: Cursor,
    more: bool,
    dossiers: Vec<Dossier>,
    gone: Vec<NeighborId>,
) -> Result<PullAnswer, StoreError> {
    let (Cursor::Whole { age, from: reached, .. } | Cursor::Since { age, seq: reached }) = cursor;
    Ok(PullAnswer {
        server_at: ctx.now(),
        restored_at: age.restored_at,
        cursor: cursor::write(&cursor)?,
        reached,
        more,
        dossiers,
        gone,
        total: None,
        everybody: None,
        district: None,
    })
}
