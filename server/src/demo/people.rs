//! Invented neighbors: who they are, and how the district comes to know of them.

use super::{dice::Dice, names};
use chrono::NaiveDate;
use domain::{
    ids::MemberId,
    profile::{AgeBand, Channel, ContactConsent, HouseholdMember, Language, LivingPlace, NeighborProfile, Relation, Sex},
    text::{BirthYear, DongCode},
};
use std::collections::HashSet;
use store::tenants::NewDong;

/// The lists that the demo loads: six a year for eighteen months.
pub const ROUNDS: usize = 9;

/// How the district comes to know of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// On the list of this number, 0–8.
    Round(usize),
    /// Somebody told, on this day of the 540 before today.
    Told(u32, Channel),
}

/// An invented neighbor.
#[derive(Clone, Debug)]
pub struct Person {
    /// Number; the stream of the person's dice.
    pub number: u32,
    /// Where the person lives, as a place in the list of dongs.
    pub dong: usize,
    /// What the district knows.
    pub profile: NeighborProfile,
    /// How it comes to know.
    pub arrival: Arrival,
    /// Later lists on which the person stands again.
    pub again: Vec<usize>,
    /// Signals of the first list.
    pub indicators: Vec<String>,
}

const INDICATORS: [(&str, u32); 24] = [
    ("I05", 22),
    ("I14", 16),
    ("I11", 14),
    ("I09", 12),
    ("I13", 10),
    ("I10", 9),
    ("I25", 9),
    ("I06", 8),
    ("I24", 8),
    ("I15", 6),
    ("I22", 6),
    ("I18", 5),
    ("I21", 4),
    ("I26", 4),
    ("I27", 4),
    ("I07", 4),
    ("I12", 4),
    ("I23", 3),
    ("I20", 2),
    ("I01", 2),
    ("I16", 2),
    ("I19", 2),
    ("I08", 1),
    ("I17", 1),
];
const PLACES: [(LivingPlace, u32); 9] = [
    (LivingPlace::Apartment, 24),
    (LivingPlace::MultiFamily, 34),
    (LivingPlace::SemiBasement, 14),
    (LivingPlace::House, 9),
    (LivingPlace::Gosiwon, 7),
    (LivingPlace::Rooftop, 4),
    (LivingPlace::Lodging, 2),
    (LivingPlace::Street, 1),
    (LivingPlace::Unknown, 5),
];
const CHANNELS: [(Channel, u32); 7] = [
    (Channel::Resident, 22),
    (Channel::HonoraryOfficer, 24),
    (Channel::DirectLine, 12),
    (Channel::Event, 12),
    (Channel::Partner, 14),
    (Channel::SelfOrFamily, 10),
    (Channel::Worker, 6),
];
const LANGUAGES: [Language; 5] =
    [Language::Chinese, Language::Vietnamese, Language::English, Language::KoreanSign, Language::Russian];

/// One of several with weights.
fn weighted<T: Copy>(dice: &mut Dice, from: &[(T, u32)]) -> Option<T> {
    let weights: Vec<u32> = from.iter().map(|(_, weight)| *weight).collect();
    from.get(dice.weighted(&weights)).map(|(value, _)| *value)
}

