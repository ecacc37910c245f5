//! Visits on both engines: planning, moving, cancelling, recording, what follows for the case, and who may look.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::{
    ApiError, Invalid, Rule,
    case::{ClosureReason, Stage, Urgency},
    clock::{Clock, from_korean, korean_day},
    command::{Applied, CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{AssignmentId, CaseId, HouseholdId, NeighborId, OpId, Rev, SeriesId, UserId, VisitId},
    policy::Actor,
    profile::{Channel, NeighborProfile},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    text::PhoneNumber,
    view::visits::{CalendarLens, VisitCard},
    visit::{CancelReason, NotMetReason, Outcome, Plan, SeenWith, VisitKind, VisitState, Window, occurrence_id},
};
use store::{execute, on_both, testing::TestDb, visits};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(on: &str, hour: u32) -> DateTime<Utc> {
    from_korean(day(on), NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
}

fn window(on: &str, hour: u32) -> Window {
    Window { start: at(on, hour), end: at(on, hour) + TimeDelta::minutes(30) }
}

async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) -> Result<Applied, ApiError> {
    execute(&db.ctx(by), Envelope::new(command, db.clock.now())).await
}

async fn open_case(db: &TestDb, by: &Actor, name: &str) -> (NeighborId, CaseId) {
    let (id, case) = (NeighborId::new(), CaseId::new());
    let mut profile = NeighborProfile::in_dong(db.dong());
    profile.name = Some(name.to_owned());
    profile.address = Some("서초대로 1길 2, 지하 1호".to_owned());
    profile.phone = Some(PhoneNumber::try_from("010-1234-5678".to_owned()).unwrap());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members: vec![],
        signs: vec![],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: Some((case, Urgency::ThreeDays)),
    };
    run(db, by, command).await.expect("registers");
    (id, case)
}

struct Wish {
    id: VisitId,
    series: Option<SeriesId>,
    case: CaseId,
    kind: VisitKind,
    window: Window,
    worker: UserId,
    second_worker: Option<UserId>,
    two_person: bool,
    recurrence: Option<Recurrence>,
}

impl Wish {
    fn of(case: CaseId, worker: &Actor, window: Window) -> Self {
        Self {
            id: VisitId::new(),
            series: None,
            case,
            kind: VisitKind::Home,
            window,
            worker: worker.user,
            second_worker: None,
            two_person: false,
            recurrence: None,
        }
    }

    fn weekly(mut self, count: u8, skip_holidays: bool) -> Self {
        self.series = Some(SeriesId::new());
        self.recurrence = Some(Recurrence { frequency: Frequency::Week, end: RecurrenceEnd::Count { count }, skip_holidays });
        self
    }

    fn command(&self) -> VisitCommand {
        VisitCommand::Schedule {
            id: self.id,
            series: self.series,
            case: self.case,
            kind: self.kind,
            window: self.window,
            worker: self.worker,
            second_worker: self.second_worker,
            two_person: self.two_person,
            purpose: Some("안부확인".to_owned()),
            recurrence: self.recurrence,
        }
    }
}

async fn plan(db: &TestDb, by: &Actor, case: CaseId, window: Window) -> VisitId {
    let wish = Wish::of(case, by, window);
    run(db, by, wish.command()).await.expect("plans");
    wish.id
}

fn missed(id: VisitId, at: DateTime<Utc>, reason: NotMetReason) -> VisitCommand {
    VisitCommand::Record { id, at, outcome: Outcome::NotMet { reason }, signs: vec![], note: None }
}

fn met(id: VisitId, at: DateTime<Utc>, face_to_face: Option<SeenWith>) -> VisitCommand {
    let note = Some("문 앞에서 이야기했습니다".to_owned());
    VisitCommand::Record { id, at, outcome: Outcome::Met { face_to_face }, signs: vec!["S15".to_owned()], note }
}

async fn week_of(db: &TestDb, by: &Actor, on: &str) -> Vec<VisitCard> {
    visits::week(&db.ctx(by), CalendarLens::Worker { worker: by.user }, day(on)).await.unwrap().visits
}

