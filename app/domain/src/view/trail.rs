//! What an auditor sees: who looked at whom and did what, by number instead of by name. No type here has a field for a
//! name, an address of a person or a text about one.

use crate::{ids::AuditId, policy::Role};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A member of staff under a number, with the roles held now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffNumber {
    /// The number; 0 is the system itself.
    pub number: i64,
    /// Roles, in the order of [`Role::ALL`].
    pub roles: Vec<Role>,
}

/// Which rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrailFilter {
    /// About the neighbor with this number.
    pub neighbor: Option<i64>,
    /// By the member of staff with this number.
    pub actor: Option<i64>,
    /// `view`, `list`, … or the label of a command.
    pub action: Option<String>,
    /// `web`, `sync`, `cli` or `job`.
    pub origin: Option<String>,
    /// First Korean day.
    pub from: Option<NaiveDate>,
    /// Last Korean day.
    pub to: Option<NaiveDate>,
}

/// One row of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailRow {
    /// Id.
    pub id: AuditId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: StaffNumber,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub subject: String,
    /// About which neighbor.
    pub neighbor: Option<i64>,
    /// How many things, for a list.
    pub count: i32,
    /// From where: page, tablet, command line, job.
    pub origin: String,
    /// The network address.
    pub address: Option<String>,
    /// The reason that was asked for.
    pub purpose: Option<String>,
    /// Whether it is sealed.
    pub sealed: bool,
}

/// How often something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCount {
    /// What was done.
    pub action: String,
    /// How often.
    pub rows: u64,
}

/// A neighbor at whom many looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    /// The neighbor's number.
    pub neighbor: i64,
    /// How often.
    pub looks: u64,
    /// By how many people.
    pub staff: u64,
}

/// A member of staff with a number of looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffLooks {
    /// Who.
    pub actor: StaffNumber,
    /// How often.
    pub looks: u64,
}

/// A month of the trail, to be reviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailMonth {
    /// First day.
    pub month: NaiveDate,
    /// Rows.
    pub rows: u64,
    /// Rows per day of the month, from the first.
    pub by_day: Vec<u64>,
    /// Rows per hour of the Korean day, 0–23.
    pub by_hour: Vec<u64>,
    /// Rows per action, the most frequent first.
    pub by_action: Vec<ActionCount>,
    /// Looks at a person before 7, after 21, or at a weekend.
    pub out_of_hours: u64,
    /// Who looked out of hours, the most first; at most 10.
    pub out_of_hours_by: Vec<StaffLooks>,
    /// At whom was looked most; at most 10.
    pub most_looked_at: Vec<LookedAt>,
    /// Looks of caseworkers at people with whom they never had a case; at most 20 workers, the most first.
    pub without_own_case: Vec<StaffLooks>,
    /// The sign-off, once done.
    pub review: Option<TrailReview>,
}

/// A month that was signed off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailReview {
    /// First day of the month.
    pub month: NaiveDate,
    /// When.
    pub reviewed_at: DateTime<Utc>,
    /// By whom.
    pub reviewer: StaffNumber,
    /// Rows of the month at that moment.
    pub rows: i64,
    /// Whether the trail was whole.
    pub verified: bool,
    /// What was found.
    pub finding: String,
}

/// A month in the list of reviews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthState {
    /// First day.
    pub month: NaiveDate,
    /// The sign-off, once done.
    pub review: Option<TrailReview>,
}

/// What checking the whole trail found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailCheck {
    /// When it was checked.
    pub at: DateTime<Utc>,
    /// Batches checked.
    pub batches: u64,
    /// Rows checked.
    pub rows: u64,
    /// Rows that wait for the sealer.
    pub waiting: u64,
    /// The first fault.
    pub broken: Option<TrailFault>,
}

/// The first broken row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailFault {
    /// Number of the batch, from 1.
    pub batch: i64,
    /// Place in the batch, from 1.
    pub place: Option<u64>,
    /// The row.
    pub row: Option<Uuid>,
    /// `changed`, `deleted`, `swapped`, `batch` or `chain`.
    pub fault: String,
}
