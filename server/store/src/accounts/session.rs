//! Sessions: found by the hash of their token, over after 20 minutes without use and after 12 hours in any case.
//! Grants are read anew with every request, so a changed grant counts at once.

use super::{SessionUser, Visitor, held, sign_in::read_cookie};
use crate::{
    Store,
    entity::{account, password_link, session as row},
    error::StoreError,
    tenants,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError,
    ids::{TenantId, UserId},
    policy::{Actor, Held},
    view::accounts::Needs,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, prelude::Expr};

/// A session that is not used ends after this.
pub(crate) const IDLE: TimeDelta = TimeDelta::minutes(20);
/// Every session ends after this.
pub(crate) const LONGEST: TimeDelta = TimeDelta::hours(12);
/// The time of use is written at most this often.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Who holds this cookie; `None` when nobody does, or no longer.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn session(visitor: &Visitor, cookie: &str) -> Result<Option<SessionUser>, ApiError> {
    find(visitor, cookie).await.map_err(StoreError::into_api)
}

async fn find(visitor: &Visitor, cookie: &str) -> Result<Option<SessionUser>, StoreError> {
    let Some((tenant, hash)) = read_cookie(cookie) else { return Ok(None) };
    let (db, now) = (visitor.store.read(), visitor.now());
    let Some(session) = row::Entity::find_by_id((tenant.0, hash)).one(db).await? else { return Ok(None) };
    if session.expires_at <= now || session.seen_at + IDLE <= now {
        return Ok(None);
    }
    let Some(account) = account::Entity::find_by_id((tenant.0, session.account_id)).one(db).await? else { return Ok(None) };
    if account.locked {
        return Ok(None);
    }
    let held = held(db, tenant.0, account.id).await?;
    let needs = needs(db, tenant, &session, &account, &held).await?;
    Ok(Some(user(tenant, session, account, held, needs)))
}

fn user(tenant: TenantId, session: row::Model, account: account::Model, held: Vec<Held>, needs: Needs) -> SessionUser {
    SessionUser {
        actor: Actor { tenant, user: UserId(account.id), held },
        login: account.login,
        name: account.name,
        locale: account.locale,
        theme: account.theme,
        idle_at: session.seen_at + IDLE,
        ends_at: session.expires_at,
        needs,
        second_factor: account.totp_enrolled_at.is_some(),
        token_hash: session.token_hash,
        seen_at: session.seen_at,
        epoch_moved: session.permission_epoch != account.permission_epoch,
        epoch: account.permission_epoch,
    }
}

async fn needs<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    session: &row::Model,
    account: &account::Model,
    held: &[Held],
) -> Result<Needs, StoreError> {
    if account.totp_enrolled_at.is_some() && !session.second_factor {
        return Ok(Needs::SecondFactor);
    }
    if account.must_change_password {
        return Ok(Needs::PasswordChange);
    }
    if account.totp_enrolled_at.is_none() {
        let roles = tenants::settings(db, tenant).await?.second_factor_roles;
        if held.iter().any(|held| roles.contains(&held.role)) {
            return Ok(Needs::Enrolment);
        }
    }
    Ok(Needs::Nothing)
}

/// Notes that the session is in use.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn keep(visitor: &Visitor, user: &SessionUser) -> Result<(), ApiError> {
    let now = visitor.now();
    if now - user.seen_at < TOUCH_EVERY && !user.epoch_moved {
        return Ok(());
    }
    let touched = row::Entity::update_many()
        .col_expr(row::Column::SeenAt, Expr::value(now))
        .col_expr(row::Column::PermissionEpoch, Expr::value(user.epoch))
        .filter(row::Column::TenantId.eq(user.tenant().0))
        .filter(row::Column::TokenHash.eq(user.token_hash.clone()))
        .exec(visitor.store.writer())
        .await;
    touched.map(drop).map_err(|error| StoreError::from(error).into_api())
}

/// Ends the session.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn sign_out(visitor: &Visitor, user: &SessionUser) -> Result<(), ApiError> {
    async fn end(visitor: &Visitor, user: &SessionUser) -> Result<(), StoreError> {
        let tx = visitor.store.begin().await?;
        row::Entity::delete_many()
            .filter(row::Column::TenantId.eq(user.tenant().0))
            .filter(row::Column::TokenHash.eq(user.token_hash.clone()))
            .exec(&tx)
            .await?;
        visitor.note(&tx, &user.actor, "sign_out", Some(user.actor.user.0)).await?;
        Ok(tx.commit().await?)
    }
    end(visitor, user).await.map_err(StoreError::into_api)
}

/// Ends all sessions of an account but one.
pub(crate) async fn end_others<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    account: UserId,
    but: Option<&[u8]>,
) -> Result<(), StoreError> {
    let mut which =
        row::Entity::delete_many().filter(row::Column::TenantId.eq(tenant.0)).filter(row::Column::AccountId.eq(account.0));
    if let Some(hash) = but {
        which = which.filter(row::Column::TokenHash.ne(hash.to_vec()));
    }
    which.exec(db).await?;
    Ok(())
}

/// Ends all sessions of an account.
pub(crate) async fn end_all<C: ConnectionTrait>(db: &C, tenant: TenantId, account: UserId) -> Result<(), StoreError> {
    end_others(db, tenant, account, None).await
}

/// Forgets sessions and links that are over. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn clean(store: &Store, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let over = Condition::any().add(row::Column::ExpiresAt.lte(now)).add(row::Column::SeenAt.lte(now - IDLE));
    let sessions = row::Entity::delete_many().filter(over).exec(store.writer()).await?;
    let links = password_link::Entity::delete_many()
        .filter(password_link::Column::ExpiresAt.lte(now - TimeDelta::days(30)))
        .exec(store.writer())
        .await?;
    Ok(sessions.rows_affected + links.rows_affected)
}
