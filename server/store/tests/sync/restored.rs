//! A database that was restored: what a tablet sends that does not know of it, and what it is given.

use super::tablet::{Tablet, envelope, registration};
use chrono::TimeDelta;
use domain::{
    ApiError,
    command::{CaseCommand, Envelope, VisitCommand},
    ids::{CaseId, NoteId, Rev, VisitId},
    sync::{
        outbox::{Ledger, Outcome},
        protocol::{Pull, Push},
    },
    visit::{VisitKind, Window},
};
use store::{
    execute, on_both, restored,
    sync::{pull, push},
    testing::TestDb,
};

fn note(case: CaseId) -> CaseCommand {
    CaseCommand::AddNote { id: NoteId::new(), case, body: "문 앞에 신문이 쌓임".to_owned() }
}

on_both!(nothing_is_decided_until_a_tablet_knows_that_the_database_was_restored, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (_, case) = tablet.register("김가상").await;
    tablet.write(note(case));
    tablet.push().await;
    tablet.pull().await;
    let notes = "SELECT count(*) AS n FROM note";
    let before = db.count(notes).await;

    let at = tablet.ctx().now() + TimeDelta::hours(1);
    restored::note(&db.url, at).await.unwrap();
    tablet.write(note(case));
    let batch = tablet.batch();
    let answer = push(&tablet.ctx(), &tablet.device, batch.clone()).await.unwrap();
    assert_eq!(answer.restored_at, Some(at));
    assert_eq!(answer.results.iter().map(|(_, outcome)| outcome.clone()).collect::<Vec<_>>(), [None]);
    let other = Push { restored_at: Some(at + TimeDelta::hours(1)), ..batch };
    let answer = push(&tablet.ctx(), &tablet.device, other).await.unwrap();
    assert_eq!(answer.results.iter().map(|(_, outcome)| outcome.clone()).collect::<Vec<_>>(), [None]);
    assert_eq!(db.count(notes).await, before);

    // Where it stood in the feed means nothing any more: it is given the whole.
    let asked = tablet.asks();
    let whole = pull(&tablet.ctx(), &asked).await.unwrap();
    assert_eq!((whole.restored_at, whole.total.is_some(), whole.everybody.is_some()), (Some(at), true, true));
    let since = Pull { cursor: Some(whole.cursor), ..asked };
    let since = pull(&tablet.ctx(), &since).await.unwrap();
    assert_eq!((since.total, since.dossiers.len()), (None, 0), "and then goes on from there");

    tablet.outbox.lost();
    assert_eq!(tablet.outbox.send_again().len(), 1);
    let all = Push { restored_at: Some(at), ..tablet.batch() };
    let answer = push(&tablet.ctx(), &tablet.device, all).await.unwrap();
    for (op, outcome) in answer.results {
        assert!(matches!(outcome, Some(Outcome::Applied { .. })), "{outcome:?}");
        tablet.outbox.answer(op, outcome);
    }
    assert_eq!(tablet.outbox.ledger(), Ledger { written: 2, applied: 2, ..Ledger::default() });
    assert_eq!(db.count(notes).await, before + 1, "what the database knows is not done twice");
});

on_both!(a_backup_of_an_older_schema_gets_the_newest, async |db: TestDb| {
    db.tamper("ALTER TABLE feed_position DROP COLUMN restored_at").await;
    db.tamper("DELETE FROM seaql_migrations WHERE version = 'm0007_restored'").await;
    assert!(!db.store.is_migrated().await.unwrap());
    restored::note(&db.url, db.ctx(&db.people.worker).now()).await.unwrap();
    assert!(db.store.is_migrated().await.unwrap());
    assert_eq!(db.count("SELECT count(*) AS n FROM feed_position WHERE restored_at IS NULL").await, 0);
});

on_both!(
    what_was_written_before_a_restore_is_not_refused_until_others_had_time_to_bring_back_what_it_needs,
    async |db: TestDb| {
        let mut tablet = Tablet::new(&db, &db.people.worker).await;
        let (registering, _, case) = registration(&db, "박가상");
        let registering = envelope(&db, registering);
        tablet.write(note(case));
        db.clock.advance(TimeDelta::hours(1));
        let at = tablet.ctx().now();
        restored::note(&db.url, at).await.unwrap();
        tablet.restored_at = Some(at);
        assert_eq!(tablet.push().await[0].1, None, "who registered them may come later");
        // What was written after it is refused as ever.
        db.clock.advance(TimeDelta::hours(1));
        tablet.write(note(CaseId::new()));
        let refused = Some(Outcome::Refused { error: ApiError::NotFound });
        let told: Vec<_> = tablet.push().await.into_iter().map(|(_, outcome)| outcome).collect();
        assert_eq!(told, [None, refused.clone()]);

        execute(&db.ctx(&db.people.worker), registering).await.unwrap();
        assert!(matches!(tablet.push().await[0].1, Some(Outcome::Applied { .. })));
        // Nobody brought this one back.
        let mut other = Tablet::new(&db, &db.people.colleague).await;
        other.restored_at = Some(at);
        other.force_at(note(CaseId::new()), at - TimeDelta::minutes(5));
        assert_eq!(other.push().await[0].1, None);
        db.clock.advance(TimeDelta::days(7));
        assert_eq!(other.push().await[0].1, refused);
    }
);

on_both!(a_plan_that_was_seen_later_than_the_database_knows_is_a_conflict, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (_, case) = tablet.register("김가상").await;
    let (start, id) = (tablet.ctx().now() + TimeDelta::days(1), VisitId::new());
    let hour = TimeDelta::hours(1);
    let window = |start| Window { start, end: start + hour };
    let worker = db.people.worker.user;
    let plan = VisitCommand::Schedule {
        id,
        series: None,
        case,
        kind: VisitKind::Home,
        window: window(start),
        worker,
        second_worker: None,
        two_person: false,
        purpose: None,
        recurrence: None,
    };
    tablet.write(plan);
    tablet.push().await;
    let moved = VisitCommand::Move { id, window: window(start + hour), worker, second_worker: None, seen: None };
    let moved = Envelope { base_rev: Some(Rev(5)), ..envelope(&db, moved) };
    let told = execute(&db.ctx(&db.people.worker), moved).await;
    assert!(matches!(told, Err(ApiError::Conflict { rev: 1, .. })), "{told:?}");
});
