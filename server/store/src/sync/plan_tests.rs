//! What a tablet asks for is read by indexes, and each table once for all people of an answer.

use super::pull;
use crate::{
    OpContext, Origin, Store,
    accounts::Visitor,
    cases::plan_tests::{plan, reads_a_whole_table},
    devices, execute, on_both,
    testing::TestDb,
};
use chrono::TimeDelta;
use domain::{
    command::{CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{AssignmentId, CaseId, HouseholdId, NeighborId, NoteId, RequestId, VisitId},
    policy::Actor,
    profile::{Channel, NeighborProfile},
    sync::protocol::Pull,
    visit::{Outcome, SeenWith, VisitKind, Window},
};
use sea_orm::Statement;
use std::sync::{Arc, Mutex};

type Seen = Arc<Mutex<Vec<Statement>>>;

/// Another door to the same database, which writes down what is read.
async fn watched(db: &TestDb) -> (Store, Seen) {
    let seen = Seen::default();
    let list = Arc::clone(&seen);
    let watch = move |statement: &Statement| list.lock().unwrap().push(statement.clone());
    (Store::open_watched(&db.url, db.root.clone(), watch).await.unwrap(), seen)
}

async fn write(db: &TestDb, actor: &Actor, command: impl Into<Command>) {
    let ctx = db.ctx(actor);
    execute(&ctx, Envelope::new(command, ctx.now())).await.unwrap();
}

/// Somebody with a case of the worker's in which everything has happened that has a table of its own.
async fn add_person(db: &TestDb) {
    let (id, case, worker) = (NeighborId::new(), CaseId::new(), &db.people.worker);
    let register = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(NeighborProfile::in_dong(db.dong())),
        members: Vec::new(),
        signs: vec!["S15".to_owned()],
        learned_from: Channel::Worker,
        different_from: Vec::new(),
        open_case: Some((case, domain::case::Urgency::TwoWeeks)),
    };
    write(db, worker, register).await;
    write(db, worker, CaseCommand::AddNote { id: NoteId::new(), case, body: "기록".to_owned() }).await;
    let now = db.ctx(worker).now();
    let plan = VisitCommand::Schedule {
        id: VisitId::new(),
        series: None,
        case,
        kind: VisitKind::Home,
        window: Window { start: now + TimeDelta::days(1), end: now + TimeDelta::days(1) + TimeDelta::hours(1) },
        worker: worker.user,
        second_worker: Some(db.people.colleague.user),
        two_person: true,
        purpose: None,
        recurrence: None,
    };
    write(db, worker, plan).await;
    let told = VisitCommand::RecordUnplanned {
        id: VisitId::new(),
        case,
        kind: VisitKind::Home,
        at: now,
        outcome: Outcome::Met { face_to_face: Some(SeenWith::Neighbor) },
        signs: vec!["S28".to_owned()],
        note: Some("만남".to_owned()),
    };
    write(db, worker, told).await;
    let (to, reason) = (db.people.colleague.user, "휴가".to_owned());
    let offer = CaseCommand::Transfer { id: AssignmentId::new(), case, worker: to, reason };
    write(db, worker, offer).await;
    let only = vec![worker.user, db.people.colleague.user, db.people.manager.user];
    write(db, &db.people.manager, NeighborCommand::Restrict { id, only }).await;
}

/// What a tablet's first load and the next look read.
async fn statements_of_pulls(db: &TestDb) -> (usize, Vec<Statement>) {
    let (store, seen) = watched(db).await;
    let ctx = OpContext::new(store, db.people.worker.clone(), Origin::Sync, db.clock.clone());
    let first = pull(&ctx, &Pull::default()).await.unwrap();
    let whole = seen.lock().unwrap().len();
    let since = Pull { cursor: Some(first.cursor), district: None };
    write(db, &db.people.worker, change(first.dossiers[0].case.card.id)).await;
    assert_eq!(pull(&ctx, &since).await.unwrap().dossiers.len(), 1);
    let statements = seen.lock().unwrap().clone();
    (whole, statements)
}

fn change(case: CaseId) -> CaseCommand {
    CaseCommand::AddNote { id: NoteId::new(), case, body: "사이에".to_owned() }
}

/// Whether all rows of a district are read of a table that grows with its people. Only SQLite says so whatever the tables hold.
fn reads_a_whole_district(plan: &str) -> bool {
    const GROW: [&str; 12] = [
        "assignment",
        "case_event",
        "case_file",
        "change",
        "household_member",
        "link",
        "neighbor",
        "neighbor_named",
        "note",
        "sign_tick",
        "signal",
        "visit",
    ];
    const LOOSE: [&str; 3] = ["(tenant_id=?)", "(tenant_id=? AND state=?)", "_id>?)"];
    let loose = |line: &str| LOOSE.iter().any(|end| line.ends_with(end));
    plan.lines().any(|line| GROW.iter().any(|table| line.starts_with(&format!("SEARCH {table} "))) && loose(line))
}

on_both!(a_tablet_reads_no_whole_table_and_each_table_once_for_all, async |db: TestDb| {
    add_person(&db).await;
    let (for_one, _) = statements_of_pulls(&db).await;
    for _ in 0..5 {
        add_person(&db).await;
    }
    let (for_six, statements) = statements_of_pulls(&db).await;
    assert_eq!(for_six, for_one);
    assert!(for_one > 20, "{for_one}");
    let ctx = db.ctx(&db.people.worker);
    for statement in statements {
        let (sql, found) = (statement.sql.clone(), plan(&ctx, statement).await);
        assert!(!reads_a_whole_table(&found) && !reads_a_whole_district(&found), "{sql}\n{found}");
    }
});

on_both!(tablets_are_found_without_reading_a_whole_table, async |db: TestDb| {
    let ctx = db.ctx(&db.people.worker);
    let new = devices::register(&ctx, "태블릿", None).await.unwrap();
    let (store, seen) = watched(&db).await;
    let visitor =
        Visitor { store: store.clone(), request: RequestId::new(), address: None, device: None, clock: db.clock.clone() };
    let device = devices::recognise(&visitor, &new.bearer).await.unwrap();
    devices::in_touch(&visitor, &device, 0, 0).await.unwrap();
    for actor in [&db.people.worker, &db.people.admin] {
        let ctx = OpContext::new(store.clone(), actor.clone(), Origin::Web, db.clock.clone());
        devices::own(&ctx).await.unwrap();
        assert_eq!(devices::all(&ctx).await.is_ok(), actor == &db.people.admin);
    }
    let statements = seen.lock().unwrap().clone();
    assert!(statements.len() > 5, "{statements:?}");
    for statement in statements {
        let (sql, found) = (statement.sql.clone(), plan(&ctx, statement).await);
        assert!(!reads_a_whole_table(&found), "{sql}\n{found}");
    }
});
