//! Discovery lists through HTTP: who may send one, what is refused, and that a good one is applied once.

use crate::app::{Answer, TestApp, request};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use domain::{
    round::{ImportReport, RowErrorCode},
    view::rounds::{ImportPreview, ImportProgress, RowOutcome},
};
use futures::stream;
use std::convert::Infallible;
use store::{on_both, testing::TestDb};

const PREVIEW: &str = "/api/rounds/preview";
const HEADER: &str = "차수,성명,출생연도,성별,연락처,행정동코드,주소,위기정보,비고\n";
/// More than any upload may hold.
const TOO_MUCH: usize = 21 * 1024 * 1024;

/// Two people, one of them twice.
fn list() -> String {
    let rows = [
        "2026-5,김가상,1957,여,,1165051000,,I01,",
        "2026-5,이보기,,,,1165052000,,I05;I13,",
        "2026-5,김가상,1957,,,1165051000,,I05,",
    ];
    format!("{HEADER}{}\n", rows.join("\n"))
}

/// A form with one file, as a browser sends it.
fn form(file: &[u8]) -> Vec<u8> {
    let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat()
}

fn sent(cookie: &str, path: &str, body: Body) -> Request<Body> {
    request(Method::POST, path, cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
        .unwrap()
}

async fn preview(app: &TestApp, cookie: &str, file: &[u8]) -> Answer {
    app.ask(sent(cookie, PREVIEW, form(file).into())).await
}

/// A body whose length nobody is told beforehand.
fn piece_by_piece(body: Vec<u8>) -> Body {
    let pieces: Vec<_> = body.chunks(64 * 1024).map(|piece| Ok::<_, Infallible>(piece.to_vec())).collect();
    Body::from_stream(stream::iter(pieces))
}

fn read(answer: &Answer) -> ImportPreview {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// The last event of an applied list.
fn ended(answer: &Answer) -> ImportProgress {
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/event-stream"));
    let last = answer.body.lines().rfind(|line| line.starts_with("data:")).unwrap();
    serde_json::from_str(last.trim_start_matches("data:")).unwrap()
}

async fn apply(app: &TestApp, cookie: &str, preview: &ImportPreview) -> ImportReport {
    let path = format!("/api/rounds/apply/{}", preview.draft.unwrap());
    match ended(&app.ask(sent(cookie, &path, Body::empty())).await) {
        ImportProgress::Done { report, .. } => *report,
        other => panic!("{other:?}"),
    }
}

on_both!(a_list_is_taken_from_nobody_who_is_not_signed_in, async |db: TestDb| {
    let app = TestApp::new(db);
    let answer = preview(&app, "", list().as_bytes()).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::UNAUTHORIZED, r#"{"code":"unauthenticated"}"#));
    assert_eq!(app.db.count("SELECT count(*) AS n FROM draft").await, 0);
});

on_both!(who_may_not_load_lists_is_refused_before_the_file_is_read, async |db: TestDb| {
    let app = TestApp::new(db);
    for (actor, login) in [(app.db.people.worker.clone(), "worker"), (app.db.people.auditor.clone(), "auditor")] {
        let cookie = app.sign_in(&actor, login).await;
        let answer = preview(&app, &cookie, list().as_bytes()).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::FORBIDDEN, r#"{"code":"forbidden"}"#), "{login}");
        // A body that never ends is not waited for.
        let endless = Body::from_stream(stream::pending::<Result<Vec<u8>, Infallible>>());
        assert_eq!(app.ask(sent(&cookie, PREVIEW, endless)).await.status, StatusCode::FORBIDDEN, "{login}");
    }
    assert_eq!(app.db.count("SELECT count(*) AS n FROM draft").await, 0);
});

on_both!(a_file_that_is_too_big_is_refused_whether_its_length_is_told_or_not, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.head, "head").await;
    let body = form(&vec![b'x'; TOO_MUCH]);
    let mut told = sent(&cookie, PREVIEW, body.clone().into());
    told.headers_mut().insert("content-length", body.len().into());
    for request in [told, sent(&cookie, PREVIEW, piece_by_piece(body))] {
        let answer = app.ask(request).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, r#"{"code":"too_large"}"#));
    }
});

on_both!(another_request_that_is_too_long_is_refused_whether_its_length_is_told_or_not, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let body = format!("\"{}\"", "x".repeat(2 * 1024 * 1024)).into_bytes();
    let mut told = sent(&cookie, "/api/execute", body.clone().into());
    told.headers_mut().insert("content-length", body.len().into());
    for mut request in [told, sent(&cookie, "/api/execute", piece_by_piece(body))] {
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        let answer = app.ask(request).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, r#"{"code":"too_large"}"#));
    }
});

