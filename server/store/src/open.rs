//! The database with its keys, opened once and shared.

use crate::{
    audit::ReadLog,
    crypt::{CryptError, RootKey, TenantKeys, random_key},
    dialect,
    entity::data_key,
    error::StoreError,
    feed::Wake,
    files::Files,
    sync::Wholes,
};
use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::broadcast;
use uuid::Uuid;

/// After this long the keys are read again: another process may have made new ones.
const KEYS_FRESH: Duration = Duration::from_secs(5);

/// How the database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reading, 1–64.
    pub readers: u32,
    /// Where the bytes of attachments lie. Without a place none are taken.
    pub files: Option<Files>,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 8, files: None }
    }
}

/// The database with its keys. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    write: DatabaseConnection,
    read: DatabaseConnection,
    root: RootKey,
    keys: RwLock<HashMap<TenantId, (Instant, Arc<TenantKeys>)>>,
    wake: broadcast::Sender<Wake>,
    read_log: ReadLog,
    files: Option<Files>,
    wholes: Wholes,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `url` (`sqlite:…` or `postgres://…`); an SQLite file is created when missing.
    ///
    /// # Errors
    /// When the database can't be reached, or a PostgreSQL database has the locale `C`.
    pub async fn open(url: &str, root: RootKey, options: Options) -> Result<Self, StoreError> {
        let (write, read) = dialect::connect(url, options.readers).await?;
        let read_log = ReadLog::start(write.clone());
        let (wake, _) = broadcast::channel(1024);
        let (keys, wholes) = (RwLock::default(), Wholes::default());
        Ok(Self(Arc::new(Inner { write, read, root, keys, wake, read_log, files: options.files, wholes })))
    }

    /// Opens the database with somebody who sees every statement that reads.
    #[cfg(test)]
    pub(crate) async fn open_watched(
        url: &str,
        root: RootKey,
        watch: impl Fn(&sea_orm::Statement) + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let (write, mut read) = dialect::connect(url, 1).await?;
        let read_log = ReadLog::start(write.clone());
        read.set_metric_callback(move |told| watch(told.statement));
        let (wake, _) = broadcast::channel(1024);
        let (keys, wholes) = (RwLock::default(), Wholes::default());
        Ok(Self(Arc::new(Inner { write, read, root, keys, wake, read_log, files: None, wholes })))
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When a migration fails; nothing of it is applied then.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::up(&self.0.write, None).await?)
    }

    /// Whether the schema is up to date.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn is_migrated(&self) -> Result<bool, StoreError> {
        Ok(Migrator::get_pending_migrations(&self.0.write).await?.is_empty())
    }

    /// Whether nothing was ever migrated into this database.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn is_fresh(&self) -> Result<bool, StoreError> {
        Ok(Migrator::get_pending_migrations(&self.0.write).await?.len() == Migrator::migrations().len())
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.0.read.ping().await?)
    }

    /// The engine.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.0.read.get_database_backend()
    }

    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.0.read
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.write
    }

    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        dialect::begin(&self.0.write).await
    }

    /// Where the bytes of attachments lie.
    pub(crate) fn files(&self) -> Result<&Files, StoreError> {
        self.0.files.as_ref().ok_or(StoreError::Files("there is no place for attachments"))
    }

    pub(crate) fn read_log(&self) -> &ReadLog {
        &self.0.read_log
    }

    pub(crate) fn wholes(&self) -> &Wholes {
        &self.0.wholes
    }

    /// Wakes those who follow the change feed in this process.
    pub fn wake(&self, wake: Wake) {
        // No receiver is no error: nobody is watching.
        let _ = self.0.wake.send(wake);
    }

    /// Follows the change feed.
    #[must_use]
    pub fn follow(&self) -> broadcast::Receiver<Wake> {
        self.0.wake.subscribe()
    }

    pub(crate) fn root(&self) -> &RootKey {
        &self.0.root
    }

    pub(crate) fn forget_keys(&self, tenant: TenantId) {
        if let Ok(mut keys) = self.0.keys.write() {
            keys.remove(&tenant);
        }
    }

    /// Writes a consistent copy of an embedded database to a new file, while others write.
    ///
    /// # Errors
    /// When the file exists or can't be written, or the database is not an embedded one.
    pub async fn copy_to(&self, file: &Path) -> Result<(), StoreError> {
        dialect::copy(self.read(), file).await
    }

    /// The tenant's keys, opened at first use and again every few seconds.
    pub(crate) async fn keys(&self, tenant: TenantId) -> Result<Arc<TenantKeys>, StoreError> {
        let known = self.0.keys.read().ok().and_then(|keys| keys.get(&tenant).cloned());
        if let Some((_, keys)) = known.filter(|(opened, _)| opened.elapsed() < KEYS_FRESH) {
            return Ok(keys);
        }
        let rows = data_key::Entity::find().filter(data_key::Column::TenantId.eq(tenant.0)).all(self.read()).await?;
        let keys = Arc::new(self.unwrap_keys(tenant.0, &rows)?);
        if let Ok(mut cache) = self.0.keys.write() {
            cache.insert(tenant, (Instant::now(), Arc::clone(&keys)));
        }
        Ok(keys)
    }

    fn unwrap_keys(&self, tenant: Uuid, rows: &[data_key::Model]) -> Result<TenantKeys, CryptError> {
        let (mut fields, mut seals, mut index) = (BTreeMap::new(), BTreeMap::new(), None);
        for row in rows {
            let key = self.0.root.unwrap(tenant, &row.purpose, row.version, &row.wrapped)?;
            match row.purpose.as_str() {
                "field" => drop(fields.insert(row.version, key)),
                "seal" => drop(seals.insert(row.version, key)),
                _ => index = Some(key),
            }
        }
        Ok(TenantKeys::new(tenant, fields, seals, index.ok_or(CryptError::MissingKey)?))
    }

    /// Writes a new wrapped key for `purpose` (`field`, `seal` or `index`).
    pub(crate) async fn add_key<C: ConnectionTrait>(
        &self,
        db: &C,
        tenant: TenantId,
        purpose: &str,
        version: i32,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let wrapped = self.0.root.wrap(tenant.0, purpose, version, &random_key())?;
        let row = data_key::ActiveModel {
            tenant_id: Set(tenant.0),
            purpose: Set(purpose.to_owned()),
            version: Set(version),
            wrapped: Set(wrapped),
            created_at: Set(at),
        };
        data_key::Entity::insert(row).exec_without_returning(db).await?;
        Ok(())
    }
}
