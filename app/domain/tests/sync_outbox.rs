//! An outbox and a server over a network that loses, repeats and reorders: whatever happens, every command that was written has
//! one end, the server applied none twice, and none before what it needs.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError, Rule,
    case::Urgency,
    command::{Applied, CaseCommand, Command, Envelope, NeighborCommand, UserCommand, VisitCommand},
    ids::{CaseId, ChangeSeq, DeviceId, HouseholdId, NeighborId, NoteId, OpId, Rev, SeriesId, UserId, VisitId},
    merge::Edit,
    profile::{Channel, NeighborProfile, ProfileEdits},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    sync::{
        clock::HybridClock,
        outbox::{BATCH, Entry, Ledger, Outbox, OutboxError, Outcome, State},
    },
    visit::{CancelReason, VisitKind, Window, occurrence_id},
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn envelope(command: impl Into<Command>) -> Envelope {
    Envelope::new(command, now())
}

fn register(open_case: Option<CaseId>) -> (NeighborId, Command) {
    let id = NeighborId::new();
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(NeighborProfile::in_dong("1165051000".parse().unwrap())),
        members: vec![],
        signs: vec![],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: open_case.map(|case| (case, Urgency::ThreeDays)),
    };
    (id, command.into())
}

fn note(case: CaseId) -> Command {
    CaseCommand::AddNote { id: NoteId::new(), case, body: "문 앞에 신문이 쌓임".to_owned() }.into()
}

/// A device: what was written on it, and its clock.
struct Device {
    outbox: Outbox,
    clock: HybridClock,
}

impl Device {
    fn new() -> Self {
        Self { outbox: Outbox::default(), clock: HybridClock::new(DeviceId::new()) }
    }

    fn write(&mut self, command: impl Into<Command>) -> OpId {
        let envelope = envelope(command);
        let op = envelope.op_id;
        let stamp = self.clock.tick(now());
        self.outbox.write(stamp, TimeDelta::zero(), envelope).unwrap();
        op
    }

    fn replace(&mut self, op: OpId, command: impl Into<Command>) -> Result<OpId, OutboxError> {
        let envelope = envelope(command);
        let by = envelope.op_id;
        let stamp = self.clock.tick(now());
        self.outbox.replace(op, stamp, TimeDelta::zero(), envelope).map(|()| by)
    }

    fn state(&self, op: OpId) -> State {
        self.outbox.entry(op).unwrap().state.clone()
    }
}

/// What the server thinks of a command; the same whenever it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Apply,
    Merge,
    Conflict,
    Refuse,
}

/// A server that keeps what it must by the rules of the write path: an op id is applied once, and a thing must be there.
#[derive(Default)]
struct Server {
    applied: BTreeMap<OpId, Applied>,
    there: BTreeSet<Uuid>,
    verdicts: BTreeMap<OpId, Verdict>,
    order: Vec<OpId>,
}

impl Server {
    fn push(&mut self, envelope: &Envelope) -> Result<Applied, ApiError> {
        if let Some(before) = self.applied.get(&envelope.op_id) {
            return Ok(Applied { repeated: true, ..before.clone() });
        }
        if !envelope.command.needs().iter().all(|need| self.there.contains(need)) {
            return Err(ApiError::NotFound);
        }
        let verdict = self.verdicts.get(&envelope.op_id).copied().unwrap_or(Verdict::Apply);
        match verdict {
            Verdict::Conflict => return Err(ApiError::Conflict { fields: vec![], rev: 7 }),
            Verdict::Refuse => return Err(Rule::CaseClosed.into()),
            Verdict::Apply | Verdict::Merge => {}
        }
        self.there.extend(envelope.command.makes());
        let seq = ChangeSeq(i64::try_from(self.order.len()).unwrap());
        let applied = Applied { rev: Rev(1), seq, repeated: false, merged: verdict == Verdict::Merge, import: None };
        self.order.push(envelope.op_id);
        self.applied.insert(envelope.op_id, applied.clone());
        Ok(applied)
    }
}

