//! How the bytes of an attachment come. Parts come in order and any of them may come again; the last counts only when all together
//! are what was said: their number, their digest, a picture of that form, and nothing in it about where or with what it was taken.

use super::{get, put};
use crate::{
    OpContext, commands::attachment::received, crypt::TenantKeys, entity::attachment, error::StoreError, execute, files::Files,
    records::code,
};
use bytes::Bytes;
use domain::{
    ApiError, Invalid,
    attachment::{Content, Digest, MOST_THUMBNAIL, Media, Received},
    command::{AttachmentCommand, Envelope},
    ids::AttachmentId,
};
use img_parts::{DynImage, ImageEXIF, jpeg::markers};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Expr};
use sha2::Digest as _;

/// How far the bytes of an attachment of the actor's have come.
///
/// # Errors
/// [`ApiError::NotFound`] for one that somebody else added; the database's faults.
pub async fn progress(ctx: &OpContext, id: AttachmentId) -> Result<Received, ApiError> {
    let row = own(ctx, id).await.map_err(StoreError::into_api)?;
    complete(ctx, &row).await?;
    Ok(so_far(&row))
}

/// Takes one part. One that is not the next changes nothing; the answer says which is.
///
/// # Errors
/// [`ApiError::NotFound`] for an attachment that somebody else added. [`ApiError::Invalid`] when the bytes are not what was said
/// ([`Invalid::Differs`]; all begins anew), no picture, or a picture that says where it was taken. [`ApiError::Unavailable`] when there
/// is no place for it now.
pub async fn receive(ctx: &OpContext, id: AttachmentId, part: u32, bytes: Bytes) -> Result<Received, ApiError> {
    let row = own(ctx, id).await.map_err(StoreError::into_api)?;
    let row = Box::pin(take(ctx, row, part, bytes)).await.map_err(StoreError::into_api)?;
    complete(ctx, &row).await?;
    Ok(so_far(&row))
}

/// Whoever added it sends it, whatever became of the case since.
async fn own(ctx: &OpContext, id: AttachmentId) -> Result<attachment::Model, StoreError> {
    let row = attachment::Entity::find_by_id((ctx.tenant().0, id.0)).one(ctx.store.read()).await?;
    Ok(row.filter(|row| row.added_by == ctx.user().0).ok_or(ApiError::NotFound)?)
}

/// Nothing more is to come of what was taken off meanwhile.
fn so_far(row: &attachment::Model) -> Received {
    let received = received(row);
    if row.removed_at.is_some() { Received { next: received.parts, ..received } } else { received }
}

/// Says that the bytes are there, unless that was said. The server may have stopped between the last part and this.
async fn complete(ctx: &OpContext, row: &attachment::Model) -> Result<(), ApiError> {
    if row.stored_at.is_some() || row.removed_at.is_some() || !received(row).is_whole() {
        return Ok(());
    }
    let command = AttachmentCommand::Complete { id: AttachmentId(row.id) };
    Box::pin(execute(ctx, Envelope::new(command, ctx.now()))).await.map(drop)
}

async fn take(ctx: &OpContext, mut row: attachment::Model, part: u32, bytes: Bytes) -> Result<attachment::Model, StoreError> {
    if row.removed_at.is_some() || part != received(&row).next || part >= received(&row).parts {
        return Ok(row);
    }
    let (files, keys) = (ctx.store.files()?, ctx.store.keys(ctx.tenant()).await?);
    let content = content(&row)?;
    if part == 0 {
        check_thumbnail(&bytes)?;
    } else if content.part_bytes(part).map(u64::from) != Some(bytes.len() as u64) {
        return Err(ApiError::invalid("part", Invalid::Range).into());
    }
    if part + 1 == content.parts()
        && let Err(wrong) = check_whole(files, &keys, &row, &content, &bytes).await
    {
        if matches!(wrong, StoreError::Api(_)) {
            note_received(ctx, &row, 0).await?;
        }
        return Err(wrong);
    }
    put(files, &keys, &row, part, &bytes).await?;
    note_received(ctx, &row, part + 1).await?;
    row.received += 1;
    Ok(row)
}

fn content(row: &attachment::Model) -> Result<Content, StoreError> {
    Ok(Content {
        media: code(Media::from_code(&row.media), "attachment.media")?,
        bytes: u32::try_from(row.bytes).map_err(|_other| StoreError::Corrupt("attachment.bytes"))?,
        digest: Digest::try_from(row.digest.clone()).map_err(|_other| StoreError::Corrupt("attachment.digest"))?,
    })
}

/// Another request may have been faster: then its part stands, which is the same.
async fn note_received(ctx: &OpContext, row: &attachment::Model, received: u32) -> Result<(), StoreError> {
    let received = i32::try_from(received).map_err(|_too_many| StoreError::Corrupt("attachment.received"))?;
    attachment::Entity::update_many()
        .col_expr(attachment::Column::Received, Expr::value(received))
        .filter(attachment::Column::TenantId.eq(row.tenant_id))
        .filter(attachment::Column::Id.eq(row.id))
        .filter(attachment::Column::Received.eq(row.received))
        .exec(ctx.store.writer())
        .await?;
    Ok(())
}

