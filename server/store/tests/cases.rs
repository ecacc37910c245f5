//! Lists, searches, pages and timelines of cases and people, on both engines.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::TimeDelta;
use domain::{
    ApiError,
    case::{CaseFacts, ClosureReason, Stage, Step, Urgency},
    command::{CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{AssignmentId, CaseId, HouseholdId, MemberId, NeighborId, NoteId, VisitId},
    linkage::LinkLevel,
    merge::Edit,
    policy::Actor,
    profile::{Channel, HouseholdMember, NeighborProfile, ProfileEdits, Relation},
    text::PhoneNumber,
    view::{
        cases::{CaseLens, CaseQuery, CaseSort, Happening},
        neighbors::{LookAlike, PersonDraft},
    },
    visit::{Outcome, VisitKind, Window},
};
use store::{
    cases, execute, neighbors, on_both,
    seed::{BulkPerson, write_people},
    testing::{DONGS, TestDb, dong_code},
};

async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) -> Result<(), ApiError> {
    let envelope = Envelope::new(command, domain::clock::Clock::now(&*db.clock));
    execute(&db.ctx(by), envelope).await.map(drop)
}

struct New {
    name: Option<&'static str>,
    dong: &'static str,
    urgency: Urgency,
    phone: Option<&'static str>,
    year: Option<i16>,
}

const NEW: New = New { name: None, dong: DONGS[0], urgency: Urgency::ThreeDays, phone: None, year: None };

async fn register(db: &TestDb, by: &Actor, new: New) -> (NeighborId, CaseId) {
    let (id, case) = (NeighborId::new(), CaseId::new());
    let mut profile = NeighborProfile::in_dong(dong_code(new.dong));
    profile.name = new.name.map(str::to_owned);
    profile.phone = new.phone.map(|phone| PhoneNumber::try_from(phone.to_owned()).unwrap());
    profile.birth_year = new.year.map(|year| year.try_into().unwrap());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members: vec![],
        signs: vec!["S15".to_owned()],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: Some((case, new.urgency)),
    };
    run(db, by, command).await.expect("registers");
    db.clock.advance(TimeDelta::seconds(1));
    (id, case)
}

async fn names(db: &TestDb, by: &Actor, query: &CaseQuery) -> Vec<String> {
    let page = cases::list(&db.ctx(by), query, None).await.expect("lists");
    page.rows.into_iter().map(|row| row.name.unwrap_or_default()).collect()
}

fn named(lens: CaseLens, name: &str) -> CaseQuery {
    CaseQuery { lens: Some(lens), name: Some(name.to_owned()), ..CaseQuery::default() }
}

/// So many others in the team, with open cases or closed ones, that no search looks at every name.
async fn crowd(db: &TestDb, closed: bool) {
    let now = domain::clock::Clock::now(&*db.clock);
    let facts = CaseFacts {
        discovered_at: now,
        closed_at: closed.then_some(now),
        closure: closed.then_some(ClosureReason::GoalsMet),
        ..CaseFacts::default()
    };
    let person = || {
        let mut profile = NeighborProfile::in_dong(dong_code(DONGS[0]));
        profile.name = Some("표예시".to_owned());
        BulkPerson {
            id: NeighborId::new(),
            household: HouseholdId::new(),
            profile,
            learned_from: Channel::Worker,
            case: CaseId::new(),
            urgency: Urgency::ThreeDays,
            facts: facts.clone(),
            worker: db.people.colleague.user,
            visits: vec![],
            notes: vec![],
        }
    };
    let people: Vec<_> = std::iter::repeat_with(person).take(2_000).collect();
    write_people(&db.ctx(&db.people.manager), &people).await.expect("writes");
}

