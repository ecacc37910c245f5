//! What accounts and sessions look like on a screen.

use crate::policy::{Role, Scope};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What somebody who is signed in must do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Show the second factor.
    SecondFactor,
    /// Choose a new password.
    PasswordChange,
    /// Switch a second factor on, because a role requires one.
    Enrolment,
}

impl Needs {
    /// The page on which it is done; `None` when nothing is needed.
    #[must_use]
    pub const fn page(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::SecondFactor => Some("/second-factor"),
            Self::PasswordChange => Some("/account/password"),
            Self::Enrolment => Some("/account/second-factor"),
        }
    }
}

/// The page on which somebody begins, by what they are here for.
#[must_use]
pub fn home_of(roles: &[Role]) -> &'static str {
    let homes = [
        (Role::Caseworker, "/my-day"),
        (Role::Manager, "/team"),
        (Role::Auditor, "/audit/access"),
        (Role::Administrator, "/admin/users"),
    ];
    homes.into_iter().find(|(role, _)| roles.contains(role)).map_or("/account", |(_, home)| home)
}

/// A district that one can sign in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistrictChoice {
    /// Its short name.
    pub slug: String,
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
}

/// For whom a password link is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
}

/// A role as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// The role.
    pub role: Role,
    /// Its reach.
    pub scope: Scope,
    /// Korean and English name of the team, when the reach is a team.
    pub team: Option<(String, String)>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// One of one's own sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSession {
    /// Under which it can be ended; nobody can sign in with it.
    pub id: String,
    /// What the browser says it is.
    pub device: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was used last.
    pub seen_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Sign-in name.
    pub login: String,
    /// Name on screens.
    pub name: String,
    /// When the password was changed last.
    pub password_changed_at: Option<DateTime<Utc>>,
    /// Whether a second factor is switched on.
    pub second_factor: bool,
    /// Whether a role requires one.
    pub second_factor_required: bool,
    /// Backup codes that are left.
    pub backup_codes: u32,
    /// Roles held now.
    pub roles: Vec<RoleView>,
    /// Open sessions, the latest first.
    pub sessions: Vec<OwnSession>,
}

/// What an authenticator app needs, shown while a second factor is switched on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentView {
    /// The secret for typing, in groups of four.
    pub secret: String,
    /// A picture to scan (SVG).
    pub picture: String,
}
