//! What is answered instead of what was asked for. Status and words are those of [`ApiError`] itself.

use domain::ApiError;
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses,
    openapi::{Content, Ref, RefOr, Response, ResponseBuilder},
};

/// What any request of a tablet may be answered.
pub(crate) struct AnyRefusal;

impl IntoResponses for AnyRefusal {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[
            ApiError::BadRequest,
            ApiError::Unauthenticated,
            ApiError::DeviceRevoked,
            ApiError::TooMany { seconds: 10 },
            ApiError::Internal,
            ApiError::Unavailable,
            ApiError::NoRoom,
        ])
    }
}

/// What a request that brings something may be answered besides.
pub(crate) struct PostRefusal;

impl IntoResponses for PostRefusal {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[ApiError::WrongOrigin, ApiError::TooLarge])
    }
}

/// What somebody may be answered who sets a tablet up.
pub(crate) struct SessionRefusal;

impl IntoResponses for SessionRefusal {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[
            ApiError::BadRequest,
            ApiError::Unauthenticated,
            ApiError::SecondFactorRequired,
            ApiError::PasswordChangeRequired,
            ApiError::Forbidden,
            ApiError::WrongOrigin,
            ApiError::TooLarge,
            ApiError::Internal,
            ApiError::Unavailable,
            ApiError::NoRoom,
        ])
    }
}

/// One answer for each status, with the codes that it may carry.
fn refusals(errors: &[ApiError]) -> BTreeMap<String, RefOr<Response>> {
    let mut codes: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for error in errors {
        codes.entry(error.status()).or_default().push(format!("`{}`", code(error)));
    }
    codes.into_iter().map(|(status, codes)| (status.to_string(), RefOr::T(refusal(codes.join(", "))))).collect()
}

fn refusal(codes: String) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("ApiError")));
    ResponseBuilder::new().description(codes).content("application/json", body).build()
}

/// The code under which an error crosses the wire.
fn code(error: &ApiError) -> String {
    let json = serde_json::to_value(error).unwrap_or_default();
    json.get("code").and_then(|code| code.as_str()).unwrap_or_default().to_owned()
}
