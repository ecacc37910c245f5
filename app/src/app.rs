//! The document around every page, and the routes.

use crate::{
    api::{provide_me, use_me},
    components::{frame::Frame, now::provide_now},
    i18n::I18nContextProvider,
    pages,
    prefs::{ThemeChoice, wanted_languages},
};
use domain::view::accounts::home_of;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_i18n::context::UseLocalesOptions;
use leptos_meta::{HashedStylesheet, Html, MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

/// The HTML document that the server sends for every page. Language and theme are set on `<html>` by [`App`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <link rel="icon" type="image/svg+xml" href="/icon.svg" />
                <link
                    rel="preload"
                    href="/fonts/iut-sans-common.1.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <AutoReload options=options.clone() />
                <HashedStylesheet options=options.clone() id="iut-style" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The application: language, theme and routes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_me();
    provide_now();
    let theme = ThemeChoice::from_cookie();
    provide_context(theme);
    view! {
        <Html {..} data-theme=move || theme.0.get().as_str() />
        <I18nContextProvider
            enable_cookie=false
            ssr_lang_header_getter=UseLocalesOptions::default().ssr_lang_header_getter(wanted_languages)
        >
            <Pages />
        </I18nContextProvider>
    }
    .into_any()
}

/// What the tab of a page is called.
pub(crate) fn tab_title(title: String) -> String {
    if title.is_empty() { "이웃 Iut".to_owned() } else { format!("{title} · 이웃 Iut") }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Title formatter=tab_title />
        <Router>
            <Routes fallback=|| view! { <pages::not_found::NotFoundPage /> }>
                // The way in
                <Route path=path!("/sign-in") view=pages::auth::SignInPage />
                <Route path=path!("/second-factor") view=pages::auth::SecondFactorPage />
                <Route path=path!("/password/:token") view=pages::auth::LinkPage />
                <ParentRoute path=path!("") view=Frame>
                    <Route path=path!("/") view=Start />
                    // One's own account
                    <Route path=path!("/account") view=pages::account::AccountPage />
                    <Route path=path!("/account/password") view=pages::account::PasswordPage />
                    <Route path=path!("/account/second-factor") view=pages::account::SecondFactorSettingsPage />
                    <Route path=path!("/my-day") view=pages::field::MyDayPage />
                    <Route path=path!("/calendar") view=pages::field::CalendarPage />
                    <Route path=path!("/visits/:id") view=pages::field::VisitPage />
                    <Route path=path!("/cases/:id/visits/new") view=pages::field::VisitSchedulePage />
                    <Route path=path!("/cases/:id/visits/record") view=pages::field::ContactRecordPage />
                    // Discovery rounds
                    <Route path=path!("/rounds") view=pages::rounds::RoundsPage />
                    <Route path=path!("/rounds/import") view=pages::rounds::ImportPage />
                    <Route path=path!("/rounds/:id") view=pages::rounds::TriagePage />
                    <Route path=path!("/links") view=pages::rounds::LinksPage />
                    <Route path=path!("/team") view=pages::team::TeamPage />
                    <Route path=path!("/admin/users") view=pages::admin::UsersPage />
                    <Route path=path!("/admin/users/:id") view=pages::admin::UserPage />
                    <Route path=path!("/admin/teams") view=pages::admin::TeamsPage />
                    <Route path=path!("/admin/catalogues") view=pages::admin::CataloguesPage />
                    <Route path=path!("/admin/settings") view=pages::admin::SettingsPage />
                    <Route path=path!("/audit/access") view=pages::audit::TrailLogPage />
                    <Route path=path!("/audit/trail") view=pages::audit::TrailCheckPage />
                    <Route path=path!("/audit/review") view=pages::audit::TrailReviewPage />
                    // Cases and people
                    <Route path=path!("/cases") view=pages::cases::CaseloadPage />
                    <Route path=path!("/caseload") view=pages::cases::CaseloadPage />
                    <Route path=path!("/cases/:id") view=pages::cases::CaseView />
                    <Route path=path!("/neighbors/:id") view=pages::cases::NeighborView />
                    <Route path=path!("/register") view=pages::cases::RegisterPage />
                    <Route path=path!("/gallery") view=Gallery />
                </ParentRoute>
            </Routes>
        </Router>
    }
    .into_any()
}

/// `/` leads to the page on which somebody begins.
#[component]
fn Start() -> impl IntoView {
    let home = use_me().map_or("/sign-in", |me| home_of(&me.roles));
    view! { <Redirect path=home /> }.into_any()
}

/// The widgets side by side, for those who build pages: only in a debug build.
#[component]
fn Gallery() -> impl IntoView {
    #[cfg(debug_assertions)]
    {
        view! { <pages::gallery::GalleryPage /> }.into_any()
    }
    #[cfg(not(debug_assertions))]
    {
        view! { <pages::not_found::NotFoundPage /> }.into_any()
    }
}
