//! Coming in, staying in, leaving.

use crate::app::{PASSWORD, TestApp};
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::{
    command::{Envelope, UserCommand},
    ids::GrantId,
    policy::{Role, Scope},
};
use store::{accounts, execute, on_both, testing::TestDb};

on_both!(a_wrong_name_and_a_wrong_password_get_the_same_answer, async |db: TestDb| {
    let app = TestApp::new(db);
    app.give_password(&app.db.people.worker).await;
    let wrong_password = app.try_sign_in("worker", "something-else").await;
    let wrong_name = app.try_sign_in("nobody", PASSWORD).await;
    let without_password = app.try_sign_in("auditor", PASSWORD).await;
    assert_eq!((wrong_password.status, wrong_password.body.as_str()), (StatusCode::UNAUTHORIZED, r#"{"code":"sign_in_failed"}"#));
    assert_eq!((wrong_name.status, &wrong_name.body), (wrong_password.status, &wrong_password.body));
    assert_eq!((without_password.status, &without_password.body), (wrong_password.status, &wrong_password.body));
    assert_eq!(app.get("/account", "").await.header("location"), "/sign-in?next=/account");
});

on_both!(whoever_signs_in_reaches_their_home_and_leaves_again, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    assert_eq!(app.get("/", &cookie).await.header("location"), "/my-day");
    let page = app.get("/account", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("worker"));
    let left = app.post("/sign-out", &cookie, "").await;
    assert_eq!((left.status, left.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::UNAUTHORIZED);
});

on_both!(a_plain_form_is_sent_on_to_the_page_that_was_asked_for, async |db: TestDb| {
    let app = TestApp::new(db);
    app.give_password(&app.db.people.worker).await;
    for (next, goes_to) in
        [("%2Faccount", "/account"), ("%2F%2Fevil.example", "/my-day"), ("https%3A%2F%2Fevil.example", "/my-day")]
    {
        let form = format!("login=worker&password={PASSWORD}&district=seocho&next={next}");
        let mut request = crate::app::post("/api/sign_in", "", &form);
        request.headers_mut().insert("accept", "text/html".parse().unwrap());
        let answer = app.ask(request).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, goes_to));
    }
});

on_both!(five_failures_make_even_the_right_password_wait, async |db: TestDb| {
    let app = TestApp::new(db);
    app.give_password(&app.db.people.worker).await;
    for _ in 0..5 {
        app.try_sign_in("worker", "wrong").await;
    }
    assert_eq!(app.try_sign_in("worker", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    app.db.clock.advance(TimeDelta::seconds(31));
    assert_eq!(app.try_sign_in("worker", PASSWORD).await.status, StatusCode::OK);
});

on_both!(a_login_is_tried_ten_times_in_five_minutes_whether_it_exists_or_not, async |db: TestDb| {
    let app = TestApp::new(db);
    for login in ["worker", "nobody"] {
        for _ in 0..10 {
            assert_eq!(app.try_sign_in(login, "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        let answer = app.try_sign_in(login, "wrong").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::TOO_MANY_REQUESTS, r#"{"code":"too_many","seconds":300}"#)
        );
    }
});

on_both!(a_session_ends_when_it_is_not_used_and_after_twelve_hours, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    app.db.clock.advance(TimeDelta::minutes(19));
    assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::NO_CONTENT);
    app.db.clock.advance(TimeDelta::minutes(19));
    // Data that a screen loads by itself is not use.
    assert_eq!(app.post("/api/own_account", &cookie, "").await.status, StatusCode::OK);
    app.db.clock.advance(TimeDelta::minutes(1));
    assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::UNAUTHORIZED);

    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    for _ in 0..47 {
        app.db.clock.advance(TimeDelta::minutes(15));
        assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::NO_CONTENT);
    }
    app.db.clock.advance(TimeDelta::minutes(15));
    assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::UNAUTHORIZED);
});

on_both!(a_tablet_that_is_set_up_asks_who_is_here_and_nobody_is_no_fault, async |db: TestDb| {
    let app = TestApp::new(db);
    let nobody = app.post("/api/who_is_here", "", "").await;
    assert_eq!((nobody.status, nobody.body.as_str()), (StatusCode::OK, "null"));
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let account: serde_json::Value = serde_json::from_str(&app.post("/api/own_account", &cookie, "").await.body).unwrap();
    let somebody = app.post("/api/who_is_here", &cookie, "").await;
    let candidate = |name: &serde_json::Value, may_hold: bool| serde_json::json!({ "name": name, "may_hold": may_hold });
    let read = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap();
    assert_eq!((somebody.status, read(&somebody.body)), (StatusCode::OK, candidate(&account["name"], true)));
    let admin = app.sign_in(&app.db.people.admin, "admin").await;
    let account = read(&app.post("/api/own_account", &admin, "").await.body);
    assert_eq!(read(&app.post("/api/who_is_here", &admin, "").await.body), candidate(&account["name"], false));
});

on_both!(locking_and_grants_take_effect_at_once, async |db: TestDb| {
    let app = TestApp::new(db);
    let (admin, worker) = (app.db.ctx(&app.db.people.admin), app.db.people.worker.user);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let grant =
        UserCommand::Grant { id: GrantId::new(), user: app.db.people.coach.user, role: Role::Manager, scope: Scope::District };
    let coach = app.sign_in(&app.db.people.coach, "coach").await;
    assert_eq!(app.get("/", &coach).await.header("location"), "/account");
    execute(&admin, Envelope::new(grant, admin.now())).await.unwrap();
    assert_eq!(app.get("/", &coach).await.header("location"), "/team");
    execute(&admin, Envelope::new(UserCommand::Lock { id: worker, locked: true }, admin.now())).await.unwrap();
    assert_eq!(app.post("/session/keep", &cookie, "").await.status, StatusCode::UNAUTHORIZED);
});

on_both!(a_given_password_must_be_changed_before_anything_else, async |db: TestDb| {
    let app = TestApp::new(db);
    let ctx = app.db.ctx(&app.db.people.admin);
    accounts::set_password(&ctx, app.db.people.worker.user, PASSWORD, true).await.unwrap();
    let cookie = app.try_sign_in("worker", PASSWORD).await.cookie();
    assert_eq!(app.get("/account", &cookie).await.header("location"), "/account/password");
    let refused = app.post("/api/own_account", &cookie, "").await;
    assert_eq!((refused.status, refused.body.as_str()), (StatusCode::UNAUTHORIZED, r#"{"code":"password_change_required"}"#));
    let form = format!("old_password={PASSWORD}&new_password=zwei-blaue-lampen-93");
    assert_eq!(app.post("/api/change_password", &cookie, &form).await.status, StatusCode::OK);
    assert_eq!(app.get("/", &cookie).await.header("location"), "/my-day");
});

on_both!(a_password_link_works_once, async |db: TestDb| {
    let app = TestApp::new(db);
    let ctx = app.db.ctx(&app.db.people.admin);
    let token = accounts::make_password_link(&ctx, app.db.people.worker.user).await.unwrap();
    assert_eq!(app.get(&format!("/password/{token}"), "").await.status, StatusCode::OK);
    let form = format!("token={token}&new_password={PASSWORD}");
    assert_eq!(app.post("/api/use_link", "", &form).await.status, StatusCode::OK);
    assert_eq!(app.post("/api/use_link", "", &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.try_sign_in("worker", PASSWORD).await.status, StatusCode::OK);
});
