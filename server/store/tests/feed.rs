//! Who hears of what on both engines. Above all: whoever could see a thing and can't any more is told, so that screens let
//! go of it, and hears nothing of it from then on.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::TimeDelta;
use domain::{
    ApiError,
    case::Urgency,
    clock::Clock,
    command::{Applied, CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{AssignmentId, CaseId, ChangeSeq, HouseholdId, NeighborId, NoteId, UserId, VisitId},
    merge::Edit,
    policy::Actor,
    profile::{Channel, NeighborProfile, ProfileEdits},
    visit::{VisitKind, Window},
};
use store::{
    execute, feed, on_both,
    testing::{DONGS, TestDb, dong_code},
};
use uuid::Uuid;

async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) -> Result<Applied, ApiError> {
    execute(&db.ctx(by), Envelope::new(command, db.clock.now())).await
}

/// A neighbor in a dong of team A with a case of `worker` and one planned visit.
struct Scene {
    neighbor: NeighborId,
    case: CaseId,
    visit: VisitId,
}

impl Scene {
    async fn new(db: &TestDb, worker: &Actor, second_worker: Option<UserId>) -> Self {
        let (neighbor, case, visit) = (NeighborId::new(), CaseId::new(), VisitId::new());
        let register = NeighborCommand::Register {
            id: neighbor,
            household: HouseholdId::new(),
            profile: Box::new(NeighborProfile::in_dong(dong_code(DONGS[0]))),
            members: vec![],
            signs: vec![],
            learned_from: Channel::Worker,
            different_from: vec![],
            open_case: Some((case, Urgency::ThreeDays)),
        };
        run(db, worker, register).await.expect("registers");
        let schedule = VisitCommand::Schedule {
            id: visit,
            series: None,
            case,
            kind: VisitKind::Home,
            window: window(db),
            worker: worker.user,
            second_worker,
            two_person: false,
            purpose: None,
            recurrence: None,
        };
        run(db, worker, schedule).await.expect("plans");
        Self { neighbor, case, visit }
    }

    async fn note(&self, db: &TestDb, by: &Actor) {
        let body = "전화했습니다".to_owned();
        run(db, by, CaseCommand::AddNote { id: NoteId::new(), case: self.case, body }).await.expect("writes a note");
    }
}

fn window(db: &TestDb) -> Window {
    let start = db.clock.now() + TimeDelta::days(1);
    Window { start, end: start + TimeDelta::minutes(30) }
}

async fn now(db: &TestDb) -> ChangeSeq {
    feed::position(&db.store, db.tenant).await.unwrap()
}

/// What `who` has heard since.
async fn heard(db: &TestDb, who: &Actor, since: ChangeSeq) -> Vec<Uuid> {
    let (notices, _) = feed::changes_after(&db.ctx(who), since, 100).await.unwrap();
    notices.into_iter().map(|notice| notice.id).collect()
}

on_both!(the_former_worker_of_a_case_hears_that_it_is_gone, async |db: TestDb| {
    let people = &db.people;
    let scene = Scene::new(&db, &people.worker, None).await;
    let assign = |worker: &Actor| CaseCommand::Assign { cases: vec![(scene.case, AssignmentId::new())], worker: worker.user };
    run(&db, &people.manager, assign(&people.lone_worker)).await.unwrap();
    let before = now(&db).await;
    run(&db, &people.manager, assign(&people.colleague)).await.unwrap();
    let told = heard(&db, &people.lone_worker, before).await;
    assert!(told.contains(&scene.neighbor.0) && told.contains(&scene.case.0) && told.contains(&scene.visit.0), "{told:?}");
    let after = now(&db).await;
    scene.note(&db, &people.colleague).await;
    assert_eq!(heard(&db, &people.lone_worker, after).await, Vec::<Uuid>::new());
    assert!(heard(&db, &people.colleague, after).await.contains(&scene.case.0));
});

on_both!(those_whom_a_restriction_shuts_out_hear_of_it_and_of_nothing_after, async |db: TestDb| {
    let people = &db.people;
    let scene = Scene::new(&db, &people.worker, None).await;
    let restrict = |only| NeighborCommand::Restrict { id: scene.neighbor, only };
    let start = now(&db).await;
    run(&db, &people.manager, restrict(vec![people.worker.user])).await.unwrap();
    let told = heard(&db, &people.colleague, start).await;
    assert!(told.contains(&scene.neighbor.0) && told.contains(&scene.case.0) && told.contains(&scene.visit.0), "{told:?}");
    let restricted = now(&db).await;
    scene.note(&db, &people.worker).await;
    assert_eq!(heard(&db, &people.colleague, restricted).await, Vec::<Uuid>::new());
    assert!(heard(&db, &people.manager, restricted).await.contains(&scene.case.0));

    // Being named no longer is told, too.
    let named = now(&db).await;
    run(&db, &people.manager, restrict(vec![people.manager.user])).await.unwrap();
    assert_eq!(heard(&db, &people.worker, named).await, [scene.neighbor.0]);
    let unnamed = now(&db).await;
    scene.note(&db, &people.manager).await;
    assert_eq!(heard(&db, &people.worker, unnamed).await, Vec::<Uuid>::new());

    let lifted = now(&db).await;
    run(&db, &people.manager, restrict(vec![])).await.unwrap();
    for who in [&people.worker, &people.colleague] {
        assert!(heard(&db, who, lifted).await.contains(&scene.case.0));
    }
});

on_both!(whoever_goes_along_no_longer_hears_of_that, async |db: TestDb| {
    let people = &db.people;
    let scene = Scene::new(&db, &people.worker, Some(people.outsider.user)).await;
    let before = now(&db).await;
    let alone =
        VisitCommand::Move { id: scene.visit, window: window(&db), worker: people.worker.user, second_worker: None, seen: None };
    run(&db, &people.worker, alone).await.unwrap();
    assert_eq!(heard(&db, &people.outsider, before).await, [scene.visit.0]);
    let after = now(&db).await;
    scene.note(&db, &people.worker).await;
    assert_eq!(heard(&db, &people.outsider, after).await, Vec::<Uuid>::new());
});

on_both!(the_team_that_a_neighbor_moves_away_from_hears_of_it, async |db: TestDb| {
    let people = &db.people;
    let scene = Scene::new(&db, &people.worker, None).await;
    let before = now(&db).await;
    let dong = Some(Edit { from: dong_code(DONGS[0]), to: dong_code(DONGS[2]) });
    let edits = Box::new(ProfileEdits { dong, ..ProfileEdits::default() });
    run(&db, &people.worker, NeighborCommand::Edit { id: scene.neighbor, edits }).await.unwrap();
    for who in [&people.colleague, &people.outsider] {
        let told = heard(&db, who, before).await;
        assert!(told.contains(&scene.neighbor.0) && told.contains(&scene.case.0) && told.contains(&scene.visit.0), "{told:?}");
    }
    let after = now(&db).await;
    scene.note(&db, &people.worker).await;
    assert_eq!(heard(&db, &people.colleague, after).await, Vec::<Uuid>::new());
    assert!(heard(&db, &people.outsider, after).await.contains(&scene.case.0));
});
