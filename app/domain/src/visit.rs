//! Visits and contact attempts, from planned to what happened.

use crate::{
    Rule,
    ids::{SeriesId, UserId, VisitId},
    profile::coded,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

coded! {
    /// How contact is made.
    VisitKind { /// 가정방문
        Home = "home", /// 전화
        Phone = "phone", /// 내방
        Office = "office", /// 동행
        Accompanied = "accompanied", /// 복지등기
        RegisteredMail = "registered_mail", }
}

impl VisitKind {
    /// Whether workers and neighbor are in one place.
    #[must_use]
    pub const fn is_in_person(self) -> bool {
        matches!(self, Self::Home | Self::Office | Self::Accompanied)
    }
}

coded! {
    /// Where a visit stands.
    VisitState { /// 예정
        Scheduled = "scheduled", /// 만남
        Met = "met", /// 못 만남
        NotMet = "not_met", /// 취소
        Cancelled = "cancelled", }
}

/// What can happen to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitEvent {
    /// Another time was agreed.
    Move,
    /// The person was met or spoken to.
    Meet,
    /// The person was not reached.
    Miss,
    /// It will not take place.
    Cancel,
}

impl VisitState {
    /// The state after `event`.
    ///
    /// # Errors
    /// [`Rule::VisitDone`] once the visit has an end.
    pub const fn next(self, event: VisitEvent) -> Result<Self, Rule> {
        match (self, event) {
            (Self::Scheduled, VisitEvent::Move) => Ok(Self::Scheduled),
            (Self::Scheduled, VisitEvent::Meet) => Ok(Self::Met),
            (Self::Scheduled, VisitEvent::Miss) => Ok(Self::NotMet),
            (Self::Scheduled, VisitEvent::Cancel) => Ok(Self::Cancelled),
            (Self::Met | Self::NotMet | Self::Cancelled, _) => Err(Rule::VisitDone),
        }
    }
}

coded! {
    /// Why somebody was not met.
    NotMetReason { /// 부재
        NobodyHome = "nobody_home", /// 거주하지 않음
        DoesNotLiveHere = "does_not_live_here", /// 거절
        Refused = "refused", /// 입원
        Hospital = "hospital", /// 위험
        Unsafe = "unsafe", /// 기타
        Other = "other", }
}

coded! {
    /// Why a visit was cancelled.
    CancelReason { /// 이웃 사정
        NeighborAsked = "neighbor_asked", /// 담당자 사정
        WorkerUnavailable = "worker_unavailable", /// 날씨·재난
        Weather = "weather", /// 다른 방식으로 확인
        DoneOtherwise = "done_otherwise", /// 잘못 등록
        EnteredInError = "entered_in_error", /// 사례 종결
        CaseClosed = "case_closed", }
}

coded! {
    /// Whom the worker saw face to face.
    SeenWith { /// 본인
        Neighbor = "neighbor", /// 가구원
        HouseholdMember = "household_member", /// 돌보는 사람
        Carer = "carer", /// 이웃·관리인
        Neighbour = "neighbour", }
}

/// From when to when a visit takes place; at most 12 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Start.
    pub start: DateTime<Utc>,
    /// End, after the start.
    pub end: DateTime<Utc>,
}

impl Window {
    /// Whether the two share any time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A planned visit: everything that scheduling decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPlan {
    /// Its id.
    pub id: VisitId,
    /// The series that it belongs to.
    pub series: Option<SeriesId>,
    /// How contact is made.
    pub kind: VisitKind,
    /// When.
    pub window: Window,
    /// Who goes.
    pub worker: UserId,
    /// Who goes along.
    pub second_worker: Option<UserId>,
    /// Whether nobody may go alone.
    pub two_person: bool,
    /// What it is for, at most 200 characters.
    pub purpose: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Met or spoken to.
    Met {
        /// A verified face-to-face, with whom. A parcel or a text message is not one.
        face_to_face: Option<SeenWith>,
    },
    /// Not reached.
    NotMet {
        /// Why.
        reason: NotMetReason,
    },
}
