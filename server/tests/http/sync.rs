//! Tablets through HTTP: set up by somebody who is signed in, let in by their token and nothing else, shut out.

use crate::app::{Answer, TestApp, request};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use chrono::TimeDelta;
use domain::{
    ApiError,
    command::{CaseCommand, Envelope, NeighborCommand, UserCommand},
    ids::{CaseId, HouseholdId, NeighborId, NoteId},
    profile::{Channel, NeighborProfile},
    sync::{
        clock::HybridClock,
        outbox::Outcome,
        protocol::{PullAnswer, Push, PushAnswer, Pushed},
    },
    view::devices::DeviceSecrets,
};
use serde::{Serialize, de::DeserializeOwned};
use store::{
    devices, execute, on_both,
    testing::{TestDb, badge_of},
};

const DEVICES: &str = "/api/sync/v1/devices";
const PUSH: &str = "/api/sync/v1/push";
const PULL: &str = "/api/sync/v1/pull";
const STANDING: &str = "/api/sync/v1/standing";

pub fn sent(path: &str, cookie: &str, bearer: &str, body: &impl Serialize) -> Request<Body> {
    let request = request(Method::POST, path, cookie).header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "application/json").header("authorization", format!("Bearer {bearer}"));
    request.body(Body::from(serde_json::to_vec(body).unwrap())).unwrap()
}

pub fn asked(path: &str, bearer: &str) -> Request<Body> {
    let request = request(Method::GET, path, "").header("authorization", format!("Bearer {bearer}"));
    request.body(Body::empty()).unwrap()
}

