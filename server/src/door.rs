//! The session layer: every request gets a [`Door`] that says which browser asks and who is signed in.

use crate::{field, state::AppState};
use app::{
    api::context::{Door, LOOPBACK_COOKIE, SECURE_COOKIE},
    prefs::cookie_in,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{ApiError, ids::RequestId};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use store::{
    accounts::{self, Visitor},
    tenants,
};

/// Finds out who asks.
pub(crate) async fn open(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/pkg/") || field::is_shell(request.uri().path()) {
        return next.run(request).await;
    }
    let name = if state.config.secure { SECURE_COOKIE } else { LOOPBACK_COOKIE };
    let (visitor, cookie) = (visitor(&state, &request), cookie(request.headers(), name));
    match find(&state, visitor, cookie).await {
        Ok(door) => {
            request.extensions_mut().insert(door);
            next.run(request).await
        }
        Err(error) => problem(&error),
    }
}

fn visitor(state: &AppState, request: &Request) -> Visitor {
    Visitor {
        store: state.store.clone(),
        address: address(state, request).map(|address| address.to_string()),
        device: device(request.headers()),
        request: request.extensions().get::<RequestId>().copied().unwrap_or_default(),
        clock: Arc::clone(&state.clock),
    }
}

async fn find(state: &AppState, visitor: Visitor, cookie: Option<String>) -> Result<Door, ApiError> {
    let session = match cookie {
        Some(cookie) => accounts::session(&visitor, &cookie).await?,
        None => None,
    };
    let district = match &session {
        Some(user) => tenants::find(&state.store, user.actor.tenant).await.map_err(store::StoreError::into_api)?,
        None => None,
    };
    Ok(Door { visitor, session, district: district.map(Arc::new), limit: Arc::clone(&state.limit), secure: state.config.secure })
}

/// The cookie of a name.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut headers = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    headers.find_map(|header| cookie_in(header, name).map(str::to_owned))
}

/// The browser's address. Only what a trusted proxy itself wrote is believed: the last entry.
fn address(state: &AppState, request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = || request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next();
    match peer {
        Some(peer) if state.config.trusted_proxies.contains(&peer) => {
            forwarded().and_then(|last| last.trim().parse().ok()).or(Some(peer))
        }
        peer => peer,
    }
}

/// What the browser says it is, in a few words: "Chrome · Android".
fn device(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let find = |words: &[(&str, &'static str)]| words.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name);
    let browser = find(&[
        ("Edg/", "Edge"),
        ("Whale/", "Whale"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    let words: Vec<&str> = browser.into_iter().chain(system).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// An error as JSON with its status.
pub(crate) fn problem(error: &ApiError) -> Response {
    let status = axum::http::StatusCode::from_u16(error.status()).unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(error)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_in_a_few_words() {
        let mut headers = HeaderMap::new();
        assert_eq!(device(&headers), None);
        let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
        headers.insert(header::USER_AGENT, agent.parse().unwrap());
        assert_eq!(device(&headers).as_deref(), Some("Chrome · Android"));
    }
}
