//! An empty, migrated database for tests that make their own district, and a look at what stands in its tables.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that can't get its database must stop")]

use crate::{Options, RootKey, Store, accounts, entity::account, testing::new_postgres};
use domain::{
    ids::{TenantId, UserId},
    policy::Actor,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

/// A database of its own, without any district.
#[derive(Debug)]
pub struct EmptyDb {
    /// The store.
    pub store: Store,
    _folder: Option<tempfile::TempDir>,
}

impl EmptyDb {
    /// On an SQLite file of its own.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("iut.db").display());
        Self::on(&url, Some(folder)).await
    }

    /// On a PostgreSQL database of its own, in the server that `IUT_TEST_PG` names.
    pub async fn postgres() -> Self {
        Self::on(&new_postgres().await, None).await
    }

    async fn on(url: &str, folder: Option<tempfile::TempDir>) -> Self {
        let store = Store::open(url, RootKey::random(), Options { readers: 4, files: None }).await.expect("opens");
        store.migrate().await.expect("migrates");
        Self { store, _folder: folder }
    }

    /// The rows of a table on SQLite, in order: its name and the columns, with `|` between.
    pub async fn dump(&self, table: &str, columns: &str) -> Vec<String> {
        let texts = columns.split(',').map(str::trim);
        let texts =
            texts.map(|column| format!("coalesce(CASE typeof({column}) WHEN 'blob' THEN hex({column}) ELSE {column} END, '')"));
        let texts = texts.collect::<Vec<_>>().join(" || '|' || ");
        let sql = format!("SELECT '{table}|' || {texts} AS line FROM {table} ORDER BY 1");
        let statement = Statement::from_string(self.store.backend(), sql);
        let rows = self.store.read().query_all_raw(statement).await.expect("the table is read");
        rows.iter().map(|row| row.try_get("", "line").expect("a text")).collect()
    }

    /// How many rows of a table fit a condition.
    pub async fn count(&self, table: &str, condition: &str) -> i64 {
        let sql = format!("SELECT count(*) AS rows FROM {table} WHERE {condition}");
        let statement = Statement::from_string(self.store.backend(), sql);
        let row = self.store.read().query_one_raw(statement).await.expect("the table is read").expect("a row");
        row.try_get("", "rows").expect("a number")
    }

    /// Somebody with an account, with what they hold.
    pub async fn actor(&self, tenant: TenantId, login: &str) -> Actor {
        let db = self.store.read();
        let found =
            account::Entity::find().filter(account::Column::TenantId.eq(tenant.0)).filter(account::Column::Login.eq(login));
        let account = found.one(db).await.expect("accounts are read").expect("the account is there");
        let held = accounts::held(db, tenant.0, account.id).await.expect("grants are read");
        Actor { tenant, user: UserId(account.id), held }
    }
}
