//! Who asks, on the server.

use super::{AppError, Me};
use crate::prefs::{LANG_COOKIE, THEME_COOKIE};
use domain::{
    ApiError,
    view::accounts::{Needs, home_of},
};
use http::{HeaderName, HeaderValue, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use std::sync::Arc;
use store::{
    OpContext,
    accounts::{SessionUser, SignInLimit, Visitor},
    tenants::Tenant,
};

/// Name of the session's cookie; with [`Door::secure`] the browser itself keeps it to this host and to https.
pub const SECURE_COOKIE: &str = "__Host-iut";
/// Name of the session's cookie on a loopback address without https.
pub const LOOPBACK_COOKIE: &str = "iut";

/// The browser at the door of the present request; provided by the server for every request.
#[derive(Clone, Debug)]
pub struct Door {
    /// The browser.
    pub visitor: Visitor,
    /// Who it is, if anybody is signed in.
    pub session: Option<SessionUser>,
    /// The district of whoever is signed in.
    pub district: Option<Arc<Tenant>>,
    /// Counts tries to sign in.
    pub limit: Arc<SignInLimit>,
    /// Whether the browser speaks https with us.
    pub secure: bool,
}

impl Door {
    /// The name of the session's cookie.
    #[must_use]
    pub const fn cookie_name(&self) -> &'static str {
        if self.secure { SECURE_COOKIE } else { LOOPBACK_COOKIE }
    }

    /// The header that makes the browser keep `value` as its session; an empty one makes it forget.
    #[must_use]
    pub fn cookie_header(&self, value: &str) -> Option<HeaderValue> {
        let (name, secure) = (self.cookie_name(), if self.secure { "; Secure" } else { "" });
        let age = if value.is_empty() { "; Max-Age=0" } else { "" };
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
    }

    /// Makes the browser keep `value` as its session.
    pub fn remember(&self, value: &str) {
        if let (Some(response), Some(cookie)) = (use_context::<ResponseOptions>(), self.cookie_header(value)) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }

    /// Makes the browser keep a new session, and the language and the theme that its holder chose; what was never
    /// chosen stays the device's.
    pub fn welcome(&self, session: &str, user: &SessionUser) {
        self.remember(session);
        let Some(response) = use_context::<ResponseOptions>() else { return };
        for (name, word) in [(LANG_COOKIE, &user.locale), (THEME_COOKIE, &user.theme)] {
            let cookie = format!("{name}={word}; Path=/; Max-Age=31536000; SameSite=Lax");
            if let (false, Ok(cookie)) = (word.is_empty(), HeaderValue::from_str(&cookie)) {
                response.append_header(header::SET_COOKIE, cookie);
            }
        }
    }

    /// Whoever is signed in, even if something else must be done first.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when nobody is.
    pub fn user(&self) -> Result<&SessionUser, ApiError> {
        self.session.as_ref().ok_or(ApiError::Unauthenticated)
    }

    /// Whoever is signed in and has nothing else to do first.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] and the like.
    pub fn context(&self) -> Result<OpContext, ApiError> {
        self.user()?.context(&self.visitor)
    }

    /// The person at the screen, once nothing else must be done first.
    #[must_use]
    pub fn me(&self) -> Option<Me> {
        let (user, district) = (self.session.as_ref()?, self.district.as_ref()?);
        (user.needs == Needs::Nothing).then(|| Me {
            user: user.actor.user,
            name: user.name.clone(),
            roles: domain::policy::Role::ALL.into_iter().filter(|role| user.actor.is(*role)).collect(),
            district_ko: district.name_ko.clone(),
            district_en: district.name_en.clone(),
        })
    }
}

/// The browser at the door.
///
/// # Errors
/// [`ApiError::Unauthenticated`] outside a request.
pub fn door() -> Result<Door, AppError> {
    use_context::<Door>().ok_or_else(|| ApiError::Unauthenticated.into())
}

/// The context of the present request: provided by the server for whoever is signed in.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when nobody is; [`ApiError::SecondFactorRequired`] and
/// [`ApiError::PasswordChangeRequired`] while that must be done first.
pub fn context() -> Result<OpContext, AppError> {
    Ok(door()?.context()?)
}

/// The page on which somebody goes on: what they must do first, the page they came for, or their home.
#[must_use]
pub fn way_in(user: &SessionUser, next: Option<&str>) -> String {
    if let Some(page) = user.needs.page() {
        return page.to_owned();
    }
    let here = |path: &&str| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '#']);
    let roles: Vec<_> = user.actor.held.iter().map(|held| held.role).collect();
    next.filter(here).filter(|path| path.len() < 500 && *path != "/").unwrap_or(home_of(&roles)).to_owned()
}

/// Sends a plain form post (a page whose program has not loaded yet) on to `path`; a program goes there by itself.
pub fn send_on(path: &str) {
    let Some(parts) = use_context::<http::request::Parts>() else { return };
    let html = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("text/html"));
    if let (true, Some(response), Ok(to)) = (html, use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
        response.set_status(http::StatusCode::SEE_OTHER);
        response.insert_header(HeaderName::from_static("location"), to);
    }
}
