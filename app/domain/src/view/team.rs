//! What a manager sees of a team: who carries how much, what waits for a worker, and what waits for an answer.

use super::admin::TeamName;
use crate::{
    case::{ClockKind, Stage, Urgency},
    ids::{AssignmentId, CaseId, NeighborId, TeamId, UserId},
    workload::{Load, SuggestionReason},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A worker with what they carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerLoad {
    /// Who.
    pub id: UserId,
    /// Name on screens.
    pub name: String,
    /// Team of the grant.
    pub team: Option<TeamId>,
    /// What they carry.
    pub load: Load,
    /// How many of this week's visits are recorded.
    pub visits_done: u32,
}

/// A case in one of the board's lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardCase {
    /// Case.
    pub id: CaseId,
    /// Whose.
    pub neighbor: NeighborId,
    /// Name; empty when it is not known.
    pub name: String,
    /// Korean name of the dong.
    pub dong_ko: String,
    /// English name of the dong.
    pub dong_en: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Stage.
    pub stage: Stage,
    /// Who has it.
    pub worker: Option<String>,
    /// Since when it is open.
    pub opened_at: DateTime<Utc>,
    /// The open clock that is due first.
    pub due: Option<(ClockKind, NaiveDate)>,
}

/// A transfer that waits for its receiver's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingTransfer {
    /// The offer.
    pub id: AssignmentId,
    /// Which case.
    pub case: BoardCase,
    /// Who offered it.
    pub made_by: String,
    /// To whom.
    pub to: String,
    /// Why.
    pub reason: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Whether the one who looks may answer it.
    pub mine_to_answer: bool,
}

/// A closure that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingClosure {
    /// Which case.
    pub case: BoardCase,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Why, in words.
    pub explanation: String,
    /// Whether the one who looks may answer: nobody answers their own.
    pub mine_to_answer: bool,
}

/// The board of a team or of the whole district.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamBoard {
    /// Teams to choose from; more than one only for who leads the district.
    pub teams: Vec<TeamName>,
    /// The team shown; `None` is all of them.
    pub team: Option<TeamId>,
    /// Today, by which lateness is told.
    pub today: NaiveDate,
    /// Workers, the most loaded first.
    pub workers: Vec<WorkerLoad>,
    /// Open cases without a worker: the most urgent first, then the latest; at most 200.
    pub unassigned: Vec<BoardCase>,
    /// How many there are in all.
    pub unassigned_count: u32,
    /// Transfers that wait, the oldest first.
    pub transfers: Vec<WaitingTransfer>,
    /// Closures that wait, the oldest first.
    pub closures: Vec<WaitingClosure>,
    /// Cases about which something came too late from a tablet and waits for a decision, by id; at most 100.
    #[serde(default)]
    pub kept: Vec<BoardCase>,
    /// Assigned cases whose first contact is late, the latest first; at most 50.
    pub overdue: Vec<BoardCase>,
}

/// Who could take a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestedWorker {
    /// The case.
    pub case: CaseId,
    /// The worker.
    pub worker: UserId,
    /// The worker's name.
    pub name: String,
    /// Why.
    pub reasons: Vec<SuggestionReason>,
}
