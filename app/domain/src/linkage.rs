//! Are two records one person? Weighs the evidence as Fellegi and Sunter do (A Theory for Record Linkage, JASA 1969):
//! each field that both records know adds log2(m/u), where m is how often the outcome occurs for one person and u for
//! two different people. An unknown field says nothing. A person decides; the score only puts candidates in order.

use crate::{
    profile::{NeighborProfile, Sex, coded},
    round::RoundRow,
    search::jamo,
    text::{BirthYear, DongCode, PhoneNumber},
};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// From this probability on two records are likely one person.
pub const LIKELY: f64 = 0.80;
/// From this probability on a person should look.
pub const POSSIBLE: f64 = 0.15;
/// log2 of the odds that two records taken at random are one person: about one in four thousand, the number of
/// neighbors that a district office knows.
const PRIOR: f64 = -12.0;
/// From this share of equal jamo on two names are close (one keystroke in a name of three syllables).
const CLOSE_NAME: f64 = 0.85;
/// From this share of equal characters on two addresses with the same numbers are the same place.
const CLOSE_ADDRESS: f64 = 0.75;

/// What identifies a person, in the spelling in which it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name as jamo.
    pub name: Option<String>,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Sex, when known.
    pub sex: Option<Sex>,
    /// Phone.
    pub phone: Option<PhoneNumber>,
    /// Dong.
    pub dong: Option<DongCode>,
    /// Address without blanks, city and district.
    pub address: Option<String>,
}

impl From<&NeighborProfile> for Identity {
    fn from(profile: &NeighborProfile) -> Self {
        Self {
            name: profile.name.as_deref().and_then(spelling),
            birth_year: profile.birth_year,
            sex: Some(profile.sex).filter(|sex| *sex != Sex::Unknown),
            phone: profile.phone.clone(),
            dong: Some(profile.dong.clone()),
            address: profile.address.as_deref().and_then(place),
        }
    }
}

impl From<&RoundRow> for Identity {
    fn from(row: &RoundRow) -> Self {
        Self {
            name: spelling(&row.name),
            birth_year: row.birth_year,
            sex: Some(row.sex).filter(|sex| *sex != Sex::Unknown),
            phone: row.phone.clone(),
            dong: Some(row.dong.clone()),
            address: row.address.as_deref().and_then(place),
        }
    }
}

coded! {
    /// A field that was compared.
    LinkField { /// 성명
        Name = "name", /// 출생연도
        BirthYear = "birth_year", /// 성별
        Sex = "sex", /// 연락처
        Phone = "phone", /// 행정동
        Dong = "dong", /// 주소
        Address = "address", }
}

coded! {
    /// How a field compares.
    Agreement { /// The same.
        Same = "same", /// Nearly the same: a slip of the pen, the year beside.
        Close = "close", /// Different.
        Differs = "differs", }
}

coded! {
    /// What a score means for the worker.
    LinkLevel { /// 같은 사람일 가능성이 높음
        Likely = "likely", /// 같은 사람일 수 있음
        Possible = "possible", /// 다른 사람
        Unlikely = "unlikely", }
}

/// What one field adds to the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkReason {
    /// Which field.
    pub field: LinkField,
    /// How it compares.
    pub agreement: Agreement,
    /// What it adds, in bits (log2 of m/u); negative speaks against.
    pub weight: f64,
}

/// How much speaks for two records being one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkScore {
    /// Sum of the reasons, in bits (log2).
    pub weight: f64,
    /// Probability that they are one person, 0–1, with the prior of one in about four thousand.
    pub probability: f64,
    /// The fields that both records know, in the order of [`LinkField::ALL`].
    pub reasons: Vec<LinkReason>,
}

impl LinkScore {
    /// What the score means.
    #[must_use]
    pub fn level(&self) -> LinkLevel {
        if self.probability >= LIKELY {
            LinkLevel::Likely
        } else if self.probability >= POSSIBLE {
            LinkLevel::Possible
        } else {
            LinkLevel::Unlikely
        }
    }
}

/// m and u of one outcome. The shares are set by judgement, to be estimated from decided pairs once there are enough:
/// of one person, how often lists agree; of two people, how common the value is. Phone and address of two people agree
/// far more often than by chance, because families share them.
const fn shares(field: LinkField, agreement: Agreement) -> (f64, f64) {
    use Agreement::{Close, Differs, Same};
    match (field, agreement) {
        (LinkField::Name, Same) => (0.92, 0.002),
        (LinkField::Name, Close) => (0.07, 0.010),
        (LinkField::Name, Differs) => (0.01, 0.988),
        (LinkField::BirthYear, Same) => (0.94, 0.015),
        (LinkField::BirthYear, Close) => (0.05, 0.030),
        (LinkField::BirthYear, Differs) => (0.01, 0.955),
        (LinkField::Sex, Same) => (0.98, 0.500),
        (LinkField::Sex, Close | Differs) => (0.02, 0.500),
        (LinkField::Phone, Same) => (0.70, 0.003),
        (LinkField::Phone, Close | Differs) => (0.30, 0.997),
        (LinkField::Dong, Same) => (0.80, 0.070),
        (LinkField::Dong, Close | Differs) => (0.20, 0.930),
        (LinkField::Address, Same) => (0.60, 0.003),
        (LinkField::Address, Close) => (0.10, 0.002),
        (LinkField::Address, Differs) => (0.30, 0.995),
    }
}

