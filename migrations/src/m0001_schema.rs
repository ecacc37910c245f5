//! The first schema: people, cases, visits, discovery, audit.

use crate::words;
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The migration.
#[derive(Debug, Clone, Copy)]
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_schema"
    }
}

/// SQLite numbers the rows for the search index; the triggers keep it in step.
const SEARCH_SQLITE: &str = "
CREATE VIRTUAL TABLE neighbor_search USING fts5 (jamo, initials, content = 'neighbor_name', content_rowid = 'search_no', tokenize = 'trigram');
CREATE TRIGGER neighbor_name_added AFTER INSERT ON neighbor_name BEGIN
    INSERT INTO neighbor_search (rowid, jamo, initials) VALUES (new.search_no, new.jamo, new.initials) ; END;
CREATE TRIGGER neighbor_name_removed AFTER DELETE ON neighbor_name BEGIN
    INSERT INTO neighbor_search (neighbor_search, rowid, jamo, initials) VALUES ('delete', old.search_no, old.jamo, old.initials) ; END;
CREATE TRIGGER neighbor_name_changed AFTER UPDATE ON neighbor_name BEGIN
    INSERT INTO neighbor_search (neighbor_search, rowid, jamo, initials) VALUES ('delete', old.search_no, old.jamo, old.initials) ; INSERT INTO neighbor_search (rowid, jamo, initials) VALUES (new.search_no, new.jamo, new.initials) ; END;
";

const SEARCH_POSTGRES: &str = "
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX neighbor_name_jamo ON neighbor_name USING gin (jamo gin_trgm_ops);
CREATE INDEX neighbor_name_initials ON neighbor_name USING gin (initials gin_trgm_ops);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let (numbering, key, search) = if sqlite {
            ("search_no INTEGER PRIMARY KEY,", "UNIQUE", SEARCH_SQLITE)
        } else {
            ("", "PRIMARY KEY", SEARCH_POSTGRES)
        };
        words::run(manager, include_str!("sql/0001_schema.sql"), &[("{row_number}", numbering), ("{name_key}", key)]).await?;
        words::run(manager, search, &[]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the first schema has no way back: restore a backup".to_owned()))
    }
}
