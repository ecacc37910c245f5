//! Group commit for the trail of looks: whoever looks waits until the row is durable, but rows that arrive
//! together share one commit, so that looking does not queue behind writing.

use super::active;
use crate::{dialect, entity::audit, error::StoreError};
use domain::ApiError;
use sea_orm::{DatabaseConnection, EntityTrait};
use tokio::sync::{mpsc, oneshot};

/// Rows of one commit at most; 16 columns each must stay under the engines' limit of parameters.
const BATCH: usize = 500;

struct Waiting {
    rows: Vec<audit::Model>,
    done: oneshot::Sender<bool>,
}

/// The queue before the trail.
#[derive(Debug)]
pub(crate) struct ReadLog {
    queue: mpsc::Sender<Waiting>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl ReadLog {
    pub(crate) fn start(write: DatabaseConnection) -> Self {
        let (queue, waiting) = mpsc::channel(1024);
        tokio::spawn(run(write, waiting));
        Self { queue }
    }

    pub(crate) async fn write(&self, rows: Vec<audit::Model>) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (done, outcome) = oneshot::channel();
        let sent = self.queue.send(Waiting { rows, done }).await.is_ok();
        if sent && outcome.await.unwrap_or(false) { Ok(()) } else { Err(ApiError::Unavailable.into()) }
    }
}

async fn run(write: DatabaseConnection, mut waiting: mpsc::Receiver<Waiting>) {
    while let Some(first) = waiting.recv().await {
        let mut rows = first.rows;
        let mut waiters = vec![first.done];
        while rows.len() < BATCH {
            let Ok(next) = waiting.try_recv() else { break };
            rows.extend(next.rows);
            waiters.push(next.done);
        }
        let outcome = commit(&write, rows).await;
        let durable = outcome.is_ok();
        if let Err(error) = outcome {
            // The cause is logged; the waiting readers hear "try again".
            let _ = error.into_api();
        }
        for waiter in waiters {
            // The reader may have gone away; its row is written all the same.
            let _ = waiter.send(durable);
        }
    }
}

async fn commit(write: &DatabaseConnection, rows: Vec<audit::Model>) -> Result<(), StoreError> {
    let tx = dialect::begin(write).await?;
    for chunk in rows.chunks(BATCH) {
        audit::Entity::insert_many(chunk.iter().cloned().map(active)).exec_without_returning(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
