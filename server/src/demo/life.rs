//! The life of a case, from the queue to aftercare, at the pace of a district office: mostly in time, some of it late.
//! It goes on until it ends or until now.

use super::{
    diary::{later, working},
    notes,
    random::Dice,
    world::{OpenCase, Planned, Told, World},
};
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    case::{ClosureReason, Step, Urgency},
    clock::korean_day,
    command::{CaseCommand, NeighborCommand, VisitCommand},
    ids::{AssignmentId, CaseId, NeighborId, NoteId, SeriesId, VisitId},
    merge::Edit,
    policy::Actor,
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    visit::{CancelReason, NotMetReason, Outcome, SeenWith, VisitKind, occurrence_id},
};

/// A case that has just been opened.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub neighbor: NeighborId,
    pub case: CaseId,
    pub team: usize,
    pub at: DateTime<Utc>,
    pub urgency: Urgency,
    /// Who holds it from the beginning.
    pub worker: Option<Actor>,
    /// Whether somebody may know the neighbor who should not: staff, victims of violence.
    pub restricted: bool,
    pub fate: Fate,
}

/// How far a case is meant to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// As chance has it.
    Usual,
    /// Nobody is reached, and closing it waits for an answer.
    AskedToClose,
    /// It is assigned, and then nobody has time for it.
    Neglected,
    /// It has come as far as this step.
    StopsAt(Step),
}

/// A case being lived through.
struct Life<'a> {
    world: &'a mut World,
    dice: Dice,
    opened: Opened,
    manager: Actor,
    worker: Actor,
    cursor: DateTime<Utc>,
    counselled: bool,
    restricted: bool,
}

/// Lives through a case. Returns when it was closed; `None` while it is open.
pub(super) fn live(world: &mut World, dice: Dice, opened: Opened) -> Option<DateTime<Utc>> {
    let team = world.staff.teams.get(opened.team)?;
    let manager = team.manager.clone();
    let worker = opened.worker.clone().or_else(|| team.workers.first().cloned())?;
    if opened.at > world.now {
        return None;
    }
    let case = OpenCase {
        neighbor: opened.neighbor,
        case: opened.case,
        team: opened.team,
        worker: opened.worker.clone(),
        since: opened.at,
        met: false,
        restricted: false,
        waiting: false,
    };
    world.open.insert(opened.neighbor, case);
    let cursor = opened.at;
    let mut life = Life { world, dice, opened, manager, worker, cursor, counselled: false, restricted: false };
    let closed = life.run();
    if closed.is_some() {
        life.world.open.remove(&life.opened.neighbor);
    }
    life.world.closed.insert(life.opened.neighbor, closed);
    closed
}

