//! A case: what was done and when, and the stage that follows from it. The stage is never typed in.

mod attempts;
mod clocks;
mod closure;

pub use attempts::{Attempt, AttemptTime, ToldVisit, UnreachableShortfall, attempts_since_contact, unreachable_rule};
pub use clocks::{ClockKind, ClockState, ClockStatus, clocks, next_due};
pub use closure::{ClosureEvent, ClosureState};

use crate::{Rule, clock::korean_day, profile::coded};
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

impl ClosureReason {
    /// Whether somebody looks again after 30 and 90 days: not where there is nobody whom this district could ask.
    #[must_use]
    pub const fn needs_aftercare(self) -> bool {
        !matches!(self, Self::Died | Self::Duplicate | Self::MovedAway | Self::HandedOver)
    }
}

impl Stage {
    /// Where the case stands: at the last step that was done.
    #[must_use]
    pub fn of(facts: &CaseFacts) -> Self {
        if facts.closed_at.is_some() {
            return if facts.checked_after_closing() { Self::Aftercare } else { Self::Closed };
        }
        let steps = [
            (facts.reviewed_on, Self::Review),
            (facts.served_on, Self::Service),
            (facts.planned_on, Self::Plan),
            (facts.conference_on, Self::Conference),
            (facts.assessed_on, Self::Assessment),
            (facts.intake_on, Self::Intake),
            (facts.counselled_on, Self::Counselling),
        ];
        steps.iter().find(|(done, _)| done.is_some()).map_or(Self::Discovered, |(_, stage)| *stage)
    }
}

impl Step {
    /// The step that must be done before this one; the first has none, and aftercare follows closure.
    #[must_use]
    pub const fn before(self) -> Option<Self> {
        match self {
            Self::Counselling | Self::Aftercare => None,
            Self::Intake => Some(Self::Counselling),
            Self::Assessment => Some(Self::Intake),
            Self::Conference => Some(Self::Assessment),
            Self::Plan => Some(Self::Conference),
            Self::Service => Some(Self::Plan),
            Self::Review => Some(Self::Service),
        }
    }

    /// The step that comes next in an open case.
    #[must_use]
    pub fn after(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.before() == Some(self))
    }

    /// Whether it is done again and again, so that only the last day counts.
    #[must_use]
    pub const fn repeats(self) -> bool {
        matches!(self, Self::Review | Self::Aftercare)
    }
}

impl CaseFacts {
    /// The day on which a step was done.
    #[must_use]
    pub const fn done_on(&self, step: Step) -> Option<NaiveDate> {
        match step {
            Step::Counselling => self.counselled_on,
            Step::Intake => self.intake_on,
            Step::Assessment => self.assessed_on,
            Step::Conference => self.conference_on,
            Step::Plan => self.planned_on,
            Step::Service => self.served_on,
            Step::Review => self.reviewed_on,
            Step::Aftercare => self.aftercare_on,
        }
    }

    /// Writes a step down. Recording a step again corrects its day; of repeated steps the last day is kept.
    pub fn record(&mut self, step: Step, on: NaiveDate) {
        let fact = match step {
            Step::Counselling => &mut self.counselled_on,
            Step::Intake => &mut self.intake_on,
            Step::Assessment => &mut self.assessed_on,
            Step::Conference => &mut self.conference_on,
            Step::Plan => &mut self.planned_on,
            Step::Service => &mut self.served_on,
            Step::Review => &mut self.reviewed_on,
            Step::Aftercare => &mut self.aftercare_on,
        };
        *fact = if step.repeats() { (*fact).max(Some(on)) } else { Some(on) };
    }

    /// The step that a worker would record next; `None` in a closed case without further checks.
    #[must_use]
    pub fn next_step(&self) -> Option<Step> {
        if self.closed_at.is_some() {
            return self.closure.is_none_or(ClosureReason::needs_aftercare).then_some(Step::Aftercare);
        }
        let missing = Step::ALL.iter().copied().find(|step| *step != Step::Aftercare && self.done_on(*step).is_none());
        missing.or(Some(Step::Review))
    }

    fn checked_after_closing(&self) -> bool {
        match (self.aftercare_on, self.closed_at) {
            (Some(checked), Some(closed)) => checked >= korean_day(closed),
            _ => false,
        }
    }
}

/// Whether `step` can be recorded as done on the day `on`.
///
/// # Errors
/// [`Rule::StepAhead`] for a day after `today`; [`Rule::CaseClosed`] for any step but aftercare in a closed case;
/// [`Rule::StepMissing`] when the step before (for aftercare, the closure) is not done; [`Rule::StepOrder`] when the
/// day is before that of the step before, or after that of the step after.
pub fn check_step(facts: &CaseFacts, step: Step, on: NaiveDate, today: NaiveDate) -> Result<(), Rule> {
    if on > today {
        return Err(Rule::StepAhead);
    }
    let earliest = match (step, facts.closed_at) {
        (Step::Aftercare, closed) => korean_day(closed.ok_or(Rule::StepMissing)?),
        (_, Some(_)) => return Err(Rule::CaseClosed),
        (_, None) => match step.before() {
            Some(before) => facts.done_on(before).ok_or(Rule::StepMissing)?,
            None => korean_day(facts.discovered_at),
        },
    };
    let latest = step.after().and_then(|after| facts.done_on(after));
    if on < earliest || latest.is_some_and(|latest| on > latest) { Err(Rule::StepOrder) } else { Ok(()) }
}

#[cfg(test)]
#[path = "case/tests.rs"]
mod tests;
