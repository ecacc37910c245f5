//! What a tablet keeps, in the browser's own database. Keys are ids and fixed words; every value is sealed by the vault before it
//! gets here, but for the record of the vault itself, which says nothing about anybody. A transaction ends by itself when something
//! else is awaited inside it: so everything is sealed first, and then written in one burst, all or nothing.

use super::vault::{DataKey, Dice, VaultError, VaultRecord};
use domain::ApiError;
use idb::{Database, DatabaseEvent, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode, TransactionResult};
use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

const NAME: &str = "iut-field";
const VERSION: u32 = 2;
const VAULT: &str = "vault";
/// Records that are read at once: a whole shelf would lie in memory twice.
const AT_ONCE: u32 = 500;

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Single things: the token, the place in the feed, the district.
    Meta,
    /// One dossier for each person.
    Dossiers,
    /// What lists need of each dossier.
    Heads,
    /// What was written here.
    Outbox,
    /// Unfinished forms.
    Drafts,
    /// Which photos and signatures the server does not have yet.
    Pending,
    /// Their bytes in parts, and small pictures.
    Files,
}

impl Shelf {
    const ALL: [Self; 7] = [Self::Meta, Self::Dossiers, Self::Heads, Self::Outbox, Self::Drafts, Self::Pending, Self::Files];

    const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Dossiers => "dossiers",
            Self::Heads => "heads",
            Self::Outbox => "outbox",
            Self::Drafts => "drafts",
            Self::Pending => "pending",
            Self::Files => "files",
        }
    }
}

/// Why the tablet's own store fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalError {
    /// The browser has none, or keeps it from us (a private window).
    #[error("no local database")]
    Missing,
    /// The browser took the writing back, which it does when there is no room left. Nothing was written.
    #[error("no room")]
    Full,
    /// The browser could not do it. Nothing was written.
    #[error("the local database failed")]
    Failed,
    /// A record was changed from outside.
    #[error("a record does not open")]
    Tampered,
}

impl From<idb::Error> for LocalError {
    fn from(error: idb::Error) -> Self {
        let text = format!("{error:?}");
        if text.contains("QuotaExceeded") { Self::Full } else { Self::Failed }
    }
}

impl From<VaultError> for LocalError {
    fn from(_: VaultError) -> Self {
        Self::Tampered
    }
}

/// What a fault of the tablet's own store is for a screen.
impl From<LocalError> for ApiError {
    fn from(error: LocalError) -> Self {
        match error {
            LocalError::Full => Self::NoRoom,
            LocalError::Missing | LocalError::Failed | LocalError::Tampered => Self::Internal,
        }
    }
}

/// One change of the database.
#[derive(Clone, Debug)]
pub enum Change {
    /// Put sealed bytes.
    Put(Shelf, String, Vec<u8>),
    /// Take a record away.
    Delete(Shelf, String),
    /// Take away all records of a shelf.
    Clear(Shelf),
}

/// Opens the database, making it when there is none.
///
/// # Errors
/// [`LocalError::Missing`] where the browser has none.
pub async fn open() -> Result<Database, LocalError> {
    let factory = Factory::new().map_err(|_none| LocalError::Missing)?;
    let mut request = factory.open(NAME, Some(VERSION)).map_err(|_kept| LocalError::Missing)?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for name in Shelf::ALL.iter().map(|shelf| shelf.name()).chain([VAULT]) {
            // Those of an older form of the database are there already, and stay as they are.
            let _ = database.create_object_store(name, ObjectStoreParams::new());
        }
    });
    let mut database = request.await.map_err(|_kept| LocalError::Missing)?;
    // Another tab brings a newer form of the database: this one must not stand in its way.
    database.on_version_change(|event| {
        if let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::IdbDatabase>().ok()) {
            target.close();
        }
    });
    Ok(database)
}

/// The record of the vault; none before the tablet is set up.
///
/// # Errors
/// The database's faults.
pub async fn vault(database: &Database) -> Result<Option<VaultRecord>, LocalError> {
    let transaction = database.transaction(&[VAULT], TransactionMode::ReadOnly)?;
    let found = transaction.object_store(VAULT)?.get(JsValue::from_str(VAULT))?.await?;
    found.map(|value| read_vault(&value)).transpose()
}