on_both!(a_search_finds_two_syllables_initials_and_a_first_syllable, async |db: TestDb| {
    for name in ["김철수", "김영희", "박철수", "Nguyen Van An", "Anna Lee"] {
        register(&db, &db.people.worker, New { name: Some(name), ..NEW }).await;
    }
    let lenses =
        [(&db.people.worker, CaseLens::Own), (&db.people.manager, CaseLens::Team), (&db.people.head, CaseLens::District)];
    // First by looking at every name of the lens, then, among a crowd, by the trigram index.
    for crowded in [false, true] {
        if crowded {
            crowd(&db, false).await;
        }
        for (by, lens) in lenses {
            for (typed, found) in [
                ("철수", vec!["김철수", "박철수"]),
                ("ㄱㅊㅅ", vec!["김철수"]),
                ("ㅊㅅ", vec!["김철수", "박철수"]),
                ("김ㅊ", vec!["김철수"]),
                ("김", vec!["김영희", "김철수"]),
                ("ㄱ", vec!["김영희", "김철수"]),
                ("nguyen", vec!["Nguyen Van An"]),
                ("an", vec!["Anna Lee"]),
                ("이수", vec![]),
            ] {
                assert_eq!(names(&db, by, &named(lens, typed)).await, found, "{typed} in {lens}, crowded: {crowded}");
            }
        }
    }
    let filtered = CaseQuery { urgency: Some(Urgency::Emergency), ..named(CaseLens::Team, "철수") };
    assert!(names(&db, &db.people.manager, &filtered).await.is_empty());
});

on_both!(a_renamed_neighbor_is_found_by_the_new_name_only, async |db: TestDb| {
    let (id, case) = register(&db, &db.people.worker, New { name: Some("최가상"), ..NEW }).await;
    let close = CaseCommand::Close { id: case, reason: ClosureReason::GoalsMet, explanation: "목표 달성".to_owned() };
    run(&db, &db.people.worker, close).await.unwrap();
    let edits = ProfileEdits {
        name: Some(Edit { from: Some("최가상".to_owned()), to: Some("한예시".to_owned()) }),
        ..ProfileEdits::default()
    };
    run(&db, &db.people.worker, NeighborCommand::Edit { id, edits: Box::new(edits) }).await.unwrap();
    let closed = |name| CaseQuery { closed: true, ..named(CaseLens::Team, name) };
    for crowded in [false, true] {
        if crowded {
            crowd(&db, true).await;
        }
        assert_eq!(names(&db, &db.people.worker, &closed("한예")).await, ["한예시"], "crowded: {crowded}");
        assert!(names(&db, &db.people.worker, &closed("최가")).await.is_empty(), "crowded: {crowded}");
    }
});

on_both!(pages_follow_each_other_in_every_order_while_rows_come_in, async |db: TestDb| {
    let worker = &db.people.worker;
    for n in 0..60_u8 {
        let urgency = Urgency::ALL[usize::from(n % 4)];
        let (_, case) = register(&db, worker, New { name: Some("홍가상"), urgency, ..NEW }).await;
        if n % 3 == 0 {
            let record = VisitCommand::RecordUnplanned {
                id: VisitId::new(),
                case,
                kind: VisitKind::Phone,
                at: domain::clock::Clock::now(&*db.clock),
                outcome: Outcome::Met { face_to_face: None },
                signs: vec![],
                note: None,
            };
            run(&db, worker, record).await.unwrap();
        }
    }
    for sort in CaseSort::ALL {
        for descending in [false, true] {
            let query = CaseQuery { sort: Some(*sort), descending, ..CaseQuery::default() };
            let first = cases::list(&db.ctx(worker), &query, None).await.unwrap();
            assert_eq!(first.rows.len(), 50);
            let (_, newcomer) = register(&db, worker, New { name: Some("가가가"), urgency: Urgency::Emergency, ..NEW }).await;
            let second = cases::list(&db.ctx(worker), &query, first.next.as_deref()).await.unwrap();
            let mut seen: Vec<CaseId> = first.rows.iter().chain(&second.rows).map(|row| row.id).collect();
            seen.retain(|id| *id != newcomer);
            let all = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), all, "nobody twice by {sort}");
            assert!(second.next.is_none() && all >= 60, "nobody left out by {sort}: {all}");
            let close = CaseCommand::Close { id: newcomer, reason: ClosureReason::Duplicate, explanation: "시험".to_owned() };
            run(&db, worker, close).await.unwrap();
        }
    }
    let urgencies: Vec<Urgency> =
        cases::list(&db.ctx(worker), &CaseQuery { sort: Some(CaseSort::Urgency), ..CaseQuery::default() }, None)
            .await
            .unwrap()
            .rows
            .iter()
            .map(|row| row.urgency)
            .collect();
    assert!(urgencies.is_sorted() && urgencies.first() == Some(&Urgency::Emergency));
});

