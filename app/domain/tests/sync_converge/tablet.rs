//! A tablet: what it pulled, what was written on it, and a clock that may be wrong by days. It writes, sends and takes answers in
//! the way in which the program of the field does.

use super::{
    district::{DISTRICTS, Ids, Words, registration},
    writing::any_command,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    command::{Command, Envelope, NeighborCommand},
    ids::{ChangeSeq, DeviceId, NeighborId, OpId},
    merge::FieldConflict,
    sync::{
        apply::{Writing, apply, begin, is_about, present},
        choice::{Chosen, chosen_anew},
        clock::{HybridClock, server_offset},
        outbox::{Entry, Outbox, Outcome, State},
        protocol::{PullAnswer, Push, PushAnswer, Pushed},
        replica::{District, Dossier},
    },
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// From where in which feed a tablet pulls.
pub type From = (Option<DateTime<Utc>>, ChangeSeq);

/// What a tablet remembers of a push until it hears an answer.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    sent_at: DateTime<Utc>,
    restored_at: Option<DateTime<Utc>>,
}

impl Asked {
    pub const fn by(push: &Push) -> Self {
        Self { sent_at: push.sent_at, restored_at: push.restored_at }
    }
}

/// A tablet and who holds it.
pub struct Tablet {
    pub holder: usize,
    pub outbox: Outbox,
    pub bases: BTreeMap<NeighborId, Dossier>,
    pub reached: ChangeSeq,
    /// When the server was last restored from a backup, as far as it is known here.
    pub restored_at: Option<DateTime<Utc>>,
    /// Whether some of what was pulled is of a server before it was restored.
    pub mixed: bool,
    /// How many commands were written, as its holder counts.
    pub written: usize,
    device: DeviceId,
    clock: HybridClock,
    /// What the tablet's clock shows beyond the server's.
    pub skew: TimeDelta,
    offset: TimeDelta,
}

impl Tablet {
    pub fn new(holder: usize, ids: &mut Ids) -> Self {
        let device = ids.next();
        Self {
            holder,
            outbox: Outbox::default(),
            bases: BTreeMap::new(),
            reached: ChangeSeq::default(),
            restored_at: None,
            mixed: false,
            written: 0,
            device,
            clock: HybridClock::new(device),
            skew: TimeDelta::zero(),
            offset: TimeDelta::zero(),
        }
    }

