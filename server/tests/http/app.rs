//! The server in this process, and browsers that ask it.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use domain::policy::Actor;
use leptos::config::LeptosOptions;
use server::{AppState, Config, router};
use std::sync::Arc;
use store::{Store, accounts, testing::TestDb};
use tower::ServiceExt;

/// A password that is hard enough.
pub const PASSWORD: &str = "grün-tasse-wolke-47";

/// The server in this process.
pub struct TestApp {
    pub db: TestDb,
    pub router: Router,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The session that the answer sets.
    pub fn cookie(&self) -> String {
        let cookie = self.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("iut="), "{cookie}");
        cookie
    }
}

impl TestApp {
    pub fn new(db: TestDb) -> Self {
        let router = Self::router_on(&db, db.store.clone());
        Self { db, router }
    }

    /// A server with files of a site.
    pub fn on_site(db: TestDb, options: LeptosOptions) -> Self {
        let router = Self::router_with(&db, db.store.clone(), options);
        Self { db, router }
    }

    pub fn router_on(db: &TestDb, store: Store) -> Router {
        let site = tempfile_free_site();
        let options = LeptosOptions::builder().output_name("iut").site_root(site).hash_files(false).build();
        Self::router_with(db, store, options)
    }

    pub fn router_with(db: &TestDb, store: Store, options: LeptosOptions) -> Router {
        router(AppState::new(store, Arc::clone(&db.clock) as _, options, Config::default()))
    }

    /// Gives `actor` the test's password.
    pub async fn give_password(&self, actor: &Actor) {
        accounts::set_password(&self.db.ctx(&self.db.people.admin), actor.user, PASSWORD, false).await.unwrap();
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        ask(&self.router, request).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await
    }

    /// Sends a form as our own page does.
    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.ask(post(path, cookie, form)).await
    }

    pub async fn try_sign_in(&self, login: &str, password: &str) -> Answer {
        self.post("/api/sign_in", "", &format!("login={login}&password={password}&district=seocho")).await
    }

    /// Signs `actor` in and returns the cookie.
    pub async fn sign_in(&self, actor: &Actor, login: &str) -> String {
        self.give_password(actor).await;
        let answer = self.try_sign_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.cookie()
    }
}

/// A folder without files: these tests are about answers, not about the program in the browser.
fn tempfile_free_site() -> String {
    env!("CARGO_TARGET_TMPDIR").to_owned()
}

pub fn request(method: Method, path: &str, cookie: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::COOKIE, cookie).header(header::HOST, "iut.test")
}

pub fn post(path: &str, cookie: &str, form: &str) -> Request<Body> {
    request(Method::POST, path, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

pub async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    // A picture is no text; its headers are what is looked at.
    let body = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
    Answer { status: parts.status, headers: parts.headers, body }
}
