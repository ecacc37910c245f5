//! Where the bytes of attachments lie: a folder, or an S3-compatible store. Whatever comes here is sealed already.

use crate::error::StoreError;
use bytes::Bytes;
use domain::{ApiError, ids::TenantId};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use std::{os::unix::fs::DirBuilderExt, path::Path as Folder, sync::Arc};
use uuid::Uuid;

/// A place for files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: bool,
}

impl Files {
    /// A folder, made when missing, that only its owner may read.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn in_folder(folder: &Folder) -> Result<Self, StoreError> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|_kept| StoreError::Files("the folder can't be made"))?;
        // A file counts only once it is on the disk: what a tablet was told to have arrived, it forgets.
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: true })
    }

    /// A bucket: `s3://bucket` or `s3://bucket/prefix`. Who we are there, and where it is when not at Amazon, stands in the usual
    /// variables: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`.
    ///
    /// # Errors
    /// When the address or a variable can't be read.
    pub fn in_bucket(address: &str) -> Result<Self, StoreError> {
        let rest = address.strip_prefix("s3://").ok_or(StoreError::Files("the address of a bucket begins with s3://"))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        // It has no cipher suites of its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
        let prefix = Path::parse(prefix).map_err(object_store::Error::from)?;
        Ok(Self { store: Arc::new(PrefixStore::new(store, prefix)), folder: false })
    }

    /// Whether they lie in a folder, which a backup takes along.
    #[must_use]
    pub const fn is_folder(&self) -> bool {
        self.folder
    }

    pub(crate) async fn put(&self, at: Spot, sealed: Vec<u8>) -> Result<(), StoreError> {
        self.store.put(&at.path(), PutPayload::from(sealed)).await?;
        Ok(())
    }

    pub(crate) async fn get(&self, at: Spot) -> Result<Bytes, StoreError> {
        Ok(self.store.get(&at.path()).await?.bytes().await?)
    }

    /// Takes a part away; one that is not there is no error.
    pub(crate) async fn delete(&self, at: Spot) -> Result<(), StoreError> {
        match self.store.delete(&at.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Where one part lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Whose.
    pub tenant: TenantId,
    /// Of which attachment.
    pub attachment: Uuid,
    /// Which part.
    pub part: u32,
}

impl Spot {
    fn path(self) -> Path {
        Path::from_iter([self.tenant.to_string(), self.attachment.to_string(), format!("{:03}", self.part)])
    }
}

/// What the caller may know: that it may well go through later, or that it is our fault.
pub(crate) fn into_api(error: &object_store::Error) -> ApiError {
    match error {
        object_store::Error::NotFound { .. } => {
            tracing::error!("a part of an attachment is missing");
            ApiError::Internal
        }
        // A full disk, a bucket that is away: their texts hold paths, so the kind alone is logged.
        error => {
            tracing::warn!(kind = kind_of(error), "the place of attachments is busy, full or away");
            ApiError::Unavailable
        }
    }
}

const fn kind_of(error: &object_store::Error) -> &'static str {
    match error {
        object_store::Error::PermissionDenied { .. } => "permission",
        object_store::Error::Unauthenticated { .. } => "unauthenticated",
        object_store::Error::Generic { .. } => "generic",
        _ => "other",
    }
}
