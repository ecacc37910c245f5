//! The tablet itself, while it is unlocked: answers every screen from what it keeps, takes every command at once, and keeps both in
//! step with the server when there is one. There is one in each tab.

use super::{
    database::{Change, Local, LocalError, Shelf},
    files, program, tabs,
    wire::{self, WireError},
};
use crate::components::live::Live;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ApiError,
    clock::{Clock, SystemClock},
    command::{Applied, AttachmentCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{CaseId, ChangeSeq, DeviceId, NeighborId, OpId, VisitId},
    sync::{
        apply::{Writing, apply, begin, is_about, present},
        choice::{Chosen, changed_by, chosen_anew},
        clock::{HybridClock, server_offset},
        outbox::{BATCH, Entry, Outbox, OutboxError},
        protocol::{Pull, PullAnswer, Push, PushAnswer, Pushed},
        replica::{District, Dossier},
        shown::Head,
    },
    view::Worker,
};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
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
    synced_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
struct State {
    place: Place,
    district: Option<(String, District)>,
    heads: BTreeMap<NeighborId, Head>,
    outbox: Outbox,
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

/// What a tablet keeps and does.
pub struct Tablet {
    local: Local,
    device: DeviceId,
    bearer: String,
    state: RefCell<State>,
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

    /// Reads anew what another tab may have written.
    pub(super) async fn reload(&self) -> Result<(), LocalError> {
        if self.closed.get() {
            return Ok(());
        }
        if self.syncing.get() {
            self.stale.set(true);
            return Ok(());
        }
        let heads = self.local.all::<Head>(Shelf::Heads).await?.into_iter().map(|(_, head)| (head.id(), head)).collect();
        let entries: Vec<Entry> = self.local.all::<Entry>(Shelf::Outbox).await?.into_iter().map(|(_, entry)| entry).collect();
        let place = self.local.get(Shelf::Meta, PLACE).await?.unwrap_or_default();
        if let Some(last) = entries.iter().map(|entry| entry.stamp).max() {
            self.clock.borrow_mut().follow(last, device_now());
        }
        {
            let mut state = self.state.borrow_mut();
            state.heads = heads;
            state.outbox = Outbox::from(entries);
            state.place = place;
        }
        self.version.update(|version| *version += 1);
        self.live.bump(&["case", "visit", "neighbor"]);
        Ok(())
    }

    /// Lets screens know that something changed here.
    pub(super) fn changed(&self) {
        self.version.update(|version| *version += 1);
    }

    /// Whether the tablet was locked since.
    pub(super) const fn is_closed(&self) -> bool {
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

    /// Takes a command: what it does is seen at once, and it goes out when there is a network.
    ///
    /// # Errors
    /// What the server would answer, as far as it can be known here; nothing is kept then.
    pub async fn write(self: &Rc<Self>, envelope: Envelope) -> Result<Applied, ApiError> {
        self.write_with(envelope, Vec::new()).await
    }

    /// As [`Self::write`], with what belongs to the command: both are kept, or neither.
    pub(super) async fn write_with(self: &Rc<Self>, envelope: Envelope, beside: Vec<Change>) -> Result<Applied, ApiError> {
        // A page's own clock moves once in a while: what counts is when it was written here.
        let envelope = Envelope { made_at: device_now(), ..envelope };
        let district = self.district()?;
        let id = self.person_of(&envelope.command)?;
        let base = self.load(id).await?;
        let writing = Writing { district: &district, at: envelope.made_at + self.offset(), op: envelope.op_id };
        let foreseen = match base {
            Some(mut dossier) if is_about(&envelope.command, &dossier) => {
                apply(&writing, &mut dossier, &envelope)?;
                Some(dossier)
            }
            Some(_) => return Err(ApiError::NotFound),
            None if matches!(envelope.command, Command::Neighbor(NeighborCommand::Register { .. })) => {
                begin(&writing, &envelope.command)?
            }
            None => return Err(ApiError::NotFound),
        };
        self.keep(envelope, beside).await?;
        let rev = foreseen.map_or(domain::ids::Rev::FIRST, |dossier| dossier.case.card.rev);
        self.show([id].into()).await?;
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
        let _ = self.state.borrow_mut().outbox.write(stamp, offset, envelope);
        Ok(())
    }

    fn entry_change(&self, outbox: &Outbox, op: OpId) -> Result<Option<Change>, LocalError> {
        outbox.entry(op).map(|entry| self.local.put(Shelf::Outbox, op, entry)).transpose()
    }

    /// Makes the heads of these people anew, and lets the screens know.
    async fn show(&self, people: BTreeSet<NeighborId>) -> Result<(), LocalError> {
        let mut changes = Vec::new();
        for id in people {
            let shown = self.load(id).await?;
            let mut state = self.state.borrow_mut();
            let head =
                shown.zip(state.district.as_ref()).map(|(dossier, (_, district))| Head::of(&dossier, district, self_now(&state)));
            match head {
                Some(head) => {
                    changes.push(self.local.put(Shelf::Heads, id, &head)?);
                    state.heads.insert(id, head);
                }
                None => {
                    state.heads.remove(&id);
                    changes.push(Change::Delete(Shelf::Heads, id.to_string()));
                }
            }
        }
        self.burst(changes).await?;
        self.version.update(|version| *version += 1);
        self.live.bump(&["case", "visit", "neighbor"]);
        Ok(())
    }

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
        let done = self.get_in_step().await;
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
        self.send().await?;
        self.ask().await?;
        self.send_files().await
    }

