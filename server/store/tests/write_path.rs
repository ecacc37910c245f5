//! The one write path, on both engines.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::TimeDelta;
use domain::{
    ApiError, Rule,
    case::Urgency,
    command::{CaseCommand, Command, Envelope, NeighborCommand},
    ids::{AssignmentId, CaseId, HouseholdId, MemberId, NeighborId, NoteId, Rev},
    merge::Edit,
    policy::Actor,
    profile::{Channel, HouseholdMember, MemberEdits, NeighborProfile, ProfileEdits, Relation},
    text::PhoneNumber,
};
use store::{
    audit::{
        seal,
        verify::{Fault, verify},
    },
    execute, neighbors, on_both,
    testing::TestDb,
};
use uuid::Uuid;

fn envelope(db: &TestDb, command: impl Into<Command>) -> Envelope {
    Envelope::new(command, domain::clock::Clock::now(&*db.clock))
}

fn registration(db: &TestDb, name: &str) -> (NeighborId, CaseId, NeighborCommand) {
    let (id, case) = (NeighborId::new(), CaseId::new());
    let mut profile = NeighborProfile::in_dong(db.dong());
    profile.name = Some(name.to_owned());
    profile.phone = Some(PhoneNumber::try_from("010-1234-5678".to_owned()).unwrap());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members: vec![],
        signs: vec!["S15".to_owned()],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: Some((case, Urgency::ThreeDays)),
    };
    (id, case, command)
}

async fn register(db: &TestDb, by: &Actor, name: &str) -> (NeighborId, CaseId) {
    let (id, case, command) = registration(db, name);
    execute(&db.ctx(by), envelope(db, command)).await.expect("registers");
    (id, case)
}

on_both!(the_same_op_id_changes_once, async |db: TestDb| {
    let ctx = db.ctx(&db.people.worker);
    let (_, _, command) = registration(&db, "홍길순");
    let envelope = envelope(&db, command);
    let first = execute(&ctx, envelope.clone()).await.unwrap();
    let second = execute(&ctx, envelope.clone()).await.unwrap();
    assert!(!first.repeated && second.repeated);
    assert_eq!((first.rev, first.seq), (second.rev, second.seq));
    let (_, _, other) = registration(&db, "다른 사람");
    let reused = Envelope { command: other.into(), ..envelope.clone() };
    assert_eq!(execute(&ctx, reused).await, Err(Rule::OpIdReused.into()));
    // Somebody else who learned the id learns nothing by it.
    assert_eq!(execute(&db.ctx(&db.people.colleague), envelope).await, Err(Rule::OpIdReused.into()));
});

on_both!(two_edits_of_different_fields_merge_and_of_the_same_field_conflict, async |db: TestDb| {
    let (id, _) = register(&db, &db.people.worker, "이름하나").await;
    let edit = |edits| NeighborCommand::Edit { id, edits: Box::new(edits) };
    let base = Rev(2); // registered, then the case was opened
    let address =
        ProfileEdits { address: Some(Edit { from: None, to: Some("서초대로 1".to_owned()) }), ..ProfileEdits::default() };
    execute(&db.ctx(&db.people.worker), envelope(&db, edit(address.clone())).based_on(base)).await.unwrap();
    let name = ProfileEdits {
        name: Some(Edit { from: Some("이름하나".to_owned()), to: Some("이름둘".to_owned()) }),
        ..ProfileEdits::default()
    };
    let merged = execute(&db.ctx(&db.people.colleague), envelope(&db, edit(name)).based_on(base)).await.unwrap();
    assert!(merged.merged);
    let other =
        ProfileEdits { address: Some(Edit { from: None, to: Some("반포대로 2".to_owned()) }), ..ProfileEdits::default() };
    let conflict = execute(&db.ctx(&db.people.colleague), envelope(&db, edit(other)).based_on(base)).await;
    let Err(ApiError::Conflict { fields, rev }) = conflict else { panic!("a conflict, not {conflict:?}") };
    assert_eq!((fields.len(), fields[0].field.as_str(), rev), (1, "address", merged.rev.0));
    assert_eq!((fields[0].theirs.as_str(), fields[0].mine.as_str()), (Some("서초대로 1"), Some("반포대로 2")));
});