impl Life<'_> {
    fn run(&mut self) -> Option<DateTime<Utc>> {
        if self.opened.worker.is_none() {
            self.assign_first()?;
        }
        match self.opened.fate {
            Fate::Neglected => return None,
            Fate::AskedToClose => return self.never_reached(),
            Fate::Usual if self.dice.chance(5) => return self.never_reached(),
            Fate::Usual | Fate::StopsAt(_) => self.first_contact()?,
        }
        if self.dice.chance(4) {
            self.judge_urgency()?;
        }
        if !self.counselled {
            self.pass(1, 6)?;
            self.visit(2, 9)?;
        }
        if !self.counselled {
            self.step(Step::Counselling)?;
        }
        self.goes_beyond(Step::Counselling)?;
        if self.opened.fate == Fate::Usual
            && let Some(reason) = self.early_end()
        {
            self.pass(1, 7)?;
            return self.close(reason);
        }
        self.take_in()?;
        self.serve()?;
        self.finish()
    }

    fn now(&self) -> DateTime<Utc> {
        self.world.now
    }

    /// Lets some working days pass; nothing more when that is ahead.
    fn pass(&mut self, low: u32, high: u32) -> Option<()> {
        let days = self.dice.between(low, high);
        self.cursor = later(&mut self.dice, self.cursor, days);
        (self.cursor <= self.now()).then_some(())
    }

    fn minutes(&mut self, low: u32, high: u32) {
        self.cursor += TimeDelta::minutes(i64::from(self.dice.between(low, high)));
    }

    fn note_open(&mut self, change: impl FnOnce(&mut OpenCase)) {
        if let Some(open) = self.world.open.get_mut(&self.opened.neighbor) {
            change(open);
        }
    }

    fn do_case(&mut self, who: &Actor, command: CaseCommand) {
        self.world.add(self.cursor, who, command);
    }

    fn case_note(&mut self, body: String) {
        let id = self.dice.id(NoteId::at, self.cursor);
        let (case, worker) = (self.opened.case, self.worker.clone());
        self.do_case(&worker, CaseCommand::AddNote { id, case, body });
    }

    // Who holds it --------------------------------------------------------------------------------------------

    fn assign_first(&mut self) -> Option<()> {
        let hasty = matches!(self.opened.urgency, Urgency::Emergency | Urgency::SameDay);
        if hasty {
            self.minutes(10, 80);
        } else {
            self.pass(0, 2)?;
        }
        self.assign_to_one()
    }

    fn assign_to_one(&mut self) -> Option<()> {
        let manager = self.manager.clone();
        let team = self.world.staff.teams.get(self.opened.team)?;
        let worker = self.dice.one(&team.workers)?.clone();
        (self.cursor <= self.now()).then_some(())?;
        let id = self.dice.id(AssignmentId::at, self.cursor);
        self.do_case(&manager, CaseCommand::Assign { cases: vec![(self.opened.case, id)], worker: worker.user });
        self.hold(worker);
        Some(())
    }

    fn hold(&mut self, worker: Actor) {
        let since = self.cursor;
        self.note_open(|open| (open.worker, open.since) = (Some(worker.clone()), since));
        self.worker = worker;
    }

    /// Another worker takes over: told by the manager, or asked by the worker.
    fn change_hands(&mut self) -> Option<()> {
        if self.restricted {
            return Some(());
        }
        if self.dice.chance(45) {
            return self.assign_to_one();
        }
        let team = self.world.staff.teams.get(self.opened.team)?;
        let others: Vec<Actor> = team.workers.iter().filter(|other| other.user != self.worker.user).cloned().collect();
        let other = self.dice.one(&others)?.clone();
        let (id, case, worker) = (self.dice.id(AssignmentId::at, self.cursor), self.opened.case, self.worker.clone());
        let reason = self.dice.word(notes::TRANSFER).to_owned();
        self.do_case(&worker, CaseCommand::Transfer { id, case, worker: other.user, reason });
        self.note_open(|open| open.waiting = true);
        self.pass(0, 3)?;
        let accept = self.dice.chance(70);
        let reason = (!accept).then(|| self.dice.word(notes::REJECTED).to_owned());
        self.do_case(&other, CaseCommand::AnswerTransfer { id, accept, reason });
        self.note_open(|open| open.waiting = false);
        if accept {
            self.hold(other);
        }
        Some(())
    }

    // Contact -------------------------------------------------------------------------------------------------

    /// The first time that somebody is met or spoken to; about one in eight is late.
    fn first_contact(&mut self) -> Option<()> {
        let (soon, due) = match self.opened.urgency {
            Urgency::Emergency | Urgency::SameDay => (0, 0),
            Urgency::ThreeDays => (0, 2),
            Urgency::TwoWeeks => (1, 8),
        };
        let late = if self.dice.chance(12) { self.dice.between(2, 6) } else { 0 };
        let tries = self.dice.weighted(&[(68, 0), (22, 1), (10, 2)], 0);
        if due == 0 && late == 0 {
            self.minutes(20, 200);
            (self.cursor <= self.now()).then_some(())?;
        } else {
            self.pass(soon + late, due + late)?;
        }
        for _ in 0..tries {
            self.call(false)?;
            self.pass(0, 2)?;
        }
        if self.dice.chance(58) {
            self.call(true)
        } else {
            while !self.visit(1, 3)? {}
            Some(())
        }
    }

    fn meet(&mut self, seen: Option<SeenWith>) {
        self.note_open(|open| open.met = true);
        self.counselled |= seen.is_some_and(|with| with != SeenWith::Neighbour);
    }

    /// A telephone call, or a letter by the postman, that nobody planned.
    fn call(&mut self, met: bool) -> Option<()> {
        (self.cursor <= self.now()).then_some(())?;
        let kind = if met && self.dice.chance(6) { VisitKind::RegisteredMail } else { VisitKind::Phone };
        let (outcome, note) = if met {
            (Outcome::Met { face_to_face: None }, self.world.notes.met(&mut self.dice, kind, None))
        } else {
            let reason = NotMetReason::NobodyHome;
            (Outcome::NotMet { reason }, self.world.notes.missed(&mut self.dice, kind, reason))
        };
        let at = self.cursor;
        self.minutes(3, 20);
        let told = Told { recorded: self.cursor, at, kind, outcome, signs: Vec::new(), note: Some(note) };
        (self.cursor <= self.now()).then_some(())?;
        self.world.record_unplanned(&mut self.dice, self.opened.case, &told, &self.worker);
        if met {
            self.meet(None);
        }
        Some(())
    }

    /// A planned visit and what became of it: whether somebody was met. Nothing more when that is ahead, or when nobody
    /// has recorded it yet.
    fn visit(&mut self, low: u32, high: u32) -> Option<bool> {
        let kind = self.kind();
        let planned = self.plan_visit(kind, low, high);
        let id = self.world.plan(&mut self.dice, self.cursor, &self.worker, self.opened.case, &planned);
        if self.dice.chance(4) && self.cancel(id, &planned) {
            return self.visit(low + 3, high + 3);
        }
        self.become_of(id, &planned)
    }

    fn kind(&mut self) -> VisitKind {
        let kinds = [(66, VisitKind::Home), (12, VisitKind::Office), (6, VisitKind::Accompanied), (16, VisitKind::Phone)];
        let kinds = if self.counselled {
            &kinds
        } else {
            &[(80, VisitKind::Home), (20, VisitKind::Office), (0, VisitKind::Phone), (0, VisitKind::Phone)]
        };
        self.dice.weighted(kinds, VisitKind::Home)
    }

    fn plan_visit(&mut self, kind: VisitKind, low: u32, high: u32) -> Planned {
        let two = kind == VisitKind::Home && !self.restricted && self.dice.chance(7);
        let colleagues = self.world.staff.teams.get(self.opened.team).map(|team| team.workers.clone()).unwrap_or_default();
        let colleagues: Vec<Actor> = colleagues.into_iter().filter(|other| other.user != self.worker.user).collect();
        let second = if two { self.dice.one(&colleagues).cloned() } else { None };
        let days = self.dice.between(low, high);
        let window = self.world.diary.book(&mut self.dice, self.worker.user, self.cursor, days);
        Planned { kind, window, second, purpose: self.dice.word(notes::PURPOSE) }
    }

    /// Cancels a visit before it begins; not when that is ahead.
    fn cancel(&mut self, id: VisitId, planned: &Planned) -> bool {
        let at = planned.window.start - TimeDelta::minutes(i64::from(self.dice.between(30, 600)));
        if at > self.now() || at <= self.cursor {
            return false;
        }
        let reasons = [
            (40, CancelReason::NeighborAsked),
            (30, CancelReason::WorkerUnavailable),
            (10, CancelReason::Weather),
            (15, CancelReason::DoneOtherwise),
            (5, CancelReason::EnteredInError),
        ];
        let reason = self.dice.weighted(&reasons, CancelReason::NeighborAsked);
        self.cursor = at;
        self.world.add(at, &self.worker, VisitCommand::Cancel { id, reason, following: false });
        true
    }

    fn become_of(&mut self, id: VisitId, planned: &Planned) -> Option<bool> {
        let recorded = planned.window.end + TimeDelta::minutes(i64::from(self.dice.between(4, 45)));
        let forgotten = planned.window.start > self.now() - TimeDelta::days(6) && self.dice.chance(6);
        if recorded > self.now() || forgotten {
            if planned.window.end <= self.now() {
                *self.world.forgotten.entry(self.worker.user).or_default() += 1;
            }
            return None;
        }
        let met = self.dice.chance(if self.counselled { 88 } else { 72 });
        let told = tell(self.world, &mut self.dice, planned, met, recorded);
        self.world.record(id, &told, &self.worker);
        self.cursor = recorded;
        if let Outcome::Met { face_to_face } = told.outcome {
            self.meet(face_to_face);
        }
        Some(met)
    }

    // Steps ---------------------------------------------------------------------------------------------------

    fn step(&mut self, step: Step) -> Option<()> {
        (self.cursor <= self.now()).then_some(())?;
        let (id, on, worker) = (self.opened.case, korean_day(self.cursor), self.worker.clone());
        self.do_case(&worker, CaseCommand::RecordStep { id, step, on });
        if self.dice.chance(55) {
            self.minutes(2, 25);
            let body = self.world.notes.step(&mut self.dice, step);
            self.case_note(body);
        }
        self.goes_beyond(step)
    }

    fn goes_beyond(&self, step: Step) -> Option<()> {
        (self.opened.fate != Fate::StopsAt(step)).then_some(())
    }

    fn judge_urgency(&mut self) -> Option<()> {
        self.minutes(10, 200);
        let judged = [(30, Urgency::SameDay), (40, Urgency::ThreeDays), (30, Urgency::TwoWeeks)];
        let urgency = Edit { from: self.opened.urgency, to: self.dice.weighted(&judged, Urgency::ThreeDays) };
        let (id, reason, worker) = (self.opened.case, self.dice.word(notes::URGENCY).to_owned(), self.worker.clone());
        self.do_case(&worker, CaseCommand::SetUrgency { id, urgency, reason });
        (self.cursor <= self.now()).then_some(())
    }

    fn early_end(&mut self) -> Option<ClosureReason> {
        let reasons = [
            (70, None),
            (7, Some(ClosureReason::NoNeed)),
            (6, Some(ClosureReason::NotEligibleForCash)),
            (5, Some(ClosureReason::Refused)),
            (5, Some(ClosureReason::HandedOver)),
            (4, Some(ClosureReason::MovedAway)),
            (2, Some(ClosureReason::Died)),
            (1, Some(ClosureReason::Duplicate)),
        ];
        self.dice.weighted(&reasons, None)
    }

    /// Intake, assessment, conference and plan, each with its clock; some of them late.
    fn take_in(&mut self) -> Option<()> {
        self.pass(0, 5)?;
        self.step(Step::Intake)?;
        if self.dice.chance(9) {
            self.change_hands()?;
        }
        let late = if self.dice.chance(10) { 9 } else { 0 };
        self.visit(2 + late, 8 + late)?;
        self.step(Step::Assessment)?;
        let late = if self.dice.chance(10) { 6 } else { 0 };
        self.pass(1 + late, 5 + late)?;
        self.step(Step::Conference)?;
        let late = if self.dice.chance(8) { 12 } else { 0 };
        self.pass(2 + late, 10 + late)?;
        self.step(Step::Plan)
    }

    /// Service: visits, reviews, a series for some; now and then another worker.
    fn serve(&mut self) -> Option<()> {
        self.pass(1, 8)?;
        self.step(Step::Service)?;
        if self.opened.restricted {
            self.restrict()?;
        }
        let rounds = self.dice.weighted(&[(20, 2), (30, 4), (30, 7), (20, 12)], 4);
        for round in 1..=rounds {
            if self.dice.chance(14) {
                self.go_regularly()?;
            } else {
                self.visit(10, 26)?;
            }
            if self.dice.chance(22) {
                self.pass(1, 5)?;
                let body = self.world.notes.between(&mut self.dice);
                self.case_note(body);
            }
            if round % 3 == 0 {
                self.step(Step::Review)?;
            }
            if self.dice.chance(4) {
                self.change_hands()?;
            }
        }
        Some(())
    }

    fn restrict(&mut self) -> Option<()> {
        self.minutes(30, 90);
        (self.cursor <= self.now()).then_some(())?;
        let (id, only, head) = (self.opened.neighbor, vec![self.worker.user, self.manager.user], self.world.staff.head.clone());
        self.world.add(self.cursor, &head, NeighborCommand::Restrict { id, only });
        self.restricted = true;
        self.world.restricted.insert(id, self.manager.user);
        self.note_open(|open| open.restricted = true);
        Some(())
    }

    /// A series of visits, each recorded, or cancelled when the day does not suit.
    fn go_regularly(&mut self) -> Option<()> {
        let frequency = self
            .dice
            .weighted(&[(50, Frequency::Week), (35, Frequency::OtherWeek), (15, Frequency::MonthOnWeekday)], Frequency::Week);
        let count = u8::try_from(self.dice.between(4, 10)).unwrap_or(6);
        let rule = Recurrence { frequency, end: RecurrenceEnd::Count { count }, skip_holidays: true };
        let days = self.dice.between(2, 9);
        let Some((first, windows)) = self.world.diary.series(self.worker.user, self.cursor, days, &rule) else { return Some(()) };
        let (id, series) = (self.dice.id(VisitId::at, self.cursor), self.dice.id(SeriesId::at, self.cursor));
        let kind = self.dice.weighted(&[(80, VisitKind::Home), (20, VisitKind::Phone)], VisitKind::Home);
        let command = VisitCommand::Schedule {
            id,
            series: Some(series),
            case: self.opened.case,
            kind,
            window: first,
            worker: self.worker.user,
            second_worker: None,
            two_person: false,
            purpose: Some(self.dice.word(notes::PURPOSE).to_owned()),
            recurrence: Some(rule),
        };
        self.world.add(self.cursor, &self.worker, command);
        for (nth, window) in (0u16..).zip(windows) {
            let id = if nth == 0 { id } else { occurrence_id(series, nth) };
            let planned = Planned { kind, window, second: None, purpose: "" };
            if !(self.dice.chance(5) && self.cancel(id, &planned)) {
                self.become_of(id, &planned)?;
            }
        }
        Some(())
    }

    // Endings -------------------------------------------------------------------------------------------------

    fn finish(&mut self) -> Option<DateTime<Utc>> {
        self.pass(3, 20)?;
        let reasons = [
            (70, ClosureReason::GoalsMet),
            (8, ClosureReason::MovedAway),
            (8, ClosureReason::HandedOver),
            (6, ClosureReason::Refused),
            (5, ClosureReason::Died),
            (3, ClosureReason::NotEligibleForCash),
        ];
        let reason = self.dice.weighted(&reasons, ClosureReason::GoalsMet);
        self.close(reason)
    }

    fn close(&mut self, reason: ClosureReason) -> Option<DateTime<Utc>> {
        self.expect_to_go_on();
        let (id, worker) = (self.opened.case, self.worker.clone());
        let explanation = notes::closing(&mut self.dice, reason).to_owned();
        self.do_case(&worker, CaseCommand::Close { id, reason, explanation });
        let closed = self.cursor;
        if reason.needs_aftercare() && self.dice.chance(5) {
            return self.reopen();
        }
        if reason.needs_aftercare() && self.dice.chance(80) {
            self.check_after();
        }
        Some(closed)
    }

    /// Now and then a visit is still planned when the case closes; closing cancels it.
    fn expect_to_go_on(&mut self) {
        if self.restricted || self.cursor + TimeDelta::hours(1) > self.now() || !self.dice.chance(15) {
            return;
        }
        let planned = self.plan_visit(VisitKind::Phone, 6, 16);
        self.world.plan(&mut self.dice, self.cursor, &self.worker, self.opened.case, &planned);
        self.minutes(5, 50);
    }

    /// Opened again some weeks later, and open since.
    fn reopen(&mut self) -> Option<DateTime<Utc>> {
        let closed = self.cursor;
        if self.pass(20, 60).is_none() {
            return Some(closed);
        }
        let (id, reason, worker) = (self.opened.case, self.dice.word(notes::REOPENED).to_owned(), self.worker.clone());
        self.do_case(&worker, CaseCommand::Reopen { id, reason });
        self.world.between.insert(self.opened.neighbor, (closed, self.cursor));
        while self.visit(7, 20)? {}
        None
    }

    /// The checks after 30 and 90 days; not everybody is checked twice.
    fn check_after(&mut self) -> Option<()> {
        for days in [28, 58] {
            let day = working(korean_day(self.cursor) + Days::new(days));
            self.cursor = super::diary::at(day, self.dice.between(9, 17), self.dice.below(60));
            (self.cursor <= self.now()).then_some(())?;
            self.call(true)?;
            self.step(Step::Aftercare)?;
            self.dice.chance(85).then_some(())?;
        }
        Some(())
    }

    /// Nobody is ever reached: enough attempts at other times and by other ways, then a second person decides.
    fn never_reached(&mut self) -> Option<DateTime<Utc>> {
        self.pass(0, 3)?;
        self.call(false)?;
        let planned = self.plan_visit(VisitKind::Home, 1, 4);
        self.miss(&planned)?;
        let window = self.world.diary.off_hours(&mut self.dice, self.worker.user, self.cursor);
        self.miss(&Planned { kind: VisitKind::Home, window, second: None, purpose: "안부 확인" })?;
        self.pass(1, 4)?;
        self.call(false)?;
        self.minutes(20, 120);
        (self.cursor <= self.now()).then_some(())?;
        let (id, worker, manager) = (self.opened.case, self.worker.clone(), self.manager.clone());
        let reason = ClosureReason::Unreachable;
        let explanation = notes::closing(&mut self.dice, reason).to_owned();
        self.do_case(&worker, CaseCommand::Close { id, reason, explanation });
        self.note_open(|open| open.waiting = true);
        (self.opened.fate == Fate::Usual).then_some(())?;
        self.pass(1, 4)?;
        let approve = self.dice.chance(75);
        let comment = (!approve).then(|| self.dice.word(notes::KEEP_TRYING).to_owned());
        self.do_case(&manager, CaseCommand::AnswerClosure { id, approve, comment });
        self.note_open(|open| open.waiting = false);
        if approve {
            return Some(self.cursor);
        }
        self.pass(2, 9)?;
        self.call(true)?;
        while self.visit(5, 20)? {}
        None
    }

    /// A planned visit on which nobody was home.
    fn miss(&mut self, planned: &Planned) -> Option<()> {
        let id = self.world.plan(&mut self.dice, self.cursor, &self.worker, self.opened.case, planned);
        let recorded = planned.window.end + TimeDelta::minutes(i64::from(self.dice.between(4, 30)));
        (recorded <= self.now()).then_some(())?;
        let reason = NotMetReason::NobodyHome;
        let note = Some(self.world.notes.missed(&mut self.dice, planned.kind, reason));
        let (at, outcome) = (planned.window.start, Outcome::NotMet { reason });
        let told = Told { recorded, at, kind: planned.kind, outcome, signs: Vec::new(), note };
        self.world.record(id, &told, &self.worker);
        self.cursor = recorded;
        Some(())
    }
}

