//! Keeping what came too late is no way around policy: it brings nobody back into a case, nobody can use up another's entry, and it has
//! its limits.

use super::kept::{answer, give, kept, lone_case, note, notes, page};
use crate::tablet::{Tablet, envelope};
use chrono::TimeDelta;
use domain::{
    ApiError, Rule,
    command::{Envelope, VisitCommand},
    ids::{CaseId, VisitId},
    policy::Actor,
    sync::{
        clock::HybridClock,
        outbox::Outcome,
        protocol::{Push, Pushed},
    },
    visit::{VisitKind, Window},
};
use store::{cases, execute, on_both, sync::push, testing::TestDb};

fn schedule(db: &TestDb, case: CaseId, worker: &Actor, along: Option<&Actor>) -> VisitCommand {
    let start = db.ctx(worker).now() + TimeDelta::days(1);
    VisitCommand::Schedule {
        id: VisitId::new(),
        series: None,
        case,
        kind: VisitKind::Home,
        window: Window { start, end: start + TimeDelta::hours(1) },
        worker: worker.user,
        second_worker: along.map(|along| along.user),
        two_person: false,
        purpose: None,
        recurrence: None,
    }
}

// The time of writing is what the tablet says. Whoever lost a case could say that they planned to go there before.
on_both!(what_says_to_be_from_before_brings_nobody_back_into_a_case, async |db: TestDb| {
    let (lone, colleague) = (&db.people.lone_worker, &db.people.colleague);
    let mut tablet = Tablet::new(&db, lone).await;
    let (_, case) = lone_case(&db).await;
    db.clock.advance(TimeDelta::hours(1));
    tablet.write(schedule(&db, case, lone, None));
    tablet.write(schedule(&db, case, colleague, Some(lone)));
    tablet.write(schedule(&db, case, colleague, None));
    db.clock.advance(TimeDelta::hours(1));
    give(&db, case, colleague).await;
    let results = tablet.push().await;
    let outcomes: Vec<_> = results.iter().map(|(_, outcome)| outcome.clone()).collect();
    assert!(matches!(outcomes[..], [Some(Outcome::Kept), Some(Outcome::Kept), Some(Outcome::Applied { .. })]), "{outcomes:?}");
    assert_eq!(cases::get(&db.ctx(lone), case).await.map(drop), Err(ApiError::NotFound));
    tablet.pull().await;
    assert!(tablet.dossiers.is_empty());
    // It is for the holder to say.
    execute(&db.ctx(colleague), envelope(&db, answer(results[1].0, case, true))).await.unwrap();
    tablet.pull().await;
    assert_eq!(tablet.dossiers.len(), 1);
});

on_both!(the_id_of_what_is_kept_can_be_used_up_by_nobody_else, async |db: TestDb| {
    let (tablet, case, op) = kept(&db).await;
    let mut theirs = Tablet::new(&db, &db.people.colleague).await;
    theirs.pull().await;
    let stolen = Envelope { op_id: op, ..envelope(&db, note(case, "다른 기록")) };
    let by_page = execute(&db.ctx(&db.people.colleague), stolen.clone()).await;
    assert_eq!(by_page.map(drop), Err(Rule::OpIdReused.into()));
    let now = stolen.made_at;
    let stolen = Push {
        sent_at: now,
        waiting: 1,
        restored_at: None,
        entries: vec![Pushed { stamp: HybridClock::new(theirs.device.id).tick(now), offset_ms: 0, envelope: stolen }],
    };
    let answered = push(&theirs.ctx(), &theirs.device, stolen).await.unwrap().results;
    assert_eq!(answered[0].1, Some(Outcome::Refused { error: Rule::OpIdReused.into() }));
    assert_eq!(tablet.ask_about_kept().await, [(op, Some(Outcome::Kept))]);
    execute(&db.ctx(&db.people.colleague), envelope(&db, answer(op, case, true))).await.unwrap();
    assert_eq!(notes(&page(&db, &db.people.colleague, case).await).len(), 1);
});

on_both!(what_is_kept_has_its_limits, async |db: TestDb| {
    let (mut tablet, case, _) = kept(&db).await;
    tablet.write(note(case, &"가".repeat(30_000)));
    assert_eq!(tablet.push().await[0].1, Some(Outcome::Refused { error: ApiError::TooLarge }));
    for _ in 0..100 {
        tablet.write(note(case, "또 쓴 기록"));
    }
    let outcomes: Vec<_> = tablet.push().await.into_iter().filter_map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes.len(), 100);
    assert!(outcomes[..99].iter().all(|outcome| *outcome == Outcome::Kept));
    assert_eq!(outcomes[99], Outcome::Refused { error: Rule::KeptFull.into() });
    assert_eq!(page(&db, &db.people.colleague, case).await.case.kept.len(), 100);
});
