//! The staff of a district as forms list them: those who hold a role now and are not locked, by name.

use crate::{
    OpContext,
    entity::{account, role_grant},
    error::StoreError,
    tenants::role_code,
};
use domain::{
    ids::{TeamId, TenantId, UserId},
    policy::{Reach, Role},
    sync::replica::Colleague,
    view::Worker,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A form lists no more people than this.
const MOST: u64 = 500;

/// Those who hold one of `roles` by a grant that matches `grants`, by name.
///
/// # Errors
/// The database's faults.
pub(crate) async fn holders(ctx: &OpContext, roles: &[Role], grants: Condition) -> Result<Vec<Worker>, StoreError> {
    let holders = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::AccountId)
        .filter(role_grant::Column::TenantId.eq(ctx.tenant().0))
        .filter(role_grant::Column::Role.is_in(roles.iter().map(|role| role_code(*role))))
        .filter(role_grant::Column::EndedAt.is_null())
        .filter(grants)
        .into_query();
    let rows: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::TenantId.eq(ctx.tenant().0))
        .filter(account::Column::Locked.eq(false))
        .filter(account::Column::Id.in_subquery(holders))
        .order_by_asc(account::Column::Name)
        .limit(MOST)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| Worker { id: UserId(id), name }).collect())
}

/// The caseworkers of the district with where they go, by name.
pub(crate) async fn colleagues(ctx: &OpContext) -> Result<Vec<Colleague>, StoreError> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::TenantId.eq(ctx.tenant().0))
        .filter(role_grant::Column::Role.eq(role_code(Role::Caseworker)))
        .filter(role_grant::Column::EndedAt.is_null())
        .order_by_asc(role_grant::Column::TeamId)
        .all(ctx.store.read())
        .await?;
    let colleague = |worker: Worker| {
        let held = || grants.iter().filter(|grant| grant.account_id == worker.id.0);
        let teams = held().filter_map(|grant| grant.team_id.map(TeamId)).collect();
        Colleague { teams, everywhere: held().any(|grant| grant.scope == "district"), worker }
    };
    Ok(holders(ctx, &[Role::Caseworker], Condition::all()).await?.into_iter().map(colleague).collect())
}

/// The names of accounts; one that is gone has none.
pub(crate) async fn names<C: ConnectionTrait>(
    db: &C,
    tenant: TenantId,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, String>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Name])
        .filter(account::Column::TenantId.eq(tenant.0))
        .filter(account::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The grants within `reach`: all of the district, or those of its teams and the actor's own.
pub(crate) fn grants_within(ctx: &OpContext, reach: &Reach) -> Condition {
    if reach.district {
        return Condition::all();
    }
    let own = Condition::any().add(role_grant::Column::AccountId.eq(ctx.user().0));
    if reach.teams.is_empty() { own } else { own.add(role_grant::Column::TeamId.is_in(reach.teams.iter().map(|team| team.0))) }
}
