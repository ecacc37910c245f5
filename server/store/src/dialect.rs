//! Where the two engines differ. Nothing engine-specific stands anywhere else.

use crate::error::StoreError;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, FromQueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::{self, Connection},
};
use std::time::Duration;

/// Opens the connections for writing and for reading. SQLite has one writer; PostgreSQL one pool for both.
pub(crate) async fn connect(url: &str, readers: u32) -> Result<(DatabaseConnection, DatabaseConnection), StoreError> {
    if url.starts_with("sqlite:") {
        let write = Database::connect(sqlite(url, 1)).await?;
        let read = if url.contains(":memory:") { write.clone() } else { Database::connect(sqlite(url, readers)).await? };
        return Ok((write, read));
    }
    let pool = Database::connect(postgres(url, readers)).await?;
    check_collation(&pool).await?;
    Ok((pool.clone(), pool))
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).min_connections(1).sqlx_logging(false).record_stmt_in_spans(false);
    options.acquire_timeout(Duration::from_secs(30));
    options.map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(20))
            .statement_cache_capacity(400)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            // 8 MB for each connection; what is read often stays in the cache of the operating system.
            .pragma("cache_size", "-8192")
            .pragma("temp_store", "MEMORY")
            .pragma("trusted_schema", "OFF")
    });
    // SQLite ends a transaction by itself when the disk is full. sqlx then counts it as open for ever: what comes later would be
    // written inside of another transaction that nobody commits. Such a connection is given up.
    options.map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
    options
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).sqlx_logging(false).record_stmt_in_spans(false);
    options.acquire_timeout(Duration::from_secs(10));
    options
}

/// With the locale `C`, trigrams of Hangul are empty and the search would silently find nobody.
async fn check_collation(pool: &DatabaseConnection) -> Result<(), StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        ctype: String,
    }
    let sql = "SELECT datctype AS ctype FROM pg_database WHERE datname = current_database()";
    let row = Row::find_by_statement(Statement::from_string(DbBackend::Postgres, sql)).one(pool).await?;
    if row.is_some_and(|row| row.ctype == "C" || row.ctype == "POSIX") {
        return Err(StoreError::Db(sea_orm::DbErr::Custom(
            "the PostgreSQL database has the locale C, with which Korean names can't be searched; create it with a UTF-8 locale such as C.UTF-8 or ko_KR.UTF-8"
                .to_owned(),
        )));
    }
    Ok(())
}

/// Makes room for very large transactions, for as long as the process lives: with the usual cache SQLite would write
/// every page many times. Up to 1.5 GB of memory.
pub(crate) async fn make_room(write: &DatabaseConnection) -> Result<(), StoreError> {
    if write.get_database_backend() == DbBackend::Sqlite {
        write.execute_unprepared("PRAGMA cache_size = -1500000").await?;
        write.execute_unprepared("PRAGMA wal_autocheckpoint = 50000").await?;
    }
    Ok(())
}

/// Begins a write. On SQLite it takes the write lock at once, so that it can't fail half way.
pub(crate) async fn begin(write: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
    Ok(match write.get_database_backend() {
        DbBackend::Sqlite => write.begin_with_options(options).await?,
        _ => write.begin().await?,
    })
}

/// One at a time per tenant until the end of the transaction: `import`, `numbers`. SQLite has one writer anyway.
pub(crate) async fn take_turns(tx: &DatabaseTransaction, what: &str, tenant: uuid::Uuid) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let name = format!("iut {what} {tenant}");
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()])).await?;
    }
    Ok(())
}

/// Tells other processes, at commit, that the feed has grown. SQLite has no such message: they poll.
pub(crate) async fn announce(tx: &DatabaseTransaction, tenant: uuid::Uuid, seq: i64) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let message = format!("{tenant} {seq}");
        tx.execute_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_notify('iut_change', $1)",
            [message.into()],
        ))
        .await?;
    }
    Ok(())
}

/// Puts everything that an SQLite database keeps beside its file into the file.
pub(crate) async fn settle(write: &DatabaseConnection) -> Result<(), StoreError> {
    if write.get_database_backend() == DbBackend::Sqlite {
        write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    }
    Ok(())
}

/// Copies an SQLite database into a new file.
pub(crate) async fn copy(read: &DatabaseConnection, file: &std::path::Path) -> Result<(), StoreError> {
    if read.get_database_backend() != DbBackend::Sqlite {
        return Err(sea_orm::DbErr::Custom("only an embedded database is copied as a file".to_owned()).into());
    }
    let path = file.to_string_lossy().into_owned();
    read.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()])).await?;
    Ok(())
}

