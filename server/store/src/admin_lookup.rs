//! Finding accounts and teams by the names that people type, for the command line.

use crate::{
    OpContext,
    entity::{account, team},
    error::StoreError,
};
use domain::{
    ApiError,
    ids::{TeamId, UserId},
    policy::{Action, Kind},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};

/// The account with this sign-in name.
///
/// # Errors
/// Policy's answer, or the database's fault.
pub async fn user_by_login(ctx: &OpContext, login: &str) -> Result<Option<UserId>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::User))?;
    let found = account::Entity::find()
        .filter(account::Column::TenantId.eq(ctx.tenant().0))
        .filter(account::Column::Login.eq(login))
        .one(ctx.store.read())
        .await;
    found.map(|row| row.map(|row| UserId(row.id))).map_err(|error| StoreError::from(error).into_api())
}

/// The team with this Korean or English name.
///
/// # Errors
/// Policy's answer, or the database's fault.
pub async fn team_by_name(ctx: &OpContext, name: &str) -> Result<Option<TeamId>, ApiError> {
    ctx.check(Action::View, &ctx.resource(Kind::Team))?;
    let found = team::Entity::find()
        .filter(team::Column::TenantId.eq(ctx.tenant().0))
        .filter(team::Column::NameKo.eq(name).or(team::Column::NameEn.eq(name)))
        .one(ctx.store.read())
        .await;
    found.map(|row| row.map(|row| TeamId(row.id))).map_err(|error| StoreError::from(error).into_api())
}
