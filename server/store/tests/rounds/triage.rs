//! What becomes of the people of a list, on both engines.

use crate::support::{FIFTH, SIXTH, entries, import, in_dong, in_round, round, row, run};
use domain::{
    ApiError, Rule,
    case::Urgency,
    command::{CaseCommand, NeighborCommand, RoundCommand},
    ids::{CaseId, NoteId, RoundEntryId},
    profile::{NeighborProfile, ProfileEdits},
    round::{NoActionReason, RoundRow, TriageDecision},
    view::rounds::{TriageEntry, TriageFilter},
};
use store::{
    neighbors, on_both, rounds,
    testing::{DONGS, TestDb},
};

fn list() -> Vec<RoundRow> {
    vec![
        row(2, "김가상", Some(1950), None, &["I01", "I05"]),
        row(3, "이보기", Some(1960), None, &["I05"]),
        in_dong(row(4, "박예시", Some(1971), None, &["I13"]), DONGS[2]),
    ]
}

async fn entry(db: &TestDb, name: &str) -> TriageEntry {
    entries(db, &db.people.head, FIFTH).await.into_iter().find(|entry| entry.name.as_deref() == Some(name)).unwrap()
}

fn open(entry: RoundEntryId, case: CaseId) -> RoundCommand {
    RoundCommand::OpenCases { entries: vec![(entry, case)], urgency: Urgency::ThreeDays, worker: None }
}

on_both!(a_case_opens_and_its_clock_began_with_the_list, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    db.clock.advance(chrono::TimeDelta::days(2));
    let (found, case) = (entry(&db, "김가상").await, CaseId::new());
    let command = RoundCommand::OpenCases {
        entries: vec![(found.id, case)],
        urgency: Urgency::ThreeDays,
        worker: Some(db.people.colleague.user),
    };
    run(&db, &db.people.worker, command).await.unwrap();
    let now = entry(&db, "김가상").await;
    assert_eq!((now.decision, now.case, now.open_case), (TriageDecision::CaseOpened, Some(case), Some(case)));
    let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "메모".to_owned() };
    run(&db, &db.people.colleague, note).await.unwrap();
    assert_eq!(run(&db, &db.people.worker, open(found.id, CaseId::new())).await, Err(Rule::Triaged.into()));
    let undo = RoundCommand::Reconsider { entry: found.id };
    assert_eq!(run(&db, &db.people.worker, undo).await, Err(Rule::CaseOpen.into()));
});

on_both!(an_open_case_is_attached_to, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let (first, case) = (entry(&db, "이보기").await, CaseId::new());
    run(&db, &db.people.worker, open(first.id, case)).await.unwrap();
    import(&db, in_round(&list(), SIXTH)).await.unwrap();
    let second = entries(&db, &db.people.worker, SIXTH).await.into_iter().find(|e| e.neighbor == first.neighbor).unwrap();
    run(&db, &db.people.worker, open(second.id, CaseId::new())).await.unwrap();
    let again = entries(&db, &db.people.worker, SIXTH).await.into_iter().find(|e| e.id == second.id).unwrap();
    assert_eq!((again.decision, again.case), (TriageDecision::Attached, Some(case)));
    run(&db, &db.people.worker, RoundCommand::Reconsider { entry: second.id }).await.unwrap();
});

on_both!(no_need_and_not_eligible_are_different_and_can_be_taken_back, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let (one, two) = (entry(&db, "김가상").await, entry(&db, "이보기").await);
    for (entry, reason) in [(&one, NoActionReason::NoNeed), (&two, NoActionReason::NotEligibleForCash)] {
        run(&db, &db.people.worker, RoundCommand::NoAction { entries: vec![entry.id], reason }).await.unwrap();
    }
    assert_eq!(entry(&db, "김가상").await.reason.as_deref(), Some("no_need"));
    assert_eq!(entry(&db, "이보기").await.reason.as_deref(), Some("not_eligible_for_cash"));
    run(&db, &db.people.worker, RoundCommand::Reconsider { entry: one.id }).await.unwrap();
    let back = entry(&db, "김가상").await;
    assert_eq!((back.decision, back.reason, back.decided_by), (TriageDecision::Open, None, None));
    run(&db, &db.people.worker, RoundCommand::PassOn { entry: one.id, district: "강남구".to_owned() }).await.unwrap();
    assert_eq!(entry(&db, "김가상").await.reason.as_deref(), Some("강남구"));
});