on_both!(filters_narrow_and_a_lens_does_not_reach_beyond_the_actor, async |db: TestDb| {
    let worker = &db.people.worker;
    register(&db, worker, New { name: Some("하나"), urgency: Urgency::SameDay, ..NEW }).await;
    register(&db, worker, New { name: Some("두리"), dong: DONGS[1], ..NEW }).await;
    register(&db, &db.people.colleague, New { name: Some("세찬"), ..NEW }).await;
    register(&db, &db.people.outsider, New { name: Some("네온"), dong: DONGS[2], ..NEW }).await;
    let team = CaseQuery { lens: Some(CaseLens::Team), sort: Some(CaseSort::Name), ..CaseQuery::default() };
    assert_eq!(names(&db, worker, &CaseQuery { lens: Some(CaseLens::Own), ..team.clone() }).await, ["두리", "하나"]);
    assert_eq!(names(&db, worker, &team).await, ["두리", "세찬", "하나"]);
    assert_eq!(names(&db, worker, &CaseQuery { dong: Some(dong_code(DONGS[1])), ..team.clone() }).await, ["두리"]);
    assert_eq!(names(&db, worker, &CaseQuery { urgency: Some(Urgency::SameDay), ..team.clone() }).await, ["하나"]);
    assert_eq!(names(&db, worker, &CaseQuery { worker: Some(db.people.colleague.user), ..team.clone() }).await, ["세찬"]);
    assert!(names(&db, worker, &CaseQuery { stage: Some(Stage::Plan), ..team.clone() }).await.is_empty());
    // Neither another team nor the district is theirs to see.
    let other = CaseQuery { team: Some(db.teams[1]), ..team.clone() };
    assert_eq!(names(&db, worker, &other).await, ["두리", "세찬", "하나"]);
    let district = CaseQuery { lens: Some(CaseLens::District), ..team.clone() };
    assert_eq!(names(&db, worker, &district).await, ["두리", "하나"]);
    assert_eq!(names(&db, &db.people.head, &district).await, ["네온", "두리", "세찬", "하나"]);
    assert!(names(&db, &db.people.stranger, &district).await.is_empty());
    db.clock.advance(TimeDelta::days(2));
    assert_eq!(names(&db, worker, &CaseQuery { overdue: true, ..team.clone() }).await, ["하나"]);
    let head = cases::head(&db.ctx(worker), &team).await.unwrap();
    assert_eq!((head.open.at_least, head.overdue.at_least, head.lens), (3, 1, CaseLens::Team));
    for nobody in [&db.people.auditor, &db.people.admin, &db.people.coach] {
        assert_eq!(cases::list(&db.ctx(nobody), &team, None).await, Err(ApiError::Forbidden));
        assert_eq!(cases::head(&db.ctx(nobody), &team).await, Err(ApiError::Forbidden));
    }
    assert_eq!(cases::list(&db.ctx(worker), &team, Some("zz")).await, Err(ApiError::BadRequest));
});