    async fn send(&self) -> Result<(), WireError> {
        loop {
            let mut outbox = self.state.borrow().outbox.clone();
            let batch = outbox.next_batch(BATCH);
            if batch.is_empty() {
                return self.ask_about_kept().await;
            }
            let decided = self.push(&outbox, &batch).await?;
            if !decided {
                return Ok(());
            }
        }
    }

    /// Asks what became of what the server keeps for others to decide.
    async fn ask_about_kept(&self) -> Result<(), WireError> {
        let outbox = self.state.borrow().outbox.clone();
        let kept = outbox.kept(BATCH);
        if kept.is_empty() { Ok(()) } else { self.push(&outbox, &kept).await.map(drop) }
    }

    /// Sends entries and notes what became of them; whether the server decided about any.
    async fn push(&self, outbox: &Outbox, batch: &[Entry]) -> Result<bool, WireError> {
        let entry = |entry: &Entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope.clone() };
        let ledger = outbox.ledger();
        let waiting = u32::try_from(ledger.waiting + ledger.sent).unwrap_or(u32::MAX);
        let push = Push { sent_at: device_now(), waiting, entries: batch.iter().map(entry).collect() };
        let answer: PushAnswer = wire::post(&format!("{API}/push"), &self.bearer, &push).await?;
        self.mind_clock(push.sent_at, answer.server_at);
        self.take_outcomes(answer).await
    }

    /// Notes what became of entries; whether the server decided about any.
    async fn take_outcomes(&self, answer: PushAnswer) -> Result<bool, WireError> {
        let mut outbox = self.state.borrow().outbox.clone();
        let mut changes = Vec::new();
        for (op, outcome) in &answer.results {
            outbox.answer(*op, outcome.clone());
            changes.extend(self.entry_change(&outbox, *op)?);
        }
        self.burst(changes).await?;
        let decided = answer.results.iter().any(|(_, outcome)| outcome.is_some());
        let mut asking = Vec::new();
        for (op, outcome) in answer.results {
            // Something may have been written meanwhile: it stays.
            let mut state = self.state.borrow_mut();
            state.outbox.answer(op, outcome);
            asking.extend(state.outbox.entry(op).filter(|entry| entry.state.asks()).map(|entry| entry.envelope.command.clone()));
        }
        let people = asking.iter().filter_map(|command| self.person_of(command).ok()).collect();
        self.show(people).await?;
        Ok(decided)
    }

    async fn ask(&self) -> Result<(), WireError> {
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
                return self.take_pulled(answer).await;
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
        let mut changes = Vec::new();
        for id in &leaving {
            let dossier = self.local.get::<Dossier>(Shelf::Dossiers, &id.to_string()).await?;
            changes.extend(dossier.iter().flat_map(files::of_dossier));
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
        {
            let mut state = self.state.borrow_mut();
            state.place = place;
            state.district = district.or(state.district.take());
            state.heads.retain(|id, _| !gone.contains(id));
            state.heads.extend(heads);
        }
        if self.state.borrow().outbox != outbox {
            // Something was written meanwhile: it goes on top.
            self.show(people).await?;
        } else if !people.is_empty() {
            self.show_soon(last);
        }
        Ok(())
    }

    /// Lets the screens know: during a long load once a second, because they are made anew each time.
    fn show_soon(&self, at_once: bool) {
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
        let _ = self.state.borrow_mut().outbox.replace(op, stamp, offset, envelope);
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
        let change = self.entry_change(&outbox, op)?;
        self.burst(change.into_iter().collect()).await?;
        // What was asked for once is there still: nothing else settles it.
        let _ = self.state.borrow_mut().outbox.withdraw(op);
        self.version.update(|version| *version += 1);
        Ok(())
    }

    fn mind_clock(&self, asked: DateTime<Utc>, server: DateTime<Utc>) {
        self.state.borrow_mut().place.offset_ms = server_offset(asked, server, device_now()).num_milliseconds();
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
