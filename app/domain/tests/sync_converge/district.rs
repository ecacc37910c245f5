//! An invented district with four workers of one team, and the first case that all of them know. Ids come from a counter and
//! chance from a word, so that a history is the same whenever it is run.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    attachment::{AttachmentKind, Content, Media},
    case::Urgency,
    catalogue::{LifeDomain, Sign},
    command::{AttachmentCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{AttachmentId, CaseId, HouseholdId, MemberId, NeighborId, OpId, TeamId, UserId, VisitId},
    profile::{Channel, HouseholdMember, NeighborProfile, Relation},
    settings::Settings,
    sync::{
        apply::{Writing, apply, begin, settle},
        replica::{Colleague, District, Dossier},
    },
    view::{
        Worker,
        neighbors::{BothNames, DongName, TeamName},
    },
    visit::{VisitKind, Window},
};
use std::sync::LazyLock;
use uuid::Uuid;

/// Most workers, and most tablets.
pub const MOST: usize = 4;
/// The first two are served by one team, the third by another.
pub const DONGS: [&str; 3] = ["1165051000", "1165052000", "1165053000"];
pub const SIGNS: [&str; 2] = ["S01", "S02"];

/// Chance, from one word.
pub struct Words(pub u64);

impl Words {
    /// The splitmix64 generator of Steele, Lea and Flood, OOPSLA 2014.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.below(all.len())) }
    }

    /// A span from `least` to `most` minutes.
    pub fn minutes(&mut self, least: i64, most: i64) -> TimeDelta {
        TimeDelta::minutes(least + i64::try_from(self.below(usize::try_from(most - least + 1).unwrap())).unwrap())
    }
}

/// Ids in no order that tells anything, each once. The last byte is free: what a command adds and the visits of a series are told
/// apart by it.
#[derive(Default)]
pub struct Ids(u64);

impl Ids {
    pub fn next<T: From<Uuid>>(&mut self) -> T {
        self.0 += 1;
        let (high, low) = (Words(self.0).next(), self.0 << 8);
        T::from(Uuid::from_u128(u128::from(high) << 64 | u128::from(low)))
    }
}

/// When all histories begin.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_395_600, 0).unwrap()
}

fn fixed<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number << 8))
}

pub fn worker(holder: usize) -> Worker {
    Worker { id: fixed::<UserId>(1 + holder as u128), name: format!("가상{holder}") }
}

fn both(name: &str) -> BothNames {
    BothNames { ko: name.to_owned(), en: name.to_owned() }
}

fn district(holder: usize) -> District {
    let team = |number: usize| fixed::<TeamId>(16 + number as u128);
    let dong = |(number, code): (usize, &&str)| DongName {
        code: code.parse().unwrap(),
        name: both(&format!("가상{number}동")),
        team: Some(team(number / 2)),
    };
    let sign = |code: &&str| Sign {
        code: (*code).to_owned(),
        version: 1,
        name_ko: "우편물이 쌓임".to_owned(),
        name_en: "Mail piles up".to_owned(),
        observers: String::new(),
        domain: LifeDomain::Safety,
        urgency: Urgency::ThreeDays,
        active: true,
    };
    let colleague = |holder| Colleague { worker: worker(holder), teams: vec![team(0)], everywhere: false };
    District {
        name_ko: "가상구".to_owned(),
        name_en: "Gasang".to_owned(),
        me: worker(holder),
        settings: Settings::default(),
        dongs: DONGS.iter().enumerate().map(dong).collect(),
        teams: (0..2).map(|number| TeamName { id: team(number), name: both(&format!("{number}팀")) }).collect(),
        signs: SIGNS.iter().map(sign).collect(),
        workers: (0..MOST).map(colleague).collect(),
    }
}

/// The district as each worker's tablet has it.
pub static DISTRICTS: LazyLock<Vec<District>> = LazyLock::new(|| (0..MOST).map(district).collect());

pub fn member(id: MemberId) -> HouseholdMember {
    HouseholdMember {
        id,
        name: Some("가상 가족".to_owned()),
        relation: Relation::Child,
        birth_year: None,
        is_carer: false,
        needs_care: false,
        neighbor: None,
    }
}

pub fn registration(ids: &mut Ids, members: Vec<HouseholdMember>) -> Command {
    let mut profile = NeighborProfile::in_dong(DONGS[0].parse().unwrap());
    profile.name = Some("김가상".to_owned());
    NeighborCommand::Register {
        id: ids.next::<NeighborId>(),
        household: ids.next::<HouseholdId>(),
        profile: Box::new(profile),
        members,
        signs: vec![SIGNS[0].to_owned()],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: Some((ids.next::<CaseId>(), Urgency::ThreeDays)),
    }
    .into()
}

pub fn photo(id: AttachmentId, case: CaseId) -> Command {
    let content = Content { media: Media::Jpeg, bytes: 300_000, digest: "0".repeat(64).try_into().unwrap() };
    AttachmentCommand::Add { id, case, visit: None, kind: AttachmentKind::Photo, content, caption: None }.into()
}

pub fn plan(id: VisitId, case: CaseId, start: DateTime<Utc>) -> VisitCommand {
    VisitCommand::Schedule {
        id,
        series: None,
        case,
        kind: VisitKind::Home,
        window: Window { start, end: start + TimeDelta::hours(1) },
        worker: worker(0).id,
        second_worker: None,
        two_person: false,
        purpose: None,
        recurrence: None,
    }
}

fn first_case() -> Dossier {
    let mut ids = Ids(1 << 40);
    let members = vec![member(ids.next::<MemberId>()), member(ids.next::<MemberId>())];
    let district = &DISTRICTS[0];
    let mut writing = Writing { district, at: start() - TimeDelta::days(3), op: ids.next::<OpId>() };
    let mut dossier = begin(&writing, &registration(&mut ids, members)).unwrap().unwrap();
    let case = dossier.case.card.id;
    let plans = [1, 2, 3].map(|day| plan(ids.next(), case, start() + TimeDelta::days(day)).into());
    let photos = [photo(ids.next(), case), photo(ids.next(), case)];
    for command in plans.into_iter().chain(photos) {
        writing.op = ids.next::<OpId>();
        let envelope = Envelope { op_id: writing.op, base_rev: None, made_at: writing.at, command };
        apply(&writing, &mut dossier, &envelope).unwrap();
    }
    settle(&mut dossier, district, start());
    dossier
}

/// A case with two members of the household, three plans and two photos.
pub static FIRST_CASE: LazyLock<Dossier> = LazyLock::new(first_case);
