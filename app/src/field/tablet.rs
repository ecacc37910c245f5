//! The tablet itself, while it is unlocked: answers every screen from what it keeps, takes every command at once, and keeps both in
//! step with the server when there is one. There is one in each tab.

mod in_step;
mod pulling;
mod writing;

use super::{
    database::{Change, Local, LocalError, Shelf},
    tabs,
};
use crate::components::live::Live;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError,
    clock::{Clock, SystemClock},
    command::{AttachmentCommand, Command, NeighborCommand, VisitCommand},
    ids::{CaseId, ChangeSeq, DeviceId, NeighborId, OpId, VisitId},
    sync::{
        apply::present,
        choice::changed_by,
        clock::HybridClock,
        outbox::{Entry, Outbox},
        replica::{District, Dossier},
        shown::Head,
    },
    view::Worker,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

thread_local! {
    static TABLET: RefCell<Option<Rc<Tablet>>> = const { RefCell::new(None) };
}

/// The tablet, if this tab is one and it is unlocked.
#[must_use]
pub fn tablet() -> Option<Rc<Tablet>> {
    TABLET.with_borrow(Clone::clone)
}

/// Opens or locks the tablet of this tab.
pub(super) fn set_tablet(tablet: Option<Rc<Tablet>>) {
    if let Some(former) = TABLET.replace(tablet) {
        former.closed.set(true);
    }
}

/// How far the tablet is in step with the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Nothing is under way.
    #[default]
    Resting,
    /// Loading so many of so many people.
    Loading(u32, u32),
    /// Sending or asking.
    Working,
    /// The server can't be reached.
    Alone,
    /// The server refuses.
    Refused(ApiError),
    /// The tablet's own store fails.
    Broken(LocalError),
}

/// Where the tablet stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Place {
    cursor: Option<String>,
    reached: ChangeSeq,
    offset_ms: i64,
    /// When the server's data was last restored from a backup.
    restored_at: Option<DateTime<Utc>>,
    synced_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
struct State {
    place: Place,
    district: Option<(String, District)>,
    heads: BTreeMap<NeighborId, Head>,
    outbox: Outbox,
}

/// What a tablet keeps and does.
pub struct Tablet {
    local: Local,
    device: DeviceId,
    bearer: String,
    state: RefCell<State>,
    /// Grows with each change of `state`.
    changes: Cell<u64>,
    clock: RefCell<HybridClock>,
    syncing: Cell<bool>,
    /// Another tab wrote something while this one was getting in step.
    stale: Cell<bool>,
    /// How often in a row the server could not be reached, and whether the next try is due by itself.
    failures: Cell<u32>,
    retrying: Cell<bool>,
    /// When the screens last heard of a part of a load, and whether one came since.
    shown_at: Cell<DateTime<Utc>>,
    behind: Cell<bool>,
    /// Locked: nothing is written any more, and what runs stops.
    closed: Cell<bool>,
    live: Live,
    step: RwSignal<Step>,
    version: RwSignal<u64>,
}

/// Where tablets ask.
pub(super) const API: &str = "/api/sync/v2";
const PLACE: &str = "place";
const DISTRICT: &str = "district";
/// Under which the token lies.
pub(super) const BEARER: &str = "bearer";

pub(super) fn device_now() -> DateTime<Utc> {
    SystemClock.now()
}

impl Tablet {
    /// Reads what lists need; `signals` outlive the screen.
    pub(super) async fn open(local: Local, device: DeviceId, live: Live) -> Result<Rc<Self>, LocalError> {
        let bearer = local.get(Shelf::Meta, BEARER).await?.ok_or(LocalError::Tampered)?;
        let place = local.get(Shelf::Meta, PLACE).await?.unwrap_or_default();
        let district = local.get(Shelf::Meta, DISTRICT).await?;
        let heads = local.all::<Head>(Shelf::Heads).await?.into_iter().map(|(_, head)| (head.id(), head)).collect();
        let entries: Vec<Entry> = local.all::<Entry>(Shelf::Outbox).await?.into_iter().map(|(_, entry)| entry).collect();
        let mut outbox = Outbox::from(entries);
        // Whether it arrived before the tab was closed is not known; sending again is safe.
        outbox.lost();
        let mut clock = HybridClock::new(device);
        if let Some(last) = outbox.entries().last() {
            clock.follow(last.stamp, device_now());
        }
        Ok(Rc::new(Self {
            local,
            device,
            bearer,
            state: RefCell::new(State { place, district, heads, outbox }),
            changes: Cell::new(0),
            clock: RefCell::new(clock),
            syncing: Cell::new(false),
            stale: Cell::new(false),
            failures: Cell::new(0),
            retrying: Cell::new(false),
            shown_at: Cell::new(DateTime::UNIX_EPOCH),
            behind: Cell::new(false),
            closed: Cell::new(false),
            live,
            step: RwSignal::new(Step::Resting),
            version: RwSignal::new(0),
        }))
    }

