//! The eighteen months of the demo district, played in order through the one write path.

use super::{
    dice::{Dice, id},
    facts, finish,
    people::{self, Arrival, Person, ROUNDS},
    staff::{Login, Staff, context},
    story::{Ending, Opened, Span, Timed, at, tell},
};
use anyhow::{Context, bail};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use domain::{
    case::Urgency,
    clock::korean_day,
    command::{CaseCommand, Command, Envelope, NeighborCommand, RoundCommand, UserCommand},
    holidays::next_working_day,
    ids::{AssignmentId, CaseId, HouseholdId, NeighborId, OpId, RoundEntryId, RoundId, TenantId},
    policy::Actor,
    profile::Channel,
    round::{NoActionReason, RoundPeriod, RoundRow},
    text::DongCode,
};
use std::collections::{BTreeMap, HashMap};
use store::{
    OpContext, Store, execute_all,
    seed::{self, ListedPerson},
    tenants::{self, NewDong, Tenant},
};

/// Commands of one transaction.
const BATCH: usize = 150;

/// A demo district that was made.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Demo {
    /// Neighbors.
    pub people: u32,
    /// Commands that made it.
    pub commands: u64,
    /// One login and more per role.
    pub logins: Vec<Login>,
}

/// The play.
pub(super) struct Play {
    pub store: Store,
    pub staff: Staff,
    pub dongs: Vec<NewDong>,
    pub span: Span,
    pub seed: u64,
    pub endings: Vec<Ending>,
    pub dice: Dice,
    queue: BTreeMap<(DateTime<Utc>, u64), Timed>,
    next: u64,
    ops: Dice,
    done: u64,
}

/// Makes the demo district in an empty database. The same seed on the same day gives the same district.
///
/// # Errors
/// When the database already holds a district, or a command is refused.
pub async fn load(store: &Store, now: DateTime<Utc>, count: u32, seed: u64) -> anyhow::Result<Demo> {
    if let Some(district) = tenants::list(store).await?.first() {
        bail!("this database already holds the district {}; the demo district needs an empty database", district.slug);
    }
    let end = korean_day(now) - Days::new(1);
    let start = at(end - Days::new(550), 8, 0);
    let dongs = facts::dongs()?;
    let mut dice = Dice::new(seed, u64::MAX - 1);
    let tenant = Tenant {
        id: id!(TenantId, start, dice),
        slug: "seocho".to_owned(),
        name_ko: "서초구".to_owned(),
        name_en: "Seocho-gu".to_owned(),
    };
    let system = tenants::create(store, &tenant, &dongs, &facts::indicators()?, &facts::signs()?, start).await?;
    let staff = Box::pin(Staff::hire(store, system, &dongs, seed, start)).await?;
    let logins = staff.logins.clone();
    let span = Span { end, leave: next_working_day(end - Days::new(170)) };
    let people = people::invent(count, seed, &dongs, end);
    let mut play = Play {
        store: store.clone(),
        staff,
        dongs,
        span,
        seed,
        endings: Vec::new(),
        dice,
        queue: BTreeMap::new(),
        next: 0,
        ops: Dice::new(seed, u64::MAX - 2),
        done: 0,
    };
    play.tell_reports(&people);
    play.tell_departure();
    Box::pin(play.play_rounds(&people)).await?;
    play.run_until(at(end, 15, 59)).await?;
    finish::finish(&mut play).await?;
    Ok(Demo { people: count, commands: play.done, logins })
}

impl Play {
    /// Puts a command where it belongs in time; what lies in the future does not happen.
    pub(super) fn add(&mut self, timed: Timed) {
        if korean_day(timed.at) <= self.span.end {
            self.queue.insert((timed.at, self.next), timed);
            self.next += 1;
        }
    }

    pub(super) fn say(&mut self, at: DateTime<Utc>, by: &Actor, command: impl Into<Command>) {
        self.add(Timed { at, by: by.clone(), command: command.into() });
    }

    /// Plays everything up to `until`.
    pub(super) async fn run_until(&mut self, until: DateTime<Utc>) -> anyhow::Result<()> {
        let later = self.queue.split_off(&(until, u64::MAX));
        let due = std::mem::replace(&mut self.queue, later);
        let mut batch = Vec::with_capacity(BATCH);
        for timed in due.into_values() {
            let op_id = id!(OpId, timed.at, self.ops);
            let envelope = Envelope { op_id, base_rev: None, made_at: timed.at, command: timed.command };
            batch.push((context(&self.store, &timed.by, timed.at), envelope));
            if batch.len() == BATCH {
                self.send(std::mem::take(&mut batch)).await?;
            }
        }
        self.send(batch).await
    }

