//! Where a list goes on: opaque to the screen. It may hold a name (the sort key), so it travels in bodies, never in
//! addresses.

use crate::dialect::Hit;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ApiError;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// The value of the sorted column in the last row shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Key {
    Day(NaiveDate),
    Time(DateTime<Utc>),
    Text(String),
    /// The row has no value there.
    Nothing,
}

impl Key {
    pub(super) fn value(&self) -> Option<sea_orm::Value> {
        match self {
            Self::Day(day) => Some((*day).into()),
            Self::Time(at) => Some((*at).into()),
            Self::Text(text) => Some(text.clone().into()),
            Self::Nothing => None,
        }
    }
}

/// Where a caseload goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Cursor {
    /// After this row of this run.
    Row { run: usize, key: Key, id: Uuid },
    /// At the beginning of this run.
    Start { run: usize },
    /// Below this hit of a search.
    Hit(Hit),
}

pub(crate) fn write<T: Serialize>(cursor: &T) -> Result<String, ApiError> {
    serde_json::to_vec(cursor).map(hex::encode).map_err(|_unwritable| ApiError::Internal)
}

pub(crate) fn read<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let bytes = hex::decode(text).map_err(|_foreign| ApiError::BadRequest)?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_foreign| ApiError::BadRequest)
}
