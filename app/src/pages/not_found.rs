//! What answers an address that leads nowhere.

use crate::i18n::{t, use_i18n};
use leptos::prelude::*;

/// "There is no such page", with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! { <h1>{t!(i18n, errors.not_found_title)}</h1> }
}
