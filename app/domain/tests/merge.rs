//! Two people edit the same record from the same base: whatever the order, what does not conflict converges, and what
//! does is shown with both values.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that panics has failed, as it should")]

use domain::{
    ids::MemberId,
    merge::Merge,
    profile::{
        AgeBand, ContactConsent, HouseholdMember, Language, LivingPlace, MemberEdits, NeighborProfile, ProfileEdits, Relation,
        Sex,
    },
};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

prop_compose! {
    fn profile()(
        name in 0usize..4, year in 0usize..4, band in 0usize..3, sex in 0usize..3, dong in 0usize..3, address in 0usize..3,
        no_fixed_address: bool, phone in 0usize..3, language in 0usize..3, place in 0usize..3, consent in 0usize..3, health in 0usize..3,
    ) -> NeighborProfile {
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        NeighborProfile {
            name: text(["", "김가상", "김 가상", "박예시"][name]),
            birth_year: [None, Some(1950), Some(1951), Some(1980)][year].map(|year: i16| year.try_into().unwrap()),
            age_band: [None, Some(AgeBand::Older), Some(AgeBand::Senior)][band],
            sex: Sex::ALL[sex],
            dong: ["1165051000", "1165052000", "1165053000"][dong].parse().unwrap(),
            address: text(["", "서초대로 1", "방배로 7"][address]),
            no_fixed_address,
            phone: [None, Some("010-1234-5678"), Some("02-123-4567")][phone].map(|phone| phone.parse().unwrap()),
            language: Language::ALL[language],
            living_place: LivingPlace::ALL[place],
            contact_consent: ContactConsent::ALL[consent],
            health_note: text(["", "무릎이 불편함", "청력이 약함"][health]),
        }
    }
}

prop_compose! {
    fn member()(name in 0usize..3, relation in 0usize..3, year in 0usize..3, is_carer: bool, needs_care: bool) -> HouseholdMember {
        HouseholdMember {
            id: MemberId::from(uuid::Uuid::nil()),
            name: [None, Some("김가상"), Some("박예시")][name].map(str::to_owned),
            relation: Relation::ALL[relation],
            birth_year: [None, Some(1950), Some(1980)][year].map(|year: i16| year.try_into().unwrap()),
            is_carer,
            needs_care,
            neighbor: None,
        }
    }
}

fn fields(profile: &NeighborProfile) -> serde_json::Map<String, Value> {
    match serde_json::to_value(profile).unwrap() {
        Value::Object(fields) => fields,
        other => panic!("{other}"),
    }
}

fn merged(base: &NeighborProfile, edits: &[&ProfileEdits]) -> (NeighborProfile, Vec<Merge>) {
    let mut profile = base.clone();
    let merges = edits.iter().map(|edit| edit.merge_into(&mut profile)).collect();
    (profile, merges)
}

proptest! {
    #[test]
    fn two_edits_converge_but_for_their_conflicts(base in profile(), mine in profile(), theirs in profile()) {
        let (a, b) = (ProfileEdits::between(&base, &mine), ProfileEdits::between(&base, &theirs));
        let (first, merges_ab) = merged(&base, &[&a, &b]);
        let (second, merges_ba) = merged(&base, &[&b, &a]);
        let conflicts = |merges: &[Merge]| merges.iter().flat_map(|m| m.conflicts.clone()).collect::<Vec<_>>();
        let (conflicts_ab, conflicts_ba) = (conflicts(&merges_ab), conflicts(&merges_ba));
        prop_assert!(merges_ab[0].conflicts.is_empty() && merges_ba[0].conflicts.is_empty());
        let torn: BTreeSet<&str> = conflicts_ab.iter().map(|c| c.field.as_str()).collect();
        let (base, mine, theirs) = (fields(&base), fields(&mine), fields(&theirs));
        let (first, second) = (fields(&first), fields(&second));
        for (field, was) in &base {
            let both_changed = mine[field] != *was && theirs[field] != *was && mine[field] != theirs[field];
            prop_assert_eq!(torn.contains(field.as_str()), both_changed, "{}", field);
            if both_changed {
                // The one who came first stands until a person has chosen.
                prop_assert_eq!((&first[field], &second[field]), (&mine[field], &theirs[field]));
            } else {
                let expected = if mine[field] == *was { &theirs[field] } else { &mine[field] };
                prop_assert_eq!((&first[field], &second[field]), (expected, expected), "{}", field);
            }
        }
        prop_assert_eq!(conflicts_ab.len(), conflicts_ba.len());
        for (ab, ba) in conflicts_ab.iter().zip(&conflicts_ba) {
            prop_assert_eq!((&ab.field, &ab.base, &ab.theirs, &ab.mine), (&ba.field, &ba.base, &ba.mine, &ba.theirs));
            prop_assert_eq!((&ab.base, &ab.theirs, &ab.mine), (&base[&ab.field], &mine[&ab.field], &theirs[&ab.field]));
        }
    }

    #[test]
    fn the_difference_of_two_records_turns_one_into_the_other(from in profile(), to in profile()) {
        let edits = ProfileEdits::between(&from, &to);
        let (reached, merges) = merged(&from, &[&edits]);
        prop_assert_eq!(&reached, &to);
        prop_assert!(merges[0].conflicts.is_empty());
        let differing: BTreeSet<String> = fields(&from).into_iter().filter(|(f, v)| fields(&to)[f] != *v).map(|(f, _)| f).collect();
        prop_assert_eq!(merges[0].changed.iter().map(|f| (*f).to_owned()).collect::<BTreeSet<_>>(), differing);
        let sent: ProfileEdits = serde_json::from_str(&serde_json::to_string(&edits).unwrap()).unwrap();
        prop_assert_eq!(sent, edits);
    }

    #[test]
    fn members_of_a_household_merge_field_by_field(base in member(), mine in member(), theirs in member()) {
        let (a, b) = (MemberEdits::between(&base, &mine), MemberEdits::between(&base, &theirs));
        let (mut first, mut second) = (base.clone(), base.clone());
        let (_, torn) = (a.merge_into(&mut first), b.merge_into(&mut first));
        let (_, torn_too) = (b.merge_into(&mut second), a.merge_into(&mut second));
        prop_assert_eq!(torn.conflicts.len(), torn_too.conflicts.len());
        if torn.conflicts.is_empty() {
            prop_assert_eq!(&first, &second);
        }
        let mut reached = base.clone();
        prop_assert_eq!(a.merge_into(&mut reached).conflicts, vec![]);
        prop_assert_eq!(reached, mine);
    }

    #[test]
    fn an_edit_to_what_stands_already_is_no_change(base in profile(), to in profile()) {
        let edits = ProfileEdits::between(&base, &to);
        let (once, _) = merged(&base, &[&edits]);
        let (twice, merges) = merged(&base, &[&edits, &edits]);
        prop_assert_eq!(once, twice);
        prop_assert_eq!(&merges[1], &Merge::default());
        prop_assert_eq!(ProfileEdits::between(&to, &to), ProfileEdits::default());
    }
}