    async fn send(&mut self, batch: Vec<(OpContext, Envelope)>) -> anyhow::Result<()> {
        self.done += batch.len() as u64;
        if Box::pin(execute_all(batch.clone())).await.is_ok() {
            return Ok(());
        }
        // One of them was refused: one by one, to say which.
        for (ctx, envelope) in batch {
            let (label, at) = (envelope.command.label(), envelope.made_at);
            let told = Box::pin(store::execute(&ctx, envelope)).await;
            told.with_context(|| format!("the demo's {label} of {at}"))?;
        }
        Ok(())
    }

    /// Follows a case from its opening.
    fn follow(&mut self, stream: u64, opened: Opened) {
        let (told, ending) = tell(Dice::new(self.seed, stream), &self.staff, self.span, opened);
        for timed in told {
            self.add(timed);
        }
        self.endings.push(ending);
    }

    pub(super) fn team_of(&self, dong: &DongCode) -> usize {
        match dong.as_str().get(5..7) {
            Some("54" | "55" | "56" | "57" | "58") => 1,
            Some("59" | "60" | "61" | "62") => 2,
            _ => 0,
        }
    }

    /// A worker of the team; until somebody left, the first team had one more.
    fn choose_worker(dice: &mut Dice, team: usize, on: NaiveDate, span: Span) -> usize {
        let last = if team == 0 && on + Days::new(20) < span.leave { 4 } else { 3 };
        dice.between(0, last) as usize
    }

    fn worker(&self, team: usize, worker: usize) -> Actor {
        let found = self.staff.teams.get(team).and_then(|team| team.workers.get(worker));
        found.unwrap_or(&self.staff.leaver.0).clone()
    }

    fn manager(&self, team: usize) -> Actor {
        self.staff.teams.get(team).map_or_else(|| self.staff.head.clone(), |team| team.manager.clone())
    }

    /// People of whom somebody told.
    fn tell_reports(&mut self, people: &[Person]) {
        for person in people {
            let Arrival::Told(days_ago, channel) = person.arrival else { continue };
            let on = next_working_day(self.span.end - Days::new(days_ago.into()));
            let mut dice = Dice::new(self.seed, u64::from(person.number) * 2 + 1);
            self.tell_report(&mut dice, person, on, channel);
        }
    }

    fn tell_report(&mut self, dice: &mut Dice, person: &Person, on: NaiveDate, channel: Channel) {
        let made = at(on, dice.between(9, 11), dice.between(0, 59));
        let team = self.team_of(&person.profile.dong);
        let worker = Self::choose_worker(dice, team, on, self.span);
        let by_manager = dice.chance(25);
        let by = if by_manager { self.manager(team) } else { self.worker(team, worker) };
        let (urgency, signs) = seen(dice);
        let neighbor = id!(NeighborId, made, dice);
        let case = dice.chance(88).then(|| id!(CaseId, made, dice));
        let members = people::household(dice, made, person.profile.birth_year);
        let command = NeighborCommand::Register {
            id: neighbor,
            household: id!(HouseholdId, made, dice),
            profile: Box::new(person.profile.clone()),
            members,
            signs,
            learned_from: channel,
            different_from: vec![],
            open_case: case.map(|case| (case, urgency)),
        };
        self.say(made, &by, command);
        let Some(case) = case else { return };
        let mut opened = Opened { case, neighbor, team, worker, on, urgency };
        if by_manager {
            opened.on = next_working_day(on + Days::new(1));
            if opened.on > self.span.end {
                return;
            }
            let id = id!(AssignmentId, made, dice);
            let assign = CaseCommand::Assign { cases: vec![(case, id)], worker: self.worker(team, worker).user };
            self.say(at(opened.on, 9, 10), &by, assign);
        }
        self.follow(u64::from(person.number) * 2 + 1 + (1 << 40), opened);
    }

    /// The worker who left hands everything over; the account is locked, the grant ends.
    fn tell_departure(&mut self) {
        let (actor, grant) = self.staff.leaver.clone();
        let (admin, day) = (self.staff.admin.clone(), self.span.leave);
        let reason = "다른 부서로 옮김".to_owned();
        self.say(at(day, 18, 5), &admin, UserCommand::EndGrant { id: grant, reason });
        self.say(at(day, 18, 6), &admin, UserCommand::Lock { id: actor.user, locked: true });
    }

