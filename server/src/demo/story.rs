//! The story of one case, told day by day as the commands that real workers would send.

use super::{
    dice::{Dice, id},
    phrases,
    staff::Staff,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    case::{ClosureReason, Step, Urgency},
    clock::from_korean,
    command::{CaseCommand, Command, VisitCommand},
    holidays::next_working_day,
    ids::{AssignmentId, CaseId, NeighborId, NoteId, VisitId},
    policy::Actor,
    visit::{NotMetReason, Outcome, SeenWith, VisitKind, Window},
};

/// A command of the past.
#[derive(Clone, Debug)]
pub struct Timed {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Actor,
    /// What.
    pub command: Command,
}

/// A case as it was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The case.
    pub case: CaseId,
    /// Whose.
    pub neighbor: NeighborId,
    /// Place of the team.
    pub team: usize,
    /// Place of the worker in the team; one past the last is the one who left.
    pub worker: usize,
    /// Since when.
    pub on: NaiveDate,
    /// How urgent.
    pub urgency: Urgency,
}

/// How a story stands at its end.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The case.
    pub opened: Opened,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who has it.
    pub worker: Actor,
    /// Whether somebody was met.
    pub contacted: bool,
    /// Whether closing waits for a second person.
    pub closure_asked: bool,
}

/// What a case comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Helped,
    Brief,
    Refuses,
    Unreachable,
    Leaves,
}

/// Days on which stories can happen.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The last day that is past.
    pub end: NaiveDate,
    /// The day on which a worker left.
    pub leave: NaiveDate,
}

const TIMES: [(u32, u32); 8] = [(9, 30), (10, 20), (11, 0), (13, 30), (14, 10), (15, 0), (15, 50), (16, 30)];
const SIGNS: [&str; 12] = ["S15", "S16", "S19", "S20", "S21", "S23", "S25", "S28", "S29", "S30", "S31", "S32"];

/// The instant of a day and time in Korea.
pub fn at(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    from_korean(day, NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
}

struct Tale<'a> {
    dice: Dice,
    staff: &'a Staff,
    span: Span,
    opened: Opened,
    day: NaiveDate,
    /// Whom the case was handed to, and since when.
    handed: Option<(NaiveDate, usize)>,
    out: Vec<Timed>,
}

/// Tells the story of a case from its opening to the end of the span.
pub fn tell(dice: Dice, staff: &Staff, span: Span, opened: Opened) -> (Vec<Timed>, Ending) {
    let day = opened.on;
    let mut tale = Tale { dice, staff, span, opened, day, handed: None, out: Vec::new() };
    tale.hand_over_from_leaver();
    let ending = tale.run();
    (tale.out, ending)
}

