//! A page, or a part of it, only for those whose role can ever do what it is for.

use super::{
    banner::{Banner, Tone},
    page::PageHead,
    text::error_text,
};
use crate::{
    api::{AppError, use_me},
    i18n::use_i18n,
};
use domain::{
    ApiError,
    policy::{Action, Kind},
};
use leptos::prelude::*;

/// Shows `children` to those whom policy lets do `action` on some thing of `kind`, and to others that it is not for them,
/// with status 403. Pages that load something do not need it: there the store refuses.
#[component]
pub fn Permitted(
    /// The page's title, for those whom it is not for; `children` bring their own.
    #[prop(into)]
    title: TextProp,
    /// What the page is for.
    action: Action,
    /// On what.
    kind: Kind,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    if use_me().is_some_and(|me| me.may(action, kind)) {
        return children().into_any();
    }
    // On the server this sets the status as well.
    let error = AppError::from(ApiError::Forbidden);
    view! {
        <PageHead title />
        <Banner tone=Tone::Error title=move || error_text(i18n, &error.0) />
    }
    .into_any()
}
