//! What an administrator sees: accounts with their roles and the history of these, teams with their dongs, catalogues
//! and settings with every version. No case content.

use crate::{
    catalogue::{Indicator, Sign},
    ids::{GrantId, Rev, TeamId, UserId},
    policy::{Role, Scope},
    settings::Settings,
    text::DongCode,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A team's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamName {
    /// Id.
    pub id: TeamId,
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
}

/// An account in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Id.
    pub id: UserId,
    /// Sign-in name.
    pub login: String,
    /// Name on screens.
    pub name: String,
    /// Whether it is locked by an administrator.
    pub locked: bool,
    /// Whether it has a password yet.
    pub has_password: bool,
    /// Whether the second factor is on.
    pub second_factor: bool,
    /// Last sign-in.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Grants in force.
    pub grants: Vec<GrantRow>,
}

/// A role given to a user, in force or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRow {
    /// Id.
    pub id: GrantId,
    /// Role.
    pub role: Role,
    /// Reach.
    pub scope: Scope,
    /// The team of the reach.
    pub team: Option<TeamName>,
    /// Who granted it.
    pub granted_by: String,
    /// When.
    pub granted_at: DateTime<Utc>,
    /// How it ended.
    pub ended: Option<GrantEnd>,
}

/// The end of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantEnd {
    /// Who ended it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// Accounts, and what is needed to make one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersView {
    /// By sign-in name.
    pub users: Vec<UserRow>,
    /// Teams that a role can be granted for.
    pub teams: Vec<TeamName>,
}

/// One account with the whole history of its grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    /// The account; its grants are those in force.
    pub user: UserRow,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Every grant that ended, the latest first.
    pub ended: Vec<GrantRow>,
    /// Teams that a role can be granted for.
    pub teams: Vec<TeamName>,
}

/// A team with what it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRow {
    /// Names.
    pub team: TeamName,
    /// Revision.
    pub rev: Rev,
    /// Caseworkers with a grant for the team.
    pub workers: u32,
    /// Open cases of the team.
    pub open_cases: u32,
}

/// A dong on the tile map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DongTile {
    /// Ten-digit code.
    pub code: DongCode,
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
    /// Column, from 0.
    pub col: i32,
    /// Row, from 0.
    pub row: i32,
    /// Electors, as a measure of size.
    pub electors: i32,
    /// The team that serves it.
    pub team: Option<TeamId>,
}

/// Teams and dongs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamsView {
    /// By Korean name.
    pub teams: Vec<TeamRow>,
    /// By code.
    pub dongs: Vec<DongTile>,
}

/// One version of a catalogue entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version<T> {
    /// The entry as it was set.
    pub entry: T,
    /// Who set it.
    pub set_by: String,
    /// When.
    pub set_at: DateTime<Utc>,
}

/// The catalogues. For each code, its versions with the one in force first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueView {
    /// Indicators, by code.
    pub indicators: Vec<Vec<Version<Indicator>>>,
    /// Signs, by code.
    pub signs: Vec<Vec<Version<Sign>>>,
}

/// Settings with their history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// In force.
    pub settings: Settings,
    /// Version in force; 0 while the defaults are.
    pub version: i32,
    /// Every version, the latest first.
    pub history: Vec<Version<Settings>>,
}
