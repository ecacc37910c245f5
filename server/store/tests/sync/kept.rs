//! What a tablet wrote about a case that went to somebody else meanwhile: applied where policy allowed it at the time of writing,
//! else kept for both workers and the manager to see, until one of those who hold the case decides. Nothing is dropped.

use crate::tablet::{Tablet, envelope, registration, visitor};
use chrono::TimeDelta;
use domain::{
    ApiError, Invalid, Rule,
    command::{CaseCommand, Envelope, KeptCommand, NeighborCommand, UserCommand},
    ids::{AssignmentId, CaseId, NeighborId, NoteId, OpId, UserId},
    merge::Edit,
    policy::Actor,
    profile::{Channel, ProfileEdits},
    sync::{
        outbox::{Outcome, State},
        protocol::{Push, Pushed},
    },
    view::cases::{CasePage, Happening},
};
use store::{
    cases, devices, execute, on_both,
    sync::push,
    testing::{DONGS, TestDb, audit_count, dong_code},
};

pub async fn give(db: &TestDb, case: CaseId, to: &Actor) {
    let assign = CaseCommand::Assign { cases: vec![(case, AssignmentId::new())], worker: to.user };
    execute(&db.ctx(&db.people.manager), envelope(db, assign)).await.unwrap();
}

/// A case of the worker who has nothing but their own.
pub async fn lone_case(db: &TestDb) -> (NeighborId, CaseId) {
    let (command, person, case) = registration(db, "김가상");
    execute(&db.ctx(&db.people.manager), envelope(db, command)).await.unwrap();
    give(db, case, &db.people.lone_worker).await;
    (person, case)
}

pub async fn page(db: &TestDb, actor: &Actor, case: CaseId) -> CasePage {
    cases::get(&db.ctx(actor), case).await.unwrap()
}

pub fn notes(page: &CasePage) -> Vec<(String, Option<UserId>)> {
    let rows = page.neighbor.timeline.rows.iter();
    rows.filter_map(|row| match &row.what {
        Happening::Note { body } => Some((body.clone(), row.by.as_ref().map(|by| by.id))),
        _ => None,
    })
    .collect()
}

pub fn note(case: CaseId, body: &str) -> CaseCommand {
    CaseCommand::AddNote { id: NoteId::new(), case, body: body.to_owned() }
}

fn address(id: NeighborId, from: Option<&str>, to: &str) -> NeighborCommand {
    let address = Some(Edit { from: from.map(str::to_owned), to: Some(to.to_owned()) });
    NeighborCommand::Edit { id, edits: Box::new(ProfileEdits { address, ..ProfileEdits::default() }) }
}

pub fn answer(op: OpId, case: CaseId, accept: bool) -> KeptCommand {
    let reason = (!accept).then(|| "이미 다른 방법으로 확인함".to_owned());
    KeptCommand::Answer { op, case, accept, reason, chosen: Vec::new() }
}

/// A tablet with a case that was given away an hour before it wrote: its only entry is kept.
pub async fn kept<'a>(db: &'a TestDb) -> (Tablet<'a>, CaseId, OpId) {
    let mut tablet = Tablet::new(db, &db.people.lone_worker).await;
    let (_, case) = lone_case(db).await;
    db.clock.advance(TimeDelta::hours(1));
    give(db, case, &db.people.colleague).await;
    db.clock.advance(TimeDelta::hours(1));
    tablet.write(note(case, "넘어간 줄 모르고 쓴 기록"));
    let results = tablet.push().await;
    assert_eq!(results[0].1, Some(Outcome::Kept));
    let op = results[0].0;
    (tablet, case, op)
}

on_both!(what_was_written_before_the_case_went_is_applied_in_its_writers_name, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.lone_worker).await;
    let (person, case) = lone_case(&db).await;
    db.clock.advance(TimeDelta::hours(1));
    let written = tablet.write(note(case, "넘기기 전에 쓴 기록"));
    tablet.write(address(person, None, "서초대로 1"));
    db.clock.advance(TimeDelta::hours(1));
    give(&db, case, &db.people.colleague).await;
    let outcomes: Vec<_> = tablet.push().await.into_iter().map(|(_, outcome)| outcome).collect();
    assert!(matches!(outcomes[..], [Some(Outcome::Applied { .. }), Some(Outcome::Applied { .. })]), "{outcomes:?}");
    let page = page(&db, &db.people.colleague, case).await;
    assert_eq!(notes(&page), [("넘기기 전에 쓴 기록".to_owned(), Some(db.people.lone_worker.user))]);
    assert!(page.neighbor.timeline.rows.iter().any(|row| row.at == written));
    assert!(page.case.kept.is_empty());
    // It is not theirs again by that, and by a page the time of writing is no right.
    assert_eq!(cases::get(&db.ctx(&db.people.lone_worker), case).await.map(drop), Err(ApiError::NotFound));
    let late = execute(&db.ctx(&db.people.lone_worker), envelope(&db, note(case, "화면에서"))).await;
    assert_eq!(late.map(drop), Err(ApiError::NotFound));
});