on_both!(a_weekly_series_skips_holidays_and_is_planned_once, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "주간 방문").await;
    // Friday 4 December; Christmas and New Year's Day are Fridays, too.
    let wish = Wish::of(case, worker, window("2026-12-04", 14)).weekly(6, true);
    let envelope = Envelope::new(wish.command(), db.clock.now());
    execute(&db.ctx(worker), envelope.clone()).await.unwrap();
    assert!(execute(&db.ctx(worker), envelope.clone()).await.unwrap().repeated);
    // The same series under another op id was planned already.
    let again = Envelope { op_id: OpId::new(), ..envelope };
    assert_eq!(execute(&db.ctx(worker), again).await, Err(ApiError::invalid("id", Invalid::Taken)));
    let planned = visits::plan_for(&db.ctx(worker), case).await.unwrap().planned;
    let days: Vec<_> = planned.iter().map(|card| korean_day(card.window.start)).collect();
    assert_eq!(days, ["2026-12-04", "2026-12-11", "2026-12-18", "2027-01-08"].map(day));
    let series = wish.series.unwrap();
    let ids: Vec<_> = planned.iter().map(|card| card.id).collect();
    assert_eq!(ids, [wish.id, occurrence_id(series, 1), occurrence_id(series, 2), occurrence_id(series, 3)]);
    assert!(planned.iter().all(|card| card.series == Some(series) && card.window.start.timestamp() % 3600 == 0));
});

on_both!(what_can_not_be_planned, async |db: TestDb| {
    let (worker, colleague) = (&db.people.worker, &db.people.colleague);
    let (_, case) = open_case(&db, worker, "잘못된 계획").await;
    let wish = || Wish::of(case, worker, window("2026-11-20", 10));
    let long = Window { start: at("2026-11-20", 8), end: at("2026-11-20", 21) };
    let backwards = Window { start: at("2026-11-20", 8), end: at("2026-11-20", 8) };
    let table = [
        (Wish { window: long, ..wish() }, ApiError::invalid("window", Invalid::Range)),
        (Wish { window: backwards, ..wish() }, ApiError::invalid("window", Invalid::Order)),
        (Wish { two_person: true, ..wish() }, Rule::SecondWorker.into()),
        (Wish { second_worker: Some(worker.user), ..wish() }, ApiError::invalid("second_worker", Invalid::Taken)),
        (Wish { worker: db.people.manager.user, ..wish() }, ApiError::invalid("worker", Invalid::UnknownUser)),
        (
            Wish { second_worker: Some(db.people.auditor.user), ..wish() },
            ApiError::invalid("second_worker", Invalid::UnknownUser),
        ),
        (Wish { worker: db.people.stranger.user, ..wish() }, ApiError::invalid("worker", Invalid::UnknownUser)),
        (Wish { series: None, ..wish().weekly(3, false) }, ApiError::invalid("series", Invalid::Missing)),
        (wish().weekly(61, false), ApiError::invalid("recurrence", Invalid::Range)),
    ];
    for (wish, error) in table {
        assert_eq!(run(&db, worker, wish.command()).await, Err(error));
    }
    let pair = Wish { second_worker: Some(colleague.user), two_person: true, ..wish() };
    run(&db, worker, pair.command()).await.unwrap();
    let alone = VisitCommand::Move { id: pair.id, window: pair.window, worker: worker.user, second_worker: None, seen: None };
    assert_eq!(run(&db, worker, alone).await, Err(Rule::SecondWorker.into()));
});

