//! What was said to commands that were not applied, so that other copies of them hear the same.

use crate::words;
use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, Clone, Copy)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_verdict"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        words::run(manager, include_str!("sql/0006_verdict.sql"), &[]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        words::run(manager, "DROP TABLE verdict", &[]).await
    }
}
