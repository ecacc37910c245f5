//! Unfinished forms, sealed, for whoever began them. Only their owner ever sees them.

use crate::{
    OpContext,
    audit::{self, Entry},
    crypt::Cell,
    entity::{audit as audit_row, draft},
    error::StoreError,
};
use chrono::{DateTime, Utc};
use domain::{
    ApiError, Invalid,
    ids::DraftId,
    policy::{Action, Kind},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict};
use uuid::Uuid;

/// Bytes of one draft at most.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// An unfinished form.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Which form.
    pub form: String,
    /// What the form holds, as the form writes it.
    pub body: Vec<u8>,
    /// When it was saved last.
    pub saved_at: DateTime<Utc>,
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("id", &self.id).field("form", &self.form).finish_non_exhaustive()
    }
}

/// A draft as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftHead {
    /// Its id.
    pub id: DraftId,
    /// When it was saved last.
    pub saved_at: DateTime<Utc>,
}

/// Keeps a draft of the actor, in the place of an earlier one with the same id. `form`: 1–40 characters.
///
/// # Errors
/// [`Invalid::TooLong`] above [`MOST_BYTES`]; the database's faults.
pub async fn save(ctx: &OpContext, id: DraftId, form: &str, body: &[u8]) -> Result<(), ApiError> {
    check(ctx, Action::Edit)?;
    if body.len() > MOST_BYTES || form.is_empty() || form.len() > 40 {
        return Err(ApiError::invalid("body", Invalid::TooLong));
    }
    put(ctx, id, form, body).await.map_err(StoreError::into_api)
}

async fn put(ctx: &OpContext, id: DraftId, form: &str, body: &[u8]) -> Result<(), StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let row = draft::ActiveModel {
        tenant_id: Set(ctx.tenant().0),
        account_id: Set(ctx.user().0),
        id: Set(id.0),
        form: Set(form.to_owned()),
        body: Set(keys.seal(cell(id), body)?),
        saved_at: Set(ctx.now()),
    };
    let replace = OnConflict::columns([draft::Column::TenantId, draft::Column::AccountId, draft::Column::Id])
        .update_columns([draft::Column::Form, draft::Column::Body, draft::Column::SavedAt])
        .to_owned();
    let tx = ctx.store.begin().await?;
    draft::Entity::insert(row).on_conflict(replace).exec_without_returning(&tx).await?;
    note(ctx, &tx, "draft.save", id).await?;
    tx.commit().await?;
    Ok(())
}

/// A draft of the actor.
///
/// # Errors
/// [`ApiError::NotFound`] when the actor has none with this id.
pub async fn load(ctx: &OpContext, id: DraftId) -> Result<Draft, ApiError> {
    async fn find(ctx: &OpContext, id: DraftId) -> Result<Draft, StoreError> {
        let key = (ctx.tenant().0, ctx.user().0, id.0);
        let row = draft::Entity::find_by_id(key).one(ctx.store.read()).await?.ok_or(ApiError::NotFound)?;
        let keys = ctx.store.keys(ctx.tenant()).await?;
        Ok(Draft { id, form: row.form, body: keys.open(cell(id), &row.body)?, saved_at: row.saved_at })
    }
    check(ctx, Action::View)?;
    find(ctx, id).await.map_err(StoreError::into_api)
}

/// The actor's drafts of one form, the newest first, at most 50.
///
/// # Errors
/// The database's faults.
pub async fn list(ctx: &OpContext, form: &str) -> Result<Vec<DraftHead>, ApiError> {
    async fn find(ctx: &OpContext, form: &str) -> Result<Vec<(Uuid, DateTime<Utc>)>, StoreError> {
        Ok(draft::Entity::find()
            .select_only()
            .columns([draft::Column::Id, draft::Column::SavedAt])
            .filter(draft::Column::TenantId.eq(ctx.tenant().0))
            .filter(draft::Column::AccountId.eq(ctx.user().0))
            .filter(draft::Column::Form.eq(form))
            .order_by_desc(draft::Column::SavedAt)
            .limit(50)
            .into_tuple()
            .all(ctx.store.read())
            .await?)
    }
    check(ctx, Action::View)?;
    let rows = find(ctx, form).await.map_err(StoreError::into_api)?;
    Ok(rows.into_iter().map(|(id, saved_at)| DraftHead { id: DraftId(id), saved_at }).collect())
}

/// Forgets a draft of the actor; one that is not there is no error.
///
/// # Errors
/// The database's faults.
pub async fn delete(ctx: &OpContext, id: DraftId) -> Result<(), ApiError> {
    async fn forget(ctx: &OpContext, id: DraftId) -> Result<(), StoreError> {
        let tx = ctx.store.begin().await?;
        draft::Entity::delete_by_id((ctx.tenant().0, ctx.user().0, id.0)).exec(&tx).await?;
        note(ctx, &tx, "draft.delete", id).await?;
        tx.commit().await?;
        Ok(())
    }
    check(ctx, Action::Edit)?;
    forget(ctx, id).await.map_err(StoreError::into_api)
}

fn check(ctx: &OpContext, action: Action) -> Result<(), ApiError> {
    ctx.check(action, &ctx.resource(Kind::Own).owned_by([ctx.user()]))
}

fn cell(id: DraftId) -> Cell {
    Cell::new("draft", "body", id)
}

async fn note(ctx: &OpContext, tx: &sea_orm::DatabaseTransaction, action: &str, id: DraftId) -> Result<(), StoreError> {
    let row = audit::row(ctx, Entry::one(action, "draft", id, None), None);
    audit_row::Entity::insert(audit::active(row)).exec_without_returning(tx).await?;
    Ok(())
}
