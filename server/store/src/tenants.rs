//! Districts: making one, its settings, dongs and catalogue as they stand now.

use crate::{
    OpContext,
    entity::{account, dong, feed_position, indicator, role_grant, setting, sign, tenant},
    error::StoreError,
    open::Store,
    records::code,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    case::Urgency,
    catalogue::{Indicator, LifeDomain, Sign},
    ids::{GrantId, TeamId, TenantId, UserId},
    policy::{Actor, Held, Role, Scope},
    settings::Settings,
    text::DongCode,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, HashMap};

/// A district office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Id.
    pub id: TenantId,
    /// Short name for addresses and the command line.
    pub slug: String,
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
}

/// A dong to be made with a new district.
#[derive(Clone, Debug)]
pub struct NewDong {
    /// Ten-digit code.
    pub code: DongCode,
    /// Korean name.
    pub name_ko: String,
    /// English name.
    pub name_en: String,
    /// Column on the tile map, from 0.
    pub tile_col: i32,
    /// Row on the tile map, from 0.
    pub tile_row: i32,
    /// Electors, as a measure of size.
    pub electors: i32,
}

/// Makes a district with its keys, dongs and catalogue, and its system account, under whose name the command line acts.
///
/// # Errors
/// When the database fails or the slug is taken; nothing is half made.
pub async fn create(
    store: &Store,
    tenant: &Tenant,
    dongs: &[NewDong],
    indicators: &[Indicator],
    signs: &[Sign],
    now: DateTime<Utc>,
) -> Result<Actor, StoreError> {
    let tx = store.begin().await?;
    let row = tenant::ActiveModel {
        id: Set(tenant.id.0),
        slug: Set(tenant.slug.clone()),
        name_ko: Set(tenant.name_ko.clone()),
        name_en: Set(tenant.name_en.clone()),
        created_at: Set(now),
    };
    tenant::Entity::insert(row).exec_without_returning(&tx).await?;
    feed_position::Entity::insert(feed_position::ActiveModel {
        tenant_id: Set(tenant.id.0),
        seq: Set(0),
        restored_at: Set(None),
    })
    .exec_without_returning(&tx)
    .await?;
    for purpose in ["field", "seal", "index"] {
        store.add_key(&tx, tenant.id, purpose, 1, now).await?;
    }
    dong::Entity::insert_many(dongs.iter().map(|dong| new_dong(tenant.id, dong))).exec_without_returning(&tx).await?;
    let system = insert_system_account(&tx, tenant.id, now).await?;
    indicator::Entity::insert_many(indicators.iter().map(|entry| indicator_row(tenant.id, entry, system, now)))
        .exec_without_returning(&tx)
        .await?;
    sign::Entity::insert_many(signs.iter().map(|entry| sign_row(tenant.id, entry, system, now)))
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    Ok(Actor { tenant: tenant.id, user: system, held: system_grants() })
}

fn system_grants() -> Vec<Held> {
    [Role::Manager, Role::Administrator].map(|role| Held { role, scope: Scope::District }).to_vec()
}

fn new_dong(tenant: TenantId, dong: &NewDong) -> dong::ActiveModel {
    dong::ActiveModel {
        tenant_id: Set(tenant.0),
        code: Set(dong.code.as_str().to_owned()),
        name_ko: Set(dong.name_ko.clone()),
        name_en: Set(dong.name_en.clone()),
        tile_col: Set(dong.tile_col),
        tile_row: Set(dong.tile_row),
        electors: Set(dong.electors),
        team_id: Set(None),
    }
}

async fn insert_system_account<C: ConnectionTrait>(db: &C, tenant: TenantId, now: DateTime<Utc>) -> Result<UserId, StoreError> {
    let id = UserId::new();
    let row = account::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id.0),
        login: Set("system".to_owned()),
        name: Set("시스템".to_owned()),
        password_hash: Set(None),
        password_changed_at: Set(None),
        must_change_password: Set(false),
        totp_secret: Set(None),
        totp_enrolled_at: Set(None),
        totp_last_step: Set(None),
        locale: Set(String::new()),
        theme: Set("system".to_owned()),
        locked: Set(true),
        failures: Set(0),
        locked_until: Set(None),
        permission_epoch: Set(1),
        last_sign_in_at: Set(None),
        created_at: Set(now),
        rev: Set(1),
    };
    account::Entity::insert(row).exec_without_returning(db).await?;
    let grants = system_grants().into_iter().map(|held| role_grant::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(GrantId::new().0),
        account_id: Set(id.0),
        role: Set(role_code(held.role)),
        scope: Set("district".to_owned()),
        team_id: Set(None),
        granted_by: Set(id.0),
        granted_at: Set(now),
        ended_by: Set(None),
        ended_at: Set(None),
        end_reason: Set(None),
    });
    role_grant::Entity::insert_many(grants).exec_without_returning(db).await?;
    Ok(id)
}

pub(crate) fn indicator_row(tenant: TenantId, entry: &Indicator, by: UserId, at: DateTime<Utc>) -> indicator::ActiveModel {
    indicator::ActiveModel {
        tenant_id: Set(tenant.0),
        code: Set(entry.code.clone()),
        version: Set(entry.version),
        name_ko: Set(entry.name_ko.clone()),
        name_en: Set(entry.name_en.clone()),
        holder: Set(entry.holder.clone()),
        source: Set(entry.source.clone()),
        note: Set(entry.note.clone()),
        active: Set(entry.active),
        set_by: Set(by.0),
        set_at: Set(at),
    }
}

