//! The one write path. A command is applied once or not at all, in one transaction: known op id → load → authorize →
//! validate → apply → audit → change feed → outbox.

use crate::{OpContext, commands, crypt::TenantKeys, dialect, entity::op, error::StoreError, feed::Wake, verdict, write::Write};
use domain::{
    ApiError, Rule,
    command::{Applied, Command, Envelope},
    sync::outbox::Outcome,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, prelude::Expr, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Applies a command once.
///
/// # Errors
/// Policy's answer, what is wrong with the command, a conflict to be chosen, or the database's fault. In every
/// case nothing is applied.
pub async fn execute(ctx: &OpContext, envelope: Envelope) -> Result<Applied, ApiError> {
    execute_all([(ctx.clone(), envelope)]).await?.pop().ok_or(ApiError::Internal)
}

/// Applies several commands of one tenant in one transaction, all or none.
///
/// # Errors
/// As [`execute`], for the first that fails.
pub async fn execute_all(work: impl IntoIterator<Item = (OpContext, Envelope)>) -> Result<Vec<Applied>, ApiError> {
    run(work.into_iter().collect()).await.map_err(StoreError::into_api)
}

async fn run(work: Vec<(OpContext, Envelope)>) -> Result<Vec<Applied>, StoreError> {
    let Some((first, _)) = work.first() else { return Ok(Vec::new()) };
    let (store, tenant) = (first.store.clone(), first.tenant());
    let keys = store.keys(tenant).await?;
    let tx = store.begin().await?;
    let mut done = Vec::with_capacity(work.len());
    let mut last = None;
    for (ctx, envelope) in &work {
        // A context of another tenant in the same transaction would cross the wall between tenants.
        if ctx.tenant() != tenant {
            return Err(ApiError::NotFound.into());
        }
        let (applied, follow) = Box::pin(apply_one(&tx, ctx, Arc::clone(&keys), envelope)).await?;
        if !applied.repeated {
            last = Some(applied.seq);
        }
        if let Some((ctx, envelope)) = follow.as_deref() {
            let (followed, _) = Box::pin(apply_one(&tx, ctx, Arc::clone(&keys), envelope)).await?;
            last = Some(followed.seq);
        }
        done.push(applied);
    }
    if let Some(seq) = last {
        dialect::announce(&tx, tenant.0, seq.0).await?;
    }
    fault_point("before_commit");
    tx.commit().await?;
    fault_point("after_commit");
    if let Some(seq) = last {
        store.wake(Wake { tenant, seq });
    }
    Ok(done)
}

/// What a command brings about in the same transaction: another one, by the same or somebody else.
type Follow = Box<(OpContext, Envelope)>;

async fn apply_one(
    tx: &DatabaseTransaction,
    ctx: &OpContext,
    keys: Arc<TenantKeys>,
    envelope: &Envelope,
) -> Result<(Applied, Option<Follow>), StoreError> {
    let digest = digest_of(&envelope.command);
    if let Some(applied) = recognise(tx, ctx, &keys, envelope, &digest).await? {
        return Ok((applied, None));
    }
    fault_point("op_known");
    let mut write = Write::new(ctx, tx, keys, envelope);
    let rev = Box::pin(commands::apply(&mut write, &envelope.command)).await?;
    if ctx.written_at.is_some() {
        commands::kept::settled(&write).await?;
    }
    fault_point("applied");
    let follow = write.follow.take();
    let applied = write.finish(rev).await?;
    let json = serde_json::to_value(&applied).map_err(|_opaque| StoreError::Corrupt("applied"))?;
    op::Entity::update_many()
        .col_expr(op::Column::Applied, Expr::value(json))
        .filter(op::Column::TenantId.eq(ctx.tenant().0))
        .filter(op::Column::Id.eq(envelope.op_id.0))
        .exec(tx)
        .await?;
    fault_point("op_noted");
    Ok((applied, follow))
}

/// Claims the op id, or says what was done under it before.
///
/// # Errors
/// What was said to it, when it was declined; [`Rule::OpIdReused`] for another command or somebody else's.
async fn recognise(
    tx: &DatabaseTransaction,
    ctx: &OpContext,
    keys: &TenantKeys,
    envelope: &Envelope,
    digest: &[u8],
) -> Result<Option<Applied>, StoreError> {
    if claim(tx, ctx, envelope, digest).await? {
        return Ok(None);
    }
    // Without a row it is the id of what is kept for somebody else.
    let before = op::Entity::find_by_id((ctx.tenant().0, envelope.op_id.0)).one(tx).await?.ok_or(Rule::OpIdReused)?;
    if before.actor_id != ctx.user().0 || before.digest != digest {
        return Err(Rule::OpIdReused.into());
    }
    match verdict::find(tx, ctx, keys, envelope).await? {
        Some(Outcome::Refused { error }) => Err(error.into()),
        Some(Outcome::Conflict { fields, rev }) => Err(ApiError::Conflict { fields, rev: rev.0 }.into()),
        Some(_) => Err(StoreError::Corrupt("verdict.outcome")),
        None => {
            let applied: Applied = serde_json::from_value(before.applied).map_err(|_opaque| StoreError::Corrupt("op.applied"))?;
            Ok(Some(Applied { repeated: true, ..applied }))
        }
    }
}

/// Claims an op id for a command; not, when it was used before or is that of something kept for somebody else.
pub(crate) async fn claim(
    tx: &DatabaseTransaction,
    ctx: &OpContext,
    envelope: &Envelope,
    digest: &[u8],
) -> Result<bool, StoreError> {
    if commands::kept::is_of_another(tx, ctx, envelope.op_id).await? {
        return Ok(false);
    }
    let row = op::ActiveModel {
        tenant_id: Set(ctx.tenant().0),
        id: Set(envelope.op_id.0),
        actor_id: Set(ctx.user().0),
        command: Set(envelope.command.label().to_owned()),
        digest: Set(digest.to_vec()),
        made_at: Set(envelope.made_at),
        applied_at: Set(ctx.now()),
        applied: Set(serde_json::Value::Null),
    };
    let claim = OnConflict::columns([op::Column::TenantId, op::Column::Id]).do_nothing().to_owned();
    Ok(op::Entity::insert(row).on_conflict(claim).exec_without_returning(tx).await? > 0)
}

/// By what a command is known again. Tablets send again what earlier programs wrote: the bytes of a command must stay as they are
/// (`app/domain/golden/field_commands.jsonl`).
pub(crate) fn digest_of(command: &Command) -> Vec<u8> {
    Sha256::digest(serde_json::to_vec(command).unwrap_or_default()).to_vec()
}

/// A place between two steps of a write, at which the crash tests stop the process.
#[inline]
pub(crate) fn fault_point(name: &str) {
    #[cfg(feature = "testing")]
    if std::env::var("IUT_CRASH_AT").is_ok_and(|at| at == name) {
        std::process::abort();
    }
    #[cfg(not(feature = "testing"))]
    let _ = name;
}

/// All fault points of a write, in order.
#[cfg(feature = "testing")]
pub const FAULT_POINTS: [&str; 9] =
    ["op_known", "applied", "events_noted", "audited", "fed", "outbox_filled", "op_noted", "before_commit", "after_commit"];