    async fn play_rounds(&mut self, people: &[Person]) -> anyhow::Result<()> {
        let last = self.span.end - Days::new(6);
        for number in 0..ROUNDS {
            let back = u32::try_from((ROUNDS - 1 - number) * 2).unwrap_or(0);
            let on = next_working_day(last.checked_sub_months(Months::new(back)).unwrap_or(last));
            let on = if on > self.span.end { self.span.end } else { on };
            let imported = at(on, 9, 20);
            self.run_until(imported).await?;
            let rows = self.rows(people, number, on);
            if rows.is_empty() {
                continue;
            }
            let id = id!(RoundId, imported, self.dice);
            let head = self.staff.head.clone();
            self.say(imported, &head, RoundCommand::Import { id, period: period(last, back), rows });
            self.run_until(imported).await?;
            let mut listed = seed::listed(&context(&self.store, &head, imported), id).await?;
            listed.sort_by(|a, b| (&a.name, a.birth_year, &a.dong).cmp(&(&b.name, b.birth_year, &b.dong)));
            self.triage(number, on, &listed);
        }
        Ok(())
    }

    fn rows(&mut self, people: &[Person], number: usize, on: NaiveDate) -> Vec<RoundRow> {
        let last = self.span.end - Days::new(6);
        let back = u32::try_from((ROUNDS - 1 - number) * 2).unwrap_or(0);
        let mut dice = Dice::new(self.seed ^ 0x51, number as u64);
        let listed = people.iter().filter(|person| person.arrival == Arrival::Round(number) || person.again.contains(&number));
        let mut rows: Vec<RoundRow> = listed
            .map(|person| {
                let first = person.arrival == Arrival::Round(number);
                let indicators = if first { person.indicators.clone() } else { people::signals(&mut dice) };
                row(person, period(last, back), indicators)
            })
            .collect();
        self.add_look_alikes(&mut dice, &mut rows, people, number);
        for (place, row) in rows.iter_mut().enumerate() {
            row.row = u32::try_from(place + 2).unwrap_or(u32::MAX);
            if dice.chance(8) {
                row.note = Some(remark(&mut dice, on));
            }
        }
        rows
    }

    /// A few who may be known already: same name and birth year, but neither dong nor phone.
    fn add_look_alikes(&self, dice: &mut Dice, rows: &mut Vec<RoundRow>, people: &[Person], number: usize) {
        let Some(period) = rows.first().map(|row| row.period) else { return };
        let known: Vec<&Person> =
            people.iter().filter(|person| matches!(person.arrival, Arrival::Round(first) if first < number)).collect();
        for _ in 0..known.len().min(3) {
            let Some(person) = dice.pick_of(&known) else { continue };
            let other = self.dongs.get((person.dong + 1) % self.dongs.len().max(1));
            let Some(dong) = other.map(|dong| dong.code.clone()) else { continue };
            let mut row = row(person, period, people::signals(dice));
            row.address = Some(super::names::address(dice, dong.as_str(), ", 302호"));
            row.dong = dong;
            row.phone = super::names::phone(dice);
            rows.push(row);
        }
    }
}

fn row(person: &Person, period: RoundPeriod, indicators: Vec<String>) -> RoundRow {
    RoundRow {
        row: 0,
        period,
        name: person.profile.name.clone().unwrap_or_default(),
        birth_year: person.profile.birth_year,
        sex: person.profile.sex,
        phone: person.profile.phone.clone(),
        dong: person.profile.dong.clone(),
        address: person.profile.address.clone(),
        indicators,
        note: None,
    }
}

fn remark(dice: &mut Dice, _on: NaiveDate) -> String {
    dice.pick(&[
        "체납 3개월 이상",
        "1인 가구 추정",
        "지난 차수 미상담",
        "건강보험료 지역가입자",
        "주소 확인 필요",
        "휴대전화 정지 이력",
    ])
    .to_owned()
}

fn period(last: NaiveDate, back: u32) -> RoundPeriod {
    let day = last.checked_sub_months(Months::new(back)).unwrap_or(last);
    let number = i16::try_from((day.month0()) / 2 + 1).unwrap_or(1);
    RoundPeriod { year: i16::try_from(day.year()).unwrap_or(2026), number }
}

/// What was seen, and how urgent that is.
fn seen(dice: &mut Dice) -> (Urgency, Vec<String>) {
    let (urgency, signs): (Urgency, &[&str]) = match dice.weighted(&[2, 22, 48, 28]) {
        0 => (Urgency::Emergency, &["S03", "S05", "S06"]),
        1 => (Urgency::SameDay, &["S07", "S08", "S09", "S10", "S12", "S13"]),
        2 => (Urgency::ThreeDays, &["S15", "S16", "S17", "S18", "S19", "S20", "S21", "S23", "S25", "S26", "S27"]),
        _ => (Urgency::TwoWeeks, &["S28", "S29", "S30", "S31", "S32"]),
    };
    (urgency, vec![dice.pick(signs).to_owned()])
}

