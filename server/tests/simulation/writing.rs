//! What a holder writes: about people whom the tablet shows, with what waits in the outbox on top, and only what the tablet itself
//! finds nothing wrong with. And what they choose where others wrote something else meanwhile.

use super::tablet::Tablet;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    case::Urgency,
    command::{CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{CaseId, HouseholdId, NeighborId, NoteId, OpId, Rev, UserId, VisitId},
    merge::{Edit, FieldConflict},
    profile::{Channel, NeighborProfile, ProfileEdits},
    sync::{
        apply::{Writing, apply, begin, present},
        choice::{Chosen, chosen_anew},
        outbox::{Entry, Outcome as Fate, State},
        replica::{District, Dossier},
    },
    visit::{CancelReason, NotMetReason, Outcome, SeenWith, VisitKind, VisitState, Window},
};
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use store::testing::{DONGS, dong_code};

/// So many people a tablet knows before its holder mostly writes about those.
const PEOPLE: usize = 3;

impl Tablet {
    /// Its holder writes something, if the tablet has loaded anything yet.
    pub fn write(&mut self) {
        let Some((_, district)) = self.district.clone() else { return };
        let now = self.here() + self.offset;
        let people = self.people();
        let enough = people.len() >= PEOPLE;
        let about = people.choose(&mut self.random).copied().filter(|_| self.random.random_bool(if enough { 0.95 } else { 0.5 }));
        let shown = |id: NeighborId| present(self.dossiers.get(&id).cloned(), id, &self.outbox, &district, self.reached, now);
        let seen = about.and_then(shown);
        let (command, base_rev) = match &seen {
            Some(seen) => any_command(&mut self.random, seen, &district, now),
            None => (registration(&mut self.random), None),
        };
        let envelope = Envelope { base_rev, ..Envelope::new(command, self.here()) };
        let writing = Writing { district: &district, at: now, op: envelope.op_id };
        let goes = match seen {
            Some(mut seen) => apply(&writing, &mut seen, &envelope).is_ok(),
            None => begin(&writing, &envelope.command).is_ok(),
        };
        if goes {
            self.note_time(&envelope.command);
            let stamp = self.tick();
            self.outbox.write(stamp, self.offset, envelope).unwrap();
            self.written += 1;
        }
    }

    /// Whom the tablet may know of.
    fn people(&self) -> Vec<NeighborId> {
        let registered = self.outbox.entries().filter_map(|entry| match &entry.envelope.command {
            Command::Neighbor(NeighborCommand::Register { id, .. }) if !self.dossiers.contains_key(id) => Some(*id),
            _ => None,
        });
        self.dossiers.keys().copied().chain(registered).collect()
    }

    /// A tablet that has been told the time since its clock was last set knows when it is.
    fn note_time(&mut self, command: &Command) {
        if let (Command::Case(CaseCommand::AddNote { id, .. }), true) = (command, self.sure) {
            self.noted.insert(*id, self.right_now());
        }
    }

    /// Its holder looks at what asks: mine, theirs, a third, or not at all. Whether anything asked.
    pub fn choose(&mut self) -> bool {
        let given_up = |op: OpId| self.outbox.entry(op).is_some_and(|entry| entry.state == State::Withdrawn);
        let asks = |entry: &&Entry| entry.state.asks() || self.outbox.waits_for(entry.envelope.op_id).is_some_and(given_up);
        let asking: Vec<Entry> = self.outbox.entries().filter(asks).cloned().collect();
        for entry in &asking {
            let op = entry.envelope.op_id;
            let anew = self.random.random_bool(0.7).then(|| chosen_anew(entry, &chosen(&mut self.random, entry), self.here()));
            match anew.flatten() {
                Some(anew) => {
                    let stamp = self.tick();
                    self.outbox.replace(op, stamp, self.offset, anew).unwrap();
                    self.written += 1;
                }
                None => self.outbox.withdraw(op).unwrap(),
            }
        }
        !asking.is_empty()
    }
}

fn chosen(random: &mut ChaCha8Rng, entry: &Entry) -> Chosen {
    let State::Decided(Fate::Conflict { fields, .. }) = &entry.state else { return Chosen::new() };
    let mut one = |field: &FieldConflict| {
        let third = (field.field == "address").then(|| serde_json::json!("서초대로 셋째"));
        match random.random_range(0..3) {
            0 => field.theirs.clone(),
            1 => third.unwrap_or_else(|| field.mine.clone()),
            _ => field.mine.clone(),
        }
    };
    fields.iter().map(|field| (field.field.clone(), one(field))).collect()
}