/// One exchange: `arrives` says which envelopes get there, `returns` which answers come back, in which order.
fn exchange(device: &mut Device, server: &mut Server, most: usize, arrives: u8, returns: u8, backwards: bool) {
    let batch = device.outbox.next_batch(most);
    // A connection breaks once: what comes after it is lost as well.
    let arrived = batch.len() * usize::from(arrives) / 255;
    let mut answers: Vec<(OpId, Option<Outcome>)> =
        batch.iter().take(arrived).map(|entry| (entry.envelope.op_id, Outcome::of(server.push(&entry.envelope)))).collect();
    answers.truncate(answers.len() * usize::from(returns) / 255);
    if backwards {
        answers.reverse();
    }
    // Each answer comes twice.
    for (op, outcome) in answers.clone().into_iter().chain(answers) {
        device.outbox.answer(op, outcome);
    }
    device.outbox.lost();
}

/// What one history is made of.
#[derive(Clone, Debug)]
enum Step {
    /// Write the kind of command about one of the things that were written before, with what the server will say.
    Write {
        kind: u8,
        about: usize,
        verdict: u8,
    },
    Exchange {
        most: usize,
        arrives: u8,
        returns: u8,
        backwards: bool,
    },
    /// A person looks at an entry that asks: writes it anew, or gives it up.
    Choose {
        which: usize,
        anew: bool,
        verdict: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<u8>(), any::<usize>(), any::<u8>()).prop_map(|(kind, about, verdict)| Step::Write { kind, about, verdict }),
        3 => (1..8usize, any::<u8>(), any::<u8>(), any::<bool>())
            .prop_map(|(most, arrives, returns, backwards)| Step::Exchange { most, arrives, returns, backwards }),
        1 => (any::<usize>(), any::<bool>(), any::<u8>()).prop_map(|(which, anew, verdict)| Step::Choose { which, anew, verdict }),
    ]
}

const fn verdict(word: u8) -> Verdict {
    match word % 8 {
        0 => Verdict::Refuse,
        1 => Verdict::Conflict,
        2 => Verdict::Merge,
        _ => Verdict::Apply,
    }
}

/// The things that somebody at the device could write about.
#[derive(Default)]
struct Known {
    neighbors: Vec<NeighborId>,
    cases: Vec<CaseId>,
    visits: Vec<VisitId>,
}

impl Known {
    fn command(&mut self, kind: u8, about: usize) -> Command {
        fn pick<T: Copy>(all: &[T], about: usize) -> Option<T> {
            all.get(about.checked_rem(all.len())?).copied()
        }
        let neighbor = pick(&self.neighbors, about);
        let case = pick(&self.cases, about);
        let visit = pick(&self.visits, about);
        match (kind % 6, neighbor, case, visit) {
            (1, Some(id), _, _) => NeighborCommand::Edit { id, edits: Box::default() }.into(),
            (2, _, Some(case), _) => note(case),
            (3, _, Some(id), _) => {
                let urgency = Edit { from: Urgency::ThreeDays, to: Urgency::SameDay };
                CaseCommand::SetUrgency { id, urgency, reason: "확인".to_owned() }.into()
            }
            (4, _, Some(case), _) => {
                let id = VisitId::new();
                self.visits.push(id);
                schedule(id, None, case).into()
            }
            (5, _, _, Some(id)) => VisitCommand::Cancel { id, reason: CancelReason::NeighborAsked, following: false }.into(),
            _ => {
                let case = CaseId::new();
                let (id, command) = register(Some(case));
                self.neighbors.push(id);
                self.cases.push(case);
                command
            }
        }
    }
}

fn schedule(id: VisitId, series: Option<SeriesId>, case: CaseId) -> VisitCommand {
    let recurrence = Recurrence { frequency: Frequency::Week, end: RecurrenceEnd::Count { count: 4 }, skip_holidays: false };
    VisitCommand::Schedule {
        id,
        series,
        case,
        kind: VisitKind::Home,
        window: Window { start: now(), end: now() + TimeDelta::minutes(30) },
        worker: UserId::new(),
        second_worker: None,
        two_person: false,
        purpose: None,
        recurrence: series.map(|_| recurrence),
    }
}

