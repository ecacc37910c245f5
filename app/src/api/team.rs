//! The board of a team.

use super::AppError;
use super::json::Json;
use domain::{
    ids::{CaseId, TeamId},
    view::team::{SuggestedWorker, TeamBoard},
};
use leptos::prelude::*;

/// The board of a team, or of everything within reach.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "team/board", input = Json, output = Json)]
pub async fn load_team_board(
    /// Which team.
    team: Option<TeamId>,
) -> Result<TeamBoard, AppError> {
    Ok(store::team_board::board(&super::context::context()?, team).await?)
}

/// Who could take these cases, and why.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "team/suggest", input = Json, output = Json)]
pub async fn suggest_workers(
    /// Which team.
    team: Option<TeamId>,
    /// Which cases, at most 200.
    cases: Vec<CaseId>,
) -> Result<Vec<SuggestedWorker>, AppError> {
    Ok(store::team_board::suggest(&super::context::context()?, team, cases).await?)
}
