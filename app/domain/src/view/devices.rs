//! Tablets as their holders and administrators see them.

use super::Worker;
use crate::ids::DeviceId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Its id.
    pub id: DeviceId,
    /// What its holder calls it.
    pub name: String,
    /// What its browser says it is: "Chrome · Android".
    pub program: Option<String>,
    /// Who holds it.
    pub holder: Worker,
    /// When it was set up.
    pub registered_at: DateTime<Utc>,
    /// When it was last in touch; not counted while it is locked, when it only asks whether it was shut out.
    pub contact_at: Option<DateTime<Utc>>,
    /// What the server's clock showed beyond its own when it was last in touch, in seconds.
    pub clock_off_seconds: Option<i64>,
    /// How many entries waited on it when it was last in touch.
    pub waiting: u32,
    /// When it was shut out.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Whether it was told since that it was shut out, upon which it erases what it keeps.
    pub wiped: bool,
}

/// What a tablet is told once, when it is set up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceSecrets {
    /// Its id.
    pub device: DeviceId,
    /// 32 bytes in base64url without padding: goes into the wrapping of its data key.
    pub secret: String,
    /// Lets it in; kept only under its data key.
    pub bearer: String,
}

impl std::fmt::Debug for DeviceSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceSecrets").field("device", &self.device).finish_non_exhaustive()
    }
}

/// Whoever is signed in where a tablet is to be set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Their name.
    pub name: String,
    /// Whether they have cases of their own, which a tablet is for.
    pub may_hold: bool,
}
