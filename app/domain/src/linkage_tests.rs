use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn person(name: &str, year: i16, phone: &str, dong: &str, address: &str) -> Identity {
    Identity {
        name: spelling(name),
        birth_year: BirthYear::try_from(year).ok(),
        sex: None,
        phone: phone.parse().ok(),
        dong: dong.parse().ok(),
        address: place(address),
    }
}

const A: &str = "1165051000";
const B: &str = "1165052000";
const PHONE: &str = "010-1234-5678";
const OTHER: &str = "010-8765-4321";

#[rstest]
#[case::all(person("김가상", 1950, PHONE, A, "서초대로 1"), LinkLevel::Likely)]
#[case::moved(person("김가상", 1950, PHONE, B, ""), LinkLevel::Likely)]
#[case::name_year_dong(person("김가상", 1950, "", A, ""), LinkLevel::Likely)]
#[case::name_and_phone(person("김가상", 0, PHONE, B, ""), LinkLevel::Likely)]
#[case::slip_of_the_pen(person("김가산", 1951, PHONE, A, ""), LinkLevel::Likely)]
#[case::name_and_year(person("김가상", 1950, "", B, ""), LinkLevel::Possible)]
#[case::name_and_dong(person("김가상", 0, "", A, ""), LinkLevel::Possible)]
#[case::name_only(person("김가상", 0, "", "", ""), LinkLevel::Unlikely)]
#[case::spouse(person("박예시", 1953, PHONE, A, "서초대로 1"), LinkLevel::Unlikely)]
#[case::namesake(person("김가상", 1972, OTHER, B, ""), LinkLevel::Unlikely)]
#[case::stranger(person("박예시", 1981, OTHER, B, "방배로 7"), LinkLevel::Unlikely)]
fn levels(#[case] other: Identity, #[case] expected: LinkLevel) {
    let found = score(&person("김가상", 1950, PHONE, A, "서울특별시 서초구 서초대로 1"), &other);
    assert_eq!(found.level(), expected, "{} bits, p = {}", found.weight, found.probability);
}

#[test]
fn reasons_add_up_and_unknown_fields_are_not_among_them() {
    let found = score(&person("김가상", 1950, PHONE, A, ""), &person("김 가상", 1951, "", B, "서초대로 1"));
    let reasons: Vec<_> = found.reasons.iter().map(|r| (r.field, r.agreement)).collect();
    assert_eq!(
        reasons,
        [(LinkField::Name, Agreement::Same), (LinkField::BirthYear, Agreement::Close), (LinkField::Dong, Agreement::Differs)]
    );
    assert!((found.weight - found.reasons.iter().map(|r| r.weight).sum::<f64>()).abs() < 1e-9);
}

#[test]
fn the_shares_of_each_field_are_probabilities() {
    for field in LinkField::ALL {
        let two_ways = matches!(field, LinkField::Sex | LinkField::Phone | LinkField::Dong);
        let outcomes = Agreement::ALL.iter().filter(|a| !(two_ways && **a == Agreement::Close));
        let (m, u) = outcomes.fold((0.0, 0.0), |(m, u), a| (m + shares(*field, *a).0, u + shares(*field, *a).1));
        assert!((m - 1.0_f64).abs() < 1e-9 && (u - 1.0_f64).abs() < 1e-9, "{field}: {m} {u}");
    }
}

#[rstest]
#[case("서초대로 1", "서울시 서초구 서초대로1", Agreement::Same)]
#[case("서초대로 1, 가상빌라 102호", "서초대로 1 가상빌라 102", Agreement::Close)]
#[case("서초대로 1", "서초대로 11", Agreement::Differs)]
#[case("서초대로 1", "방배로 1", Agreement::Differs)]
fn addresses(#[case] a: &str, #[case] b: &str, #[case] expected: Agreement) {
    assert_eq!(compare_places(&place(a).unwrap(), &place(b).unwrap()), expected);
}

