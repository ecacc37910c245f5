//! The words in which the two engines differ, so that a schema is written once.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

const SQLITE: &[(&str, &str)] = &[
    ("{uuid}", "BLOB"),
    ("{time}", "TEXT"),
    ("{date}", "TEXT"),
    ("{bytes}", "BLOB"),
    ("{json}", "TEXT"),
    ("{bool}", "INTEGER"),
    ("{int}", "INTEGER"),
    ("{big}", "INTEGER"),
    ("{real}", "REAL"),
    ("{false}", "0"),
    ("{strict}", " STRICT"),
];

const POSTGRES: &[(&str, &str)] = &[
    ("{uuid}", "UUID"),
    ("{time}", "TIMESTAMPTZ"),
    ("{date}", "DATE"),
    ("{bytes}", "BYTEA"),
    ("{json}", "JSONB"),
    ("{bool}", "BOOLEAN"),
    ("{int}", "INTEGER"),
    ("{big}", "BIGINT"),
    ("{real}", "DOUBLE PRECISION"),
    ("{false}", "FALSE"),
    ("{strict}", ""),
];

/// Runs a schema text, statement by statement, with the engine's words and `extra` ones put in.
///
/// # Errors
/// The first statement's error; the migration runs in a transaction, so nothing is half done.
pub async fn run(manager: &SchemaManager<'_>, schema: &str, extra: &[(&str, &str)]) -> Result<(), DbErr> {
    let words = if manager.get_database_backend() == DbBackend::Sqlite { SQLITE } else { POSTGRES };
    let text = words.iter().chain(extra).fold(schema.to_owned(), |text, (word, meaning)| text.replace(word, meaning));
    let text: String = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    for statement in text.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
