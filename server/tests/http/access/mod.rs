//! Who may do what, through HTTP: every page, server function and command about somebody's record, asked for by nobody, by
//! each role, by another team and by another district. `access.txt` holds what is answered, for a person to read.
//! `IUT_UPDATE_ACCESS=1 cargo test -p server --test http access::` writes it anew.

mod callers;
mod rows;
mod scene;

use crate::app::{Answer, TestApp, post};
use axum::http::StatusCode;
use callers::{Caller, Place, callers};
use futures::future::join_all;
use rows::{ELSEWHERE, Row, rows};
use scene::{NAME, Scene};
use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};
use store::{on_both, testing::TestDb};

const LEGEND: &str = "\
# What a caller is answered about a record of the first team: a neighbor, their case and visit, an entry, a pair, a draft.
# 200 done or shown, 303 sent to sign in, 401 not signed in, 403 not allowed, 404 does not exist for this caller.
# 400, 409 and 422: allowed, but this record does not stand so that it could be done.
# A star: the answer holds the neighbor's name.
";

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/http/access.txt")
}

async fn ask(app: &TestApp, row: &Row, scene: &Scene, caller: &Caller) -> Answer {
    let path = scene.fill(row.path);
    if row.method == "GET" {
        return app.get(&path, &caller.cookie).await;
    }
    let mut request = post(&path, &caller.cookie, &(row.body)(scene).to_string());
    request.headers_mut().insert("content-type", "application/json".parse().unwrap());
    app.ask(request).await
}

/// One cell of the table, after what must hold in each.
async fn cell(app: &TestApp, row: &Row, scene: &Scene, caller: &Caller) -> String {
    let changes = "SELECT count(*) AS n FROM change";
    let before = app.db.count(changes).await;
    let answer = ask(app, row, scene, caller).await;
    let (who, what, named) = (caller.name, row.name, answer.body.contains(NAME));
    assert!(!answer.status.is_server_error(), "{what}: {who} was answered {}: {}", answer.status, answer.body);
    if answer.status != StatusCode::OK {
        assert_eq!(app.db.count(changes).await, before, "{what}: {who} was refused and changed something");
        assert!(!named, "{what}: {who} was refused and told the name");
    }
    if caller.place == Place::OtherDistrict {
        assert!(!named, "{what}: {who} learned the name");
    }
    if caller.place == Place::Nowhere {
        assert!(matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::SEE_OTHER), "{what}: {who} {}", answer.status);
    }
    format!("{}{}", answer.status.as_u16(), if named { "*" } else { "" })
}

async fn line(app: &TestApp, row: &Row, shared: &Scene, callers: &[Caller]) -> String {
    let mut line = format!("{:44}", row.name);
    for caller in callers {
        let fresh;
        let scene = if row.changes {
            fresh = Scene::make(&app.db).await;
            &fresh
        } else {
            shared
        };
        write!(line, " {:9}", cell(app, row, scene, caller).await).unwrap();
    }
    line.trim_end().to_owned()
}

async fn table(app: &TestApp) -> String {
    let callers = callers(app).await;
    let shared = Scene::make(&app.db).await;
    let names: String = callers.iter().map(|caller| format!(" {:9}", caller.name)).collect();
    let mut text = format!("{LEGEND}{}", format!("{:44}{names}", "").trim_end());
    for row in rows() {
        write!(text, "\n{}", line(app, &row, &shared, &callers).await).unwrap();
    }
    text.push('\n');
    text
}

on_both!(everybody_gets_what_the_table_says, async |db: TestDb| {
    let on_sqlite = db.url.starts_with("sqlite");
    let table = Box::pin(table(&TestApp::new(db))).await;
    if std::env::var("IUT_UPDATE_ACCESS").is_ok() && on_sqlite {
        fs::write(golden(), table).unwrap();
        return;
    }
    let kept = fs::read_to_string(golden()).unwrap();
    let differ: Vec<_> = kept.lines().zip(table.lines()).filter(|(kept, now)| kept != now).collect();
    assert_eq!((differ, kept.lines().count()), (vec![], table.lines().count()), "access.txt and the answers differ");
});

#[tokio::test]
async fn every_address_is_in_the_table_or_elsewhere() {
    let asked: BTreeSet<_> = rows().into_iter().map(|row| (row.method.to_owned(), row.route())).collect();
    let elsewhere = |route: &(String, String)| ELSEWHERE.iter().any(|(path, _)| *path == route.1);
    let missing: Vec<_> = server::all_routes().into_iter().filter(|route| !asked.contains(route) && !elsewhere(route)).collect();
    assert_eq!(missing, [], "add a row to access/rows.rs, or say where it is proved");
}

on_both!(no_page_breaks_when_many_open_it_at_once, async |db: TestDb| {
    let app = TestApp::new(db);
    let (callers, scene) = (callers(&app).await, Scene::make(&app.db).await);
    let twice: Vec<_> = callers.iter().flat_map(|caller| [caller, caller]).collect();
    for row in rows().into_iter().filter(|row| row.method == "GET") {
        let path = scene.fill(row.path);
        // As many at once as the tests' pool has connections.
        for some in twice.chunks(4) {
            let asked = some.iter().map(|caller| {
                let (router, path, cookie) = (app.router.clone(), path.clone(), caller.cookie.clone());
                tokio::spawn(async move {
                    let request = crate::app::request(axum::http::Method::GET, &path, &cookie);
                    crate::app::ask(&router, request.body(axum::body::Body::empty()).unwrap()).await.status
                })
            });
            for status in join_all(asked).await {
                let status = status.unwrap();
                assert!(!status.is_server_error(), "{path}: {status}");
            }
        }
    }
});
