//! Visits as screens show them: my day, the week, one visit, what must be known to plan one.

use super::{Worker, neighbors::BothNames};
use crate::{
    case::{Attempt, ClockKind, Stage, UnreachableShortfall, Urgency},
    catalogue::Sign,
    ids::{AssignmentId, CaseId, DraftId, NeighborId, Rev, SeriesId, TeamId, UserId, VisitId},
    profile::{ContactConsent, Language, LivingPlace},
    text::PhoneNumber,
    visit::{CancelReason, NotMetReason, Plan, SeenWith, VisitKind, VisitState, Window},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamOption {
    /// Id.
    pub id: TeamId,
    /// Name.
    pub name: BothNames,
}

/// A visit in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitCard {
    /// Which.
    pub id: VisitId,
    /// Of which case.
    pub case: CaseId,
    /// To whom.
    pub neighbor: NeighborId,
    /// Their name, where it is known.
    pub name: Option<String>,
    /// Where they live.
    pub dong: BothNames,
    /// How urgent the case is.
    pub urgency: Urgency,
    /// How contact is made.
    pub kind: VisitKind,
    /// When.
    pub window: Window,
    /// Who goes.
    pub worker: Worker,
    /// Who goes along.
    pub second_worker: Option<Worker>,
    /// Whether nobody may go alone.
    pub two_person: bool,
    /// What for.
    pub purpose: Option<String>,
    /// The series that it belongs to.
    pub series: Option<SeriesId>,
    /// Where it stands.
    pub state: VisitState,
    /// With whom a face-to-face was.
    pub face_to_face: Option<SeenWith>,
    /// Why nobody was met.
    pub not_met_reason: Option<NotMetReason>,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
    /// When it happened.
    pub happened_at: Option<DateTime<Utc>>,
    /// Revision.
    pub rev: Rev,
}

impl VisitCard {
    /// When it is, and who goes.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan { window: self.window, worker: self.worker.id, second_worker: self.second_worker.as_ref().map(|worker| worker.id) }
    }
}

/// Where and how somebody is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Address.
    pub address: Option<String>,
    /// Has no fixed address.
    pub no_fixed_address: bool,
    /// Phone.
    pub phone: Option<PhoneNumber>,
    /// The language in which the person is best spoken to.
    pub language: Language,
    /// The kind of place where they live.
    pub living_place: LivingPlace,
    /// Whether they agreed to be contacted.
    pub consent: ContactConsent,
}

/// A case that waits for its worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingCase {
    /// Which.
    pub case: CaseId,
    /// The neighbor's name, where it is known.
    pub name: Option<String>,
    /// Where they live.
    pub dong: BothNames,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Where it stands.
    pub stage: Stage,
    /// What is due next.
    pub clock: Option<ClockKind>,
    /// When that is due.
    pub due: Option<NaiveDate>,
    /// How many days late it is today; 0 when it is due today or later.
    pub days_late: u32,
    /// When the worker was given the case.
    pub assigned_at: Option<DateTime<Utc>>,
    /// The next planned visit.
    pub next_visit_at: Option<DateTime<Utc>>,
}

/// A case that is offered to the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingTransfer {
    /// The offer.
    pub id: AssignmentId,
    /// Which case.
    pub case: CaseId,
    /// The neighbor's name, where it is known.
    pub name: Option<String>,
    /// Where they live.
    pub dong: BothNames,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Where it stands.
    pub stage: Stage,
    /// Who offers it.
    pub from: Option<Worker>,
    /// When it was offered.
    pub offered_at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// How many planned visits travel with it.
    pub visits: u32,
}

/// A worker's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyDay {
    /// Which day.
    pub day: NaiveDate,
    /// The visit to go to next, with what is needed to get there.
    pub next: Option<(VisitId, Contact)>,
    /// The day's visits in time order, without cancelled ones.
    pub visits: Vec<VisitCard>,
    /// Visits of earlier days about which nothing was recorded, the oldest first; at most 50.
    pub unrecorded: Vec<VisitCard>,
    /// First contacts that are late or due on the day, the most urgent first; at most 50.
    pub first_contacts: Vec<WaitingCase>,
    /// Cases given to the worker in the last seven days without any contact since, the newest first; at most 50.
    pub assigned: Vec<WaitingCase>,
    /// Cases that are offered to the worker.
    pub transfers: Vec<WaitingTransfer>,
    /// Own cases about which something came too late from a colleague's tablet and waits for a decision; at most 50.
    #[serde(default)]
    pub kept: Vec<WaitingCase>,
    /// How many visits are planned in the six days that follow.
    pub week_ahead: u32,
}

