//! A server that keeps dossiers by the rules of the write path: an op id is decided once, what it applies goes into the feed, and
//! a tablet that asks is told who changed since. Beside the dossiers it keeps a second, simpler book of every field that is
//! merged.

use super::{
    district::{DISTRICTS, FIRST_CASE},
    fields::Fields,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError, Invalid,
    case::ClosureReason,
    command::{Applied, Command, Envelope, NeighborCommand},
    ids::{ChangeSeq, MemberId, NeighborId, OpId, Rev},
    profile::HouseholdMember,
    sync::{
        apply::{Writing, apply, begin, is_about},
        handling::Merging,
        outbox::Outcome,
        protocol::{PullAnswer, Pushed},
        replica::Dossier,
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A server, and all it was ever told.
#[derive(Clone)]
pub struct Server {
    /// When it was last restored from a backup.
    pub restored_at: Option<DateTime<Utc>>,
    pub dossiers: BTreeMap<NeighborId, Dossier>,
    /// What was applied, in the order in which it was.
    pub order: Vec<Envelope>,
    pub fields: Fields,
    applied: BTreeMap<OpId, Applied>,
    /// What was refused or in conflict: whoever asks again hears the same.
    settled: BTreeMap<OpId, ApiError>,
    /// Whom each change was about.
    feed: Vec<NeighborId>,
    /// Who may not see whom.
    hidden: BTreeSet<(usize, NeighborId)>,
    /// What commands have made.
    there: BTreeSet<Uuid>,
    /// Members of households who were taken off.
    off: BTreeMap<(NeighborId, MemberId), HouseholdMember>,
}

impl Server {
    pub fn new() -> Self {
        let first = FIRST_CASE.clone();
        let mut server = Self {
            restored_at: None,
            dossiers: BTreeMap::new(),
            order: Vec::new(),
            fields: Fields::default(),
            applied: BTreeMap::new(),
            settled: BTreeMap::new(),
            feed: vec![first.id()],
            hidden: BTreeSet::new(),
            there: BTreeSet::new(),
            off: BTreeMap::new(),
        };
        server.there.extend([first.id().0, first.case.card.id.0]);
        server.there.extend(first.neighbor.members.iter().map(|member| member.id.0));
        server.there.extend(first.visits.iter().map(|visit| visit.card.id.0));
        server.there.extend(super::writing::photos(&first).map(|photo| photo.0));
        server.fields.know(&first);
        server.dossiers.insert(first.id(), first);
        server
    }

    /// How far the feed goes.
    pub fn position(&self) -> ChangeSeq {
        ChangeSeq(i64::try_from(self.feed.len()).unwrap())
    }

    /// What a worker may see.
    pub fn visible(&self, holder: usize) -> BTreeMap<NeighborId, Dossier> {
        let seen = |id: &NeighborId| !self.hidden.contains(&(holder, *id));
        self.dossiers.iter().filter(|(id, _)| seen(id)).map(|(id, dossier)| (*id, dossier.clone())).collect()
    }

    /// Decides about a command, once; not about one that is refused while it `hangs` on something that was not applied just before.
    pub fn take(&mut self, holder: usize, pushed: &Pushed, hangs: bool, now: DateTime<Utc>) -> Option<Outcome> {
        let envelope = &pushed.envelope;
        if let Some(before) = self.applied.get(&envelope.op_id) {
            return Outcome::of(Ok(Applied { repeated: true, ..before.clone() }));
        }
        if let Some(error) = self.settled.get(&envelope.op_id) {
            return Outcome::of(Err(error.clone()));
        }
        let there = envelope.command.needs().iter().all(|need| self.there.contains(need));
        let answer = if there { self.execute(holder, envelope, pushed.written_at(now)) } else { Err(ApiError::NotFound) };
        match &answer {
            Ok(applied) => {
                self.there.extend(envelope.command.makes());
                self.order.push(envelope.clone());
                assert!(self.applied.insert(envelope.op_id, applied.clone()).is_none());
            }
            Err(error) if hangs && !matches!(error, ApiError::Conflict { .. }) => return None,
            Err(error) => drop(self.settled.insert(envelope.op_id, error.clone())),
        }
        Outcome::of(answer)
    }

    fn execute(&mut self, holder: usize, envelope: &Envelope, at: DateTime<Utc>) -> Result<Applied, ApiError> {
        let writing = Writing { district: &DISTRICTS[holder], at, op: envelope.op_id };
        if let Command::Neighbor(NeighborCommand::Register { id, .. }) = &envelope.command {
            return self.register(&writing, *id, envelope);
        }
        let about = |dossier: &&Dossier| is_about(&envelope.command, dossier);
        let before = self.dossiers.values().find(about).ok_or(ApiError::NotFound)?;
        if self.hidden.contains(&(holder, before.id())) {
            return Err(ApiError::NotFound);
        }
        let mut after = before.clone();
        let back = self.put_back(&mut after, &envelope.command)?;
        let done = apply(&writing, &mut after, envelope);
        self.fields.check(before, envelope, done.as_ref().err());
        done?;
        self.fields.know_new_visits(&after);
        let stood = before.neighbor.person.record.rev;
        let merged = envelope.command.handling().merging == Merging::Fields
            && envelope.base_rev.is_some_and(|base| base < stood)
            && after.neighbor.person.record.rev > stood;
        let changed = back || after.neighbor.person.record.rev > stood || after.case.card.rev > before.case.card.rev;
        self.mind_taken_off(before.id(), &envelope.command, &before.neighbor.members.clone());
        let id = after.id();
        self.dossiers.insert(id, after);
        if changed {
            self.feed.push(id);
        }
        Ok(Applied { rev: stood, seq: self.position(), repeated: false, merged, import: None })
    }

    /// Whether a choice that was based on what stands now would be in conflict all the same.
    pub fn would_ask_again(&self, chosen: &Envelope) -> bool {
        let Some(dossier) = self.dossiers.values().find(|dossier| is_about(&chosen.command, dossier)) else { return false };
        let writing = Writing { district: &DISTRICTS[0], at: chosen.made_at, op: chosen.op_id };
        let answer = apply(&writing, &mut dossier.clone(), chosen);
        matches!(answer, Err(ApiError::Conflict { rev, .. }) if chosen.base_rev == Some(Rev(rev)))
    }

    fn register(&mut self, writing: &Writing<'_>, id: NeighborId, envelope: &Envelope) -> Result<Applied, ApiError> {
        let dossier = begin(writing, &envelope.command)?.ok_or(ApiError::BadRequest)?;
        if self.dossiers.contains_key(&id) {
            return Err(ApiError::invalid("id", Invalid::Taken));
        }
        self.fields.know(&dossier);
        self.dossiers.insert(id, dossier);
        self.feed.push(id);
        Ok(Applied { rev: Rev::FIRST, seq: self.position(), repeated: false, merged: false, import: None })
    }

    /// Whoever edits a member of the household has seen them: an edit puts back who was taken off. Whoever takes off must know
    /// them.
    fn put_back(&self, dossier: &mut Dossier, command: &Command) -> Result<bool, ApiError> {
        let Command::Neighbor(NeighborCommand::EditMember { id, member, .. } | NeighborCommand::RemoveMember { id, member }) =
            command
        else {
            return Ok(false);
        };
        let members = &mut dossier.neighbor.members;
        if members.iter().any(|known| known.id == *member) {
            return Ok(false);
        }
        let gone = self.off.get(&(*id, *member)).ok_or(ApiError::NotFound)?;
        members.push(gone.clone());
        members.sort_by_key(|member| member.id);
        Ok(true)
    }

    fn mind_taken_off(&mut self, id: NeighborId, command: &Command, members: &[HouseholdMember]) {
        let Command::Neighbor(NeighborCommand::RemoveMember { member, .. }) = command else { return };
        if let Some(gone) = members.iter().find(|known| known.id == *member) {
            self.off.insert((id, *member), gone.clone());
        }
    }

    /// The office closes a case, for good.
    pub fn close(&mut self, which: usize, now: DateTime<Utc>) {
        let count = self.dossiers.len();
        let Some(dossier) = self.dossiers.values_mut().nth(which % count) else { return };
        if dossier.case.facts.closed_at.is_some() {
            return;
        }
        dossier.case.facts.closed_at = Some(now);
        dossier.case.facts.closure = Some(ClosureReason::NoNeed);
        dossier.case.card.rev = dossier.case.card.rev.next();
        self.feed.push(dossier.id());
    }

    /// The office gives a case into other hands, or back.
    pub fn hide(&mut self, which: usize, holder: usize) {
        let Some(id) = self.dossiers.keys().nth(which % self.dossiers.len()).copied() else { return };
        if !self.hidden.remove(&(holder, id)) {
            self.hidden.insert((holder, id));
        }
        self.feed.push(id);
    }

    /// The next part for a worker's tablet, about at most `most` people. Who begins hears whom it is about.
    pub fn pull(&self, holder: usize, cursor: ChangeSeq, most: usize, now: DateTime<Utc>) -> PullAnswer {
        let (mut people, mut reached) = (BTreeSet::new(), self.position());
        for (seq, id) in (1..).zip(&self.feed).skip(usize::try_from(cursor.0).unwrap()) {
            if people.len() == most && !people.contains(id) {
                reached = ChangeSeq(seq - 1);
                break;
            }
            people.insert(*id);
        }
        let (gone, there) = people.into_iter().partition(|id| self.hidden.contains(&(holder, *id)));
        let there: Vec<NeighborId> = there;
        let dossiers = there.iter().map(|id| Dossier { as_of: self.position(), ..self.dossiers[id].clone() }).collect();
        let everybody = (cursor == ChangeSeq::default()).then(|| self.visible(holder).into_keys().collect());
        PullAnswer {
            server_at: now,
            restored_at: self.restored_at,
            cursor: reached.0.to_string(),
            reached,
            more: reached < self.position(),
            dossiers,
            gone,
            total: None,
            everybody,
            district: None,
        }
    }
}