/// Listens for [`announce`]; `None` on SQLite.
pub(crate) async fn listener(pool: &DatabaseConnection) -> Result<Option<sqlx::postgres::PgListener>, StoreError> {
    if pool.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let lost = |error: sqlx::Error| sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()));
    let mut listener = sqlx::postgres::PgListener::connect_with(pool.get_postgres_connection_pool()).await.map_err(lost)?;
    listener.listen("iut_change").await.map_err(lost)?;
    Ok(Some(listener))
}

/// Where a search by trigram stopped: the engine's own order of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum Hit {
    /// SQLite: the row number of the name.
    Number(i64),
    /// PostgreSQL: the neighbor.
    Id(uuid::Uuid),
}

/// The SQL of [`name_hits`].
pub(crate) const fn name_hits_sql(backend: DbBackend, initials: bool) -> &'static str {
    match (backend, initials) {
        // CROSS JOIN: the index of names first. Otherwise the planner may read all names and ask the index for each.
        (DbBackend::Sqlite, false) => {
            "SELECT n.neighbor_id, n.search_no AS hit FROM neighbor_search s CROSS JOIN neighbor_name n ON n.search_no = s.rowid WHERE s.jamo MATCH ?2 AND s.rowid < ?3 AND n.tenant_id = ?1 ORDER BY s.rowid DESC LIMIT ?4"
        }
        (DbBackend::Sqlite, true) => {
            "SELECT n.neighbor_id, n.search_no AS hit FROM neighbor_search s CROSS JOIN neighbor_name n ON n.search_no = s.rowid WHERE s.initials MATCH ?2 AND s.rowid < ?3 AND n.tenant_id = ?1 ORDER BY s.rowid DESC LIMIT ?4"
        }
        // Materialized, or the planner may read all names backwards in the hope of a hit.
        (_, false) => {
            "WITH hits AS MATERIALIZED (SELECT neighbor_id FROM neighbor_name WHERE tenant_id = $1 AND jamo LIKE $2) SELECT neighbor_id FROM hits WHERE neighbor_id < $3 ORDER BY neighbor_id DESC LIMIT $4"
        }
        (_, true) => {
            "WITH hits AS MATERIALIZED (SELECT neighbor_id FROM neighbor_name WHERE tenant_id = $1 AND initials LIKE $2) SELECT neighbor_id FROM hits WHERE neighbor_id < $3 ORDER BY neighbor_id DESC LIMIT $4"
        }
    }
}

/// The statement of [`name_hits`].
pub(crate) fn name_hits_statement(
    backend: DbBackend,
    tenant: uuid::Uuid,
    (text, initials): (&str, bool),
    before: Option<Hit>,
    limit: u32,
) -> Statement {
    let before: sea_orm::Value = match (before, backend) {
        (Some(Hit::Number(number)), DbBackend::Sqlite) => number.into(),
        (_, DbBackend::Sqlite) => i64::MAX.into(),
        (Some(Hit::Id(id)), _) => id.into(),
        _ => uuid::Uuid::max().into(),
    };
    let values = [tenant.into(), name_pattern(backend, text).into(), before, i64::from(limit).into()];
    Statement::from_sql_and_values(backend, name_hits_sql(backend, initials), values)
}

/// Neighbors whose names hold `text` (jamo, or initials), the newest first, from below `before`; at most `limit`.
pub(crate) async fn name_hits<C: ConnectionTrait>(
    db: &C,
    tenant: uuid::Uuid,
    wanted: (&str, bool),
    before: Option<Hit>,
    limit: u32,
) -> Result<Vec<(uuid::Uuid, Hit)>, StoreError> {
    let backend = db.get_database_backend();
    let rows = db.query_all_raw(name_hits_statement(backend, tenant, wanted, before, limit)).await?;
    rows.iter()
        .map(|row| {
            let id: uuid::Uuid = row.try_get("", "neighbor_id")?;
            let hit = if backend == DbBackend::Sqlite { Hit::Number(row.try_get("", "hit")?) } else { Hit::Id(id) };
            Ok((id, hit))
        })
        .collect()
}

/// The SQL word before a statement that makes the engine say how it would run it.
#[cfg(test)]
pub(crate) const fn explain(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "EXPLAIN QUERY PLAN ",
        _ => "EXPLAIN ",
    }
}

/// `text` as the pattern that [`name_hits`] expects.
pub(crate) fn name_pattern(backend: DbBackend, text: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("\"{}\"", text.replace('"', "\"\"")),
        _ => format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")),
    }
}
