//! What the makers of the demo district share: who works there, whose hours are taken, what happens, which cases stand
//! open in the end.

use super::{diary::Diary, notes::Notes, random::Dice, script::Script, staff::Staff};
use chrono::{DateTime, Utc};
use domain::{
    command::{Command, VisitCommand},
    ids::{CaseId, NeighborId, UserId, VisitId},
    policy::Actor,
    visit::{Outcome, VisitKind, Window},
};
use std::collections::BTreeMap;

/// A case that is open now.
#[derive(Clone, Debug)]
pub(super) struct OpenCase {
    pub neighbor: NeighborId,
    pub case: CaseId,
    pub team: usize,
    /// Nobody, for a case that waits in the queue.
    pub worker: Option<Actor>,
    /// Since when it is with the worker, or in the queue.
    pub since: DateTime<Utc>,
    pub met: bool,
    pub restricted: bool,
    /// A transfer or a closure waits for an answer.
    pub waiting: bool,
}

/// The district in the making.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub seed: u64,
    pub start: DateTime<Utc>,
    pub now: DateTime<Utc>,
    pub staff: Staff,
    pub diary: Diary,
    pub notes: Notes,
    pub script: Script,
    pub open: BTreeMap<NeighborId, OpenCase>,
    /// Since when a neighbor's last case is closed for good; `None` when it is open or was opened again.
    pub closed: BTreeMap<NeighborId, Option<DateTime<Utc>>>,
    /// From when until when a case was closed that was opened again.
    pub between: BTreeMap<NeighborId, (DateTime<Utc>, DateTime<Utc>)>,
    /// Which manager is named for a restricted neighbor.
    pub restricted: BTreeMap<NeighborId, UserId>,
    /// Planned visits that are over and that nobody has recorded, by worker.
    pub forgotten: BTreeMap<UserId, usize>,
}

/// A visit to be planned.
pub(super) struct Planned {
    pub kind: VisitKind,
    pub window: Window,
    pub second: Option<Actor>,
    pub purpose: &'static str,
}

impl World {
    /// Writes a deed down.
    pub(super) fn add(&mut self, at: DateTime<Utc>, who: &Actor, command: impl Into<Command>) {
        self.script.add(at, who, command);
    }

    /// Plans a visit of `worker`, by themselves.
    pub(super) fn plan(
        &mut self,
        dice: &mut Dice,
        at: DateTime<Utc>,
        worker: &Actor,
        case: CaseId,
        planned: &Planned,
    ) -> VisitId {
        let id = dice.id(VisitId::at, at);
        let command = VisitCommand::Schedule {
            id,
            series: None,
            case,
            kind: planned.kind,
            window: planned.window,
            worker: worker.user,
            second_worker: planned.second.as_ref().map(|second| second.user),
            two_person: planned.second.is_some(),
            purpose: Some(planned.purpose.to_owned()),
            recurrence: None,
        };
        self.add(at, worker, command);
        id
    }

    /// Records a planned visit.
    pub(super) fn record(&mut self, id: VisitId, told: &Told, worker: &Actor) {
        let Told { recorded, at, outcome, signs, note, .. } = told.clone();
        self.add(recorded, worker, VisitCommand::Record { id, at, outcome, signs, note });
    }

    /// Records a contact that was not planned.
    pub(super) fn record_unplanned(&mut self, dice: &mut Dice, case: CaseId, told: &Told, worker: &Actor) {
        let Told { recorded, at, kind, outcome, signs, note } = told.clone();
        let id = dice.id(VisitId::at, recorded);
        self.add(recorded, worker, VisitCommand::RecordUnplanned { id, case, kind, at, outcome, signs, note });
    }
}

/// What a worker tells of a visit.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub recorded: DateTime<Utc>,
    pub at: DateTime<Utc>,
    pub kind: VisitKind,
    pub outcome: Outcome,
    pub signs: Vec<String>,
    pub note: Option<String>,
}