on_both!(another_teams_entries_are_not_to_be_decided, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let found = entry(&db, "박예시").await;
    let command = || RoundCommand::NoAction { entries: vec![found.id], reason: NoActionReason::NoNeed };
    assert_eq!(run(&db, &db.people.worker, command()).await, Err(ApiError::Forbidden));
    assert_eq!(run(&db, &db.people.stranger, command()).await, Err(ApiError::NotFound));
    assert_eq!(run(&db, &db.people.auditor, command()).await, Err(ApiError::Forbidden));
    run(&db, &db.people.outsider, command()).await.unwrap();
});

on_both!(what_waits_follows_a_neighbor_to_another_dong, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let found = entry(&db, "이보기").await;
    let record = neighbors::get(&db.ctx(&db.people.worker), found.neighbor).await.unwrap().person.record;
    let moved = NeighborProfile { dong: DONGS[2].parse().unwrap(), ..record.profile.clone() };
    let edits = Box::new(ProfileEdits::between(&record.profile, &moved));
    run(&db, &db.people.worker, NeighborCommand::Edit { id: found.neighbor, edits }).await.unwrap();
    assert_eq!(entry(&db, "이보기").await.dong.code, DONGS[2]);
    let command = || RoundCommand::NoAction { entries: vec![found.id], reason: NoActionReason::NoNeed };
    assert_eq!(run(&db, &db.people.worker, command()).await, Err(ApiError::Forbidden));
    run(&db, &db.people.outsider, command()).await.unwrap();
});

on_both!(all_or_none_of_a_selection_is_decided, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let (mine, theirs) = (entry(&db, "김가상").await, entry(&db, "박예시").await);
    let command = RoundCommand::NoAction { entries: vec![mine.id, theirs.id], reason: NoActionReason::NoNeed };
    assert_eq!(run(&db, &db.people.worker, command).await, Err(ApiError::Forbidden));
    assert_eq!(entry(&db, "김가상").await.decision, TriageDecision::Open);
});

on_both!(a_restricted_neighbor_is_in_no_list_but_for_those_named, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let found = entry(&db, "김가상").await;
    let only = vec![db.people.worker.user];
    run(&db, &db.people.head, NeighborCommand::Restrict { id: found.neighbor, only }).await.unwrap();
    let names = async |by| entries(&db, by, FIFTH).await.into_iter().filter_map(|entry| entry.name).collect::<Vec<_>>();
    assert!(!names(&db.people.colleague).await.contains(&"김가상".to_owned()));
    assert!(names(&db.people.worker).await.contains(&"김가상".to_owned()));
    let command = RoundCommand::NoAction { entries: vec![found.id], reason: NoActionReason::NoNeed };
    assert_eq!(run(&db, &db.people.colleague, command).await, Err(ApiError::NotFound));
});

on_both!(the_list_is_filtered, async |db: TestDb| {
    import(&db, list()).await.unwrap();
    let id = round(&db, FIFTH).await;
    let found = async |filter: TriageFilter| {
        let page = rounds::list_entries(&db.ctx(&db.people.head), id, &filter, None).await.unwrap();
        page.rows.into_iter().filter_map(|entry| entry.name).collect::<Vec<_>>()
    };
    assert_eq!(found(TriageFilter { least: Some(2), ..TriageFilter::default() }).await, ["김가상"]);
    let dong = Some(DONGS[2].parse().unwrap());
    assert_eq!(found(TriageFilter { dong, ..TriageFilter::default() }).await, ["박예시"]);
    let decision = Some(TriageDecision::NoAction);
    assert_eq!(found(TriageFilter { decision, ..TriageFilter::default() }).await, [""; 0]);
    let bad = rounds::list_entries(&db.ctx(&db.people.head), id, &TriageFilter::default(), Some("x")).await;
    assert_eq!(bad.map(drop), Err(ApiError::BadRequest));
});