/// What the managers of a list decided.
#[derive(Default)]
struct Decisions {
    open: BTreeMap<(usize, DateTime<Utc>, Urgency, Option<usize>), Vec<(RoundEntryId, CaseId)>>,
    idle: BTreeMap<(usize, DateTime<Utc>, NoActionReason), Vec<RoundEntryId>>,
}

impl Play {
    /// Decides what becomes of each person of a list, and follows the cases that are opened.
    fn triage(&mut self, number: usize, on: NaiveDate, listed: &[ListedPerson]) {
        let cases = self.cases_by_person();
        let mut decisions = Decisions::default();
        for (place, person) in listed.iter().enumerate() {
            let stream = (number as u64 + 1) << 44 | place as u64;
            let mut dice = Dice::new(self.seed, stream);
            let newest = number + 1 == ROUNDS;
            if dice.chance(if newest { 62 } else { 0 }) {
                continue;
            }
            let when = at(next_working_day(on + dice.days(1, if newest { 4 } else { 7 })), 10, 0);
            if korean_day(when) > self.span.end {
                continue;
            }
            let Ok(dong) = DongCode::try_from(person.dong.clone()) else { continue };
            let team = self.team_of(&dong);
            let open_now = cases.get(&person.neighbor).is_some_and(|closed| closed.is_none_or(|closed| closed > when));
            match if open_now { 0 } else { dice.weighted(&[60, 33, 7]) } {
                0 => self.open_case(&mut dice, &mut decisions, person, (team, when, newest, open_now, stream)),
                1 => decisions.idle.entry((team, when, why_idle(&mut dice))).or_default().push(person.entry),
                _ => {
                    let district = dice.pick(&["강남구", "동작구", "관악구", "송파구", "과천시", "성남시"]).to_owned();
                    let manager = self.manager(team);
                    self.say(when, &manager, RoundCommand::PassOn { entry: person.entry, district });
                }
            }
        }
        self.send_decisions(decisions);
    }

    /// When the last case of each person was closed.
    fn cases_by_person(&self) -> HashMap<NeighborId, Option<DateTime<Utc>>> {
        self.endings.iter().map(|ending| (ending.opened.neighbor, ending.closed_at)).collect()
    }

    fn open_case(
        &mut self,
        dice: &mut Dice,
        decisions: &mut Decisions,
        person: &ListedPerson,
        (team, when, newest, open_now, stream): (usize, DateTime<Utc>, bool, bool, u64),
    ) {
        let on = korean_day(when);
        let case = id!(CaseId, when, dice);
        let urgency = match dice.weighted(&[1, 10, 47, 42]) {
            0 => Urgency::Emergency,
            1 => Urgency::SameDay,
            2 => Urgency::ThreeDays,
            _ => Urgency::TwoWeeks,
        };
        let worker = Self::choose_worker(dice, team, on, self.span);
        let waits = newest && dice.chance(40);
        let key = (team, when, urgency, (!waits && !open_now).then_some(worker));
        decisions.open.entry(key).or_default().push((person.entry, case));
        if !waits && !open_now {
            self.follow(stream | 1 << 43, Opened { case, neighbor: person.neighbor, team, worker, on, urgency });
        }
    }

    fn send_decisions(&mut self, decisions: Decisions) {
        for ((team, when, urgency, worker), entries) in decisions.open {
            let (manager, worker) = (self.manager(team), worker.map(|worker| self.worker(team, worker).user));
            for chunk in entries.chunks(100) {
                let command = RoundCommand::OpenCases { entries: chunk.to_vec(), urgency, worker };
                self.say(when, &manager, command);
            }
        }
        for ((team, when, reason), entries) in decisions.idle {
            let manager = self.manager(team);
            self.say(when, &manager, RoundCommand::NoAction { entries, reason });
        }
    }
}

fn why_idle(dice: &mut Dice) -> NoActionReason {
    match dice.weighted(&[40, 25, 18, 12, 1, 4]) {
        0 => NoActionReason::NoNeed,
        1 => NoActionReason::NotEligibleForCash,
        2 => NoActionReason::AlreadyHelped,
        3 => NoActionReason::MovedAway,
        4 => NoActionReason::Died,
        _ => NoActionReason::WrongData,
    }
}
