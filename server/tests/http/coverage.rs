//! Every address stands in `routes.txt` with who may call it, and does what it says there to somebody without a login.
//! `IUT_UPDATE_ROUTES=1 cargo test -p server --test http coverage` writes new addresses down; a person reviews them.

use crate::app::{TestApp, post};
use axum::http::StatusCode;
use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};
use store::{on_both, testing::TestDb};

const EVERYBODY: &str = "everybody";
const SIGNED_IN: &str = "signed in";

fn table() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/http/routes.txt")
}

fn kept() -> BTreeMap<(String, String), String> {
    let text = fs::read_to_string(table()).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (route, who) = line.split_once("  ").expect("METHOD PATH  WHO");
            let (method, path) = route.split_once(' ').expect("METHOD PATH");
            ((method.to_owned(), path.to_owned()), who.trim().to_owned())
        })
        .collect()
}

#[tokio::test]
async fn every_address_stands_in_the_table() {
    let kept = kept();
    let now: BTreeMap<_, _> = server::all_routes()
        .into_iter()
        .map(|route| {
            let who = kept.get(&route).cloned().unwrap_or_else(|| SIGNED_IN.to_owned());
            (route, who)
        })
        .collect();
    if std::env::var("IUT_UPDATE_ROUTES").is_ok() {
        let mut text = "# Who may call what. \"signed in\": the policy decides what is seen and done there.\n".to_owned();
        for ((method, path), who) in &now {
            writeln!(text, "{:60}  {who}", format!("{method} {path}")).unwrap();
        }
        fs::write(table(), text).unwrap();
        return;
    }
    assert_eq!(kept, now, "routes.txt and the router differ");
}

on_both!(without_a_login_every_address_does_what_the_table_says, async |db: TestDb| {
    let app = TestApp::new(db);
    for ((method, path), who) in kept() {
        let path = fill_in(&path);
        let answer = if method == "GET" { app.get(&path, "").await } else { app.ask(post(&path, "", "")).await };
        let to_sign_in = answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with("/sign-in");
        let refused = answer.status == StatusCode::UNAUTHORIZED || to_sign_in;
        match who.as_str() {
            EVERYBODY => assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}"),
            SIGNED_IN => assert!(refused, "{method} {path} answered {}", answer.status),
            other => panic!("{method} {path}: {other:?} is neither {EVERYBODY:?} nor {SIGNED_IN:?}"),
        }
    }
});

/// An address with its parameters filled in.
fn fill_in(path: &str) -> String {
    let filled = path.split('/').map(|part| if part.starts_with('{') { "018f0000-0000-7000-8000-000000000000" } else { part });
    filled.collect::<Vec<_>>().join("/")
}
