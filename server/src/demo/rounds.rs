//! Discovery rounds: nine lists, two months apart, the last of them from yesterday and hardly looked at.

use super::{
    diary,
    life::{Fate, Opened, live},
    people::{Person, Population},
    random::Dice,
    world::World,
};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};
use domain::{
    case::Urgency,
    clock::korean_day,
    command::{LinkCommand, RoundCommand},
    ids::{CaseId, NeighborId, RoundId},
    policy::Actor,
    round::{NoActionReason, RoundPeriod, RoundRow},
    view::rounds::{LinkPair, TriageEntry},
};
use std::collections::{BTreeMap, BTreeSet};

/// How many lists.
const LISTS: u32 = 9;
/// The stream of chance of the first list; each has its own, and each of its entries.
const STREAM: u64 = 1_000_000;

const INDICATORS: [(u32, &str); 22] = [
    (14, "I05"),
    (9, "I14"),
    (8, "I15"),
    (7, "I11"),
    (7, "I10"),
    (7, "I09"),
    (6, "I25"),
    (6, "I13"),
    (5, "I06"),
    (5, "I24"),
    (4, "I27"),
    (4, "I26"),
    (4, "I22"),
    (4, "I21"),
    (3, "I12"),
    (3, "I18"),
    (3, "I20"),
    (2, "I01"),
    (2, "I07"),
    (2, "I16"),
    (2, "I19"),
    (1, "I23"),
];

/// A list as it came.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub id: RoundId,
    pub at: DateTime<Utc>,
    pub period: RoundPeriod,
    pub rows: Vec<RoundRow>,
    pub last: bool,
    stream: u64,
}

/// The lists, the oldest first, with `people` who are on none before.
pub(super) fn lists(world: &World, population: &mut Population, people: usize) -> Vec<List> {
    let yesterday = korean_day(world.now) - Days::new(1);
    let mut known = Vec::new();
    let mut made = 0;
    (0..LISTS)
        .map(|nth| {
            let fresh = people * (nth as usize + 1) / LISTS as usize - made;
            made += fresh;
            list(world, population, &mut known, fresh, (nth, yesterday))
        })
        .collect()
}

fn list(
    world: &World,
    population: &mut Population,
    known: &mut Vec<Person>,
    fresh: usize,
    (nth, yesterday): (u32, NaiveDate),
) -> List {
    let stream = STREAM + u64::from(nth) * 100_000;
    let mut dice = Dice::new(world.seed, stream);
    let last = nth + 1 == LISTS;
    let month = yesterday - Months::new(2 * (LISTS - 1 - nth));
    let at = if last { diary::at(yesterday, 16, 40) } else { diary::at(diary::working(month), 10, dice.below(50)) };
    let number = i16::try_from((month.month() - 1) / 2 + 1).unwrap_or(1);
    let period = RoundPeriod { year: i16::try_from(month.year()).unwrap_or(2026), number };
    let newcomers: Vec<Person> = (0..fresh).filter_map(|_| population.person(&mut dice)).collect();
    let again = known.len().min(fresh * 18 / 100);
    let mut seen = BTreeSet::new();
    let mut people: Vec<Person> = Vec::new();
    for _ in 0..again {
        let place = dice.below(u32::try_from(known.len()).unwrap_or(0)) as usize;
        people.extend(known.get(place).filter(|_| seen.insert(place)).cloned());
    }
    let alike = if known.is_empty() { 0 } else { (fresh / 40).max(1) };
    people.extend((0..alike).filter_map(|_| look_alike(&mut dice, population, known)));
    people.extend(newcomers.iter().cloned());
    dice.shuffle(&mut people);
    known.extend(newcomers);
    let twice: Vec<Person> = people.iter().take(fresh / 60 + 1).cloned().collect();
    let rows = (2..).zip(people.into_iter().chain(twice)).map(|(row, person)| row_of(&mut dice, row, period, person)).collect();
    List { id: dice.id(RoundId::at, at), at, period, rows, last, stream }
}

