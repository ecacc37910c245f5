//! What every answer says about itself, and which requests are not even looked at: those that another site sent.

use crate::{door::problem, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use domain::ApiError;

/// Refuses a request that may change something unless it comes from our own pages.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || comes_from_us(request.headers()) { next.run(request).await } else { problem(&ApiError::WrongOrigin) }
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

const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
         payment=(), usb=()",
    ),
];

/// Adds the headers that every answer carries.
pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let file = request.uri().path().rsplit('/').next().is_some_and(|name| name.contains('.'));
    let hashed = state.options.hash_files && request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let (ok, headers) = (response.status().is_success(), response.headers_mut());
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
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
