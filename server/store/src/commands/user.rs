//! What is done to accounts and grants. Ended grants stay: they are the history of who might do what.

use super::device;
use crate::{
    accounts,
    entity::{account, role_grant, team},
    error::StoreError,
    tenants::role_code,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid, Rule,
    command::UserCommand,
    ids::{GrantId, Rev, UserId},
    policy::{Action, Kind, Role, Scope},
    text,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, prelude::Expr,
};
use uuid::Uuid;

pub(super) async fn apply(write: &mut Write<'_>, command: &UserCommand) -> Result<Rev, StoreError> {
    match command {
        UserCommand::Add { id, login, name } => add(write, *id, login, name).await,
        UserCommand::Rename { id, name } => rename(write, *id, name).await,
        UserCommand::Lock { id, locked } => lock(write, *id, *locked).await,
        UserCommand::Grant { id, user, role, scope } => grant(write, *id, *user, *role, *scope).await,
        UserCommand::EndGrant { id, reason } => end_grant(write, *id, reason).await,
        UserCommand::RevokeDevice { id } => device::revoke(write, *id).await,
        UserCommand::Prefer { locale, theme } => prefer(write, locale.as_deref(), theme.as_deref()).await,
    }
}

/// An account that an administrator may change. The system's own is hidden.
async fn load(write: &Write<'_>, id: UserId) -> Result<account::Model, StoreError> {
    write.allow(Action::Edit, &write.ctx.resource(Kind::User))?;
    let row = account::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?;
    row.filter(|row| row.login != "system").ok_or_else(|| ApiError::NotFound.into())
}

async fn save(write: &mut Write<'_>, mut row: account::Model) -> Result<Rev, StoreError> {
    row.rev += 1;
    let (id, rev) = (row.id, Rev(row.rev));
    account::Entity::update(row.into_active_model().reset_all()).exec(write.tx).await?;
    write.audit("account", id, None);
    write.changed(Changed::general("user", id, rev));
    Ok(rev)
}

fn check_login(login: &str) -> Result<(), ApiError> {
    let letters = login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b));
    if !letters {
        return Err(ApiError::invalid("login", Invalid::Form));
    }
    match login.len() {
        0..3 => Err(ApiError::invalid("login", Invalid::TooShort)),
        3..=40 => Ok(()),
        _ => Err(ApiError::invalid("login", Invalid::TooLong)),
    }
}

