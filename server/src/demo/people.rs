//! Invented people: who they are, where they live, with whom. Phones are from numbers that no carrier gives out, and
//! house numbers lie beyond the ends of their streets.

use super::{names, random::Dice};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::{
    ids::MemberId,
    profile::{AgeBand, ContactConsent, HouseholdMember, Language, LivingPlace, NeighborProfile, Relation, Sex},
    text::{BirthYear, DongCode, PhoneNumber},
};
use store::tenants::NewDong;

/// A dong with what places in it are called.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub code: DongCode,
    weight: u32,
    streets: &'static [&'static str],
    flats: u32,
}

/// Streets by the beginning of a dong's name, and how many of a hundred live in apartments.
const STREETS: [(&str, &[&str], u32); 6] = [
    ("서초", &["서초대로", "반포대로", "효령로", "사임당로", "서운로"], 30),
    ("잠원", &["잠원로", "나루터로", "신반포로"], 55),
    ("반포", &["신반포로", "사평대로", "고무래로", "서래로", "방배로"], 50),
    ("방배", &["방배로", "동광로", "방배천로", "청두곶길", "효령로"], 18),
    ("양재", &["양재대로", "바우뫼로", "마방로", "논현로"], 22),
    ("내곡", &["헌릉로", "내곡로", "청계산로", "염통골길"], 20),
];

/// The places of the district.
pub(super) fn places(dongs: &[NewDong]) -> Vec<Place> {
    let place = |dong: &NewDong| {
        let (_, streets, flats) = STREETS.iter().find(|(start, _, _)| dong.name_ko.starts_with(start))?;
        Some(Place { code: dong.code.clone(), weight: u32::try_from(dong.electors).unwrap_or(0), streets, flats: *flats })
    };
    dongs.iter().filter_map(place).collect()
}

/// Somebody.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub profile: NeighborProfile,
    pub age: i32,
    pub alone: bool,
}

const HEALTH: &[&str] = &[
    "혈압약과 당뇨약을 드십니다.",
    "무릎이 아파 계단을 오르내리기 어렵습니다.",
    "청력이 약해 크게 말씀드려야 합니다.",
    "우울감이 있어 보건소 상담을 받고 있습니다.",
    "뇌졸중 후유증으로 왼쪽이 불편합니다.",
    "시력이 나빠 서류를 읽어 드려야 합니다.",
    "허리 수술을 받고 회복 중입니다.",
    "치매 검진을 권해 드렸습니다.",
];

/// Makes people.
#[derive(Debug)]
pub(super) struct Population {
    places: Vec<Place>,
    today: NaiveDate,
    phones: u32,
}

impl Population {
    pub(super) fn new(dongs: &[NewDong], today: NaiveDate) -> Self {
        Self { places: places(dongs), today, phones: 0 }
    }

    /// Somebody new; `None` only in a district without dongs.
    pub(super) fn person(&mut self, dice: &mut Dice) -> Option<Person> {
        let weights: Vec<(u32, usize)> = self.places.iter().enumerate().map(|(at, place)| (place.weight, at)).collect();
        let place = self.places.get(dice.weighted(&weights, 0))?.clone();
        let age = age(dice);
        let born = i16::try_from(self.today.year() - age).unwrap_or(1960);
        let sex = dice.weighted(&[(52, Sex::Female), (48, Sex::Male)], Sex::Female);
        let language = language(dice, age);
        let name = if language == Language::Korean || language == Language::KoreanSign {
            names::korean(dice, sex, born)
        } else {
            names::foreign(dice)
        };
        let living_place = living_place(dice, place.flats);
        let no_fixed_address = matches!(living_place, LivingPlace::Street | LivingPlace::Vehicle);
        let profile = NeighborProfile {
            name: Some(name),
            birth_year: BirthYear::try_from(born).ok(),
            sex,
            address: (!no_fixed_address).then(|| address(dice, &place, living_place)),
            no_fixed_address,
            phone: if dice.chance(88) { self.phone() } else { None },
            language,
            living_place,
            contact_consent: dice.weighted(
                &[(55, ContactConsent::Given), (41, ContactConsent::NotAsked), (4, ContactConsent::Refused)],
                ContactConsent::NotAsked,
            ),
            health_note: dice.chance(if age > 60 { 45 } else { 18 }).then(|| dice.word(HEALTH).to_owned()),
            ..NeighborProfile::in_dong(place.code)
        };
        let single_room = matches!(living_place, LivingPlace::Gosiwon | LivingPlace::Lodging) || no_fixed_address;
        Some(Person { profile, age, alone: single_room || dice.chance(52) })
    }

