//! What came from tablets too late, and whose each thing was at each time.

use crate::words;
use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, Clone, Copy)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_kept"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        words::run(manager, include_str!("sql/0005_kept.sql"), &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let down = "DROP INDEX change_by_thing;\nALTER TABLE change DROP COLUMN former;\nDROP TABLE kept_entry";
        words::run(manager, down, &[]).await
    }
}
