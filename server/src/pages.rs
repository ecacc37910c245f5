//! Pages: rendered by Leptos in one flush, for whoever may see one; everybody else is sent to sign in.

use crate::{guard::page_policy, state::AppState};
use app::api::context::{Door, way_in};
use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{ApiError, view::accounts::Needs};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::accounts;

/// Addresses of pages that need no account.
const OPEN: [&str; 2] = ["/sign-in", "/password/"];
/// Pages that make no sense for somebody who is in.
const DOORS: [&str; 3] = ["/", "/sign-in", "/second-factor"];

/// A page, or the way to the page that comes first.
pub(crate) async fn page(State(state): State<AppState>, Extension(door): Extension<Door>, request: Request) -> Response {
    if let Some(to) = detour(&door, request.uri().path()) {
        return Redirect::to(&to).into_response();
    }
    if let Some(user) = &door.session
        && let Err(error) = accounts::keep(&door.visitor, user).await
    {
        return crate::door::problem(&error);
    }
    render(&state, &door, request).await
}

/// What answers an address that leads nowhere. Files of the program are asked for without a door: there it is no page.
pub(crate) async fn not_found(State(state): State<AppState>, door: Option<Extension<Door>>, request: Request) -> Response {
    let Some(Extension(door)) = door else { return crate::door::problem(&ApiError::NotFound) };
    let mut response = render(&state, &door, request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

fn detour(door: &Door, path: &str) -> Option<String> {
    let open = OPEN.iter().any(|open| path == *open || (open.ends_with('/') && path.starts_with(open)));
    match &door.session {
        None if open => None,
        None if path == "/" => Some("/sign-in".to_owned()),
        None => Some(format!("/sign-in?next={}", encode(path))),
        Some(user) => match user.needs.page() {
            Some(page) => (path != page && !path.starts_with("/password/")).then(|| page.to_owned()),
            None => DOORS.contains(&path).then(|| way_in(user, None)),
        },
    }
}

/// A path inside a query string.
fn encode(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

async fn render(state: &AppState, door: &Door, request: Request) -> Response {
    let (options, context) = (state.options.clone(), (state.clone(), door.clone()));
    let provide = move || provide(&context.0, &context.1);
    let shell = move || app::shell(options.clone());
    let response = leptos_axum::render_app_async_with_context(provide, shell)(request).await;
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(bytes)),
        Err(_) => crate::door::problem(&ApiError::Internal),
    }
}

/// What pages and server functions find in their context.
pub(crate) fn provide(state: &AppState, door: &Door) {
    provide_context(door.clone());
    if let Ok(context) = door.context() {
        provide_context(context);
    }
    if let Some(me) = door.me() {
        provide_context(me);
    }
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some(policy) = leptos::nonce::use_nonce().and_then(|nonce| page_policy(&nonce, state.config.reload.as_deref())) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Server functions that need no account.
const OPEN_FUNCTIONS: [&str; 6] =
    ["/api/districts", "/api/sign_in", "/api/rate_password", "/api/link_holder", "/api/use_link", "/api/who_is_here"];

/// Server functions for somebody who must do something else first.
const fn functions_towards(needs: Needs) -> &'static [&'static str] {
    match needs {
        Needs::Nothing => &[],
        Needs::SecondFactor => &["/api/give_code"],
        Needs::PasswordChange => &["/api/change_password"],
        Needs::Enrolment => &["/api/own_account", "/api/begin_second_factor", "/api/confirm_second_factor"],
    }
}

/// Whether this browser may call the function at all; what it may see and do there is the policy's to say.
fn may_call(door: &Door, path: &str) -> Result<(), ApiError> {
    if OPEN_FUNCTIONS.contains(&path) || functions_towards(door.user()?.needs).contains(&path) {
        return Ok(());
    }
    door.context().map(drop)
}

/// A server function.
pub(crate) async fn server_fn(State(state): State<AppState>, Extension(door): Extension<Door>, request: Request) -> Response {
    if let Err(error) = may_call(&door, request.uri().path()) {
        return crate::door::problem(&error);
    }
    let provide = move || provide(&state, &door);
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}

/// Ends the session and shows the sign-in page.
pub(crate) async fn sign_out(Extension(door): Extension<Door>) -> Response {
    if let Some(user) = &door.session
        && let Err(error) = accounts::sign_out(&door.visitor, user).await
    {
        return crate::door::problem(&error);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    if let Some(cookie) = door.cookie_header("") {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Notes that somebody is at the screen.
pub(crate) async fn keep(Extension(door): Extension<Door>) -> Response {
    let kept = match door.session.as_ref().filter(|user| user.needs == Needs::Nothing) {
        Some(user) => accounts::keep(&door.visitor, user).await,
        None => Err(ApiError::Unauthenticated),
    };
    kept.map_or_else(|error| crate::door::problem(&error), |()| StatusCode::NO_CONTENT.into_response())
}
