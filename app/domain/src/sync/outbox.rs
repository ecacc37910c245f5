//! What was written on a device and where each of it stands. Nothing leaves it unseen: what is refused or in conflict stays, with
//! its reason, until a person has written it anew or withdrawn it, and what hangs on it waits with it.

use super::{clock::Stamp, handling::Reach};
use crate::{
    ApiError,
    command::{Applied, Envelope},
    ids::{ChangeSeq, OpId, Rev},
    merge::FieldConflict,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Envelopes of one push.
pub const BATCH: usize = 100;

/// What became of a command at the server. A server that could not decide gives none: it is asked again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CommandOutcome))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It stands as written.
    Applied {
        /// The revision of the row that it was about.
        rev: Rev,
        /// Where its changes stand in the feed.
        seq: ChangeSeq,
    },
    /// It stands, joined with what others wrote meanwhile.
    Merged {
        /// The revision of the row that it was about.
        rev: Rev,
        /// Where its changes stand in the feed.
        seq: ChangeSeq,
    },
    /// Others changed the same fields: a person chooses.
    Conflict {
        /// Each field with both versions.
        fields: Vec<FieldConflict>,
        /// What the choice must be based on.
        rev: Rev,
    },
    /// It can't be applied, and trying again would not help.
    Refused {
        /// Why.
        error: ApiError,
    },
    /// The case was somebody else's by the time it was written: the server keeps it, and whoever holds the case now decides.
    Kept,
}

impl Outcome {
    /// The outcome in an answer of the store, or `None` when the same command may well go through later: a busy or faulty
    /// server, a session that has ended.
    ///
    /// The reason for a refusal is kept whole, for the person who wrote it.
    #[must_use]
    pub fn of(answer: Result<Applied, ApiError>) -> Option<Self> {
        match answer {
            Ok(Applied { rev, seq, merged: false, .. }) => Some(Self::Applied { rev, seq }),
            Ok(Applied { rev, seq, merged: true, .. }) => Some(Self::Merged { rev, seq }),
            Err(ApiError::Conflict { fields, rev }) => Some(Self::Conflict { fields, rev: Rev(rev) }),
            Err(
                ApiError::Unauthenticated
                | ApiError::SecondFactorRequired
                | ApiError::PasswordChangeRequired
                | ApiError::SignInFailed
                | ApiError::DeviceRevoked
                | ApiError::Locked { .. }
                | ApiError::TooMany { .. }
                | ApiError::WrongOrigin
                | ApiError::NoRoom
                | ApiError::Unavailable
                | ApiError::Internal,
            ) => None,
            Err(
                error @ (ApiError::Forbidden
                | ApiError::NotFound
                | ApiError::Invalid { .. }
                | ApiError::NotNow { .. }
                | ApiError::BadRequest
                | ApiError::TooLarge),
            ) => Some(Self::Refused { error }),
        }
    }
}

/// Where an entry stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not sent yet, or sent and lost on the way.
    Waiting,
    /// On its way: whether it arrived is not known.
    Sent,
    /// The server has decided.
    Decided(Outcome),
    /// A person wrote it anew.
    Replaced {
        /// As this.
        by: OpId,
    },
    /// A person gave it up.
    Withdrawn,
}

impl State {
    const fn stands(&self) -> bool {
        matches!(self, Self::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }))
    }

    /// Whether a person must write it anew or withdraw it.
    #[must_use]
    pub const fn asks(&self) -> bool {
        matches!(self, Self::Decided(Outcome::Conflict { .. } | Outcome::Refused { .. }))
    }

    const fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sent)
    }

    const fn is_kept(&self) -> bool {
        matches!(self, Self::Decided(Outcome::Kept))
    }
}

impl State {
    /// Whether what was written is not in what was pulled up to `reached` of the feed, but is still to be seen here.
    #[must_use]
    pub fn is_ahead(&self, reached: ChangeSeq) -> bool {
        match self {
            Self::Waiting | Self::Sent => true,
            Self::Decided(Outcome::Applied { seq, .. } | Outcome::Merged { seq, .. }) => *seq > reached,
            Self::Decided(_) | Self::Replaced { .. } | Self::Withdrawn => false,
        }
    }
}

/// One command that was written here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the order.
    pub stamp: Stamp,
    /// What the server's clock showed beyond the device's when last heard, in milliseconds.
    pub offset_ms: i64,
    /// The command.
    pub envelope: Envelope,
    /// Where it stands.
    pub state: State,
}

impl Entry {
    const fn place(&self) -> Place {
        (self.stamp, self.envelope.op_id)
    }

    /// When it was written, by the server's clock as far as it was known.
    #[must_use]
    pub fn written_at(&self) -> DateTime<Utc> {
        let offset = TimeDelta::try_milliseconds(self.offset_ms).unwrap_or_default();
        self.envelope.made_at.checked_add_signed(offset).unwrap_or(self.envelope.made_at)
    }
}

