//! Teams, catalogues, settings, the team board and the trail, on both engines.

#![expect(clippy::expect_used, reason = "a test that panics has failed, as it should")]

use chrono::{NaiveDate, TimeDelta};
use domain::{
    ApiError, Invalid, Rule,
    case::Urgency,
    command::{
        CaseCommand, CatalogueCommand, Command, Envelope, NeighborCommand, ReviewCommand, SettingCommand, TeamCommand,
        VisitCommand,
    },
    ids::{AssignmentId, CaseId, HouseholdId, NeighborId, Rev, ReviewId, VisitId},
    policy::{Actor, Role},
    profile::{Channel, NeighborProfile},
    settings::Settings,
    view::trail::TrailFilter,
    visit::{Outcome, VisitKind},
    workload::SuggestionReason,
};
use store::{
    admin,
    audit::{Entry, record_reads, seal::seal_waiting},
    execute, on_both, team_board,
    testing::{DONGS, TestDb},
    trail,
};
use uuid::Uuid;

async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) -> Result<Rev, ApiError> {
    let envelope = Envelope::new(command, domain::clock::Clock::now(&*db.clock));
    execute(&db.ctx(by), envelope).await.map(|applied| applied.rev)
}

async fn register(db: &TestDb, by: &Actor, name: &str, urgency: Option<Urgency>) -> (NeighborId, CaseId) {
    let (id, case) = (NeighborId::new(), CaseId::new());
    let mut profile = NeighborProfile::in_dong(db.dong());
    profile.name = Some(name.to_owned());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members: vec![],
        signs: vec![],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: urgency.map(|urgency| (case, urgency)),
    };
    run(db, by, command).await.expect("registers");
    (id, case)
}

/// Whether `by` may still write about the neighbor.
async fn sees(db: &TestDb, by: &Actor, id: NeighborId) -> bool {
    let recognise = NeighborCommand::Recognise { id, signs: vec![], learned_from: Channel::Resident };
    run(db, by, recognise).await.is_ok()
}

on_both!(dongs_move_with_their_neighbors_but_open_cases_stay, async |db: TestDb| {
    let (free, _) = register(&db, &db.people.manager, "사례 없는 사람", None).await;
    let (held, _) = register(&db, &db.people.worker, "사례 있는 사람", Some(Urgency::ThreeDays)).await;
    let serve = |dongs: &[&str]| TeamCommand::ServeDongs {
        id: db.teams[1],
        dongs: dongs.iter().map(|code| code.parse().unwrap()).collect(),
    };
    assert_eq!(run(&db, &db.people.manager, serve(&DONGS)).await, Err(ApiError::Forbidden));
    let unknown = run(&db, &db.people.admin, serve(&["1111111111"])).await;
    assert_eq!(unknown, Err(ApiError::invalid("dongs", Invalid::UnknownDong)));
    run(&db, &db.people.admin, serve(&[DONGS[0], DONGS[2]])).await.unwrap();
    assert!(sees(&db, &db.people.outsider, free).await, "the new team has the neighbor");
    assert!(!sees(&db, &db.people.colleague, free).await, "the old team has not");
    assert!(sees(&db, &db.people.worker, held).await, "the open case stays");
    assert!(!sees(&db, &db.people.outsider, held).await);
    let teams = admin::teams(&db.ctx(&db.people.admin)).await.unwrap();
    let of = |code: &str| teams.dongs.iter().find(|dong| dong.code.as_str() == code).unwrap().team;
    assert_eq!([of(DONGS[0]), of(DONGS[1]), of(DONGS[2])], [Some(db.teams[1]), Some(db.teams[0]), Some(db.teams[1])]);
});

on_both!(a_team_name_is_taken_once, async |db: TestDb| {
    let put = |name: &str| TeamCommand::Put { id: domain::ids::TeamId::new(), name_ko: name.to_owned(), name_en: "C".to_owned() };
    run(&db, &db.people.admin, put("다팀")).await.unwrap();
    assert_eq!(run(&db, &db.people.admin, put("다팀")).await, Err(ApiError::invalid("name_ko", Invalid::Taken)));
    assert_eq!(run(&db, &db.people.worker, put("라팀")).await, Err(ApiError::Forbidden));
});

