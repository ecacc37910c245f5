//! One-time links with which somebody sets a password: for a new account and after a forgotten password.

use super::{Visitor, find, note, password, session, sign_in};
use crate::{
    OpContext,
    entity::{account, password_link},
    error::StoreError,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError,
    ids::{TenantId, UserId},
    policy::{Action, Actor, Kind},
    view::accounts::Holder,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, prelude::Expr};

/// How long a link is good for.
const GOOD_FOR: TimeDelta = TimeDelta::hours(72);

/// Makes a link for `user` and returns its token; earlier links are worth nothing from now on.
///
/// # Errors
/// Policy's answer, or [`ApiError::NotFound`].
pub async fn make_password_link(ctx: &OpContext, user: UserId) -> Result<String, ApiError> {
    async fn make(ctx: &OpContext, user: UserId) -> Result<String, StoreError> {
        let (tenant, mut token) = (ctx.tenant(), [0; 32]);
        rand::fill(&mut token);
        let tx = ctx.store.begin().await?;
        find(&tx, tenant, user).await?;
        forget(&tx, tenant, user).await?;
        let row = password_link::ActiveModel {
            tenant_id: Set(tenant.0),
            token_hash: Set(sign_in::token_hash(&token)),
            account_id: Set(user.0),
            expires_at: Set(ctx.now() + GOOD_FOR),
            used_at: Set(None),
        };
        password_link::Entity::insert(row).exec_without_returning(&tx).await?;
        note(&tx, ctx, "password_link_made", Some(user.0)).await?;
        tx.commit().await?;
        Ok(sign_in::cookie(tenant, &token))
    }
    ctx.check(Action::Edit, &ctx.resource(Kind::User))?;
    make(ctx, user).await.map_err(StoreError::into_api)
}

async fn forget<C: ConnectionTrait>(db: &C, tenant: TenantId, user: UserId) -> Result<(), StoreError> {
    password_link::Entity::delete_many()
        .filter(password_link::Column::TenantId.eq(tenant.0))
        .filter(password_link::Column::AccountId.eq(user.0))
        .filter(password_link::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// For whom a link is good; `None` when it is used, over or was never made.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn holder_of(visitor: &Visitor, token: &str) -> Result<Option<Holder>, ApiError> {
    let found = open(visitor, visitor.store.read(), token).await.map_err(StoreError::into_api)?;
    Ok(found.map(|(_, account)| Holder { login: account.login, name: account.name }))
}

async fn open<C: ConnectionTrait>(
    visitor: &Visitor,
    db: &C,
    token: &str,
) -> Result<Option<(password_link::Model, account::Model)>, StoreError> {
    let Some((tenant, hash)) = sign_in::read_cookie(token) else { return Ok(None) };
    let Some(link) = password_link::Entity::find_by_id((tenant.0, hash)).one(db).await? else { return Ok(None) };
    if link.used_at.is_some() || link.expires_at <= visitor.now() {
        return Ok(None);
    }
    let account = find(db, tenant, UserId(link.account_id)).await?;
    Ok((!account.locked).then_some((link, account)))
}

/// Sets a password with a link. All sessions end, failures are forgotten.
///
/// # Errors
/// [`ApiError::NotFound`] when the link is worth nothing, [`ApiError::Invalid`] for a password that is easy to guess.
pub async fn use_password_link(visitor: &Visitor, token: &str, new_password: &str) -> Result<(), ApiError> {
    set(visitor, token, new_password).await.map_err(StoreError::into_api)
}

async fn set(visitor: &Visitor, token: &str, new_password: &str) -> Result<(), StoreError> {
    let (_, account) = open(visitor, visitor.store.read(), token).await?.ok_or(ApiError::NotFound)?;
    password::check_strength(new_password, &[&account.login, &account.name])?;
    let hash = password::hash(new_password).await?;
    let tx = visitor.store.begin().await?;
    // Again inside the transaction, so that a link sets one password and not two.
    let (link, account) = open(visitor, &tx, token).await?.ok_or(ApiError::NotFound)?;
    let (tenant, user) = (TenantId(account.tenant_id), UserId(account.id));
    password_link::Entity::update_many()
        .col_expr(password_link::Column::UsedAt, Expr::value(visitor.now()))
        .filter(password_link::Column::TenantId.eq(tenant.0))
        .filter(password_link::Column::TokenHash.eq(link.token_hash))
        .exec(&tx)
        .await?;
    write_password(&tx, tenant, user, hash, false, visitor.now()).await?;
    session::end_all(&tx, tenant, user).await?;
    let actor = Actor { tenant, user, held: Vec::new() };
    visitor.note(&tx, &actor, "password_set_by_link", Some(user.0)).await?;
    Ok(tx.commit().await?)
}

/// Writes a new password; failures are forgotten.
pub(super) async fn write_password<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    user: UserId,
    hash: String,
    must_change: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::PasswordChangedAt, Expr::value(now))
        .col_expr(account::Column::MustChangePassword, Expr::value(must_change))
        .col_expr(account::Column::Failures, Expr::value(0))
        .col_expr(account::Column::LockedUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(account::Column::TenantId.eq(tenant.0))
        .filter(account::Column::Id.eq(user.0))
        .exec(db)
        .await?;
    Ok(())
}
