//! One's own account: changing the password, seeing and ending sessions.

use super::{SessionUser, Visitor, find, links::write_password, note, password, session, sign_in};
use crate::{
    OpContext,
    entity::{account, backup_code, role_grant, session as session_row, team},
    error::StoreError,
    tenants,
};
use domain::{
    ApiError,
    ids::{TeamId, UserId},
    policy::{Action, Kind, Scope},
    view::accounts::{AccountView, OwnSession, RoleView},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;

/// Changes one's own password; other sessions end.
///
/// # Errors
/// [`ApiError::SignInFailed`] when the old one is wrong, [`ApiError::Invalid`] when the new one is easy to guess or the same.
pub async fn change_password(visitor: &Visitor, user: &SessionUser, old: &str, new: &str) -> Result<(), ApiError> {
    async fn change(visitor: &Visitor, user: &SessionUser, old: &str, new: &str) -> Result<(), StoreError> {
        let (tenant, id) = (user.tenant(), user.actor.user);
        prove_password(visitor, user, old).await?;
        if old == new {
            return Err(ApiError::invalid("new_password", domain::Invalid::Taken).into());
        }
        password::check_strength(new, &[&user.login, &user.name])?;
        let hash = password::hash(new).await?;
        let tx = visitor.store.begin().await?;
        write_password(&tx, tenant, id, hash, false, visitor.now()).await?;
        session::end_others(&tx, tenant, id, Some(&user.token_hash)).await?;
        visitor.note(&tx, &user.actor, "password_changed", Some(id.0)).await?;
        Ok(tx.commit().await?)
    }
    change(visitor, user, old, new).await.map_err(StoreError::into_api)
}

/// Goes on only if `given` is the user's password; a failure counts as one at the door.
pub(super) async fn prove_password(visitor: &Visitor, user: &SessionUser, given: &str) -> Result<(), StoreError> {
    let row = find(visitor.store.read(), user.tenant(), user.actor.user).await?;
    let open = sign_in::may_try(&row, visitor.now());
    let right = password::verify(given, row.password_hash.filter(|_| open)).await?;
    if right {
        return Ok(());
    }
    let tx = visitor.store.begin().await?;
    sign_in::refuse(visitor, &tx, user.tenant(), open.then_some(row.id), "password_check_failed").await?;
    tx.commit().await?;
    Err(ApiError::SignInFailed.into())
}

/// Sets somebody's password: for the command line and the demo district. Sessions of theirs end.
///
/// # Errors
/// Policy's answer, or [`ApiError::Invalid`] for a password that is easy to guess.
pub async fn set_password(ctx: &OpContext, user: UserId, new: &str, must_change: bool) -> Result<(), ApiError> {
    async fn set(ctx: &OpContext, user: UserId, new: &str, must_change: bool) -> Result<(), StoreError> {
        let row = find(ctx.store.read(), ctx.tenant(), user).await?;
        password::check_strength(new, &[&row.login, &row.name])?;
        let hash = password::hash(new).await?;
        let tx = ctx.store.begin().await?;
        write_password(&tx, ctx.tenant(), user, hash, must_change, ctx.now()).await?;
        session::end_all(&tx, ctx.tenant(), user).await?;
        note(&tx, ctx, "password_set", Some(user.0)).await?;
        Ok(tx.commit().await?)
    }
    ctx.check(Action::Edit, &ctx.resource(Kind::User))?;
    set(ctx, user, new, must_change).await.map_err(StoreError::into_api)
}

/// One's own account as its page shows it.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn account_view(visitor: &Visitor, user: &SessionUser) -> Result<AccountView, ApiError> {
    async fn load(visitor: &Visitor, user: &SessionUser) -> Result<AccountView, StoreError> {
        let (db, tenant, id) = (visitor.store.read(), user.tenant().0, user.actor.user.0);
        let account: account::Model = find(db, user.tenant(), user.actor.user).await?;
        let required = tenants::settings(db, user.tenant()).await?.second_factor_roles;
        let backup_codes = backup_code::Entity::find()
            .filter(backup_code::Column::TenantId.eq(tenant))
            .filter(backup_code::Column::AccountId.eq(id))
            .filter(backup_code::Column::UsedAt.is_null())
            .count(db)
            .await?;
        Ok(AccountView {
            login: account.login,
            name: account.name,
            password_changed_at: account.password_changed_at,
            second_factor: account.totp_enrolled_at.is_some(),
            second_factor_required: user.actor.held.iter().any(|held| required.contains(&held.role)),
            backup_codes: u32::try_from(backup_codes).unwrap_or(u32::MAX),
            roles: roles(visitor, user).await?,
            sessions: sessions(visitor, user).await?,
        })
    }
    load(visitor, user).await.map_err(StoreError::into_api)
}

async fn roles(visitor: &Visitor, user: &SessionUser) -> Result<Vec<RoleView>, StoreError> {
    let (db, tenant) = (visitor.store.read(), user.tenant().0);
    let teams = team::Entity::find().filter(team::Column::TenantId.eq(tenant)).all(db).await?;
    let names: HashMap<TeamId, (String, String)> =
        teams.into_iter().map(|team| (TeamId(team.id), (team.name_ko, team.name_en))).collect();
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::AccountId.eq(user.actor.user.0))
        .filter(role_grant::Column::EndedAt.is_null())
        .order_by_asc(role_grant::Column::GrantedAt)
        .all(db)
        .await?;
    let view = |row: &role_grant::Model| {
        let held = super::read_grant(row)?;
        let team = if let Scope::Team(team) = held.scope { names.get(&team).cloned() } else { None };
        Ok(RoleView { role: held.role, scope: held.scope, team, since: row.granted_at })
    };
    grants.iter().map(view).collect()
}

async fn sessions(visitor: &Visitor, user: &SessionUser) -> Result<Vec<OwnSession>, StoreError> {
    let rows = session_row::Entity::find()
        .filter(session_row::Column::TenantId.eq(user.tenant().0))
        .filter(session_row::Column::AccountId.eq(user.actor.user.0))
        .filter(session_row::Column::ExpiresAt.gt(visitor.now()))
        .filter(session_row::Column::SeenAt.gt(visitor.now() - session::IDLE))
        .order_by_desc(session_row::Column::SeenAt)
        .all(visitor.store.read())
        .await?;
    let view = |row: session_row::Model| OwnSession {
        id: hex::encode(&row.token_hash),
        device: row.device,
        address: row.address,
        since: row.created_at,
        seen_at: row.seen_at,
        current: row.token_hash == user.token_hash,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Ends one of one's own sessions; an unknown one is over already.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn end_session(visitor: &Visitor, user: &SessionUser, id: &str) -> Result<(), ApiError> {
    async fn end(visitor: &Visitor, user: &SessionUser, hash: Vec<u8>) -> Result<(), StoreError> {
        let tx = visitor.store.begin().await?;
        let gone = session_row::Entity::delete_many()
            .filter(session_row::Column::TenantId.eq(user.tenant().0))
            .filter(session_row::Column::AccountId.eq(user.actor.user.0))
            .filter(session_row::Column::TokenHash.eq(hash))
            .exec(&tx)
            .await?;
        if gone.rows_affected > 0 {
            visitor.note(&tx, &user.actor, "session_ended", Some(user.actor.user.0)).await?;
        }
        Ok(tx.commit().await?)
    }
    let hash = hex::decode(id).map_err(|_opaque| ApiError::BadRequest)?;
    end(visitor, user, hash).await.map_err(StoreError::into_api)
}
