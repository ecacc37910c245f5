//! What can be moved of a visit, merged field by field.

use super::Window;
use crate::{
    ids::UserId,
    merge::{Edit, FieldConflict, Merge},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// When a visit is, and who goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// When.
    pub window: Window,
    /// Who goes.
    pub worker: UserId,
    /// Who goes along.
    pub second_worker: Option<UserId>,
}

impl Plan {
    /// What becomes of this plan by the wish for another, whose writer saw `seen`: what they left as it was stays as it stands now.
    /// Without `seen`, as programs wrote it that did not know of it, the plan becomes what is wished, or is in conflict wherever it
    /// stands otherwise when it `is_stale`.
    ///
    /// # Errors
    /// The fields that somebody else changed to something else meanwhile.
    pub fn merge(self, wish: Self, seen: Option<Self>, is_stale: bool) -> Result<Self, Vec<FieldConflict>> {
        let Some(seen) = seen else { return if is_stale { self.differs(wish) } else { Ok(wish) } };
        let (mut merge, mut plan) = (Merge::default(), self);
        merge.field("window", &mut plan.window, edit(seen.window, wish.window).as_ref());
        merge.field("worker", &mut plan.worker, edit(seen.worker, wish.worker).as_ref());
        merge.field("second_worker", &mut plan.second_worker, edit(seen.second_worker, wish.second_worker).as_ref());
        if merge.conflicts.is_empty() { Ok(plan) } else { Err(merge.conflicts) }
    }

    fn differs(self, wish: Self) -> Result<Self, Vec<FieldConflict>> {
        fn field<T: PartialEq + Serialize>(name: &str, theirs: &T, mine: &T) -> Option<FieldConflict> {
            let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
            let conflict = || FieldConflict { field: name.to_owned(), base: Value::Null, theirs: json(theirs), mine: json(mine) };
            (theirs != mine).then(conflict)
        }
        let conflicts: Vec<FieldConflict> = [
            field("window", &self.window, &wish.window),
            field("worker", &self.worker, &wish.worker),
            field("second_worker", &self.second_worker, &wish.second_worker),
        ]
        .into_iter()
        .flatten()
        .collect();
        if conflicts.is_empty() { Ok(self) } else { Err(conflicts) }
    }

    /// The plan as somebody knows it who was shown these conflicts. `None` where what they say can't be read.
    #[must_use]
    pub fn learned(mut self, conflicts: &[FieldConflict]) -> Option<Self> {
        fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
            serde_json::from_value(value.clone()).ok()
        }
        for conflict in conflicts {
            match conflict.field.as_str() {
                "window" => self.window = read(&conflict.theirs)?,
                "worker" => self.worker = read(&conflict.theirs)?,
                "second_worker" => self.second_worker = read(&conflict.theirs)?,
                _ => {}
            }
        }
        Some(self)
    }
}

/// Whoever leaves a field as they saw it wishes nothing.
fn edit<T: PartialEq>(from: T, to: T) -> Option<Edit<T>> {
    (from != to).then_some(Edit { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    fn window(hour: i64) -> Window {
        let start = DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::hours(hour);
        Window { start, end: start + TimeDelta::hours(1) }
    }

    fn plan(hour: i64, worker: UserId) -> Plan {
        Plan { window: window(hour), worker, second_worker: None }
    }

    #[test]
    fn one_moves_the_time_and_another_the_worker() {
        let (one, other) = (UserId::new(), UserId::new());
        let seen = plan(9, one);
        assert_eq!(plan(9, other).merge(plan(15, one), Some(seen), true), Ok(plan(15, other)));
        // Who wishes nothing changes nothing.
        assert_eq!(plan(10, other).merge(seen, Some(seen), true), Ok(plan(10, other)));
        // The same wish is fulfilled.
        assert_eq!(plan(15, one).merge(plan(15, one), Some(seen), true), Ok(plan(15, one)));
    }

    #[test]
    fn two_who_move_the_time_are_asked_and_then_know() {
        let worker = UserId::new();
        let (seen, stands, wish) = (plan(9, worker), plan(11, worker), plan(15, worker));
        let conflicts = stands.merge(wish, Some(seen), false).unwrap_err();
        let json = |plan: Plan| serde_json::to_value(plan.window).unwrap();
        let (base, theirs, mine) = (json(seen), json(stands), json(wish));
        assert_eq!(conflicts, [FieldConflict { field: "window".to_owned(), base, theirs, mine }]);
        let known = seen.learned(&conflicts).unwrap();
        assert_eq!(stands.merge(wish, Some(known), true), Ok(wish));
    }

    /// A second move on a tablet starts from what the first one made. It must not pass where the first one is in conflict.
    #[test]
    fn a_move_that_builds_on_another_passes_no_third() {
        let worker = UserId::new();
        let (first, second, desk) = (plan(10, worker), plan(11, worker), plan(15, worker));
        assert!(desk.merge(first, Some(plan(9, worker)), true).is_err());
        assert!(desk.merge(second, Some(first), false).is_err(), "though its revision is the one that the tablet foresaw");
    }

    #[test]
    fn a_program_that_does_not_say_what_it_saw_is_asked_wherever_it_differs() {
        let (one, other) = (UserId::new(), UserId::new());
        assert_eq!(plan(9, one).merge(plan(15, other), None, false), Ok(plan(15, other)));
        let conflicts = plan(9, one).merge(plan(15, other), None, true).unwrap_err();
        assert_eq!(conflicts.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["window", "worker"]);
        assert_eq!(plan(9, one).merge(plan(9, one), None, true), Ok(plan(9, one)));
    }
}