/// Somebody with the name and the birth year of a known person, elsewhere: the same one who moved, or another.
fn look_alike(dice: &mut Dice, population: &mut Population, known: &[Person]) -> Option<Person> {
    let original = dice.one(known)?;
    let mut other = population.person(dice)?;
    while other.profile.dong == original.profile.dong {
        other = population.person(dice)?;
    }
    other.profile.name.clone_from(&original.profile.name);
    other.profile.birth_year = original.profile.birth_year;
    other.profile.sex = original.profile.sex;
    Some(other)
}

fn row_of(dice: &mut Dice, row: u32, period: RoundPeriod, person: Person) -> RoundRow {
    let count = dice.weighted(&[(48, 1), (30, 2), (15, 3), (7, 4)], 1);
    let indicators: BTreeSet<&str> = (0..count).map(|_| dice.weighted(&INDICATORS, "I05")).collect();
    let notes = ["3회 연속 발굴", "전입 확인 필요", "단전 예고 통지", "건강보험 자격 변동", "전월 대비 체납액 증가"];
    RoundRow {
        row,
        period,
        name: person.profile.name.unwrap_or_default(),
        birth_year: person.profile.birth_year.filter(|_| dice.chance(97)),
        sex: person.profile.sex,
        phone: person.profile.phone.filter(|_| dice.chance(92)),
        dong: person.profile.dong,
        address: person.profile.address,
        indicators: indicators.into_iter().map(str::to_owned).collect(),
        note: dice.chance(10).then(|| dice.word(&notes).to_owned()),
    }
}

/// Decides about the pairs of a list that look alike; most of them, of an older list. Returns the records that are no more,
/// each with the one it became part of.
pub(super) fn settle_links(world: &mut World, list: &List, mut pairs: Vec<LinkPair>) -> BTreeMap<NeighborId, NeighborId> {
    pairs.retain(|pair| pair.found_at >= list.at);
    pairs.sort_by(|a, b| key_of_pair(a).cmp(&key_of_pair(b)));
    let mut merged = BTreeMap::new();
    if list.last {
        return merged;
    }
    let (mut dice, head) = (Dice::new(world.seed, list.stream + 1), world.staff.head.clone());
    for pair in pairs {
        let at = list.at + TimeDelta::minutes(i64::from(dice.between(20, 60)));
        let (decided, same) = (dice.chance(85), dice.chance(45));
        if !decided || merged.contains_key(&pair.older.id) || merged.contains_key(&pair.newer.id) {
            continue;
        }
        world.add(at, &head, LinkCommand::Decide { id: pair.id, same });
        if same {
            merged.insert(pair.newer.id, pair.older.id);
        }
    }
    merged
}

fn key_of_pair(pair: &LinkPair) -> (Option<&str>, &str, DateTime<Utc>) {
    (pair.newer.profile.name.as_deref(), pair.newer.profile.dong.as_str(), pair.older.since)
}

/// Decides about the entries of a list, within a week or so, and lives through the cases that come of it.
pub(super) fn triage(world: &mut World, list: &List, mut entries: Vec<TriageEntry>, merged: &BTreeMap<NeighborId, NeighborId>) {
    // Where both records of one person were in the list, one entry is left.
    let listed: BTreeSet<NeighborId> = entries.iter().map(|entry| entry.neighbor).collect();
    entries.retain(|entry| merged.get(&entry.neighbor).is_none_or(|older| !listed.contains(older)));
    entries.sort_by(|a, b| (&a.name, a.birth_year, &a.dong.code).cmp(&(&b.name, b.birth_year, &b.dong.code)));
    for (nth, entry) in entries.iter().enumerate() {
        let mut dice = Dice::new(world.seed, list.stream + 10 + nth as u64);
        if !dice.chance(if list.last { 11 } else { 98 }) {
            continue;
        }
        let days = dice.weighted(&[(30, 0), (30, 1), (20, 2), (12, 4), (8, 7)], 1);
        let at = diary::later(&mut dice, list.at + TimeDelta::hours(1), days);
        let _decided: Option<()> = decide(world, dice, entry, at, merged.contains_key(&entry.neighbor));
    }
}

