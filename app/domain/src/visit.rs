//! Visits and contact attempts, from planned to what happened.

mod plan;
mod suggestion;

pub use plan::Plan;
pub use suggestion::{NextAttempt, NextAttemptReason, suggest_next_attempt};

use crate::{
    ApiError, Invalid, Rule,
    clock::is_plausible,
    ids::{SeriesId, UserId, VisitId},
    profile::coded,
};
use chrono::{DateTime, TimeDelta, Utc};
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

impl NotMetReason {
    /// Whether nobody was reached. Who refused or is in hospital is known to be there.
    #[must_use]
    pub const fn reached_nobody(self) -> bool {
        matches!(self, Self::NobodyHome | Self::DoesNotLiveHere | Self::Unsafe | Self::Other)
    }
}

/// The id of the `n`th visit of a series, counted from 0, the same wherever it is made: a series that is planned twice
/// is planned once.
#[must_use]
pub fn occurrence_id(series: SeriesId, n: u16) -> VisitId {
    VisitId(uuid::Uuid::from_u128(series.0.as_u128() ^ u128::from(n)))
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// Start.
    pub start: DateTime<Utc>,
    /// End, after the start.
    pub end: DateTime<Utc>,
}

/// The longest visit, in hours.
const MAX_HOURS: i64 = 12;

impl Window {
    /// The same window, if it is one.
    ///
    /// # Errors
    /// [`Invalid::Order`] when it does not end after its start, [`Invalid::Range`] beyond 12 hours or the years from 2000 to 2199.
    pub fn checked(self) -> Result<Self, ApiError> {
        if self.end <= self.start {
            return Err(ApiError::invalid("window", Invalid::Order));
        }
        let plausible = is_plausible(self.start) && is_plausible(self.end);
        if !plausible || self.end - self.start > TimeDelta::hours(MAX_HOURS) {
            return Err(ApiError::invalid("window", Invalid::Range));
        }
        Ok(self)
    }

    /// Whether the two share any time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The positions in `others` of the windows that share time with `window`.
#[must_use]
pub fn clashes(window: &Window, others: &[Window]) -> Vec<usize> {
    others.iter().enumerate().filter(|(_, other)| window.overlaps(other)).map(|(at, _)| at).collect()
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = VisitOutcome))]
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_pair_of_state_and_event() {
        use VisitState as S;
        let events = [VisitEvent::Move, VisitEvent::Meet, VisitEvent::Miss, VisitEvent::Cancel];
        let done = [Err(Rule::VisitDone); 4];
        let table = [
            (S::Scheduled, [Ok(S::Scheduled), Ok(S::Met), Ok(S::NotMet), Ok(S::Cancelled)]),
            (S::Met, done),
            (S::NotMet, done),
            (S::Cancelled, done),
        ];
        assert_eq!(table.map(|(state, _)| state).as_slice(), S::ALL);
        for (state, expected) in table {
            assert_eq!(events.map(|event| state.next(event)), expected, "{state}");
        }
    }

    #[test]
    fn a_window_is_of_this_time() {
        let hour = |from: &str, to: &str| Window { start: from.parse().unwrap(), end: to.parse().unwrap() }.checked();
        assert!(hour("2026-12-01T01:00:00Z", "2026-12-01T02:00:00Z").is_ok());
        for (from, to) in [
            ("+262142-12-31T20:00:00Z", "+262142-12-31T21:00:00Z"),
            ("1999-12-31T22:00:00Z", "1999-12-31T23:00:00Z"),
            ("2199-12-31T23:30:00Z", "2200-01-01T00:30:00Z"),
        ] {
            assert_eq!(hour(from, to), Err(ApiError::invalid("window", Invalid::Range)), "{from}");
        }
    }

    fn window(start: i64, minutes: i64) -> Window {
        let start = DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(start);
        Window { start, end: start + TimeDelta::minutes(minutes) }
    }

    #[test]
    fn a_window_has_an_end_within_half_a_day() {
        assert_eq!(window(0, 720).checked(), Ok(window(0, 720)));
        assert_eq!(window(0, 721).checked(), Err(ApiError::invalid("window", Invalid::Range)));
        assert_eq!(window(0, 0).checked(), Err(ApiError::invalid("window", Invalid::Order)));
        assert_eq!(window(0, -5).checked(), Err(ApiError::invalid("window", Invalid::Order)));
    }

    #[test]
    fn the_ids_of_a_series_repeat_and_differ() {
        let (series, other) = (SeriesId::new(), SeriesId::new());
        let ids: std::collections::BTreeSet<_> =
            (0..60).flat_map(|n| [occurrence_id(series, n), occurrence_id(other, n)]).collect();
        assert_eq!(ids.len(), 120);
        assert_eq!(occurrence_id(series, 7), occurrence_id(series, 7));
        assert_eq!(ids.iter().filter(|id| id.0.get_version_num() == 7).count(), 120);
    }

    #[test]
    fn visits_back_to_back_do_not_clash() {
        assert_eq!(clashes(&window(60, 60), &[window(0, 60), window(30, 31), window(120, 10), window(70, 5)]), [1, 3]);
    }

    proptest! {
        #[test]
        fn two_clash_when_they_share_a_minute(a in (0i64..100, 1i64..60), b in (0i64..100, 1i64..60)) {
            let minutes = |(start, len): (i64, i64)| start..start + len;
            let shared = minutes(a).any(|minute| minutes(b).contains(&minute));
            prop_assert_eq!(window(a.0, a.1).overlaps(&window(b.0, b.1)), shared);
            prop_assert_eq!(window(b.0, b.1).overlaps(&window(a.0, a.1)), shared);
        }
    }
}
