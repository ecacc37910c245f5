//! From signs that somebody ticked to an advised urgency, with the reasons. It advises; it never refuses anybody, and
//! the raw ticks are kept beside it.

use crate::{
    case::Urgency,
    catalogue::{LifeDomain, Sign},
    profile::coded,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A sign that was ticked, as the catalogue had it at that moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TickedSign {
    /// Its code.
    pub code: String,
    /// Its domain of life.
    pub domain: LifeDomain,
    /// Its own urgency.
    pub urgency: Urgency,
}

impl From<&Sign> for TickedSign {
    fn from(sign: &Sign) -> Self {
        Self { code: sign.code.clone(), domain: sign.domain, urgency: sign.urgency }
    }
}

coded! {
    /// Which rule led to the advice.
    AdviceRule { /// A sign of exactly this urgency was seen.
        Seen = "seen", /// Two level-2 signs from different domains make level 1.
        TwoOfLevelTwo = "two_of_level_two", /// Two level-3 signs make level 2.
        TwoOfLevelThree = "two_of_level_three", }
}

/// One reason for an advised urgency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceReason {
    /// The rule.
    pub rule: AdviceRule,
    /// The urgency that it leads to.
    pub urgency: Urgency,
    /// The codes of the signs that it rests on, sorted.
    pub signs: Vec<String>,
}

/// How soon somebody should go, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// The most urgent of all reasons; `None` when nothing was ticked.
    pub urgency: Option<Urgency>,
    /// The reasons, the most urgent first.
    pub reasons: Vec<AdviceReason>,
    /// What was ticked, sorted, without repeats.
    pub ticks: Vec<TickedSign>,
}

impl Advice {
    /// Whether 119 or 112 comes before any form.
    #[must_use]
    pub fn is_emergency(&self) -> bool {
        self.urgency == Some(Urgency::Emergency)
    }
}

/// The advice for the ticked signs. Any E makes E, any 1 makes 1, two of level 2 from different domains make 1, two of
/// level 3 make 2; otherwise the most urgent sign counts. The steps do not add up: two of level 3 with one of level 2
/// stay at 2.
#[must_use]
pub fn advise(ticks: &[TickedSign]) -> Advice {
    let ticks: Vec<TickedSign> = ticks.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
    let seen = Urgency::ALL.iter().filter_map(|urgency| seen(&ticks, *urgency));
    let mut reasons: Vec<AdviceReason> = seen.chain(two_of_level_two(&ticks)).chain(two_of_level_three(&ticks)).collect();
    reasons.sort_by_key(|reason| (reason.urgency, reason.rule));
    Advice { urgency: reasons.first().map(|reason| reason.urgency), reasons, ticks }
}

fn codes_of(ticks: &[TickedSign], urgency: Urgency) -> Vec<String> {
    let codes: BTreeSet<&String> = ticks.iter().filter(|tick| tick.urgency == urgency).map(|tick| &tick.code).collect();
    codes.into_iter().cloned().collect()
}

fn seen(ticks: &[TickedSign], urgency: Urgency) -> Option<AdviceReason> {
    let signs = codes_of(ticks, urgency);
    (!signs.is_empty()).then_some(AdviceReason { rule: AdviceRule::Seen, urgency, signs })
}

fn two_of_level_two(ticks: &[TickedSign]) -> Option<AdviceReason> {
    let of_level = ticks.iter().filter(|tick| tick.urgency == Urgency::ThreeDays);
    let domains: BTreeSet<LifeDomain> = of_level.map(|tick| tick.domain).collect();
    let signs = codes_of(ticks, Urgency::ThreeDays);
    (domains.len() >= 2).then_some(AdviceReason { rule: AdviceRule::TwoOfLevelTwo, urgency: Urgency::SameDay, signs })
}

fn two_of_level_three(ticks: &[TickedSign]) -> Option<AdviceReason> {
    let signs = codes_of(ticks, Urgency::TwoWeeks);
    (signs.len() >= 2).then_some(AdviceReason { rule: AdviceRule::TwoOfLevelThree, urgency: Urgency::ThreeDays, signs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Urgency::{Emergency as E, SameDay as U1, ThreeDays as U2, TwoWeeks as U3};
    use proptest::prelude::*;
    use rstest::rstest;

    fn tick(number: usize, domain: usize, urgency: Urgency) -> TickedSign {
        TickedSign { code: format!("S{number:02}"), domain: LifeDomain::ALL[domain], urgency }
    }

    #[rstest]
    #[case(&[], None)]
    #[case(&[(1, 0, E), (2, 0, U3)], Some(E))]
    #[case(&[(1, 0, U1)], Some(U1))]
    #[case(&[(1, 0, U2)], Some(U2))]
    #[case(&[(1, 0, U2), (2, 0, U2)], Some(U2))]
    #[case(&[(1, 0, U2), (2, 1, U2)], Some(U1))]
    #[case(&[(1, 0, U2), (1, 0, U2)], Some(U2))]
    #[case(&[(1, 0, U3)], Some(U3))]
    #[case(&[(1, 0, U3), (2, 0, U3)], Some(U2))]
    #[case(&[(1, 0, U3), (1, 0, U3)], Some(U3))]
    #[case(&[(1, 0, U3), (2, 0, U3), (3, 1, U2)], Some(U2))]
    fn rules(#[case] ticks: &[(usize, usize, Urgency)], #[case] expected: Option<Urgency>) {
        let ticks: Vec<TickedSign> = ticks.iter().map(|(n, d, u)| tick(*n, *d, *u)).collect();
        assert_eq!(advise(&ticks).urgency, expected);
    }

    #[test]
    fn reasons_name_their_signs_and_the_ticks_are_kept() {
        let ticks = [tick(9, 1, U2), tick(4, 0, U2), tick(9, 1, U2), tick(7, 3, U3)];
        let advice = advise(&ticks);
        let reason =
            |rule, urgency, signs: &[&str]| AdviceReason { rule, urgency, signs: signs.iter().map(|s| (*s).into()).collect() };
        assert_eq!(
            advice.reasons,
            [
                reason(AdviceRule::TwoOfLevelTwo, U1, &["S04", "S09"]),
                reason(AdviceRule::Seen, U2, &["S04", "S09"]),
                reason(AdviceRule::Seen, U3, &["S07"]),
            ]
        );
        assert_eq!(advice.ticks, [tick(4, 0, U2), tick(7, 3, U3), tick(9, 1, U2)]);
        assert!(!advice.is_emergency() && advise(&[tick(1, 0, E)]).is_emergency());
    }

    proptest! {
        #[test]
        fn one_more_sign_never_makes_it_less_urgent(ticks in proptest::collection::vec((0usize..8, 0usize..10, 0usize..4), 0..8), more in (8usize..9, 0usize..10, 0usize..4)) {
            let of = |(n, d, u): &(usize, usize, usize)| tick(*n, *d, Urgency::ALL[*u]);
            let before: Vec<TickedSign> = ticks.iter().map(of).collect();
            let mut after = before.clone();
            after.push(of(&more));
            let (before, after) = (advise(&before), advise(&after));
            prop_assert!(before.urgency.is_none_or(|urgency| after.urgency.is_some_and(|more| more <= urgency)));
            let own = Urgency::ALL[more.2];
            prop_assert!(after.urgency.is_some_and(|advised| advised <= own));
            prop_assert!(after.ticks.len() <= before.ticks.len() + 1 && after.reasons.is_sorted_by_key(|r| r.urgency));
        }
    }
}