    /// Writes in one burst, unless the tablet is locked, and lets other tabs know.
    pub(super) async fn burst(&self, changes: Vec<Change>) -> Result<(), LocalError> {
        let some = !changes.is_empty();
        self.write_pulled(changes, some).await
    }

    /// Writes in one burst, unless the tablet is locked. Other tabs hear of a long load once, at its end.
    async fn write_pulled(&self, changes: Vec<Change>, tell: bool) -> Result<(), LocalError> {
        if self.closed.get() {
            return Err(LocalError::Failed);
        }
        self.local.write(changes).await?;
        if tell {
            tabs::tell(tabs::CHANGED);
        }
        Ok(())
    }

    /// Reads anew what another tab may have written, unless this one is getting in step: then it does so at the end.
    pub(super) async fn reload(&self) -> Result<(), LocalError> {
        if self.closed.get() {
            return Ok(());
        }
        if self.syncing.get() {
            self.stale.set(true);
            return Ok(());
        }
        self.read_anew().await
    }

    async fn read_anew(&self) -> Result<(), LocalError> {
        loop {
            let before = self.changes.get();
            let heads = self.local.all::<Head>(Shelf::Heads).await?.into_iter().map(|(_, head)| (head.id(), head)).collect();
            let entries: Vec<Entry> = self.local.all::<Entry>(Shelf::Outbox).await?.into_iter().map(|(_, entry)| entry).collect();
            let place = self.local.get(Shelf::Meta, PLACE).await?.unwrap_or_default();
            let district: Option<(String, District)> = self.local.get(Shelf::Meta, DISTRICT).await?;
            if self.changes.get() != before {
                // Something was written here meanwhile that what was read may not hold.
                continue;
            }
            if let Some(last) = entries.iter().map(|entry| entry.stamp).max() {
                self.clock.borrow_mut().follow(last, device_now());
            }
            self.change(|state| {
                state.heads = heads;
                state.outbox = Outbox::from(entries);
                state.place = place;
                state.district = district.or(state.district.take());
            });
            break;
        }
        self.version.update(|version| *version += 1);
        self.live.bump(&["case", "visit", "neighbor"]);
        Ok(())
    }

