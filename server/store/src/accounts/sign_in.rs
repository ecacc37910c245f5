//! Signing in with name and password, and the lockout after failures.

use super::{SessionUser, Visitor, nobody, password, session};
use crate::{
    entity::{account, session as session_row},
    error::StoreError,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError,
    ids::{TenantId, UserId},
    policy::Actor,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, prelude::Expr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Failures that are free.
const FREE_FAILURES: i32 = 5;
/// The longest lockout, in seconds.
const LONGEST_LOCKOUT: i64 = 15 * 60;

/// A session that has just begun.
#[derive(Debug)]
pub struct NewSession {
    /// The value of the cookie: a secret.
    pub cookie: String,
    /// Who.
    pub user: SessionUser,
}

/// Signs in with name and password. A second factor, where there is one, is asked for afterwards.
///
/// # Errors
/// [`ApiError::SignInFailed`] for a wrong name, a wrong password, a locked account and one that waits after failures alike.
pub async fn sign_in(visitor: &Visitor, tenant: TenantId, login: &str, password: &str) -> Result<NewSession, ApiError> {
    attempt(visitor, tenant, login, password).await.map_err(StoreError::into_api)
}

async fn attempt(visitor: &Visitor, tenant: TenantId, login: &str, password: &str) -> Result<NewSession, StoreError> {
    let row = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant.0))
        .filter(account::Column::Login.eq(login.trim().to_lowercase()))
        .one(visitor.store.read())
        .await?;
    let open = row.as_ref().is_some_and(|row| may_try(row, visitor.now()));
    let hash = row.as_ref().filter(|_| open).and_then(|row| row.password_hash.clone());
    let right = password::verify(password, hash).await?;
    let tx = visitor.store.begin().await?;
    let cookie = match row {
        Some(row) if right => begin(visitor, &tx, UserId(row.id), tenant).await?,
        row => {
            refuse(visitor, &tx, tenant, row.filter(|_| open).map(|row| row.id), "sign_in_failed").await?;
            None
        }
    };
    tx.commit().await?;
    let cookie = cookie.ok_or(ApiError::SignInFailed)?;
    let user = session::session(visitor, &cookie).await?.ok_or(ApiError::SignInFailed)?;
    Ok(NewSession { cookie, user })
}

/// Whether a password or code is looked at at all.
pub(super) fn may_try(row: &account::Model, now: DateTime<Utc>) -> bool {
    !row.locked && row.locked_until.is_none_or(|until| until <= now)
}

/// Begins a session; `None` when the account was locked in between.
async fn begin(
    visitor: &Visitor,
    tx: &DatabaseTransaction,
    user: UserId,
    tenant: TenantId,
) -> Result<Option<String>, StoreError> {
    let now = visitor.now();
    let row = super::find(tx, tenant, user).await?;
    if !may_try(&row, now) {
        return Ok(None);
    }
    let actor = Actor { tenant, user, held: Vec::new() };
    if row.totp_enrolled_at.is_none() {
        signed_in(visitor, tx, &actor).await?;
    } else {
        visitor.note(tx, &actor, "sign_in_first_step", Some(user.0)).await?;
    }
    let mut token = [0; 32];
    rand::fill(&mut token);
    let begun = session_row::ActiveModel {
        tenant_id: Set(tenant.0),
        token_hash: Set(token_hash(&token)),
        account_id: Set(user.0),
        second_factor: Set(false),
        permission_epoch: Set(row.permission_epoch),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + session::LONGEST),
        address: Set(visitor.address.clone()),
        device: Set(visitor.device.clone()),
    };
    session_row::Entity::insert(begun).exec_without_returning(tx).await?;
    Ok(Some(cookie(tenant, &token)))
}

/// Notes that somebody is in: failures are forgotten.
pub(super) async fn signed_in(visitor: &Visitor, tx: &DatabaseTransaction, actor: &Actor) -> Result<(), StoreError> {
    account::Entity::update_many()
        .col_expr(account::Column::Failures, Expr::value(0))
        .col_expr(account::Column::LockedUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(account::Column::LastSignInAt, Expr::value(visitor.now()))
        .filter(account::Column::TenantId.eq(actor.tenant.0))
        .filter(account::Column::Id.eq(actor.user.0))
        .exec(tx)
        .await?;
    visitor.note(tx, actor, "sign_in", Some(actor.user.0)).await
}

/// Counts a failure and locks the account for a while when there were too many.
pub(super) async fn refuse(
    visitor: &Visitor,
    tx: &DatabaseTransaction,
    tenant: TenantId,
    account: Option<Uuid>,
    action: &str,
) -> Result<(), StoreError> {
    if let Some(id) = account {
        let rows = account::Entity::update_many()
            .col_expr(account::Column::Failures, Expr::col(account::Column::Failures).add(1))
            .filter(account::Column::TenantId.eq(tenant.0))
            .filter(account::Column::Id.eq(id))
            .exec_with_returning(tx)
            .await?;
        if let Some(until) = rows.first().and_then(|row| lockout(row.failures)).map(|span| visitor.now() + span) {
            account::Entity::update_many()
                .col_expr(account::Column::LockedUntil, Expr::value(until))
                .filter(account::Column::TenantId.eq(tenant.0))
                .filter(account::Column::Id.eq(id))
                .exec(tx)
                .await?;
        }
    }
    visitor.note(tx, &nobody(tenant), action, account).await
}

/// How long to wait after so many failures: 30 s after the fifth, doubling to 15 minutes.
fn lockout(failures: i32) -> Option<TimeDelta> {
    let beyond = failures.checked_sub(FREE_FAILURES).filter(|beyond| *beyond >= 0)?;
    let seconds = 30_i64 << Ord::min(beyond, 10);
    Some(TimeDelta::seconds(Ord::min(seconds, LONGEST_LOCKOUT)))
}

pub(super) fn token_hash(token: &[u8]) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// A token that says to which district it belongs.
pub(super) fn cookie(tenant: TenantId, token: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode([tenant.0.as_bytes().as_slice(), token].concat())
}

/// The district and the hash of a token.
pub(super) fn read_cookie(cookie: &str) -> Option<(TenantId, Vec<u8>)> {
    let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    let (tenant, token) = bytes.split_first_chunk::<16>()?;
    (token.len() == 32).then(|| (TenantId(Uuid::from_bytes(*tenant)), token_hash(token)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lockouts_grow_and_stop_growing() {
        let waits: Vec<i64> = (0..14).map(|failures| lockout(failures).map_or(0, |span| span.num_seconds())).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
    }

    #[test]
    fn a_cookie_names_its_district_and_nothing_else_is_one() {
        let tenant = TenantId::new();
        assert_eq!(read_cookie(&cookie(tenant, &[7; 32])), Some((tenant, token_hash(&[7; 32]))));
        for text in ["", "abc", "!", &"A".repeat(63), &"A".repeat(66)] {
            assert_eq!(read_cookie(text), None);
        }
    }
}
