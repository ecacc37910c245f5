//! [`ApiError`] as the error of server functions. The newtype exists because neither the trait nor the enum
//! is of this crate.

use domain::ApiError;
use leptos::{prelude::FromServerFnError, server_fn::error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// What a server function answers when it fails; JSON on the wire, with the status of [`ApiError::status`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(pub ApiError);

impl FromServerFnError for AppError {
    type Encoder = super::json::JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) | ServerFnErrorErr::Deserialization(_) => {
                ApiError::Unavailable
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                ApiError::BadRequest
            }
            _ => ApiError::Internal,
        })
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AppError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// On the server the status of the response follows the error.
impl From<ApiError> for AppError {
    fn from(error: ApiError) -> Self {
        #[cfg(feature = "ssr")]
        set_status(&error);
        Self(error)
    }
}

#[cfg(feature = "ssr")]
fn set_status(error: &ApiError) {
    use leptos::prelude::use_context;
    let response = use_context::<leptos_axum::ResponseOptions>();
    let status = http::StatusCode::from_u16(error.status());
    if let (Some(response), Ok(status)) = (response, status) {
        response.set_status(status);
    }
}