async fn add(write: &mut Write<'_>, id: UserId, login: &str, name: &str) -> Result<Rev, StoreError> {
    write.allow(Action::Create, &write.ctx.resource(Kind::User))?;
    check_login(login)?;
    let name = text::required_line("name", name.to_owned(), 60)?;
    let taken = account::Entity::find()
        .filter(account::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(account::Column::Login.eq(login))
        .one(write.tx)
        .await?;
    if taken.is_some() {
        return Err(ApiError::invalid("login", Invalid::Taken).into());
    }
    let row = account::ActiveModel {
        tenant_id: Set(write.ctx.tenant().0),
        id: Set(id.0),
        login: Set(login.to_owned()),
        name: Set(name),
        password_hash: Set(None),
        password_changed_at: Set(None),
        must_change_password: Set(false),
        totp_secret: Set(None),
        totp_enrolled_at: Set(None),
        totp_last_step: Set(None),
        locale: Set(String::new()),
        theme: Set("system".to_owned()),
        locked: Set(false),
        failures: Set(0),
        locked_until: Set(None),
        permission_epoch: Set(1),
        last_sign_in_at: Set(None),
        created_at: Set(write.now),
        rev: Set(Rev::FIRST.0),
    };
    account::Entity::insert(row).exec_without_returning(write.tx).await?;
    write.audit("account", id, None);
    write.changed(Changed::general("user", id.0, Rev::FIRST));
    Ok(Rev::FIRST)
}

async fn rename(write: &mut Write<'_>, id: UserId, name: &str) -> Result<Rev, StoreError> {
    let mut row = load(write, id).await?;
    row.name = text::required_line("name", name.to_owned(), 60)?;
    save(write, row).await
}

async fn lock(write: &mut Write<'_>, id: UserId, locked: bool) -> Result<Rev, StoreError> {
    let mut row = load(write, id).await?;
    if id == write.ctx.user() {
        return Err(Rule::OwnAccount.into());
    }
    if locked {
        if holds_administration(write, id).await? {
            check_other_administrator(write, id).await?;
        }
        accounts::end_all(write.tx, write.ctx.tenant(), id).await?;
    } else {
        (row.failures, row.locked_until) = (0, None);
    }
    row.locked = locked;
    row.permission_epoch += 1;
    save(write, row).await
}

async fn grant(write: &mut Write<'_>, id: GrantId, user: UserId, role: Role, scope: Scope) -> Result<Rev, StoreError> {
    let mut row = load(write, user).await?;
    if user == write.ctx.user() {
        return Err(Rule::OwnAccount.into());
    }
    if let Scope::Team(team) = scope {
        let found = team::Entity::find_by_id((write.ctx.tenant().0, team.0)).one(write.tx).await?;
        found.ok_or_else(|| ApiError::invalid("scope", Invalid::UnknownTeam))?;
    }
    let held = accounts::held(write.tx, write.ctx.tenant().0, user.0).await?;
    if held.iter().any(|held| held.role == role && held.scope == scope) {
        return Err(ApiError::invalid("role", Invalid::Taken).into());
    }
    let (word, team) = accounts::scope_words(scope);
    let granted = role_grant::ActiveModel {
        tenant_id: Set(write.ctx.tenant().0),
        id: Set(id.0),
        account_id: Set(user.0),
        role: Set(role_code(role)),
        scope: Set(word.to_owned()),
        team_id: Set(team),
        granted_by: Set(write.ctx.user().0),
        granted_at: Set(write.now),
        ended_by: Set(None),
        ended_at: Set(None),
        end_reason: Set(None),
    };
    role_grant::Entity::insert(granted).exec_without_returning(write.tx).await?;
    write.audit("role_grant", id, None);
    row.permission_epoch += 1;
    save(write, row).await
}

async fn end_grant(write: &mut Write<'_>, id: GrantId, reason: &str) -> Result<Rev, StoreError> {
    write.allow(Action::Edit, &write.ctx.resource(Kind::User))?;
    let grant = role_grant::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?;
    let grant = grant.filter(|grant| grant.ended_at.is_none()).ok_or(ApiError::NotFound)?;
    let user = UserId(grant.account_id);
    let mut row = load(write, user).await?;
    if user == write.ctx.user() {
        return Err(Rule::OwnAccount.into());
    }
    let reason = text::required_line("reason", reason.to_owned(), 200)?;
    if grant.role == role_code(Role::Administrator) && !row.locked {
        check_other_administrator(write, user).await?;
    }
    let mut grant = grant.into_active_model();
    grant.ended_by = Set(Some(write.ctx.user().0));
    grant.ended_at = Set(Some(write.now));
    grant.end_reason = Set(Some(reason));
    role_grant::Entity::update(grant).exec(write.tx).await?;
    write.audit("role_grant", id, None);
    row.permission_epoch += 1;
    save(write, row).await
}

async fn holds_administration(write: &Write<'_>, user: UserId) -> Result<bool, StoreError> {
    let held = accounts::held(write.tx, write.ctx.tenant().0, user.0).await?;
    Ok(held.iter().any(|held| held.role == Role::Administrator))
}

/// Somebody else who can sign in must remain to administer; the system account can't.
async fn check_other_administrator(write: &Write<'_>, leaving: UserId) -> Result<(), StoreError> {
    let tenant = write.ctx.tenant().0;
    // Locks the district's administrators, so that two of them can't remove each other at once.
    account::Entity::update_many()
        .col_expr(account::Column::Rev, Expr::col(account::Column::Rev))
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::Login.eq("system"))
        .exec(write.tx)
        .await?;
    let others: Vec<Uuid> = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::AccountId)
        .filter(role_grant::Column::TenantId.eq(tenant))
        .filter(role_grant::Column::Role.eq(role_code(Role::Administrator)))
        .filter(role_grant::Column::EndedAt.is_null())
        .filter(role_grant::Column::AccountId.ne(leaving.0))
        .into_tuple()
        .all(write.tx)
        .await?;
    let remaining = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant))
        .filter(account::Column::Id.is_in(others))
        .filter(account::Column::Locked.eq(false))
        .one(write.tx)
        .await?;
    remaining.map(drop).ok_or_else(|| Rule::LastAdministrator.into())
}

async fn prefer(write: &mut Write<'_>, locale: Option<&str>, theme: Option<&str>) -> Result<Rev, StoreError> {
    let own = write.ctx.resource(Kind::Own).owned_by([write.ctx.user()]);
    write.allow(Action::Edit, &own)?;
    let row = account::Entity::find_by_id((write.ctx.tenant().0, write.ctx.user().0)).one(write.tx).await?;
    let mut row = row.ok_or(ApiError::NotFound)?;
    if let Some(locale) = locale {
        if !["ko", "en"].contains(&locale) {
            return Err(ApiError::invalid("locale", Invalid::UnknownCode).into());
        }
        locale.clone_into(&mut row.locale);
    }
    if let Some(theme) = theme {
        if !["system", "light", "dark", "contrast"].contains(&theme) {
            return Err(ApiError::invalid("theme", Invalid::UnknownCode).into());
        }
        theme.clone_into(&mut row.theme);
    }
    save(write, row).await
}