/// What is told of a visit, met or not.
pub(super) fn tell(world: &mut World, dice: &mut Dice, planned: &Planned, met: bool, recorded: DateTime<Utc>) -> Told {
    let (kind, notes) = (planned.kind, &mut world.notes);
    let (outcome, note) = if met {
        let with = [
            (82, Some(SeenWith::Neighbor)),
            (8, Some(SeenWith::HouseholdMember)),
            (4, Some(SeenWith::Carer)),
            (3, Some(SeenWith::Neighbour)),
            (3, None),
        ];
        let face_to_face = if kind.is_in_person() { dice.weighted(&with, None) } else { None };
        (Outcome::Met { face_to_face }, notes.met(dice, kind, face_to_face))
    } else {
        let reasons = [
            (72, NotMetReason::NobodyHome),
            (9, NotMetReason::Refused),
            (9, NotMetReason::Hospital),
            (4, NotMetReason::DoesNotLiveHere),
            (3, NotMetReason::Unsafe),
            (3, NotMetReason::Other),
        ];
        let reason = dice.weighted(&reasons, NotMetReason::NobodyHome);
        (Outcome::NotMet { reason }, notes.missed(dice, kind, reason))
    };
    let signs = if kind == VisitKind::Home && dice.chance(12) { super::reports::signs(dice, 1) } else { Vec::new() };
    let at = planned.window.start + TimeDelta::minutes(i64::from(dice.between(0, 9)));
    Told { recorded, at, kind, outcome, signs, note: Some(note).filter(|_| dice.chance(90)) }
}