on_both!(what_was_written_after_is_kept_and_shown_to_those_who_hold_the_case, async |db: TestDb| {
    let (tablet, case, op) = kept(&db).await;
    assert_eq!(tablet.outbox.ledger().kept, 1);
    for viewer in [&db.people.colleague, &db.people.manager] {
        let page = page(&db, viewer, case).await;
        let waits: Vec<_> = page.case.kept.iter().map(|kept| (kept.op, kept.by.id, kept.label.as_str())).collect();
        assert_eq!(waits, [(op, db.people.lone_worker.user, "case.add_note")]);
        assert_eq!(page.case.kept[0].says, [("body".to_owned(), serde_json::json!("넘어간 줄 모르고 쓴 기록"))]);
        assert!(notes(&page).is_empty());
    }
    let today = store::visits::my_day(&db.ctx(&db.people.colleague), db.ctx(&db.people.colleague).today()).await.unwrap();
    assert_eq!(today.kept.iter().map(|one| one.case).collect::<Vec<_>>(), [case]);
    let board = store::team_board::board(&db.ctx(&db.people.manager), None).await.unwrap();
    assert_eq!(board.kept.iter().map(|one| one.id).collect::<Vec<_>>(), [case]);
    // The tablet of whoever holds the case has it as well.
    let mut theirs = Tablet::new(&db, &db.people.colleague).await;
    theirs.pull().await;
    assert!(theirs.dossiers.values().any(|dossier| dossier.case.card.kept.len() == 1));
});

on_both!(what_is_kept_names_the_signs_that_it_speaks_of, async |db: TestDb| {
    db.tamper("UPDATE sign SET name_ko = '우편물이 쌓임' WHERE code = 'S07'").await;
    let mut tablet = Tablet::new(&db, &db.people.lone_worker).await;
    let (person, case) = lone_case(&db).await;
    give(&db, case, &db.people.colleague).await;
    db.clock.advance(TimeDelta::hours(1));
    let signs = vec!["S07".to_owned(), "S15".to_owned()];
    tablet.write(NeighborCommand::Recognise { id: person, signs, learned_from: Channel::Worker });
    assert_eq!(tablet.push().await[0].1, Some(Outcome::Kept));
    let entry = page(&db, &db.people.colleague, case).await.case.kept.remove(0);
    let names: Vec<_> = entry.names.iter().map(|(code, name)| (code.as_str(), name.ko.as_str())).collect();
    assert_eq!(names, [("S07", "우편물이 쌓임"), ("S15", "S15")]);
});

on_both!(sending_it_again_keeps_it_once, async |db: TestDb| {
    let (tablet, case, op) = kept(&db).await;
    for _ in 0..3 {
        let again = tablet.ask_about_kept().await;
        assert_eq!(again, [(op, Some(Outcome::Kept))]);
    }
    assert_eq!(page(&db, &db.people.colleague, case).await.case.kept.len(), 1);
});

on_both!(taken_over_it_stands_in_its_writers_name_at_its_time_and_the_writer_hears, async |db: TestDb| {
    let (mut tablet, case, op) = kept(&db).await;
    let written = tablet.outbox.entry(op).unwrap().written_at();
    db.clock.advance(TimeDelta::hours(5));
    let colleague = db.ctx(&db.people.colleague);
    execute(&colleague, envelope(&db, answer(op, case, true))).await.unwrap();
    let page = page(&db, &db.people.colleague, case).await;
    assert_eq!(notes(&page), [("넘어간 줄 모르고 쓴 기록".to_owned(), Some(db.people.lone_worker.user))]);
    assert!(page.neighbor.timeline.rows.iter().any(|row| row.at == written && matches!(row.what, Happening::Note { .. })));
    assert!(page.case.kept.is_empty());
    for (op, outcome) in tablet.ask_about_kept().await {
        tablet.outbox.answer(op, outcome);
    }
    assert!(matches!(tablet.outbox.entry(op).unwrap().state, State::Decided(Outcome::Applied { .. })));
    assert_eq!(audit_count(&db.store, db.tenant, "kept.answer", case.0).await, 1);
    // Once.
    let again = execute(&colleague, envelope(&db, answer(op, case, false))).await;
    assert_eq!(again.map(drop), Err(Rule::KeptDecided.into()));
});