on_both!(a_catalogue_entry_keeps_its_versions, async |db: TestDb| {
    let ctx = db.ctx(&db.people.admin);
    let mut sign = admin::catalogue(&ctx).await.unwrap().signs.remove(0).remove(0).entry;
    "새 이름".clone_into(&mut sign.name_ko);
    let put = |sign: &domain::catalogue::Sign| CatalogueCommand::PutSign { sign: sign.clone() };
    assert_eq!(run(&db, &db.people.admin, put(&sign)).await, Ok(Rev(2)));
    let versions = admin::catalogue(&ctx).await.unwrap().signs.remove(0);
    assert_eq!(versions.iter().map(|v| v.entry.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[0].entry.name_ko, "새 이름");
    assert_eq!(versions[0].set_by, "admin");
    "X1".clone_into(&mut sign.code);
    assert_eq!(run(&db, &db.people.admin, put(&sign)).await, Err(ApiError::invalid("code", Invalid::Form)));
    "S99".clone_into(&mut sign.code);
    "번호 900101-1234567".clone_into(&mut sign.observers);
    assert_eq!(run(&db, &db.people.admin, put(&sign)).await, Err(ApiError::invalid("observers", Invalid::ResidentNumber)));
    assert_eq!(run(&db, &db.people.manager, put(&sign)).await, Err(ApiError::Forbidden));
});

on_both!(new_clocks_hold_for_open_cases_at_once, async |db: TestDb| {
    let (_, case) = register(&db, &db.people.worker, "기한 바뀌는 사람", Some(Urgency::ThreeDays)).await;
    let due = async || {
        let board = team_board::board(&db.ctx(&db.people.manager), None).await.unwrap();
        assert!(board.unassigned.is_empty());
        board.overdue.iter().find(|row| row.id == case).map(|row| row.due.unwrap().1)
    };
    db.clock.advance(TimeDelta::days(2));
    assert_eq!(due().await, None);
    let mut settings = Settings::default();
    settings.clocks.first_contact_soon.days = 1;
    let put = |settings: &Settings| SettingCommand::Put { settings: Box::new(settings.clone()) };
    run(&db, &db.people.admin, put(&settings)).await.unwrap();
    assert_eq!(due().await, NaiveDate::from_ymd_opt(2026, 11, 19));
    settings.clocks.plan.days = 366;
    assert_eq!(run(&db, &db.people.admin, put(&settings)).await, Err(ApiError::invalid("plan", Invalid::Range)));
    settings.clocks.plan.days = 15;
    settings.clocks.aftercare_second.days = 30;
    assert_eq!(run(&db, &db.people.admin, put(&settings)).await, Err(ApiError::invalid("aftercare_second", Invalid::Order)));
    assert_eq!(run(&db, &db.people.head, put(&settings)).await, Err(ApiError::Forbidden));
    let view = admin::settings(&db.ctx(&db.people.admin)).await.unwrap();
    assert_eq!((view.version, view.history.len(), view.settings.clocks.first_contact_soon.days), (1, 1, 1));
    settings.clocks.aftercare_second.days = 90;
    let stale = Envelope::new(put(&settings), domain::clock::Clock::now(&*db.clock)).based_on(Rev(0));
    assert!(matches!(execute(&db.ctx(&db.people.admin), stale).await, Err(ApiError::Conflict { rev: 1, .. })));
});

on_both!(the_board_shows_what_waits_and_suggests_who_takes_it, async |db: TestDb| {
    let (_, soon) = register(&db, &db.people.manager, "급하지 않은 사람", Some(Urgency::TwoWeeks)).await;
    let (_, now) = register(&db, &db.people.manager, "급한 사람", Some(Urgency::Emergency)).await;
    let (_, mine) = register(&db, &db.people.worker, "맡은 사람", Some(Urgency::SameDay)).await;
    let ctx = db.ctx(&db.people.manager);
    let board = team_board::board(&ctx, None).await.unwrap();
    assert_eq!(board.unassigned.iter().map(|row| row.id).collect::<Vec<_>>(), [now, soon]);
    assert_eq!((board.unassigned_count, board.team), (2, Some(db.teams[0])));
    let load = |login: &str| board.workers.iter().find(|worker| worker.name == login).unwrap().load;
    assert_eq!((load("worker").cases, load("colleague").cases), (1, 0));
    assert!(board.workers.iter().all(|worker| worker.team == Some(db.teams[0])), "only the team's workers");
    let found = team_board::suggest(&ctx, None, vec![now]).await.unwrap();
    assert_eq!((found[0].name.as_str(), found[0].reasons.contains(&SuggestionReason::LeastLoad)), ("colleague", true));
    let assign = CaseCommand::Assign { cases: vec![(now, AssignmentId::new())], worker: db.people.colleague.user };
    run(&db, &db.people.manager, assign).await.unwrap();
    let reason = "출산 휴가".to_owned();
    let transfer = CaseCommand::Transfer { id: AssignmentId::new(), case: mine, worker: db.people.colleague.user, reason };
    run(&db, &db.people.worker, transfer).await.unwrap();
    let board = team_board::board(&ctx, None).await.unwrap();
    assert_eq!((board.unassigned.len(), board.transfers.len()), (1, 1));
    assert_eq!((board.transfers[0].reason.as_str(), board.transfers[0].to.as_str()), ("출산 휴가", "colleague"));
});

on_both!(an_assignment_is_taken_back_as_long_as_nothing_came_of_it, async |db: TestDb| {
    let (manager, worker) = (&db.people.manager, &db.people.worker);
    let (_, queued) = register(&db, manager, "기다리는 사람", Some(Urgency::TwoWeeks)).await;
    let (_, held) = register(&db, worker, "맡은 사람", Some(Urgency::SameDay)).await;
    let ids = [AssignmentId::new(), AssignmentId::new()];
    let colleague = db.people.colleague.user;
    let assign = CaseCommand::Assign { cases: vec![(queued, ids[0]), (held, ids[1])], worker: colleague };
    run(&db, manager, assign).await.unwrap();
    let cases_of = async |login: &str| {
        let board = team_board::board(&db.ctx(manager), None).await.unwrap();
        board.workers.iter().find(|worker| worker.name == login).unwrap().load.cases
    };
    assert_eq!((cases_of("worker").await, cases_of("colleague").await), (0, 2));

    let take_back = CaseCommand::TakeBack { assignments: ids.to_vec() };
    assert_eq!(run(&db, worker, take_back.clone()).await, Err(ApiError::Forbidden));
    run(&db, manager, take_back.clone()).await.unwrap();
    assert_eq!((cases_of("worker").await, cases_of("colleague").await), (1, 0));
    let board = team_board::board(&db.ctx(manager), None).await.unwrap();
    assert_eq!(board.unassigned.iter().map(|case| case.id).collect::<Vec<_>>(), [queued]);
    assert_eq!(run(&db, manager, take_back).await, Err(Rule::AssignmentBegun.into()), "taken back once");

    // Work has begun: a visit of the worker who was given the case out of the queue.
    let again = AssignmentId::new();
    run(&db, manager, CaseCommand::Assign { cases: vec![(queued, again)], worker: colleague }).await.unwrap();
    let contact = VisitCommand::RecordUnplanned {
        id: VisitId::new(),
        case: queued,
        kind: VisitKind::Phone,
        at: domain::clock::Clock::now(&*db.clock),
        outcome: Outcome::Met { face_to_face: None },
        signs: vec![],
        note: None,
    };
    run(&db, &db.people.colleague, contact).await.unwrap();
    let late = CaseCommand::TakeBack { assignments: vec![again] };
    assert_eq!(run(&db, manager, late).await, Err(Rule::AssignmentBegun.into()));
    let board = team_board::board(&db.ctx(manager), None).await.unwrap();
    let colleague = board.workers.iter().find(|worker| worker.name == "colleague").unwrap();
    assert_eq!((colleague.load.visits, colleague.visits_done), (1, 1));
});

on_both!(the_board_is_for_who_may_assign, async |db: TestDb| {
    register(&db, &db.people.manager, "가팀 사람", Some(Urgency::TwoWeeks)).await;
    for by in [&db.people.worker, &db.people.auditor, &db.people.admin, &db.people.coach] {
        assert_eq!(team_board::board(&db.ctx(by), None).await, Err(ApiError::Forbidden));
    }
    let other = team_board::board(&db.ctx(&db.people.manager), Some(db.teams[1])).await;
    assert_eq!(other, Err(ApiError::NotFound));
    let board = team_board::board(&db.ctx(&db.people.head), Some(db.teams[1])).await.unwrap();
    assert_eq!((board.unassigned.len(), board.teams.len()), (0, 2));
    assert_eq!(team_board::board(&db.ctx(&db.people.head), None).await.unwrap().unassigned.len(), 1);
});

on_both!(the_trail_shows_numbers_and_never_names, async |db: TestDb| {
    let (id, _) = register(&db, &db.people.worker, "홍길순", Some(Urgency::ThreeDays)).await;
    for by in [&db.people.worker, &db.people.colleague] {
        record_reads(&db.ctx(by), vec![Entry::one("view", "neighbor", id, Some(id))]).await.unwrap();
        db.clock.advance(TimeDelta::minutes(1));
    }
    let ctx = db.ctx(&db.people.auditor);
    let page = trail::list(&ctx, &TrailFilter::default(), None).await.unwrap();
    let month = trail::month(&ctx, NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()).await.unwrap();
    let shown = format!("{}{}", serde_json::to_string(&page).unwrap(), serde_json::to_string(&month).unwrap());
    for secret in ["홍길순", "\"worker\"", "colleague", &id.to_string(), &db.people.worker.user.to_string()] {
        assert!(!shown.contains(secret), "{secret}");
    }
    let look = page.rows.iter().find(|row| row.action == "view").unwrap();
    let (person, actor) = (look.neighbor.unwrap(), look.actor.number);
    assert!(person > 0 && actor > 0 && look.actor.roles == [Role::Caseworker]);
    let filter = TrailFilter { neighbor: Some(person), action: Some("view".to_owned()), ..TrailFilter::default() };
    assert_eq!(trail::list(&ctx, &filter, None).await.unwrap().rows.len(), 2);
    let filter = TrailFilter { actor: Some(actor), action: Some("view".to_owned()), ..TrailFilter::default() };
    assert_eq!(trail::list(&ctx, &filter, None).await.unwrap().rows.len(), 1);
    let nobody = TrailFilter { actor: Some(99_999), ..TrailFilter::default() };
    assert!(trail::list(&ctx, &nobody, None).await.unwrap().rows.is_empty());
    assert_eq!((month.most_looked_at[0].looks, month.most_looked_at[0].staff), (2, 2));
    assert_eq!(month.without_own_case.iter().map(|by| by.looks).collect::<Vec<_>>(), [1], "only the colleague's look");
    for by in [&db.people.worker, &db.people.manager, &db.people.head, &db.people.admin] {
        assert_eq!(trail::list(&db.ctx(by), &TrailFilter::default(), None).await, Err(ApiError::Forbidden));
    }
});

on_both!(auditors_at_the_same_time_give_each_person_one_number, async |db: TestDb| {
    for round in 0..10 {
        let looks = |_| {
            let id = domain::ids::NeighborId::new();
            Entry::one("view", "neighbor", id, Some(id))
        };
        record_reads(&db.ctx(&db.people.worker), (0..20).map(looks).collect()).await.unwrap();
        db.clock.advance(TimeDelta::minutes(1));
        let (one, other) = (db.ctx(&db.people.auditor), db.ctx(&db.people.auditor));
        let filter = TrailFilter { action: Some("view".to_owned()), ..TrailFilter::default() };
        let (one, other) = tokio::join!(trail::list(&one, &filter, None), trail::list(&other, &filter, None));
        let numbers = |page: &domain::view::Page<domain::view::trail::TrailRow>| {
            page.rows.iter().map(|row| row.neighbor.unwrap()).collect::<Vec<_>>()
        };
        let (one, other) = (numbers(&one.unwrap()), numbers(&other.unwrap()));
        assert_eq!(one, other, "round {round}");
        let mut different = one.clone();
        different.sort_unstable();
        different.dedup();
        assert!(different.len() == one.len() && !different.contains(&0), "round {round}: {one:?}");
    }
});

on_both!(pages_of_the_trail_neither_repeat_nor_skip, async |db: TestDb| {
    let entries = (0..120).map(|_| Entry::list("list", "case", 3)).collect();
    record_reads(&db.ctx(&db.people.worker), entries).await.unwrap();
    let (ctx, filter) =
        (db.ctx(&db.people.auditor), TrailFilter { action: Some("list".to_owned()), to: None, ..TrailFilter::default() });
    db.clock.advance(TimeDelta::seconds(-60));
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = trail::list(&ctx, &filter, cursor.as_deref()).await.unwrap();
        seen.extend(page.rows.into_iter().filter(|row| row.subject == "case").map(|row| row.id));
        let Some(next) = page.next else { break };
        cursor = Some(next);
    }
    assert_eq!(seen.len(), 120);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 120);
    assert_eq!(trail::list(&ctx, &filter, Some("nonsense")).await, Err(ApiError::BadRequest));
});

