//! Two records that may be one person, on both engines.

use crate::support::{FIFTH, SIXTH, entries, import, in_dong, in_round, numbers, row, run};
use domain::{
    ApiError, Rule,
    case::Urgency,
    command::{CaseCommand, LinkCommand, NeighborCommand},
    ids::{CaseId, NoteId},
    merge::Edit,
    policy::Actor,
    profile::{Channel, NeighborProfile, ProfileEdits},
    view::rounds::LinkPair,
};
use store::{
    drafts, neighbors, on_both, rounds,
    testing::{DONGS, TestDb},
};

const PHONE: Option<&str> = Some("010-1234-5678");

/// Two lists name the same person in two dongs; the second one knows a phone.
async fn pair(db: &TestDb) -> LinkPair {
    let old = row(2, "김가상", Some(1950), None, &["I01", "I05"]);
    import(db, vec![old]).await.unwrap();
    db.clock.advance(chrono::TimeDelta::days(60));
    let new = in_dong(row(2, "김가상", Some(1950), PHONE, &["I05"]), DONGS[1]);
    assert_eq!(numbers(&import(db, in_round(&[new], SIXTH)).await.unwrap()), (0, 0, 1, 0, 1));
    links(db, &db.people.worker).await.pop().unwrap()
}

async fn links(db: &TestDb, by: &Actor) -> Vec<LinkPair> {
    rounds::list_links(&db.ctx(by), None).await.unwrap().rows
}

fn decide(pair: &LinkPair, same: bool) -> LinkCommand {
    LinkCommand::Decide { id: pair.id, same }
}

async fn open_case(db: &TestDb, person: domain::ids::NeighborId) -> CaseId {
    let id = CaseId::new();
    let (urgency, learned_from) = (Urgency::TwoWeeks, Channel::Signals);
    run(db, &db.people.worker, CaseCommand::Open { id, neighbor: person, urgency, learned_from, worker: None }).await.unwrap();
    id
}

async fn add_note(db: &TestDb, case: CaseId) {
    let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "전화 통화".to_owned() };
    run(db, &db.people.worker, note).await.unwrap();
}

on_both!(the_same_person_has_everything_of_both, async |db: TestDb| {
    let pair = pair(&db).await;
    let case = open_case(&db, pair.newer.id).await;
    add_note(&db, case).await;
    run(&db, &db.people.worker, decide(&pair, true)).await.unwrap();
    assert_eq!(links(&db, &db.people.worker).await, []);
    for period in [FIFTH, SIXTH] {
        let found = entries(&db, &db.people.worker, period).await;
        assert_eq!((found.len(), found[0].neighbor, found[0].open_case), (1, pair.older.id, Some(case)));
    }
    // What the newer record knew is known of the older one: a list with the phone finds it, wherever it lives now.
    let third = in_dong(row(2, "김가상", Some(1950), PHONE, &["I13"]), DONGS[2]);
    let period = domain::round::RoundPeriod { year: 2027, number: 1 };
    assert_eq!(numbers(&import(&db, in_round(&[third], period)).await.unwrap()), (0, 1, 0, 0, 1));
    assert_eq!(entries(&db, &db.people.worker, period).await[0].neighbor, pair.older.id);
    add_note(&db, case).await;
    assert_eq!(run(&db, &db.people.worker, decide(&pair, false)).await, Err(Rule::LinkDecided.into()));
});

on_both!(a_row_that_named_the_merged_record_names_the_one_that_stayed, async |db: TestDb| {
    let pair = pair(&db).await;
    run(&db, &db.people.worker, decide(&pair, true)).await.unwrap();
    let new = in_dong(row(2, "김가상", Some(1950), PHONE, &["I05"]), DONGS[1]);
    assert_eq!(numbers(&import(&db, in_round(&[new], SIXTH)).await.unwrap()), (0, 1, 0, 0, 0));
});

on_both!(a_pair_follows_its_older_record_to_another_team, async |db: TestDb| {
    let pair = pair(&db).await;
    let record = neighbors::get(&db.ctx(&db.people.worker), pair.older.id).await.unwrap().person.record;
    let moved = NeighborProfile { dong: DONGS[2].parse().unwrap(), ..record.profile.clone() };
    let edits = Box::new(ProfileEdits::between(&record.profile, &moved));
    run(&db, &db.people.worker, NeighborCommand::Edit { id: pair.older.id, edits }).await.unwrap();
    assert_eq!(links(&db, &db.people.worker).await, []);
    assert_eq!(links(&db, &db.people.head).await.len(), 1);
});