/// Whether this browser is a tablet. Makes a database where there is none: ask only where the program is kept.
pub async fn is_set_up() -> bool {
    let found = async { vault(&open().await?).await };
    matches!(found.await, Ok(Some(_)))
}

/// One that can't be read is not none: what hangs on it must not be overwritten.
fn read_vault(value: &JsValue) -> Result<VaultRecord, LocalError> {
    let text = value.as_string().ok_or(LocalError::Tampered)?;
    serde_json::from_str(&text).map_err(|_unreadable| LocalError::Tampered)
}

/// Counts a try of the PIN before it is made; the record with that try counted. All tabs count together, and beyond the last try
/// there is none.
///
/// # Errors
/// [`LocalError::Missing`] without a vault; the database's faults.
pub async fn count_try(database: &Database) -> Result<VaultRecord, LocalError> {
    let transaction = database.transaction(&[VAULT], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(VAULT)?;
    let found = store.get(JsValue::from_str(VAULT))?.await?.ok_or(LocalError::Missing)?;
    let mut record = read_vault(&found)?;
    record.wrong += 1;
    let text = serde_json::to_string(&record).map_err(|_unwritable| LocalError::Failed)?;
    store.put(&JsValue::from_str(&text), Some(&JsValue::from_str(VAULT)))?;
    finish(transaction).await?;
    Ok(record)
}

/// Writes the record of the vault.
///
/// # Errors
/// The database's faults.
pub async fn put_vault(database: &Database, record: &VaultRecord) -> Result<(), LocalError> {
    let text = serde_json::to_string(record).map_err(|_unwritable| LocalError::Failed)?;
    let transaction = database.transaction(&[VAULT], TransactionMode::ReadWrite)?;
    transaction.object_store(VAULT)?.put(&JsValue::from_str(&text), Some(&JsValue::from_str(VAULT)))?;
    finish(transaction).await
}

async fn finish(transaction: idb::Transaction) -> Result<(), LocalError> {
    match transaction.await? {
        TransactionResult::Committed => Ok(()),
        // The browser takes a transaction back when there is no room for it.
        TransactionResult::Aborted => Err(LocalError::Full),
    }
}

/// Erases everything that the tablet keeps.
///
/// # Errors
/// [`LocalError::Failed`] when the browser refuses.
pub async fn wipe(database: &Database) -> Result<(), LocalError> {
    // First what matters most and can't be kept waiting by another tab: without the vault nothing opens any more.
    let transaction = database.transaction(&[VAULT], TransactionMode::ReadWrite)?;
    transaction.object_store(VAULT)?.clear()?;
    finish(transaction).await?;
    let names: Vec<&str> = Shelf::ALL.iter().map(|shelf| shelf.name()).collect();
    let transaction = database.transaction(&names, TransactionMode::ReadWrite)?;
    for name in names {
        transaction.object_store(name)?.clear()?;
    }
    finish(transaction).await
}

/// Random bytes of the browser.
///
/// # Errors
/// [`LocalError::Missing`] where it has none.
pub fn random<const N: usize>() -> Result<[u8; N], LocalError> {
    let mut bytes = [0; N];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok()).ok_or(LocalError::Missing)?;
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(|_none| LocalError::Missing)?;
    Ok(bytes)
}

/// The randomness of a new vault.
///
/// # Errors
/// As [`random`].
pub fn dice() -> Result<Dice, LocalError> {
    Ok(Dice { key: Zeroizing::new(random()?), salt: random()?, nonce: random()? })
}

/// The database with the key to what is in it.
pub struct Local {
    database: Database,
    key: DataKey,
}

impl Local {
    /// An unlocked database.
    #[must_use]
    pub const fn new(database: Database, key: DataKey) -> Self {
        Self { database, key }
    }

    /// The database.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// The key, for another PIN.
    #[must_use]
    pub const fn key(&self) -> &DataKey {
        &self.key
    }

