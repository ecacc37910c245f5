//! A case: what was done and when, and the stage that follows from it. The stage is never typed in.

use crate::profile::coded;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

coded! {
    /// How soon a first contact is due. E: call 119/112 now.
    Urgency { /// 즉시 신고
        Emergency = "E", /// 당일
        SameDay = "1", /// 3일 이내
        ThreeDays = "2", /// 2주 이내
        TwoWeeks = "3", }
}

coded! {
    /// Where a case stands, derived from [`CaseFacts`].
    Stage { /// 발굴
        Discovered = "discovered", /// 초기상담
        Counselling = "counselling", /// 접수
        Intake = "intake", /// 욕구조사
        Assessment = "assessment", /// 사례회의
        Conference = "conference", /// 서비스 제공계획
        Plan = "plan", /// 서비스 제공
        Service = "service", /// 점검
        Review = "review", /// 종결
        Closed = "closed", /// 사후관리
        Aftercare = "aftercare", }
}

coded! {
    /// A step that a worker can record as done.
    Step { /// 초기상담
        Counselling = "counselling", /// 접수
        Intake = "intake", /// 욕구조사
        Assessment = "assessment", /// 사례회의
        Conference = "conference", /// 서비스 제공계획
        Plan = "plan", /// 서비스 제공
        Service = "service", /// 점검
        Review = "review", /// 사후 점검
        Aftercare = "aftercare", }
}

coded! {
    /// Why a case is closed.
    ClosureReason { /// 목표 달성
        GoalsMet = "goals_met", /// 다른 구로 전출
        MovedAway = "moved_away", /// 다른 기관 연계
        HandedOver = "handed_over", /// 본인 거부
        Refused = "refused", /// 사망
        Died = "died", /// 연락두절
        Unreachable = "unreachable", /// 중복 등록
        Duplicate = "duplicate", /// 욕구 없음
        NoNeed = "no_need", /// 현금지원 대상 아님
        NotEligibleForCash = "not_eligible_for_cash", }
}

/// What has been done in a case, each with its day; the only input to the stage and the clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFacts {
    /// When the signal or report reached the district.
    pub discovered_at: DateTime<Utc>,
    /// First contact of any kind in which the person was met or spoken to.
    pub first_contact_at: Option<DateTime<Utc>>,
    /// Initial counselling.
    pub counselled_on: Option<NaiveDate>,
    /// Intake.
    pub intake_on: Option<NaiveDate>,
    /// Needs assessment.
    pub assessed_on: Option<NaiveDate>,
    /// Case conference.
    pub conference_on: Option<NaiveDate>,
    /// Service plan.
    pub planned_on: Option<NaiveDate>,
    /// Service begun.
    pub served_on: Option<NaiveDate>,
    /// Last review.
    pub reviewed_on: Option<NaiveDate>,
    /// Closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was closed.
    pub closure: Option<ClosureReason>,
    /// Last aftercare check.
    pub aftercare_on: Option<NaiveDate>,
}
