//! What is said of photos and signatures. Their bytes come by themselves: see [`crate::attachments`].

use super::case_state;
use crate::{
    crypt::Cell,
    entity::{attachment, case_file, visit},
    error::StoreError,
    write::Write,
};
use domain::{
    ApiError, Invalid,
    attachment::{MOST_CAPTION, Received},
    command::AttachmentCommand,
    ids::{AttachmentId, CaseId, NeighborId, Rev, VisitId},
    policy::Action,
    text,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

pub(super) async fn apply(write: &mut Write<'_>, command: &AttachmentCommand) -> Result<Rev, StoreError> {
    match command {
        AttachmentCommand::Add { .. } => add(write, command).await,
        AttachmentCommand::Remove { id, case, reason } => remove(write, *id, *case, reason).await,
        AttachmentCommand::Complete { id } => complete(write, *id).await,
    }
}

async fn add(write: &mut Write<'_>, command: &AttachmentCommand) -> Result<Rev, StoreError> {
    let AttachmentCommand::Add { id, case, visit, kind, content, caption } = command else {
        return Err(ApiError::BadRequest.into());
    };
    let (case, _) = case_state::load(write, *case, Action::Edit).await?;
    content.checked()?;
    let caption = text::optional_line("caption", caption.clone(), MOST_CAPTION)?;
    check_visit(write, &case, *visit).await?;
    let key = (case.tenant_id, id.0);
    if attachment::Entity::find_by_id(key).one(write.tx).await?.is_some() {
        return Err(ApiError::invalid("id", Invalid::Taken).into());
    }
    let row = attachment::Model {
        tenant_id: case.tenant_id,
        id: id.0,
        case_id: case.id,
        neighbor_id: case.neighbor_id,
        visit_id: visit.map(|visit| visit.0),
        kind: kind.code().to_owned(),
        media: content.media.code().to_owned(),
        bytes: i64::from(content.bytes),
        digest: content.digest.as_str().to_owned(),
        caption: write.keys.seal_text(Cell::new("attachment", "caption", *id), caption.as_deref())?,
        added_by: write.ctx.user().0,
        added_at: write.written_at,
        parts: i32::try_from(content.parts()).map_err(|_too_many| StoreError::Corrupt("attachment.parts"))?,
        received: 0,
        stored_at: None,
        removed_by: None,
        removed_at: None,
        removal_reason: None,
        wiped_at: None,
    };
    attachment::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(write.tx).await?;
    write.audit("attachment", *id, Some(NeighborId(case.neighbor_id)));
    case_state::save(write, case).await
}

async fn check_visit(write: &Write<'_>, case: &case_file::Model, id: Option<VisitId>) -> Result<(), StoreError> {
    let Some(id) = id else { return Ok(()) };
    let found = visit::Entity::find_by_id((case.tenant_id, id.0)).one(write.tx).await?;
    if found.is_some_and(|visit| visit.case_id == case.id) { Ok(()) } else { Err(ApiError::NotFound.into()) }
}

async fn find(write: &Write<'_>, id: AttachmentId) -> Result<attachment::Model, StoreError> {
    let key = (write.ctx.tenant().0, id.0);
    Ok(attachment::Entity::find_by_id(key).one(write.tx).await?.ok_or(ApiError::NotFound)?)
}

async fn remove(write: &mut Write<'_>, id: AttachmentId, case: CaseId, reason: &str) -> Result<Rev, StoreError> {
    let (case, _) = case_state::load(write, case, Action::Edit).await?;
    let row = find(write, id).await?;
    if row.case_id != case.id {
        return Err(ApiError::NotFound.into());
    }
    // Whoever comes second finds it done.
    if row.removed_at.is_some() {
        return Ok(Rev(case.rev));
    }
    let reason = text::required_text("reason", reason.to_owned(), MOST_CAPTION)?;
    let mut row = row.into_active_model();
    row.removed_by = Set(Some(write.ctx.user().0));
    row.removed_at = Set(Some(write.written_at));
    row.removal_reason = Set(write.keys.seal_text(Cell::new("attachment", "removal_reason", id), Some(&reason))?);
    attachment::Entity::update(row).exec(write.tx).await?;
    write.audit("attachment", id, Some(NeighborId(case.neighbor_id)));
    case_state::save(write, case).await
}

/// Only whoever added it says so, and only once all parts are there. They were looked at as they came.
async fn complete(write: &mut Write<'_>, id: AttachmentId) -> Result<Rev, StoreError> {
    let row = find(write, id).await?;
    if row.added_by != write.ctx.user().0 {
        return Err(ApiError::NotFound.into());
    }
    if !received(&row).is_whole() {
        return Err(ApiError::BadRequest.into());
    }
    // The case may have gone to somebody else meanwhile: that takes nothing away from what was written.
    let (case, _) = case_state::find(write, CaseId(row.case_id)).await?;
    if row.stored_at.is_some() {
        return Ok(Rev(case.rev));
    }
    let mut row = row.into_active_model();
    row.stored_at = Set(Some(write.now));
    attachment::Entity::update(row).exec(write.tx).await?;
    write.audit("attachment", id, Some(NeighborId(case.neighbor_id)));
    case_state::save(write, case).await
}

/// How far the bytes of an attachment have come.
pub(crate) fn received(row: &attachment::Model) -> Received {
    Received { next: u32::try_from(row.received).unwrap_or(0), parts: u32::try_from(row.parts).unwrap_or(0) }
}
