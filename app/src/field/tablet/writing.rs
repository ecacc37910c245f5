//! What is written on the tablet: taken at once, kept on disk, written anew or given up.

use super::{Step, Tablet, device_now, self_now};
use crate::field::database::{Change, LocalError, Shelf};
use domain::{
    ApiError,
    command::{Applied, Command, Envelope, NeighborCommand},
    ids::{ChangeSeq, NeighborId, OpId},
    sync::{
        apply::{Writing, apply, begin, is_about},
        choice::{Chosen, chosen_anew},
        outbox::{Outbox, OutboxError},
        shown::Head,
    },
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeSet, rc::Rc};

impl Tablet {
    /// Takes a command: what it does is seen at once, and it goes out when there is a network.
    ///
    /// # Errors
    /// What the server would answer, as far as it can be known here; nothing is kept then.
    pub async fn write(self: &Rc<Self>, envelope: Envelope) -> Result<Applied, ApiError> {
        self.write_with(envelope, Vec::new()).await
    }

    /// As [`Self::write`], with what belongs to the command: both are kept, or neither.
    pub(in crate::field) async fn write_with(
        self: &Rc<Self>,
        envelope: Envelope,
        beside: Vec<Change>,
    ) -> Result<Applied, ApiError> {
        // A page's own clock moves once in a while: what counts is when it was written here.
        let envelope = Envelope { made_at: device_now(), ..envelope };
        let district = self.district()?;
        let about = self.person_of(&envelope.command).ok();
        let base = match about {
            Some(id) => self.load(id).await?,
            None => None,
        };
        let writing = Writing { district: &district, at: envelope.made_at + self.offset(), op: envelope.op_id };
        let registers = matches!(envelope.command, Command::Neighbor(NeighborCommand::Register { .. }));
        let foreseen = match base {
            Some(mut dossier) if is_about(&envelope.command, &dossier) => {
                apply(&writing, &mut dossier, &envelope)?;
                Some(dossier)
            }
            Some(_) => return Err(ApiError::NotFound),
            None if registers => begin(&writing, &envelope.command)?,
            // The case left the tablet while this was being written. It is kept all the same: whether it was allowed when it was
            // written is for the server to say, which loses nothing either.
            None => None,
        };
        self.keep(envelope, beside).await?;
        let rev = foreseen.map_or(domain::ids::Rev::FIRST, |dossier| dossier.case.card.rev);
        // It is kept: a list that can't be written anew for want of room is no reason to write it again.
        let _ = self.show(about.into_iter().collect()).await;
        self.sync_soon();
        Ok(Applied { rev, seq: ChangeSeq::default(), repeated: false, merged: false, import: None })
    }

    /// Puts a command into the outbox, on disk before it counts.
    async fn keep(&self, envelope: Envelope, beside: Vec<Change>) -> Result<(), ApiError> {
        let (op, offset) = (envelope.op_id, self.offset());
        let stamp = self.clock.borrow_mut().tick(device_now());
        let mut outbox = self.state.borrow().outbox.clone();
        match outbox.write(stamp, offset, envelope.clone()) {
            // The same press again.
            Ok(()) | Err(OutboxError::Reused) => {}
            Err(_not_here) => return Err(ApiError::Unavailable),
        }
        let change = self.entry_change(&outbox, op)?;
        self.burst(change.into_iter().chain(beside).collect()).await?;
        // Something else may have been kept or answered meanwhile: it stays. What was there before is there still.
        let _ = self.change(|state| state.outbox.write(stamp, offset, envelope));
        Ok(())
    }

    pub(super) fn entry_change(&self, outbox: &Outbox, op: OpId) -> Result<Option<Change>, LocalError> {
        outbox.entry(op).map(|entry| self.local.put(Shelf::Outbox, op, entry)).transpose()
    }

    /// Makes the heads of these people anew, and lets the screens know.
    pub(super) async fn show(&self, people: BTreeSet<NeighborId>) -> Result<(), LocalError> {
        let mut changes = Vec::new();
        for id in people {
            let shown = self.load(id).await?;
            let head = {
                let state = self.state.borrow();
                shown.zip(state.district.as_ref()).map(|(dossier, (_, district))| Head::of(&dossier, district, self_now(&state)))
            };
            if let Some(head) = head {
                changes.push(self.local.put(Shelf::Heads, id, &head)?);
                self.change(|state| state.heads.insert(id, head));
            } else {
                self.change(|state| state.heads.remove(&id));
                changes.push(Change::Delete(Shelf::Heads, id.to_string()));
            }
        }
        let written = self.burst(changes).await;
        // Lists in memory are right also where there is no room to keep them.
        self.version.update(|version| *version += 1);
        self.live.bump(&["case", "visit", "neighbor"]);
        written
    }

    /// Writes anew what others changed at the same time, as a person chose. The first stays to be read.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn choose(self: &Rc<Self>, op: OpId, chosen: &Chosen) -> Result<(), ApiError> {
        let entry = self.state.borrow().outbox.entry(op).cloned().ok_or(ApiError::NotFound)?;
        let envelope = chosen_anew(&entry, chosen, device_now()).ok_or(ApiError::BadRequest)?;
        let (anew, offset, id) = (envelope.op_id, self.offset(), self.person_of(&envelope.command)?);
        let stamp = self.clock.borrow_mut().tick(device_now());
        let mut outbox = self.state.borrow().outbox.clone();
        outbox.replace(op, stamp, offset, envelope.clone()).map_err(|_settled| ApiError::BadRequest)?;
        let changes = [self.entry_change(&outbox, op)?, self.entry_change(&outbox, anew)?];
        self.burst(changes.into_iter().flatten().collect()).await?;
        // As in `keep`.
        let _ = self.change(|state| state.outbox.replace(op, stamp, offset, envelope));
        self.show([id].into()).await?;
        self.sync_soon();
        Ok(())
    }

    /// Gives up what asks for a choice. It stays to be read.
    pub fn withdraw_soon(self: &Rc<Self>, op: OpId) {
        let tablet = Rc::clone(self);
        spawn_local(async move {
            if let Err(error) = tablet.withdraw(op).await {
                tablet.step.set(Step::Broken(error));
            }
        });
    }

    async fn withdraw(&self, op: OpId) -> Result<(), LocalError> {
        let mut outbox = self.state.borrow().outbox.clone();
        if outbox.withdraw(op).is_err() {
            return Ok(());
        }
        let about = outbox.entry(op).and_then(|entry| self.person_of(&entry.envelope.command).ok());
        let change = self.entry_change(&outbox, op)?;
        self.burst(change.into_iter().collect()).await?;
        // What was asked for once is there still: nothing else settles it.
        let _ = self.change(|state| state.outbox.withdraw(op));
        // One that waited was seen on its person.
        self.show(about.into_iter().collect()).await
    }
}
