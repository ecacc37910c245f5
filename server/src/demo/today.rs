//! The last days and today: what every worker finds in the morning, so that no screen is empty and none is hopeless.

use super::{
    diary, life,
    life::Fate,
    notes,
    people::Population,
    random::Dice,
    reports::{self, Recent},
    world::{OpenCase, Planned, World},
};
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    case::{Step, Urgency},
    clock::korean_day,
    command::CaseCommand,
    ids::AssignmentId,
    policy::Actor,
    visit::VisitKind,
};

/// The stream of chance of the first worker; each has its own.
const STREAM: u64 = 10_000;

/// A case for each step on the way, however few people there are, and how many days ago it began.
const STEPS: [(Step, u64); 5] =
    [(Step::Counselling, 26), (Step::Intake, 33), (Step::Assessment, 45), (Step::Conference, 52), (Step::Plan, 64)];

/// How many people come with the last days, beside those of lists and reports.
pub(super) fn people(workers: usize, queue: usize) -> usize {
    // Per worker one or two who wait for a first contact and one who is new; per team one who was never reached.
    workers * 5 / 2 + queue + 3 + STEPS.len()
}

/// Fills the last days and today.
pub(super) fn fill(world: &mut World, population: &mut Population, queue: usize) {
    let workers: Vec<Actor> = world.staff.workers().cloned().collect();
    for (nth, worker) in workers.iter().enumerate() {
        let mut dice = Dice::new(world.seed, STREAM + nth as u64);
        wait_for_contact(world, population, &mut dice, worker);
        forget_visits(world, &mut dice, worker);
        visit_today(world, &mut dice, worker);
        if nth % 3 == 1 {
            offer_transfer(world, &mut dice, worker);
        }
        if nth % 4 == 2 {
            let at = days_ago(world, &mut dice, 14);
            let recent = Recent { at, worker: Some(worker.clone()), most: Urgency::SameDay, fate: Fate::AskedToClose };
            reports::recent(world, population, dice, &recent);
        }
    }
    for (worker, (step, days)) in workers.iter().zip(STEPS) {
        let mut dice = Dice::new(world.seed, STREAM + 500 + days);
        let at = days_ago(world, &mut dice, days);
        let recent = Recent { at, worker: Some(worker.clone()), most: Urgency::SameDay, fate: Fate::StopsAt(step) };
        reports::recent(world, population, dice, &recent);
    }
    for nth in 0..queue {
        let mut dice = Dice::new(world.seed, STREAM + 1_000 + nth as u64);
        let at = world.now - TimeDelta::minutes(i64::from(dice.between(40, 3 * 24 * 60)));
        reports::recent(world, population, dice, &Recent { at, worker: None, most: Urgency::SameDay, fate: Fate::Usual });
    }
}

fn days_ago(world: &World, dice: &mut Dice, days: u64) -> DateTime<Utc> {
    diary::at(korean_day(world.now) - Days::new(days), dice.between(9, 16), dice.below(60))
}

/// One or two cases whose first contact is late, and one that is new.
fn wait_for_contact(world: &mut World, population: &mut Population, dice: &mut Dice, worker: &Actor) {
    let late = dice.between(1, 2);
    for nth in 0..=late {
        let days = if nth == 0 { 1 } else { dice.between(5, 9).into() };
        let at = days_ago(world, dice, days);
        // What had to be done on its first day would be late today, and no longer new.
        let most = if nth == 0 { Urgency::ThreeDays } else { Urgency::SameDay };
        let recent = Recent { at, worker: Some(worker.clone()), most, fate: Fate::Neglected };
        let stream = u64::from(dice.between(1, 1_000_000)) + (1 << 32);
        reports::recent(world, population, Dice::new(world.seed, stream), &recent);
    }
}

/// The worker's cases that can be visited, as they were some days ago.
fn cases(world: &World, worker: &Actor, since: DateTime<Utc>) -> Vec<OpenCase> {
    let own = |case: &&OpenCase| case.worker.as_ref().is_some_and(|own| own.user == worker.user);
    let can = |case: &&OpenCase| case.met && !case.waiting && case.since < since;
    // Ids of neighbors from lists are not the same in two runs; ids of cases are.
    let mut cases: Vec<OpenCase> = world.open.values().filter(own).filter(can).cloned().collect();
    cases.sort_by_key(|case| case.case);
    cases
}

/// Visits of the last days that nobody has recorded: one to three.
fn forget_visits(world: &mut World, dice: &mut Dice, worker: &Actor) {
    let have = world.forgotten.get(&worker.user).copied().unwrap_or(0);
    let want = dice.between(1, 3) as usize;
    let planned = days_ago(world, dice, 7);
    let cases = cases(world, worker, planned);
    for _ in have..want {
        let day = korean_day(world.now) - Days::new(dice.between(1, 4).into());
        let Some(case) = dice.one(&cases) else { return };
        let Some(window) = world.diary.take(dice, worker.user, day) else { continue };
        let planned_visit = Planned { kind: kind(dice), window, second: None, purpose: dice.word(notes::PURPOSE) };
        world.plan(dice, planned, worker, case.case, &planned_visit);
    }
}

fn kind(dice: &mut Dice) -> VisitKind {
    dice.weighted(&[(70, VisitKind::Home), (15, VisitKind::Office), (15, VisitKind::Phone)], VisitKind::Home)
}

/// Three to six visits spread over today; those that are over are mostly recorded.
fn visit_today(world: &mut World, dice: &mut Dice, worker: &Actor) {
    let today = korean_day(world.now);
    let planned = days_ago(world, dice, 2);
    let cases = cases(world, worker, planned);
    let want = dice.between(3, 6) as usize;
    for _ in world.diary.of(worker.user, today)..want {
        let Some(case) = dice.one(&cases) else { return };
        let Some(window) = world.diary.take(dice, worker.user, today) else { return };
        let visit = Planned { kind: kind(dice), window, second: None, purpose: dice.word(notes::PURPOSE) };
        let id = world.plan(dice, planned, worker, case.case, &visit);
        let recorded = window.end + TimeDelta::minutes(i64::from(dice.between(3, 25)));
        if recorded <= world.now && dice.chance(85) {
            let met = dice.chance(80);
            let told = life::tell(world, dice, &visit, met, recorded);
            world.record(id, &told, worker);
        }
    }
}

/// A case that a colleague was asked yesterday to take over.
fn offer_transfer(world: &mut World, dice: &mut Dice, worker: &Actor) {
    let at = days_ago(world, dice, 1);
    let cases: Vec<OpenCase> = cases(world, worker, at).into_iter().filter(|case| !case.restricted).collect();
    let Some(case) = dice.one(&cases) else { return };
    let colleagues = world.staff.teams.get(case.team).map(|team| team.workers.clone()).unwrap_or_default();
    let others: Vec<Actor> = colleagues.into_iter().filter(|other| other.user != worker.user).collect();
    let Some(other) = dice.one(&others) else { return };
    let (id, reason) = (dice.id(AssignmentId::at, at), dice.word(notes::TRANSFER).to_owned());
    world.add(at, worker, CaseCommand::Transfer { id, case: case.case, worker: other.user, reason });
    if let Some(open) = world.open.get_mut(&case.neighbor) {
        open.waiting = true;
    }
}
