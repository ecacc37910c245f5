//! Getting in step with the server: when, by which tab, and what is sent.

use super::{API, PLACE, Place, Step, Tablet, device_now, pulling::Asked};
use crate::field::{
    database::{LocalError, Shelf},
    program, turns,
    wire::{self, WireError},
};
use chrono::{DateTime, Utc};
use domain::{
    ids::ChangeSeq,
    sync::{
        clock::server_offset,
        outbox::{BATCH, Entry, Outbox},
        protocol::{Push, PushAnswer, Pushed},
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::{rc::Rc, time::Duration};

/// What came of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    /// The server could decide about nothing.
    Undecided,
    /// It decided.
    Decided,
    /// It came back from a backup, and took nothing.
    Restored,
}

impl Tablet {
    /// Gets in step with the server in the background.
    pub fn sync_soon(self: &Rc<Self>) {
        let tablet = Rc::clone(self);
        spawn_local(async move {
            tablet.sync().await;
            tablet.try_again();
        });
    }

    /// A network that has just come back may not carry yet: tries again soon, then less and less often.
    fn try_again(self: Rc<Self>) {
        if self.step.get_untracked() != Step::Alone {
            self.failures.set(0);
            return;
        }
        if self.closed.get() || self.retrying.get() || !window().navigator().on_line() {
            return;
        }
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        self.retrying.set(true);
        let delay = Duration::from_secs(2_u64.saturating_pow(failures.min(6)));
        set_timeout(
            move || {
                self.retrying.set(false);
                self.sync_soon();
            },
            delay,
        );
    }

    /// Sends what waits and asks for what is new.
    pub async fn sync(&self) {
        if self.closed.get() || self.syncing.replace(true) {
            return;
        }
        self.step.set(Step::Working);
        // One tab at a time: two that pull from different places would set dossiers back.
        let turn = turns::take().await;
        if self.closed.get() {
            return;
        }
        let done = self.get_in_step().await;
        drop(turn);
        self.syncing.set(false);
        if self.closed.get() {
            return;
        }
        if self.behind.get() {
            self.show_soon(true);
        }
        let done = if self.stale.replace(false) { done.and(self.reload().await.map_err(WireError::Local)) } else { done };
        if matches!(done, Err(WireError::Alone)) && self.has_waiting() {
            program::await_network();
        }
        let step = match done {
            Ok(()) => Step::Resting,
            Err(WireError::Alone) => Step::Alone,
            Err(WireError::Refused(error)) => Step::Refused(error),
            Err(WireError::Local(error)) => Step::Broken(error),
        };
        self.step.set(step);
        self.version.update(|version| *version += 1);
    }

    fn has_waiting(&self) -> bool {
        let ledger = self.state.borrow().outbox.ledger();
        ledger.waiting + ledger.sent > 0
    }

    async fn get_in_step(&self) -> Result<(), WireError> {
        self.catch_up().await?;
        let mut restored = self.is_mixed();
        loop {
            if restored {
                // What the server has now comes first: what is sent again is seen on top of that, and on nothing else rightly.
                while self.ask().await? == Asked::Restored {}
            }
            restored = self.send().await? == Sent::Restored || self.ask().await? == Asked::Restored;
            if !restored {
                return self.send_files().await;
            }
        }
    }

    /// Whether some of what is kept is of the server before it came back from a backup.
    fn is_mixed(&self) -> bool {
        let Place { restored_at, reached, .. } = self.state.borrow().place;
        restored_at.is_some() && reached == ChangeSeq::default()
    }

    /// Notes that the server came back from a backup, if it did: the whole is loaded, and what was applied is sent again. Whether it
    /// did.
    pub(super) async fn mind_restoring(&self, told: Option<DateTime<Utc>>) -> Result<bool, LocalError> {
        if told == self.state.borrow().place.restored_at {
            return Ok(false);
        }
        let (mut outbox, place) = {
            let state = self.state.borrow();
            // In the feed that it has now the tablet stands nowhere.
            let place = Place { cursor: None, reached: ChangeSeq::default(), restored_at: told, ..state.place.clone() };
            (state.outbox.clone(), place)
        };
        let mut changes = vec![self.local.put(Shelf::Meta, PLACE, &place)?];
        for op in outbox.send_again() {
            changes.extend(self.entry_change(&outbox, op)?);
        }
        self.burst(changes).await?;
        self.change(|state| {
            state.outbox.send_again();
            state.place = place;
        });
        Ok(true)
    }

    /// Takes what another tab pulled while this one waited for its turn.
    async fn catch_up(&self) -> Result<(), LocalError> {
        let on_disk: Option<Place> = self.local.get(Shelf::Meta, PLACE).await?;
        let moved = on_disk.is_some_and(|place| place.cursor != self.state.borrow().place.cursor);
        if moved { self.read_anew().await } else { Ok(()) }
    }

    async fn send(&self) -> Result<Sent, WireError> {
        loop {
            let mut outbox = self.state.borrow().outbox.clone();
            let batch = outbox.next_batch(BATCH);
            if batch.is_empty() {
                return self.ask_about_kept().await;
            }
            let sent = self.push(&outbox, &batch).await?;
            if sent != Sent::Decided {
                return Ok(sent);
            }
        }
    }

    /// Asks what became of what the server keeps for others to decide.
    async fn ask_about_kept(&self) -> Result<Sent, WireError> {
        let outbox = self.state.borrow().outbox.clone();
        let kept = outbox.kept(BATCH);
        if kept.is_empty() { Ok(Sent::Undecided) } else { self.push(&outbox, &kept).await }
    }

    /// Sends entries and notes what became of them.
    async fn push(&self, outbox: &Outbox, batch: &[Entry]) -> Result<Sent, WireError> {
        let entry = |entry: &Entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope.clone() };
        let ledger = outbox.ledger();
        let waiting = u32::try_from(ledger.waiting + ledger.sent).unwrap_or(u32::MAX);
        let restored_at = self.state.borrow().place.restored_at;
        let push = Push { sent_at: device_now(), waiting, restored_at, entries: batch.iter().map(entry).collect() };
        let answer: PushAnswer = wire::post(&format!("{API}/push"), &self.bearer, &push).await?;
        self.mind_clock(push.sent_at, answer.server_at);
        if self.mind_restoring(answer.restored_at).await? {
            return Ok(Sent::Restored);
        }
        let decided = answer.results.iter().any(|(_, outcome)| outcome.is_some());
        self.take_outcomes(answer).await?;
        Ok(if decided { Sent::Decided } else { Sent::Undecided })
    }

    /// Notes what became of entries.
    async fn take_outcomes(&self, answer: PushAnswer) -> Result<(), WireError> {
        let mut outbox = self.state.borrow().outbox.clone();
        let mut changes = Vec::new();
        for (op, outcome) in &answer.results {
            outbox.answer(*op, outcome.clone());
            changes.extend(self.entry_change(&outbox, *op)?);
        }
        self.burst(changes).await?;
        let mut asking = Vec::new();
        for (op, outcome) in answer.results {
            // Something may have been written meanwhile: it stays.
            self.change(|state| {
                state.outbox.answer(op, outcome);
                let entry = state.outbox.entry(op).filter(|entry| entry.state.asks());
                asking.extend(entry.map(|entry| entry.envelope.command.clone()));
            });
        }
        let people = asking.iter().filter_map(|command| self.person_of(command).ok()).collect();
        Ok(self.show(people).await?)
    }

    pub(super) fn mind_clock(&self, asked: DateTime<Utc>, server: DateTime<Utc>) {
        self.change(|state| state.place.offset_ms = server_offset(asked, server, device_now()).num_milliseconds());
    }
}
