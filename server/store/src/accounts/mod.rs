//! Accounts and sessions: signing in, staying in, passwords, second factors. These functions come before there is an
//! actor, so they take a [`Visitor`] instead of a context; what they change is audited in the same transaction. The
//! answer to a failed sign-in never says what was wrong, and takes as long for a login that does not exist.

mod limit;
mod links;
mod own;
mod password;
mod second_factor;
mod session;
mod sign_in;

use crate::{
    OpContext, Origin, Store,
    audit::{self, Entry},
    entity::{account, audit as audit_row, role_grant},
    error::StoreError,
    tenants::role_from_code,
};
use chrono::{DateTime, SubsecRound, Utc};
use domain::{
    ApiError,
    clock::SharedClock,
    ids::{RequestId, TeamId, TenantId, UserId},
    policy::{Actor, Held, Scope},
    view::accounts::Needs,
};
pub use limit::SignInLimit;
pub use links::{holder_of, make_password_link, use_password_link};
pub use own::{account_view, change_password, end_session, set_password};
pub use password::strength;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter};
pub use second_factor::{Enrolment, begin_enrolment, confirm_enrolment, give_code, switch_off};
pub(crate) use session::end_all;
pub use session::{clean, keep, session, sign_out};
pub use sign_in::{NewSession, sign_in};
use uuid::Uuid;

/// A browser at the door: who asks, before it is known who that is.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The database with its keys.
    pub store: Store,
    /// The network address.
    pub address: Option<String>,
    /// What the browser says it is, shortened.
    pub device: Option<String>,
    /// Which request, for the log.
    pub request: RequestId,
    /// What time it is.
    pub clock: SharedClock,
}

impl Visitor {
    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// The context in which `actor` acts from this browser.
    #[must_use]
    pub fn context(&self, actor: Actor) -> OpContext {
        let context = OpContext::new(self.store.clone(), actor, Origin::Web, self.clock.clone());
        OpContext { request: self.request, address: self.address.clone(), ..context }
    }

    /// Writes an audit row about an account, in the transaction of the change.
    async fn note(&self, tx: &DatabaseTransaction, actor: &Actor, action: &str, account: Option<Uuid>) -> Result<(), StoreError> {
        note(tx, &self.context(actor.clone()), action, account).await
    }
}

/// Writes an audit row about an account.
async fn note(tx: &DatabaseTransaction, ctx: &OpContext, action: &str, account: Option<Uuid>) -> Result<(), StoreError> {
    let entry = Entry { action: action.to_owned(), subject: "account", subject_id: account, neighbor: None, count: 1 };
    audit_row::Entity::insert(audit::active(audit::row(ctx, entry, None))).exec_without_returning(tx).await?;
    Ok(())
}

/// Who is signed in, as the session says.
#[derive(Clone, Debug)]
pub struct SessionUser {
    /// Who, with the grants held now.
    pub actor: Actor,
    /// Sign-in name.
    pub login: String,
    /// Name on screens.
    pub name: String,
    /// `ko` or `en`; empty as long as nothing was chosen.
    pub locale: String,
    /// Chosen colours.
    pub theme: String,
    /// When the session ends if it is not used.
    pub idle_at: DateTime<Utc>,
    /// When the session ends in any case.
    pub ends_at: DateTime<Utc>,
    /// What must be done before anything else.
    pub needs: Needs,
    /// Whether a second factor is switched on.
    pub second_factor: bool,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) seen_at: DateTime<Utc>,
    pub(crate) epoch_moved: bool,
    pub(crate) epoch: i64,
}

impl SessionUser {
    /// The context of this person's work; refused while something else must be done first.
    ///
    /// # Errors
    /// [`ApiError::SecondFactorRequired`] or [`ApiError::PasswordChangeRequired`].
    pub fn context(&self, visitor: &Visitor) -> Result<OpContext, ApiError> {
        match self.needs {
            Needs::Nothing => Ok(visitor.context(self.actor.clone())),
            Needs::SecondFactor | Needs::Enrolment => Err(ApiError::SecondFactorRequired),
            Needs::PasswordChange => Err(ApiError::PasswordChangeRequired),
        }
    }

    fn tenant(&self) -> TenantId {
        self.actor.tenant
    }
}

async fn find<C: ConnectionTrait>(db: &C, tenant: TenantId, user: UserId) -> Result<account::Model, StoreError> {
    account::Entity::find_by_id((tenant.0, user.0)).one(db).await?.ok_or_else(|| ApiError::NotFound.into())
}

/// What an account holds now.
pub(crate) async fn held<C: ConnectionTrait>(db: &C, tenant: Uuid, account: Uuid) -> Result<Vec<Held>, StoreError> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::EndedAt.is_null())
        .all(db)
        .await?;
    rows.iter().map(read_grant).collect()
}

/// What an account held at a time.
pub(crate) async fn held_at<C: ConnectionTrait>(
    db: &C,
    tenant: Uuid,
    account: Uuid,
    at: DateTime<Utc>,
) -> Result<Vec<Held>, StoreError> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::GrantedAt.lte(at))
        .filter(role_grant::Column::EndedAt.is_null().or(role_grant::Column::EndedAt.gt(at)))
        .all(db)
        .await?;
    rows.iter().map(read_grant).collect()
}

/// The role and reach of a grant's row.
pub(crate) fn read_grant(row: &role_grant::Model) -> Result<Held, StoreError> {
    let scope = match (row.scope.as_str(), row.team_id) {
        ("district", _) => Scope::District,
        ("team", Some(team)) => Scope::Team(TeamId(team)),
        ("own", _) => Scope::Own,
        _ => return Err(StoreError::Corrupt("role_grant.scope")),
    };
    Ok(Held { role: role_from_code(&row.role).ok_or(StoreError::Corrupt("role_grant.role"))?, scope })
}

/// The words under which a reach is stored.
pub(crate) const fn scope_words(scope: Scope) -> (&'static str, Option<Uuid>) {
    match scope {
        Scope::Own => ("own", None),
        Scope::Team(team) => ("team", Some(team.0)),
        Scope::District => ("district", None),
    }
}

/// An actor for the trail when nobody is known to act.
const fn nobody(tenant: TenantId) -> Actor {
    Actor { tenant, user: UserId(Uuid::nil()), held: Vec::new() }
}
