//! Teams and the dongs that they serve.

use crate::{
    entity::{dong, neighbor, round_entry, team},
    error::StoreError,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid,
    command::TeamCommand,
    ids::{Rev, TeamId},
    policy::{Action, Kind},
    text::{self, DongCode},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, prelude::Expr};
use uuid::Uuid;

pub(super) async fn apply(write: &mut Write<'_>, command: &TeamCommand) -> Result<Rev, StoreError> {
    match command {
        TeamCommand::Put { id, name_ko, name_en } => put(write, *id, name_ko, name_en).await,
        TeamCommand::ServeDongs { id, dongs } => serve_dongs(write, *id, dongs).await,
    }
}

async fn find(write: &Write<'_>, id: TeamId) -> Result<Option<team::Model>, StoreError> {
    Ok(team::Entity::find_by_id((write.ctx.tenant().0, id.0)).one(write.tx).await?)
}

async fn put(write: &mut Write<'_>, id: TeamId, name_ko: &str, name_en: &str) -> Result<Rev, StoreError> {
    let before = find(write, id).await?;
    let action = if before.is_some() { Action::Edit } else { Action::Create };
    write.allow(action, &write.ctx.resource(Kind::Team))?;
    let name_ko = text::required_line("name_ko", name_ko.to_owned(), 60)?;
    let name_en = text::required_line("name_en", name_en.to_owned(), 60)?;
    check_name_is_free(write, id, &name_ko).await?;
    let rev = before.as_ref().map_or(Rev::FIRST, |row| Rev(row.rev + 1));
    let row = team::ActiveModel {
        tenant_id: Set(write.ctx.tenant().0),
        id: Set(id.0),
        name_ko: Set(name_ko),
        name_en: Set(name_en),
        rev: Set(rev.0),
    };
    if before.is_some() {
        team::Entity::update(row).exec(write.tx).await?;
    } else {
        team::Entity::insert(row).exec_without_returning(write.tx).await?;
    }
    write.audit("team", id, None);
    write.changed(Changed::general("team", id.0, rev));
    Ok(rev)
}

async fn check_name_is_free(write: &Write<'_>, id: TeamId, name_ko: &str) -> Result<(), StoreError> {
    let other = team::Entity::find()
        .filter(team::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(team::Column::NameKo.eq(name_ko))
        .filter(team::Column::Id.ne(id.0))
        .one(write.tx)
        .await?;
    if other.is_some() { Err(ApiError::invalid("name_ko", Invalid::Taken).into()) } else { Ok(()) }
}

async fn serve_dongs(write: &mut Write<'_>, id: TeamId, dongs: &[DongCode]) -> Result<Rev, StoreError> {
    write.allow(Action::Edit, &write.ctx.resource(Kind::Team))?;
    let team = find(write, id).await?.ok_or(ApiError::NotFound)?;
    let rows = dong::Entity::find().filter(dong::Column::TenantId.eq(write.ctx.tenant().0)).all(write.tx).await?;
    if let Some(unknown) = dongs.iter().find(|code| !rows.iter().any(|row| row.code == code.as_str())) {
        tracing::debug!(dong = %unknown, "a dong that the district does not have");
        return Err(ApiError::invalid("dongs", Invalid::UnknownDong).into());
    }
    let wanted = |row: &dong::Model| dongs.iter().any(|code| code.as_str() == row.code);
    let gained: Vec<String> =
        rows.iter().filter(|row| wanted(row) && row.team_id != Some(id.0)).map(|row| row.code.clone()).collect();
    let lost: Vec<String> =
        rows.iter().filter(|row| !wanted(row) && row.team_id == Some(id.0)).map(|row| row.code.clone()).collect();
    move_dongs(write, &gained, Some(id.0)).await?;
    move_dongs(write, &lost, None).await?;
    let mut row = team.into_active_model();
    let rev = Rev(row.rev.take().unwrap_or(0) + 1);
    row.rev = Set(rev.0);
    team::Entity::update(row).exec(write.tx).await?;
    write.audit("team", id, None);
    write.changed(Changed::general("team", id.0, rev));
    Ok(rev)
}

/// Gives dongs to a team. Neighbors without an open case and entries that wait for triage go along; open cases stay.
async fn move_dongs(write: &Write<'_>, codes: &[String], team: Option<Uuid>) -> Result<(), StoreError> {
    if codes.is_empty() {
        return Ok(());
    }
    let tenant = write.ctx.tenant().0;
    dong::Entity::update_many()
        .col_expr(dong::Column::TeamId, Expr::value(team))
        .filter(dong::Column::TenantId.eq(tenant))
        .filter(dong::Column::Code.is_in(codes))
        .exec(write.tx)
        .await?;
    neighbor::Entity::update_many()
        .col_expr(neighbor::Column::TeamId, Expr::value(team))
        .col_expr(neighbor::Column::Rev, Expr::col(neighbor::Column::Rev).add(1))
        .filter(neighbor::Column::TenantId.eq(tenant))
        .filter(neighbor::Column::DongCode.is_in(codes))
        .filter(neighbor::Column::OpenCaseId.is_null())
        .exec(write.tx)
        .await?;
    round_entry::Entity::update_many()
        .col_expr(round_entry::Column::TeamId, Expr::value(team))
        .filter(round_entry::Column::TenantId.eq(tenant))
        .filter(round_entry::Column::DongCode.is_in(codes))
        .filter(round_entry::Column::Decision.eq("open"))
        .exec(write.tx)
        .await?;
    Ok(())
}
