//! People beyond those with a story: written in bulk, so that a district of a million can be made and measured. Each has
//! a case and five visits; all but a few cases are over and checked.

use super::{diary, people::Population, random::Dice, script::context, world::World};
use anyhow::{Context, Result};
use chrono::{DateTime, Days, NaiveDate, TimeDelta};
use domain::{
    case::{CaseFacts, ClosureReason, Urgency},
    clock::korean_day,
    ids::{CaseId, HouseholdId, NeighborId, VisitId},
    profile::Channel,
    visit::{NotMetReason, VisitKind, VisitState, Window},
};
use store::{
    Store,
    seed::{BulkPerson, BulkVisit, make_room, write_people},
};

/// People of one transaction.
const BATCH: usize = 10_000;
/// From how many on a transaction is worth more memory.
const MANY: usize = 50_000;
/// Open cases among them, so that a worker's list stays one that a worker can have.
const OPEN: usize = 600;
/// On which days after somebody was found a worker visits, where a whole caseload is made.
const SEEN_AFTER: [u64; 11] = [1, 9, 20, 34, 55, 80, 110, 150, 190, 230, 270];
/// The stream of chance of the first batch; each has its own.
const STREAM: u64 = 1 << 40;

/// Writes `count` people.
pub(super) async fn write(
    store: &Store,
    world: &World,
    population: &mut Population,
    count: usize,
    progress: super::Progress<'_>,
) -> Result<()> {
    let ctx = context(store, &world.staff.head, world.now);
    if count > MANY {
        make_room(store).await?;
    }
    let mut done = 0;
    while done < count {
        let mut dice = Dice::new(world.seed, STREAM + done as u64);
        let end = count.min(done + BATCH);
        let people: Vec<BulkPerson> = (done..end).filter_map(|nth| person(world, population, &mut dice, nth < OPEN)).collect();
        write_people(&ctx, &people).await.context("can't write people in bulk")?;
        done = end;
        progress("in bulk", done, count);
    }
    Ok(())
}

/// Writes `count` people with an open case of one worker's, all that happened in it among it.
pub(super) async fn write_caseload(
    store: &Store,
    world: &mut World,
    population: &mut Population,
    (worker, count): (usize, usize),
    progress: super::Progress<'_>,
) -> Result<()> {
    let ctx = context(store, &world.staff.head, world.now);
    let mut done = 0;
    while done < count {
        let mut dice = Dice::new(world.seed, 2 * STREAM + ((worker as u64) << 32) + done as u64);
        let end = count.min(done + BATCH / 5);
        let people: Vec<BulkPerson> = (done..end).filter_map(|_| client(world, population, &mut dice, worker)).collect();
        write_people(&ctx, &people).await.context("can't write a caseload")?;
        done = end;
        progress("caseload", done, count);
    }
    Ok(())
}

/// Somebody whom the nth worker has been seeing for months.
fn client(world: &mut World, population: &mut Population, dice: &mut Dice, worker: usize) -> Option<BulkPerson> {
    let today = korean_day(world.now);
    let (team, worker) = world.staff.teams.iter().flat_map(|team| team.workers.iter().map(move |one| (team, one))).nth(worker)?;
    let profile = loop {
        let profile = population.person(dice)?.profile;
        if team.dongs.contains(&profile.dong) {
            break profile;
        }
    };
    let found = today - Days::new(dice.between(150, 300).into());
    let discovered_at = diary::at(found, dice.between(9, 17), dice.below(60));
    let mut visits: Vec<BulkVisit> = SEEN_AFTER.into_iter().map(|days| past_visit(dice, found + Days::new(days))).collect();
    if let Some(first) = visits.first_mut() {
        first.state = VisitState::Met;
    }
    visits.retain(|visit| visit.window.end < world.now);
    for visit in &mut visits {
        visit.note = Some(match visit.state {
            VisitState::Met => world.notes.met(dice, visit.kind, None),
            _ => world.notes.missed(dice, visit.kind, NotMetReason::NobodyHome),
        });
    }
    let noted = [5, 40, 90].map(|days| diary::at(found + Days::new(days), 17, dice.below(60)));
    let notes = noted.map(|at| (at, world.notes.between(dice)));
    let facts = facts(discovered_at, found, visits.first(), true);
    visits.push(next_visit(dice, today));
    Some(BulkPerson {
        id: dice.id(NeighborId::at, discovered_at),
        household: dice.id(HouseholdId::at, discovered_at),
        profile,
        learned_from: Channel::Signals,
        case: dice.id(CaseId::at, discovered_at),
        urgency: dice.weighted(&[(70, Urgency::TwoWeeks), (25, Urgency::ThreeDays), (5, Urgency::SameDay)], Urgency::TwoWeeks),
        facts,
        worker: worker.user,
        visits,
        notes: notes.into(),
    })
}

