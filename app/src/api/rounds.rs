//! Discovery rounds: the lists, the triage, the pairs to confirm. Files go to `/api/rounds/preview` and are applied by
//! `/api/rounds/apply/{draft}`; both are plain addresses because they tell how far they have come.

use super::AppError;
use super::json::Json;
use domain::{
    ids::RoundId,
    view::{
        Page,
        rounds::{LinkPair, RoundList, TriageEntry, TriageFilter, TriageHead},
    },
};
use leptos::prelude::*;

/// The rounds, newest first.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "rounds/list", input = Json, output = Json)]
pub async fn list_rounds() -> Result<RoundList, AppError> {
    Ok(store::rounds::list_rounds(&super::context::context()?).await?)
}

/// What the triage page of a round needs besides its rows.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "rounds/head", input = Json, output = Json)]
pub async fn round_head(
    /// Which.
    round: RoundId,
) -> Result<TriageHead, AppError> {
    Ok(store::rounds::triage_head(&super::context::context()?, round).await?)
}

/// A page of the entries of a round.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "rounds/entries", input = Json, output = Json)]
pub async fn triage_entries(
    /// Which round.
    round: RoundId,
    /// Which entries.
    filter: TriageFilter,
    /// From where on.
    cursor: Option<String>,
) -> Result<Page<TriageEntry>, AppError> {
    Ok(store::rounds::list_entries(&super::context::context()?, round, &filter, cursor.as_deref()).await?)
}

/// A page of the pairs to confirm.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "links/list", input = Json, output = Json)]
pub async fn list_links(
    /// From where on.
    cursor: Option<String>,
) -> Result<Page<LinkPair>, AppError> {
    Ok(store::rounds::list_links(&super::context::context()?, cursor.as_deref()).await?)
}
