//! The shell of the field: one page without data, the same for everybody at every address below `/field`, and the service
//! worker that keeps it on the tablet. Both are made once, when the server starts, from the files of the site.

mod files;

use crate::{door::problem, guard::FIELD_PERMISSIONS, state::AppState};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::ApiError;
use files::{Built, KeptFile, digest, site_files};
use leptos::config::LeptosOptions;
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("field/page.html");
const START: &str = include_str!("field/start.js");
const WORKER: &str = include_str!("field/sw.js");

/// As strict as [`crate::guard::page_policy`], and without a nonce: the page has no script but a file, so that its bytes
/// can be kept. Photos are shown from memory (`blob:`).
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// A service worker fetches under the policy of its own file.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Page, start script and service worker of this version.
#[derive(Clone, Debug)]
pub struct FieldShell {
    page: Bytes,
    start: Bytes,
    /// `None` when files of the program are missing: half a program is not kept.
    worker: Option<Bytes>,
}

impl FieldShell {
    /// Reads the files of the site and makes the shell from them.
    #[must_use]
    pub(crate) fn read(options: &LeptosOptions) -> Self {
        let built = Built::read(options);
        let site = site_files(options, &built);
        let version = version(site.as_deref().unwrap_or_default());
        let fill = |template: &str| {
            let (style, program, wasm) = (&built.style, &built.program, &built.wasm);
            [("version", &version), ("style", style), ("program", program), ("wasm", wasm)]
                .into_iter()
                .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
        };
        let (page, start) = (fill(PAGE), fill(START));
        let worker = site.map(|mut files| {
            files.push(KeptFile::new("/field", page.as_bytes()));
            files.push(KeptFile::new("/field/start.js", start.as_bytes()));
            let pairs: Vec<_> = files.iter().map(|file| [&file.path, &file.integrity]).collect();
            Bytes::from(fill(WORKER).replace("{{files}}", &serde_json::json!(pairs).to_string()))
        });
        if worker.is_none() {
            tracing::warn!(site = %options.site_root, "files of the program are missing: the field can't be kept on tablets");
        }
        Self { page: page.into(), start: start.into(), worker }
    }
}

/// Changes with every file, and with the code that keeps them.
fn version(files: &[KeptFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(format!("{} {}\n", file.path, file.integrity));
    }
    for template in [PAGE, START, WORKER] {
        hash.update(digest(template.as_bytes()));
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a path belongs to the shell, which is the same for everybody: nobody asks who wants it.
pub(crate) fn is_shell(path: &str) -> bool {
    path == "/field" || path.starts_with("/field/")
}

/// What the shell's files have in common: asked for anew each time, so that an update is seen at once.
fn file(kind: &'static str, policy: &'static str, content: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
    ];
    (headers, content).into_response()
}

/// The page, at every address of the field.
pub(crate) async fn page(State(state): State<AppState>) -> Response {
    let mut response = file("text/html; charset=utf-8", PAGE_POLICY, state.field.page.clone());
    let permissions = HeaderValue::from_static(FIELD_PERMISSIONS);
    response.headers_mut().insert(HeaderName::from_static("permissions-policy"), permissions);
    response
}

/// The script that starts the program.
pub(crate) async fn start(State(state): State<AppState>) -> Response {
    file("text/javascript; charset=utf-8", PAGE_POLICY, state.field.start.clone())
}

/// The service worker.
pub(crate) async fn worker(State(state): State<AppState>) -> Response {
    let Some(worker) = state.field.worker.clone() else { return problem(&ApiError::NotFound) };
    let mut response = file("text/javascript; charset=utf-8", WORKER_POLICY, worker);
    let scope = HeaderValue::from_static("/field");
    response.headers_mut().insert(HeaderName::from_static("service-worker-allowed"), scope);
    response
}
