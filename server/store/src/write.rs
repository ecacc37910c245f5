//! What a command being applied gathers on its way: changes for the feed, audit rows, events of the timeline, messages.

use crate::{
    Authority, OpContext,
    audit::{self, Entry},
    crypt::TenantKeys,
    entity::{audit as audit_row, case_event, change, feed_position, outbox},
    error::StoreError,
    execute::fault_point,
    standing::{self, Thing},
};
use chrono::{DateTime, Utc};
use domain::{
    command::{Applied, Envelope},
    ids::{CaseId, ChangeSeq, NeighborId, OpId, Rev, TeamId, UserId},
    policy::{Action, Resource},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, prelude::Expr};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

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
    /// Who goes along to a visit. They hear of it by the visit itself, and by this when they go along no longer.
    pub second: Option<UserId>,
    /// Whether only those named may hear of it.
    pub restricted: bool,
    /// Whether it only tells those who can't see the thing any more.
    pub former: bool,
}

impl Changed {
    /// A change about nobody in particular: settings, teams, catalogues.
    pub(crate) const fn general(entity: &'static str, id: Uuid, rev: Rev) -> Self {
        Self { entity, id, rev, neighbor: None, team: None, worker: None, second: None, restricted: false, former: false }
    }

    /// The same change, told to those of `before` who can't see the thing any more: their screens and tablets must let go
    /// of it. Empty when everybody still hears of it.
    fn told_to_former(self, before: &Self) -> Vec<Self> {
        let told = |worker, team| Self { team, worker, second: None, restricted: before.restricted, former: true, ..self };
        let mut former = Vec::new();
        if (before.team, before.worker, before.restricted) != (self.team, self.worker, self.restricted) {
            former.push(told(before.worker, before.team));
        }
        former.extend(before.second.filter(|_| before.second != self.second).map(|second| told(Some(second), None)));
        former
    }
}

/// One command being applied.
pub(crate) struct Write<'a> {
    pub ctx: &'a OpContext,
    pub tx: &'a DatabaseTransaction,
    pub keys: Arc<TenantKeys>,
    /// When it arrived.
    pub now: DateTime<Utc>,
    /// When it was written: before it arrived, on a tablet without a network.
    pub written_at: DateTime<Utc>,
    pub op: OpId,
    pub base_rev: Option<Rev>,
    pub merged: bool,
    pub import: Option<Box<domain::round::ImportReport>>,
    /// What is to be applied after this command, in the same transaction.
    pub follow: Option<Box<(OpContext, Envelope)>>,
    label: &'static str,
    changes: Vec<Changed>,
    before: Mutex<BTreeMap<(&'static str, Uuid), Changed>>,
    trail: Vec<audit_row::Model>,
    events: Vec<case_event::ActiveModel>,
    messages: Vec<outbox::ActiveModel>,
}

impl<'a> Write<'a> {
    pub(crate) fn new(ctx: &'a OpContext, tx: &'a DatabaseTransaction, keys: Arc<TenantKeys>, envelope: &Envelope) -> Self {
        Self {
            ctx,
            tx,
            keys,
            now: ctx.now(),
            written_at: ctx.written_at(),
            op: envelope.op_id,
            base_rev: envelope.base_rev,
            merged: false,
            import: None,
            follow: None,
            label: envelope.command.label(),
            changes: Vec::new(),
            before: Mutex::default(),
            trail: Vec::new(),
            events: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Goes on only if policy allows it.
    pub(crate) fn allow(&self, action: Action, resource: &Resource) -> Result<(), StoreError> {
        Ok(self.ctx.check_write(action, resource)?)
    }

    /// As [`Self::allow`], for a thing that may have been somebody else's when the command was written.
    pub(crate) async fn allow_on(&self, action: Action, resource: &Resource, thing: Thing) -> Result<(), StoreError> {
        let Authority::AtWriting(then) = &self.ctx.authority else { return self.allow(action, resource) };
        let Err(refused) = self.ctx.check(action, resource) else { return Ok(()) };
        // Rights of then on things as they were then: a right of one time says nothing of what came within its reach at another.
        match standing::at(self.tx, self.ctx.tenant(), thing, self.written_at).await? {
            Some(stood) => Ok(self.ctx.check_as(then, action, &stood.applied_to(resource))?),
            None => Err(refused.into()),
        }
    }

    /// Notes how a thing stood before the command: who could hear of it. Whoever can't afterwards is told, too.
    pub(crate) fn saw(&self, before: Changed) {
        let mut seen = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry((before.entity, before.id)).or_insert(before);
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
            at: Set(self.written_at),
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

    /// Writes what was noted.
    ///
    /// # Errors
    /// The database's faults.
    pub(crate) async fn finish(mut self, rev: Rev) -> Result<Applied, StoreError> {
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
        let former = self.told_to_former();
        let mut changes = std::mem::take(&mut self.changes);
        changes.extend(former);
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

    fn told_to_former(&self) -> Vec<Changed> {
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        // The last change of a thing says who hears of it in the end.
        let last: BTreeMap<_, _> = self.changes.iter().map(|change| ((change.entity, change.id), change)).collect();
        last.into_iter().filter_map(|(key, change)| Some(change.told_to_former(before.get(&key)?))).flatten().collect()
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
            former: Set(changed.former),
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
