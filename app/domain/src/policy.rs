//! Who may do what. One pure function, [`decide`], answers for every role, resource and action; its whole
//! table is a golden file that a person who does not program can read (`golden/policy.txt`).
//!
//! Two rules stand above the table: another tenant's things do not exist, and a restricted neighbor exists
//! only for those named. What an actor can't see answers "not found", never "forbidden".

use crate::ids::{TeamId, TenantId, UserId};
use serde::{Deserialize, Serialize};

/// A kind of work; one user may hold several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds, visits and stands by neighbors.
    Caseworker,
    /// Leads a team or the district.
    Manager,
    /// Places people in jobs and stays with them.
    JobCoach,
    /// Works at a partner organization.
    PartnerStaff,
    /// Sends reports.
    Reporter,
    /// Reads the trail, without names.
    Auditor,
    /// Keeps users, teams, catalogues and settings.
    Administrator,
}

impl Role {
    /// All roles, in the order in which screens list them.
    pub const ALL: [Self; 7] =
        [Self::Caseworker, Self::Manager, Self::JobCoach, Self::PartnerStaff, Self::Reporter, Self::Auditor, Self::Administrator];
}

/// How far a grant reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "scope", content = "team")]
pub enum Scope {
    /// What is the actor's own.
    Own,
    /// What belongs to one team.
    Team(TeamId),
    /// The whole district.
    District,
}

/// A role with its reach, as held now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Held {
    /// The role.
    pub role: Role,
    /// Its reach.
    pub scope: Scope,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The actor's district.
    pub tenant: TenantId,
    /// The actor's account.
    pub user: UserId,
    /// What the actor holds now.
    pub held: Vec<Held>,
}

impl Actor {
    /// Whether the actor holds `role` with any reach.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.held.iter().any(|held| held.role == role)
    }

    /// The teams that the actor's grants name.
    pub fn teams(&self) -> impl Iterator<Item = TeamId> + '_ {
        self.held.iter().filter_map(|held| match held.scope {
            Scope::Team(team) => Some(team),
            Scope::Own | Scope::District => None,
        })
    }
}

/// What can be done to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Look at it, in a list or alone.
    View,
    /// Make a new one.
    Create,
    /// Change it.
    Edit,
    /// Give it to a worker; for a neighbor, name those for whom the record exists.
    Assign,
    /// Offer it to another worker, or answer such an offer.
    Transfer,
    /// Decide what becomes of a discovery entry or of two alike records.
    Triage,
    /// Load a discovery list.
    Import,
    /// Say that a second person agrees (closing as unreachable).
    Approve,
    /// Take a copy out of the system, with a reason.
    Export,
    /// Sign off the monthly review.
    Review,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::Create,
        Self::Edit,
        Self::Assign,
        Self::Transfer,
        Self::Triage,
        Self::Import,
        Self::Approve,
        Self::Export,
        Self::Review,
    ];
}

/// Kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person, their household, signals and signs.
    Neighbor,
    /// A case with its notes and assignments.
    Case,
    /// A visit or series of visits.
    Visit,
    /// A discovery round and its entries.
    Round,
    /// Two records that may be one person.
    Link,
    /// An account and its grants.
    User,
    /// A team and its dongs.
    Team,
    /// Indicators and signs.
    Catalogue,
    /// Clocks and other settings.
    Setting,
    /// Access log and audit trail, pseudonymised.
    Trail,
    /// The actor's own account, drafts and saved views.
    Own,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Neighbor,
        Self::Case,
        Self::Visit,
        Self::Round,
        Self::Link,
        Self::User,
        Self::Team,
        Self::Catalogue,
        Self::Setting,
        Self::Trail,
        Self::Own,
    ];

    /// Whether the bare existence of such a thing is a secret.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Neighbor | Self::Case | Self::Visit | Self::Link | Self::Own)
    }
}

/// What policy must know about a thing to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it is.
    pub kind: Kind,
    /// Whose district it belongs to.
    pub tenant: TenantId,
    /// The team that serves it, where there is one.
    pub team: Option<TeamId>,
    /// The people whose own it is: the worker, the second worker, the account's owner, the receiver of a transfer.
    pub owners: Vec<UserId>,
    /// For a restricted neighbor, the only people for whom it exists.
    pub only: Option<Vec<UserId>>,
}

impl Resource {
    /// A thing of the district as a whole.
    #[must_use]
    pub const fn of(kind: Kind, tenant: TenantId) -> Self {
        Self { kind, tenant, team: None, owners: Vec::new(), only: None }
    }

    /// The same thing, served by `team`.
    #[must_use]
    pub const fn in_team(mut self, team: Option<TeamId>) -> Self {
        self.team = team;
        self
    }

    /// The same thing, owned by `owners`.
    #[must_use]
    pub fn owned_by(mut self, owners: impl IntoIterator<Item = UserId>) -> Self {
        self.owners.extend(owners);
        self
    }