on_both!(declined_it_is_not_applied_and_the_writer_hears, async |db: TestDb| {
    let (mut tablet, case, op) = kept(&db).await;
    let manager = db.ctx(&db.people.manager);
    let silent = KeptCommand::Answer { op, case, accept: false, reason: None, chosen: Vec::new() };
    assert_eq!(execute(&manager, envelope(&db, silent)).await.map(drop), Err(ApiError::invalid("reason", Invalid::Missing)));
    execute(&manager, envelope(&db, answer(op, case, false))).await.unwrap();
    assert!(notes(&page(&db, &db.people.manager, case).await).is_empty());
    for (op, outcome) in tablet.ask_about_kept().await {
        tablet.outbox.answer(op, outcome);
    }
    let state = tablet.outbox.entry(op).unwrap().state.clone();
    assert_eq!(state, State::Decided(Outcome::Refused { error: Rule::KeptDeclined.into() }));
    // The writer still has it, and may give it up.
    tablet.outbox.withdraw(op).unwrap();
});

on_both!(only_those_who_may_work_on_the_case_decide, async |db: TestDb| {
    let (_, case, op) = kept(&db).await;
    for stranger in [&db.people.outsider, &db.people.auditor, &db.people.admin, &db.people.stranger] {
        let tried = execute(&db.ctx(stranger), envelope(&db, answer(op, case, true))).await;
        assert_eq!(tried.map(drop), Err(ApiError::NotFound));
    }
    // Of another case it is not there.
    let other = Tablet::new(&db, &db.people.colleague).await.register("이보기").await.1;
    let elsewhere = execute(&db.ctx(&db.people.colleague), envelope(&db, answer(op, other, true))).await;
    assert_eq!(elsewhere.map(drop), Err(ApiError::NotFound));
});

on_both!(a_conflict_shows_nothing_to_whoever_lost_the_case_and_is_chosen_by_whoever_has_it, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.lone_worker).await;
    let (person, case) = lone_case(&db).await;
    db.clock.advance(TimeDelta::hours(1));
    tablet.write(address(person, None, "서초대로 1"));
    db.clock.advance(TimeDelta::hours(1));
    give(&db, case, &db.people.colleague).await;
    let colleague = db.ctx(&db.people.colleague);
    execute(&colleague, envelope(&db, address(person, None, "반포대로 2"))).await.unwrap();
    let results = tablet.push().await;
    assert_eq!(results[0].1, Some(Outcome::Kept));
    let op = results[0].0;
    let Err(ApiError::Conflict { fields, .. }) = execute(&colleague, envelope(&db, answer(op, case, true))).await else {
        panic!("both changed the address")
    };
    assert_eq!(fields[0].theirs, serde_json::json!("반포대로 2"));
    let chosen = vec![(fields[0].clone(), serde_json::json!("서초대로 1"))];
    let settled = KeptCommand::Answer { op, case, accept: true, reason: None, chosen };
    execute(&colleague, envelope(&db, settled)).await.unwrap();
    let page = page(&db, &db.people.colleague, case).await;
    assert_eq!(page.neighbor.person.record.profile.address.as_deref(), Some("서초대로 1"));
    assert!(matches!(tablet.ask_about_kept().await[..], [(_, Some(Outcome::Applied { .. }))]));
});