on_both!(moving_reassigns_and_a_stale_move_shows_both_versions, async |db: TestDb| {
    let (worker, colleague) = (&db.people.worker, &db.people.colleague);
    let (_, case) = open_case(&db, worker, "옮기는 방문").await;
    let id = plan(&db, worker, case, window("2026-11-20", 10)).await;
    let to = |window, worker: &Actor| VisitCommand::Move { id, window, worker: worker.user, second_worker: None, seen: None };
    let on = |rev, command: VisitCommand| Envelope::new(command, db.clock.now()).based_on(Rev(rev));
    let first = execute(&db.ctx(worker), on(1, to(window("2026-11-20", 15), colleague))).await.unwrap();
    assert_eq!(first.rev, Rev(2));
    // The same wish from an older page is fulfilled already; another one must be chosen.
    assert_eq!(execute(&db.ctx(worker), on(1, to(window("2026-11-20", 15), colleague))).await.unwrap().rev, Rev(2));
    let stale = execute(&db.ctx(worker), on(1, to(window("2026-11-23", 9), worker))).await;
    let Err(ApiError::Conflict { fields, rev }) = stale else { panic!("a conflict, not {stale:?}") };
    let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!((names.as_slice(), rev), (["window", "worker"].as_slice(), 2));
    assert_eq!(fields[0].theirs, serde_json::to_value(window("2026-11-20", 15)).unwrap());
    assert_eq!(fields[0].mine, serde_json::to_value(window("2026-11-23", 9)).unwrap());
    execute(&db.ctx(worker), on(2, to(window("2026-11-23", 9), worker))).await.unwrap();
    assert_eq!(week_of(&db, worker, "2026-11-23").await[0].window, window("2026-11-23", 9));
    run(&db, worker, missed(id, db.clock.now(), NotMetReason::Other)).await.unwrap();
    assert_eq!(run(&db, worker, to(window("2026-11-24", 9), worker)).await, Err(Rule::VisitDone.into()));
});

on_both!(who_moves_the_time_and_who_changes_the_worker_both_have_it, async |db: TestDb| {
    let (worker, colleague) = (&db.people.worker, &db.people.colleague);
    let (_, case) = open_case(&db, worker, "옮기는 방문").await;
    let id = plan(&db, worker, case, window("2026-11-20", 10)).await;
    let seen = |hour| Some(Plan { window: window("2026-11-20", hour), worker: worker.user, second_worker: None });
    let to = |hour, worker: &Actor, seen| VisitCommand::Move {
        id,
        window: window("2026-11-20", hour),
        worker: worker.user,
        second_worker: None,
        seen,
    };
    let on = |rev, command: VisitCommand| Envelope::new(command, db.clock.now()).based_on(Rev(rev));
    execute(&db.ctx(worker), on(1, to(10, colleague, seen(10)))).await.unwrap();
    let merged = execute(&db.ctx(worker), on(1, to(15, worker, seen(10)))).await.unwrap();
    assert_eq!((merged.rev, merged.merged), (Rev(3), true));
    let stands = visits::visit(&db.ctx(worker), id).await.unwrap().card.plan();
    assert_eq!(stands, Plan { worker: colleague.user, ..seen(15).unwrap() });
    // A tablet moved it twice without a network. The revision that it foresaw is the one that somebody else has made.
    let third = execute(&db.ctx(worker), on(3, to(17, colleague, seen(16)))).await;
    let Err(ApiError::Conflict { fields, rev: 3 }) = third else { panic!("a conflict, not {third:?}") };
    assert_eq!(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>(), ["window"]);
});

on_both!(cancelling_one_or_the_following, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "취소").await;
    let wish = Wish::of(case, worker, window("2026-11-19", 10)).weekly(5, false);
    run(&db, worker, wish.command()).await.unwrap();
    let series = wish.series.unwrap();
    let cancel = |id, following| VisitCommand::Cancel { id, reason: CancelReason::Weather, following };
    run(&db, worker, cancel(wish.id, false)).await.unwrap();
    let left = async || visits::plan_for(&db.ctx(worker), case).await.unwrap().planned;
    assert_eq!(left().await.len(), 4);
    run(&db, worker, cancel(occurrence_id(series, 3), true)).await.unwrap();
    let ids: Vec<_> = left().await.iter().map(|card| card.id).collect();
    assert_eq!(ids, [occurrence_id(series, 1), occurrence_id(series, 2)]);
    assert_eq!(run(&db, worker, cancel(wish.id, true)).await, Err(Rule::VisitDone.into()));
    let page = visits::visit(&db.ctx(worker), occurrence_id(series, 4)).await.unwrap();
    assert_eq!((page.card.state, page.card.cancel_reason), (VisitState::Cancelled, Some(CancelReason::Weather)));
    assert_eq!(visits::visit(&db.ctx(worker), occurrence_id(series, 1)).await.unwrap().later_in_series, 1);
});