pub fn read<T: DeserializeOwned>(answer: &Answer, status: StatusCode) -> T {
    assert_eq!(answer.status, status, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

pub async fn set_up(app: &TestApp, cookie: &str) -> DeviceSecrets {
    let answer = app.ask(sent(DEVICES, cookie, "", &serde_json::json!({ "name": "현장 태블릿" }))).await;
    read(&answer, StatusCode::CREATED)
}

pub async fn register(db: &TestDb) -> CaseId {
    let case = CaseId::new();
    let command = NeighborCommand::Register {
        id: NeighborId::new(),
        household: HouseholdId::new(),
        profile: Box::new(NeighborProfile { name: Some("김가상".to_owned()), ..NeighborProfile::in_dong(db.dong()) }),
        members: Vec::new(),
        signs: Vec::new(),
        learned_from: Channel::Worker,
        different_from: Vec::new(),
        open_case: Some((case, domain::case::Urgency::ThreeDays)),
    };
    let ctx = db.ctx(&db.people.worker);
    execute(&ctx, Envelope::new(command, ctx.now())).await.unwrap();
    case
}

pub fn note(db: &TestDb, device: &DeviceSecrets, case: CaseId) -> Push {
    let now = db.ctx(&db.people.worker).now();
    let envelope = Envelope::new(CaseCommand::AddNote { id: NoteId::new(), case, body: "기록".to_owned() }, now);
    let stamp = HybridClock::new(device.device).tick(now);
    // The tablet's clock is seven minutes behind.
    Push {
        sent_at: now - TimeDelta::minutes(7),
        waiting: 3,
        restored_at: None,
        entries: vec![Pushed { stamp, offset_ms: 0, envelope }],
    }
}

on_both!(a_tablet_works_without_a_session_until_it_is_shut_out, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let case = register(&app.db).await;
    let device = set_up(&app, &cookie).await;
    let pulled: PullAnswer = read(&app.ask(asked(PULL, &device.bearer)).await, StatusCode::OK);
    assert_eq!(pulled.dossiers.len(), 1);
    let push = note(&app.db, &device, case);
    let first: PushAnswer = read(&app.ask(sent(PUSH, "", &device.bearer, &push)).await, StatusCode::OK);
    assert!(matches!(first.results[0].1, Some(Outcome::Applied { .. })));
    let again: PushAnswer = read(&app.ask(sent(PUSH, "", &device.bearer, &push)).await, StatusCode::OK);
    assert_eq!(first.results, again.results);
    let path = format!("{PULL}?cursor={}", pulled.cursor);
    let next: PullAnswer = read(&app.ask(asked(&path, &device.bearer)).await, StatusCode::OK);
    assert_eq!((next.dossiers.len(), next.more), (1, false));
    let ctx = app.db.ctx(&app.db.people.worker);
    let own = devices::own(&ctx).await.unwrap();
    assert_eq!((own[0].clock_off_seconds, own[0].waiting, own[0].contact_at.is_some()), (Some(420), 2, true));
    // Locked, it has its badge only, which opens nothing and from which no token can be made.
    let badge = badge_of(&device.bearer);
    app.db.clock.advance(TimeDelta::minutes(5));
    assert_eq!(app.ask(asked(STANDING, &badge)).await.status, StatusCode::NO_CONTENT);
    // What stands at the desk of its last contact is what it sent then.
    assert_eq!(devices::own(&ctx).await.unwrap(), own);
    for (path, shown) in [(PULL, &badge), (STANDING, &device.bearer)] {
        let error: ApiError = read(&app.ask(asked(path, shown)).await, StatusCode::UNAUTHORIZED);
        assert_eq!(error, ApiError::Unauthenticated);
    }
    let revoke = UserCommand::RevokeDevice { id: device.device };
    execute(&ctx, Envelope::new(revoke, ctx.now())).await.unwrap();
    let error: ApiError = read(&app.ask(asked(STANDING, &badge)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(error, ApiError::DeviceRevoked);
    assert!(devices::own(&ctx).await.unwrap()[0].wiped);
    for request in [asked(PULL, &device.bearer), sent(PUSH, "", &device.bearer, &push)] {
        let error: ApiError = read(&app.ask(request).await, StatusCode::UNAUTHORIZED);
        assert_eq!(error, ApiError::DeviceRevoked);
    }
});

on_both!(nobody_else_gets_in_and_nonsense_is_refused, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let device = set_up(&app, &cookie).await;
    for bearer in ["", "x", &device.secret] {
        let error: ApiError = read(&app.ask(asked(PULL, bearer)).await, StatusCode::UNAUTHORIZED);
        assert_eq!(error, ApiError::Unauthenticated);
    }
    // A session is no token.
    let error: ApiError = read(&app.get(PULL, &cookie).await, StatusCode::UNAUTHORIZED);
    assert_eq!(error, ApiError::Unauthenticated);
    let error: ApiError =
        read(&app.ask(sent(DEVICES, "", "", &serde_json::json!({ "name": "-" }))).await, StatusCode::UNAUTHORIZED);
    assert_eq!(error, ApiError::Unauthenticated);
    for (path, body) in [(PUSH, serde_json::json!({ "entries": 3 })), (DEVICES, serde_json::json!([]))] {
        let answer = app.ask(sent(path, &cookie, &device.bearer, &body)).await;
        assert_eq!(read::<ApiError>(&answer, StatusCode::BAD_REQUEST), ApiError::BadRequest);
    }
    let foreign = app.ask(asked(&format!("{PULL}?cursor=zz"), &device.bearer)).await;
    assert_eq!(read::<ApiError>(&foreign, StatusCode::BAD_REQUEST), ApiError::BadRequest);
    let coach = app.sign_in(&app.db.people.coach, "coach").await;
    let refused = app.ask(sent(DEVICES, &coach, "", &serde_json::json!({ "name": "-" }))).await;
    assert_eq!(read::<ApiError>(&refused, StatusCode::FORBIDDEN), ApiError::Forbidden);
    // Another site.
    let mut forged = sent(PUSH, "", &device.bearer, &serde_json::json!({}));
    forged.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(app.ask(forged).await.status, StatusCode::FORBIDDEN);
});

on_both!(nothing_is_read_of_what_a_stranger_sends, async |db: TestDb| {
    let app = TestApp::new(db);
    let mut stranger = sent(PUSH, "", "x", &serde_json::json!({}));
    // A body that never comes.
    *stranger.body_mut() = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let error: ApiError = read(&app.ask(stranger).await, StatusCode::UNAUTHORIZED);
    assert_eq!(error, ApiError::Unauthenticated);
});

on_both!(a_tablet_that_asks_without_end_is_slowed_down, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let (eager, calm) = (set_up(&app, &cookie).await, set_up(&app, &cookie).await);
    let mut slowed = None;
    for _ in 0..2_000 {
        let answer = app.ask(asked(&format!("{PULL}?cursor=zz"), &eager.bearer)).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            slowed = Some(read::<ApiError>(&answer, StatusCode::TOO_MANY_REQUESTS));
            break;
        }
    }
    assert!(matches!(slowed, Some(ApiError::TooMany { .. })));
    read::<PullAnswer>(&app.ask(asked(PULL, &calm.bearer)).await, StatusCode::OK);
});
