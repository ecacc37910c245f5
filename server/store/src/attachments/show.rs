//! Showing an attachment to whoever may look at the case.

use super::get;
use crate::{
    OpContext,
    audit::{Entry, record_reads},
    cases,
    commands::attachment::received,
    entity::{attachment, case_file},
    error::StoreError,
    records,
    records::code,
};
use bytes::Bytes;
use domain::{
    ApiError,
    attachment::Media,
    ids::{AttachmentId, NeighborId},
    policy::Action,
};
use futures::{Stream, StreamExt, stream};
use sea_orm::EntityTrait;

/// How large it is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The small picture.
    Thumbnail,
    /// As it was taken.
    Whole,
}

/// A picture on its way out.
pub struct Shown<S> {
    /// In which form.
    pub media: Media,
    /// Its bytes, part by part.
    pub bytes: S,
}

impl<S> std::fmt::Debug for Shown<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("media", &self.media).finish_non_exhaustive()
    }
}

/// Shows an attachment. The look is on record before the first byte leaves.
///
/// # Errors
/// [`ApiError::NotFound`] when there is none, the case is hidden from the actor, it was taken off, or its bytes have not arrived.
pub async fn show(
    ctx: &OpContext,
    id: AttachmentId,
    size: Size,
) -> Result<Shown<impl Stream<Item = Result<Bytes, StoreError>> + Send + use<>>, ApiError> {
    let row = find(ctx, id, size).await.map_err(StoreError::into_api)?;
    record_reads(ctx, vec![Entry::one("view", "attachment", id, Some(NeighborId(row.neighbor_id)))]).await?;
    let parts = match size {
        Size::Thumbnail => 0..1,
        Size::Whole => 1..received(&row).parts,
    };
    let first = part(ctx.clone(), row.clone(), parts.start).await.map_err(StoreError::into_api)?;
    // The small picture may have another form than the large one.
    let media = Media::of(&first).ok_or(ApiError::Internal)?;
    let rest = {
        let ctx = ctx.clone();
        stream::iter(parts.start + 1..parts.end).then(move |number| part(ctx.clone(), row.clone(), number))
    };
    Ok(Shown { media, bytes: stream::once(async { Ok(first) }).chain(rest) })
}

async fn find(ctx: &OpContext, id: AttachmentId, size: Size) -> Result<attachment::Model, StoreError> {
    let db = ctx.store.read();
    let row = attachment::Entity::find_by_id((ctx.tenant().0, id.0)).one(db).await?.ok_or(ApiError::NotFound)?;
    let case = case_file::Entity::find_by_id((row.tenant_id, row.case_id)).one(db).await?.ok_or(ApiError::NotFound)?;
    let only = records::named(db, ctx.tenant(), case.neighbor_id, case.restricted).await?;
    let resource = records::case_resource(&case, only);
    ctx.check(Action::View, &cases::viewers(db, Some(case.id), resource).await?)?;
    let arrived = match size {
        Size::Thumbnail => received(&row).next > 0,
        Size::Whole => row.stored_at.is_some(),
    };
    if row.removed_at.is_some() || !arrived {
        return Err(ApiError::NotFound.into());
    }
    code(Media::from_code(&row.media), "attachment.media")?;
    Ok(row)
}

async fn part(ctx: OpContext, row: attachment::Model, number: u32) -> Result<Bytes, StoreError> {
    let (files, keys) = (ctx.store.files()?, ctx.store.keys(ctx.tenant()).await?);
    Ok(get(files, &keys, &row, number).await?.into())
}