/// How many entries stand where. [`Ledger::written`] equals the sum of the others: nothing is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// All.
    pub written: usize,
    /// Waiting to be sent.
    pub waiting: usize,
    /// On their way.
    pub sent: usize,
    /// As written.
    pub applied: usize,
    /// Joined with what others wrote.
    pub merged: usize,
    /// Waiting for a choice.
    pub conflicts: usize,
    /// Refused.
    pub refused: usize,
    /// Kept by the server for whoever holds the case now.
    #[serde(default)]
    pub kept: usize,
    /// Written anew.
    pub replaced: usize,
    /// Given up.
    pub withdrawn: usize,
}

/// Why something can't be done to an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboxError {
    /// The command can be made only with a network.
    #[error("needs a network")]
    NeedsNetwork,
    /// The op id was used before.
    #[error("op id used before")]
    Reused,
    /// There is no such entry.
    #[error("no such entry")]
    Unknown,
    /// The entry does not ask for a choice, and may have arrived.
    #[error("nothing to choose")]
    NothingToChoose,
}

/// What was written on a device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Outbox {
    entries: BTreeMap<Place, Entry>,
}

/// The order of writing; two tabs of one tablet may give the same stamp.
type Place = (Stamp, OpId);

impl From<Vec<Entry>> for Outbox {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries: entries.into_iter().map(|entry| (entry.place(), entry)).collect() }
    }
}

impl From<Outbox> for Vec<Entry> {
    fn from(outbox: Outbox) -> Self {
        outbox.entries.into_values().collect()
    }
}

impl Outbox {
    /// All entries in the order in which they were written.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// One entry.
    #[must_use]
    pub fn entry(&self, op: OpId) -> Option<&Entry> {
        self.entries.values().find(|entry| entry.envelope.op_id == op)
    }

    fn entry_mut(&mut self, op: OpId) -> Option<&mut Entry> {
        self.entries.values_mut().find(|entry| entry.envelope.op_id == op)
    }

    /// Keeps a command that was written just now.
    ///
    /// # Errors
    /// [`OutboxError::NeedsNetwork`] for one that can't be made in the field, [`OutboxError::Reused`] for a known op id.
    pub fn write(&mut self, stamp: Stamp, offset: TimeDelta, envelope: Envelope) -> Result<(), OutboxError> {
        if envelope.command.handling().reach != Reach::Field {
            return Err(OutboxError::NeedsNetwork);
        }
        if self.entry(envelope.op_id).is_some() {
            return Err(OutboxError::Reused);
        }
        self.entries.insert(
            (stamp, envelope.op_id),
            Entry { stamp, offset_ms: offset.num_milliseconds(), envelope, state: State::Waiting },
        );
        Ok(())
    }

    /// What to send now, at most `most`, in an order in which nothing comes before what it needs; noted as sent. What is on its
    /// way already is sent again: the server knows an op id that it has seen.
    pub fn next_batch(&mut self, most: usize) -> Vec<Entry> {
        let mut chosen: Vec<Place> = Vec::new();
        let mut coming: BTreeSet<Uuid> = BTreeSet::new();
        // What was written anew is later than what hangs on it, so one pass may not find everything.
        loop {
            let before = chosen.len();
            for entry in self.entries.values().filter(|entry| entry.state.is_open()) {
                if chosen.len() >= most {
                    break;
                }
                if !chosen.contains(&entry.place()) && self.missing(entry, &coming).is_none() {
                    chosen.push(entry.place());
                    coming.extend(entry.envelope.command.makes());
                }
            }
            if chosen.len() == before {
                break;
            }
        }
        let mut batch = Vec::with_capacity(chosen.len());
        for place in chosen {
            if let Some(entry) = self.entries.get_mut(&place) {
                entry.state = State::Sent;
                batch.push(entry.clone());
            }
        }
        batch
    }

    /// What the server keeps for others to decide, at most `most`: sent again, it is answered with what they decided.
    pub fn kept(&self, most: usize) -> Vec<Entry> {
        self.entries.values().filter(|entry| entry.state.is_kept()).take(most).cloned().collect()
    }

    /// The entry that must stand before this one can, unless what it makes is `coming`.
    fn missing(&self, entry: &Entry, coming: &BTreeSet<Uuid>) -> Option<OpId> {
        let needs = entry.envelope.command.needs();
        needs.into_iter().filter(|need| !coming.contains(need)).find_map(|need| {
            let makers = || self.entries.values().filter(move |maker| maker.envelope.command.makes().contains(&need));
            if makers().any(|maker| maker.state.stands()) {
                return None;
            }
            // The one that replaced another speaks for it.
            makers().rfind(|maker| !matches!(maker.state, State::Replaced { .. })).map(|maker| maker.envelope.op_id)
        })
    }

