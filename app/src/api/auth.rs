//! Coming in: what somebody may ask before, or without, being signed in.

use super::AppError;
#[cfg(feature = "ssr")]
use super::context::{door, send_on, way_in};
use domain::view::accounts::{DistrictChoice, Holder};
#[cfg(feature = "ssr")]
use domain::{ApiError, Invalid};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use store::{accounts, tenants};

/// The districts that one can sign in to.
///
/// # Errors
/// When the database fails.
#[server(endpoint = "districts")]
pub async fn districts() -> Result<Vec<DistrictChoice>, AppError> {
    let all = tenants::list(&door()?.visitor.store).await.map_err(store::StoreError::into_api)?;
    Ok(all.into_iter().map(|d| DistrictChoice { slug: d.slug, name_ko: d.name_ko, name_en: d.name_en }).collect())
}

/// Signs in; answers with the page to go on to.
///
/// # Errors
/// [`domain::ApiError::SignInFailed`], which never says what was wrong, or [`domain::ApiError::TooMany`].
#[server(endpoint = "sign_in")]
pub async fn sign_in(
    /// Sign-in name.
    login: String,
    /// Password.
    password: String,
    /// Short name of the district, where there are several.
    #[server(default)]
    district: Option<String>,
    /// The page that was asked for.
    #[server(default)]
    next: Option<String>,
) -> Result<String, AppError> {
    let door = door()?;
    let tenant = find_district(&door, district.as_deref()).await?;
    let session = enter(&door, tenant, &login, &password).await?;
    door.welcome(&session.cookie, &session.user);
    let to = way_in(&session.user, next.as_deref());
    send_on(&to);
    Ok(to)
}

/// A try to sign in; one that is right does not count.
#[cfg(feature = "ssr")]
async fn enter(
    door: &super::context::Door,
    tenant: domain::ids::TenantId,
    login: &str,
    password: &str,
) -> Result<accounts::NewSession, ApiError> {
    let address = door.visitor.address.as_deref();
    door.limit.count(address, tenant, login, door.visitor.now())?;
    let session = accounts::sign_in(&door.visitor, tenant, login, password).await?;
    door.limit.give_back(address, tenant, login);
    Ok(session)
}

#[cfg(feature = "ssr")]
async fn find_district(door: &super::context::Door, slug: Option<&str>) -> Result<domain::ids::TenantId, ApiError> {
    let all = tenants::list(&door.visitor.store).await.map_err(store::StoreError::into_api)?;
    let found = match (all.as_slice(), slug.filter(|slug| !slug.is_empty())) {
        ([only], None) => Some(only),
        (all, Some(slug)) => all.iter().find(|district| district.slug == slug),
        _ => None,
    };
    found.map(|district| district.id).ok_or_else(|| ApiError::invalid("district", Invalid::UnknownCode))
}

/// Shows the second factor; answers with the page to go on to.
///
/// # Errors
/// [`domain::ApiError::SignInFailed`] for a wrong or spent code.
#[server(endpoint = "give_code")]
pub async fn give_code(
    /// Six digits, or a backup code.
    code: String,
) -> Result<String, AppError> {
    let door = door()?;
    let (user, address) = (door.user()?, door.visitor.address.as_deref());
    door.limit.count(address, user.actor.tenant, &user.login, door.visitor.now())?;
    accounts::give_code(&door.visitor, user, &code).await?;
    door.limit.give_back(address, user.actor.tenant, &user.login);
    send_on("/");
    Ok("/".to_owned())
}

/// How hard a password is to guess, 0–4.
///
/// # Errors
/// Outside a request only.
#[server(endpoint = "rate_password")]
pub async fn rate_password(
    /// The password.
    password: String,
) -> Result<u8, AppError> {
    let door = door()?;
    let words = door.session.as_ref().map(|user| [user.login.as_str(), user.name.as_str()]);
    Ok(accounts::strength(&password, words.as_ref().map_or(&[], |words| words)))
}

/// For whom a password link is good; `None` when it is worth nothing.
///
/// # Errors
/// When the database fails.
#[server(endpoint = "link_holder")]
pub async fn link_holder(
    /// The link's token.
    token: String,
) -> Result<Option<Holder>, AppError> {
    Ok(accounts::holder_of(&door()?.visitor, &token).await?)
}

/// Sets a password with a link; answers with the page to go on to.
///
/// # Errors
/// [`domain::ApiError::NotFound`] when the link is worth nothing, [`domain::ApiError::Invalid`] for a weak password.
#[server(endpoint = "use_link")]
pub async fn use_link(
    /// The link's token.
    token: String,
    /// The new password.
    new_password: String,
) -> Result<String, AppError> {
    accounts::use_password_link(&door()?.visitor, &token, &new_password).await?;
    send_on("/sign-in");
    Ok("/sign-in".to_owned())
}