    /// The next phone that nobody has: 010-0000-xxxx, then 010-0001-xxxx… In Korea no number begins 010-0 or 010-1.
    fn phone(&mut self) -> Option<PhoneNumber> {
        self.phones += 1;
        // 7,919 is prime: neighbors of the list do not have neighboring numbers.
        let (block, line) = ((self.phones - 1) / 10_000, (self.phones * 7_919) % 10_000);
        PhoneNumber::parse(&format!("010-0{:03}-{line:04}", block % 1_000)).ok()
    }
}

/// What is seen of somebody who gave neither name nor year.
pub(super) fn unnamed(mut person: Person) -> Person {
    person.profile.name = None;
    person.profile.birth_year = None;
    person.profile.phone = None;
    person.profile.health_note = None;
    person.profile.age_band = Some(match person.age {
        ..19 => AgeBand::Child,
        19..35 => AgeBand::Young,
        35..50 => AgeBand::Middle,
        50..65 => AgeBand::Older,
        65..80 => AgeBand::Senior,
        _ => AgeBand::VeryOld,
    });
    person
}

fn age(dice: &mut Dice) -> i32 {
    let (low, high) = dice.weighted(&[(9, (20, 34)), (21, (35, 49)), (32, (50, 64)), (27, (65, 79)), (11, (80, 94))], (50, 64));
    i32::try_from(dice.between(low, high)).unwrap_or(60)
}

fn language(dice: &mut Dice, age: i32) -> Language {
    if age > 60 {
        return dice.weighted(&[(985, Language::Korean), (8, Language::KoreanSign), (7, Language::Chinese)], Language::Korean);
    }
    let spoken = [
        (940, Language::Korean),
        (6, Language::KoreanSign),
        (16, Language::Chinese),
        (14, Language::Vietnamese),
        (9, Language::English),
        (5, Language::Russian),
        (4, Language::Thai),
        (4, Language::Japanese),
        (2, Language::Other),
    ];
    dice.weighted(&spoken, Language::Korean)
}

fn living_place(dice: &mut Dice, flats: u32) -> LivingPlace {
    let kinds = [
        (flats, LivingPlace::Apartment),
        (34, LivingPlace::MultiFamily),
        (9, LivingPlace::House),
        (17, LivingPlace::SemiBasement),
        (4, LivingPlace::Rooftop),
        (10, LivingPlace::Gosiwon),
        (2, LivingPlace::Lodging),
        (2, LivingPlace::Greenhouse),
        (1, LivingPlace::Vehicle),
        (1, LivingPlace::Street),
        (1, LivingPlace::Facility),
        (4, LivingPlace::Unknown),
    ];
    dice.weighted(&kinds, LivingPlace::MultiFamily)
}

fn address(dice: &mut Dice, place: &Place, kind: LivingPlace) -> String {
    let (street, number) = (dice.word(place.streets), dice.between(900, 998));
    let floor = dice.between(1, 4);
    let door = match kind {
        LivingPlace::Apartment => format!("{}동 {}{:02}호", dice.between(101, 118), dice.between(1, 15), dice.between(1, 6)),
        LivingPlace::SemiBasement => format!("지하 {}호", dice.between(1, 4)),
        LivingPlace::Rooftop => "옥탑방".to_owned(),
        LivingPlace::Gosiwon => format!("{floor}층 {floor}{:02}호", dice.between(1, 30)),
        LivingPlace::House | LivingPlace::Greenhouse | LivingPlace::Facility => return format!("{street} {number}"),
        _ => format!("{floor}0{}호", dice.between(1, 6)),
    };
    format!("{street} {number}, {door}")
}