    /// The entry that an open one waits for: it made what this one is about, and does not stand yet.
    #[must_use]
    pub fn waits_for(&self, op: OpId) -> Option<OpId> {
        self.entry(op).filter(|entry| entry.state.is_open()).and_then(|entry| self.missing(entry, &BTreeSet::new()))
    }

    /// The network was lost: what is on its way is sent again next time.
    pub fn lost(&mut self) {
        for entry in self.entries.values_mut().filter(|entry| entry.state == State::Sent) {
            entry.state = State::Waiting;
        }
    }

    /// The server came back from a backup and may not know any more what it applied: all of it is sent again. It knows an op id that
    /// it has still. What was refused stays refused, and what a person settled stays settled.
    pub fn send_again(&mut self) -> Vec<OpId> {
        let stood = self.entries.values_mut().filter(|entry| entry.state.stands());
        stood
            .map(|entry| {
                entry.state = State::Waiting;
                entry.envelope.op_id
            })
            .collect()
    }

    /// Takes the server's word about an entry; `None` when the server could not decide. Late and repeated answers change nothing
    /// that a person or an earlier answer has settled. What was refused only because it hangs on something that does not stand
    /// waits with it.
    pub fn answer(&mut self, op: OpId, outcome: Option<Outcome>) {
        let Some(entry) = self.entry(op) else { return };
        if entry.state.is_kept() {
            self.answer_kept(op, outcome);
            return;
        }
        if !entry.state.is_open() {
            return;
        }
        let hangs = matches!(outcome, Some(Outcome::Refused { .. })) && self.missing(entry, &BTreeSet::new()).is_some();
        let place = entry.place();
        if let Some(entry) = self.entries.get_mut(&place) {
            entry.state = outcome.filter(|_| !hangs).map_or(State::Waiting, State::Decided);
        }
    }

    /// What the server keeps stays so until somebody decided.
    fn answer_kept(&mut self, op: OpId, outcome: Option<Outcome>) {
        if let Some((entry, outcome)) = self.entry_mut(op).zip(outcome) {
            entry.state = State::Decided(outcome);
        }
    }

    /// A person wrote an entry anew that asks for a choice. The first stays to be read.
    ///
    /// # Errors
    /// [`OutboxError::Unknown`], [`OutboxError::NothingToChoose`], or as [`Self::write`]; nothing is changed then.
    pub fn replace(&mut self, op: OpId, stamp: Stamp, offset: TimeDelta, envelope: Envelope) -> Result<(), OutboxError> {
        if !self.entry(op).ok_or(OutboxError::Unknown)?.state.asks() {
            return Err(OutboxError::NothingToChoose);
        }
        let by = envelope.op_id;
        self.write(stamp, offset, envelope)?;
        if let Some(entry) = self.entry_mut(op) {
            entry.state = State::Replaced { by };
        }
        Ok(())
    }

    /// Whether a person can give an entry up: it asks for a choice, or waits for one that was given up.
    #[must_use]
    pub fn can_give_up(&self, op: OpId) -> bool {
        let given_up = |waits_for: OpId| self.entry(waits_for).is_some_and(|entry| entry.state == State::Withdrawn);
        self.entry(op).is_some_and(|entry| entry.state.asks()) || self.waits_for(op).is_some_and(given_up)
    }

    /// A person gave up an entry that [they can](Self::can_give_up). It stays to be read.
    ///
    /// # Errors
    /// [`OutboxError::Unknown`] or [`OutboxError::NothingToChoose`]; nothing is changed then.
    pub fn withdraw(&mut self, op: OpId) -> Result<(), OutboxError> {
        self.entry(op).ok_or(OutboxError::Unknown)?;
        if !self.can_give_up(op) {
            return Err(OutboxError::NothingToChoose);
        }
        if let Some(entry) = self.entry_mut(op) {
            entry.state = State::Withdrawn;
        }
        Ok(())
    }

    /// How many entries stand where.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        let mut ledger = Ledger { written: self.entries.len(), ..Ledger::default() };
        for entry in self.entries.values() {
            let place = match &entry.state {
                State::Waiting => &mut ledger.waiting,
                State::Sent => &mut ledger.sent,
                State::Decided(Outcome::Applied { .. }) => &mut ledger.applied,
                State::Decided(Outcome::Merged { .. }) => &mut ledger.merged,
                State::Decided(Outcome::Conflict { .. }) => &mut ledger.conflicts,
                State::Decided(Outcome::Refused { .. }) => &mut ledger.refused,
                State::Decided(Outcome::Kept) => &mut ledger.kept,
                State::Replaced { .. } => &mut ledger.replaced,
                State::Withdrawn => &mut ledger.withdrawn,
            };
            *place += 1;
        }
        ledger
    }
}