on_both!(two_who_judge_the_urgency_are_told_of_each_other, async |db: TestDb| {
    let (_, case) = register(&db, &db.people.worker, "이름하나").await;
    let judge = |from, to| CaseCommand::SetUrgency { id: case, urgency: Edit { from, to }, reason: "확인".to_owned() };
    let first = judge(Urgency::ThreeDays, Urgency::SameDay);
    let first = execute(&db.ctx(&db.people.worker), envelope(&db, first)).await.unwrap();
    let second = judge(Urgency::ThreeDays, Urgency::TwoWeeks);
    let conflict = execute(&db.ctx(&db.people.manager), envelope(&db, second)).await;
    let Err(ApiError::Conflict { fields, rev }) = conflict else { panic!("a conflict, not {conflict:?}") };
    assert_eq!((fields.len(), fields[0].field.as_str(), rev), (1, "urgency", first.rev.0));
    let words = (fields[0].base.as_str(), fields[0].theirs.as_str(), fields[0].mine.as_str());
    assert_eq!(words, (Some("2"), Some("1"), Some("3")));
    // Both came to the same judgement: that is no conflict, and both reasons stay.
    execute(&db.ctx(&db.people.manager), envelope(&db, judge(Urgency::ThreeDays, Urgency::SameDay))).await.unwrap();
    execute(&db.ctx(&db.people.manager), envelope(&db, judge(Urgency::SameDay, Urgency::TwoWeeks))).await.unwrap();
});

on_both!(two_who_write_about_a_household_member_lose_nothing, async |db: TestDb| {
    let (id, _) = register(&db, &db.people.worker, "이름하나").await;
    let member = HouseholdMember {
        id: MemberId::new(),
        name: None,
        relation: Relation::Child,
        birth_year: None,
        is_carer: false,
        needs_care: false,
        neighbor: None,
    };
    let standing = async || neighbors::members(&db.ctx(&db.people.worker), id).await.unwrap();
    let run = async |by: &Actor, command: NeighborCommand| execute(&db.ctx(by), envelope(&db, command)).await.map(drop);
    let edit = |to: HouseholdMember| {
        let edits = Box::new(MemberEdits::between(&member, &to));
        NeighborCommand::EditMember { id, member: member.id, edits }
    };
    let (worker, colleague) = (&db.people.worker, &db.people.colleague);
    assert_eq!(run(worker, edit(HouseholdMember { is_carer: true, ..member.clone() })).await, Err(ApiError::NotFound));
    run(worker, NeighborCommand::PutMember { id, member: member.clone() }).await.unwrap();
    let named = HouseholdMember { name: Some("김예시".to_owned()), ..member.clone() };
    run(worker, edit(named.clone())).await.unwrap();
    run(colleague, edit(HouseholdMember { needs_care: true, ..member.clone() })).await.unwrap();
    let both = HouseholdMember { needs_care: true, ..named.clone() };
    assert_eq!(standing().await, std::slice::from_ref(&both));

    let other = run(colleague, edit(HouseholdMember { name: Some("김보기".to_owned()), ..member.clone() })).await;
    let Err(ApiError::Conflict { fields, .. }) = other else { panic!("a conflict, not {other:?}") };
    assert_eq!((fields[0].field.as_str(), fields[0].theirs.as_str()), ("name", Some("김예시")));
    // Whoever puts a member there unseen is refused, and the same again is no change.
    let unseen = run(colleague, NeighborCommand::PutMember { id, member: member.clone() }).await;
    assert_eq!(unseen, Err(ApiError::invalid("member", domain::Invalid::Taken)));
    run(colleague, NeighborCommand::PutMember { id, member: both.clone() }).await.unwrap();

    // Taken off by one and edited by the other: the edit stays to be seen.
    run(worker, NeighborCommand::RemoveMember { id, member: member.id }).await.unwrap();
    assert_eq!(standing().await, []);
    run(colleague, edit(HouseholdMember { is_carer: true, ..member.clone() })).await.unwrap();
    assert_eq!(standing().await, [HouseholdMember { is_carer: true, ..both }]);
});