fn registration(random: &mut ChaCha8Rng) -> Command {
    let dong = dong_code(DONGS[random.random_range(0..2)]);
    NeighborCommand::Register {
        id: NeighborId::new(),
        household: HouseholdId::new(),
        profile: Box::new(NeighborProfile { name: Some("김가상".to_owned()), ..NeighborProfile::in_dong(dong) }),
        members: Vec::new(),
        signs: vec!["S15".to_owned()],
        learned_from: Channel::Worker,
        different_from: Vec::new(),
        open_case: Some((CaseId::new(), Urgency::ThreeDays)),
    }
    .into()
}

/// A command about somebody, with the revision that its writer saw.
fn any_command(random: &mut ChaCha8Rng, seen: &Dossier, district: &District, now: DateTime<Utc>) -> (Command, Option<Rev>) {
    let (id, case) = (seen.id(), seen.case.card.id);
    let (person_rev, case_rev) = (Some(seen.neighbor.person.record.rev), Some(seen.case.card.rev));
    let ahead: Vec<_> = seen.visits.iter().map(|visit| &visit.card).filter(|card| card.state == VisitState::Scheduled).collect();
    let visit = ahead.choose(random);
    match (random.random_range(0..14), visit) {
        (0..3, _) => (CaseCommand::AddNote { id: NoteId::new(), case, body: "문 앞에 신문이 쌓임".to_owned() }.into(), None),
        (3..7, _) => (NeighborCommand::Edit { id, edits: Box::new(any_edits(random, seen)) }.into(), person_rev),
        (7, _) => {
            let urgency = Edit { from: seen.case.card.urgency, to: *Urgency::ALL.choose(random).unwrap() };
            (CaseCommand::SetUrgency { id: case, urgency, reason: "단전".to_owned() }.into(), case_rev)
        }
        (8, Some(card)) => {
            let (window, second) = (any_window(random, now), somebody_else(random, district, card.worker.id));
            let command = VisitCommand::Move {
                id: card.id,
                window,
                worker: card.worker.id,
                second_worker: second,
                seen: Some(card.plan()),
            };
            (command.into(), Some(card.rev))
        }
        (9, Some(card)) => (VisitCommand::Cancel { id: card.id, reason: CancelReason::Weather, following: false }.into(), None),
        (10, Some(card)) => {
            let (at, outcome) = (now - TimeDelta::hours(1), any_outcome(random));
            (VisitCommand::Record { id: card.id, at, outcome, signs: Vec::new(), note: Some("점심".to_owned()) }.into(), None)
        }
        (11, _) => {
            let (id, at, outcome) = (VisitId::new(), now - TimeDelta::hours(1), any_outcome(random));
            let signs = vec!["S28".to_owned()];
            (VisitCommand::RecordUnplanned { id, case, kind: VisitKind::Home, at, outcome, signs, note: None }.into(), None)
        }
        _ => (any_plan(random, case, district, now), None),
    }
}

/// Of values so few that others often write the same, or something else about the same.
fn any_edits(random: &mut ChaCha8Rng, seen: &Dossier) -> ProfileEdits {
    let from = &seen.neighbor.person.record.profile;
    let mut to = from.clone();
    match random.random_range(0..3) {
        0 => to.name = ["김가상", "이가상", "박가상"].choose(random).map(ToString::to_string),
        1 => to.health_note = ["당뇨", "무릎"].choose(random).map(ToString::to_string),
        _ => to.address = ["서초대로 1", "서초대로 2", "서초대로 3"].choose(random).map(ToString::to_string),
    }
    ProfileEdits::between(from, &to)
}

fn any_window(random: &mut ChaCha8Rng, now: DateTime<Utc>) -> Window {
    let start = now + TimeDelta::hours(random.random_range(1..100));
    Window { start, end: start + TimeDelta::hours(1) }
}

fn somebody_else(random: &mut ChaCha8Rng, district: &District, worker: UserId) -> Option<UserId> {
    let others = district.workers.iter().map(|colleague| colleague.worker.id).filter(|id| *id != worker);
    others.collect::<Vec<_>>().choose(random).copied().filter(|_| random.random_bool(0.7))
}

/// Now and then somebody goes along: then the case is on their tablets, too, as long as the visit is ahead.
fn any_plan(random: &mut ChaCha8Rng, case: CaseId, district: &District, now: DateTime<Utc>) -> Command {
    let me = district.me.id;
    let second_worker = somebody_else(random, district, me);
    VisitCommand::Schedule {
        id: VisitId::new(),
        series: None,
        case,
        kind: VisitKind::Home,
        window: any_window(random, now),
        worker: me,
        second_worker,
        two_person: false,
        purpose: None,
        recurrence: None,
    }
    .into()
}

fn any_outcome(random: &mut ChaCha8Rng) -> Outcome {
    match random.random_range(0..3) {
        0 => Outcome::Met { face_to_face: None },
        1 => Outcome::Met { face_to_face: Some(SeenWith::Neighbor) },
        _ => Outcome::NotMet { reason: NotMetReason::NobodyHome },
    }
}