on_both!(a_restricted_neighbor_is_nowhere_but_for_those_named, async |db: TestDb| {
    let phone = Some("010-1234-5678");
    let (id, case) = register(&db, &db.people.worker, New { name: Some("비밀인"), phone, ..NEW }).await;
    let restrict = NeighborCommand::Restrict { id, only: vec![db.people.worker.user] };
    run(&db, &db.people.manager, restrict).await.unwrap();
    let draft =
        PersonDraft { name: Some("비밀인".to_owned()), phone: phone.map(|p| p.parse().unwrap()), ..PersonDraft::default() };
    for (by, sees) in
        [(&db.people.worker, true), (&db.people.manager, true), (&db.people.colleague, false), (&db.people.head, false)]
    {
        let ctx = db.ctx(by);
        let lens = if *by == db.people.head { CaseLens::District } else { CaseLens::Team };
        assert_eq!(!names(&db, by, &CaseQuery { lens: Some(lens), ..CaseQuery::default() }).await.is_empty(), sees);
        for typed in ["비밀", "ㅂㅁㅇ", "비"] {
            assert_eq!(!names(&db, by, &named(lens, typed)).await.is_empty(), sees, "{typed}");
        }
        assert_eq!(cases::get(&ctx, case).await.is_ok(), sees);
        assert_eq!(neighbors::get(&ctx, id).await.is_ok(), sees);
        assert_eq!(cases::timeline(&ctx, id, None).await.is_ok(), sees);
        assert_eq!(!neighbors::look_alikes(&ctx, &draft).await.unwrap().is_empty(), sees);
        assert_eq!(
            u32::from(sees),
            cases::head(&ctx, &CaseQuery { lens: Some(lens), ..CaseQuery::default() }).await.unwrap().open.at_least
        );
    }
    let unknown = NeighborCommand::Restrict { id, only: vec![domain::ids::UserId::new()] };
    assert!(matches!(run(&db, &db.people.manager, unknown).await, Err(ApiError::Invalid { .. })));
});

on_both!(who_reaches_only_their_own_registers_somebody_and_holds_the_case, async |db: TestDb| {
    let lone = db.ctx(&db.people.lone_worker);
    let (id, case) = register(&db, &db.people.lone_worker, NEW).await;
    let page = cases::get(&lone, case).await.expect("it is theirs");
    assert_eq!(page.case.worker.map(|worker| worker.id), Some(lone.user()));
    let note = NeighborCommand::Recognise { id, signs: vec!["S15".to_owned()], learned_from: Channel::Worker };
    run(&db, &db.people.lone_worker, note).await.expect("they are theirs too");
    let (other, of_colleague) = register(&db, &db.people.colleague, NEW).await;
    assert_eq!(cases::get(&lone, of_colleague).await.map(drop), Err(ApiError::NotFound));
    let open = CaseCommand::Open {
        id: CaseId::new(),
        neighbor: other,
        urgency: Urgency::ThreeDays,
        learned_from: Channel::Worker,
        worker: None,
    };
    assert_eq!(run(&db, &db.people.lone_worker, open).await, Err(ApiError::NotFound));
});

on_both!(lists_pages_and_policy_agree_on_every_role_and_row, async |db: TestDb| {
    let people = &db.people;
    let (_, own) = register(&db, &people.worker, New { name: Some("가가"), ..NEW }).await;
    let (_, of_colleague) = register(&db, &people.colleague, New { name: Some("나나"), ..NEW }).await;
    let (_, of_outsider) = register(&db, &people.outsider, New { name: Some("다다"), dong: DONGS[2], ..NEW }).await;
    let (secret_id, secret) = register(&db, &people.colleague, New { name: Some("라라"), ..NEW }).await;
    run(&db, &people.manager, NeighborCommand::Restrict { id: secret_id, only: vec![people.colleague.user] }).await.unwrap();
    // The outsider and the lone worker go along to a planned visit of the worker's case.
    for second in [&people.outsider, &people.lone_worker] {
        let start = domain::clock::Clock::now(&*db.clock) + TimeDelta::days(1);
        let visit = VisitCommand::Schedule {
            id: VisitId::new(),
            series: None,
            case: own,
            kind: VisitKind::Home,
            window: Window { start, end: start + TimeDelta::hours(1) },
            worker: people.worker.user,
            second_worker: Some(second.user),
            two_person: true,
            purpose: None,
            recurrence: None,
        };
        run(&db, &people.worker, visit).await.expect("schedules");
        db.clock.advance(TimeDelta::hours(2));
    }
    let everybody = [
        (&people.worker, vec![own, of_colleague]),
        (&people.colleague, vec![own, of_colleague, secret]),
        (&people.lone_worker, vec![own]),
        (&people.outsider, vec![own, of_outsider]),
        (&people.manager, vec![own, of_colleague, secret]),
        (&people.head, vec![own, of_colleague, of_outsider]),
        (&people.auditor, vec![]),
        (&people.admin, vec![]),
        (&people.coach, vec![]),
        (&people.stranger, vec![]),
    ];
    for (actor, sees) in everybody {
        let ctx = db.ctx(actor);
        for case in [own, of_colleague, of_outsider, secret] {
            let page = cases::get(&ctx, case).await;
            assert_eq!(page.is_ok(), sees.contains(&case), "{actor:?} {case}");
            if let Err(error) = page {
                assert_eq!(error, ApiError::NotFound);
            }
        }
        let mut listed = store::testing::visible_cases(&ctx).await;
        let mut expected = sees.clone();
        listed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(listed, expected, "{actor:?}");
    }
    // Going along is looking, not changing.
    let note = CaseCommand::AddNote { id: NoteId::new(), case: own, body: "메모".to_owned() };
    assert_eq!(run(&db, &people.outsider, note).await, Err(ApiError::Forbidden));
});

