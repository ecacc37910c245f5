//! The clocks of a case: what is due when, and who is late before they are late.

use super::{CaseFacts, ClosureReason, Urgency};
use crate::{
    clock::korean_day,
    holidays::{add_working_days, working_days_between},
    profile::coded,
    settings::{ClockSettings, Days},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

coded! {
    /// What a clock counts.
    ClockKind { /// 첫 접촉
        FirstContact = "first_contact", /// 접수 → 욕구조사
        Assessment = "assessment", /// 욕구조사 → 사례회의
        Conference = "conference", /// 사례회의 → 서비스 제공계획
        Plan = "plan", /// 접수 → 서비스 제공계획
        IntakeToPlan = "intake_to_plan", /// 종결 → 첫 사후 점검
        AftercareFirst = "aftercare_first", /// 종결 → 둘째 사후 점검
        AftercareSecond = "aftercare_second", }
}

coded! {
    /// How a clock stands.
    ClockStatus { /// 진행
        Running = "running", /// 임박
        Warning = "warning", /// 지연
        Late = "late", /// 완료
        Done = "done", /// 늦게 완료
        DoneLate = "done_late", }
}

impl ClockStatus {
    /// Whether what the clock counts is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Running | Self::Warning | Self::Late)
    }
}

/// A clock that has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockState {
    /// What it counts.
    pub kind: ClockKind,
    /// The Korean day from which it counts.
    pub started: NaiveDate,
    /// The last day on which it is in time.
    pub due: NaiveDate,
    /// The day on which it was done.
    pub done: Option<NaiveDate>,
    /// How it stands today.
    pub status: ClockStatus,
}

impl Days {
    /// The last day of the span that begins on `from`; a span of working days ends on a working day.
    #[must_use]
    pub fn after(self, from: NaiveDate) -> NaiveDate {
        if self.working { add_working_days(from, self.days) } else { from + chrono::Days::new(self.days.into()) }
    }

    /// How many such days are left from `today` until `due`; 0 when it is due today or was due before.
    fn left(self, today: NaiveDate, due: NaiveDate) -> usize {
        if self.working { working_days_between(today, due) } else { usize::try_from((due - today).num_days()).unwrap_or(0) }
    }
}

impl ClockSettings {
    /// The span until the first contact.
    #[must_use]
    pub const fn first_contact(&self, urgency: Urgency) -> Days {
        match urgency {
            Urgency::Emergency | Urgency::SameDay => self.first_contact_same_day,
            Urgency::ThreeDays => self.first_contact_soon,
            Urgency::TwoWeeks => self.first_contact_later,
        }
    }
}

/// Every clock of the case that has started, in the order of [`ClockKind::ALL`]. In a closed case the clocks of work
/// that was never done stand still and are left out.
#[must_use]
pub fn clocks(facts: &CaseFacts, urgency: Urgency, settings: &ClockSettings, today: NaiveDate) -> Vec<ClockState> {
    let first_contact = facts.first_contact_at.map(korean_day);
    let (first_check, second_check) = checks(facts, settings);
    let closed = facts.closed_at.map(korean_day).filter(|_| facts.closure.is_none_or(ClosureReason::needs_aftercare));
    let spans = [
        (ClockKind::FirstContact, Some(korean_day(facts.discovered_at)), settings.first_contact(urgency), first_contact),
        (ClockKind::Assessment, facts.intake_on, settings.assessment, facts.assessed_on),
        (ClockKind::Conference, facts.assessed_on, settings.conference, facts.conference_on),
        (ClockKind::Plan, facts.conference_on, settings.plan, facts.planned_on),
        (ClockKind::IntakeToPlan, facts.intake_on, settings.intake_to_plan, facts.planned_on),
        (ClockKind::AftercareFirst, closed, settings.aftercare_first, first_check),
        (ClockKind::AftercareSecond, closed, settings.aftercare_second, second_check),
    ];
    spans
        .into_iter()
        .filter_map(|(kind, started, span, done)| Some((kind, started?, span, done)))
        .filter(|(kind, _, _, done)| done.is_some() || facts.closed_at.is_none() || kind.is_aftercare())
        .map(|(kind, started, span, done)| state(kind, started, span, done, settings.warn_before, today))
        .collect()
}