on_both!(cases_are_hidden_from_other_teams_and_tenants, async |db: TestDb| {
    let (_, case) = register(&db, &db.people.worker, "가려진 사람").await;
    for by in
        [&db.people.outsider, &db.people.lone_worker, &db.people.auditor, &db.people.admin, &db.people.coach, &db.people.stranger]
    {
        let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "메모".to_owned() };
        assert_eq!(execute(&db.ctx(by), envelope(&db, note)).await, Err(ApiError::NotFound));
    }
    for by in [&db.people.worker, &db.people.colleague, &db.people.manager, &db.people.head] {
        let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "메모".to_owned() };
        execute(&db.ctx(by), envelope(&db, note)).await.unwrap();
    }
});

on_both!(a_transfer_across_teams_needs_the_receivers_yes, async |db: TestDb| {
    let (_, case) = register(&db, &db.people.worker, "옮기는 사람").await;
    let offer = AssignmentId::new();
    let transfer = CaseCommand::Transfer { id: offer, case, worker: db.people.outsider.user, reason: "이사".to_owned() };
    execute(&db.ctx(&db.people.worker), envelope(&db, transfer)).await.unwrap();
    let answer = |accept| CaseCommand::AnswerTransfer { id: offer, accept, reason: None };
    assert_eq!(execute(&db.ctx(&db.people.lone_worker), envelope(&db, answer(true))).await, Err(ApiError::NotFound));
    assert!(matches!(execute(&db.ctx(&db.people.outsider), envelope(&db, answer(false))).await, Err(ApiError::Invalid { .. })));
    execute(&db.ctx(&db.people.outsider), envelope(&db, answer(true))).await.unwrap();
    let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "받았습니다".to_owned() };
    execute(&db.ctx(&db.people.outsider), envelope(&db, note)).await.unwrap();
    assert_eq!(execute(&db.ctx(&db.people.outsider), envelope(&db, answer(true))).await, Err(Rule::NoTransfer.into()));
});

on_both!(a_resident_number_is_refused_everywhere, async |db: TestDb| {
    let (_, case) = register(&db, &db.people.worker, "정상 이름").await;
    let note = CaseCommand::AddNote { id: NoteId::new(), case, body: "번호는 900101-1234567 입니다".to_owned() };
    let refused = execute(&db.ctx(&db.people.worker), envelope(&db, note)).await;
    assert!(matches!(refused, Err(ApiError::Invalid { reason: domain::Invalid::ResidentNumber, .. })));
});

async fn sealed(db: &TestDb) {
    for name in ["가", "나", "다"] {
        register(db, &db.people.worker, name).await;
        db.clock.advance(TimeDelta::seconds(1));
        seal::seal_waiting(&db.store, db.tenant, Uuid::nil(), domain::clock::Clock::now(&*db.clock)).await.unwrap();
    }
    let found = verify(&db.store, db.tenant).await.unwrap();
    assert_eq!((found.batches, found.waiting, found.broken), (3, 0, None));
}

on_both!(verify_names_a_changed_row, async |db: TestDb| {
    sealed(&db).await;
    db.tamper("UPDATE audit SET action = 'view' WHERE batch = 2").await;
    let broken = verify(&db.store, db.tenant).await.unwrap().broken.unwrap();
    assert_eq!((broken.batch, broken.place, broken.fault), (2, Some(1), Fault::Changed));
});

on_both!(verify_names_a_deleted_row, async |db: TestDb| {
    sealed(&db).await;
    db.tamper("DELETE FROM audit WHERE id = (SELECT first_id FROM audit_batch WHERE number = 2)").await;
    let broken = verify(&db.store, db.tenant).await.unwrap().broken.unwrap();
    assert_eq!((broken.batch, broken.place, broken.fault), (2, Some(1), Fault::Deleted));
});

on_both!(verify_names_a_swapped_row, async |db: TestDb| {
    sealed(&db).await;
    db.tamper("UPDATE audit SET batch = 5 - batch WHERE batch IN (2, 3)").await;
    let broken = verify(&db.store, db.tenant).await.unwrap().broken.unwrap();
    assert_eq!((broken.batch, broken.place), (2, Some(1)));
});

on_both!(verify_notices_a_forged_batch, async |db: TestDb| {
    sealed(&db).await;
    db.tamper("DELETE FROM audit_batch WHERE number = 2").await;
    assert_eq!(verify(&db.store, db.tenant).await.unwrap().broken.unwrap().fault, Fault::Chain);
});
