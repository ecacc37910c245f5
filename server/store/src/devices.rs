//! Tablets that keep a replica: set up by somebody who is signed in, let in by a token of which only the hash is kept here,
//! shut out by their holder or an administrator.

use crate::{
    OpContext, Origin,
    accounts::{self, Visitor},
    audit::{self, Entry},
    entity::{account, audit as audit_row, device},
    error::StoreError,
    staff,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError, Invalid,
    ids::{DeviceId, TenantId, UserId},
    policy::{Action, Actor, Kind, reach},
    text,
    view::{Worker, devices::DeviceView},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, convert::Infallible};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Tablets that one person may hold at once.
const MOST: u64 = 10;
/// The time of the last contact is written at most this often, but for what is sent.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Tablets that a list shows.
const SHOWN: u64 = 200;

/// A tablet that was just set up. Its secrets exist nowhere else.
#[derive(Debug)]
pub struct NewDevice {
    /// Its id.
    pub id: DeviceId,
    /// Goes into the wrapping of its data key, so that a PIN alone opens nothing.
    pub secret: [u8; 32],
    /// Lets it in.
    pub bearer: String,
}

/// A tablet at the door, and whoever holds it with what they hold now.
#[derive(Clone, Debug)]
pub struct DeviceUser {
    /// The tablet.
    pub id: DeviceId,
    /// Its holder.
    pub actor: Actor,
    /// When it was set up.
    pub since: DateTime<Utc>,
}

impl DeviceUser {
    /// The context of what the tablet asks for.
    #[must_use]
    pub fn context(&self, visitor: &Visitor) -> OpContext {
        OpContext { origin: Origin::Sync, ..visitor.context(self.actor.clone()) }
    }
}

/// Whether `actor` may set a tablet up: whoever has cases of their own.
#[must_use]
pub fn may_hold(actor: &Actor) -> bool {
    reach(actor, Action::Create, Kind::Visit).own
}

/// Sets a tablet up for the actor.
///
/// # Errors
/// [`ApiError::Forbidden`] for people without cases of their own; [`ApiError::Invalid`] for a name that is empty or longer than
/// 60 characters, and for an eleventh tablet.
pub async fn register(ctx: &OpContext, name: &str, program: Option<String>) -> Result<NewDevice, ApiError> {
    if !may_hold(&ctx.actor) {
        return Err(ApiError::Forbidden);
    }
    let name = text::required_line("name", name.to_owned(), 60)?;
    insert(ctx, name, program).await.map_err(StoreError::into_api)
}

async fn insert(ctx: &OpContext, name: String, program: Option<String>) -> Result<NewDevice, StoreError> {
    let (mut secret, mut token) = ([0; 32], [0; 32]);
    rand::fill(&mut secret);
    rand::fill(&mut token);
    let id = DeviceId::new();
    let tx = ctx.store.begin().await?;
    let held = device::Entity::find()
        .filter(device::Column::TenantId.eq(ctx.tenant().0))
        .filter(device::Column::AccountId.eq(ctx.user().0))
        .filter(device::Column::RevokedAt.is_null())
        .count(&tx)
        .await?;
    if held >= MOST {
        return Err(ApiError::invalid("device", Invalid::Range).into());
    }
    let row = device::ActiveModel {
        tenant_id: Set(ctx.tenant().0),
        id: Set(id.0),
        account_id: Set(ctx.user().0),
        name: Set(name),
        program: Set(program),
        token_hash: Set(Sha256::digest(token).to_vec()),
        registered_at: Set(ctx.now()),
        contact_at: Set(None),
        clock_off_ms: Set(None),
        waiting: Set(0),
        revoked_at: Set(None),
        revoked_by: Set(None),
        told_at: Set(None),
        rev: Set(1),
    };
    device::Entity::insert(row).exec_without_returning(&tx).await?;
    let trail = audit::row(ctx, Entry::one("device_registered", "device", id, None), None);
    audit_row::Entity::insert(audit::active(trail)).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(NewDevice { id, secret, bearer: bearer(ctx.tenant(), id, &token) })
}

fn bearer(tenant: TenantId, id: DeviceId, token: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode([tenant.0.as_bytes().as_slice(), id.0.as_bytes(), token].concat())
}

/// What a token or a badge consists of: district, tablet, and 32 bytes.
fn parts(shown: &str) -> Option<(TenantId, DeviceId, [u8; 32])> {
    let bytes = URL_SAFE_NO_PAD.decode(shown).ok()?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (id, last) = rest.split_first_chunk::<16>()?;
    Some((TenantId(Uuid::from_bytes(*tenant)), DeviceId(Uuid::from_bytes(*id)), last.try_into().ok()?))
}

/// Who holds the tablet that shows `bearer`.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when no tablet has this token, [`ApiError::DeviceRevoked`] when it was shut out or its holder's
/// account is locked.
pub async fn recognise(visitor: &Visitor, bearer: &str) -> Result<DeviceUser, ApiError> {
    let (tenant, id, token) = parts(bearer).ok_or(ApiError::Unauthenticated)?;
    find(visitor, tenant, id, &Sha256::digest(token)).await.map_err(StoreError::into_api)
}