on_both!(an_export_keeps_its_purpose, async |db: TestDb| {
    let ctx = db.ctx(&db.people.auditor);
    let export = trail::export(&ctx, &TrailFilter::default(), " ").await;
    assert_eq!(export, Err(ApiError::invalid("purpose", Invalid::Missing)));
    trail::export(&ctx, &TrailFilter::default(), "11월 정기 점검").await.unwrap();
    let filter = TrailFilter { action: Some("export".to_owned()), ..TrailFilter::default() };
    let rows = trail::list(&ctx, &filter, None).await.unwrap().rows;
    assert_eq!(rows.iter().map(|row| row.purpose.as_deref()).collect::<Vec<_>>(), [Some("11월 정기 점검")]);
});

on_both!(a_month_is_signed_off_once_with_the_trails_state, async |db: TestDb| {
    register(&db, &db.people.worker, "누구", None).await;
    seal_waiting(&db.store, db.tenant, Uuid::nil(), domain::clock::Clock::now(&*db.clock)).await.unwrap();
    let month = |m| NaiveDate::from_ymd_opt(2026, m, 1).unwrap();
    let sign = |month| ReviewCommand::SignOff { id: ReviewId::new(), month, finding: "이상 없음".to_owned() };
    assert_eq!(run(&db, &db.people.auditor, sign(month(12))).await, Err(ApiError::invalid("month", Invalid::Range)));
    assert_eq!(run(&db, &db.people.admin, sign(month(11))).await, Err(ApiError::Forbidden));
    run(&db, &db.people.auditor, sign(month(11))).await.unwrap();
    assert_eq!(run(&db, &db.people.auditor, sign(month(11))).await, Err(Rule::ReviewDone.into()));
    let ctx = db.ctx(&db.people.auditor);
    let review = trail::months(&ctx).await.unwrap().remove(0).review.unwrap();
    assert_eq!((review.verified, review.rows, review.finding.as_str()), (true, 1, "이상 없음"));
    let check = trail::check(&ctx).await.unwrap();
    assert_eq!((check.batches, check.broken), (1, None));
    db.tamper("UPDATE audit SET action = 'view' WHERE batch = 1").await;
    let broken = trail::check(&ctx).await.unwrap().broken.unwrap();
    assert_eq!((broken.batch, broken.place, broken.fault.as_str()), (1, Some(1), "changed"));
});
