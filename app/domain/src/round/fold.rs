//! The same person twice in one file is one neighbor with the union of indicators.

use super::RoundRow;
use crate::{profile::Sex, search::jamo, text::BirthYear};
use std::collections::{BTreeSet, HashMap};

/// Folds rows that name the same person into the first of them, and says how many rows went away. Two rows are the
/// same person when name, birth year and one of phone or dong agree, or when all that identifies them is equal.
#[must_use]
pub fn fold_duplicates(rows: Vec<RoundRow>) -> (Vec<RoundRow>, u32) {
    let before = rows.len();
    let folded: Vec<RoundRow> = fold_people(rows).into_iter().map(|person| person.row).collect();
    let gone = u32::try_from(before - folded.len()).unwrap_or(u32::MAX);
    (folded, gone)
}

/// One person of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedPerson {
    /// The first row with what the later ones add.
    pub row: RoundRow,
    /// The numbers of all rows that name the person, the first one included.
    pub rows: Vec<u32>,
}

/// As [`fold_duplicates`], and says which rows went into which person; in the order of first rows.
#[must_use]
pub fn fold_people(rows: Vec<RoundRow>) -> Vec<FoldedPerson> {
    let mut people = People::default();
    for row in rows {
        people.add(row);
    }
    people.into_folded()
}

/// Rows of one person, in the order of the file.
type Person = Vec<RoundRow>;

#[derive(Default)]
struct People {
    by_name: HashMap<(String, Option<BirthYear>), Vec<Person>>,
}

impl People {
    fn add(&mut self, row: RoundRow) {
        let namesakes = self.by_name.entry((jamo(&row.name), row.birth_year)).or_default();
        // A row may join two people who looked different until now: one by phone, the other by dong.
        let (same, others): (Vec<Person>, Vec<Person>) =
            std::mem::take(namesakes).into_iter().partition(|person| person.iter().any(|known| is_same(known, &row)));
        let mut person: Person = same.into_iter().flatten().collect();
        person.push(row);
        *namesakes = others;
        namesakes.push(person);
    }

    fn into_folded(self) -> Vec<FoldedPerson> {
        let mut people: Vec<FoldedPerson> = self
            .by_name
            .into_values()
            .flatten()
            .filter_map(|person| {
                let rows = person.iter().map(|row| row.row).collect();
                fold(person).map(|row| FoldedPerson { row, rows })
            })
            .collect();
        people.sort_by_key(|person| person.row.row);
        people
    }
}

/// For rows that agree in name and birth year (which may both be unknown).
fn is_same(a: &RoundRow, b: &RoundRow) -> bool {
    let phone = a.phone.is_some() && a.phone == b.phone;
    let known_year = a.birth_year.is_some() && (phone || a.dong == b.dong);
    known_year || (a.sex == b.sex && a.phone == b.phone && a.dong == b.dong && a.address == b.address)
}

