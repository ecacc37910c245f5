//! The caseload and the page of one case.

use super::{
    Worker,
    neighbors::{BothNames, DongName, NeighborPage},
};
use crate::{
    attachment::AttachmentCard,
    case::{ClockKind, ClockState, ClosureReason, Stage, Step, UnreachableShortfall, Urgency},
    ids::{AssignmentId, CaseId, NeighborId, OpId, Rev, TeamId, UserId, ViewId, VisitId},
    profile::{AgeBand, Channel, Sex, coded},
    round::RoundPeriod,
    text::{BirthYear, DongCode},
    visit::{CancelReason, NotMetReason, SeenWith, VisitKind, VisitState, Window},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};

coded! {
    /// How wide a list looks.
    CaseLens { /// 내 사례
        Own = "own", /// 우리 팀
        Team = "team", /// 구 전체
        District = "district", }
}

coded! {
    /// By what a list of cases is sorted.
    CaseSort { /// 기한
        Due = "due", /// 이름
        Name = "name", /// 긴급도
        Urgency = "urgency", /// 마지막 접촉
        LastContact = "last_contact", /// 다음 방문
        NextVisit = "next_visit", }
}

/// Which cases, in which order. Everything of it but the searched name may stand in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseQuery {
    /// How wide; the widest of the actor's daily work by default.
    pub lens: Option<CaseLens>,
    /// Which team, for those who see several.
    pub team: Option<TeamId>,
    /// Whose.
    pub worker: Option<UserId>,
    /// Nobody's.
    pub unassigned: bool,
    /// At which stage.
    pub stage: Option<Stage>,
    /// How urgent.
    pub urgency: Option<Urgency>,
    /// In which dong.
    pub dong: Option<DongCode>,
    /// Only where something is late.
    pub overdue: bool,
    /// Closed ones instead of open ones.
    pub closed: bool,
    /// Order.
    pub sort: Option<CaseSort>,
    /// The other way round.
    pub descending: bool,
    /// A searched name; never part of an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl CaseQuery {
    /// Whether it leaves out cases beyond the choice of whose they are.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        Self { lens: None, sort: None, descending: false, ..self.clone() } != Self::default()
    }

    /// As the address bar and saved views hold it; without the searched name.
    #[must_use]
    pub fn to_address(&self) -> String {
        let mut text = String::new();
        let mut put = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                let separator = if text.is_empty() { "" } else { "&" };
                // Writing to a string does not fail.
                let _ = write!(text, "{separator}{key}={value}");
            }
        };
        let (team, worker) = (self.team.map(|id| id.to_string()), self.worker.map(|id| id.to_string()));
        put("lens", self.lens.map(CaseLens::code));
        put("team", team.as_deref());
        put("worker", worker.as_deref());
        put("unassigned", self.unassigned.then_some("1"));
        put("stage", self.stage.map(Stage::code));
        put("urgency", self.urgency.map(Urgency::code));
        put("dong", self.dong.as_ref().map(DongCode::as_str));
        put("overdue", self.overdue.then_some("1"));
        put("closed", self.closed.then_some("1"));
        put("sort", self.sort.map(CaseSort::code));
        put("desc", self.descending.then_some("1"));
        text
    }

    /// Reads an address; what it does not know it leaves out.
    #[must_use]
    pub fn from_address(text: &str) -> Self {
        let mut query = Self::default();
        for (key, value) in text.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('=')) {
            match key {
                "lens" => query.lens = CaseLens::from_code(value),
                "team" => query.team = value.parse().ok(),
                "worker" => query.worker = value.parse().ok(),
                "unassigned" => query.unassigned = value == "1",
                "stage" => query.stage = Stage::from_code(value),
                "urgency" => query.urgency = Urgency::from_code(value),
                "dong" => query.dong = value.parse().ok(),
                "overdue" => query.overdue = value == "1",
                "closed" => query.closed = value == "1",
                "sort" => query.sort = CaseSort::from_code(value),
                "desc" => query.descending = value == "1",
                _ => {}
            }
        }
        query
    }
}

