//! Discovery rounds as screens show them: the lists, the preview of a file, the triage and the pairs to confirm.

use super::Worker;
use crate::{
    case::Urgency,
    ids::{CaseId, DraftId, LinkId, NeighborId, RoundEntryId, RoundId},
    linkage::LinkScore,
    profile::{Channel, NeighborProfile, Sex, coded},
    round::{Advice, ImportReport, RoundPeriod, TriageDecision},
    text::{BirthYear, DongCode},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// Its code.
    pub code: String,
    /// Korean name.
    pub ko: String,
    /// English name.
    pub en: String,
}

/// A round with how far its triage has come, counting what the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundSummary {
    /// Its id.
    pub id: RoundId,
    /// Which list.
    pub period: RoundPeriod,
    /// When it was loaded first.
    pub imported_at: DateTime<Utc>,
    /// Who loaded it.
    pub imported_by: String,
    /// Entries by decision.
    pub counts: TriageCounts,
}

/// Entries by decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageCounts {
    /// Waiting.
    pub open: u32,
    /// A case was opened.
    pub case_opened: u32,
    /// Attached to an open case.
    pub attached: u32,
    /// Another district serves the person.
    pub passed_on: u32,
    /// Nothing is to be done.
    pub no_action: u32,
}

impl TriageCounts {
    /// All entries.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.open + self.case_opened + self.attached + self.passed_on + self.no_action
    }

    /// Entries with a decision.
    #[must_use]
    pub const fn decided(self) -> u32 {
        self.all() - self.open
    }

    /// Entries with this decision.
    #[must_use]
    pub const fn of(self, decision: TriageDecision) -> u32 {
        match decision {
            TriageDecision::Open => self.open,
            TriageDecision::CaseOpened => self.case_opened,
            TriageDecision::Attached => self.attached,
            TriageDecision::PassedOn => self.passed_on,
            TriageDecision::NoAction => self.no_action,
        }
    }

    /// Adds `count` entries with this decision.
    pub const fn add(&mut self, decision: TriageDecision, count: u32) {
        let field = match decision {
            TriageDecision::Open => &mut self.open,
            TriageDecision::CaseOpened => &mut self.case_opened,
            TriageDecision::Attached => &mut self.attached,
            TriageDecision::PassedOn => &mut self.passed_on,
            TriageDecision::NoAction => &mut self.no_action,
        };
        *field += count;
    }
}

/// The rounds, newest first, with the number of pairs that wait for a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundList {
    /// The newest rounds, at most 36.
    pub rounds: Vec<RoundSummary>,
    /// Pairs of records that may be one person.
    pub links_waiting: u32,
    /// Whether the viewer may load lists.
    pub may_import: bool,
}

/// What the triage page of a round needs besides its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageHead {
    /// The round.
    pub round: RoundSummary,
    /// Dongs of the district, by code.
    pub dongs: Vec<Named>,
    /// Caseworkers to whom a new case can be given.
    pub workers: Vec<Worker>,
}

/// Which entries of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TriageFilter {
    /// With this decision; all when `None`.
    pub decision: Option<TriageDecision>,
    /// In this dong.
    pub dong: Option<DongCode>,
    /// With at least so many indicators.
    pub least: Option<u8>,
}

/// One entry of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageEntry {
    /// Its id.
    pub id: RoundEntryId,
    /// Whom it is about.
    pub neighbor: NeighborId,
    /// Name.
    pub name: Option<String>,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Sex.
    pub sex: Sex,
    /// Dong.
    pub dong: Named,
    /// The indicators of this round.
    pub indicators: Vec<Named>,
    /// Remark of the list.
    pub note: Option<String>,
    /// Who first, and why.
    pub advice: Advice,
    /// What became of it.
    pub decision: TriageDecision,
    /// Reason code of "no action", or the district to which it was passed on.
    pub reason: Option<String>,
    /// The neighbor's open case: a decision to act attaches to it.
    pub open_case: Option<CaseId>,
    /// The case that the decision made or found.
    pub case: Option<CaseId>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl TriageEntry {
    /// The urgency that is advised.
    #[must_use]
    pub const fn urgency(&self) -> Urgency {
        self.advice.urgency
    }
}

coded! {
    /// What a row of a file means.
    RowOutcome { /// 새 이웃
        New = "new", /// 아는 이웃
        Matched = "matched", /// 확인 필요
        ToConfirm = "to_confirm", /// 파일 안 중복
        Duplicate = "duplicate", }
}

/// A row of a file as the preview shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Row as a spreadsheet counts.
    pub row: u32,
    /// Name.
    pub name: String,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Dong.
    pub dong: DongCode,
    /// Codes of indicators.
    pub indicators: Vec<String>,
    /// What it means.
    pub outcome: RowOutcome,
}

/// What loading a file would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// The numbers, and everything that is wrong.
    pub report: ImportReport,
    /// Which list, when the file says it.
    pub period: Option<RoundPeriod>,
    /// The first rows.
    pub sample: Vec<PreviewRow>,
    /// Under which draft the rows are kept; `None` when something is wrong with the file.
    pub draft: Option<DraftId>,
}

/// A step of an import that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ImportProgress {
    /// So many people are done.
    Working {
        /// Done.
        done: u32,
        /// Of.
        total: u32,
    },
    /// All is applied.
    Done {
        /// The round.
        round: RoundId,
        /// The numbers.
        report: Box<ImportReport>,
    },
    /// Nothing is applied.
    Failed {
        /// Why.
        error: crate::ApiError,
    },
}

/// Two records that may be one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkPair {
    /// Its id.
    pub id: LinkId,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// The older record, which would stay.
    pub older: LinkPerson,
    /// The newer record, which would be merged into it.
    pub newer: LinkPerson,
    /// What speaks for and against.
    pub score: LinkScore,
}

/// One of the two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPerson {
    /// Whom.
    pub id: NeighborId,
    /// What is known; without the health note.
    pub profile: NeighborProfile,
    /// Name of the dong.
    pub dong: Named,
    /// How we learned of the person.
    pub learned_from: Channel,
    /// Since when the record is there.
    pub since: DateTime<Utc>,
    /// Whether a case is open.
    pub open_case: Option<CaseId>,
}