impl Tale<'_> {
    fn run(&mut self) -> Ending {
        let fate = match self.dice.weighted(&[62, 14, 6, 9, 5]) {
            0 => Fate::Helped,
            1 => Fate::Brief,
            2 => Fate::Refuses,
            3 => Fate::Unreachable,
            _ => Fate::Leaves,
        };
        // Nobody has found the time yet: only among new cases.
        let fresh = self.span.end - self.opened.on < TimeDelta::days(24);
        if fresh && self.dice.chance(30) {
            return self.ending(None, false, false);
        }
        let contacted = self.first_contact(fate == Fate::Unreachable);
        let closed_at = match fate {
            _ if self.over() => None,
            Fate::Unreachable => return self.unreachable(),
            _ if !contacted => None,
            Fate::Helped => self.help(),
            Fate::Brief => {
                let reason = [ClosureReason::NoNeed, ClosureReason::NotEligibleForCash, ClosureReason::HandedOver];
                let reason = self.dice.pick_of(&reason).unwrap_or(ClosureReason::NoNeed);
                self.visit_now(3, 14, VisitKind::Phone);
                self.close(reason, "상담한 결과를 함께 확인하고 종결합니다.")
            }
            Fate::Refuses => {
                self.miss(2, 9, VisitKind::Home, NotMetReason::Refused);
                self.close(ClosureReason::Refused, "여러 차례 설명했으나 도움을 원하지 않으셨습니다. 연락처를 드렸습니다.")
            }
            Fate::Leaves => {
                self.visit_now(10, 40, VisitKind::Home);
                let moved = self.dice.chance(80);
                let reason = if moved { ClosureReason::MovedAway } else { ClosureReason::Died };
                self.close(
                    reason,
                    if moved {
                        "다른 구로 이사하셔서 그곳 담당자에게 알렸습니다."
                    } else {
                        "병원에서 돌아가셨다는 연락을 받았습니다."
                    },
                )
            }
        };
        self.ending(closed_at, contacted, false)
    }

    fn ending(&self, closed_at: Option<DateTime<Utc>>, contacted: bool, closure_asked: bool) -> Ending {
        let worker = self.worker(self.span.end).clone();
        Ending { opened: self.opened.clone(), closed_at, worker, contacted, closure_asked }
    }

    /// Whether the story has come to the present.
    fn over(&self) -> bool {
        self.day > self.span.end
    }

    fn worker(&self, day: NaiveDate) -> &Actor {
        let team = self.staff.teams.get(self.opened.team);
        let own = match self.handed {
            Some((since, worker)) if day >= since => worker,
            _ => self.opened.worker,
        };
        team.and_then(|team| team.workers.get(own)).unwrap_or(&self.staff.leaver.0)
    }

    fn manager(&self) -> Actor {
        self.staff.teams.get(self.opened.team).map_or_else(|| self.staff.head.clone(), |team| team.manager.clone())
    }

    fn push(&mut self, at: DateTime<Utc>, by: Actor, command: impl Into<Command>) {
        if domain::clock::korean_day(at) <= self.span.end {
            self.out.push(Timed { at, by, command: command.into() });
        }
    }

    /// Goes on some days, to a working day.
    fn later(&mut self, low: u32, high: u32) {
        self.day = next_working_day(self.day + self.dice.days(low, high));
    }

    /// The cases of the worker who left go to a colleague on that day.
    fn hand_over_from_leaver(&mut self) {
        if self.opened.worker < 4 {
            return;
        }
        let worker = self.dice.between(0, 3) as usize;
        self.handed = Some((self.span.leave, worker));
    }

    fn first_contact(&mut self, never: bool) -> bool {
        let due = match self.opened.urgency {
            Urgency::Emergency | Urgency::SameDay => 0,
            Urgency::ThreeDays => 3,
            Urgency::TwoWeeks => 13,
        };
        let late = self.dice.chance(16);
        if late {
            self.later(due + 1, due + 6);
        } else {
            self.later(0, due);
        }
        let misses = if never { 2 } else { self.dice.weighted(&[66, 22, 9, 3]) };
        for miss in 0..misses {
            let kind = if miss % 2 == 0 { VisitKind::Home } else { VisitKind::Phone };
            self.miss(if miss == 0 { 0 } else { 1 }, if miss == 0 { 0 } else { 3 }, kind, NotMetReason::NobodyHome);
            if self.over() {
                return false;
            }
        }
        if never {
            return false;
        }
        let kind = if self.dice.chance(78) { VisitKind::Home } else { VisitKind::Phone };
        self.visit_now(u32::from(misses > 0), if misses > 0 { 4 } else { 0 }, kind);
        !self.over()
    }

    /// A visit or call in which somebody is met, planned or on the way.
    fn visit_now(&mut self, low: u32, high: u32, kind: VisitKind) {
        let before = self.day;
        self.later(low, high);
        let face_to_face =
            kind.is_in_person().then(|| if self.dice.chance(90) { SeenWith::Neighbor } else { SeenWith::HouseholdMember });
        let note = phrases::met(&mut self.dice, kind == VisitKind::Phone);
        let signs = if kind.is_in_person() && self.dice.chance(22) { vec![self.dice.pick(&SIGNS).to_owned()] } else { vec![] };
        self.meet(before, kind, Outcome::Met { face_to_face }, signs, note);
        if face_to_face.is_none() {
            // A talk on the telephone counts as counselling only when the worker says so; saying it twice does no harm.
            let step = CaseCommand::RecordStep { id: self.opened.case, step: Step::Counselling, on: self.day };
            if !self.out.iter().any(|told| matches!(&told.command, Command::Case(CaseCommand::RecordStep { .. })))
                && !self.counselled()
            {
                self.push(at(self.day, 17, 5), self.worker(self.day).clone(), step);
            }
        }
    }

    fn counselled(&self) -> bool {
        self.out.iter().any(|told| {
            let Command::Visit(VisitCommand::Record { outcome, .. } | VisitCommand::RecordUnplanned { outcome, .. }) =
                &told.command
            else {
                return false;
            };
            matches!(outcome, Outcome::Met { face_to_face: Some(_) })
        })
    }

    fn miss(&mut self, low: u32, high: u32, kind: VisitKind, reason: NotMetReason) {
        let before = self.day;
        self.later(low, high);
        let note = phrases::not_met(&mut self.dice, reason);
        self.meet(before, kind, Outcome::NotMet { reason }, vec![], note);
    }

    fn meet(&mut self, before: NaiveDate, kind: VisitKind, outcome: Outcome, signs: Vec<String>, note: String) {
        // On the day of its opening a case is visited after it was opened.
        let times = if self.day == self.opened.on { TIMES.split_at(3).1 } else { &TIMES };
        let (hour, minute) = self.dice.pick(times);
        let start = at(self.day, hour, minute);
        let happened = start + TimeDelta::minutes(i64::from(self.dice.between(5, 25)));
        let id = id!(VisitId, start, self.dice);
        let note = Some(note);
        let told = happened + TimeDelta::minutes(i64::from(self.dice.between(20, 50)));
        let (by, case) = (self.worker(self.day).clone(), self.opened.case);
        let planned = self.dice.chance(if self.over() { 100 } else { 45 }) && self.day > before;
        if planned {
            self.schedule(id, before, kind, start);
            self.push(told, by, VisitCommand::Record { id, at: happened, outcome, signs, note });
        } else if !self.over() {
            self.push(told, by, VisitCommand::RecordUnplanned { id, case, kind, at: happened, outcome, signs, note });
        }
    }

    fn schedule(&mut self, id: VisitId, before: NaiveDate, kind: VisitKind, start: DateTime<Utc>) {
        let made = (self.day - Days::new(u64::from(self.dice.between(1, 9)))).max(before);
        let worker = self.worker(made).clone();
        let minutes = if kind == VisitKind::Phone { 20 } else { 50 };
        let two = kind == VisitKind::Home && self.dice.chance(7);
        let team = self.staff.teams.get(self.opened.team);
        let second = team.and_then(|team| team.workers.iter().find(|other| other.user != worker.user)).filter(|_| two);
        let purposes = ["생활 실태 확인", "서비스 이용 확인", "신청서 작성", "병원 동행 상의", "안부 확인"];
        let command = VisitCommand::Schedule {
            id,
            series: None,
            case: self.opened.case,
            kind,
            window: Window { start, end: start + TimeDelta::minutes(minutes) },
            worker: worker.user,
            second_worker: second.map(|other| other.user),
            two_person: second.is_some(),
            purpose: Some(self.dice.pick(&purposes).to_owned()),
            recurrence: None,
        };
        self.push(at(made, 17, 20), worker, command);
    }

    fn step(&mut self, low: u32, high: u32, step: Step) {
        self.later(low, high);
        let (id, on) = (self.opened.case, self.day);
        self.push(at(on, 17, 10), self.worker(on).clone(), CaseCommand::RecordStep { id, step, on });
    }

    fn note(&mut self) {
        let made = at(self.day, 16, 45);
        let (id, body) = (id!(NoteId, made, self.dice), phrases::note(&mut self.dice));
        self.push(made, self.worker(self.day).clone(), CaseCommand::AddNote { id, case: self.opened.case, body });
    }

    /// The whole way from intake to closing and after.
    fn help(&mut self) -> Option<DateTime<Utc>> {
        self.step(2, 6, Step::Intake);
        let slowest = if self.dice.chance(20) { 22 } else { 11 };
        self.step(4, slowest, Step::Assessment);
        self.step(2, 6, Step::Conference);
        if self.dice.chance(50) {
            self.note();
        }
        self.step(4, 14, Step::Plan);
        self.step(2, 7, Step::Service);
        self.maybe_transfer();
        let visits = self.dice.between(2, 6);
        for visit in 0..visits {
            let kind = self.dice.pick_of(&[VisitKind::Home, VisitKind::Phone, VisitKind::Home, VisitKind::Office]);
            if self.dice.chance(14) {
                self.miss(10, 26, VisitKind::Home, NotMetReason::NobodyHome);
            } else {
                self.visit_now(12, 30, kind.unwrap_or(VisitKind::Home));
            }
            if visit == 2 {
                self.step(1, 5, Step::Review);
            } else if self.dice.chance(25) {
                self.later(1, 4);
                self.note();
            }
            if self.over() {
                return None;
            }
        }
        self.step(2, 9, Step::Review);
        if self.dice.chance(25) {
            return None;
        }
        let words = phrases::closing(&mut self.dice);
        let closed = self.close(ClosureReason::GoalsMet, &words)?;
        if self.dice.chance(80) {
            self.step(26, 32, Step::Aftercare);
        }
        if self.dice.chance(65) {
            self.step(54, 62, Step::Aftercare);
        }
        Some(closed)
    }

    fn close(&mut self, reason: ClosureReason, words: &str) -> Option<DateTime<Utc>> {
        self.later(2, 8);
        let closed = at(self.day, 17, 40);
        let command = CaseCommand::Close { id: self.opened.case, reason, explanation: words.to_owned() };
        self.push(closed, self.worker(self.day).clone(), command);
        (!self.over()).then_some(closed)
    }

    /// Two more attempts at other times and by other means; then a second person agrees, or is still to answer.
    fn unreachable(&mut self) -> Ending {
        self.later(2, 5);
        let evening = at(self.day, 19, 10);
        let id = id!(VisitId, evening, self.dice);
        let outcome = Outcome::NotMet { reason: NotMetReason::NobodyHome };
        let note = Some(phrases::not_met(&mut self.dice, NotMetReason::NobodyHome));
        let (case, kind) = (self.opened.case, VisitKind::Home);
        let command = VisitCommand::RecordUnplanned { id, case, kind, at: evening, outcome, signs: vec![], note };
        self.push(evening + TimeDelta::minutes(15), self.worker(self.day).clone(), command);
        self.miss(3, 7, VisitKind::RegisteredMail, NotMetReason::NobodyHome);
        self.later(2, 6);
        let explanation = "아침과 저녁에 찾아가고 전화와 복지등기도 보냈으나 만나지 못했습니다.".to_owned();
        let (id, reason) = (self.opened.case, ClosureReason::Unreachable);
        self.push(at(self.day, 17, 30), self.worker(self.day).clone(), CaseCommand::Close { id, reason, explanation });
        if self.over() {
            return self.ending(None, false, false);
        }
        self.later(3, 9);
        let approve = CaseCommand::AnswerClosure { id, approve: true, comment: None };
        self.push(at(self.day, 10, 20), self.manager(), approve);
        let closed = (!self.over()).then(|| at(self.day, 10, 20));
        self.ending(closed, false, closed.is_none())
    }

    fn maybe_transfer(&mut self) {
        if self.handed.is_some() || !self.dice.chance(7) {
            return;
        }
        let receiver = (self.opened.worker + 1) % 4;
        self.later(1, 5);
        let (offered, case) = (at(self.day, 15, 10), self.opened.case);
        let id = id!(AssignmentId, offered, self.dice);
        let Some(to) = self.staff.teams.get(self.opened.team).and_then(|team| team.workers.get(receiver)).cloned() else {
            return;
        };
        let reason = phrases::transfer(&mut self.dice);
        self.push(offered, self.worker(self.day).clone(), CaseCommand::Transfer { id, case, worker: to.user, reason });
        self.later(1, 2);
        let accept = self.dice.chance(80);
        let reason = (!accept).then(|| "지금 맡은 사례가 많아 받기 어렵습니다.".to_owned());
        self.push(at(self.day, 9, 20), to, CaseCommand::AnswerTransfer { id, accept, reason });
        if accept {
            self.handed = Some((self.day, receiver));
        }
    }
}
