use super::*;
use chrono::Days;
use proptest::prelude::*;

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(n)
}

fn discovered() -> CaseFacts {
    CaseFacts { discovered_at: crate::clock::day_start(day(0)), ..CaseFacts::default() }
}

/// A case in which the first `n` steps were done, one a day from day 1.
fn after_steps(n: usize) -> CaseFacts {
    let mut facts = discovered();
    for (at, step) in (1..).zip(Step::ALL.iter().take(n)) {
        facts.record(*step, day(at));
    }
    facts
}

#[test]
fn the_stage_is_the_last_step_done() {
    for (n, stage) in Stage::ALL.iter().take(8).enumerate() {
        assert_eq!(Stage::of(&after_steps(n)), *stage);
    }
    let closed = CaseFacts { closed_at: Some(crate::clock::day_start(day(20))), ..after_steps(3) };
    assert_eq!(Stage::of(&closed), Stage::Closed);
    assert_eq!(Stage::of(&CaseFacts { aftercare_on: Some(day(50)), ..closed.clone() }), Stage::Aftercare);
    assert_eq!(Stage::of(&CaseFacts { aftercare_on: Some(day(5)), ..closed.clone() }), Stage::Closed);
    assert_eq!(Stage::of(&CaseFacts { closed_at: None, ..closed }), Stage::Assessment);
}

#[test]
fn every_step_in_every_stage() {
    for done in 0..=7 {
        let facts = after_steps(done);
        for (at, step) in Step::ALL.iter().enumerate() {
            let expected = match step {
                Step::Aftercare => Err(Rule::StepMissing),
                _ if at > done => Err(Rule::StepMissing),
                // Done already and something came after it: day 30 is too late for a correction.
                Step::Review => Ok(()),
                _ if at + 1 < done => Err(Rule::StepOrder),
                _ => Ok(()),
            };
            assert_eq!(check_step(&facts, *step, day(30), day(40)), expected, "{step} after {done}");
            let closed = CaseFacts { closed_at: Some(crate::clock::day_start(day(20))), ..facts.clone() };
            let expected = if *step == Step::Aftercare { Ok(()) } else { Err(Rule::CaseClosed) };
            assert_eq!(check_step(&closed, *step, day(30), day(40)), expected, "{step} when closed");
        }
    }
}

#[test]
fn days_must_fit() {
    let facts = after_steps(2);
    assert_eq!(check_step(&facts, Step::Assessment, day(3), day(2)), Err(Rule::StepAhead));
    assert_eq!(check_step(&facts, Step::Assessment, day(2), day(2)), Ok(()));
    assert_eq!(check_step(&facts, Step::Assessment, day(1), day(2)), Err(Rule::StepOrder));
    assert_eq!(check_step(&facts, Step::Counselling, day(2), day(9)), Ok(()));
    assert_eq!(check_step(&discovered(), Step::Counselling, day(0) - Days::new(1), day(2)), Err(Rule::StepOrder));
    let closed = CaseFacts { closed_at: Some(crate::clock::day_start(day(20))), ..facts };
    assert_eq!(check_step(&closed, Step::Aftercare, day(19), day(30)), Err(Rule::StepOrder));
}

#[test]
fn the_next_step_can_always_be_recorded() {
    for done in 0..=7 {
        let facts = after_steps(done);
        let next = facts.next_step().unwrap();
        assert_eq!(next, Step::ALL[done.min(6)]);
        assert_eq!(check_step(&facts, next, day(30), day(30)), Ok(()));
    }
    let closed = CaseFacts { closed_at: Some(crate::clock::day_start(day(20))), ..after_steps(3) };
    assert_eq!(closed.next_step(), Some(Step::Aftercare));
    assert_eq!(CaseFacts { closure: Some(ClosureReason::Died), ..closed }.next_step(), None);
}

#[test]
fn repeated_steps_keep_the_last_day() {
    let mut facts = after_steps(7);
    facts.record(Step::Review, day(3));
    assert_eq!(facts.reviewed_on, Some(day(7)));
    facts.record(Step::Review, day(60));
    assert_eq!(facts.reviewed_on, Some(day(60)));
    facts.record(Step::Counselling, day(0));
    assert_eq!(facts.counselled_on, Some(day(0)));
}

proptest! {
    #[test]
    fn whatever_is_recorded_within_the_rules_leaves_the_days_in_order(tries in proptest::collection::vec((0usize..8, 0u64..60), 0..40)) {
        let mut facts = discovered();
        for (step, on) in tries {
            let (step, on) = (Step::ALL[step], day(on));
            if check_step(&facts, step, on, day(60)).is_ok() {
                facts.record(step, on);
                prop_assert_eq!(facts.done_on(step).is_some(), true);
            }
            let days: Vec<NaiveDate> = Step::ALL.iter().map_while(|step| facts.done_on(*step)).collect();
            prop_assert!(days.is_sorted());
            prop_assert_eq!(days.len(), Step::ALL.iter().filter(|step| facts.done_on(**step).is_some()).count());
            prop_assert_eq!(Stage::of(&facts), Stage::ALL[days.len()]);
        }
    }
}