    /// Changes what is in memory.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.changes.set(self.changes.get().wrapping_add(1));
        change(&mut self.state.borrow_mut())
    }

    /// Lets screens know that something changed here.
    pub(super) fn changed(&self) {
        self.version.update(|version| *version += 1);
    }

    /// Whether the tablet was locked since.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Lets the tablet in at the server.
    pub(super) fn bearer(&self) -> &str {
        &self.bearer
    }

    /// The database with its key.
    #[must_use]
    pub const fn local(&self) -> &Local {
        &self.local
    }

    /// How far the tablet is in step with the server.
    #[must_use]
    pub fn step(&self) -> Signal<Step> {
        self.step.into()
    }

    /// Grows with everything that changes here.
    #[must_use]
    pub fn version(&self) -> Signal<u64> {
        self.version.into()
    }

    /// When the tablet was last in step with the server.
    #[must_use]
    pub fn synced_at(&self) -> Option<DateTime<Utc>> {
        self.state.borrow().place.synced_at
    }

    /// What the server's clock shows beyond the tablet's.
    #[must_use]
    pub fn offset(&self) -> TimeDelta {
        TimeDelta::try_milliseconds(self.state.borrow().place.offset_ms).unwrap_or_default()
    }

    /// The present instant by the server's clock, as far as it is known.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        device_now() + self.offset()
    }

    /// The outbox as it stands.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        self.state.borrow().outbox.clone()
    }

    /// The district.
    ///
    /// # Errors
    /// [`ApiError::Unavailable`] before anything was loaded.
    pub fn district(&self) -> Result<District, ApiError> {
        self.state.borrow().district.as_ref().map(|(_, district)| district.clone()).ok_or(ApiError::Unavailable)
    }

    /// What lists show, made by `list`.
    ///
    /// # Errors
    /// As [`Self::district`].
    pub fn list<T>(&self, list: impl FnOnce(&mut dyn Iterator<Item = &Head>, &District) -> T) -> Result<T, ApiError> {
        let state = self.state.borrow();
        let (_, district) = state.district.as_ref().ok_or(ApiError::Unavailable)?;
        Ok(list(&mut state.heads.values(), district))
    }

    /// A person's dossier with what was written here on top.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when the tablet keeps none.
    pub async fn dossier(&self, id: NeighborId) -> Result<Dossier, ApiError> {
        self.load(id).await?.ok_or(ApiError::NotFound)
    }

    async fn load(&self, id: NeighborId) -> Result<Option<Dossier>, LocalError> {
        let base: Option<Dossier> = self.local.get(Shelf::Dossiers, &id.to_string()).await?;
        Ok(self.on_top(base, id))
    }

    fn on_top(&self, base: Option<Dossier>, id: NeighborId) -> Option<Dossier> {
        let state = self.state.borrow();
        let (_, district) = state.district.as_ref()?;
        present(base, id, &state.outbox, district, state.place.reached, self_now(&state))
    }

    /// Whose case it is.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when the tablet keeps none.
    pub fn person_of_case(&self, case: CaseId) -> Result<NeighborId, ApiError> {
        let state = self.state.borrow();
        state.heads.values().find(|head| head.row.id == case).map(Head::id).ok_or(ApiError::NotFound)
    }

    /// To whom a visit goes.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when the tablet keeps none.
    pub fn person_of_visit(&self, visit: VisitId) -> Result<NeighborId, ApiError> {
        let state = self.state.borrow();
        state.heads.values().find(|head| head.has_visit(visit)).map(Head::id).ok_or(ApiError::NotFound)
    }

    fn person_of(&self, command: &Command) -> Result<NeighborId, ApiError> {
        match command {
            Command::Visit(VisitCommand::Schedule { case, .. } | VisitCommand::RecordUnplanned { case, .. }) => {
                self.person_of_case(*case)
            }
            Command::Visit(VisitCommand::Move { id, .. } | VisitCommand::Cancel { id, .. } | VisitCommand::Record { id, .. }) => {
                self.person_of_visit(*id)
            }
            Command::Neighbor(
                NeighborCommand::Register { id, .. }
                | NeighborCommand::Recognise { id, .. }
                | NeighborCommand::Edit { id, .. }
                | NeighborCommand::PutMember { id, .. }
                | NeighborCommand::EditMember { id, .. }
                | NeighborCommand::RemoveMember { id, .. }
                | NeighborCommand::Restrict { id, .. },
            ) => Ok(*id),
            Command::Attachment(AttachmentCommand::Add { case, .. } | AttachmentCommand::Remove { case, .. }) => {
                self.person_of_case(*case)
            }
            Command::Case(_) => {
                command.needs().into_iter().next().map_or(Err(ApiError::NotFound), |id| self.person_of_case(CaseId(id)))
            }
            _ => Err(ApiError::NotFound),
        }
    }

    /// The name of the person whom a command is about, where the tablet knows it.
    #[must_use]
    pub fn name_of(&self, command: &Command) -> Option<String> {
        if let Command::Neighbor(NeighborCommand::Register { profile, .. }) = command {
            return profile.name.clone();
        }
        let needed = command.needs();
        let about = |head: &&Head| {
            needed
                .iter()
                .any(|id| *id == head.row.neighbor.0 || *id == head.row.id.0 || head.visits.iter().any(|card| card.id.0 == *id))
        };
        self.state.borrow().heads.values().find(about).and_then(|head| head.row.name.clone())
    }

    /// Who changed the same at the same time, and when.
    pub async fn changed_by(&self, op: OpId) -> Option<(Worker, DateTime<Utc>)> {
        let entry = self.state.borrow().outbox.entry(op).cloned()?;
        let id = self.person_of(&entry.envelope.command).ok()?;
        changed_by(&entry, &self.load(id).await.ok()??)
    }

    /// Which tablet it is.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }
}

fn self_now(state: &State) -> DateTime<Utc> {
    device_now() + TimeDelta::try_milliseconds(state.place.offset_ms).unwrap_or_default()
}