/// One line of the caseload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// Whose.
    pub neighbor: NeighborId,
    /// Name, if known.
    pub name: Option<String>,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Age as seen.
    pub age_band: Option<AgeBand>,
    /// Sex.
    pub sex: Sex,
    /// Dong.
    pub dong: DongName,
    /// Where it stands.
    pub stage: Stage,
    /// How urgent.
    pub urgency: Urgency,
    /// The open clock that is due first.
    pub due: Option<(ClockKind, NaiveDate)>,
    /// Last contact of any kind.
    pub last_contact_at: Option<DateTime<Utc>>,
    /// Next planned visit.
    pub next_visit_at: Option<DateTime<Utc>>,
    /// Who holds it.
    pub worker: Option<Worker>,
    /// Why it was closed.
    pub closure: Option<ClosureReason>,
    /// Whether closing waits for a second person.
    pub closure_asked: bool,
}

/// A number that is counted no further than it needs to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many, at most [`Count::LIMIT`].
    pub at_least: u32,
    /// Whether there are more.
    pub more: bool,
}

impl Count {
    /// Counting stops here.
    pub const LIMIT: u32 = 999;
}

/// What stands above the caseload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseloadHead {
    /// The lens that was used.
    pub lens: CaseLens,
    /// The lenses that this person may use.
    pub lenses: Vec<CaseLens>,
    /// Open cases.
    pub open: Count,
    /// Open cases in which something is late.
    pub overdue: Count,
    /// The dongs of the district.
    pub dongs: Vec<DongName>,
    /// Workers to filter by; empty when there is only oneself.
    pub workers: Vec<Worker>,
    /// Saved views.
    pub views: Vec<SavedView>,
}

/// A kept filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// The filter as the address bar shows it.
    pub query: String,
}

/// An offer to take a case over that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingTransfer {
    /// The offer.
    pub id: AssignmentId,
    /// To whom.
    pub to: Worker,
    /// Who made it.
    pub by: Worker,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// Whether the viewer is the one who answers.
    pub mine_to_answer: bool,
}

/// A wish to close as unreachable that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingClosure {
    /// Who asked.
    pub by: Worker,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub note: Option<String>,
    /// Whether the viewer asked, and so can't answer.
    pub mine: bool,
}

/// A visit that lies ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitAhead {
    /// Its id.
    pub id: VisitId,
    /// How.
    pub kind: VisitKind,
    /// When.
    pub window: Window,
    /// Who goes.
    pub worker: Worker,
    /// Who goes along.
    pub second_worker: Option<Worker>,
    /// What for.
    pub purpose: Option<String>,
}

/// The case itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseCard {
    /// Its id.
    pub id: CaseId,
    /// Revision.
    pub rev: Rev,
    /// Where it stands.
    pub stage: Stage,
    /// Each step with the day on which it was done.
    pub steps: Vec<(Step, Option<NaiveDate>)>,
    /// The step that would be recorded next.
    pub next_step: Option<Step>,
    /// How urgent.
    pub urgency: Urgency,
    /// Every clock that has started.
    pub clocks: Vec<ClockState>,
    /// How we learned.
    pub learned_from: Channel,
    /// When the signal or report reached the district.
    pub discovered_at: DateTime<Utc>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was closed.
    pub closure: Option<ClosureReason>,
    /// Who holds it.
    pub worker: Option<Worker>,
    /// An offer that waits.
    pub transfer: Option<PendingTransfer>,
    /// A wish to close that waits.
    pub closing: Option<PendingClosure>,
    /// What is missing before the neighbor may be called unreachable; `None` when nothing is.
    pub shortfall: Option<UnreachableShortfall>,
    /// Visits ahead, the next one first.
    pub visits: Vec<VisitAhead>,
    /// What came from tablets too late, and waits for a decision; the oldest first.
    #[serde(default)]
    pub kept: Vec<KeptEntry>,
}