on_both!(meeting_somebody_moves_the_clocks, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "첫 만남").await;
    let id = plan(&db, worker, case, window("2026-11-18", 10)).await;
    let late = visits::my_day(&db.ctx(worker), day("2026-11-23")).await.unwrap();
    assert_eq!(late.first_contacts.iter().map(|c| (c.case, c.days_late)).collect::<Vec<_>>(), [(case, 2)]);
    let ahead = met(id, db.clock.now() + TimeDelta::minutes(16), None);
    assert_eq!(run(&db, worker, ahead).await, Err(Rule::VisitAhead.into()));
    let now = db.clock.now();
    run(&db, worker, met(id, now + TimeDelta::minutes(14), Some(SeenWith::Neighbor))).await.unwrap();
    let page = visits::visit(&db.ctx(worker), id).await.unwrap();
    assert_eq!((page.card.state, page.stage), (VisitState::Met, Stage::Counselling));
    assert_eq!(page.card.face_to_face, Some(SeenWith::Neighbor));
    assert_eq!((page.note.as_deref(), page.signs.as_slice()), (Some("문 앞에서 이야기했습니다"), ["S15".to_owned()].as_slice()));
    assert_eq!(page.recorded_by.unwrap().name, "worker");
    let day_after = visits::my_day(&db.ctx(worker), day("2026-11-23")).await.unwrap();
    assert!(day_after.first_contacts.is_empty() && day_after.unrecorded.is_empty());
    assert_eq!(run(&db, worker, met(id, now, None)).await, Err(Rule::VisitDone.into()));
});

on_both!(a_call_is_a_contact_but_no_face_to_face, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "전화").await;
    let call = |face_to_face| VisitCommand::RecordUnplanned {
        id: VisitId::new(),
        case,
        kind: VisitKind::Phone,
        at: db.clock.now(),
        outcome: Outcome::Met { face_to_face },
        signs: vec![],
        note: None,
    };
    let claimed = run(&db, worker, call(Some(SeenWith::Neighbor))).await;
    assert_eq!(claimed, Err(ApiError::invalid("face_to_face", Invalid::Form)));
    run(&db, worker, call(None)).await.unwrap();
    assert_eq!(visits::plan_for(&db.ctx(worker), case).await.unwrap().stage, Stage::Discovered);
    assert!(visits::my_day(&db.ctx(worker), day("2026-12-30")).await.unwrap().first_contacts.is_empty());
});

on_both!(seeing_only_a_neighbour_is_no_counselling, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "옆집").await;
    let id = plan(&db, worker, case, window("2026-11-18", 10)).await;
    run(&db, worker, met(id, db.clock.now(), Some(SeenWith::Neighbour))).await.unwrap();
    assert_eq!(visits::visit(&db.ctx(worker), id).await.unwrap().stage, Stage::Discovered);
});

on_both!(a_note_with_a_resident_number_records_nothing, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "번호").await;
    let id = plan(&db, worker, case, window("2026-11-18", 10)).await;
    let outcome = Outcome::Met { face_to_face: None };
    let note = Some("주민번호 900101-1234567".to_owned());
    let refused = run(&db, worker, VisitCommand::Record { id, at: db.clock.now(), outcome, signs: vec![], note }).await;
    assert!(matches!(refused, Err(ApiError::Invalid { reason: Invalid::ResidentNumber, .. })));
    let unknown = VisitCommand::Record {
        id,
        at: db.clock.now(),
        outcome: Outcome::Met { face_to_face: None },
        signs: vec!["S99".to_owned()],
        note: None,
    };
    assert_eq!(run(&db, worker, unknown).await, Err(ApiError::invalid("signs", Invalid::UnknownCode)));
    assert_eq!(visits::visit(&db.ctx(worker), id).await.unwrap().card.state, VisitState::Scheduled);
});

