//! Reports: what residents, officers and callers tell, written down by whoever takes the call.

use super::{
    diary,
    life::{Fate, Opened, live},
    people::{self, Person, Population},
    random::Dice,
    world::World,
};
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    case::Urgency,
    clock::korean_day,
    command::{CaseCommand, NeighborCommand},
    ids::{AssignmentId, CaseId, HouseholdId, NeighborId},
    policy::Actor,
    profile::{Channel, ContactConsent, ProfileEdits},
};

/// The stream of chance of the first report; each has its own.
const STREAM: u64 = 100_000;

/// Signs by how often they are ticked, with the urgency that they have in the catalogue.
const SIGNS: [(u32, &str); 24] = [
    (9, "S15"),
    (8, "S16"),
    (7, "S17"),
    (8, "S18"),
    (7, "S19"),
    (5, "S20"),
    (6, "S21"),
    (6, "S23"),
    (3, "S24"),
    (5, "S25"),
    (4, "S26"),
    (5, "S27"),
    (9, "S28"),
    (9, "S29"),
    (8, "S30"),
    (7, "S31"),
    (6, "S32"),
    (3, "S07"),
    (2, "S08"),
    (4, "S09"),
    (3, "S10"),
    (3, "S13"),
    (1, "S05"),
    (1, "S03"),
];

/// One sign or a few, none twice.
pub(super) fn signs(dice: &mut Dice, most: u32) -> Vec<String> {
    let mut signs: Vec<String> = (0..dice.between(1, most)).map(|_| dice.weighted(&SIGNS, "S28").to_owned()).collect();
    signs.sort_unstable();
    signs.dedup();
    signs
}

/// The most urgent of the signs.
fn urgency(signs: &[String]) -> Urgency {
    let number = |sign: &String| sign.trim_start_matches('S').parse::<u32>().unwrap_or(32);
    let of = |sign| match number(sign) {
        ..7 => Urgency::Emergency,
        7..15 => Urgency::SameDay,
        15..28 => Urgency::ThreeDays,
        _ => Urgency::TwoWeeks,
    };
    signs.iter().map(of).min().unwrap_or(Urgency::TwoWeeks)
}

fn channel(dice: &mut Dice) -> Channel {
    let channels = [
        (26, Channel::Resident),
        (22, Channel::HonoraryOfficer),
        (20, Channel::DirectLine),
        (8, Channel::Event),
        (8, Channel::Partner),
        (12, Channel::SelfOrFamily),
        (4, Channel::Worker),
    ];
    dice.weighted(&channels, Channel::Resident)
}

/// Who writes a report down, and what becomes of it.
struct Report {
    at: DateTime<Utc>,
    person: Person,
    team: usize,
    taker: Actor,
    /// Whether the taker takes the case, or it goes to the queue.
    takes: bool,
}

/// Writes so many reports, spread over the time until now, a little more of them lately.
pub(super) fn write(world: &mut World, population: &mut Population, count: usize) {
    let days = u32::try_from((world.now - world.start).num_days()).unwrap_or(0);
    for nth in 0..count {
        let mut dice = Dice::new(world.seed, STREAM + nth as u64);
        let ago = dice.below(days).min(dice.below(days + days / 4));
        let day = korean_day(world.now) - Days::new(ago.into());
        let at = diary::later(&mut dice, diary::at(day, 7, 0), 0);
        let _closed: Option<()> = report(world, population, dice, at);
    }
}

fn report(world: &mut World, population: &mut Population, mut dice: Dice, at: DateTime<Utc>) -> Option<()> {
    let person = population.person(&mut dice)?;
    let person = if dice.chance(5) { people::unnamed(person) } else { person };
    let team = world.staff.teams.iter().position(|team| team.dongs.contains(&person.profile.dong))?;
    let takes = dice.chance(55);
    let members = world.staff.teams.get(team)?;
    let taker = if takes { dice.one(&members.workers)?.clone() } else { members.manager.clone() };
    let opens = dice.chance(92);
    let report = Report { at, person, team, taker, takes };
    register(world, dice, &report, opens)
}