fn person(world: &World, population: &mut Population, dice: &mut Dice, open: bool) -> Option<BulkPerson> {
    let profile = population.person(dice)?.profile;
    let team = world.staff.teams.iter().find(|team| team.dongs.contains(&profile.dong))?;
    let worker = dice.one(&team.workers)?.user;
    let days_ago = if open { dice.between(20, 120) } else { dice.between(330, 540) };
    let found = korean_day(world.now) - Days::new(days_ago.into());
    let discovered_at = diary::at(found, dice.between(9, 17), dice.below(60));
    let mut visits: Vec<BulkVisit> = [1, 9, 20, 34].into_iter().map(|days| past_visit(dice, found + Days::new(days))).collect();
    // The first visit meets somebody: all that follows in a case rests on it.
    if let Some(first) = visits.first_mut() {
        first.state = VisitState::Met;
    }
    visits.push(if open { next_visit(dice, korean_day(world.now)) } else { past_visit(dice, found + Days::new(60)) });
    visits.retain(|visit| visit.state == VisitState::Scheduled || visit.window.end < world.now);
    Some(BulkPerson {
        notes: Vec::new(),
        id: dice.id(NeighborId::at, discovered_at),
        household: dice.id(HouseholdId::at, discovered_at),
        profile,
        learned_from: dice
            .weighted(&[(80, Channel::Signals), (10, Channel::Resident), (10, Channel::DirectLine)], Channel::Signals),
        case: dice.id(CaseId::at, discovered_at),
        urgency: dice.weighted(&[(70, Urgency::TwoWeeks), (25, Urgency::ThreeDays), (5, Urgency::SameDay)], Urgency::TwoWeeks),
        facts: facts(discovered_at, found, visits.first(), open),
        worker,
        visits,
    })
}

/// All steps within two months, and for a case that is over, its end and the check after it.
fn facts(discovered_at: DateTime<chrono::Utc>, found: NaiveDate, first: Option<&BulkVisit>, open: bool) -> CaseFacts {
    let on = |days: u64| Some(found + Days::new(days));
    let steps = CaseFacts {
        discovered_at,
        first_contact_at: first.map(|visit| visit.window.start),
        counselled_on: on(1),
        intake_on: on(3),
        assessed_on: on(9),
        conference_on: on(13),
        planned_on: on(18),
        served_on: on(20),
        ..CaseFacts::default()
    };
    if open {
        return steps;
    }
    let closed = found + Days::new(150);
    CaseFacts {
        reviewed_on: on(60),
        closed_at: Some(diary::at(closed, 15, 0)),
        closure: Some(ClosureReason::GoalsMet),
        aftercare_on: Some(closed + Days::new(88)),
        ..steps
    }
}

fn past_visit(dice: &mut Dice, day: NaiveDate) -> BulkVisit {
    let start = diary::at(day, dice.between(9, 16), 30 * dice.below(2));
    let kind = dice.weighted(&[(60, VisitKind::Home), (30, VisitKind::Phone), (10, VisitKind::Office)], VisitKind::Home);
    let state = if dice.chance(80) { VisitState::Met } else { VisitState::NotMet };
    BulkVisit {
        id: dice.id(VisitId::at, start),
        kind,
        window: Window { start, end: start + TimeDelta::minutes(40) },
        state,
        note: None,
    }
}

/// In the next weeks, so that nobody's next days are overrun.
fn next_visit(dice: &mut Dice, today: NaiveDate) -> BulkVisit {
    let day = diary::working(today + Days::new(dice.between(8, 55).into()));
    BulkVisit { state: VisitState::Scheduled, ..past_visit(dice, day) }
}
