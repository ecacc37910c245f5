//! What commands left behind in a database, read past the store: for tests that ask whether everything happened once.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that can't read its database must stop")]

use crate::entity::{audit, change, op};
use domain::ids::OpId;
use sea_orm::{ColumnTrait, Database, DatabaseConnection, EntityTrait, QueryFilter};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What one command left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The command's label, for each time that its op id was noted.
    pub noted: Vec<String>,
    /// What the trail says of it: what was done, to which kind of thing, to which one.
    pub trail: Vec<(String, String, Option<Uuid>)>,
    /// What the feed says of it: which kind of thing, which one, at which revision, about somebody.
    pub changes: Vec<(String, Uuid, i64)>,
}

/// What every command left behind that the database at `url` knows of.
pub async fn traces(url: &str) -> BTreeMap<OpId, Trace> {
    let db = connect(url).await;
    let mut traces: BTreeMap<OpId, Trace> = BTreeMap::new();
    for row in op::Entity::find().all(&db).await.expect("the op ids").into_iter().filter(was_applied) {
        traces.entry(OpId(row.id)).or_default().noted.push(row.command);
    }
    for row in audit::Entity::find().filter(audit::Column::OpId.is_not_null()).all(&db).await.expect("the trail") {
        let trace = traces.entry(OpId(row.op_id.expect("filtered"))).or_default();
        trace.trail.push((row.action, row.subject, row.subject_id));
    }
    for row in change::Entity::find().all(&db).await.expect("the feed") {
        traces.entry(OpId(row.op_id)).or_default().changes.push((row.entity, row.entity_id, row.rev));
    }
    db.close().await.expect("the database is closed");
    traces
}

/// How many commands the database at `url` has applied.
pub async fn count_commands(url: &str) -> u64 {
    let db = connect(url).await;
    let rows = op::Entity::find().all(&db).await.expect("the op ids");
    db.close().await.expect("the database is closed");
    rows.iter().filter(|row| was_applied(row)).count().try_into().expect("a count")
}

/// Those that were declined are known, too, and left nothing behind.
fn was_applied(row: &op::Model) -> bool {
    !row.applied.is_null()
}

async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.expect("the database is there")
}
