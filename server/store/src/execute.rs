//! The one write path. A command is applied once or not at all, in one transaction: known op id → load → authorize →
//! validate → apply → audit → change feed → outbox.

use crate::{
    OpContext,
    audit::{self, Entry},
    commands,
    crypt::TenantKeys,
    dialect,
    entity::{audit as audit_row, case_event, change, feed_position, op, outbox},
    error::StoreError,
    feed::Wake,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError, Rule,
    command::{Applied, Command, Envelope},
    ids::{CaseId, ChangeSeq, NeighborId, OpId, Rev, TeamId, UserId},
    policy::{Action, Resource},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, prelude::Expr, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

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
        let applied = Box::pin(apply_one(&tx, ctx, Arc::clone(&keys), envelope)).await?;
        if !applied.repeated {
            last = Some(applied.seq);
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

async fn apply_one(
    tx: &DatabaseTransaction,
    ctx: &OpContext,
    keys: Arc<TenantKeys>,
    envelope: &Envelope,
) -> Result<Applied, StoreError> {
    let digest = digest_of(&envelope.command);
    if let Some(applied) = recognise(tx, ctx, envelope, &digest).await? {
        return Ok(applied);
    }
    fault_point("op_known");
    let mut write = Write::new(ctx, tx, keys, envelope);
    let rev = Box::pin(commands::apply(&mut write, &envelope.command)).await?;
    fault_point("applied");
    let applied = write.finish(rev).await?;
    let json = serde_json::to_value(&applied).map_err(|_opaque| StoreError::Corrupt("applied"))?;
    op::Entity::update_many()
        .col_expr(op::Column::Applied, Expr::value(json))
        .filter(op::Column::TenantId.eq(ctx.tenant().0))
        .filter(op::Column::Id.eq(envelope.op_id.0))
        .exec(tx)
        .await?;
    fault_point("op_noted");
    Ok(applied)
}

/// Claims the op id, or says what was done under it before.
async fn recognise(
    tx: &DatabaseTransaction,
    ctx: &OpContext,
    envelope: &Envelope,
    digest: &[u8],
) -> Result<Option<Applied>, StoreError> {
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
    if op::Entity::insert(row).on_conflict(claim).exec_without_returning(tx).await? > 0 {
        return Ok(None);
    }
    let before = op::Entity::find_by_id((ctx.tenant().0, envelope.op_id.0)).one(tx).await?.ok_or(StoreError::Corrupt("op"))?;
    if before.actor_id != ctx.user().0 || before.digest != digest {
        return Err(Rule::OpIdReused.into());
    }
    let applied: Applied = serde_json::from_value(before.applied).map_err(|_opaque| StoreError::Corrupt("op.applied"))?;
    Ok(Some(Applied { repeated: true, ..applied }))
}

fn digest_of(command: &Command) -> Vec<u8> {
    Sha256::digest(serde_json::to_vec(command).unwrap_or_default()).to_vec()
}

/// A change for the feed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Changed {
    /// `case`, `visit`, `neighbor`, …
    pub entity: &'static str,
    /// Which one.
    pub id: Uuid,
    /// Its revision now.
    pub rev: Rev,
    /// About whom.
    pub neighbor: Option<NeighborId>,
    /// Whose team hears of it.
    pub team: Option<TeamId>,
    /// Which worker hears of it.
    pub worker: Option<UserId>,
    /// Whether only those named may hear of it.
    pub restricted: bool,
}

impl Changed {
    /// A change about nobody in particular: settings, teams, catalogues.
    pub(crate) const fn general(entity: &'static str, id: Uuid, rev: Rev) -> Self {
        Self { entity, id, rev, neighbor: None, team: None, worker: None, restricted: false }
    }
}

/// One command being applied.
pub(crate) struct Write<'a> {
    pub ctx: &'a OpContext,
    pub tx: &'a DatabaseTransaction,
    pub keys: Arc<TenantKeys>,
    pub now: DateTime<Utc>,
    pub op: OpId,
    pub base_rev: Option<Rev>,
    pub merged: bool,
    pub import: Option<Box<domain::round::ImportReport>>,
    label: &'static str,
    changes: Vec<Changed>,
    trail: Vec<audit_row::Model>,
    events: Vec<case_event::ActiveModel>,
    messages: Vec<outbox::ActiveModel>,
}