/// Whose week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lens", rename_all = "snake_case")]
pub enum CalendarLens {
    /// One worker's, also as the second one.
    Worker {
        /// Who.
        worker: UserId,
    },
    /// A whole team's.
    Team {
        /// Which.
        team: TeamId,
    },
}

/// A week of visits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Its first day.
    pub monday: NaiveDate,
    /// Whose it is.
    pub lens: CalendarLens,
    /// The visits in time order, without cancelled ones.
    pub visits: Vec<VisitCard>,
    /// Whether there were more than are shown.
    pub cut: bool,
    /// The workers whose weeks the actor may look at.
    pub workers: Vec<Worker>,
    /// The teams whose weeks the actor may look at.
    pub teams: Vec<TeamOption>,
}

/// One visit with everything that a worker at the door needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPage {
    /// The visit.
    pub card: VisitCard,
    /// Where and how the person is reached.
    pub contact: Contact,
    /// Where the case stands.
    pub stage: Stage,
    /// Whether the case is open.
    pub case_open: bool,
    /// The note that was recorded.
    pub note: Option<String>,
    /// Codes of the signs that were ticked.
    pub signs: Vec<String>,
    /// Who recorded it.
    pub recorded_by: Option<Worker>,
    /// When it was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
    /// How many later visits of the series are still planned.
    pub later_in_series: u32,
    /// When the next other visit of the case is planned.
    pub next_visit_at: Option<DateTime<Utc>>,
    /// The attempts that reached nobody since the last contact: what the next attempt is suggested from.
    pub attempts: Vec<Attempt>,
    /// Who may go.
    pub workers: Vec<Worker>,
}

/// What must be known to plan a visit of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPlanning {
    /// Which case.
    pub case: CaseId,
    /// The neighbor's name, where it is known.
    pub name: Option<String>,
    /// Where they live.
    pub dong: BothNames,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Where it stands.
    pub stage: Stage,
    /// Who plans.
    pub me: UserId,
    /// Who may go.
    pub workers: Vec<Worker>,
    /// What is planned already, in time order; at most 60.
    pub planned: Vec<VisitCard>,
}

/// What the form that plans a visit needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanForm {
    /// The case and what is planned already.
    pub planning: VisitPlanning,
    /// What was written and not sent, as the form wrote it.
    pub draft: Option<String>,
}

/// Where the unsent plan of a case is kept: beside its unsent record, which is kept under the case's own id.
#[must_use]
pub fn plan_draft(case: CaseId) -> DraftId {
    DraftId(uuid::Uuid::from_u128(case.0.as_u128() ^ 1))
}

/// The draft of a note: one for each case or visit about which it is written.
#[must_use]
pub fn note_draft(about: impl Into<uuid::Uuid>) -> DraftId {
    DraftId(uuid::Uuid::from_u128(about.into().as_u128() ^ 2))
}

/// A worker's other visit at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Position of the wished window.
    pub at: usize,
    /// Who is busy.
    pub worker: Worker,
    /// From when to when.
    pub window: Window,
    /// With whom, where the actor may know of the visit.
    pub with: Option<ClashWith>,
}

/// The other visit, where the actor may know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClashWith {
    /// Which.
    pub visit: VisitId,
    /// How contact is made.
    pub kind: VisitKind,
    /// The neighbor's name, where it is known.
    pub name: Option<String>,
}

/// The attempts of a case since its last contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// The attempts.
    pub attempts: Vec<Attempt>,
    /// What is still missing before the neighbor may be called unreachable; `None` when nothing is.
    pub shortfall: Option<UnreachableShortfall>,
}

/// What the form about one visit needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitForm {
    /// The visit.
    pub page: VisitPage,
    /// The signs that can be ticked.
    pub signs: Vec<Sign>,
    /// What was written and not sent, as the form wrote it.
    pub draft: Option<String>,
}

/// What the form about a contact without a plan needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactForm {
    /// The case.
    pub planning: VisitPlanning,
    /// The attempts that reached nobody since the last contact.
    pub attempts: Vec<Attempt>,
    /// The signs that can be ticked.
    pub signs: Vec<Sign>,
    /// What was written and not sent, as the form wrote it.
    pub draft: Option<String>,
}
