//! Cases: the caseload, one case, its timeline.

use super::AppError;
use super::json::Json;
use domain::{
    ids::{CaseId, NeighborId},
    view::{
        Page, Worker,
        cases::{CasePage, CaseQuery, CaseRow, CaseloadHead, TimelineEntry},
    },
};
use leptos::prelude::*;

/// One page of the caseload. The searched name travels in the body, never in an address.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "case_list", input = Json, output = Json)]
pub(super) async fn desk_case_list(
    /// Which cases.
    query: CaseQuery,
    /// Where the page starts.
    after: Option<String>,
) -> Result<Page<CaseRow>, AppError> {
    Ok(store::cases::list(&super::context::context()?, &query, after.as_deref()).await?)
}

/// What stands above the caseload.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "caseload_head", input = Json, output = Json)]
pub(super) async fn desk_load_caseload_head(
    /// Which cases.
    query: CaseQuery,
) -> Result<CaseloadHead, AppError> {
    Ok(store::cases::head(&super::context::context()?, &query).await?)
}

/// The page of a case.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "case_page", input = Json, output = Json)]
pub(super) async fn desk_load_case_page(
    /// Which.
    id: CaseId,
) -> Result<CasePage, AppError> {
    Ok(store::cases::get(&super::context::context()?, id).await?)
}

/// More of what happened to a person.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "timeline", input = Json, output = Json)]
pub(super) async fn desk_load_timeline(
    /// Whose.
    neighbor: NeighborId,
    /// Where the page starts.
    after: Option<String>,
) -> Result<Page<TimelineEntry>, AppError> {
    Ok(store::cases::timeline(&super::context::context()?, neighbor, after.as_deref()).await?)
}

/// To whom a case can be offered.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "case_receivers", input = Json, output = Json)]
pub async fn case_receivers() -> Result<Vec<Worker>, AppError> {
    Ok(store::cases::receivers(&super::context::context()?).await?)
}