on_both!(somebody_who_never_had_the_case_is_refused_and_nothing_is_kept, async |db: TestDb| {
    let theirs = Tablet::new(&db, &db.people.colleague).await;
    let (_, case) = theirs.register("이보기").await;
    let mut tablet = Tablet::new(&db, &db.people.outsider).await;
    tablet.force(note(case, "남의 사례"));
    tablet.force(note(CaseId::new(), "없는 사례"));
    let sent = tablet.batch();
    let answer = push(&tablet.ctx(), &tablet.device, sent).await.unwrap();
    let refused = Some(Outcome::Refused { error: ApiError::NotFound });
    assert_eq!(answer.results.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>(), [refused.clone(), refused]);
    let outsider = db.ctx(&db.people.outsider);
    let written = Box::new(Envelope::new(note(case, "-"), outsider.now()));
    let direct = KeptCommand::Keep { case, written_at: outsider.now(), envelope: written };
    assert_eq!(execute(&outsider, envelope(&db, direct)).await.map(drop), Err(ApiError::NotFound));
    assert_eq!(db.count("SELECT count(*) AS n FROM kept_entry").await, 0);
});

on_both!(a_time_before_the_tablet_was_set_up_is_no_right, async |db: TestDb| {
    let (_, case) = lone_case(&db).await;
    db.clock.advance(TimeDelta::hours(1));
    give(&db, case, &db.people.colleague).await;
    db.clock.advance(TimeDelta::hours(1));
    let mut late = Tablet::new(&db, &db.people.lone_worker).await;
    late.force_at(note(case, "앞당긴 시각"), db.ctx(&db.people.lone_worker).now() - TimeDelta::minutes(90));
    let sent = late.batch();
    let answer = push(&late.ctx(), &late.device, sent).await.unwrap();
    assert_eq!(answer.results[0].1, Some(Outcome::Kept));
    assert!(notes(&page(&db, &db.people.colleague, case).await).is_empty());
});

on_both!(what_looks_like_a_resident_number_is_not_kept_either, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.lone_worker).await;
    let (_, case) = lone_case(&db).await;
    give(&db, case, &db.people.colleague).await;
    db.clock.advance(TimeDelta::hours(1));
    let number = format!("{}-{}", 900101, 1234567);
    tablet.write(note(case, &format!("번호 {number}")));
    let results = tablet.push().await;
    assert_eq!(results[0].1, Some(Outcome::Refused { error: ApiError::invalid("body", Invalid::ResidentNumber) }));
    assert_eq!(db.count("SELECT count(*) AS n FROM kept_entry").await, 0);
});

on_both!(what_was_written_before_a_restriction_is_applied_and_what_was_written_after_is_kept, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (person, case) = tablet.register("김가상").await;
    db.clock.advance(TimeDelta::seconds(10));
    tablet.write(note(case, "가리기 전에 쓴 기록"));
    db.clock.advance(TimeDelta::seconds(10));
    let restrict = NeighborCommand::Restrict { id: person, only: vec![db.people.manager.user] };
    execute(&db.ctx(&db.people.manager), envelope(&db, restrict)).await.unwrap();
    db.clock.advance(TimeDelta::seconds(10));
    tablet.write(note(case, "가린 줄 모르고 쓴 기록"));
    let outcomes: Vec<_> = tablet.push().await.into_iter().map(|(_, outcome)| outcome).collect();
    assert!(matches!(outcomes[..], [Some(Outcome::Applied { .. }), Some(Outcome::Kept)]), "{outcomes:?}");
});

on_both!(what_the_feed_knows_nothing_of_was_whose_it_was_taken_from, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    let (person, case) = tablet.register("김가상").await;
    // As in a database that was filled without a feed.
    db.tamper("DELETE FROM change").await;
    db.clock.advance(TimeDelta::seconds(10));
    tablet.write(note(case, "가리기 전에 쓴 기록"));
    db.clock.advance(TimeDelta::seconds(10));
    let restrict = NeighborCommand::Restrict { id: person, only: vec![db.people.manager.user] };
    execute(&db.ctx(&db.people.manager), envelope(&db, restrict)).await.unwrap();
    assert!(matches!(tablet.push().await[..], [(_, Some(Outcome::Applied { .. }))]));
});

