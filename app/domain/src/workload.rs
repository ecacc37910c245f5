//! How much a worker carries, and who should take the next case. A suggestion only: a manager decides.

use crate::{
    case::{Stage, Urgency},
    ids::{CaseId, UserId},
    profile::coded,
    text::DongCode,
};
use serde::{Deserialize, Serialize};

/// What a visit of this week adds, in points.
const VISIT: u32 = 1;
/// What something overdue adds, in points: it has to be made up for.
const OVERDUE: u32 = 2;
/// How much more load a worker who serves the dong may carry before somebody else is suggested, in points.
const DONG_BONUS: u32 = 6;
/// The same for a worker who knows the neighbor from an earlier case.
const CONTINUITY_BONUS: u32 = 12;

/// An open case as far as it is work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseWork {
    /// Its urgency.
    pub urgency: Urgency,
    /// Its stage.
    pub stage: Stage,
    /// Whether its next clock is late.
    pub overdue: bool,
}

impl CaseWork {
    /// Points of the case: 3–8 by urgency, 2 more until the needs are assessed, 1 more until the plan stands; a case in
    /// aftercare is 1, a closed one 0; 2 more when overdue.
    #[must_use]
    pub const fn points(self) -> u32 {
        let urgency = match self.urgency {
            Urgency::Emergency => 8,
            Urgency::SameDay => 6,
            Urgency::ThreeDays => 4,
            Urgency::TwoWeeks => 3,
        };
        let work = match self.stage {
            Stage::Discovered | Stage::Counselling | Stage::Intake => urgency + 2,
            Stage::Assessment | Stage::Conference => urgency + 1,
            Stage::Plan | Stage::Service | Stage::Review => urgency,
            Stage::Aftercare => 1,
            Stage::Closed => 0,
        };
        if self.overdue { work + OVERDUE } else { work }
    }
}

/// What a worker carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Open cases, aftercare included.
    pub cases: u32,
    /// How many of them are overdue.
    pub overdue: u32,
    /// Visits of this week.
    pub visits: u32,
    /// All of it weighed, in points.
    pub points: u32,
}

/// The load of a worker with these cases and this many visits this week.
#[must_use]
pub fn load(cases: &[CaseWork], visits_this_week: u32) -> Load {
    let count = |open: usize| u32::try_from(open).unwrap_or(u32::MAX);
    Load {
        cases: count(cases.iter().filter(|case| case.stage != Stage::Closed).count()),
        overdue: count(cases.iter().filter(|case| case.overdue).count()),
        visits: visits_this_week,
        points: cases.iter().map(|case| case.points()).sum::<u32>() + VISIT * visits_this_week,
    }
}

/// A case that waits for a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingCase {
    /// Its id.
    pub id: CaseId,
    /// Its urgency.
    pub urgency: Urgency,
    /// Its stage.
    pub stage: Stage,
    /// Where the neighbor lives.
    pub dong: DongCode,
    /// Who worked with the neighbor before.
    pub known_to: Vec<UserId>,
}

/// A worker who can take cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub worker: UserId,
    /// What the worker carries, in points of [`Load`].
    pub points: u32,
    /// The dongs in which the worker has cases or which the worker serves.
    pub dongs: Vec<DongCode>,
}

coded! {
    /// Why a worker is suggested.
    SuggestionReason { /// The worker knows the neighbor.
        Continuity = "continuity", /// The worker serves the dong.
        SameDong = "same_dong", /// Nobody carries less.
        LeastLoad = "least_load", }
}

/// Who could take a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The case.
    pub case: CaseId,
    /// The worker.
    pub worker: UserId,
    /// Why; empty when it is the best of no good reasons.
    pub reasons: Vec<SuggestionReason>,
}

/// A worker for each case, in the order of `cases`: the one with the least load, where knowing the neighbor or the
/// dong weighs like a lighter load. The most urgent cases choose first, and each one adds to its worker's load.
/// Without candidates there is no suggestion.
#[must_use]
pub fn suggest(cases: &[WaitingCase], candidates: &[Candidate]) -> Vec<Suggestion> {
    let mut candidates = candidates.to_vec();
    let mut order: Vec<(usize, &WaitingCase)> = cases.iter().enumerate().collect();
    order.sort_by_key(|(_, case)| (case.urgency, case.id));
    let mut suggestions: Vec<(usize, Suggestion)> =
        order.into_iter().filter_map(|(at, case)| Some((at, place(case, &mut candidates)?))).collect();
    suggestions.sort_by_key(|(at, _)| *at);
    suggestions.into_iter().map(|(_, suggestion)| suggestion).collect()
}

fn place(case: &WaitingCase, candidates: &mut [Candidate]) -> Option<Suggestion> {
    let least = candidates.iter().map(|candidate| candidate.points).min()?;
    let best = candidates.iter_mut().min_by_key(|candidate| (cost(case, candidate), candidate.points, candidate.worker))?;
    let reasons = [
        (SuggestionReason::Continuity, knows(case, best)),
        (SuggestionReason::SameDong, serves(case, best)),
        (SuggestionReason::LeastLoad, best.points == least),
    ];
    let reasons = reasons.into_iter().filter(|(_, holds)| *holds).map(|(reason, _)| reason).collect();
    best.points += CaseWork { urgency: case.urgency, stage: case.stage, overdue: false }.points();
    Some(Suggestion { case: case.id, worker: best.worker, reasons })
}

fn cost(case: &WaitingCase, candidate: &Candidate) -> i64 {
    let continuity = if knows(case, candidate) { CONTINUITY_BONUS } else { 0 };
    let dong = if serves(case, candidate) { DONG_BONUS } else { 0 };
    i64::from(candidate.points) - i64::from(continuity) - i64::from(dong)
}

