//! What answers an address that leads nowhere.

use crate::{
    components::{
        frame::{InFrame, PlainFrame},
        prelude::*,
    },
    i18n::{t, t_string, use_i18n},
};
use leptos::prelude::*;

/// "There is no such page", with status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    // A page that stands in the frame of signed-in pages has one already.
    if use_context::<InFrame>().is_some() {
        view! { <Words /> }.into_any()
    } else {
        view! {
            <PlainFrame>
                <Words />
            </PlainFrame>
        }
        .into_any()
    }
}

#[component]
fn Words() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageHead title=move || t_string!(i18n, errors.not_found_title) />
        <EmptyState icon=IconName::MapPin title=move || t_string!(i18n, errors.not_found_body)>
            <LinkButton href="/" kind=ButtonKind::Primary icon=IconName::House>
                {t!(i18n, errors.go_home)}
            </LinkButton>
        </EmptyState>
    }
    .into_any()
}