on_both!(a_right_of_then_does_not_reach_a_case_that_came_there_later, async |db: TestDb| {
    let (command, person, case) = registration(&db, "김가상");
    let NeighborCommand::Register { household, mut profile, signs, learned_from, open_case, .. } = command else {
        panic!("a registration")
    };
    profile.dong = dong_code(DONGS[2]);
    let elsewhere = NeighborCommand::Register {
        id: person,
        household,
        profile,
        members: Vec::new(),
        signs,
        learned_from,
        different_from: Vec::new(),
        open_case,
    };
    execute(&db.ctx(&db.people.head), envelope(&db, elsewhere)).await.unwrap();
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    db.clock.advance(TimeDelta::minutes(1));
    tablet.force(note(case, "다른 팀의 사례"));
    db.clock.advance(TimeDelta::minutes(1));
    let dong = Some(Edit { from: dong_code(DONGS[2]), to: db.dong() });
    let moves = NeighborCommand::Edit { id: person, edits: Box::new(ProfileEdits { dong, ..ProfileEdits::default() }) };
    execute(&db.ctx(&db.people.head), envelope(&db, moves)).await.unwrap();
    let admin = db.ctx(&db.people.admin);
    for grant in store::admin::user(&admin, db.people.worker.user).await.unwrap().user.grants {
        let end = UserCommand::EndGrant { id: grant.id, reason: "전보".to_owned() };
        execute(&admin, envelope(&db, end)).await.unwrap();
    }
    tablet.device = devices::recognise(&visitor(&db), &tablet.bearer).await.unwrap();
    let sent = tablet.batch();
    let answer = push(&tablet.ctx(), &tablet.device, sent).await.unwrap();
    assert_eq!(answer.results[0].1, Some(Outcome::Refused { error: ApiError::NotFound }));
    assert!(notes(&page(&db, &db.people.manager, case).await).is_empty());
});

on_both!(what_is_kept_takes_no_id_of_somebody_else_and_no_time_ahead, async |db: TestDb| {
    let (_, case, op) = kept(&db).await;
    give(&db, case, &db.people.lone_worker).await;
    let keep = |op_id: OpId, written_at| {
        let written = Box::new(Envelope { op_id, ..envelope(&db, note(case, "뒤따른 기록")) });
        envelope(&db, KeptCommand::Keep { case, written_at, envelope: written })
    };
    let (colleague, now) = (db.ctx(&db.people.colleague), db.ctx(&db.people.colleague).now());
    let taken = execute(&colleague, keep(op, now)).await;
    assert_eq!(taken.map(drop), Err(Rule::OpIdReused.into()));
    execute(&colleague, keep(OpId::new(), now + TimeDelta::days(3))).await.unwrap();
    let waits = page(&db, &db.people.manager, case).await.case.kept;
    assert_eq!(waits.len(), 2);
    assert!(waits.iter().all(|entry| entry.written_at <= now), "{waits:?}");
});

on_both!(declined_it_stays_so_when_the_case_comes_back, async |db: TestDb| {
    let (mut tablet, case, op) = kept(&db).await;
    let copy = tablet.outbox.kept(1);
    execute(&db.ctx(&db.people.manager), envelope(&db, answer(op, case, false))).await.unwrap();
    give(&db, case, &db.people.lone_worker).await;
    let declined = Outcome::Refused { error: Rule::KeptDeclined.into() };
    for _ in 0..2 {
        assert_eq!(tablet.ask_about_kept().await, [(op, Some(declined.clone()))]);
    }
    tablet.outbox.answer(op, Some(declined));
    tablet.outbox.withdraw(op).unwrap();
    let late = copy.into_iter().map(|entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope });
    let late = Push { sent_at: tablet.ctx().now(), waiting: 0, restored_at: None, entries: late.collect() };
    push(&tablet.ctx(), &tablet.device, late).await.unwrap();
    assert!(notes(&page(&db, &db.people.lone_worker, case).await).is_empty());
});

on_both!(when_the_case_comes_back_to_its_writer_nobody_else_has_to_decide, async |db: TestDb| {
    let (tablet, case, op) = kept(&db).await;
    give(&db, case, &db.people.lone_worker).await;
    assert_eq!(page(&db, &db.people.manager, case).await.case.kept.len(), 1);
    let again = tablet.ask_about_kept().await;
    assert!(matches!(again[..], [(_, Some(Outcome::Applied { .. }))]), "{again:?}");
    let page = page(&db, &db.people.manager, case).await;
    assert_eq!(notes(&page), [("넘어간 줄 모르고 쓴 기록".to_owned(), Some(db.people.lone_worker.user))]);
    assert!(page.case.kept.is_empty());
    let late = execute(&db.ctx(&db.people.manager), envelope(&db, answer(op, case, false))).await;
    assert_eq!(late.map(drop), Err(Rule::KeptDecided.into()));
});
