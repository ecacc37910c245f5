//! People: one person, look-alikes while registering, and the unfinished form.

use super::AppError;
use super::json::Json;
use domain::{
    catalogue::Sign,
    ids::{DraftId, NeighborId},
    view::{
        Worker,
        neighbors::{DongName, LookAlike, NeighborPage, PersonDraft},
    },
};
use leptos::prelude::*;

/// A person's page.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "neighbor_page", input = Json, output = Json)]
pub async fn load_neighbor_page(
    /// Whom.
    id: NeighborId,
) -> Result<NeighborPage, AppError> {
    Ok(store::neighbors::get(&super::context::context()?, id).await?)
}

/// The people who can be named when a record is restricted.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "people_to_name", input = Json, output = Json)]
pub async fn people_to_name() -> Result<Vec<Worker>, AppError> {
    Ok(store::neighbors::namable(&super::context::context()?).await?)
}

/// Known people who may be the one being registered.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "look_alikes", input = Json, output = Json)]
pub(super) async fn desk_look_alikes(
    /// What is typed so far.
    draft: PersonDraft,
) -> Result<Vec<LookAlike>, AppError> {
    Ok(store::neighbors::look_alikes(&super::context::context()?, &draft).await?)
}

/// The dongs and signs of the district, for forms.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "district_words", input = Json, output = Json)]
pub(super) async fn desk_district_words() -> Result<(Vec<DongName>, Vec<Sign>), AppError> {
    Ok(store::cases::district(&super::context::context()?).await?)
}

/// The newest unfinished form of this kind, with its id.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "draft_newest", input = Json, output = Json)]
pub(super) async fn desk_draft_newest(
    /// Which form.
    form: String,
) -> Result<Option<(DraftId, String)>, AppError> {
    let ctx = super::context::context()?;
    let Some(head) = store::drafts::list(&ctx, &form).await?.into_iter().next() else { return Ok(None) };
    let draft = store::drafts::load(&ctx, head.id).await?;
    Ok(String::from_utf8(draft.body).ok().map(|body| (draft.id, body)))
}

/// Keeps an unfinished form, sealed, for its writer only.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "draft_save", input = Json, output = Json)]
pub(super) async fn desk_draft_save(
    /// Its id.
    id: DraftId,
    /// Which form.
    form: String,
    /// What it holds.
    body: String,
) -> Result<(), AppError> {
    Ok(store::drafts::save(&super::context::context()?, id, &form, body.as_bytes()).await?)
}

/// Forgets an unfinished form.
///
/// # Errors
/// What the store answers.
#[server(endpoint = "draft_forget", input = Json, output = Json)]
pub(super) async fn desk_draft_forget(
    /// Which.
    id: DraftId,
) -> Result<(), AppError> {
    Ok(store::drafts::delete(&super::context::context()?, id).await?)
}