fn register(world: &mut World, mut dice: Dice, report: &Report, opens: bool) -> Option<()> {
    let Report { at, person, team, taker, takes } = report;
    let (neighbor, case) = (dice.id(NeighborId::at, *at), dice.id(CaseId::at, *at));
    let signs = signs(&mut dice, 3);
    let urgency = urgency(&signs);
    let command = NeighborCommand::Register {
        id: neighbor,
        household: dice.id(HouseholdId::at, *at),
        profile: Box::new(person.profile.clone()),
        members: people::household(&mut dice, person, *at),
        signs,
        learned_from: channel(&mut dice),
        different_from: Vec::new(),
        open_case: opens.then_some((case, urgency)),
    };
    world.add(*at, taker, command);
    if dice.chance(8) {
        edit(world, &mut dice, report, neighbor);
    }
    if opens {
        let worker = takes.then(|| taker.clone());
        let restricted = dice.below(1_000) < 12;
        live(world, dice, Opened { neighbor, case, team: *team, at: *at, urgency, worker, restricted, fate: Fate::Usual });
    }
    Some(())
}

/// Some days later more is known: consent, another phone.
fn edit(world: &mut World, dice: &mut Dice, report: &Report, id: NeighborId) {
    let at = diary::later(dice, report.at, dice.clone().between(1, 12));
    let mut known = report.person.profile.clone();
    known.contact_consent = ContactConsent::Given;
    known.health_note.get_or_insert_with(|| "정기적으로 다니는 병원이 없습니다.".to_owned());
    let edits = ProfileEdits::between(&report.person.profile, &known);
    world.add(at, &report.taker, NeighborCommand::Edit { id, edits: Box::new(edits) });
}

/// A report that a manager wrote down at `at`, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    pub at: DateTime<Utc>,
    /// Who was given the case; nobody, for one that waits in the queue of its team.
    pub worker: Option<Actor>,
    /// How urgent it is at most.
    pub most: Urgency,
    pub fate: Fate,
}

/// Writes a report of the last days; for a worker, from the dongs of their team.
pub(super) fn recent(world: &mut World, population: &mut Population, mut dice: Dice, recent: &Recent) -> Option<()> {
    let (at, wanted) = (recent.at, recent.worker.as_ref());
    let team_of =
        |world: &World, person: &Person| world.staff.teams.iter().position(|team| team.dongs.contains(&person.profile.dong));
    let serves = |world: &World, team: usize| {
        let workers = world.staff.teams.get(team).map(|team| team.workers.as_slice()).unwrap_or_default();
        wanted.is_none_or(|wanted| workers.iter().any(|worker| worker.user == wanted.user))
    };
    let mut person = population.person(&mut dice)?;
    let mut team = team_of(world, &person)?;
    while !serves(world, team) {
        person = population.person(&mut dice)?;
        team = team_of(world, &person)?;
    }
    let manager = world.staff.teams.get(team)?.manager.clone();
    let (neighbor, case) = (dice.id(NeighborId::at, at), dice.id(CaseId::at, at));
    let signs = signs(&mut dice, 2);
    let urgency = urgency(&signs).clamp(recent.most, Urgency::ThreeDays);
    let command = NeighborCommand::Register {
        id: neighbor,
        household: dice.id(HouseholdId::at, at),
        profile: Box::new(person.profile.clone()),
        members: people::household(&mut dice, &person, at),
        signs,
        learned_from: channel(&mut dice),
        different_from: Vec::new(),
        open_case: Some((case, urgency)),
    };
    world.add(at, &manager, command);
    let Some(worker) = recent.worker.clone() else { return Some(()) };
    let given = at + TimeDelta::minutes(i64::from(dice.between(5, 25)));
    let cases = vec![(case, dice.id(AssignmentId::at, given))];
    world.add(given, &manager, CaseCommand::Assign { cases, worker: worker.user });
    let opened = Opened { neighbor, case, team, at: given, urgency, worker: Some(worker), restricted: false, fate: recent.fate };
    live(world, dice, opened);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::seed;

    #[test]
    fn urgencies_are_those_of_the_catalogue() {
        for sign in seed::signs().unwrap() {
            assert_eq!(urgency(std::slice::from_ref(&sign.code)), sign.urgency, "{}", sign.code);
        }
        let known = seed::signs().unwrap();
        assert!(SIGNS.iter().all(|(_, code)| known.iter().any(|sign| sign.code == *code)));
    }
}