/// Indicator codes, sorted, without repeats.
pub fn signals(dice: &mut Dice) -> Vec<String> {
    let wanted = [1, 1, 1, 2, 2, 2, 3, 3, 4][dice.between(0, 8) as usize % 9];
    let mut codes: Vec<String> = (0..wanted).filter_map(|_| weighted(dice, &INDICATORS)).map(str::to_owned).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The people of a district. No two share name and birth year.
pub fn invent(count: u32, seed: u64, dongs: &[NewDong], today: NaiveDate) -> Vec<Person> {
    let mut taken = HashSet::new();
    let weights: Vec<u32> = dongs.iter().map(|dong| u32::try_from(dong.electors).unwrap_or(0) + 3_000).collect();
    (0..count)
        .map(|number| {
            let mut dice = Dice::new(seed, u64::from(number) * 2);
            let dong = dice.weighted(&weights);
            loop {
                let person = one(&mut dice, number, dong, dongs, today);
                let who = (person.profile.name.clone(), person.profile.birth_year);
                if person.profile.name.is_none() || taken.insert(who) {
                    break person;
                }
            }
        })
        .collect()
}

fn one(dice: &mut Dice, number: u32, dong: usize, dongs: &[NewDong], today: NaiveDate) -> Person {
    use chrono::Datelike;
    let sex = if dice.chance(52) { Sex::Female } else { Sex::Male };
    let age = match dice.weighted(&[6, 14, 22, 30, 28]) {
        0 => dice.between(19, 29),
        1 => dice.between(30, 44),
        2 => dice.between(45, 59),
        3 => dice.between(60, 74),
        _ => dice.between(75, 93),
    };
    let born = i16::try_from(today.year()).unwrap_or(2026) - i16::try_from(age).unwrap_or(60);
    let arrival = if dice.chance(18) {
        Arrival::Told(dice.between(2, 540), weighted(dice, &CHANNELS).unwrap_or(Channel::Resident))
    } else {
        Arrival::Round(dice.between(0, 8) as usize)
    };
    let code = dongs.get(dong).map(|dong| dong.code.clone());
    let mut profile = code.map_or_else(|| NeighborProfile::in_dong(fallback()), NeighborProfile::in_dong);
    profile.name = Some(names::name(dice, sex, born));
    profile.birth_year = BirthYear::try_from(born).ok();
    profile.sex = sex;
    home(dice, &mut profile);
    match arrival {
        Arrival::Round(_) => profile = listed(profile),
        Arrival::Told(..) => told(dice, &mut profile),
    }
    let again = match arrival {
        Arrival::Round(first) => (first + 1..ROUNDS).filter(|_| dice.chance(7)).collect(),
        Arrival::Told(..) => Vec::new(),
    };
    Person { number, dong, profile, arrival, again, indicators: signals(dice) }
}

fn fallback() -> DongCode {
    // Never used: the seed file has dongs.
    #[expect(clippy::expect_used, reason = "a constant of ten digits is a dong code")]
    "1165051000".parse().expect("ten digits")
}

fn home(dice: &mut Dice, profile: &mut NeighborProfile) {
    profile.living_place = weighted(dice, &PLACES).unwrap_or(LivingPlace::Unknown);
    if matches!(profile.living_place, LivingPlace::Street | LivingPlace::Lodging) {
        profile.no_fixed_address = true;
    } else {
        let detail = names::detail(dice, profile.living_place);
        profile.address = Some(names::address(dice, profile.dong.as_str(), &detail));
    }
    if dice.chance(90) {
        profile.phone = names::phone(dice);
    }
}

/// A list knows less than a worker who was there.
fn listed(profile: NeighborProfile) -> NeighborProfile {
    NeighborProfile { living_place: LivingPlace::Unknown, no_fixed_address: false, ..profile }
}

fn told(dice: &mut Dice, profile: &mut NeighborProfile) {
    profile.contact_consent = if dice.chance(60) { ContactConsent::Given } else { ContactConsent::NotAsked };
    if dice.chance(6) {
        profile.language = dice.pick_of(&LANGUAGES).unwrap_or(Language::Korean);
    }
    if dice.chance(30) {
        profile.health_note = Some(super::phrases::health(dice));
    }
    // Somebody saw a person in need and did not know who it is.
    if dice.chance(9) {
        profile.name = None;
        profile.birth_year = None;
        profile.age_band = dice.pick_of(&[AgeBand::Middle, AgeBand::Older, AgeBand::Senior]);
        profile.phone = None;
    }
}

/// Who else lives there.
pub fn household(dice: &mut Dice, at: chrono::DateTime<chrono::Utc>, born: Option<BirthYear>) -> Vec<HouseholdMember> {
    let relations: &[Relation] = match dice.weighted(&[58, 16, 12, 8, 6]) {
        0 => &[],
        1 => &[Relation::Spouse],
        2 => &[Relation::Child],
        3 => &[Relation::Spouse, Relation::Child],
        _ => &[Relation::Parent],
    };
    let born = born.map_or(1960, BirthYear::get);
    relations
        .iter()
        .map(|relation| {
            let year = match relation {
                Relation::Child => born + 28,
                Relation::Parent => born - 27,
                _ => born + 2,
            };
            let sex = if dice.chance(50) { Sex::Male } else { Sex::Female };
            let year = year.min(2024);
            HouseholdMember {
                id: MemberId::at(at, &dice.bytes()),
                name: Some(names::name(dice, sex, year)),
                relation: *relation,
                birth_year: BirthYear::try_from(year).ok(),
                is_carer: *relation == Relation::Spouse && dice.chance(35),
                needs_care: *relation == Relation::Parent || dice.chance(15),
                neighbor: None,
            }
        })
        .collect()
}