    /// The same thing, existing only for those named when `only` names somebody.
    #[must_use]
    pub fn only_for(mut self, only: Option<Vec<UserId>>) -> Self {
        self.only = only;
        self
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allow,
    /// The actor may know of it, but not do this: 403.
    Forbid,
    /// For this actor it does not exist: 404.
    Hide,
}

/// May `actor` do `action` to `resource`?
#[must_use]
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Decision {
    if actor.tenant != resource.tenant || is_kept_from(actor, resource) {
        return Decision::Hide;
    }
    if permits(actor, action, resource) {
        Decision::Allow
    } else if resource.kind.is_secret() && !permits(actor, Action::View, resource) {
        Decision::Hide
    } else {
        Decision::Forbid
    }
}

/// Where an actor's right to `action` on things of `kind` reaches, for turning into a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Everything in the district.
    pub district: bool,
    /// Everything of these teams.
    pub teams: Vec<TeamId>,
    /// What is the actor's own.
    pub own: bool,
}

impl Reach {
    /// Whether nothing at all is within reach.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.district && self.teams.is_empty() && !self.own
    }
}

/// How far `actor` reaches with `action` on `kind`. Agrees with [`decide`] on every resource (property-tested).
#[must_use]
pub fn reach(actor: &Actor, action: Action, kind: Kind) -> Reach {
    let mut reach = Reach::default();
    for held in actor.held.iter().filter(|held| role_may(held.role, action, kind)) {
        match held.scope {
            Scope::District => reach.district = true,
            Scope::Team(team) if !reach.teams.contains(&team) => reach.teams.push(team),
            Scope::Team(_) | Scope::Own => {}
        }
        // Whatever the scope of a grant, one's own is within it.
        reach.own = true;
    }
    reach.own |= everyone_may(action, kind);
    reach
}

fn is_kept_from(actor: &Actor, resource: &Resource) -> bool {
    resource.only.as_ref().is_some_and(|only| !only.contains(&actor.user))
}

fn permits(actor: &Actor, action: Action, resource: &Resource) -> bool {
    let reach = reach(actor, action, resource.kind);
    reach.district
        || resource.team.is_some_and(|team| reach.teams.contains(&team))
        || (is_for_all(resource) && !reach.is_empty())
        || (reach.own && resource.owners.contains(&actor.user))
}

/// Things that belong to the whole district and to nobody in it: whoever has the right has it with any scope.
fn is_for_all(resource: &Resource) -> bool {
    match resource.kind {
        Kind::Round | Kind::User | Kind::Team | Kind::Catalogue | Kind::Setting | Kind::Trail => resource.team.is_none(),
        Kind::Neighbor | Kind::Case | Kind::Visit | Kind::Link | Kind::Own => false,
    }
}

const fn everyone_may(action: Action, kind: Kind) -> bool {
    matches!((kind, action), (Kind::Own, Action::View | Action::Create | Action::Edit))
}

/// Whether `role` can do `action` on some thing of `kind`, however far a grant of it reaches.
#[must_use]
pub const fn role_may(role: Role, action: Action, kind: Kind) -> bool {
    match role {
        Role::Caseworker => caseworker_may(action, kind),
        Role::Manager => manager_may(action, kind),
        Role::Auditor => auditor_may(action, kind),
        Role::Administrator => administrator_may(action, kind),
        // Their screens come with employment, partner referrals and reports; until then they see the catalogue only.
        Role::JobCoach | Role::PartnerStaff | Role::Reporter => matches!((kind, action), (Kind::Catalogue, Action::View)),
    }
}

const fn caseworker_may(action: Action, kind: Kind) -> bool {
    match kind {
        Kind::Neighbor => matches!(action, Action::View | Action::Create | Action::Edit),
        Kind::Case => matches!(action, Action::View | Action::Create | Action::Edit | Action::Transfer),
        Kind::Visit => matches!(action, Action::View | Action::Create | Action::Edit),
        Kind::Round | Kind::Link => matches!(action, Action::View | Action::Triage),
        Kind::Team | Kind::Catalogue => matches!(action, Action::View),
        Kind::User | Kind::Setting | Kind::Trail | Kind::Own => false,
    }
}

const fn manager_may(action: Action, kind: Kind) -> bool {
    match kind {
        Kind::Case => !matches!(action, Action::Import | Action::Review | Action::Triage),
        Kind::Neighbor => matches!(action, Action::View | Action::Create | Action::Edit | Action::Assign | Action::Export),
        Kind::Visit => matches!(action, Action::View | Action::Create | Action::Edit | Action::Assign),
        Kind::Round => matches!(action, Action::View | Action::Triage | Action::Import),
        Kind::Link => matches!(action, Action::View | Action::Triage),
        Kind::Team | Kind::Catalogue => matches!(action, Action::View),
        Kind::User | Kind::Setting | Kind::Trail | Kind::Own => false,
    }
}

const fn auditor_may(action: Action, kind: Kind) -> bool {
    match kind {
        Kind::Trail => matches!(action, Action::View | Action::Review | Action::Export),
        Kind::Catalogue => matches!(action, Action::View),
        _ => false,
    }
}

const fn administrator_may(action: Action, kind: Kind) -> bool {
    match kind {
        Kind::User | Kind::Team | Kind::Catalogue | Kind::Setting => {
            matches!(action, Action::View | Action::Create | Action::Edit)
        }
        _ => false,
    }
}