pub(crate) fn sign_row(tenant: TenantId, entry: &Sign, by: UserId, at: DateTime<Utc>) -> sign::ActiveModel {
    sign::ActiveModel {
        tenant_id: Set(tenant.0),
        code: Set(entry.code.clone()),
        version: Set(entry.version),
        name_ko: Set(entry.name_ko.clone()),
        name_en: Set(entry.name_en.clone()),
        observers: Set(entry.observers.clone()),
        domain: Set(entry.domain.code().to_owned()),
        urgency: Set(entry.urgency.code().to_owned()),
        active: Set(entry.active),
        set_by: Set(by.0),
        set_at: Set(at),
    }
}

/// The word under which a role is stored.
#[must_use]
pub fn role_code(role: Role) -> String {
    serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The role of a stored word.
#[must_use]
pub fn role_from_code(code: &str) -> Option<Role> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}

/// All districts.
///
/// # Errors
/// When the database can't be reached.
pub async fn list(store: &Store) -> Result<Vec<Tenant>, StoreError> {
    let rows = tenant::Entity::find().order_by_asc(tenant::Column::Slug).all(store.read()).await?;
    Ok(rows
        .into_iter()
        .map(|row| Tenant { id: TenantId(row.id), slug: row.slug, name_ko: row.name_ko, name_en: row.name_en })
        .collect())
}

/// A district by its id.
///
/// # Errors
/// When the database can't be reached.
pub async fn find(store: &Store, id: TenantId) -> Result<Option<Tenant>, StoreError> {
    let row = tenant::Entity::find_by_id(id.0).one(store.read()).await?;
    Ok(row.map(|row| Tenant { id: TenantId(row.id), slug: row.slug, name_ko: row.name_ko, name_en: row.name_en }))
}

/// The actor under whose name the command line and the jobs of a district act.
///
/// # Errors
/// When the district is not there or the database can't be reached.
pub async fn system_actor(store: &Store, tenant: TenantId) -> Result<Actor, StoreError> {
    let row = account::Entity::find()
        .filter(account::Column::TenantId.eq(tenant.0))
        .filter(account::Column::Login.eq("system"))
        .one(store.read())
        .await?
        .ok_or(ApiError::NotFound)?;
    Ok(Actor { tenant, user: UserId(row.id), held: system_grants() })
}

/// The settings in force; the defaults where none were set.
pub(crate) async fn settings<C: ConnectionTrait>(db: &C, tenant: TenantId) -> Result<Settings, StoreError> {
    let row = setting::Entity::find()
        .filter(setting::Column::TenantId.eq(tenant.0))
        .order_by_desc(setting::Column::Version)
        .one(db)
        .await?;
    row.map_or_else(
        || Ok(Settings::default()),
        |row| serde_json::from_value(row.settings).map_err(|_opaque| StoreError::Corrupt("setting.settings")),
    )
}

/// Which team serves which dong.
pub(crate) async fn dong_teams<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
) -> Result<HashMap<DongCode, Option<TeamId>>, StoreError> {
    let rows = dong::Entity::find().filter(dong::Column::TenantId.eq(tenant.0)).all(db).await?;
    rows.into_iter().map(|row| Ok((code(DongCode::try_from(row.code).ok(), "dong.code")?, row.team_id.map(TeamId)))).collect()
}

/// The signs in force, by code.
pub(crate) async fn current_signs<C: ConnectionTrait>(db: &C, tenant: TenantId) -> Result<BTreeMap<String, Sign>, StoreError> {
    let rows =
        sign::Entity::find().filter(sign::Column::TenantId.eq(tenant.0)).order_by_asc(sign::Column::Version).all(db).await?;
    rows.into_iter().map(|row| read_sign(row).map(|sign| (sign.code.clone(), sign))).collect()
}

pub(crate) fn read_sign(row: sign::Model) -> Result<Sign, StoreError> {
    Ok(Sign {
        domain: code(LifeDomain::from_code(&row.domain), "sign.domain")?,
        urgency: code(Urgency::from_code(&row.urgency), "sign.urgency")?,
        code: row.code,
        version: row.version,
        name_ko: row.name_ko,
        name_en: row.name_en,
        observers: row.observers,
        active: row.active,
    })
}

/// The indicators in force, by code.
pub(crate) async fn current_indicators<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
) -> Result<BTreeMap<String, Indicator>, StoreError> {
    let rows = indicator::Entity::find()
        .filter(indicator::Column::TenantId.eq(tenant.0))
        .order_by_asc(indicator::Column::Version)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.code.clone(), read_indicator(row))).collect())
}

pub(crate) fn read_indicator(row: indicator::Model) -> Indicator {
    Indicator {
        code: row.code,
        version: row.version,
        name_ko: row.name_ko,
        name_en: row.name_en,
        holder: row.holder,
        source: row.source,
        note: row.note,
        active: row.active,
    }
}

/// What every signed-in page needs to know about the district: its dongs, signs and indicators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct District {
    /// Signs in force, by code.
    pub signs: BTreeMap<String, Sign>,
    /// Indicators in force, by code.
    pub indicators: BTreeMap<String, Indicator>,
}

/// The district's catalogue as it stands.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn catalogue(ctx: &OpContext) -> Result<District, ApiError> {
    async fn load(ctx: &OpContext) -> Result<District, StoreError> {
        let (db, tenant) = (ctx.store.read(), ctx.tenant());
        Ok(District { signs: current_signs(db, tenant).await?, indicators: current_indicators(db, tenant).await? })
    }
    ctx.check(domain::policy::Action::View, &ctx.resource(domain::policy::Kind::Catalogue))?;
    load(ctx).await.map_err(StoreError::into_api)
}