    fn district(&self) -> &'static District {
        &DISTRICTS[self.holder]
    }

    /// Somebody as the tablet shows them.
    pub fn shown(&self, id: NeighborId, now: DateTime<Utc>) -> Option<Dossier> {
        present(self.bases.get(&id).cloned(), id, &self.outbox, self.district(), self.reached, now)
    }

    /// Whom the tablet may know of.
    pub fn people(&self) -> BTreeSet<NeighborId> {
        let written = self.outbox.entries().filter_map(|entry| match &entry.envelope.command {
            Command::Neighbor(NeighborCommand::Register { id, .. }) => Some(*id),
            _ => None,
        });
        self.bases.keys().copied().chain(written).collect()
    }

    /// Its holder writes something about somebody whom they see, or registers somebody. What can't go well is not taken, but for
    /// now and then: the program may be older than the rule.
    pub fn write(&mut self, words: &mut Words, ids: &mut Ids, now: DateTime<Utc>) {
        let here = now + self.skew;
        let people: Vec<NeighborId> = self.people().into_iter().collect();
        let seen = words.pick(&people).and_then(|id| self.shown(*id, here + self.offset));
        let seen = seen.filter(|_| people.len() > 2 || !words.one_in(8));
        let (command, base_rev) = match &seen {
            Some(seen) => any_command(words, ids, seen, here + self.offset),
            None => (registration(ids, vec![]), None),
        };
        let envelope = Envelope { op_id: ids.next(), base_rev, made_at: here, command };
        let writing = Writing { district: self.district(), at: here + self.offset, op: envelope.op_id };
        let goes = match seen {
            Some(mut seen) => {
                assert!(is_about(&envelope.command, &seen), "{:?}", envelope.command);
                apply(&writing, &mut seen, &envelope).is_ok()
            }
            None => begin(&writing, &envelope.command).is_ok(),
        };
        if goes || words.one_in(4) {
            let stamp = self.clock.tick(here);
            assert!(self.outbox.entries().all(|before| before.stamp < stamp), "what is written later comes later");
            self.outbox.write(stamp, self.offset, envelope).unwrap();
            self.written += 1;
        }
    }

    /// The program was closed and is opened again: only what is on disk is there.
    pub fn restart(&mut self, now: DateTime<Utc>) {
        let kept: Vec<Entry> = std::mem::take(&mut self.outbox).into();
        self.outbox = Outbox::from(kept);
        self.outbox.lost();
        self.clock = HybridClock::new(self.device);
        if let Some(last) = self.outbox.entries().last() {
            self.clock.follow(last.stamp, now + self.skew);
        }
    }

    /// What is sent now.
    pub fn push(&mut self, most: usize, now: DateTime<Utc>) -> Push {
        let pushed = |entry: Entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope };
        let batch = self.outbox.next_batch(most);
        self.check_order(&batch);
        let entries = batch.into_iter().map(pushed).collect();
        Push { sent_at: now + self.skew, waiting: 0, restored_at: self.restored_at, entries }
    }

    /// Nothing is sent before what it needs of what was written here.
    fn check_order(&self, batch: &[Entry]) {
        let stands = |state: &State| matches!(state, State::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }));
        let makes = |entry: &Entry, need: &Uuid| entry.envelope.command.makes().contains(need);
        for (before, entry) in batch.iter().enumerate() {
            for need in entry.envelope.command.needs() {
                let mut makers = self.outbox.entries().filter(|maker| makes(maker, &need)).peekable();
                let known = makers.peek().is_none() || makers.any(|maker| stands(&maker.state));
                assert!(known || batch[..before].iter().any(|maker| makes(maker, &need)), "{entry:?} is sent too early");
            }
        }
    }

    /// What the server was before it was restored is over: what was applied is sent again, and all is pulled anew. Whether it was.
    fn mind_restoring(&mut self, told: Option<DateTime<Utc>>) -> bool {
        if told == self.restored_at {
            return false;
        }
        self.outbox.send_again();
        (self.restored_at, self.reached, self.mixed) = (told, ChangeSeq::default(), true);
        true
    }

    /// Takes what the server says to a push. To one of before the server was restored nobody waits for an answer any more.
    pub fn take_outcomes(&mut self, asked: Asked, answer: PushAnswer, now: DateTime<Utc>) {
        if asked.restored_at != self.restored_at || self.mind_restoring(answer.restored_at) {
            return self.outbox.lost();
        }
        self.offset = server_offset(asked.sent_at, answer.server_at, now + self.skew);
        for (op, outcome) in answer.results {
            self.outbox.answer(op, outcome);
        }
    }

    /// From where it pulls.
    pub const fn from(&self) -> From {
        (self.restored_at, self.reached)
    }

    /// Takes what was pulled from the place where the tablet stands. A tablet asks for one part at a time, so nobody waits any
    /// more for an answer from another place; taken all the same, it would set people back.
    pub fn take_pulled(&mut self, from: From, answer: PullAnswer, now: DateTime<Utc>) {
        if from != self.from() || self.mind_restoring(answer.restored_at) {
            return;
        }
        if let Some(everybody) = &answer.everybody {
            self.bases.retain(|id, _| everybody.contains(id));
        }
        self.mixed &= answer.more;
        self.offset = answer.server_at - (now + self.skew);
        self.reached = answer.reached;
        self.bases.extend(answer.dossiers.into_iter().map(|dossier| (dossier.id(), dossier)));
        for gone in answer.gone {
            self.bases.remove(&gone);
        }
    }

    /// The entries that ask for a choice, or hang on something that was given up.
    pub fn asking(&self) -> Vec<OpId> {
        let given_up = |op: OpId| self.outbox.entry(op).is_some_and(|entry| entry.state == State::Withdrawn);
        let asks = |entry: &&Entry| entry.state.asks() || self.outbox.waits_for(entry.envelope.op_id).is_some_and(given_up);
        self.outbox.entries().filter(asks).map(|entry| entry.envelope.op_id).collect()
    }

    /// What an entry in conflict became when its writer chose.
    pub fn written_anew(&self, op: OpId) -> Option<&Envelope> {
        let State::Replaced { by } = self.outbox.entry(op)?.state else { return None };
        self.outbox.entry(by).map(|entry| &entry.envelope).filter(|envelope| envelope.base_rev.is_some())
    }

    /// The holder chooses: mine, theirs, a third, once more as it was, or not at all.
    pub fn choose(&mut self, op: OpId, words: &mut Words, ids: &mut Ids, now: DateTime<Utc>) {
        let entry = self.outbox.entry(op).unwrap().clone();
        let here = now + self.skew;
        let anew = match &entry.state {
            _ if words.one_in(4) => None,
            State::Decided(Outcome::Conflict { .. }) => {
                assert_eq!(chosen_anew(&entry, &Chosen::new(), here), None, "nothing is chosen yet");
                Some(chosen_anew(&entry, &chosen(&entry.state, words), here).unwrap())
            }
            State::Decided(_) => Some(Envelope { base_rev: None, made_at: here, ..entry.envelope }),
            _ => None,
        };
        let Some(anew) = anew else { return self.outbox.withdraw(op).unwrap() };
        let anew = Envelope { op_id: ids.next(), ..anew };
        let stamp = self.clock.tick(here);
        self.outbox.replace(op, stamp, self.offset, anew).unwrap();
        self.written += 1;
    }
}

fn chosen(state: &State, words: &mut Words) -> Chosen {
    let State::Decided(Outcome::Conflict { fields, .. }) = state else { return Chosen::new() };
    let one = |field: &FieldConflict| {
        let third = matches!(field.field.as_str(), "name" | "health_note").then(|| json!("셋째 말"));
        let value = match words.below(3) {
            0 => field.theirs.clone(),
            1 => field.mine.clone(),
            _ => third.unwrap_or_else(|| field.mine.clone()),
        };
        (field.field.clone(), value)
    };
    fields.iter().map(one).collect()
}
