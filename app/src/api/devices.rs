//! Tablets: one's own, and for administrators all of them.

use super::AppError;
use super::json::Json;
use domain::view::devices::DeviceView;
use leptos::prelude::*;

/// One's own tablets, the newest first.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "own_devices", input = Json, output = Json)]
pub async fn own_devices() -> Result<Vec<DeviceView>, AppError> {
    Ok(store::devices::own(&super::context::context()?).await?)
}

/// All tablets of the district, those in use first.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "admin/devices", input = Json, output = Json)]
pub async fn load_devices() -> Result<Vec<DeviceView>, AppError> {
    Ok(store::devices::all(&super::context::context()?).await?)
}