#[rstest]
#[case(person("김가상", 1950, PHONE, B, ""), RowMatch::Same)]
#[case(person("김가상", 1950, OTHER, A, ""), RowMatch::Same)]
#[case(person("김 가상", 1950, "", A, ""), RowMatch::Same)]
#[case(person("김가상", 1950, OTHER, B, ""), RowMatch::Likely)]
#[case(person("김가상", 1950, "", B, ""), RowMatch::Likely)]
#[case(person("김가상", 0, PHONE, B, ""), RowMatch::Likely)]
#[case(person("김가상", 0, OTHER, A, ""), RowMatch::No)]
#[case(person("김가상", 1951, PHONE, A, ""), RowMatch::No)]
#[case(person("김가산", 1950, PHONE, A, ""), RowMatch::No)]
#[case(person("", 1950, PHONE, A, ""), RowMatch::No)]
fn the_rule_of_the_import(#[case] known: Identity, #[case] expected: RowMatch) {
    let row = person("김가상", 1950, PHONE, A, "");
    assert_eq!(round_match(&row, &known), expected);
    assert_eq!(round_match(&known, &row), expected);
}

#[test]
fn two_unknown_phones_are_not_the_same_phone() {
    let row = person("김가상", 0, "", A, "");
    assert_eq!(round_match(&row, &row), RowMatch::No);
    assert_eq!(round_match(&person("김가상", 1950, "", "", ""), &person("김가상", 1950, "", "", "")), RowMatch::Likely);
}

prop_compose! {
    fn anybody()(name in 0usize..5, year in 0usize..4, sex in 0usize..3, phone in 0usize..3, dong in 0usize..3, address in 0usize..4) -> Identity {
        let mut identity = person(
            ["", "김가상", "김가산", "박예시", "이보기"][name], [0, 1950, 1951, 1980][year], ["", PHONE, OTHER][phone],
            ["", A, B][dong], ["", "서초대로 1", "서초대로1 2층", "방배로 7"][address],
        );
        identity.sex = [None, Some(Sex::Female), Some(Sex::Male)][sex];
        identity
    }
}

type Part = fn(&mut Identity, &Identity);
const PARTS: [Part; 6] = [
    |to, from| to.name.clone_from(&from.name),
    |to, from| to.birth_year = from.birth_year,
    |to, from| to.sex = from.sex,
    |to, from| to.phone.clone_from(&from.phone),
    |to, from| to.dong.clone_from(&from.dong),
    |to, from| to.address.clone_from(&from.address),
];

proptest! {
    #[test]
    fn the_order_of_the_two_does_not_matter(a in anybody(), b in anybody()) {
        prop_assert_eq!(score(&a, &b), score(&b, &a));
        prop_assert_eq!(round_match(&a, &b), round_match(&b, &a));
    }

    #[test]
    fn agreement_raises_and_the_unknown_is_neutral(a in anybody(), b in anybody(), part in 0usize..6) {
        let before = score(&a, &b);
        prop_assert!((0.0..=1.0).contains(&before.probability));
        let mut agreeing = b.clone();
        PARTS[part](&mut agreeing, &a);
        let after = score(&a, &agreeing);
        let known = score(&a, &a).reasons.iter().any(|r| r.field == LinkField::ALL[part]);
        let had = before.reasons.iter().find(|r| r.field == LinkField::ALL[part]);
        match (known, had.map(|r| r.agreement)) {
            // A close address is as rare among strangers as the same one is; both count for more than any difference.
            (true, Some(Agreement::Same)) => prop_assert!((after.weight - before.weight).abs() < 1e-9),
            (true, _) => prop_assert!(after.weight > before.weight && after.probability > before.probability),
            (false, _) => prop_assert!((after.weight - before.weight).abs() < 1e-9),
        }
        let mut unknown = b.clone();
        PARTS[part](&mut unknown, &Identity::default());
        let without = score(&a, &unknown);
        let gone = had.map_or(0.0, |r| r.weight);
        prop_assert!((before.weight - gone - without.weight).abs() < 1e-9);
    }
}