fn knows(case: &WaitingCase, candidate: &Candidate) -> bool {
    case.known_to.contains(&candidate.worker)
}

fn serves(case: &WaitingCase, candidate: &Candidate) -> bool {
    candidate.dongs.contains(&case.dong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use std::collections::BTreeMap;

    const A: &str = "1165051000";
    const B: &str = "1165052000";

    fn user(n: u8) -> UserId {
        UserId(uuid::Uuid::from_u128(n.into()))
    }

    fn waiting(n: u8, urgency: Urgency, dong: &str, known_to: &[u8]) -> WaitingCase {
        WaitingCase {
            id: CaseId(uuid::Uuid::from_u128(n.into())),
            urgency,
            stage: Stage::Discovered,
            dong: dong.parse().unwrap(),
            known_to: known_to.iter().map(|n| user(*n)).collect(),
        }
    }

    fn candidate(n: u8, points: u32, dongs: &[&str]) -> Candidate {
        Candidate { worker: user(n), points, dongs: dongs.iter().map(|dong| dong.parse().unwrap()).collect() }
    }

    #[rstest]
    #[case(Urgency::Emergency, Stage::Discovered, true, 12)]
    #[case(Urgency::TwoWeeks, Stage::Service, false, 3)]
    #[case(Urgency::ThreeDays, Stage::Conference, false, 5)]
    #[case(Urgency::Emergency, Stage::Aftercare, false, 1)]
    #[case(Urgency::Emergency, Stage::Closed, false, 0)]
    fn points_of_a_case(#[case] urgency: Urgency, #[case] stage: Stage, #[case] overdue: bool, #[case] points: u32) {
        assert_eq!(CaseWork { urgency, stage, overdue }.points(), points);
    }

    #[test]
    fn a_load_is_the_sum_of_its_parts() {
        let case = |stage, overdue| CaseWork { urgency: Urgency::ThreeDays, stage, overdue };
        let found = load(&[case(Stage::Discovered, true), case(Stage::Service, false), case(Stage::Closed, false)], 3);
        assert_eq!(found, Load { cases: 2, overdue: 1, visits: 3, points: 8 + 4 + 3 });
        assert_eq!(load(&[], 0), Load::default());
    }

    #[test]
    fn dong_and_continuity_weigh_like_a_lighter_load() {
        let reasons = |case: WaitingCase, candidates: &[Candidate]| {
            let found = suggest(&[case], candidates).remove(0);
            (found.worker, found.reasons)
        };
        use SuggestionReason::{Continuity, LeastLoad, SameDong};
        let two = [candidate(1, 10, &[B]), candidate(2, 15, &[A])];
        assert_eq!(reasons(waiting(1, Urgency::SameDay, A, &[]), &two), (user(2), vec![SameDong]));
        assert_eq!(reasons(waiting(1, Urgency::SameDay, B, &[]), &two), (user(1), vec![SameDong, LeastLoad]));
        assert_eq!(reasons(waiting(1, Urgency::SameDay, B, &[2]), &two), (user(2), vec![Continuity]));
        let far = [candidate(1, 10, &[]), candidate(2, 17, &[A])];
        assert_eq!(reasons(waiting(1, Urgency::SameDay, A, &[]), &far), (user(1), vec![LeastLoad]));
        assert_eq!(suggest(&[waiting(1, Urgency::SameDay, A, &[])], &[]), []);
    }

    #[test]
    fn the_most_urgent_case_chooses_first_and_the_order_of_the_list_stays() {
        let cases = [waiting(1, Urgency::TwoWeeks, A, &[1]), waiting(2, Urgency::Emergency, A, &[1])];
        let found = suggest(&cases, &[candidate(1, 9, &[]), candidate(2, 0, &[])]);
        assert_eq!(
            found.iter().map(|s| (s.case, s.worker)).collect::<Vec<_>>(),
            [(cases[0].id, user(2)), (cases[1].id, user(1))]
        );
    }

    proptest! {
        #[test]
        fn work_is_spread_evenly_whatever_the_order(
            urgencies in proptest::collection::vec(0usize..4, 0..30), start in proptest::collection::vec(0u32..20, 1..6), turn in 0usize..30,
        ) {
            let cases: Vec<WaitingCase> = (0u8..).zip(&urgencies).map(|(n, u)| waiting(n, Urgency::ALL[*u], A, &[])).collect();
            let candidates: Vec<Candidate> = (0u8..).zip(&start).map(|(n, points)| candidate(n, *points, &[])).collect();
            let found = suggest(&cases, &candidates);
            prop_assert!(found.iter().map(|s| s.case).eq(cases.iter().map(|c| c.id)));
            prop_assert!(found.iter().all(|s| s.reasons.contains(&SuggestionReason::LeastLoad)));
            let mut points: BTreeMap<UserId, u32> = candidates.iter().map(|c| (c.worker, c.points)).collect();
            for (case, suggestion) in cases.iter().zip(&found) {
                *points.get_mut(&suggestion.worker).unwrap() += CaseWork { urgency: case.urgency, stage: case.stage, overdue: false }.points();
            }
            let (least, most) = (points.values().min().unwrap(), points.values().max().unwrap());
            let uneven = start.iter().max().unwrap() - start.iter().min().unwrap();
            prop_assert!(most - least <= uneven.max(10), "{} to {}", least, most);
            let mut turned = cases.clone();
            turned.rotate_left(if cases.is_empty() { 0 } else { turn % cases.len() });
            let mut again = suggest(&turned, &candidates);
            again.sort_by_key(|s| s.case);
            prop_assert_eq!(again, found);
        }
    }
}
