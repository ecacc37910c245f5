//! A write is applied once or not at all: the process is stopped dead at every step of it, on both engines, and the
//! same command is then sent again. The child is this test binary itself, started with the step in `IUT_CRASH_AT`.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use domain::{
    case::Urgency,
    clock::FixedClock,
    command::{Envelope, NeighborCommand},
    ids::{CaseId, HouseholdId, NeighborId, UserId},
    policy::{Actor, Held, Role, Scope},
    profile::{Channel, NeighborProfile},
};
use sea_orm::{ConnectionTrait, Database, Statement};
use std::{process::Command as Process, sync::Arc};
use store::{FAULT_POINTS, OpContext, Options, Origin, RootKey, Store, execute, on_both, testing::TestDb};

const TABLES: [&str; 10] =
    ["neighbor", "neighbor_name", "sign_tick", "case_file", "case_event", "op", "change", "outbox", "audit", "link"];

fn envelope(db: &TestDb) -> Envelope {
    let mut profile = NeighborProfile::in_dong(db.dong());
    profile.name = Some("멈춘 사람".to_owned());
    let command = NeighborCommand::Register {
        id: NeighborId::new(),
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members: vec![],
        signs: vec!["S07".to_owned()],
        learned_from: Channel::Resident,
        different_from: vec![],
        open_case: Some((CaseId::new(), Urgency::SameDay)),
    };
    Envelope::new(command, domain::clock::Clock::now(&*db.clock))
}

async fn counts(url: &str) -> Vec<i64> {
    let connection = Database::connect(url).await.unwrap();
    let mut counts = Vec::new();
    for table in TABLES {
        let sql = format!("SELECT count(*) FROM {table}");
        let row =
            connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap().unwrap();
        counts.push(row.try_get_by_index::<i64>(0).unwrap());
    }
    connection.close().await.unwrap();
    counts
}

/// Runs the command in a process of its own that is stopped at `step`; says whether it really was stopped there.
fn crash_at(step: &str, db: &TestDb, envelope: &Envelope) -> bool {
    let status = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env("IUT_CRASH_AT", step)
        .env("IUT_CRASH_URL", &db.url)
        .env("IUT_CRASH_KEY", db.root.to_hex().as_str())
        .env("IUT_CRASH_ACTOR", serde_json::to_string(&db.people.worker).unwrap())
        .env("IUT_CRASH_ENVELOPE", serde_json::to_string(envelope).unwrap())
        .output()
        .unwrap()
        .status;
    !status.success()
}

on_both!(a_write_that_is_stopped_anywhere_is_not_half_done, async |db: TestDb| {
    let (nothing, envelope) = (counts(&db.url).await, envelope(&db));
    for step in FAULT_POINTS {
        assert!(crash_at(step, &db, &envelope), "the process must stop at {step}");
        if step == "after_commit" {
            break;
        }
        assert_eq!(counts(&db.url).await, nothing, "something was left behind at {step}");
    }
    // The last crash came after the commit: sending again finds everything done.
    let done = counts(&db.url).await;
    assert_ne!(done, nothing);
    let applied = execute(&db.ctx(&db.people.worker), envelope.clone()).await.unwrap();
    assert!(applied.repeated);
    assert_eq!(counts(&db.url).await, done);
});

on_both!(a_write_that_was_stopped_can_be_sent_again, async |db: TestDb| {
    let envelope = envelope(&db);
    assert!(crash_at("before_commit", &db, &envelope));
    let applied = execute(&db.ctx(&db.people.worker), envelope).await.unwrap();
    assert!(!applied.repeated);
});

/// The process that is stopped; does nothing unless a test above started it.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var("IUT_CRASH_URL") else { return };
    let actor: Actor = serde_json::from_str(&std::env::var("IUT_CRASH_ACTOR").unwrap()).unwrap();
    let envelope: Envelope = serde_json::from_str(&std::env::var("IUT_CRASH_ENVELOPE").unwrap()).unwrap();
    let root = RootKey::from_hex(&std::env::var("IUT_CRASH_KEY").unwrap()).unwrap();
    let store = Store::open(&url, root, Options { readers: 1, files: None }).await.unwrap();
    let clock = Arc::new(FixedClock(envelope.made_at));
    execute(&OpContext::new(store, actor, Origin::Web, clock), envelope).await.unwrap();
}

/// Keeps the shape of an actor as the child reads it.
#[test]
fn an_actor_survives_the_way_to_the_child() {
    let actor = Actor {
        tenant: domain::ids::TenantId::new(),
        user: UserId::new(),
        held: vec![Held { role: Role::Caseworker, scope: Scope::Team(domain::ids::TeamId::new()) }],
    };
    assert_eq!(serde_json::from_str::<Actor>(&serde_json::to_string(&actor).unwrap()).unwrap(), actor);
}
