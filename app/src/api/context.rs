//! Who asks, on the server.

use super::AppError;
use domain::ApiError;
use leptos::prelude::use_context;
use store::OpContext;

/// The context of the present request: provided by the server for whoever is signed in.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when nobody is.
pub fn context() -> Result<OpContext, AppError> {
    use_context::<OpContext>().ok_or_else(|| ApiError::Unauthenticated.into())
}