    /// A record, if there is one.
    ///
    /// # Errors
    /// [`LocalError::Tampered`] for one that does not open; the database's faults.
    pub async fn get<T: DeserializeOwned>(&self, shelf: Shelf, key: &str) -> Result<Option<T>, LocalError> {
        let transaction = self.database.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
        let found = transaction.object_store(shelf.name())?.get(JsValue::from_str(key))?.await?;
        found.map(|value| self.read(shelf, key, &value)).transpose()
    }

    /// All records of a shelf.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn all<T: DeserializeOwned>(&self, shelf: Shelf) -> Result<Vec<(String, T)>, LocalError> {
        let transaction = self.database.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(shelf.name())?;
        let mut found = Vec::new();
        let mut after: Option<JsValue> = None;
        loop {
            let rest = || after.as_ref().map(|last| KeyRange::lower_bound(last, Some(true))).transpose();
            let keys = store.get_all_keys(rest()?.map(Query::KeyRange), Some(AT_ONCE))?;
            let values = store.get_all(rest()?.map(Query::KeyRange), Some(AT_ONCE))?;
            let (keys, values) = (keys.await?, values.await?);
            let Some(last) = keys.last().cloned() else { return Ok(found) };
            for (key, value) in keys.into_iter().zip(values) {
                let key = key.as_string().ok_or(LocalError::Tampered)?;
                let record = self.read(shelf, &key, &value)?;
                found.push((key, record));
            }
            after = Some(last);
        }
    }

    fn read<T: DeserializeOwned>(&self, shelf: Shelf, key: &str, value: &JsValue) -> Result<T, LocalError> {
        serde_json::from_slice(&self.open(shelf, key, value)?).map_err(|_unreadable| LocalError::Tampered)
    }

    /// A change that puts a record.
    ///
    /// # Errors
    /// [`LocalError::Failed`] for something that can't be written.
    pub fn put<T: Serialize>(&self, shelf: Shelf, key: impl ToString, value: &T) -> Result<Change, LocalError> {
        let key = key.to_string();
        let plain = serde_json::to_vec(value).map_err(|_unwritable| LocalError::Failed)?;
        self.put_bytes(shelf, key, &plain)
    }

    /// The bytes of a record, if there is one.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn get_bytes(&self, shelf: Shelf, key: &str) -> Result<Option<Vec<u8>>, LocalError> {
        let transaction = self.database.transaction(&[shelf.name()], TransactionMode::ReadOnly)?;
        let found = transaction.object_store(shelf.name())?.get(JsValue::from_str(key))?.await?;
        found.map(|value| self.open(shelf, key, &value)).transpose()
    }

    fn open(&self, shelf: Shelf, key: &str, value: &JsValue) -> Result<Vec<u8>, LocalError> {
        let sealed = value.dyn_ref::<Uint8Array>().ok_or(LocalError::Tampered)?.to_vec();
        Ok(self.key.open(shelf.name(), key, &sealed)?)
    }

    /// A change that puts bytes.
    ///
    /// # Errors
    /// [`LocalError::Missing`] where the browser has no randomness.
    pub fn put_bytes(&self, shelf: Shelf, key: String, plain: &[u8]) -> Result<Change, LocalError> {
        let sealed = self.key.seal(shelf.name(), &key, plain, random()?)?;
        Ok(Change::Put(shelf, key, sealed))
    }

    /// Writes changes, all or none.
    ///
    /// # Errors
    /// [`LocalError::Full`] when there is no room; nothing is written then.
    pub async fn write(&self, changes: Vec<Change>) -> Result<(), LocalError> {
        if changes.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = Shelf::ALL.iter().map(|shelf| shelf.name()).collect();
        let transaction = self.database.transaction(&names, TransactionMode::ReadWrite)?;
        for change in changes {
            match change {
                Change::Put(shelf, key, sealed) => {
                    let bytes = Uint8Array::from(sealed.as_slice());
                    transaction.object_store(shelf.name())?.put(&bytes, Some(&JsValue::from_str(&key)))?;
                }
                Change::Delete(shelf, key) => {
                    transaction.object_store(shelf.name())?.delete(JsValue::from_str(&key))?;
                }
                Change::Clear(shelf) => {
                    transaction.object_store(shelf.name())?.clear()?;
                }
            }
        }
        finish(transaction).await
    }
}