on_both!(unreachable_needs_varied_attempts_since_the_last_contact, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = open_case(&db, worker, "연락두절").await;
    db.clock.set(at("2026-11-24", 12));
    let attempt = async |kind, when, outcome| {
        let id = VisitId::new();
        let command = VisitCommand::RecordUnplanned { id, case, kind, at: when, outcome, signs: vec![], note: None };
        run(&db, worker, command).await.unwrap();
    };
    let nobody = Outcome::NotMet { reason: NotMetReason::NobodyHome };
    let close =
        CaseCommand::Close { id: case, reason: ClosureReason::Unreachable, explanation: "연락이 닿지 않습니다".into() };
    attempt(VisitKind::Home, at("2026-11-19", 10), nobody.clone()).await;
    attempt(VisitKind::Phone, at("2026-11-20", 15), nobody.clone()).await;
    attempt(VisitKind::Home, at("2026-11-20", 16), Outcome::NotMet { reason: NotMetReason::Refused }).await;
    assert_eq!(run(&db, worker, close.clone()).await, Err(Rule::TooFewAttempts.into()));
    let found = visits::attempts(&db.ctx(worker), case).await.unwrap();
    assert_eq!((found.attempts.len(), found.shortfall.map(|s| (s.attempts, s.off_hours))), (2, Some((1, true))));
    // A contact makes the attempts before it not count any more.
    attempt(VisitKind::Phone, at("2026-11-20", 17), Outcome::Met { face_to_face: None }).await;
    for (on, hour, kind) in
        [("2026-11-21", 10, VisitKind::Home), ("2026-11-23", 15, VisitKind::Phone), ("2026-11-23", 19, VisitKind::Home)]
    {
        assert_eq!(run(&db, worker, close.clone()).await, Err(Rule::TooFewAttempts.into()));
        attempt(kind, at(on, hour), nobody.clone()).await;
    }
    assert_eq!(visits::attempts(&db.ctx(worker), case).await.unwrap().shortfall, None);
    let planned = plan(&db, worker, case, window("2026-12-01", 10)).await;
    run(&db, worker, close).await.unwrap();
    run(&db, &db.people.manager, CaseCommand::AnswerClosure { id: case, approve: true, comment: None }).await.unwrap();
    let page = visits::visit(&db.ctx(worker), planned).await.unwrap();
    assert_eq!((page.card.state, page.card.cancel_reason), (VisitState::Cancelled, Some(CancelReason::CaseClosed)));
});

on_both!(a_closed_case_takes_only_visits_that_check_afterwards, async |db: TestDb| {
    let worker = &db.people.worker;
    for (reason, expected) in [(ClosureReason::GoalsMet, Ok(Rev::FIRST)), (ClosureReason::Died, Err(Rule::CaseClosed.into()))] {
        let (_, case) = open_case(&db, worker, "종결").await;
        let close = CaseCommand::Close { id: case, reason, explanation: "끝".into() };
        run(&db, worker, close).await.unwrap();
        let wish = Wish::of(case, worker, window("2026-12-18", 10));
        assert_eq!(run(&db, worker, wish.command()).await.map(|applied| applied.rev), expected);
    }
});

