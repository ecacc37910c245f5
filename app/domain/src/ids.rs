//! Identifiers. Each is a UUIDv7 of its own type, so that a visit can't be passed where a case is meant
//! and rows sort by the time at which they were made.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id stamped with the present time.
            #[must_use]
            #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id made at `at` from ten random bytes: for seeds that must repeat.
            #[must_use]
            pub fn at(at: DateTime<Utc>, random: &[u8; 10]) -> Self {
                let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )+};
}

id! {
    /// A district office: the unit of separation.
    TenantId;
    /// An account of one person.
    UserId;
    /// A team of caseworkers that serves some dongs.
    TeamId;
    /// A role given to a user, with its scope.
    GrantId;
    /// A person helped or looked for.
    NeighborId;
    /// People who live together.
    HouseholdId;
    /// One person in a household, who may or may not be a neighbor of their own.
    MemberId;
    /// An imported discovery list.
    RoundId;
    /// One neighbor in one discovery round.
    RoundEntryId;
    /// One indicator about one neighbor from one round.
    SignalId;
    /// Two records that may be one person.
    LinkId;
    /// A case.
    CaseId;
    /// A visit or contact attempt.
    VisitId;
    /// A recurring series of visits.
    SeriesId;
    /// A case note.
    NoteId;
    /// A photo or signature.
    AttachmentId;
    /// An assignment or transfer of a case.
    AssignmentId;
    /// A tick of an observed sign.
    TickId;
    /// One command, sent once or many times, applied once.
    OpId;
    /// A tablet or browser that keeps a replica.
    DeviceId;
    /// One request, for the log.
    RequestId;
    /// A row of the audit trail.
    AuditId;
    /// A saved list view.
    ViewId;
    /// An unfinished form.
    DraftId;
    /// A monthly review of the access log.
    ReviewId;
}

/// Revision of one row: 1 when made, one more with each change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Rev(pub i64);

impl Rev {
    /// The revision of a row that has just been made.
    pub const FIRST: Self = Self(1);

    /// The revision after one more change.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Position in a tenant's change feed: strictly growing, in commit order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ChangeSeq(pub i64);
