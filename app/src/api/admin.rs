//! Accounts, teams, catalogues and settings, for administrators.

use super::AppError;
use super::json::Json;
use domain::{
    ids::UserId,
    view::admin::{CatalogueView, SettingsView, TeamsView, UserView, UsersView},
};
use leptos::prelude::*;

/// All accounts.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/users", input = Json, output = Json)]
pub async fn load_users() -> Result<UsersView, AppError> {
    Ok(store::admin::users(&super::context::context()?).await?)
}

/// One account with the history of its grants.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/user", input = Json, output = Json)]
pub async fn load_user(
    /// Whose.
    id: UserId,
) -> Result<UserView, AppError> {
    Ok(store::admin::user(&super::context::context()?, id).await?)
}

/// Teams and dongs.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/teams", input = Json, output = Json)]
pub async fn load_teams() -> Result<TeamsView, AppError> {
    Ok(store::admin::teams(&super::context::context()?).await?)
}

/// The catalogues with every version.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/catalogues", input = Json, output = Json)]
pub async fn load_catalogues() -> Result<CatalogueView, AppError> {
    Ok(store::admin::catalogue(&super::context::context()?).await?)
}

/// The settings with every version.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/settings", input = Json, output = Json)]
pub async fn load_settings() -> Result<SettingsView, AppError> {
    Ok(store::admin::settings(&super::context::context()?).await?)
}

/// A one-time link with which somebody sets a password; it is shown once.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/password-link", input = Json, output = Json)]
pub async fn make_password_link(
    /// For whom.
    id: UserId,
) -> Result<String, AppError> {
    let token = store::accounts::make_password_link(&super::context::context()?, id).await?;
    Ok(format!("/password/{token}"))
}