/// Which tablet shows this badge: its token with the hash of it in its place. A tablet has it at hand while it is locked and its token
/// is not, to learn that it was shut out. It lets nobody in: no token can be made from it. Nor does it count as a contact, which stands for
/// what was sent.
///
/// # Errors
/// [`ApiError::Unauthenticated`] when no tablet has this badge, [`ApiError::DeviceRevoked`] when it was shut out. A locked account, which may
/// be unlocked tomorrow, does not count here.
pub async fn by_badge(visitor: &Visitor, badge: &str) -> Result<DeviceId, ApiError> {
    let (tenant, id, hash) = parts(badge).ok_or(ApiError::Unauthenticated)?;
    let stands = async {
        let row = with_hash(visitor, tenant, id, &hash).await?;
        if row.revoked_at.is_some() {
            tell_shut_out(visitor, &row).await?;
        }
        Ok(id)
    };
    stands.await.map_err(StoreError::into_api)
}

async fn with_hash(visitor: &Visitor, tenant: TenantId, id: DeviceId, hash: &[u8]) -> Result<device::Model, StoreError> {
    let row = device::Entity::find_by_id((tenant.0, id.0)).one(visitor.store.read()).await?;
    row.filter(|row| bool::from(row.token_hash.ct_eq(hash))).ok_or_else(|| ApiError::Unauthenticated.into())
}

/// Notes that the tablet is told, and tells it: it never answers anything but an error. Whoever has the token of one that was shut out
/// can ask as often as they like, but not make the database write each time.
async fn tell_shut_out(visitor: &Visitor, row: &device::Model) -> Result<Infallible, StoreError> {
    if row.told_at.is_none_or(|at| visitor.now() - at >= TOUCH_EVERY) {
        let (tenant, id) = (TenantId(row.tenant_id), DeviceId(row.id));
        note_contact(visitor, tenant, id, &[(device::Column::ToldAt, visitor.now().into())]).await?;
    }
    Err(ApiError::DeviceRevoked.into())
}

async fn find(visitor: &Visitor, tenant: TenantId, id: DeviceId, hash: &[u8]) -> Result<DeviceUser, StoreError> {
    let db = visitor.store.read();
    let row = with_hash(visitor, tenant, id, hash).await?;
    let holder = account::Entity::find_by_id((tenant.0, row.account_id)).one(db).await?;
    if row.revoked_at.is_some() || holder.is_none_or(|holder| holder.locked) {
        tell_shut_out(visitor, &row).await?;
    }
    if row.contact_at.is_none_or(|at| visitor.now() - at >= TOUCH_EVERY) {
        note_contact(visitor, tenant, id, &[(device::Column::ContactAt, visitor.now().into())]).await?;
    }
    let held = accounts::held(db, tenant.0, row.account_id).await?;
    Ok(DeviceUser { id, since: row.registered_at, actor: Actor { tenant, user: UserId(row.account_id), held } })
}

/// Notes that a tablet was in touch: how far its clock is off in milliseconds, and how much waits on it.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn in_touch(visitor: &Visitor, device: &DeviceUser, clock_off_ms: i64, waiting: u32) -> Result<(), ApiError> {
    let noted = [
        (device::Column::ContactAt, visitor.now().into()),
        (device::Column::ClockOffMs, clock_off_ms.into()),
        (device::Column::Waiting, i64::from(waiting).into()),
    ];
    note_contact(visitor, device.actor.tenant, device.id, &noted).await.map_err(StoreError::into_api)
}

async fn note_contact(
    visitor: &Visitor,
    tenant: TenantId,
    id: DeviceId,
    noted: &[(device::Column, sea_orm::Value)],
) -> Result<(), StoreError> {
    let mut update = device::Entity::update_many();
    for (column, value) in noted {
        update = update.col_expr(*column, Expr::value(value.clone()));
    }
    let update = update.filter(device::Column::TenantId.eq(tenant.0)).filter(device::Column::Id.eq(id.0));
    update.exec(visitor.store.writer()).await?;
    Ok(())
}

/// The actor's own tablets, the newest first.
///
/// # Errors
/// [`ApiError::Unavailable`] or [`ApiError::Internal`] when the database fails.
pub async fn own(ctx: &OpContext) -> Result<Vec<DeviceView>, ApiError> {
    list(ctx, Some(ctx.user())).await.map_err(StoreError::into_api)
}

/// All tablets of the district, those that are in use first.
///
/// # Errors
/// [`ApiError::Forbidden`] for everybody but administrators.
pub async fn all(ctx: &OpContext) -> Result<Vec<DeviceView>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::User))?;
    list(ctx, None).await.map_err(StoreError::into_api)
}

async fn list(ctx: &OpContext, holder: Option<UserId>) -> Result<Vec<DeviceView>, StoreError> {
    let mut rows = device::Entity::find().filter(device::Column::TenantId.eq(ctx.tenant().0));
    if let Some(holder) = holder {
        rows = rows.filter(device::Column::AccountId.eq(holder.0));
    }
    let rows = rows.order_by_desc(device::Column::RegisteredAt).limit(SHOWN).all(ctx.store.read()).await?;
    let names = staff::names(ctx.store.read(), ctx.tenant(), rows.iter().map(|row| row.account_id).collect()).await?;
    let mut views: Vec<DeviceView> = rows.into_iter().map(|row| view(&names, row)).collect();
    views.sort_by_key(|view| view.revoked_at.is_some());
    Ok(views)
}

fn view(names: &HashMap<Uuid, String>, row: device::Model) -> DeviceView {
    DeviceView {
        id: DeviceId(row.id),
        name: row.name,
        program: row.program,
        holder: Worker { id: UserId(row.account_id), name: names.get(&row.account_id).cloned().unwrap_or_default() },
        registered_at: row.registered_at,
        contact_at: row.contact_at,
        clock_off_seconds: row.clock_off_ms.map(|off| off / 1_000),
        waiting: u32::try_from(row.waiting).unwrap_or(0),
        revoked_at: row.revoked_at,
        wiped: row.told_at.is_some(),
    }
}