/// The first row with what the later ones add.
fn fold(mut person: Person) -> Option<RoundRow> {
    person.sort_by_key(|row| row.row);
    person.into_iter().reduce(|mut first, later| {
        let codes: BTreeSet<String> = first.indicators.drain(..).chain(later.indicators).collect();
        first.indicators.extend(codes);
        if first.sex == Sex::Unknown {
            first.sex = later.sex;
        }
        first.phone = first.phone.or(later.phone);
        first.address = first.address.or(later.address);
        first.note = first.note.or(later.note);
        first
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::round::RoundPeriod;
    use proptest::prelude::*;

    fn row(row: u32, name: &str, year: Option<i16>, phone: Option<&str>, dong: &str, codes: &[&str]) -> RoundRow {
        RoundRow {
            row,
            period: RoundPeriod { year: 2026, number: 5 },
            name: name.into(),
            birth_year: year.map(|y| y.try_into().unwrap()),
            sex: Sex::Unknown,
            phone: phone.map(|p| p.parse().unwrap()),
            dong: dong.parse().unwrap(),
            address: None,
            indicators: codes.iter().map(|c| (*c).to_owned()).collect(),
            note: None,
        }
    }

    const A: &str = "1165051000";
    const B: &str = "1165052000";
    const PHONE: Option<&str> = Some("010-1234-5678");
    const OTHER: Option<&str> = Some("010-8765-4321");

    #[test]
    fn the_same_person_is_one_row_with_all_indicators() {
        let (rows, gone) = fold_duplicates(vec![
            row(2, "김가상", Some(1950), None, A, &["I05"]),
            row(3, "이가상", Some(1950), None, A, &["I02"]),
            row(4, "김 가상", Some(1950), PHONE, A, &["I01", "I05"]),
            row(5, "김가상", Some(1950), PHONE, B, &["I07"]),
        ]);
        assert_eq!((rows.len(), gone), (2, 2));
        assert_eq!((rows[0].row, rows[0].phone.is_some(), rows[0].dong.as_str()), (2, true, A));
        assert_eq!(rows[0].indicators, ["I01", "I05", "I07"]);
    }

    #[test]
    fn a_namesake_stays_another_person() {
        let rows = vec![
            row(2, "김가상", Some(1950), PHONE, A, &["I01"]),
            row(3, "김가상", Some(1950), OTHER, B, &["I01"]),
            row(4, "김가상", Some(1951), PHONE, A, &["I01"]),
            row(5, "김가상", None, PHONE, A, &["I01"]),
            row(6, "김가상", None, OTHER, A, &["I01"]),
        ];
        assert_eq!(fold_duplicates(rows.clone()), (rows, 0));
    }

    #[test]
    fn without_a_birth_year_only_equal_rows_are_one() {
        let (rows, gone) =
            fold_duplicates(vec![row(2, "김가상", None, PHONE, A, &["I01"]), row(3, "김가상", None, PHONE, A, &["I02"])]);
        assert_eq!((rows.len(), gone), (1, 1));
    }

    #[test]
    fn a_row_can_join_two() {
        let (rows, gone) = fold_duplicates(vec![
            row(2, "김가상", Some(1950), PHONE, A, &["I01"]),
            row(3, "김가상", Some(1950), OTHER, B, &["I02"]),
            row(4, "김가상", Some(1950), PHONE, B, &["I03"]),
        ]);
        assert_eq!((rows.len(), gone), (1, 2));
        assert_eq!(rows[0].indicators, ["I01", "I02", "I03"]);
    }

    proptest! {
        #[test]
        fn folding_loses_no_indicator_and_does_not_depend_on_order(
            spec in proptest::collection::vec((0usize..2, 0usize..3, 0usize..3, 0usize..2, 1u8..5), 0..12),
            shift in 0usize..12,
        ) {
            let rows: Vec<RoundRow> = (2u32..).zip(&spec).map(|(at, (name, year, phone, dong, code))| {
                row(at, ["김가상", "박가상"][*name], [None, Some(1950), Some(1951)][*year], [None, PHONE, OTHER][*phone], [A, B][*dong], &[&format!("I0{code}")])
            }).collect();
            let (folded, gone) = fold_duplicates(rows.clone());
            prop_assert_eq!(folded.len() + gone as usize, rows.len());
            prop_assert_eq!(fold_duplicates(folded.clone()), (folded.clone(), 0));
            let mut turned = rows.clone();
            turned.rotate_left(if rows.is_empty() { 0 } else { shift % rows.len() });
            prop_assert_eq!(fold_duplicates(turned).0, folded.clone());
            let all = |rows: &[RoundRow]| rows.iter().map(|r| (r.name.clone(), r.birth_year, r.indicators.clone()))
                .flat_map(|(n, y, codes)| codes.into_iter().map(move |c| (n.clone(), y, c))).collect::<BTreeSet<_>>();
            prop_assert_eq!(all(&rows), all(&folded));
        }
    }
}
