//! Invented names and addresses. Surnames are as frequent as in Korea; given names are two syllables that go together by
//! chance, so a real person of that name is one of very many.

use super::dice::Dice;
use domain::{profile::Sex, text::PhoneNumber};

const SURNAMES: [(&str, u32); 24] = [
    ("김", 215),
    ("이", 147),
    ("박", 84),
    ("최", 47),
    ("정", 43),
    ("강", 24),
    ("조", 21),
    ("윤", 21),
    ("장", 20),
    ("임", 17),
    ("한", 15),
    ("오", 15),
    ("서", 15),
    ("신", 15),
    ("권", 14),
    ("황", 14),
    ("안", 14),
    ("송", 14),
    ("류", 13),
    ("홍", 11),
    ("전", 11),
    ("고", 9),
    ("문", 9),
    ("배", 8),
];

/// First and second syllables of given names, for those born before 1965 and after.
const OLDER_WOMEN: (&[&str], &[&str]) = (
    &["영", "순", "정", "옥", "명", "춘", "말", "복", "경", "금", "미", "혜"],
    &["자", "숙", "순", "희", "옥", "례", "임", "분", "애", "란"],
);
const OLDER_MEN: (&[&str], &[&str]) = (
    &["영", "성", "종", "상", "병", "광", "재", "기", "만", "동", "창", "용"],
    &["수", "호", "철", "식", "길", "환", "섭", "만", "진", "규"],
);
const YOUNGER_WOMEN: (&[&str], &[&str]) = (
    &["지", "수", "서", "은", "예", "민", "하", "유", "소", "다", "가", "채"],
    &["연", "은", "윤", "영", "진", "아", "현", "빈", "인", "정"],
);
const YOUNGER_MEN: (&[&str], &[&str]) = (
    &["지", "민", "준", "현", "도", "태", "승", "우", "시", "건", "성", "재"],
    &["호", "훈", "혁", "우", "석", "원", "환", "영", "범", "율"],
);

const STREETS: [(&str, &[&str]); 18] = [
    ("1165051000", &["서초대로65길", "효령로55길"]),
    ("1165052000", &["서운로", "강남대로37길"]),
    ("1165053000", &["반포대로9길", "명달로"]),
    ("1165053100", &["사평대로53길", "서초대로74길"]),
    ("1165054000", &["잠원로", "강남대로101안길"]),
    ("1165055000", &["동작대로", "현충로"]),
    ("1165056000", &["사평대로45길", "고무래로"]),
    ("1165057000", &["신반포로15길", "반포대로"]),
    ("1165058000", &["신반포로33길", "잠원로3길"]),
    ("1165058100", &["사평대로20길", "서래로"]),
    ("1165059000", &["동광로27길", "서래로6길"]),
    ("1165060000", &["방배로6길", "효령로29길"]),
    ("1165061000", &["청두곶길", "남부순환로267길"]),
    ("1165062000", &["효령로31길", "명달로4길"]),
    ("1165062100", &["방배로28길", "동광로12길"]),
    ("1165065100", &["바우뫼로", "강남대로30길"]),
    ("1165065200", &["마방로2길", "양재대로12길"]),
    ("1165066000", &["헌릉로8길", "청계산로"]),
];

/// A name for somebody of that sex and birth year.
pub fn name(dice: &mut Dice, sex: Sex, birth_year: i16) -> String {
    let (first, second) = match (sex, birth_year < 1965) {
        (Sex::Male, true) => OLDER_MEN,
        (Sex::Male, false) => YOUNGER_MEN,
        (_, true) => OLDER_WOMEN,
        (_, false) => YOUNGER_WOMEN,
    };
    let weights = SURNAMES.map(|(_, weight)| weight);
    let surname = SURNAMES.get(dice.weighted(&weights)).map_or("김", |(surname, _)| surname);
    let (mut one, two) = (dice.pick(first), dice.pick(second));
    while one == two {
        one = dice.pick(first);
    }
    format!("{surname}{one}{two}")
}

/// A mobile number that no network gives out: 010-0….
pub fn phone(dice: &mut Dice) -> Option<PhoneNumber> {
    let text = format!("010-0{:03}-{:04}", dice.between(0, 999), dice.between(0, 9_999));
    PhoneNumber::parse(&text).ok()
}

/// An address in a dong.
pub fn address(dice: &mut Dice, dong: &str, detail: &str) -> String {
    let streets = STREETS.iter().find(|(code, _)| *code == dong).map_or(&[] as &[&str], |(_, streets)| streets);
    let street = dice.pick(streets);
    let number = dice.between(3, 98);
    format!("서울특별시 서초구 {street} {number}{detail}")
}

/// What follows the house number, by the kind of living place.
pub fn detail(dice: &mut Dice, place: domain::profile::LivingPlace) -> String {
    use domain::profile::LivingPlace as P;
    match place {
        P::SemiBasement => format!(", 지하 {}호", dice.between(1, 4)),
        P::Rooftop => ", 옥탑".to_owned(),
        P::Gosiwon => format!(", {}층 {}호(고시원)", dice.between(2, 4), dice.between(1, 30)),
        P::House => String::new(),
        P::Apartment => format!(", {}동 {}호", dice.between(101, 112), dice.between(1, 15) * 100 + dice.between(1, 6)),
        _ => format!(", {}0{}호", dice.between(1, 4), dice.between(1, 4)),
    }
}
