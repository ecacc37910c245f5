//! What happens in the district, in the order of time, and playing it: every deed is a command of the one write path,
//! done by the right person at its own hour.

use super::random::Dice;
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use domain::{
    ApiError,
    clock::FixedClock,
    command::{Applied, Command, Envelope},
    ids::OpId,
    policy::Actor,
};
use std::{collections::BTreeMap, sync::Arc};
use store::{OpContext, Origin, Store, execute_all};

/// Commands of one transaction.
const BATCH: usize = 300;

/// One deed.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub at: DateTime<Utc>,
    pub who: Actor,
    pub envelope: Envelope,
}

/// The context in which `who` acts at `at`. Addresses are from the range that is kept for examples (RFC 5737).
pub(super) fn context(store: &Store, who: &Actor, at: DateTime<Utc>) -> OpContext {
    let mut ctx = OpContext::new(store.clone(), who.clone(), Origin::Web, Arc::new(FixedClock(at)));
    ctx.address = Some(format!("192.0.2.{}", 10 + who.user.0.as_bytes().last().map_or(0, |byte| byte % 200)));
    ctx
}

/// All that happens, up to now: later deeds are not written down.
#[derive(Clone, Debug)]
pub(super) struct Script {
    deeds: BTreeMap<(DateTime<Utc>, u64), Deed>,
    dice: Dice,
    written: u64,
    pub now: DateTime<Utc>,
}

impl Script {
    pub(super) fn new(dice: Dice, now: DateTime<Utc>) -> Self {
        Self { deeds: BTreeMap::new(), dice, written: 0, now }
    }

    /// Writes a deed down, unless it lies ahead. Deeds of one instant keep their order.
    pub(super) fn add(&mut self, at: DateTime<Utc>, who: &Actor, command: impl Into<Command>) {
        if at > self.now {
            return;
        }
        let envelope = Envelope { op_id: self.dice.id(OpId::at, at), base_rev: None, made_at: at, command: command.into() };
        self.written += 1;
        self.deeds.insert((at, self.written), Deed { at, who: who.clone(), envelope });
    }

    /// Takes the next deeds, those before `end`.
    pub(super) fn next_batch(&mut self, end: DateTime<Utc>) -> Vec<Deed> {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(first) = self.deeds.first_entry().filter(|first| first.key().0 < end)
        {
            batch.push(first.remove());
        }
        batch
    }

    /// How many deeds are still to be done.
    pub(super) fn left(&self) -> usize {
        self.deeds.len()
    }
}

/// Does deeds in one transaction. When one of them is refused, says which: they are then tried one by one.
pub(super) async fn perform(store: &Store, deeds: Vec<Deed>) -> Result<Vec<Applied>> {
    let work: Vec<_> = deeds.into_iter().map(|deed| (context(store, &deed.who, deed.at), deed.envelope)).collect();
    match execute_all(work.clone()).await {
        Ok(done) => Ok(done),
        Err(ApiError::Unavailable) => bail!("the database is busy or away"),
        Err(error) => bail!("{}: {error}", first_refused(work).await),
    }
}

async fn first_refused(work: Vec<(OpContext, Envelope)>) -> String {
    for one in work {
        let (label, at) = (one.1.command.label(), one.1.made_at);
        if execute_all([one]).await.is_err() {
            return format!("{label} of {at} was refused");
        }
    }
    "commands were refused together".to_owned()
}
