//! What another site can't do, and what every answer says about itself.

use crate::app::{TestApp, post, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use store::{on_both, testing::TestDb};

on_both!(nothing_changes_for_a_request_of_another_site, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    for path in ["/sign-out", "/api/execute", "/session/keep", "/api/sign_in"] {
        for foreign in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
            let from = request(Method::POST, path, &cookie).header(foreign.0, foreign.1);
            let answer = app.ask(from.body(Body::empty()).unwrap()).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::FORBIDDEN, r#"{"code":"wrong_origin"}"#));
        }
    }
    assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::NO_CONTENT);
});

on_both!(a_page_runs_only_its_own_scripts, async |db: TestDb| {
    let app = TestApp::new(db);
    let page = app.get("/sign-in", "").await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains("http"), "{policy}");
    let scripts = page.body.matches("<script").count();
    assert!(scripts > 0);
    assert_eq!(page.body.matches(&format!("nonce=\"{nonce}\"")).count(), page.body.matches("nonce=\"").count());
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("x-request-id").len(), 36);
    assert_ne!(app.get("/sign-in", "").await.header("content-security-policy"), policy);
});

on_both!(an_address_that_leads_nowhere_says_so, async |db: TestDb| {
    let app = TestApp::new(db);
    assert_eq!(app.get("/no/such/page", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/../Cargo.toml", "").await.status, StatusCode::NOT_FOUND);
});

on_both!(a_request_that_is_too_long_is_not_read, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let long = "x".repeat(2 * 1024 * 1024);
    let mut request = post("/api/execute", &cookie, &long);
    request.headers_mut().insert("content-length", long.len().into());
    assert_eq!(app.ask(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
});

on_both!(it_says_when_it_is_ready, async |db: TestDb| {
    let app = TestApp::new(db);
    assert_eq!(app.get("/healthz", "").await.body, "ok");
    assert_eq!(app.get("/readyz", "").await.body, "ready");
});