/// The open clock that is due first.
#[must_use]
pub fn next_due(
    facts: &CaseFacts,
    urgency: Urgency,
    settings: &ClockSettings,
    today: NaiveDate,
) -> Option<(ClockKind, NaiveDate)> {
    let clocks = clocks(facts, urgency, settings, today);
    clocks.iter().filter(|clock| clock.status.is_open()).min_by_key(|clock| clock.due).map(|clock| (clock.kind, clock.due))
}

impl ClockKind {
    const fn is_aftercare(self) -> bool {
        matches!(self, Self::AftercareFirst | Self::AftercareSecond)
    }
}

fn state(
    kind: ClockKind,
    started: NaiveDate,
    span: Days,
    done: Option<NaiveDate>,
    warn_before: u16,
    today: NaiveDate,
) -> ClockState {
    let due = span.after(started);
    let status = match done {
        Some(done) if done <= due => ClockStatus::Done,
        Some(_) => ClockStatus::DoneLate,
        None if today > due => ClockStatus::Late,
        None if span.left(today, due) <= usize::from(warn_before) => ClockStatus::Warning,
        None => ClockStatus::Running,
    };
    ClockState { kind, started, due, done, status }
}

/// The days of the two aftercare checks. Only the last check is kept: from halfway between the two due days on it is
/// the second, and then the first counts as done in time, because nothing says otherwise.
fn checks(facts: &CaseFacts, settings: &ClockSettings) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let (Some(closed), Some(last)) = (facts.closed_at.map(korean_day), facts.aftercare_on) else { return (None, None) };
    if last < closed {
        return (None, None);
    }
    let (first_due, second_due) = (settings.aftercare_first.after(closed), settings.aftercare_second.after(closed));
    let halfway = first_due + (second_due - first_due) / 2;
    if last >= halfway && second_due > first_due { (Some(first_due.min(last)), Some(last)) } else { (Some(last), None) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::from_korean, holidays::is_working_day};
    use chrono::{DateTime, NaiveTime, Utc};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn noon(text: &str) -> DateTime<Utc> {
        from_korean(day(text), NaiveTime::from_hms_opt(12, 0, 0).unwrap())
    }

    fn found(facts: &CaseFacts, urgency: Urgency, today: &str) -> Vec<(ClockKind, String, ClockStatus)> {
        let clocks = clocks(facts, urgency, &ClockSettings::default(), day(today));
        clocks.into_iter().map(|c| (c.kind, c.due.to_string(), c.status)).collect()
    }

    use ClockKind as K;
    use ClockStatus as S;

    #[test]
    fn first_contact_by_urgency() {
        let facts = CaseFacts { discovered_at: noon("2026-09-23"), ..CaseFacts::default() };
        for (urgency, due) in [
            (Urgency::Emergency, "2026-09-23"),
            (Urgency::SameDay, "2026-09-23"),
            (Urgency::ThreeDays, "2026-09-26"),
            (Urgency::TwoWeeks, "2026-10-07"),
        ] {
            assert_eq!(found(&facts, urgency, "2026-09-22")[0].1, due);
        }
        assert_eq!(found(&facts, Urgency::TwoWeeks, "2026-10-04")[0].2, S::Running);
        assert_eq!(found(&facts, Urgency::TwoWeeks, "2026-10-05")[0].2, S::Warning);
        assert_eq!(found(&facts, Urgency::TwoWeeks, "2026-10-07")[0].2, S::Warning);
        assert_eq!(found(&facts, Urgency::TwoWeeks, "2026-10-08")[0].2, S::Late);
        let met = CaseFacts { first_contact_at: Some(noon("2026-09-24")), ..facts };
        assert_eq!(found(&met, Urgency::SameDay, "2026-10-08")[0].2, S::DoneLate);
        assert_eq!(found(&met, Urgency::ThreeDays, "2026-10-08")[0].2, S::Done);
    }

    #[test]
    fn a_night_call_belongs_to_the_korean_day() {
        let facts = CaseFacts { discovered_at: "2026-11-22T15:30:00Z".parse().unwrap(), ..CaseFacts::default() };
        assert_eq!(found(&facts, Urgency::SameDay, "2026-11-23")[0].1, "2026-11-23");
    }

    #[test]
    fn the_clocks_of_work_count_working_days_over_chuseok() {
        let facts = CaseFacts {
            discovered_at: noon("2026-09-21"),
            first_contact_at: Some(noon("2026-09-21")),
            intake_on: Some(day("2026-09-22")),
            assessed_on: Some(day("2026-09-23")),
            conference_on: Some(day("2026-09-30")),
            ..CaseFacts::default()
        };
        assert_eq!(
            found(&facts, Urgency::SameDay, "2026-10-20"),
            [
                (K::FirstContact, "2026-09-21".into(), S::Done),
                (K::Assessment, "2026-10-12".into(), S::Done),
                (K::Conference, "2026-10-02".into(), S::Done),
                (K::Plan, "2026-10-23".into(), S::Running),
                (K::IntakeToPlan, "2026-10-22".into(), S::Warning),
            ]
        );
        let due = next_due(&facts, Urgency::SameDay, &ClockSettings::default(), day("2026-10-20"));
        assert_eq!(due, Some((K::IntakeToPlan, day("2026-10-22"))));
    }

    #[test]
    fn closing_stops_the_work_and_starts_aftercare() {
        let closed = CaseFacts {
            discovered_at: noon("2026-01-05"),
            intake_on: Some(day("2026-01-06")),
            closed_at: Some(noon("2026-02-01")),
            closure: Some(ClosureReason::GoalsMet),
            ..CaseFacts::default()
        };
        let (first, second) = ("2026-03-03".to_owned(), "2026-05-02".to_owned());
        let at = |checked: Option<&str>, today: &str| {
            found(&CaseFacts { aftercare_on: checked.map(day), ..closed.clone() }, Urgency::SameDay, today)
        };
        let both = |a, b| vec![(K::AftercareFirst, first.clone(), a), (K::AftercareSecond, second.clone(), b)];
        assert_eq!(at(None, "2026-02-10"), both(S::Running, S::Running));
        assert_eq!(at(Some("2026-03-04"), "2026-03-05"), both(S::DoneLate, S::Running));
        assert_eq!(at(Some("2026-05-01"), "2026-05-05"), both(S::Done, S::Done));
        assert_eq!(at(Some("2026-01-20"), "2026-05-05"), both(S::Late, S::Late));
        let died = CaseFacts { closure: Some(ClosureReason::Died), ..closed };
        assert_eq!(found(&died, Urgency::SameDay, "2026-02-10"), []);
        assert_eq!(next_due(&died, Urgency::SameDay, &ClockSettings::default(), day("2026-02-10")), None);
    }

    proptest! {
        #[test]
        fn a_clock_of_working_days_ends_on_one_and_grows_with_its_span(offset in 0u64..3_500, days in 1u16..60) {
            let from = day("2018-01-01") + chrono::Days::new(offset);
            let due_after = |days, working| Days { days, working }.after(from);
            let due = due_after(days, true);
            prop_assert!(is_working_day(due));
            prop_assert!(due > from);
            prop_assert!(due_after(days + 1, true) > due);
            prop_assert!(due >= due_after(days, false));
        }

        #[test]
        fn a_status_only_moves_forward(offset in 0u64..700, urgency in 0usize..4) {
            let facts = CaseFacts { discovered_at: noon("2026-01-05"), intake_on: Some(day("2026-01-06")), ..CaseFacts::default() };
            let today = day("2025-12-20") + chrono::Days::new(offset);
            let at = |today| clocks(&facts, Urgency::ALL[urgency], &ClockSettings::default(), today);
            for (before, after) in at(today).iter().zip(at(today + chrono::Days::new(1))) {
                prop_assert!(before.status <= after.status);
                prop_assert_eq!((before.kind, before.due), (after.kind, after.due));
                prop_assert_eq!(before.status == S::Late, today > before.due);
            }
        }
    }
}
