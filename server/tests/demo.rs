//! The demo district: the same seed gives the same district, every state that a screen can show is there, on both
//! engines, and nothing in it looks like somebody's number.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::{DateTime, Utc};
use domain::{
    case::{ClosureReason, Stage, Urgency},
    clock::{FixedClock, korean_day},
    policy::Role,
    round::TriageDecision,
    text::looks_like_resident_number,
    visit::{CancelReason, NotMetReason, SeenWith, VisitKind, VisitState},
};
use server::demo::{self, Made, Options};
use std::{collections::BTreeSet, sync::Arc};
use store::{OpContext, Origin, Store, accounts, audit::verify::verify, testing_empty::EmptyDb};

/// Tuesday 2026-11-24, 14:40 in Korea.
fn now() -> DateTime<Utc> {
    "2026-11-24T05:40:00Z".parse().unwrap()
}

async fn load(store: &Store, people: usize) -> Made {
    load_by(store, people, 7).await
}

async fn load_by(store: &Store, people: usize, seed: u64) -> Made {
    Box::pin(demo::load(store, Options { people, seed, now: now(), caseloads: Vec::new() }, &|_, _, _| {})).await.unwrap()
}

/// Every text that is not an id, a date or sealed, of every table, in the order of its own.
async fn plain(db: &EmptyDb) -> Vec<String> {
    let tables = [
        ("account", "login, name, locale, locked"),
        (
            "neighbor",
            "name, birth_year, age_band, sex, dong_code, no_fixed_address, language, living_place, contact_consent, learned_from, restricted, registered_at, updated_at, rev",
        ),
        ("household_member", "name, relation, birth_year, is_carer, needs_care"),
        ("discovery_round", "year, number, imported_at, entries, rev"),
        ("round_entry", "dong_code, indicators, priority, decision, reason, decided_at"),
        ("signal", "indicator, received_at"),
        ("link", "state, decided_at"),
        (
            "case_file",
            "id, neighbor_name, dong_code, urgency, stage, is_open, restricted, learned_from, discovered_at, assigned_at, first_contact_at, counselled_on, intake_on, assessed_on, conference_on, planned_on, served_on, reviewed_on, closed_at, closure, aftercare_on, closure_asked_at, next_due_on, next_due_clock, last_contact_at, next_visit_at, worker_id, rev",
        ),
        (
            "visit",
            "id, case_id, kind, starts_at, ends_at, two_person, purpose, state, face_to_face, not_met_reason, cancel_reason, happened_at, recorded_at, worker_id, rev",
        ),
        ("visit_series", "rrule, made_at"),
        ("assignment", "id, case_id, state, made_at, answered_at"),
        ("note", "case_id, written_at"),
        ("sign_tick", "sign, sign_version, channel, ticked_at"),
        ("case_event", "kind, at"),
        ("op", "id, command, made_at"),
        ("audit", "action, subject, at, origin, count"),
    ];
    let mut rows = Vec::new();
    for (table, columns) in tables {
        rows.extend(db.dump(table, columns).await);
    }
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_gives_the_same_district() {
    let (one, two) = (EmptyDb::sqlite().await, EmptyDb::sqlite().await);
    load(&one.store, 120).await;
    load(&two.store, 120).await;
    let (one, two) = (plain(&one).await, plain(&two).await);
    assert!(one.len() > 5_000, "{}", one.len());
    let first_difference = one.iter().zip(&two).find(|(one, two)| one != two);
    assert_eq!((first_difference, one.len()), (None, two.len()));
}

async fn values(db: &EmptyDb, table: &str, column: &str) -> BTreeSet<String> {
    db.dump(table, column).await.into_iter().map(|row| row.trim_start_matches(&format!("{table}|")).to_owned()).collect()
}

fn has_all<T: std::fmt::Display>(found: &BTreeSet<String>, wanted: impl IntoIterator<Item = T>) {
    let missing: Vec<String> = wanted.into_iter().map(|value| value.to_string()).filter(|value| !found.contains(value)).collect();
    assert!(missing.is_empty(), "{missing:?} of {found:?}");
}

/// What a manager and a worker see on a day, and what a list can be filtered by.
async fn check_states(db: &EmptyDb, made: &Made) {
    has_all(&values(db, "case_file", "stage").await, Stage::ALL);
    has_all(&values(db, "case_file", "urgency").await, Urgency::ALL.iter().filter(|urgency| **urgency != Urgency::Emergency));
    let closures = ClosureReason::ALL.iter().filter(|reason| **reason != ClosureReason::Duplicate);
    has_all(&values(db, "case_file", "closure").await, closures);
    has_all(&values(db, "visit", "state").await, VisitState::ALL);
    has_all(&values(db, "visit", "kind").await, VisitKind::ALL);
    has_all(&values(db, "visit", "not_met_reason").await, NotMetReason::ALL);
    has_all(&values(db, "visit", "face_to_face").await, SeenWith::ALL);
    let cancelled = CancelReason::ALL.iter().filter(|reason| **reason != CancelReason::EnteredInError);
    has_all(&values(db, "visit", "cancel_reason").await, cancelled);
    has_all(&values(db, "assignment", "state").await, ["assigned", "pending", "accepted", "rejected"]);
    has_all(&values(db, "round_entry", "decision").await, TriageDecision::ALL);
    has_all(&values(db, "link", "state").await, ["open", "same", "different"]);
    assert!(db.count("case_file", "is_open AND worker_id IS NULL").await >= 4, "the queue");
    assert!(db.count("case_file", "closure_asked_at IS NOT NULL").await >= 1, "a closure that waits");
    assert!(db.count("neighbor", "restricted").await >= 1, "a restricted neighbor");
    assert!(db.count("neighbor", "name IS NULL").await >= 1, "a name that is not known");
    assert!(db.count("visit", "two_person").await >= 1 && db.count("visit_series", "1 = 1").await >= 1);
    assert_eq!(db.count("discovery_round", "1 = 1").await, 9);
    assert_eq!((made.logins.len(), made.sealed > 0), (21, true));
    has_all(&made.logins.iter().map(|login| format!("{:?}", login.role)).collect(), Role::ALL.map(|role| format!("{role:?}")));
}

/// Every worker has three to six visits today, something that is late, and a case that is new to them.
async fn check_day(db: &EmptyDb, made: &Made) {
    for login in made.logins.iter().filter(|login| login.role == Role::Caseworker) {
        let actor = db.actor(made.tenant, &login.login).await;
        let ctx = OpContext::new(db.store.clone(), actor, Origin::Web, Arc::new(FixedClock(now())));
        let day = Box::pin(store::visits::my_day(&ctx, korean_day(now()))).await.unwrap();
        assert!((3..=6).contains(&day.visits.len()), "{}: {} visits today", login.login, day.visits.len());
        let late = day.unrecorded.len() + day.first_contacts.len();
        assert!((2..=9).contains(&late), "{}: {late} late", login.login);
        assert!(!day.assigned.is_empty(), "{} has nothing new", login.login);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_state_is_there_and_the_trail_is_whole() {
    let db = EmptyDb::sqlite().await;
    let made = load(&db.store, 700).await;
    check_states(&db, &made).await;
    check_day(&db, &made).await;
    let trail = verify(&db.store, made.tenant).await.unwrap();
    assert_eq!(
        (trail.broken, trail.waiting > 0),
        (None, true),
        "what was just looked at waits for the sealer, all else is sealed"
    );
    // Ids and times hold long digits too; what people write is Korean. Sealed text was checked when it was written.
    let rows = plain(&db).await;
    let mut written = rows.iter().flat_map(|row| row.split('|')).filter(|cell| cell.chars().any(|c| ('가'..='힣').contains(&c)));
    assert!(written.all(|cell| !looks_like_resident_number(cell)));
    let refused = demo::load(&db.store, Options { people: 100, seed: 7, now: now(), caseloads: Vec::new() }, &|_, _, _| {}).await;
    assert!(refused.is_err(), "a district is there already");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_made_on_postgresql_too() {
    let db = EmptyDb::postgres().await;
    let made = load(&db.store, 120).await;
    assert!(made.neighbors >= 110 && made.cases > 60 && made.visits > 300, "{made:?}");
    assert_eq!(verify(&db.store, made.tenant).await.unwrap().broken, None);
    let login = made.logins.iter().find(|login| login.role == Role::Caseworker).unwrap();
    assert!(accounts::strength(&login.password, &["demo", "iut"]) >= 3);
}

/// Whatever chance brings together (a list names somebody whose case was closed and is opened again later) is allowed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_made_by_any_seed() {
    for seed in 1..=4 {
        let db = EmptyDb::sqlite().await;
        let made = load_by(&db.store, 200, seed).await;
        assert!(made.neighbors >= 180 && made.cases > 100, "{made:?}");
    }
}