on_both!(a_case_page_shows_what_was_done_and_every_look_is_on_the_trail, async |db: TestDb| {
    let (id, case) = register(&db, &db.people.worker, New { name: Some("오가상"), phone: Some("02-123-4567"), ..NEW }).await;
    let member = HouseholdMember {
        id: MemberId::new(),
        name: Some("오예시".to_owned()),
        relation: Relation::Child,
        birth_year: None,
        is_carer: true,
        needs_care: false,
        neighbor: None,
    };
    run(&db, &db.people.worker, NeighborCommand::PutMember { id, member: member.clone() }).await.unwrap();
    let on = db.ctx(&db.people.worker).today();
    run(&db, &db.people.worker, CaseCommand::RecordStep { id: case, step: Step::Counselling, on }).await.unwrap();
    let transfer =
        CaseCommand::Transfer { id: AssignmentId::new(), case, worker: db.people.outsider.user, reason: "이사".to_owned() };
    run(&db, &db.people.worker, transfer).await.unwrap();
    let before = store::testing::audit_count(&db.store, db.tenant, "view", case.0).await;
    let page = cases::get(&db.ctx(&db.people.worker), case).await.unwrap();
    assert_eq!(store::testing::audit_count(&db.store, db.tenant, "view", case.0).await, before + 1);
    assert_eq!(page.neighbor.members, std::slice::from_ref(&member));
    assert_eq!((page.case.stage, page.case.next_step), (Stage::Counselling, Some(Step::Intake)));
    assert_eq!(
        page.case.transfer.map(|offer| (offer.to.name, offer.reason)),
        Some(("outsider".to_owned(), Some("이사".to_owned())))
    );
    assert_eq!(page.neighbor.why.signs.len(), 1);
    assert!(page.case.shortfall.is_some() && page.neighbor.may.work && page.neighbor.may.transfer && !page.neighbor.may.approve);
    assert_eq!(neighbors::members(&db.ctx(&db.people.manager), id).await.unwrap(), [member]);
    assert_eq!(store::testing::audit_count(&db.store, db.tenant, "view", id.0).await, 1);
    neighbors::get(&db.ctx(&db.people.manager), id).await.unwrap();
    cases::timeline(&db.ctx(&db.people.manager), id, None).await.unwrap();
    assert_eq!(store::testing::audit_count(&db.store, db.tenant, "view", id.0).await, 3);
});

