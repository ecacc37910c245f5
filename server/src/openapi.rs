//! The description of the tablet API (OpenAPI 3.1), made from the types that cross the wire and from what stands above the handlers.
//! It is served, printed by `iut openapi`, and kept in `docs/openapi.json`.

mod refusals;
mod tidy;

pub(crate) use refusals::{AnyRefusal, PostRefusal, SessionRefusal};

use crate::{attachments, router, state, sync};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use domain::{
    attachment,
    sync::{
        outbox::{self, Outcome},
        protocol,
        replica::{Colleague, District},
    },
};
use serde_json::Value;
use std::sync::LazyLock;
use tidy::tidy;
use utoipa::{
    OpenApi,
    openapi::{
        Deprecated, OpenApi as Document,
        path::{Operation, PathItem},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

/// The address of the description.
pub(crate) const PATH: &str = "/api/openapi.json";

/// What every version can do, below `/api/sync/v…`.
#[derive(OpenApi)]
#[openapi(
    paths(sync::register, sync::standing, sync::push, sync::pull, attachments::progress, attachments::receive, attachments::show_on_tablet),
    // What stands in tuples only, which utoipa writes out without a name.
    components(schemas(Colleague, District, Outcome))
)]
struct Tablets;

/// What does not belong to a version.
#[derive(OpenApi)]
#[openapi(
    info(title = "Iut: tablets", license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later")),
    paths(describe),
    tags(
        (name = "tablets", description = "Setting a tablet up, sending what was written on it, loading what it keeps."),
        (name = "attachments", description = "The bytes of photos and signatures."),
        (name = "description", description = "This document."),
    )
)]
struct Frame;

/// Gives this document.
///
/// It holds no data and is the same for everybody.
#[utoipa::path(
    get,
    path = PATH,
    tag = "description",
    operation_id = "describe",
    responses((status = 200, description = "An OpenAPI 3.1 document.", body = Value)),
)]
pub(crate) async fn describe() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

static TEXT: LazyLock<String> = LazyLock::new(text);

/// The description as people read it, with a line break at its end.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

/// The description.
#[must_use]
pub fn document() -> Value {
    let versions = [protocol::VERSION, protocol::VERSION - 1];
    let mut whole =
        versions.iter().fold(Frame::openapi(), |whole, version| whole.nest(format!("/api/sync/v{version}"), spoken(*version)));
    whole.info.version = protocol::VERSION.to_string();
    whole.info.description = Some(about());
    let components = whole.components.get_or_insert_default();
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    tidy(&serde_json::json!(whole))
}

/// What one version can do. Nobody should begin with the one before.
fn spoken(version: u16) -> Document {
    let mut tablets = Tablets::openapi();
    for operation in tablets.paths.paths.values_mut().flat_map(operations) {
        operation.operation_id = operation.operation_id.take().map(|id| format!("{id}_v{version}"));
        operation.deprecated = (version < protocol::VERSION).then_some(Deprecated::True);
    }
    tablets
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post].into_iter().flatten()
}

fn schemes() -> [(&'static str, SecurityScheme); 3] {
    let bearer = |about: &str| {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(about.to_owned());
        SecurityScheme::Http(scheme)
    };
    let token = bearer("The token that the tablet was given when it was set up.");
    let badge = bearer("The token of the tablet, in base64url, with the last 32 of its 64 bytes replaced by their SHA-256.");
    let about =
        "The session of somebody who is signed in. On a server without https, which only serves its own machine, it is `iut`.";
    let session = ApiKey::Cookie(ApiKeyValue::with_description(app::api::context::SECURE_COOKIE, about));
    [("tablet", token), ("badge", badge), ("session", SecurityScheme::ApiKey(session))]
}

fn about() -> String {
    format!(
        include_str!("openapi/about.md"),
        version = protocol::VERSION,
        before = protocol::VERSION - 1,
        changes = protocol::CHANGES,
        dossiers = protocol::DOSSIERS,
        batch = outbox::BATCH,
        thumbnail = attachment::MOST_THUMBNAIL,
        part = attachment::PART,
        bytes = attachment::MOST_BYTES,
        request = router::MOST_BYTES,
        push = router::MOST_UPLOAD,
        burst = state::TABLET_BURST,
        rate = state::TABLET_PER_SECOND,
        patience = router::PATIENCE.as_secs(),
    )
}