on_both!(my_day_shows_what_waits, async |db: TestDb| {
    let (worker, colleague, manager) = (&db.people.worker, &db.people.colleague, &db.people.manager);
    let (_, mine) = open_case(&db, worker, "내 사례").await;
    let (_, theirs) = open_case(&db, colleague, "동료 사례").await;
    let late = plan(&db, worker, mine, window("2026-11-17", 10)).await;
    let afternoon = plan(&db, worker, mine, window("2026-11-18", 15)).await;
    let morning = Wish { second_worker: Some(worker.user), ..Wish::of(theirs, colleague, window("2026-11-18", 11)) };
    run(&db, colleague, morning.command()).await.unwrap();
    plan(&db, worker, mine, window("2026-11-20", 15)).await;
    let offer = AssignmentId::new();
    let transfer = CaseCommand::Transfer { id: offer, case: theirs, worker: worker.user, reason: "휴직합니다".to_owned() };
    run(&db, colleague, transfer).await.unwrap();
    let view = visits::my_day(&db.ctx(worker), day("2026-11-18")).await.unwrap();
    assert_eq!(view.visits.iter().map(|card| card.id).collect::<Vec<_>>(), [morning.id, afternoon]);
    assert_eq!(view.unrecorded.iter().map(|card| card.id).collect::<Vec<_>>(), [late]);
    assert_eq!(view.week_ahead, 1);
    assert_eq!(view.assigned.iter().map(|case| case.case).collect::<Vec<_>>(), [mine]);
    assert_eq!(view.assigned[0].next_visit_at, Some(at("2026-11-17", 10)));
    let offered = &view.transfers[0];
    assert_eq!((offered.id, offered.visits, offered.reason.as_deref()), (offer, 1, Some("휴직합니다")));
    assert_eq!(offered.from.as_ref().map(|from| from.name.as_str()), Some("colleague"));
    let (next, contact) = view.next.unwrap();
    assert_eq!((next, contact.address.as_deref()), (morning.id, Some("서초대로 1길 2, 지하 1호")));
    // The manager holds no cases: an empty day, not an error.
    assert!(visits::my_day(&db.ctx(manager), day("2026-11-18")).await.unwrap().visits.is_empty());
});

on_both!(clashes_say_who_and_hide_what_may_not_be_seen, async |db: TestDb| {
    let (worker, outsider) = (&db.people.worker, &db.people.outsider);
    let (_, case) = open_case(&db, worker, "겹치는 방문").await;
    let id = plan(&db, worker, case, window("2026-11-20", 10)).await;
    let half_past = |on| Window { start: at(on, 10) + TimeDelta::minutes(15), end: at(on, 11) };
    let windows = [window("2026-11-19", 10), half_past("2026-11-20"), window("2026-11-20", 11)];
    let found = visits::clashes(&db.ctx(worker), &[worker.user], &windows, None).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].at, found[0].worker.id, found[0].window), (1, worker.user, window("2026-11-20", 10)));
    assert_eq!(found[0].with.as_ref().and_then(|with| with.name.as_deref()), Some("겹치는 방문"));
    assert_eq!(visits::clashes(&db.ctx(worker), &[worker.user], &windows, Some(id)).await, Ok(vec![]));
    let hidden = visits::clashes(&db.ctx(outsider), &[worker.user], &windows, None).await.unwrap();
    assert_eq!((hidden.len(), hidden[0].with.as_ref()), (1, None));
    let many = vec![windows[0]; 61];
    let refused = visits::clashes(&db.ctx(worker), &[worker.user], &many, None).await;
    assert_eq!(refused, Err(ApiError::invalid("windows", Invalid::Range)));
    assert_eq!(visits::clashes(&db.ctx(&db.people.auditor), &[worker.user], &windows, None).await, Err(ApiError::Forbidden));
});

