//! When the database was last restored from a backup, so that tablets notice.

use crate::words;
use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, Clone, Copy)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_restored"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        words::run(manager, include_str!("sql/0007_restored.sql"), &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        words::run(manager, "ALTER TABLE feed_position DROP COLUMN restored_at", &[]).await
    }
}
