//! Tries of the PIN, counted before each is made, so that nobody who switches the tablet off has a free one. They are counted in the
//! record of the vault. A full tablet takes no record, and must open all the same: what was written on it goes out to the server only
//! when it is open. Then they are counted beside it, where the browser keeps a few words with a room of their own.

use super::{
    database::{self, LocalError},
    vault::VaultRecord,
};
use idb::Database;
use leptos::prelude::window;
use web_sys::Storage;

const ASIDE: &str = "iut-field-tries";

/// Counts a try; the record of the vault with all that were made since the last right one. All tabs count together.
///
/// # Errors
/// [`LocalError::Full`] where a try can't be counted at all; as [`database::count_try`].
pub(super) async fn count(database: &Database) -> Result<VaultRecord, LocalError> {
    match database::count_try(database).await {
        Ok(record) => Ok(with_those_aside(record)),
        Err(LocalError::Full) => {
            count_aside()?;
            database::vault(database).await?.map(with_those_aside).ok_or(LocalError::Missing)
        }
        Err(error) => Err(error),
    }
}

/// The record of the vault with all tries since the last right one; none before the tablet is set up.
///
/// # Errors
/// As [`database::vault`].
pub(super) async fn look(database: &Database) -> Result<Option<VaultRecord>, LocalError> {
    Ok(database::vault(database).await?.map(with_those_aside))
}

/// The PIN was right: those before it count no more. Where there is no room to write that down, those in the record stay.
///
/// # Errors
/// As [`database::put_vault`], but for want of room.
pub(super) async fn forgive(database: &Database, record: &mut VaultRecord) -> Result<(), LocalError> {
    forget();
    record.wrong = 0;
    match database::put_vault(database, record).await {
        Err(LocalError::Full) => Ok(()),
        done => done,
    }
}

/// Nothing is counted aside any more.
pub(super) fn forget() {
    if let Some(storage) = storage() {
        // What was never there is gone already.
        let _ = storage.remove_item(ASIDE);
    }
}

fn with_those_aside(mut record: VaultRecord) -> VaultRecord {
    record.wrong = record.wrong.saturating_add(aside());
    record
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn aside() -> u32 {
    storage().and_then(|storage| storage.get_item(ASIDE).ok().flatten()).map_or(0, |count| {
        // Whoever wrote something else there has no tries left.
        count.parse().unwrap_or(u32::MAX)
    })
}

fn count_aside() -> Result<(), LocalError> {
    let more = aside().saturating_add(1);
    let storage = storage().ok_or(LocalError::Full)?;
    storage.set_item(ASIDE, &more.to_string()).map_err(|_no_room| LocalError::Full)
}
