//! Saved list views: each person's own.

use crate::{
    entity::saved_view,
    error::StoreError,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid,
    command::ViewCommand,
    ids::{Rev, ViewId},
    policy::{Action, Kind},
    text,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Views that one person may keep for one list.
const MOST: u64 = 50;

pub(super) async fn apply(write: &mut Write<'_>, command: &ViewCommand) -> Result<Rev, StoreError> {
    let own = write.ctx.resource(Kind::Own).owned_by([write.ctx.user()]);
    write.allow(Action::Edit, &own)?;
    let id = match command {
        ViewCommand::Save { id, name, list, query } => save(write, *id, name, list, query).await?,
        ViewCommand::Delete { id } => delete(write, *id).await?,
    };
    write.audit("saved_view", id, None);
    write.changed(Changed::general("view", id.0, Rev::FIRST));
    Ok(Rev::FIRST)
}

async fn save(write: &Write<'_>, id: ViewId, name: &str, list: &str, query: &str) -> Result<ViewId, StoreError> {
    let (tenant, user) = (write.ctx.tenant().0, write.ctx.user().0);
    let name = text::required_line("name", name.to_owned(), 40)?;
    if list.is_empty() || list.len() > 40 || !list.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        return Err(ApiError::invalid("list", Invalid::Form).into());
    }
    let query = text::optional_line("query", Some(query.to_owned()), 500)?.unwrap_or_default();
    let own = saved_view::Entity::find()
        .filter(saved_view::Column::TenantId.eq(tenant))
        .filter(saved_view::Column::AccountId.eq(user))
        .filter(saved_view::Column::List.eq(list));
    if own.clone().count(write.tx).await? >= MOST {
        return Err(ApiError::invalid("name", Invalid::Range).into());
    }
    if own.filter(saved_view::Column::Name.eq(name.as_str())).one(write.tx).await?.is_some() {
        return Err(ApiError::invalid("name", Invalid::Taken).into());
    }
    let row = saved_view::ActiveModel {
        tenant_id: Set(tenant),
        id: Set(id.0),
        account_id: Set(user),
        name: Set(name),
        list: Set(list.to_owned()),
        query: Set(query),
        created_at: Set(write.now),
    };
    saved_view::Entity::insert(row).exec_without_returning(write.tx).await?;
    Ok(id)
}

async fn delete(write: &Write<'_>, id: ViewId) -> Result<ViewId, StoreError> {
    let gone = saved_view::Entity::delete_many()
        .filter(saved_view::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(saved_view::Column::Id.eq(id.0))
        .filter(saved_view::Column::AccountId.eq(write.ctx.user().0))
        .exec(write.tx)
        .await?;
    if gone.rows_affected == 0 { Err(ApiError::NotFound.into()) } else { Ok(id) }
}