fn sum(ledger: &Ledger) -> usize {
    ledger.waiting
        + ledger.sent
        + ledger.applied
        + ledger.merged
        + ledger.conflicts
        + ledger.refused
        + ledger.kept
        + ledger.replaced
        + ledger.withdrawn
}

/// The entries that ask for a choice, or hang on something that was given up.
fn asking(device: &Device) -> Vec<OpId> {
    let given_up = |op: OpId| device.state(op) == State::Withdrawn;
    device
        .outbox
        .entries()
        .filter(|entry| entry.state.asks() || device.outbox.waits_for(entry.envelope.op_id).is_some_and(given_up))
        .map(|entry| entry.envelope.op_id)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn every_command_has_one_end(steps in prop::collection::vec(step(), 1..60)) {
        let (mut device, mut server, mut known) = (Device::new(), Server::default(), Known::default());
        let mut written = 0;
        for step in steps {
            match step {
                Step::Write { kind, about, verdict: word } => {
                    let op = device.write(known.command(kind, about));
                    server.verdicts.insert(op, verdict(word));
                    written += 1;
                }
                Step::Exchange { most, arrives, returns, backwards } => {
                    exchange(&mut device, &mut server, most, arrives, returns, backwards);
                }
                Step::Choose { which, anew, verdict: word } => {
                    let asking = asking(&device);
                    let Some(op) = which.checked_rem(asking.len()).map(|at| asking[at]) else { continue };
                    let entry = device.outbox.entry(op).unwrap().clone();
                    if anew && entry.state.asks() {
                        let by = device.replace(op, entry.envelope.command).unwrap();
                        server.verdicts.insert(by, verdict(word));
                        written += 1;
                    } else {
                        device.outbox.withdraw(op).unwrap();
                    }
                }
            }
            let ledger = device.outbox.ledger();
            prop_assert_eq!((ledger.written, sum(&ledger)), (written, written));
        }
        // The network is back. In the end a person gives up what still asks.
        loop {
            let before = device.outbox.ledger();
            exchange(&mut device, &mut server, BATCH, 255, 255, false);
            for op in asking(&device) {
                device.outbox.withdraw(op).unwrap();
            }
            if device.outbox.ledger() == before {
                break;
            }
        }
        let ledger = device.outbox.ledger();
        prop_assert_eq!((ledger.waiting, ledger.sent, ledger.conflicts, ledger.refused), (0, 0, 0, 0));
        prop_assert_eq!(ledger.written, written);
        // The ledger of the device is that of the server.
        let stands: BTreeSet<OpId> = device
            .outbox
            .entries()
            .filter(|entry| matches!(entry.state, State::Decided(_)))
            .map(|entry| entry.envelope.op_id)
            .collect();
        prop_assert_eq!(&stands, &server.applied.keys().copied().collect());
        prop_assert_eq!(server.order.len(), stands.len());
        let kept: Outbox = serde_json::from_str(&serde_json::to_string(&device.outbox).unwrap()).unwrap();
        prop_assert_eq!(kept, device.outbox);
    }
}

fn send(device: &mut Device, server: &mut Server) -> Vec<OpId> {
    let before = server.order.len();
    exchange(device, server, BATCH, 255, 255, false);
    server.order.iter().skip(before).copied().collect()
}

