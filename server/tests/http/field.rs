//! The shell of the field: one page for everybody, and the service worker that keeps it with every file of its version.

use crate::app::{Answer, TestApp, ask, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos::config::LeptosOptions;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use store::{on_both, testing::TestDb};

/// What a tablet must have, of the site below.
const KEPT: [&str; 12] = [
    "/field",
    "/field/start.js",
    "/fonts/sans.1.woff2",
    "/icon.svg",
    "/icons/iut-192.png",
    "/icons/iut-512.png",
    "/icons/iut-maskable-512.png",
    "/manifest.webmanifest",
    "/pkg/iut.Js1.js",
    "/pkg/iut.Wasm1.wasm",
    "/pkg/iut.Css1.css",
    "/pkg/snippets/crate-1/inline0.js",
];

/// A site as cargo-leptos leaves it, with an older build's files and what is compressed ahead of time.
struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        for path in KEPT.into_iter().filter(|path| !path.starts_with("/field")) {
            site.write(path, &format!("content of {path}"));
        }
        let others = ["pkg/iut.Old.wasm", "pkg/iut.Css1.css.map", "pkg/iut.d.T.ts", "fonts/OFL.txt", "robots.txt"];
        others.into_iter().for_each(|path| site.write(path, "not for tablets"));
        site.write("hash.txt", "js: Js1\nwasm: Wasm1\ncss: Css1\n");
        site
    }

    fn write(&self, path: &str, content: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path.trim_start_matches('/'))
    }

    fn options(&self) -> LeptosOptions {
        let (root, hashes) = (self.0.path().to_str().unwrap().to_owned(), self.path("hash.txt").to_str().unwrap().to_owned());
        let options = LeptosOptions::builder().output_name("iut").site_root(root);
        options.site_pkg_dir("pkg").hash_files(true).hash_file(hashes.into()).build()
    }
}

fn header_of<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let all: Vec<_> = answer.headers.get_all(name).iter().collect();
    assert!(all.len() < 2, "{name} stands there {} times", all.len());
    answer.header(name)
}

/// The list in the service worker: paths with their digests.
fn listed(worker: &Answer) -> BTreeMap<String, String> {
    let list = worker.body.split("new Map(").nth(1).unwrap().split(");").next().unwrap();
    serde_json::from_str::<Vec<(String, String)>>(list).unwrap().into_iter().collect()
}