on_both!(a_timeline_is_one_order_over_all_that_happened, async |db: TestDb| {
    let (id, case) = register(&db, &db.people.worker, New { name: Some("차례인"), ..NEW }).await;
    for n in 0..70_u8 {
        let note = CaseCommand::AddNote { id: NoteId::new(), case, body: format!("메모 {n}") };
        run(&db, &db.people.worker, note).await.unwrap();
        // Several things at one instant must not get lost between two pages.
        if n % 7 == 0 {
            let urgency = CaseCommand::SetUrgency {
                id: case,
                urgency: Edit { from: Urgency::ThreeDays, to: Urgency::SameDay },
                reason: "확인".to_owned(),
            };
            run(&db, &db.people.worker, urgency).await.unwrap();
            db.clock.advance(TimeDelta::seconds(1));
        }
    }
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let page = cases::timeline(&db.ctx(&db.people.manager), id, after.as_deref()).await.unwrap();
        entries.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    // 70 notes, 10 reasons, 10 changes of urgency, registered, opened.
    assert_eq!(entries.len(), 92);
    assert!(entries.is_sorted_by(|a, b| a.at >= b.at));
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 92);
    assert!(entries.iter().any(|entry| entry.what == Happening::Note { body: "메모 0".to_owned() }));
});

on_both!(look_alikes_come_with_reasons_and_other_teams_people_without_data, async |db: TestDb| {
    let phone = Some("010-1234-5678");
    let (known, _) = register(&db, &db.people.worker, New { name: Some("김가상"), phone, year: Some(1950), ..NEW }).await;
    register(&db, &db.people.outsider, New { name: Some("김가상"), phone, year: Some(1950), dong: DONGS[2], ..NEW }).await;
    register(&db, &db.people.worker, New { name: Some("박다른"), year: Some(1980), ..NEW }).await;
    let draft = PersonDraft {
        name: Some("김가산".to_owned()),
        birth_year: 1950.try_into().ok(),
        phone: phone.map(|p| p.parse().unwrap()),
        ..PersonDraft::default()
    };
    let found = neighbors::look_alikes(&db.ctx(&db.people.colleague), &draft).await.unwrap();
    assert_eq!(found.len(), 2);
    let mine = found.iter().find_map(|found| match found {
        LookAlike::Known { id, level, reasons, .. } => Some((*id, *level, reasons.len())),
        LookAlike::Elsewhere { .. } => None,
    });
    assert_eq!(mine, Some((known, LinkLevel::Likely, 3)));
    assert!(found.iter().any(|found| matches!(found, LookAlike::Elsewhere { team: Some(team) } if team.id == db.teams[1])));
    let by_year = PersonDraft {
        birth_year: 1950.try_into().ok(),
        dong: Some(dong_code(DONGS[0])),
        name: Some("김".to_owned()),
        ..PersonDraft::default()
    };
    assert!(neighbors::look_alikes(&db.ctx(&db.people.colleague), &by_year).await.unwrap().is_empty());
    assert!(neighbors::look_alikes(&db.ctx(&db.people.colleague), &PersonDraft::default()).await.unwrap().is_empty());
    assert_eq!(neighbors::look_alikes(&db.ctx(&db.people.auditor), &draft).await, Err(ApiError::Forbidden));
});

on_both!(closing_as_unreachable_waits_and_a_household_of_others_is_out_of_reach, async |db: TestDb| {
    let (id, case) = register(&db, &db.people.worker, New { name: Some("하나"), ..NEW }).await;
    let answer = CaseCommand::AnswerClosure { id: case, approve: true, comment: None };
    assert_eq!(run(&db, &db.people.manager, answer).await, Err(domain::Rule::NoClosureRequest.into()));
    let close = CaseCommand::Close { id: case, reason: ClosureReason::Unreachable, explanation: "연락두절".to_owned() };
    assert_eq!(run(&db, &db.people.worker, close).await, Err(domain::Rule::TooFewAttempts.into()));
    let household = neighbors::get(&db.ctx(&db.people.worker), id).await.unwrap().person.record.household;
    let second = NeighborCommand::Register {
        id: NeighborId::new(),
        household,
        profile: Box::new(NeighborProfile::in_dong(dong_code(DONGS[2]))),
        members: vec![],
        signs: vec![],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: None,
    };
    assert!(matches!(run(&db, &db.people.outsider, second).await, Err(ApiError::Invalid { .. })));
});
