//! Every address in one flat table, and what every request passes on its way.

use crate::{attachments, door, events, field, guard, health, observe, openapi, pages, rounds, state::AppState, sync};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, any, get, get_service, post},
};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::{sync::LazyLock, time::Duration};
use tower_http::{CompressionLevel, compression::CompressionLayer, services::ServeDir, timeout::TimeoutLayer};

/// How long an answer may take to begin.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// Of brotli and gzip alike. A hundred dossiers take a seventh less than with brotli's 4, as fast; 6 takes half as long again for
/// three in a hundred.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(5);
/// Bytes of a request, but for uploads.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;
/// Bytes of an uploaded list.
pub(crate) const MOST_UPLOAD: usize = crate::import::MOST_BYTES + 64 * 1024;

/// Bytes of what a tablet sends at once: a hundred of the longest notes have four million.
pub(crate) const MOST_PUSH: usize = 6 * 1024 * 1024;

/// A method, an address, and what answers there.
type Row = (&'static str, &'static str, MethodRouter<AppState>);

/// Addresses that are neither pages nor server functions.
fn plain() -> Vec<Row> {
    vec![
        // For machines
        ("GET", "/healthz", get(health::alive)),
        ("GET", "/readyz", get(health::ready)),
        // For open screens
        ("GET", "/events", get(events::follow)),
        ("POST", "/session/keep", post(pages::keep)),
        ("POST", "/sign-out", post(pages::sign_out)),
        // The field: one page without data, and what keeps it there
        ("GET", "/field", get(field::page)),
        ("GET", "/field/", get(field::page)),
        ("GET", "/field/{*path}", get(field::page)),
        ("GET", "/field/start.js", get(field::start)),
        ("GET", "/field/sw.js", get(field::worker)),
        // For tablets
        ("POST", "/api/sync/v1/devices", post(sync::register)),
        ("GET", "/api/sync/v1/standing", get(sync::standing)),
        ("GET", "/api/sync/v1/pull", get(sync::pull)),
        ("GET", "/api/sync/v1/attachments", get(attachments::progress)),
        ("POST", "/api/sync/v1/attachments", post(attachments::receive)),
        ("GET", "/api/sync/v1/attachments/{id}/{size}", get(attachments::show_on_tablet)),
        // The same in the present version
        ("POST", "/api/sync/v2/devices", post(sync::register)),
        ("GET", "/api/sync/v2/standing", get(sync::standing)),
        ("GET", "/api/sync/v2/pull", get(sync::pull)),
        ("GET", "/api/sync/v2/attachments", get(attachments::progress)),
        ("POST", "/api/sync/v2/attachments", post(attachments::receive)),
        ("GET", "/api/sync/v2/attachments/{id}/{size}", get(attachments::show_on_tablet)),
        // What is said there, for whoever writes a program that says it
        ("GET", openapi::PATH, get(openapi::describe)),
        // Photos and signatures on pages
        ("GET", "/attachments/{id}/{size}", get(attachments::show_on_page)),
    ]
}

/// Addresses that take files and other long things.
fn uploads() -> Vec<Row> {
    vec![
        // Discovery lists
        ("POST", "/api/rounds/preview", post(rounds::preview)),
        ("POST", "/api/rounds/apply/{draft}", post(rounds::apply)),
    ]
}

/// Addresses that take what was written on tablets.
fn pushes() -> Vec<Row> {
    vec![("POST", "/api/sync/v1/push", post(sync::push::<1>)), ("POST", "/api/sync/v2/push", post(sync::push::<2>))]
}

/// The pages, listed once in a process and before any is rendered: while leptos lists them, it keeps what other threads render from loading,
/// and what begins to load then waits for ever (leptos issue 4773).
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));

/// The whole server.
pub fn router(state: AppState) -> Router {
    let mut routes = add(Router::new(), plain());
    // Server functions, declared in app/src/api
    for (path, _) in server_fn_paths() {
        routes = routes.route(path, any(pages::server_fn));
    }
    routes
        // Pages, declared in app/src/app.rs
        .leptos_routes_with_handler(PAGES.clone(), pages::page)
        .layer(from_fn_with_state(MOST_BYTES, guard::limit_body))
        .merge(add(Router::new(), uploads()).layer(from_fn_with_state(MOST_UPLOAD, guard::limit_body)))
        .merge(add(Router::new(), pushes()).layer(from_fn_with_state(MOST_PUSH, guard::limit_body)))
        .fallback_service(files(&state))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), door::open))
        .layer(from_fn(guard::same_origin))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn_with_state(state.clone(), guard::headers))
        .layer(from_fn(observe::request))
        .with_state(state)
}

fn add(router: Router<AppState>, rows: Vec<Row>) -> Router<AppState> {
    rows.into_iter().fold(router, |router, (_, path, answer)| router.route(path, answer))
}

/// Every method and address that [`router`] answers, but for the site's files.
#[must_use]
pub fn all_routes() -> Vec<(String, String)> {
    let rows = plain().into_iter().chain(uploads()).chain(pushes()).map(|(method, path, _)| (method.to_owned(), path.to_owned()));
    let functions = server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned()));
    let pages = PAGES.iter().map(|page| ("GET".to_owned(), page.path().to_owned()));
    rows.chain(functions).chain(pages).collect()
}

/// The site's files, compressed ahead of time where there is such a file; whatever is not one of them is an address
/// that leads nowhere.
fn files(state: &AppState) -> MethodRouter {
    let not_found = pages::not_found.with_state(state.clone());
    let files = ServeDir::new(&*state.options.site_root).append_index_html_on_directories(false);
    get_service(files.precompressed_br().precompressed_gzip().fallback(not_found))
}
