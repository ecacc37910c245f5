//! Errors inside the store. Only [`ApiError`] leaves it; causes go to the log, without values.

use crate::crypt::CryptError;
use domain::ApiError;
use sea_orm::{DbErr, RuntimeErr, sqlx};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// An answer for the caller.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The database.
    #[error("database: {0}")]
    Db(#[from] DbErr),
    /// A key or a sealed field.
    #[error("encryption: {0}")]
    Crypt(#[from] CryptError),
    /// The place of attachments.
    #[error("files: {0}")]
    File(#[from] object_store::Error),
    /// The place of attachments is not as it should be.
    #[error("files: {0}")]
    Files(&'static str),
    /// A stored value that no version of the program can have written.
    #[error("stored value of {0} can't be read")]
    Corrupt(&'static str),
}

impl From<domain::Rule> for StoreError {
    fn from(rule: domain::Rule) -> Self {
        Self::Api(rule.into())
    }
}

impl StoreError {
    /// What the caller may know. Logs the rest: the kind of error, never a value.
    #[must_use]
    pub fn into_api(self) -> ApiError {
        match self {
            Self::Api(error) => error,
            Self::Db(error) if is_passing(&error) => {
                tracing::warn!(kind = kind_of(&error), code = code_of(&error), "the database is busy, full or away");
                ApiError::Unavailable
            }
            Self::Db(error) => {
                tracing::error!(kind = kind_of(&error), code = code_of(&error), "database error");
                ApiError::Internal
            }
            Self::File(error) => crate::files::into_api(&error),
            other => {
                tracing::error!(error = %other, "store error");
                ApiError::Internal
            }
        }
    }
}

/// Whether trying again can help.
#[must_use]
pub fn is_passing(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || is_cut(error) || is_passing_code(&code_of(error))
}

/// The connection went away under a statement.
fn is_cut(error: &DbErr) -> bool {
    matches!(sqlx_error(error), Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed))
}

fn is_passing_code(code: &str) -> bool {
    // SQLite: busy, locked, and no room for what is written, for the log's index, or to make it last.
    const SQLITE: [&str; 9] = ["5", "6", "261", "517", "13", "778", "1034", "4874", "5386"];
    // PostgreSQL: turns lost, no room or too many connections, stopping, fallen, starting, a connection that broke.
    const POSTGRES: [&str; 5] = ["40001", "40P01", "57P01", "57P02", "57P03"];
    SQLITE.contains(&code) || POSTGRES.contains(&code) || (code.len() == 5 && (code.starts_with("53") || code.starts_with("08")))
}

const fn kind_of(error: &DbErr) -> &'static str {
    match error {
        DbErr::ConnectionAcquire(_) => "acquire",
        DbErr::Conn(_) => "connection",
        DbErr::Exec(_) => "exec",
        DbErr::Query(_) => "query",
        DbErr::RecordNotFound(_) => "not found",
        DbErr::Migration(_) => "migration",
        _ => "other",
    }
}

fn code_of(error: &DbErr) -> String {
    let code = sqlx_error(error).and_then(|error| error.as_database_error()?.code().map(std::borrow::Cow::into_owned));
    code.unwrap_or_default()
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error.as_ref()),
        _ => None,
    }
}