on_both!(two_cases_with_work_in_them_are_not_merged, async |db: TestDb| {
    let pair = pair(&db).await;
    let (older, newer) = (open_case(&db, pair.older.id).await, open_case(&db, pair.newer.id).await);
    add_note(&db, older).await;
    add_note(&db, newer).await;
    assert_eq!(run(&db, &db.people.worker, decide(&pair, true)).await, Err(Rule::CaseOpen.into()));
    assert_eq!(links(&db, &db.people.worker).await.len(), 1);
});

on_both!(a_case_without_work_gives_way, async |db: TestDb| {
    let pair = pair(&db).await;
    let (older, newer) = (open_case(&db, pair.older.id).await, open_case(&db, pair.newer.id).await);
    add_note(&db, newer).await;
    run(&db, &db.people.worker, decide(&pair, true)).await.unwrap();
    assert_eq!(entries(&db, &db.people.worker, FIFTH).await[0].open_case, Some(newer));
    let closed = CaseCommand::SetUrgency {
        id: older,
        urgency: Edit { from: Urgency::TwoWeeks, to: Urgency::SameDay },
        reason: "확인".to_owned(),
    };
    assert_eq!(run(&db, &db.people.worker, closed).await, Err(Rule::CaseClosed.into()));
});

on_both!(different_people_are_not_asked_about_again_unless_taken_back, async |db: TestDb| {
    let pair = pair(&db).await;
    run(&db, &db.people.worker, decide(&pair, false)).await.unwrap();
    assert_eq!(links(&db, &db.people.worker).await, []);
    let again = in_dong(row(2, "김가상", Some(1950), PHONE, &["I13"]), DONGS[1]);
    let period = domain::round::RoundPeriod { year: 2027, number: 1 };
    assert_eq!(numbers(&import(&db, in_round(&[again], period)).await.unwrap()), (0, 1, 0, 0, 1));
    assert_eq!(links(&db, &db.people.worker).await, []);
    run(&db, &db.people.worker, LinkCommand::Reconsider { id: pair.id }).await.unwrap();
    assert_eq!(links(&db, &db.people.worker).await.len(), 1);
});

on_both!(a_pair_is_hidden_from_other_teams_and_from_those_not_named, async |db: TestDb| {
    let pair = pair(&db).await;
    for by in [&db.people.outsider, &db.people.stranger, &db.people.lone_worker] {
        assert_eq!(links(&db, by).await, []);
        assert_eq!(run(&db, by, decide(&pair, true)).await, Err(ApiError::NotFound));
    }
    let only = vec![db.people.colleague.user];
    run(&db, &db.people.manager, NeighborCommand::Restrict { id: pair.newer.id, only }).await.unwrap();
    assert_eq!(links(&db, &db.people.worker).await, []);
    assert_eq!(run(&db, &db.people.worker, decide(&pair, true)).await, Err(ApiError::NotFound));
    run(&db, &db.people.colleague, decide(&pair, true)).await.unwrap();
    assert_eq!(entries(&db, &db.people.worker, FIFTH).await, [], "the restriction covers what was merged");
});

on_both!(drafts_are_sealed_and_their_owners_only, async |db: TestDb| {
    let (ctx, id) = (db.ctx(&db.people.worker), domain::ids::DraftId::new());
    drafts::save(&ctx, id, "register", "첫 글".as_bytes()).await.unwrap();
    drafts::save(&ctx, id, "register", "고친 글".as_bytes()).await.unwrap();
    assert_eq!(drafts::load(&ctx, id).await.unwrap().body, "고친 글".as_bytes());
    assert_eq!(drafts::list(&ctx, "register").await.unwrap().len(), 1);
    let other = db.ctx(&db.people.colleague);
    assert_eq!(drafts::load(&other, id).await, Err(ApiError::NotFound));
    drafts::delete(&other, id).await.unwrap();
    assert_eq!(drafts::list(&other, "register").await.unwrap(), []);
    let large = vec![b'x'; drafts::MOST_BYTES + 1];
    assert!(drafts::save(&ctx, id, "register", &large).await.is_err());
    drafts::delete(&ctx, id).await.unwrap();
    assert_eq!(drafts::load(&ctx, id).await, Err(ApiError::NotFound));
});
