//! What screens and the API show: records as the store hands them out after policy has been asked. Names here are
//! already opened and already allowed; nothing in these types is for the log.

pub mod accounts;
pub mod admin;
pub mod cases;
pub mod devices;
pub mod neighbors;
pub mod rounds;
pub mod team;
pub mod trail;
pub mod visits;

use crate::ids::UserId;
use serde::{Deserialize, Serialize};

/// One page of a list with the key of the next one. Paging is by key, never by offset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page starts; `None` on the last one. Opaque to the screen.
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), next: None }
    }
}

/// Somebody who works with Iut, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Worker {
    /// The account.
    pub id: UserId,
    /// Name on screens.
    pub name: String,
}
