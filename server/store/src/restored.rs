//! A database that came back from a backup is older than the tablets that know it. It says so, and they send again what they had
//! sent.

use crate::{
    OpContext, dialect,
    entity::{feed_position, tenant},
    error::StoreError,
};
use chrono::{DateTime, Utc};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{EntityTrait, prelude::Expr};

/// Notes that the database at `url` was restored now, in the schema of this program. Needs no key.
///
/// # Errors
/// When the database can't be reached, or its schema is of a newer program.
pub async fn note(url: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (write, read) = dialect::connect(url, 1).await?;
    Migrator::up(&write, None).await?;
    feed_position::Entity::update_many().col_expr(feed_position::Column::RestoredAt, Expr::value(now)).exec(&write).await?;
    dialect::settle(&write).await?;
    read.close().await?;
    Ok(write.close().await?)
}

/// Whether the database at `url` holds any district. Needs no key, and leaves an empty database empty.
///
/// # Errors
/// When the database can't be reached.
pub async fn holds_districts(url: &str) -> Result<bool, StoreError> {
    let (write, read) = dialect::connect(url, 1).await?;
    let fresh = Migrator::get_pending_migrations_read_only(&read).await?.len() == Migrator::migrations().len();
    let holds = !fresh && tenant::Entity::find().one(&read).await?.is_some();
    read.close().await?;
    write.close().await?;
    Ok(holds)
}

/// When the database was last restored from a backup; none if never.
pub(crate) async fn at(ctx: &OpContext) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = feed_position::Entity::find_by_id(ctx.tenant().0).one(ctx.store.read()).await?;
    Ok(row.and_then(|row| row.restored_at))
}
