//! What others do reaches open screens: of this process and of another one on the same database.

use crate::app::{TestApp, request};
use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{Method, StatusCode},
};
use domain::{
    case::Urgency,
    command::{Envelope, NeighborCommand, TeamCommand},
    ids::{CaseId, HouseholdId, NeighborId, TeamId},
    policy::Actor,
    profile::{Channel, NeighborProfile},
};
use futures::StreamExt;
use store::{Options, Store, execute, feed_listen, on_both, testing::TestDb};
use tower::ServiceExt;

/// An open screen.
struct Screen {
    stream: BodyDataStream,
    read: String,
}

impl Screen {
    async fn open(router: &Router, cookie: &str) -> Self {
        let asked = request(Method::GET, "/events", cookie).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(asked).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Self { stream: response.into_body().into_data_stream(), read: String::new() }
    }

    /// Reads until `word` has come.
    async fn hears(&mut self, word: &str) -> &str {
        while !self.read.contains(word) {
            let bytes = self.stream.next().await.expect("the stream goes on").unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
        &self.read
    }
}

async fn register(db: &TestDb, by: &Actor) -> NeighborId {
    let id = NeighborId::new();
    let mut profile = NeighborProfile::in_dong(db.dong());
    profile.name = Some("홍길순".to_owned());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(profile),
        members: vec![],
        signs: vec![],
        learned_from: Channel::Worker,
        different_from: vec![],
        open_case: Some((CaseId::new(), Urgency::ThreeDays)),
    };
    let ctx = db.ctx(by);
    execute(&ctx, Envelope::new(command, ctx.now())).await.unwrap();
    id
}

async fn put_team(db: &TestDb) -> TeamId {
    let (id, ctx) = (TeamId::new(), db.ctx(&db.people.admin));
    let command = TeamCommand::Put { id, name_ko: "새 팀".to_owned(), name_en: "New team".to_owned() };
    execute(&ctx, Envelope::new(command, ctx.now())).await.unwrap();
    id
}

on_both!(a_change_reaches_those_who_may_know_of_it, async |db: TestDb| {
    let app = TestApp::new(db);
    let colleague = app.sign_in(&app.db.people.colleague, "colleague").await;
    let outsider = app.sign_in(&app.db.people.outsider, "outsider").await;
    let mut near = Screen::open(&app.router, &colleague).await;
    let mut far = Screen::open(&app.router, &outsider).await;
    let neighbor = register(&app.db, &app.db.people.worker).await.to_string();
    let heard = near.hears(&neighbor).await;
    assert!(heard.contains("event: change") && !heard.contains("홍길순"));
    let team = put_team(&app.db).await.to_string();
    assert!(!far.hears(&team).await.contains(&neighbor));
});

on_both!(a_change_of_another_process_reaches_this_one, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.colleague, "colleague").await;
    let second = Store::open(&app.db.url, app.db.root.clone(), Options { readers: 4, files: None }).await.unwrap();
    let listening = tokio::spawn(feed_listen::run(second.clone()));
    let mut screen = Screen::open(&TestApp::router_on(&app.db, second), &cookie).await;
    let neighbor = register(&app.db, &app.db.people.worker).await.to_string();
    screen.hears(&neighbor).await;
    listening.abort();
});

on_both!(nobody_listens_without_signing_in, async |db: TestDb| {
    let app = TestApp::new(db);
    assert_eq!(app.get("/events", "").await.status, StatusCode::UNAUTHORIZED);
});
