//! The trail, by number instead of by name, for auditors.

use super::AppError;
use super::json::Json;
use chrono::NaiveDate;
use domain::view::{
    Page,
    trail::{MonthState, TrailCheck, TrailFilter, TrailMonth, TrailRow},
};
use leptos::prelude::*;

/// One page of the trail.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "trail/list", input = Json, output = Json)]
pub async fn load_trail(
    /// Which rows.
    filter: TrailFilter,
    /// From where on.
    cursor: Option<String>,
) -> Result<Page<TrailRow>, AppError> {
    Ok(store::trail::list(&super::context::context()?, &filter, cursor.as_deref()).await?)
}

/// Rows for a file; the purpose is kept in the trail.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "trail/export", input = Json, output = Json)]
pub async fn export_trail(
    /// Which rows.
    filter: TrailFilter,
    /// What for, 5–200 characters.
    purpose: String,
) -> Result<Vec<TrailRow>, AppError> {
    Ok(store::trail::export(&super::context::context()?, &filter, &purpose).await?)
}

/// A month in numbers.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "trail/month", input = Json, output = Json)]
pub async fn load_trail_month(
    /// Its first day.
    month: NaiveDate,
) -> Result<TrailMonth, AppError> {
    Ok(store::trail::month(&super::context::context()?, month).await?)
}

/// The months with their sign-offs.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "trail/months", input = Json, output = Json)]
pub async fn load_trail_months() -> Result<Vec<MonthState>, AppError> {
    Ok(store::trail::months(&super::context::context()?).await?)
}

/// Checks the whole trail now.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "trail/check", input = Json, output = Json)]
pub async fn check_trail() -> Result<TrailCheck, AppError> {
    Ok(store::trail::check(&super::context::context()?).await?)
}