on_both!(who_may_look_and_who_may_change, async |db: TestDb| {
    let people = &db.people;
    let (_, case) = open_case(&db, &people.worker, "누가 보나").await;
    let with_help =
        Wish { second_worker: Some(people.lone_worker.user), ..Wish::of(case, &people.worker, window("2026-11-20", 10)) };
    run(&db, &people.worker, with_help.command()).await.unwrap();
    let id = with_help.id;
    let team = CalendarLens::Team { team: db.teams[0] };
    let cancel = VisitCommand::Cancel { id, reason: CancelReason::Weather, following: false };
    for may in [&people.worker, &people.colleague, &people.lone_worker, &people.manager, &people.head] {
        assert_eq!(visits::visit(&db.ctx(may), id).await.unwrap().card.id, id);
        assert_eq!(visits::week(&db.ctx(may), team, day("2026-11-20")).await.unwrap().visits.len(), 1);
    }
    for hidden in [&people.outsider, &people.auditor, &people.admin, &people.coach, &people.stranger] {
        assert_eq!(visits::visit(&db.ctx(hidden), id).await, Err(ApiError::NotFound));
        assert_eq!(visits::plan_for(&db.ctx(hidden), case).await, Err(ApiError::NotFound));
        assert_eq!(visits::attempts(&db.ctx(hidden), case).await, Err(ApiError::NotFound));
        assert_eq!(run(&db, hidden, cancel.clone()).await, Err(ApiError::NotFound));
        assert_eq!(run(&db, hidden, missed(id, db.clock.now(), NotMetReason::Other)).await, Err(ApiError::NotFound));
        let wish = Wish::of(case, &people.worker, window("2026-11-24", 10));
        assert_eq!(run(&db, hidden, wish.command()).await, Err(ApiError::NotFound));
    }
    for none in [&people.auditor, &people.admin, &people.coach] {
        assert_eq!(visits::my_day(&db.ctx(none), day("2026-11-20")).await, Err(ApiError::Forbidden));
        assert_eq!(visits::week(&db.ctx(none), team, day("2026-11-20")).await, Err(ApiError::Forbidden));
    }
    for empty in [&people.outsider, &people.stranger] {
        assert!(visits::week(&db.ctx(empty), team, day("2026-11-20")).await.unwrap().visits.is_empty());
    }
    run(&db, &people.lone_worker, cancel).await.unwrap();
});

on_both!(visits_of_a_restricted_neighbor_exist_only_for_those_named, async |db: TestDb| {
    let people = &db.people;
    let (neighbor, case) = open_case(&db, &people.worker, "보호 대상").await;
    let id = plan(&db, &people.worker, case, window("2026-11-18", 15)).await;
    let restrict = NeighborCommand::Restrict { id: neighbor, only: vec![people.manager.user] };
    run(&db, &people.manager, restrict).await.unwrap();
    assert_eq!(visits::visit(&db.ctx(&people.worker), id).await, Err(ApiError::NotFound));
    assert!(visits::my_day(&db.ctx(&people.worker), day("2026-11-18")).await.unwrap().visits.is_empty());
    assert_eq!(run(&db, &people.worker, missed(id, db.clock.now(), NotMetReason::Other)).await, Err(ApiError::NotFound));
    assert_eq!(visits::visit(&db.ctx(&people.manager), id).await.unwrap().card.id, id);
});

on_both!(every_look_leaves_a_row, async |db: TestDb| {
    let (worker, head) = (&db.people.worker, &db.people.head);
    let (_, case) = open_case(&db, worker, "흔적").await;
    let id = plan(&db, worker, case, window("2026-11-18", 15)).await;
    let rows = async || db.count("SELECT count(*) AS n FROM audit WHERE action IN ('view', 'list')").await;
    let mut before = rows().await;
    let mut looked = async |more: i64| {
        let now = rows().await;
        assert_eq!(now - before, more);
        before = now;
    };
    visits::visit(&db.ctx(head), id).await.unwrap();
    looked(1).await;
    visits::plan_for(&db.ctx(head), case).await.unwrap();
    looked(1).await;
    visits::attempts(&db.ctx(head), case).await.unwrap();
    looked(1).await;
    visits::week(&db.ctx(head), CalendarLens::Worker { worker: worker.user }, day("2026-11-18")).await.unwrap();
    looked(1).await;
    // The list, and the person to visit next with address and phone.
    visits::my_day(&db.ctx(worker), day("2026-11-18")).await.unwrap();
    looked(2).await;
});