#[test]
fn what_hangs_on_something_refused_waits_for_the_choice_and_goes_with_it() {
    let (mut device, mut server) = (Device::new(), Server::default());
    let case = CaseId::new();
    let (_, command) = register(Some(case));
    let registered = device.write(command.clone());
    let noted = device.write(note(case));
    server.verdicts.insert(registered, Verdict::Refuse);
    assert_eq!(send(&mut device, &mut server), []);
    assert!(device.state(registered).asks());
    assert_eq!((device.state(noted), device.outbox.waits_for(noted)), (State::Waiting, Some(registered)));
    assert_eq!(device.outbox.next_batch(BATCH), []);
    assert_eq!(device.outbox.withdraw(noted), Err(OutboxError::NothingToChoose));

    let anew = device.replace(registered, command).unwrap();
    assert_eq!(device.state(registered), State::Replaced { by: anew });
    assert_eq!(device.outbox.waits_for(noted), Some(anew));
    // The new one was written last, and goes first.
    assert_eq!(send(&mut device, &mut server), [anew, noted]);
    assert_eq!(device.outbox.ledger(), Ledger { written: 3, applied: 2, replaced: 1, ..Ledger::default() });
}

#[test]
fn what_hangs_on_something_given_up_can_be_given_up() {
    let (mut device, mut server) = (Device::new(), Server::default());
    let case = CaseId::new();
    let registered = device.write(register(Some(case)).1);
    let (visit, first) = (VisitId::new(), OpId::new());
    let planned = device.write(schedule(visit, None, case));
    let cancelled = device.write(VisitCommand::Cancel { id: visit, reason: CancelReason::NeighborAsked, following: false });
    server.verdicts.insert(registered, Verdict::Refuse);
    send(&mut device, &mut server);
    assert_eq!(device.outbox.withdraw(first), Err(OutboxError::Unknown));
    for op in [registered, planned, cancelled] {
        device.outbox.withdraw(op).unwrap();
    }
    assert_eq!(device.outbox.ledger(), Ledger { written: 3, withdrawn: 3, ..Ledger::default() });
    assert_eq!(device.outbox.withdraw(registered), Err(OutboxError::NothingToChoose));
}

#[test]
fn a_later_visit_of_a_series_needs_the_plan_of_the_series() {
    let mut device = Device::new();
    let (series, case) = (SeriesId::new(), CaseId::new());
    let cancelled = device.write(VisitCommand::Cancel {
        id: occurrence_id(series, 3),
        reason: CancelReason::NeighborAsked,
        following: false,
    });
    let planned = device.write(schedule(VisitId::new(), Some(series), case));
    let batch: Vec<OpId> = device.outbox.next_batch(BATCH).iter().map(|entry| entry.envelope.op_id).collect();
    assert_eq!(batch, [planned, cancelled]);
}

#[test]
fn a_late_answer_changes_nothing_that_was_settled() {
    let (mut device, mut server) = (Device::new(), Server::default());
    let (id, command) = register(None);
    device.write(command);
    let edited = device.write(NeighborCommand::Edit { id, edits: Box::new(ProfileEdits::default()) });
    server.verdicts.insert(edited, Verdict::Conflict);
    send(&mut device, &mut server);
    assert!(device.state(edited).asks());
    device.outbox.answer(edited, Some(Outcome::Applied { rev: Rev(9), seq: ChangeSeq(1) }));
    assert!(device.state(edited).asks());
    device.outbox.withdraw(edited).unwrap();
    device.outbox.answer(edited, None);
    device.outbox.answer(OpId::new(), None);
    assert_eq!(device.state(edited), State::Withdrawn);
}

#[test]
fn a_server_that_can_not_decide_is_asked_again() {
    let mut device = Device::new();
    let op = device.write(register(None).1);
    for error in [ApiError::Unavailable, ApiError::Internal, ApiError::Unauthenticated, ApiError::TooMany { seconds: 3 }] {
        assert_eq!(device.outbox.next_batch(BATCH).len(), 1);
        device.outbox.answer(op, Outcome::of(Err(error)));
        assert_eq!(device.state(op), State::Waiting);
    }
    assert_eq!(device.outbox.next_batch(BATCH).len(), 1);
    // Without an answer it stays on its way, and is sent again.
    let again: Vec<Entry> = device.outbox.next_batch(BATCH);
    assert_eq!((again.len(), device.state(op)), (1, State::Sent));
}

