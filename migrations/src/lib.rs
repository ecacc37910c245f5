//! The schema of Iut: one file per change, the same set for SQLite and PostgreSQL. A merged migration is never edited.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_schema;
mod m0002_devices;
mod m0004_attachments;
mod m0005_kept;
mod m0006_verdict;
mod m0007_restored;
mod words;

/// All migrations, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_schema::Migration),
            Box::new(m0002_devices::Migration),
            Box::new(m0004_attachments::Migration),
            Box::new(m0005_kept::Migration),
            Box::new(m0006_verdict::Migration),
            Box::new(m0007_restored::Migration),
        ]
    }
}