impl<'a> Write<'a> {
    fn new(ctx: &'a OpContext, tx: &'a DatabaseTransaction, keys: Arc<TenantKeys>, envelope: &Envelope) -> Self {
        Self {
            ctx,
            tx,
            keys,
            now: ctx.now(),
            op: envelope.op_id,
            base_rev: envelope.base_rev,
            merged: false,
            import: None,
            label: envelope.command.label(),
            changes: Vec::new(),
            trail: Vec::new(),
            events: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Goes on only if policy allows it.
    pub(crate) fn allow(&self, action: Action, resource: &Resource) -> Result<(), StoreError> {
        Ok(self.ctx.check(action, resource)?)
    }

    /// Notes a change for the feed.
    pub(crate) fn changed(&mut self, changed: Changed) {
        self.changes.push(changed);
    }

    /// Notes an audit row for the command as a whole or one of its subjects.
    pub(crate) fn audit(&mut self, subject: &'static str, id: impl Into<Uuid>, neighbor: Option<NeighborId>) {
        let entry = Entry::one(self.label, subject, id, neighbor);
        self.trail.push(audit::row(self.ctx, entry, Some(self.op)));
    }

    /// Notes one audit row for many things at once.
    pub(crate) fn audit_many(&mut self, subject: &'static str, count: usize) {
        let entry = Entry::list(self.label, subject, count);
        self.trail.push(audit::row(self.ctx, entry, Some(self.op)));
    }

    /// Notes something for the timeline. `facts` holds codes and ids, never text that somebody wrote.
    pub(crate) fn event(&mut self, case: Option<CaseId>, neighbor: NeighborId, kind: &'static str, facts: serde_json::Value) {
        self.events.push(case_event::ActiveModel {
            tenant_id: Set(self.ctx.tenant().0),
            id: Set(domain::ids::NoteId::new().0),
            case_id: Set(case.map(Uuid::from)),
            neighbor_id: Set(neighbor.0),
            at: Set(self.now),
            actor_id: Set(self.ctx.user().0),
            kind: Set(kind.to_owned()),
            facts: Set(facts),
        });
    }

    /// Notes a message for somebody: ids only.
    pub(crate) fn notify(&mut self, topic: &'static str, receiver: Option<UserId>, payload: serde_json::Value) {
        self.messages.push(outbox::ActiveModel {
            tenant_id: Set(self.ctx.tenant().0),
            id: Set(domain::ids::OpId::new().0),
            topic: Set(topic.to_owned()),
            receiver_id: Set(receiver.map(Uuid::from)),
            payload: Set(payload),
            available_at: Set(self.now),
            attempts: Set(0),
            done_at: Set(None),
        });
    }

    async fn finish(mut self, rev: Rev) -> Result<Applied, StoreError> {
        insert_chunks::<case_event::Entity, _>(self.tx, std::mem::take(&mut self.events)).await?;
        fault_point("events_noted");
        let trail = std::mem::take(&mut self.trail).into_iter().map(audit::active).collect();
        insert_chunks::<audit_row::Entity, _>(self.tx, trail).await?;
        fault_point("audited");
        let seq = self.feed().await?;
        fault_point("fed");
        insert_chunks::<outbox::Entity, _>(self.tx, std::mem::take(&mut self.messages)).await?;
        fault_point("outbox_filled");
        Ok(Applied { rev, seq, repeated: false, merged: self.merged, import: self.import })
    }

    /// Appends the changes to the feed. The position's row stays locked until commit, so positions follow commit order.
    async fn feed(&mut self) -> Result<ChangeSeq, StoreError> {
        let changes = std::mem::take(&mut self.changes);
        let count = i64::try_from(changes.len()).unwrap_or(0);
        let rows = feed_position::Entity::update_many()
            .col_expr(feed_position::Column::Seq, Expr::col(feed_position::Column::Seq).add(count))
            .filter(feed_position::Column::TenantId.eq(self.ctx.tenant().0))
            .exec_with_returning(self.tx)
            .await?;
        let end = rows.first().ok_or(StoreError::Corrupt("feed_position"))?.seq;
        let rows = (end - count + 1..=end).zip(changes).map(|(seq, changed)| self.feed_row(seq, changed)).collect();
        insert_chunks::<change::Entity, _>(self.tx, rows).await?;
        Ok(ChangeSeq(end))
    }

    fn feed_row(&self, seq: i64, changed: Changed) -> change::ActiveModel {
        change::ActiveModel {
            tenant_id: Set(self.ctx.tenant().0),
            seq: Set(seq),
            at: Set(self.now),
            entity: Set(changed.entity.to_owned()),
            entity_id: Set(changed.id),
            rev: Set(changed.rev.0),
            neighbor_id: Set(changed.neighbor.map(Uuid::from)),
            team_id: Set(changed.team.map(Uuid::from)),
            worker_id: Set(changed.worker.map(Uuid::from)),
            actor_id: Set(self.ctx.user().0),
            op_id: Set(self.op.0),
            restricted: Set(changed.restricted),
        }
    }
}

/// Inserts rows in chunks that stay under the engines' limits of parameters.
pub(crate) async fn insert_chunks<E, A>(tx: &DatabaseTransaction, mut rows: Vec<A>) -> Result<(), StoreError>
where
    E: EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E> + Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(500));
        E::insert_many(rows).exec_without_returning(tx).await?;
        rows = rest;
    }
    Ok(())
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