#[test]
fn office_work_and_a_used_id_are_not_taken() {
    let mut device = Device::new();
    let stamp = device.clock.tick(now());
    let office = envelope(UserCommand::Rename { id: UserId::new(), name: "김예시".to_owned() });
    assert_eq!(device.outbox.write(stamp, TimeDelta::zero(), office), Err(OutboxError::NeedsNetwork));
    let first = envelope(register(None).1);
    device.outbox.write(stamp, TimeDelta::zero(), first.clone()).unwrap();
    let later = device.clock.tick(now());
    assert_eq!(device.outbox.write(later, TimeDelta::zero(), first), Err(OutboxError::Reused));
    assert_eq!(device.outbox.ledger().written, 1);
}

#[test]
fn what_the_server_keeps_is_asked_about_until_somebody_decided() {
    let mut device = Device::new();
    let (id, command) = register(None);
    device.write(command);
    let edited = device.write(NeighborCommand::Edit { id, edits: Box::new(ProfileEdits::default()) });
    device.outbox.next_batch(BATCH);
    device.outbox.answer(edited, Some(Outcome::Kept));
    assert_eq!((device.outbox.ledger().kept, device.state(edited).asks()), (1, false));
    // Nothing is lost when nobody has decided, or the network breaks.
    device.outbox.answer(edited, None);
    device.outbox.lost();
    let asked: Vec<OpId> = device.outbox.kept(BATCH).iter().map(|entry| entry.envelope.op_id).collect();
    assert_eq!(asked, [edited]);
    assert_eq!(device.outbox.withdraw(edited), Err(OutboxError::NothingToChoose));
    device.outbox.answer(edited, Some(Outcome::Applied { rev: Rev(2), seq: ChangeSeq(9) }));
    assert_eq!(device.outbox.kept(BATCH), []);
    assert_eq!((device.outbox.ledger().kept, device.outbox.ledger().applied), (0, 1));
}

#[test]
fn two_tabs_that_write_at_the_same_instant_lose_nothing() {
    let device = Device::new();
    let (mut one, mut other) = (device.clock, device.clock);
    let (first, second) = (one.tick(now()), other.tick(now()));
    assert_eq!(first, second);
    let mut outbox = Outbox::default();
    outbox.write(first, TimeDelta::zero(), envelope(register(None).1)).unwrap();
    outbox.write(second, TimeDelta::zero(), envelope(register(None).1)).unwrap();
    // As a tab reads what both have kept.
    let mut read = Outbox::from(Vec::from(outbox));
    assert_eq!((read.ledger().written, read.next_batch(BATCH).len()), (2, 2));
}

#[test]
fn a_server_that_came_back_from_a_backup_is_sent_all_that_it_had_applied() {
    let mut device = Device::new();
    let (_, command) = register(None);
    let (stands, merged) = (device.write(command), device.write(register(None).1));
    let (refused, kept, waiting) =
        (device.write(register(None).1), device.write(register(None).1), device.write(register(None).1));
    let given_up = device.write(register(None).1);
    device.outbox.next_batch(BATCH);
    let (rev, seq) = (Rev::FIRST, ChangeSeq(9));
    let refusal = || Some(Outcome::Refused { error: ApiError::NotFound });
    device.outbox.answer(stands, Some(Outcome::Applied { rev, seq }));
    device.outbox.answer(merged, Some(Outcome::Merged { rev, seq }));
    device.outbox.answer(refused, refusal());
    device.outbox.answer(kept, Some(Outcome::Kept));
    device.outbox.answer(given_up, refusal());
    device.outbox.withdraw(given_up).unwrap();
    device.outbox.lost();

    assert_eq!(device.outbox.send_again(), [stands, merged]);
    let sent: Vec<OpId> = device.outbox.next_batch(BATCH).iter().map(|entry| entry.envelope.op_id).collect();
    assert_eq!(sent, [stands, merged, waiting]);
    assert_eq!(device.state(refused), State::Decided(refusal().unwrap()));
    assert_eq!((device.state(kept), device.state(given_up)), (State::Decided(Outcome::Kept), State::Withdrawn));
    assert_eq!(device.outbox.send_again(), [], "what is on its way already stays so");
}