/// Something that was written on a tablet when the case was somebody else's already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptEntry {
    /// Its op id.
    pub op: OpId,
    /// Who wrote it.
    pub by: Worker,
    /// When, by the server's clock.
    pub written_at: DateTime<Utc>,
    /// The label of the command.
    pub label: String,
    /// What it says, field by field.
    pub says: Vec<(String, serde_json::Value)>,
    /// The names of dongs and signs that stand in it as codes.
    #[serde(default)]
    pub names: BTreeMap<String, BothNames>,
}

/// The page of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePage {
    /// The case.
    pub case: CaseCard,
    /// The person.
    pub neighbor: NeighborPage,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// Unique among the entries of one person.
    pub key: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Option<Worker>,
    /// What.
    pub what: Happening,
}

coded! {
    /// Kinds of things on a timeline, to filter by.
    TimelineKind { /// 위기정보
        Signal = "signal", /// 방문·연락
        Visit = "visit", /// 기록
        Note = "note", /// 사진·서명
        Attachment = "attachment", /// 배정·이관
        Assignment = "assignment", /// 진행·변경
        Step = "step", }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happening {
    /// A discovery list named the person.
    Signals {
        /// Which list.
        period: RoundPeriod,
        /// What it said.
        indicators: Vec<BothNames>,
    },
    /// A visit or attempt, and what became of it.
    Visit {
        /// Its id.
        id: VisitId,
        /// How.
        kind: VisitKind,
        /// What became of it.
        state: VisitState,
        /// A verified face-to-face.
        face_to_face: Option<SeenWith>,
        /// Why nobody was met.
        not_met: Option<NotMetReason>,
        /// Why it was cancelled.
        cancelled: Option<CancelReason>,
        /// Note.
        note: Option<String>,
    },
    /// A note.
    Note {
        /// What was written.
        body: String,
    },
    /// A photo or signature.
    Attachment {
        /// What is known of it.
        card: AttachmentCard,
    },
    /// The case was given or offered to a worker.
    Assignment {
        /// From whom.
        from: Option<Worker>,
        /// To whom.
        to: Worker,
        /// `assigned`, `pending`, `accepted`, `rejected`, `lapsed` or `taken_back`.
        state: String,
        /// Why.
        reason: Option<String>,
        /// What the receiver said.
        answer: Option<String>,
    },
    /// Something else, by its code: `registered`, `case_opened`, `step_recorded`…
    Event {
        /// The code.
        kind: String,
        /// The step that was recorded.
        step: Option<Step>,
        /// The day of the step.
        on: Option<NaiveDate>,
        /// The urgency that was set.
        urgency: Option<Urgency>,
        /// Why it was closed.
        closure: Option<ClosureReason>,
        /// From whom it came.
        channel: Option<Channel>,
        /// Which fields were edited.
        fields: Vec<String>,
    },
}

impl Happening {
    /// Of which kind it is.
    #[must_use]
    pub const fn kind(&self) -> TimelineKind {
        match self {
            Self::Signals { .. } => TimelineKind::Signal,
            Self::Visit { .. } => TimelineKind::Visit,
            Self::Note { .. } => TimelineKind::Note,
            Self::Attachment { .. } => TimelineKind::Attachment,
            Self::Assignment { .. } => TimelineKind::Assignment,
            Self::Event { .. } => TimelineKind::Step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written_and_never_holds_the_name() {
        let query = CaseQuery {
            lens: Some(CaseLens::Team),
            stage: Some(Stage::Plan),
            urgency: Some(Urgency::Emergency),
            dong: "1165051000".parse().ok(),
            worker: Some(UserId::new()),
            overdue: true,
            sort: Some(CaseSort::LastContact),
            descending: true,
            name: Some("김가상".to_owned()),
            ..CaseQuery::default()
        };
        let address = query.to_address();
        assert!(!address.contains("김"), "{address}");
        assert_eq!(CaseQuery::from_address(&address), CaseQuery { name: None, ..query });
        assert_eq!(CaseQuery::from_address("?stage=nonsense&x=1&=&lens"), CaseQuery::default());
    }
}
