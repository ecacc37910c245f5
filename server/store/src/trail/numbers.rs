//! Numbers instead of names.

use crate::{
    OpContext, dialect,
    entity::{pseudonym, role_grant},
    error::StoreError,
    tenants::{self, role_from_code},
};
use domain::{policy::Role, view::trail::StaffNumber};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Ids that one query names at most.
const CHUNK: usize = 500;

/// The numbers of some people, and the roles of those who are staff.
pub(super) struct Numbers {
    numbers: HashMap<Uuid, i64>,
    roles: HashMap<Uuid, Vec<Role>>,
    system: Uuid,
}

impl Numbers {
    /// Looks the numbers up and makes those that are missing.
    pub(super) async fn of(ctx: &OpContext, staff: BTreeSet<Uuid>, people: BTreeSet<Uuid>) -> Result<Self, StoreError> {
        let wanted: Vec<Uuid> = staff.union(&people).copied().collect();
        let mut numbers = find(ctx.store.read(), ctx.tenant().0, &wanted).await?;
        let missing: Vec<Uuid> = wanted.iter().copied().filter(|id| !numbers.contains_key(id)).collect();
        if !missing.is_empty() {
            numbers.extend(give(ctx, &missing).await?);
        }
        let system = tenants::system_actor(&ctx.store, ctx.tenant()).await?.user.0;
        Ok(Self { numbers, roles: roles(ctx, &staff).await?, system })
    }

    /// A neighbor's number.
    pub(super) fn person(&self, id: Uuid) -> i64 {
        self.numbers.get(&id).copied().unwrap_or(0)
    }

    /// A member of staff.
    pub(super) fn staff(&self, id: Uuid) -> StaffNumber {
        let number = if id == self.system { 0 } else { self.person(id) };
        StaffNumber { number, roles: self.roles.get(&id).cloned().unwrap_or_default() }
    }
}

/// Who is behind a number.
pub(super) async fn behind(ctx: &OpContext, number: i64) -> Result<Option<Uuid>, StoreError> {
    if number == 0 {
        return Ok(Some(tenants::system_actor(&ctx.store, ctx.tenant()).await?.user.0));
    }
    let row = pseudonym::Entity::find()
        .filter(pseudonym::Column::TenantId.eq(ctx.tenant().0))
        .filter(pseudonym::Column::Number.eq(number))
        .one(ctx.store.read())
        .await?;
    Ok(row.map(|row| row.person_id))
}

async fn find<C: ConnectionTrait>(db: &C, tenant: Uuid, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows = pseudonym::Entity::find()
            .filter(pseudonym::Column::TenantId.eq(tenant))
            .filter(pseudonym::Column::PersonId.is_in(chunk.iter().copied()))
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.person_id, row.number)));
    }
    Ok(found)
}

/// Gives the next numbers to those who have none. Two auditors at once take turns: the second takes what the first gave.
async fn give(ctx: &OpContext, missing: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
    let tenant = ctx.tenant().0;
    let tx = ctx.store.begin().await?;
    dialect::take_turns(&tx, "numbers", tenant).await?;
    let mut numbers = find(&tx, tenant, missing).await?;
    let last = pseudonym::Entity::find()
        .filter(pseudonym::Column::TenantId.eq(tenant))
        .order_by_desc(pseudonym::Column::Number)
        .one(&tx)
        .await?
        .map_or(0, |row| row.number);
    let rows: Vec<pseudonym::ActiveModel> = (last + 1..)
        .zip(missing.iter().filter(|person| !numbers.contains_key(person)))
        .map(|(number, person)| pseudonym::ActiveModel { tenant_id: Set(tenant), number: Set(number), person_id: Set(*person) })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        pseudonym::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(&tx).await?;
    }
    numbers.extend(find(&tx, tenant, missing).await?);
    tx.commit().await?;
    Ok(numbers)
}

async fn roles(ctx: &OpContext, staff: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, Vec<Role>>, StoreError> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(ctx.tenant().0))
        .filter(role_grant::Column::AccountId.is_in(staff.iter().copied()))
        .filter(role_grant::Column::EndedAt.is_null())
        .all(ctx.store.read())
        .await?;
    let mut found: HashMap<Uuid, Vec<Role>> = HashMap::new();
    for row in rows {
        let roles = found.entry(row.account_id).or_default();
        roles.extend(role_from_code(&row.role).filter(|role| !roles.contains(role)));
        roles.sort_unstable();
    }
    Ok(found)
}
