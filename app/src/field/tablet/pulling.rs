//! What is new at the server: asked for part by part, and kept.

use super::{API, DISTRICT, PLACE, Place, State, Step, Tablet, device_now, self_now};
use crate::field::{
    database::{Change, LocalError, Shelf},
    files,
    wire::{self, WireError},
};
use chrono::TimeDelta;
use domain::{
    ApiError,
    ids::NeighborId,
    sync::{
        apply::present,
        protocol::{Pull, PullAnswer},
        replica::{District, Dossier},
        shown::Head,
    },
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How far the server was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing more is new.
    All,
    /// The server came back from a backup: it is to be asked for the whole.
    Restored,
}

/// An answer as it is kept.
struct Taken {
    place: Place,
    district: Option<(String, District)>,
    heads: BTreeMap<NeighborId, Head>,
    /// Who is not shown any more.
    gone: BTreeSet<NeighborId>,
    changes: Vec<Change>,
}

impl Tablet {
    pub(super) async fn ask(&self) -> Result<Asked, WireError> {
        let mut loaded = 0;
        let mut pull = self.next_pull();
        let mut asked = self.pull(&pull).await;
        loop {
            let answer = match asked {
                // A cursor of another time: from the beginning.
                Err(WireError::Refused(ApiError::BadRequest)) if pull.cursor.is_some() => {
                    pull.cursor = None;
                    asked = self.pull(&pull).await;
                    continue;
                }
                other => other?,
            };
            if self.mind_restoring(answer.restored_at).await? {
                return Ok(Asked::Restored);
            }
            loaded += u32::try_from(answer.dossiers.len()).unwrap_or(0);
            let (more, total) = (answer.more, answer.total);
            pull.cursor = Some(answer.cursor.clone());
            pull.district = answer.district.as_ref().map(|(name, _)| name.clone()).or(pull.district);
            if more {
                // The next part is on its way while this one is sealed and written.
                let take = async {
                    self.take_pulled(answer).await?;
                    if let Some(total) = total {
                        self.step.set(Step::Loading(loaded.min(total), total));
                    }
                    Ok::<_, WireError>(())
                };
                let (taken, next) = futures::join!(take, self.pull(&pull));
                taken?;
                asked = next;
            } else {
                self.take_pulled(answer).await?;
                return Ok(Asked::All);
            }
        }
    }

    fn next_pull(&self) -> Pull {
        let state = self.state.borrow();
        Pull { cursor: state.place.cursor.clone(), district: state.district.as_ref().map(|(name, _)| name.clone()) }
    }

    async fn pull(&self, pull: &Pull) -> Result<PullAnswer, WireError> {
        let query = [("cursor", pull.cursor.as_deref()), ("district", pull.district.as_deref())];
        let asked = device_now();
        let answer: PullAnswer = wire::get(&format!("{API}/pull"), &self.bearer, &query).await?;
        self.mind_clock(asked, answer.server_at);
        Ok(answer)
    }

    /// Keeps what was pulled: dossiers, what lists need of them, the district and the place in the feed in one burst.
    async fn take_pulled(&self, answer: PullAnswer) -> Result<(), WireError> {
        let last = !answer.more;
        let leaving = self.leaving(&answer);
        let to_send = if leaving.is_empty() { BTreeSet::new() } else { self.files_waiting().await? };
        let mut changes = Vec::new();
        for id in &leaving {
            let dossier = self.local.get::<Dossier>(Shelf::Dossiers, &id.to_string()).await?;
            changes.extend(dossier.iter().flat_map(|dossier| files::of_dossier(dossier, &to_send)));
            changes.push(Change::Delete(Shelf::Dossiers, id.to_string()));
        }
        let (outbox, taken) = {
            let state = self.state.borrow();
            (state.outbox.clone(), self.taken(&state, answer, leaving)?)
        };
        let Taken { place, district, heads, gone, changes: kept } = taken;
        changes.extend(kept);
        self.write_pulled(changes, last).await?;
        let people: BTreeSet<NeighborId> = heads.keys().copied().chain(gone.iter().copied()).collect();
        self.change(|state| {
            state.place = place;
            state.district = district.or(state.district.take());
            state.heads.retain(|id, _| !gone.contains(id));
            state.heads.extend(heads);
        });
        if self.state.borrow().outbox != outbox {
            // Something was written meanwhile: it goes on top.
            self.show(people).await?;
        } else if !people.is_empty() {
            self.show_soon(last);
        }
        Ok(())
    }

    /// Lets the screens know: during a long load once a second, because they are made anew each time.
    pub(super) fn show_soon(&self, at_once: bool) {
        let now = device_now();
        if at_once || now - self.shown_at.get() >= TimeDelta::seconds(1) {
            self.shown_at.set(now);
            self.behind.set(false);
            self.version.update(|version| *version += 1);
            self.live.bump(&["case", "visit", "neighbor"]);
        } else {
            self.behind.set(true);
        }
    }

    /// Whose dossiers go.
    fn leaving(&self, answer: &PullAnswer) -> BTreeSet<NeighborId> {
        let mut leaving: BTreeSet<NeighborId> = answer.gone.iter().copied().collect();
        if let Some(everybody) = &answer.everybody {
            let everybody: BTreeSet<&NeighborId> = everybody.iter().collect();
            leaving.extend(self.state.borrow().heads.keys().filter(|id| !everybody.contains(id)));
        }
        leaving
    }

    /// What there is to write of an answer, but for what goes with those who are leaving.
    fn taken(&self, state: &State, answer: PullAnswer, mut gone: BTreeSet<NeighborId>) -> Result<Taken, LocalError> {
        let mut place = state.place.clone();
        place.cursor = Some(answer.cursor);
        if answer.total.is_none() || answer.everybody.is_some() {
            place.reached = answer.reached;
            place.synced_at = Some(answer.server_at);
        }
        let mut changes = vec![self.local.put(Shelf::Meta, PLACE, &place)?];
        if let Some(district) = &answer.district {
            changes.push(self.local.put(Shelf::Meta, DISTRICT, district)?);
        }
        for dossier in &answer.dossiers {
            changes.push(self.local.put(Shelf::Dossiers, dossier.id(), dossier)?);
        }
        let bases = answer.dossiers.into_iter().map(|dossier| (dossier.id(), Some(dossier)));
        let bases: Vec<_> = bases.chain(gone.iter().map(|id| (*id, None))).collect();
        let mut heads = BTreeMap::new();
        let now = self_now(state);
        for (id, base) in bases {
            let head = answer.district.as_ref().or(state.district.as_ref()).and_then(|(_, district)| {
                let shown = present(base, id, &state.outbox, district, place.reached, now)?;
                Some(Head::of(&shown, district, now))
            });
            if let Some(head) = head {
                gone.remove(&id);
                changes.push(self.local.put(Shelf::Heads, id, &head)?);
                heads.insert(id, head);
            } else {
                gone.insert(id);
                changes.push(Change::Delete(Shelf::Heads, id.to_string()));
            }
        }
        Ok(Taken { place, district: answer.district, heads, gone, changes })
    }
}
