//! What every answer says about itself, and which requests are not even looked at: those that another site sent.

use crate::{door::problem, state::AppState};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use domain::ApiError;
use futures::StreamExt;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Refuses a request that may change something unless it comes from our own pages.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || comes_from_us(request.headers()) { next.run(request).await } else { problem(&ApiError::WrongOrigin) }
}

/// Refuses a body of more than `most` bytes: at once when its length is told, else as soon as it has come that far.
pub(crate) async fn limit_body(State(most): State<usize>, request: Request, next: Next) -> Response {
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > most as u64) {
        return problem(&ApiError::TooLarge);
    }
    let too_long = Arc::new(AtomicBool::new(false));
    let response = next.run(request.map(|body| cut(body, most, Arc::clone(&too_long)))).await;
    // Whoever read the body knows only that it broke off.
    if too_long.load(Ordering::Relaxed) { problem(&ApiError::TooLarge) } else { response }
}

/// The body, which breaks off after `most` bytes and then says so in `too_long`.
fn cut(body: Body, most: usize, too_long: Arc<AtomicBool>) -> Body {
    let mut left = most;
    Body::from_stream(body.into_data_stream().map(move |piece| {
        let piece = piece?;
        left = left.checked_sub(piece.len()).ok_or_else(|| {
            too_long.store(true, Ordering::Relaxed);
            axum::Error::new(std::io::Error::other("the body is too long"))
        })?;
        Ok::<_, axum::Error>(piece)
    }))
}

fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let origin = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    match (origin, text(header::HOST)) {
        (Some((_, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// For everything that is not a page: nothing may be loaded, nothing may frame it.
const CLOSED: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The content security policy of a page: our own files, and scripts that carry this page's nonce.
pub(crate) fn page_policy(nonce: &str, reload: Option<&str>) -> Option<HeaderValue> {
    let reload = reload.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self' {reload}; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

/// What the browser keeps from pages. Those of the field may take photos.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
    microphone=(), payment=(), usb=()";
pub(crate) const FIELD_PERMISSIONS: &str = "accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), \
    magnetometer=(), microphone=(), payment=(), usb=()";

const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", PERMISSIONS),
];

/// Adds the headers that every answer carries, unless it brings its own.
pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let file = request.uri().path().rsplit('/').next().is_some_and(|name| name.contains('.'));
    let hashed = state.options.hash_files && request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let (ok, headers) = (response.status().is_success(), response.headers_mut());
    for (name, value) in ALWAYS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if state.config.secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CLOSED));
    let cache = match (ok, hashed, file) {
        (true, true, _) => "public, max-age=31536000, immutable",
        (true, false, true) => "public, max-age=3600",
        _ => "no-store",
    };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(cache));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> bool {
        let pairs = pairs.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()));
        comes_from_us(&pairs.collect())
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[("sec-fetch-site", "none")]));
        assert!(from(&[("origin", "https://iut.example"), ("host", "iut.example")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[("sec-fetch-site", "cross-site"), ("origin", "https://iut.example"), ("host", "iut.example")]));
        assert!(!from(&[("origin", "https://evil.example"), ("host", "iut.example")]));
        assert!(!from(&[("origin", "null"), ("host", "iut.example")]));
        assert!(!from(&[("host", "iut.example")]));
    }
}
