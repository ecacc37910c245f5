//! What every command may be told: which database, which key, which district.

use anyhow::{Context, anyhow, bail};
use clap::Args;
use domain::clock::{SharedClock, SystemClock};
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{
    Files, OpContext, Options, Origin, RootKey, Store,
    tenants::{self, Tenant},
};

/// The embedded database.
const EMBEDDED: &str = "sqlite:data/iut.db";

/// What every command may be told.
#[derive(Clone, Debug, Args)]
pub struct Globals {
    /// The database: sqlite:FILE or postgres://…; without it the file data/iut.db, made when missing.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// The file with the root key (64 hexadecimal digits). Beside an embedded database it is made when missing.
    #[arg(long, global = true, env = "IUT_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Where photos and signatures lie, sealed: a folder or s3://BUCKET/PREFIX (who we are there says AWS_ACCESS_KEY_ID and its
    /// like). Without it a folder beside an embedded database, else data/files; several servers need one that all can reach.
    #[arg(long, global = true, env = "IUT_FILES", value_name = "PLACE")]
    pub files: Option<String>,
    /// The district's short name, where the database has several.
    #[arg(long, global = true, env = "IUT_DISTRICT", value_name = "SLUG")]
    pub district: Option<String>,
}

/// The database, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The database with its keys.
    pub store: Store,
    /// The machine's clock.
    pub clock: SharedClock,
}

impl Globals {
    /// The database's address.
    #[must_use]
    pub fn url(&self) -> &str {
        self.database_url.as_deref().filter(|url| !url.is_empty()).unwrap_or(EMBEDDED)
    }

    /// The file of an embedded database.
    #[must_use]
    pub fn embedded_file(&self) -> Option<PathBuf> {
        let path = self.url().strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.split('?').next().unwrap_or(path);
        (!path.contains(":memory:")).then(|| PathBuf::from(path))
    }

    /// Opens the database; a fresh one gets its schema.
    ///
    /// # Errors
    /// When the key is missing or wrong, or the database can't be reached.
    pub async fn open(&self) -> anyhow::Result<Opened> {
        self.open_with(Options::default().readers).await
    }

    /// As [`Self::open`], with so many connections.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(&self, connections: u32) -> anyhow::Result<Opened> {
        if let Some(folder) = self.embedded_file().as_deref().and_then(Path::parent).filter(|f| !f.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).context("can't make the folder of the database")?;
        }
        let root = self.root_key()?;
        let files = self.files().context("can't open the place of photos and signatures")?;
        let options = Options { readers: connections, files: Some(files) };
        let store = Store::open(self.url(), root, options).await.context("can't open the database")?;
        if store.is_fresh().await? {
            store.migrate().await.context("can't make the schema")?;
        }
        Ok(Opened { store, clock: Arc::new(SystemClock) })
    }

    /// The folder in which photos and signatures lie, unless they lie in a bucket.
    #[must_use]
    pub fn files_folder(&self) -> Option<PathBuf> {
        match self.files.as_deref().filter(|place| !place.is_empty()) {
            Some(place) if place.starts_with("s3://") => None,
            Some(place) => Some(PathBuf::from(place)),
            None => Some(self.embedded_file().map_or_else(|| PathBuf::from("data/files"), |file| file.with_extension("files"))),
        }
    }

    fn files(&self) -> anyhow::Result<Files> {
        Ok(match self.files_folder() {
            Some(folder) => Files::in_folder(&folder)?,
            None => Files::in_bucket(self.files.as_deref().unwrap_or_default())?,
        })
    }

    /// Where the root key is.
    ///
    /// # Errors
    /// When there is no place for it: a database on a server needs `--key-file`.
    pub fn key_path(&self) -> anyhow::Result<PathBuf> {
        if let Some(path) = &self.key_file {
            return Ok(path.clone());
        }
        let beside = self.embedded_file().map(|database| database.with_extension("key"));
        beside.ok_or_else(|| anyhow!("a database on a server needs --key-file (or IUT_KEY_FILE) with the root key"))
    }

    /// Reads the root key; beside an embedded database that does not exist yet, makes one.
    ///
    /// # Errors
    /// When it can't be read or is not a key.
    pub fn root_key(&self) -> anyhow::Result<RootKey> {
        let path = self.key_path()?;
        if path.exists() {
            let text = fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
            return RootKey::from_hex(&text).with_context(|| format!("{} holds no key", path.display()));
        }
        match self.embedded_file() {
            Some(database) if database.exists() => bail!("{} is missing: without it the database can't be read", path.display()),
            Some(_) => write_key(&path, RootKey::random()),
            None => bail!("{} is missing; `openssl rand -hex 32` makes a key for a new database", path.display()),
        }
    }
}

/// Writes a key to a new file that only its owner may read.
///
/// # Errors
/// When the file exists or can't be written.
pub(crate) fn write_key(path: &Path, key: RootKey) -> anyhow::Result<RootKey> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("can't make {}", path.display()))?;
    file.write_all(key.to_hex().as_bytes())?;
    file.sync_all()?;
    Ok(key)
}

impl Opened {
    /// The district that is meant.
    ///
    /// # Errors
    /// When there is none, several and none named, or none of that name.
    pub async fn district(&self, globals: &Globals) -> anyhow::Result<Tenant> {
        let mut all = tenants::list(&self.store).await?;
        if let Some(slug) = &globals.district {
            return all.into_iter().find(|d| d.slug == *slug).ok_or_else(|| anyhow!("there is no district {slug}"));
        }
        match (all.pop(), all.len()) {
            (Some(only), 0) => Ok(only),
            (None, _) => bail!("there is no district yet: `iut demo` makes one to look at"),
            _ => bail!("there are several districts: say which with --district"),
        }
    }

    /// The context in which the command line acts for `district`.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn context(&self, district: &Tenant) -> anyhow::Result<OpContext> {
        let actor = tenants::system_actor(&self.store, district.id).await?;
        Ok(OpContext::new(self.store.clone(), actor, Origin::Cli, Arc::clone(&self.clock)))
    }
}