fn decide(world: &mut World, mut dice: Dice, entry: &TriageEntry, at: DateTime<Utc>, merged: bool) -> Option<()> {
    let team = world.staff.teams.iter().position(|team| team.dongs.iter().any(|dong| dong.as_str() == entry.dong.code))?;
    let manager = world.staff.teams.get(team)?.manager.clone();
    // The entry of a restricted neighbor waits for somebody who is named.
    if world.restricted.get(&entry.neighbor).is_some_and(|named| *named != manager.user) {
        return None;
    }
    let before = world.closed.get(&entry.neighbor).copied();
    let between = world.between.get(&entry.neighbor).is_some_and(|(closed, opened)| (*closed..=*opened).contains(&at));
    // Whose case is open, or closed by then and free of it.
    let (open, free) = match before {
        _ if between => (false, false),
        Some(None) => (entry.open_case.is_some(), false),
        Some(Some(closed)) => (entry.open_case.is_some() && closed > at, closed < at),
        None => (false, entry.open_case.is_none()),
    };
    let choice = dice.below(100);
    if merged || (!open && !free) {
        nothing(world, &mut dice, entry, at, &manager, Some(NoActionReason::AlreadyHelped));
    } else if open || choice < 57 {
        open_case(world, dice, entry, (at, team), &manager, open);
    } else if choice < 62 {
        let district = dice.word(&["강남구", "동작구", "관악구", "송파구", "용산구", "과천시"]).to_owned();
        world.add(at, &manager, RoundCommand::PassOn { entry: entry.id, district });
    } else {
        nothing(world, &mut dice, entry, at, &manager, None);
    }
    Some(())
}

fn nothing(
    world: &mut World,
    dice: &mut Dice,
    entry: &TriageEntry,
    at: DateTime<Utc>,
    who: &Actor,
    reason: Option<NoActionReason>,
) {
    let reasons = [
        (40, NoActionReason::NoNeed),
        (22, NoActionReason::AlreadyHelped),
        (18, NoActionReason::NotEligibleForCash),
        (10, NoActionReason::MovedAway),
        (3, NoActionReason::Died),
        (7, NoActionReason::WrongData),
    ];
    let reason = reason.unwrap_or_else(|| dice.weighted(&reasons, NoActionReason::NoNeed));
    world.add(at, who, RoundCommand::NoAction { entries: vec![entry.id], reason });
}

fn open_case(
    world: &mut World,
    mut dice: Dice,
    entry: &TriageEntry,
    (at, team): (DateTime<Utc>, usize),
    manager: &Actor,
    attach: bool,
) {
    let case = dice.id(CaseId::at, at);
    let urgency = match entry.indicators.len() {
        0 | 1 => Urgency::TwoWeeks,
        2 => dice.weighted(&[(70, Urgency::TwoWeeks), (30, Urgency::ThreeDays)], Urgency::TwoWeeks),
        _ => dice.weighted(&[(92, Urgency::ThreeDays), (8, Urgency::SameDay)], Urgency::ThreeDays),
    };
    let workers = world.staff.teams.get(team).map(|team| team.workers.clone()).unwrap_or_default();
    let worker = if dice.chance(35) { dice.one(&workers).cloned() } else { None };
    let command =
        RoundCommand::OpenCases { entries: vec![(entry.id, case)], urgency, worker: worker.as_ref().map(|worker| worker.user) };
    world.add(at, manager, command);
    if !attach {
        let restricted = dice.below(1_000) < 8;
        let opened = Opened { neighbor: entry.neighbor, case, team, at, urgency, worker, restricted, fate: Fate::Usual };
        live(world, dice, opened);
    }
}