/// Compares two records; the order of the two does not matter.
#[must_use]
pub fn score(a: &Identity, b: &Identity) -> LinkScore {
    let compared = [
        (LinkField::Name, both(&a.name, &b.name, |a, b| compare_names(a, b))),
        (LinkField::BirthYear, both(&a.birth_year, &b.birth_year, compare_years)),
        (LinkField::Sex, both(&a.sex, &b.sex, same_or_not)),
        (LinkField::Phone, both(&a.phone, &b.phone, same_or_not)),
        (LinkField::Dong, both(&a.dong, &b.dong, same_or_not)),
        (LinkField::Address, both(&a.address, &b.address, |a, b| compare_places(a, b))),
    ];
    let reasons: Vec<LinkReason> = compared
        .into_iter()
        .filter_map(|(field, agreement)| {
            let agreement = agreement?;
            let (m, u) = shares(field, agreement);
            Some(LinkReason { field, agreement, weight: (m / u).log2() })
        })
        .collect();
    let weight: f64 = reasons.iter().map(|reason| reason.weight).sum();
    LinkScore { weight, probability: 1.0 / (1.0 + (-(weight + PRIOR)).exp2()), reasons }
}

coded! {
    /// Whether a row of a discovery list names a known neighbor.
    RowMatch { /// The same person: signals are added.
        Same = "same", /// Likely the same: a person confirms.
        Likely = "likely", /// Somebody else.
        No = "no", }
}

/// The rule of the import: same name and birth year and one of phone or dong is the same person; same name and birth
/// year alone is likely. Where a birth year is unknown, same name and phone is likely.
#[must_use]
pub fn round_match(row: &Identity, known: &Identity) -> RowMatch {
    if row.name.is_none() || row.name != known.name {
        return RowMatch::No;
    }
    let phone = row.phone.is_some() && row.phone == known.phone;
    let dong = row.dong.is_some() && row.dong == known.dong;
    match (row.birth_year, known.birth_year) {
        (Some(row), Some(known)) if row != known => RowMatch::No,
        (Some(_), Some(_)) if phone || dong => RowMatch::Same,
        (Some(_), Some(_)) => RowMatch::Likely,
        _ if phone => RowMatch::Likely,
        _ => RowMatch::No,
    }
}

fn both<T>(a: &Option<T>, b: &Option<T>, compare: impl Fn(&T, &T) -> Agreement) -> Option<Agreement> {
    a.as_ref().zip(b.as_ref()).map(|(a, b)| compare(a, b))
}

fn same_or_not<T: PartialEq>(a: &T, b: &T) -> Agreement {
    if a == b { Agreement::Same } else { Agreement::Differs }
}

fn compare_names(a: &str, b: &str) -> Agreement {
    if a == b {
        Agreement::Same
    } else if strsim::normalized_damerau_levenshtein(a, b) >= CLOSE_NAME {
        Agreement::Close
    } else {
        Agreement::Differs
    }
}

fn compare_years(a: &BirthYear, b: &BirthYear) -> Agreement {
    match a.get().abs_diff(b.get()) {
        0 => Agreement::Same,
        1 => Agreement::Close,
        _ => Agreement::Differs,
    }
}

/// House numbers decide: 서초대로 1 and 서초대로 11 are two places, however alike they look.
fn compare_places(a: &str, b: &str) -> Agreement {
    if a == b {
        Agreement::Same
    } else if numbers(a) == numbers(b) && strsim::normalized_damerau_levenshtein(a, b) >= CLOSE_ADDRESS {
        Agreement::Close
    } else {
        Agreement::Differs
    }
}

fn numbers(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect()
}

fn spelling(name: &str) -> Option<String> {
    Some(jamo(name)).filter(|name| !name.is_empty())
}

fn place(address: &str) -> Option<String> {
    let kept = |word: &&str| !matches!(*word, "서울특별시" | "서울시" | "서울" | "서초구");
    let address: String = address.nfkc().collect();
    let words: String = address.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '.')).filter(kept).collect();
    Some(words.to_lowercase()).filter(|words| !words.is_empty())
}

#[cfg(test)]
#[path = "linkage_tests.rs"]
mod tests;