fn check_thumbnail(bytes: &Bytes) -> Result<(), ApiError> {
    if bytes.is_empty() || bytes.len() > MOST_THUMBNAIL as usize {
        return Err(ApiError::invalid("thumbnail", Invalid::Range));
    }
    check_picture(bytes)
}

async fn check_whole(
    files: &Files,
    keys: &TenantKeys,
    row: &attachment::Model,
    content: &Content,
    last: &Bytes,
) -> Result<(), StoreError> {
    let mut whole = Vec::with_capacity(content.bytes as usize);
    for part in 1..content.parts() - 1 {
        whole.extend(get(files, keys, row, part).await?);
    }
    whole.extend_from_slice(last);
    if hex::encode(sha2::Sha256::digest(&whole)) != content.digest.as_str() || Media::of(&whole) != Some(content.media) {
        return Err(ApiError::invalid("content", Invalid::Differs).into());
    }
    Ok(check_picture(&Bytes::from(whole))?)
}

/// A whole picture without a word about where, when and with what it was taken.
fn check_picture(bytes: &Bytes) -> Result<(), ApiError> {
    let no_picture = || ApiError::invalid("content", Invalid::NoPicture);
    let picture = DynImage::from_bytes(bytes.clone()).map_err(|_broken| no_picture())?.ok_or_else(no_picture)?;
    let has_size = match &picture {
        DynImage::Jpeg(jpeg) => jpeg.dimensions().is_some(),
        DynImage::Png(png) => png.dimensions().is_some(),
        DynImage::WebP(webp) => webp.dimensions().is_some(),
    };
    if !has_size {
        return Err(no_picture());
    }
    if says_more(&picture) { Err(ApiError::invalid("content", Invalid::Metadata)) } else { Ok(()) }
}

/// What cameras and programs write beside the picture: EXIF and XMP in JPEG's first application segment, IPTC in its thirteenth,
/// comments; the same and texts in PNG and WebP.
fn says_more(picture: &DynImage) -> bool {
    const IN_PNG: [[u8; 4]; 5] = [*b"eXIf", *b"tEXt", *b"zTXt", *b"iTXt", *b"tIME"];
    const IN_JPEG: [u8; 3] = [markers::APP1, markers::APP13, markers::COM];
    picture.exif().is_some()
        || match picture {
            DynImage::Jpeg(jpeg) => IN_JPEG.iter().any(|marker| jpeg.segment_by_marker(*marker).is_some()),
            DynImage::Png(png) => IN_PNG.iter().any(|kind| png.chunk_by_type(*kind).is_some()),
            DynImage::WebP(webp) => webp.has_chunk(*b"EXIF") || webp.has_chunk(*b"XMP "),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use img_parts::{
        jpeg::{Jpeg, JpegSegment},
        png::{Png, PngChunk},
    };

    /// The smallest picture: one white dot.
    const DOT: &str = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082";

    fn dot() -> Bytes {
        hex::decode(DOT).unwrap().into()
    }

    /// What a JPEG says of itself, and nothing of a picture: a segment of `marker`, and a size of one dot.
    fn jpeg(marker: u8) -> Bytes {
        const SIZE: [u8; 15] = [8, 0, 1, 0, 1, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
        let mut jpeg = Jpeg::from_bytes(Bytes::from_static(&[0xff, 0xd8, 0xff, 0xe0, 0, 4, b'J', b'F', 0xff, 0xd9])).unwrap();
        let said = [(marker, b"GPS 37.48 127.03".as_slice()), (markers::SOF0, &SIZE)];
        let said = said.map(|(marker, words)| JpegSegment::new_with_contents(marker, Bytes::copy_from_slice(words)));
        jpeg.segments_mut().splice(1..1, said);
        jpeg.encoder().bytes()
    }

    #[test]
    fn a_plain_picture_is_taken() {
        assert_eq!(check_picture(&dot()), Ok(()));
        assert_eq!(check_picture(&jpeg(markers::APP2)), Ok(()));
    }

    #[test]
    fn a_picture_that_says_where_it_was_taken_is_not() {
        let metadata = Err(ApiError::invalid("content", Invalid::Metadata));
        for marker in [markers::APP1, markers::APP13, markers::COM] {
            assert_eq!(check_picture(&jpeg(marker)), metadata);
        }
        for kind in [*b"eXIf", *b"tEXt", *b"iTXt", *b"zTXt", *b"tIME"] {
            let mut png = Png::from_bytes(dot()).unwrap();
            png.chunks_mut().insert(1, PngChunk::new(kind, Bytes::from_static(b"GPS")));
            assert_eq!(check_picture(&png.encoder().bytes()), metadata);
        }
    }

    #[test]
    fn what_is_no_picture_is_not() {
        let no_picture = Err(ApiError::invalid("content", Invalid::NoPicture));
        for other in [b"%PDF-1.7".as_slice(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]
        {
            assert_eq!(check_picture(&Bytes::from_static(other)), no_picture, "{other:?}");
        }
    }
}