on_both!(what_is_no_table_is_told_so_and_nothing_is_kept, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.head, "head").await;
    for (file, code) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], RowErrorCode::UnreadableFile),
        (b"PK\x03\x04 no workbook", RowErrorCode::UnreadableFile),
        (b"", RowErrorCode::EmptyFile),
    ] {
        let found = read(&preview(&app, &cookie, file).await);
        assert_eq!(found.report.errors.iter().map(|error| error.code).collect::<Vec<_>>(), [code]);
        assert_eq!((found.draft, found.sample.len()), (None, 0));
    }
    let no_form = app.post(PREVIEW, &cookie, "file=x").await;
    assert_eq!((no_form.status, no_form.body.as_str()), (StatusCode::BAD_REQUEST, r#"{"code":"bad_request"}"#));
    let no_file = b"--edge\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--edge--\r\n".to_vec();
    assert_eq!(app.ask(sent(&cookie, PREVIEW, no_file.into())).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.db.count("SELECT count(*) AS n FROM draft").await, 0);
});

on_both!(a_list_with_a_fault_says_where_and_gives_nothing_to_apply, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.head, "head").await;
    let bad = format!("{}2026-5,박예시,1850,,,1165051000,,I01,900101-1234567\n2026-5,,,,,1165059999,,I01,\n", list());
    let answer = preview(&app, &cookie, bad.as_bytes()).await;
    assert!(!answer.body.contains("900101") && !answer.body.contains("1850"), "a value came back");
    let found = read(&answer);
    let faults: Vec<_> = found.report.errors.iter().map(|error| (error.row, error.column.as_str(), error.code)).collect();
    let expected = [
        (5, "note", RowErrorCode::ResidentNumber),
        (6, "name", RowErrorCode::MissingName),
        (6, "dong_code", RowErrorCode::UnknownDong),
    ];
    assert_eq!((faults.as_slice(), found.draft), (&expected[..], None));
    assert_eq!(app.db.count("SELECT count(*) AS n FROM neighbor").await, 0);
});

on_both!(a_good_list_is_previewed_then_applied_and_the_same_file_again_changes_nothing, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.head, "head").await;
    let first = read(&preview(&app, &cookie, list().as_bytes()).await);
    assert_eq!(first.period.map(|period| period.to_string()).as_deref(), Some("2026-5"));
    let outcomes: Vec<_> = first.sample.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [RowOutcome::New, RowOutcome::New, RowOutcome::Duplicate]);
    assert_eq!(app.db.count("SELECT count(*) AS n FROM neighbor").await, 0, "a preview changes nothing");

    let report = apply(&app, &cookie, &first).await;
    assert_eq!(report, ImportReport { applied: true, ..first.report.clone() }, "what was previewed is what happens");
    assert_eq!((report.rows, report.new, report.duplicates_in_file, report.signals_added), (3, 2, 1, 4));
    assert_eq!(app.db.count("SELECT count(*) AS n FROM neighbor").await, 2);

    // The draft is used up: nobody applies it twice by pressing twice.
    let path = format!("/api/rounds/apply/{}", first.draft.unwrap());
    assert_eq!(app.ask(sent(&cookie, &path, Body::empty())).await.status, StatusCode::NOT_FOUND);

    let again = read(&preview(&app, &cookie, list().as_bytes()).await);
    let report = apply(&app, &cookie, &again).await;
    assert_eq!((report.new, report.signals_added), (0, 0));
    assert_eq!(app.db.count("SELECT count(*) AS n FROM neighbor").await, 2);
    assert_eq!(app.db.count("SELECT count(*) AS n FROM round_entry").await, 2);
});

on_both!(a_draft_belongs_to_whoever_made_it, async |db: TestDb| {
    let app = TestApp::new(db);
    let head = app.sign_in(&app.db.people.head, "head").await;
    let first = read(&preview(&app, &head, list().as_bytes()).await);
    let path = format!("/api/rounds/apply/{}", first.draft.unwrap());
    let manager = app.sign_in(&app.db.people.manager, "manager").await;
    let worker = app.sign_in(&app.db.people.worker, "worker").await;
    for cookie in [manager, worker] {
        let answer = app.ask(sent(&cookie, &path, Body::empty())).await;
        assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&answer.status), "{}", answer.status);
    }
    assert_eq!(app.db.count("SELECT count(*) AS n FROM neighbor").await, 0);
});