fn version(worker: &Answer) -> String {
    worker.body.split("const VERSION = \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

on_both!(every_address_of_the_field_is_the_same_page_for_everybody, async |db: TestDb| {
    let site = Site::new();
    let app = TestApp::on_site(db, site.options());
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let first = app.get("/field", "").await;
    let id = "018f0000-0000-7000-8000-000000000000";
    for path in ["/field", "/field/", "/field/my-day", "/field/about?x=1", &format!("/field/cases/{id}"), "/field/a.b/sw.js"] {
        for cookie in ["", &cookie, "iut=of-no-session"] {
            let answer = app.get(path, cookie).await;
            assert_eq!((answer.status, &answer.body), (StatusCode::OK, &first.body), "{path}");
            assert_eq!(header_of(&answer, "set-cookie"), "", "{path}");
            assert_eq!(header_of(&answer, "cache-control"), "no-cache", "{path}");
            assert_eq!(header_of(&answer, "content-type"), "text/html; charset=utf-8", "{path}");
        }
    }
    assert!(!first.body.contains("{{") && first.body.contains("<html lang=\"ko\""), "{}", first.body);
    for part in
        ["/pkg/iut.Css1.css", "/pkg/iut.Js1.js", "/pkg/iut.Wasm1.wasm", "/manifest.webmanifest", "theme-color", "viewport"]
    {
        assert!(first.body.contains(part), "{part}");
    }
});

on_both!(the_page_runs_files_only_and_may_take_photos, async |db: TestDb| {
    let site = Site::new();
    let app = TestApp::on_site(db, site.options());
    let page = app.get("/field/my-day", "").await;
    assert_eq!(
        header_of(&page, "content-security-policy"),
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(page.body.contains("<script type=\"module\" src=\"/field/start.js\"></script>"), "{}", page.body);
    assert!(!page.body.contains("style=\"") && !page.body.contains(" on") && !page.body.contains("nonce"), "{}", page.body);
    assert!(header_of(&page, "permissions-policy").contains("camera=(self)"));
    for (name, value) in [("x-frame-options", "DENY"), ("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin")]
    {
        assert_eq!(header_of(&page, name), value);
    }
    for path in ["/sign-in", "/healthz", "/field/sw.js", "/pkg/iut.Js1.js"] {
        assert!(header_of(&app.get(path, "").await, "permissions-policy").contains("camera=()"), "{path}");
    }
    let start = app.get("/field/start.js", "").await;
    assert_eq!(header_of(&start, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header_of(&start, "cache-control"), "no-cache");
    assert!(start.body.contains("/pkg/iut.Js1.js") && start.body.contains("/pkg/iut.Wasm1.wasm"), "{}", start.body);
    assert!(!start.body.contains("{{"));
});

on_both!(the_service_worker_lists_every_file_of_the_build_and_no_other, async |db: TestDb| {
    let site = Site::new();
    let app = TestApp::on_site(db, site.options());
    let worker = app.get("/field/sw.js", "").await;
    assert_eq!(worker.status, StatusCode::OK);
    assert_eq!(header_of(&worker, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header_of(&worker, "cache-control"), "no-cache");
    assert_eq!(header_of(&worker, "service-worker-allowed"), "/field");
    assert_eq!(header_of(&worker, "set-cookie"), "");
    assert!(header_of(&worker, "content-security-policy").starts_with("default-src 'none'; connect-src 'self';"));
    assert!(!worker.body.contains("{{"));
    let list = listed(&worker);
    assert_eq!(list.keys().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(KEPT));
    for (path, integrity) in list {
        let answer = app.get(&path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(format!("sha256-{}", STANDARD.encode(Sha256::digest(&answer.body))), integrity, "{path}");
    }
});

on_both!(each_change_of_a_file_is_a_new_version, async |db: TestDb| {
    let site = Site::new();
    let app = TestApp::on_site(db, site.options());
    let again = async || {
        let router = TestApp::router_with(&app.db, app.db.store.clone(), site.options());
        let get = async |path: &str| ask(&router, request(Method::GET, path, "").body(Body::empty()).unwrap()).await;
        (version(&get("/field/sw.js").await), get("/field").await.body, get("/field/start.js").await.body)
    };
    let first = version(&app.get("/field/sw.js", "").await);
    assert_eq!(again().await.0, first, "nothing changed");
    let mut versions = BTreeSet::from([first]);
    for path in ["/pkg/iut.Css1.css", "/fonts/sans.1.woff2", "/manifest.webmanifest"] {
        site.write(path, "something else");
        let (version, page, start) = again().await;
        assert!(page.contains(&format!("data-build=\"{version}\"")) && start.contains(&version), "{path}");
        assert!(versions.insert(version), "{path}");
    }
});

on_both!(half_a_program_is_not_kept, async |db: TestDb| {
    let site = Site::new();
    fs::remove_file(site.path("/pkg/iut.Wasm1.wasm")).unwrap();
    let app = TestApp::on_site(db, site.options());
    assert_eq!(app.get("/field/sw.js", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/field", "").await.status, StatusCode::OK);
    // As for every file of the program that is no longer there.
    let missing = app.get("/pkg/iut.Wasm1.wasm", "").await;
    assert_eq!((missing.status, header_of(&missing, "cache-control")), (StatusCode::NOT_FOUND, "no-store"));
});

/// The manifest that is served names pictures that are there, in the sizes that it says.
#[test]
fn the_manifest_names_pictures_that_exist() {
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/public");
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(public.join("manifest.webmanifest")).unwrap()).unwrap();
    assert_eq!([&manifest["start_url"], &manifest["scope"], &manifest["display"]], ["/field/my-day", "/field", "standalone"]);
    let icons = manifest["icons"].as_array().unwrap();
    for icon in icons.iter().filter(|icon| icon["type"] == "image/png") {
        let file = fs::read(public.join(icon["src"].as_str().unwrap().trim_start_matches('/'))).unwrap();
        // Width and height stand at bytes 16 to 23 of a PNG.
        let side = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
        assert_eq!(icon["sizes"], format!("{}x{}", side(16), side(20)));
    }
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
}
