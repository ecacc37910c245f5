//! A tablet as the store sees it: an outbox, and what was pulled.

use crate::{URGENCY, profile};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    command::{Command, Envelope, NeighborCommand},
    ids::{CaseId, HouseholdId, NeighborId, OpId},
    policy::Actor,
    profile::Channel,
    sync::{
        clock::HybridClock,
        outbox::{BATCH, Outbox},
        protocol::{Pull, PullAnswer, Push, Pushed},
        replica::{District, Dossier},
    },
};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    OpContext,
    accounts::Visitor,
    devices::{self, DeviceUser},
    execute,
    sync::pull,
    testing::TestDb,
};

/// A browser at the door.
pub fn visitor(db: &TestDb) -> Visitor {
    Visitor {
        store: db.store.clone(),
        address: None,
        device: None,
        request: domain::ids::RequestId::new(),
        clock: Arc::clone(&db.clock) as _,
    }
}

/// A command written now.
pub fn envelope(db: &TestDb, command: impl Into<Command>) -> Envelope {
    use domain::clock::Clock;
    Envelope::new(command, db.clock.now())
}

pub struct Tablet<'a> {
    pub db: &'a TestDb,
    pub device: DeviceUser,
    pub bearer: String,
    pub outbox: Outbox,
    pub dossiers: BTreeMap<NeighborId, Dossier>,
    pub district: Option<(String, District)>,
    /// When the database was last restored, as far as the tablet knows.
    pub restored_at: Option<DateTime<Utc>>,
    clock: HybridClock,
    cursor: Option<String>,
    forced: Vec<Pushed>,
}

impl<'a> Tablet<'a> {
    pub async fn new(db: &'a TestDb, holder: &Actor) -> Self {
        let new = devices::register(&db.ctx(holder), "태블릿", None).await.unwrap();
        let device = devices::recognise(&visitor(db), &new.bearer).await.unwrap();
        Self {
            db,
            clock: HybridClock::new(device.id),
            device,
            bearer: new.bearer,
            outbox: Outbox::default(),
            dossiers: BTreeMap::new(),
            district: None,
            restored_at: None,
            cursor: None,
            forced: Vec::new(),
        }
    }

    pub fn ctx(&self) -> OpContext {
        self.device.context(&visitor(self.db))
    }

    /// The tablet at the door once more: what its holder holds may be other than before.
    pub async fn recognised_anew(&self) -> DeviceUser {
        devices::recognise(&visitor(self.db), &self.bearer).await.unwrap()
    }

    /// Writes an entry anew that asks for a choice.
    pub fn replace(&mut self, op: OpId, command: impl Into<Command>) {
        let envelope = envelope(self.db, command);
        self.outbox.replace(op, self.clock.tick(envelope.made_at), TimeDelta::zero(), envelope).unwrap();
    }

    /// Keeps a command in the outbox; the time at which it was written.
    pub fn write(&mut self, command: impl Into<Command>) -> DateTime<Utc> {
        let envelope = envelope(self.db, command);
        let at = envelope.made_at;
        self.outbox.write(self.clock.tick(at), TimeDelta::zero(), envelope).unwrap();
        at
    }

    /// Sends a command that no outbox would take.
    pub fn force(&mut self, command: impl Into<Command>) {
        let envelope = envelope(self.db, command);
        self.forced.push(Pushed { stamp: self.clock.tick(envelope.made_at), offset_ms: 0, envelope });
    }

    /// The same, with a time of writing that is said to be another.
    pub fn force_at(&mut self, command: impl Into<Command>, made_at: DateTime<Utc>) {
        let envelope = Envelope { made_at, ..envelope(self.db, command) };
        self.forced.push(Pushed { stamp: self.clock.tick(made_at), offset_ms: 0, envelope });
    }

    /// What the server says of what it keeps.
    pub async fn ask_about_kept(&self) -> Vec<(OpId, Option<domain::sync::outbox::Outcome>)> {
        let entries = self.outbox.kept(BATCH).into_iter();
        let entries = entries.map(|entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope });
        let push = Push { sent_at: self.ctx().now(), waiting: 0, restored_at: self.restored_at, entries: entries.collect() };
        store::sync::push(&self.ctx(), &self.device, push).await.unwrap().results
    }

    /// What would be sent now.
    pub fn batch(&mut self) -> Push {
        let entries = self.outbox.next_batch(BATCH).into_iter();
        let entries = entries.map(|entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope });
        let entries: Vec<_> = entries.chain(self.forced.clone()).collect();
        Push { sent_at: self.ctx().now(), waiting: u32::try_from(entries.len()).unwrap(), restored_at: self.restored_at, entries }
    }

    /// Sends all that waits and takes the answers.
    pub async fn push(&mut self) -> Vec<(OpId, Option<domain::sync::outbox::Outcome>)> {
        let batch = self.batch();
        let answer = store::sync::push(&self.ctx(), &self.device, batch).await.unwrap();
        for (op, outcome) in &answer.results {
            self.outbox.answer(*op, outcome.clone());
        }
        answer.results
    }

    pub fn asks(&self) -> Pull {
        Pull { cursor: self.cursor.clone(), district: self.district.as_ref().map(|(state, _)| state.clone()) }
    }

    pub fn take(&mut self, answer: PullAnswer) {
        self.cursor = Some(answer.cursor);
        for dossier in answer.dossiers {
            self.dossiers.insert(dossier.id(), dossier);
        }
        for gone in answer.gone {
            self.dossiers.remove(&gone);
        }
        if let Some(everybody) = answer.everybody {
            self.dossiers.retain(|id, _| everybody.contains(id));
        }
        self.district = answer.district.or(self.district.take());
    }

    /// Pulls until there is nothing more; how many parts there were.
    pub async fn pull(&mut self) -> usize {
        let mut parts = 0;
        loop {
            let answer = pull(&self.ctx(), &self.asks()).await.unwrap();
            let more = answer.more;
            self.take(answer);
            parts += 1;
            if !more {
                return parts;
            }
        }
    }

    /// Registers somebody with a case of the holder's own, from a desk.
    pub async fn register(&self, name: &str) -> (NeighborId, CaseId) {
        let (command, person, case) = registration(self.db, name);
        execute(&self.db.ctx(&self.device.actor), envelope(self.db, command)).await.unwrap();
        (person, case)
    }
}

/// The registration of somebody with a case.
pub fn registration(db: &TestDb, name: &str) -> (NeighborCommand, NeighborId, CaseId) {
    let (id, case) = (NeighborId::new(), CaseId::new());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile(db, name)),
        members: Vec::new(),
        signs: vec!["S15".to_owned()],
        learned_from: Channel::Worker,
        different_from: Vec::new(),
        open_case: Some((case, URGENCY)),
    };
    (command, id, case)
}