/// Who else lives there.
pub(super) fn household(dice: &mut Dice, person: &Person, at: DateTime<Utc>) -> Vec<HouseholdMember> {
    if person.alone {
        return Vec::new();
    }
    let count = dice.weighted(&[(60, 1), (28, 2), (12, 3)], 1);
    (0..count).map(|nth| member(dice, person, nth, at)).collect()
}

fn member(dice: &mut Dice, person: &Person, nth: u32, at: DateTime<Utc>) -> HouseholdMember {
    let old = person.age >= 60;
    let relations: &[(u32, Relation)] = match (old, nth) {
        (true, 0) => &[
            (50, Relation::Spouse),
            (28, Relation::Child),
            (8, Relation::Grandchild),
            (6, Relation::Sibling),
            (3, Relation::Cohabitant),
        ],
        (true, _) => &[(60, Relation::Child), (40, Relation::Grandchild)],
        (false, 0) => &[(34, Relation::Spouse), (36, Relation::Parent), (24, Relation::Child), (6, Relation::Sibling)],
        (false, _) => &[(70, Relation::Child), (20, Relation::Parent), (5, Relation::Grandparent), (5, Relation::Relative)],
    };
    let relation = dice.weighted(relations, Relation::Other);
    let apart = i32::try_from(dice.between(22, 34)).unwrap_or(28);
    let age = match relation {
        Relation::Child | Relation::Grandchild => (person.age - apart).max(1),
        Relation::Parent | Relation::Grandparent => (person.age + apart).min(98),
        _ => (person.age + 3 - apart / 5).max(19),
    };
    let born = person.profile.birth_year.and_then(|year| i16::try_from(i32::from(year.get()) + person.age - age).ok());
    let sex = dice.weighted(&[(50, Sex::Female), (50, Sex::Male)], Sex::Female);
    let needs_care = age < 13 || dice.chance(if age > 74 { 55 } else { 8 });
    HouseholdMember {
        id: dice.id(MemberId::at, at),
        name: dice.chance(80).then(|| family_name(dice, person, relation, sex, born)),
        relation,
        birth_year: born.and_then(|year| BirthYear::try_from(year).ok()),
        is_carer: !needs_care && age > 18 && dice.chance(45),
        needs_care,
        neighbor: None,
    }
}

fn family_name(dice: &mut Dice, person: &Person, relation: Relation, sex: Sex, born: Option<i16>) -> String {
    let born = born.unwrap_or(1970);
    let own = person.profile.name.as_ref().and_then(|name| name.chars().next()).filter(|first| ('가'..='힣').contains(first));
    match (relation, own) {
        (Relation::Child | Relation::Sibling, Some(surname)) => format!("{surname}{}", names::given(dice, sex, born)),
        _ => names::korean(dice, sex, born),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::seed;
    use std::collections::BTreeSet;

    #[test]
    fn people_pass_the_checks_and_share_no_phone() {
        let dongs = seed::dongs().unwrap();
        let mut population = Population::new(&dongs, "2026-11-22".parse().unwrap());
        assert_eq!(population.places.len(), 18);
        let (mut dice, mut phones) = (Dice::new(3, 0), BTreeSet::new());
        for _ in 0..3_000 {
            let person = population.person(&mut dice).unwrap();
            assert!(person.profile.clone().checked().is_ok());
            let members = household(&mut dice, &person, DateTime::UNIX_EPOCH);
            assert_eq!(members.is_empty(), person.alone);
            assert!(members.iter().all(|member| member.birth_year.is_none_or(|year| year.plausible(2026))));
            if let Some(phone) = person.profile.phone.clone() {
                assert!(phone.digits().starts_with("0100"));
                assert!(phones.insert(phone), "a phone twice");
            }
        }
    }
}
