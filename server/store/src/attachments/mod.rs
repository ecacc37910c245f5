//! The bytes of photos and signatures: they come in parts ([`receive`]), are shown ([`show`]), and go when an attachment was taken
//! off ([`wipe`]). Each part is sealed like a field, bound to its attachment and number.

mod show;
mod upload;
mod wipe;

pub use show::{Shown, Size, show};
pub use upload::{progress, receive};
pub use wipe::wipe;

use crate::{
    crypt::{Cell, TenantKeys},
    entity::attachment,
    error::StoreError,
    files::{Files, Spot},
};
use domain::ids::TenantId;
use uuid::Uuid;

/// The part of a row.
fn spot(row: &attachment::Model, part: u32) -> Spot {
    Spot { tenant: TenantId(row.tenant_id), attachment: row.id, part }
}

/// A part is sealed for its attachment and its number.
fn cell(id: Uuid, part: u32) -> Cell {
    Cell::new("attachment", "part", Uuid::from_u128(id.as_u128() ^ u128::from(part)))
}

async fn put(files: &Files, keys: &TenantKeys, row: &attachment::Model, part: u32, plain: &[u8]) -> Result<(), StoreError> {
    files.put(spot(row, part), keys.seal(cell(row.id, part), plain)?).await
}

async fn get(files: &Files, keys: &TenantKeys, row: &attachment::Model, part: u32) -> Result<Vec<u8>, StoreError> {
    Ok(keys.open(cell(row.id, part), &files.get(spot(row, part)).await?)?)
}

/// Seals a part anew when it is not sealed with the newest key; whether it was.
pub(crate) async fn seal_again(files: &Files, keys: &TenantKeys, row: &attachment::Model, part: u32) -> Result<bool, StoreError> {
    let sealed = files.get(spot(row, part)).await?;
    if TenantKeys::version_of(&sealed) == Some(keys.field_version()) {
        return Ok(false);
    }
    put(files, keys, row, part, &keys.open(cell(row.id, part), &sealed)?).await?;
    Ok(true)
}
