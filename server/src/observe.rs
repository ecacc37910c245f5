//! One line in the log and one sample in the metrics for every request. Paths appear as their patterns, without
//! query strings: ids at most, never what somebody typed.

use axum::{
    extract::{MatchedPath, Request},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use domain::ids::RequestId;
use std::time::Instant;
use tracing::Instrument;

/// Gives the request its id, and notes how it went.
pub(crate) async fn request(mut request: Request, next: Next) -> Response {
    let (id, began) = (RequestId::new(), Instant::now());
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", %id, method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    span.in_scope(|| match status {
        500.. => tracing::error!(status, ms = took.as_millis(), "answered"),
        _ => tracing::info!(status, ms = took.as_millis(), "answered"),
    });
    let labels = [("method", method), ("route", route), ("status", status.to_string())];
    metrics::counter!("iut_http_requests_total", &labels).increment(1);
    metrics::histogram!("iut_http_request_seconds", &labels).record(took.as_secs_f64());
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}
