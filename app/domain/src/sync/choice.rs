//! What a command becomes once a person has chosen between two versions of the same fields.

use super::{
    outbox::{Entry, Outcome, State},
    replica::Dossier,
};
use crate::{
    command::{CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    merge::FieldConflict,
    view::{Worker, cases::Happening},
};
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a person chose for each field.
pub type Chosen = BTreeMap<String, Value>;

/// The edits after a choice: each conflicting field goes from what stands now to what was chosen, the others as before.
/// `sent` has a `from` and a `to` for each field. `None` while a field has no choice yet.
#[must_use]
pub fn settle<T: Serialize + DeserializeOwned>(sent: &T, conflicts: &[FieldConflict], chosen: &Chosen) -> Option<T> {
    let Value::Object(mut edits) = serde_json::to_value(sent).ok()? else { return None };
    for conflict in conflicts {
        let value = chosen.get(&conflict.field)?;
        edits.insert(conflict.field.clone(), json!({ "from": conflict.theirs, "to": value }));
    }
    serde_json::from_value(Value::Object(edits)).ok()
}

/// The command of an entry in conflict, written anew with what was chosen and based on what stands now. `None` for an entry that
/// asks for no choice, or while a field has none.
#[must_use]
pub fn chosen_anew(entry: &Entry, chosen: &Chosen, now: DateTime<Utc>) -> Option<Envelope> {
    let State::Decided(Outcome::Conflict { fields, rev }) = &entry.state else { return None };
    let command = settle_command(&entry.envelope.command, fields, chosen)?;
    Some(Envelope::new(command, now).based_on(*rev))
}

/// Who wrote the other version, and when, as far as the timeline tells: the last one to change any of the fields in conflict.
#[must_use]
pub fn changed_by(entry: &Entry, dossier: &Dossier) -> Option<(Worker, DateTime<Utc>)> {
    let State::Decided(Outcome::Conflict { fields: conflicts, .. }) = &entry.state else { return None };
    let told = match &entry.envelope.command {
        Command::Neighbor(NeighborCommand::Edit { .. }) => "edited",
        Command::Neighbor(NeighborCommand::EditMember { .. }) => "household_changed",
        Command::Case(CaseCommand::SetUrgency { .. }) => "urgency_set",
        _ => return None,
    };
    let about = |fields: &[String]| fields.is_empty() || conflicts.iter().any(|conflict| fields.contains(&conflict.field));
    let rows = dossier.neighbor.timeline.rows.iter();
    let mut changes =
        rows.filter(|row| matches!(&row.what, Happening::Event { kind, fields, .. } if kind == told && about(fields)));
    let first = changes.next()?;
    let last = changes.fold(first, |last, row| if row.at > last.at { row } else { last });
    last.by.clone().map(|by| (by, last.at))
}

/// A command with what was chosen for its fields in conflict, the rest as it was. `None` for a command without such fields, or while a
/// field has no choice.
#[must_use]
pub fn settle_command(command: &Command, fields: &[FieldConflict], chosen: &Chosen) -> Option<Command> {
    Some(match command {
        Command::Neighbor(NeighborCommand::Edit { id, edits }) => {
            NeighborCommand::Edit { id: *id, edits: Box::new(settle(edits.as_ref(), fields, chosen)?) }.into()
        }
        Command::Neighbor(NeighborCommand::EditMember { id, member, edits }) => {
            let edits = Box::new(settle(edits.as_ref(), fields, chosen)?);
            NeighborCommand::EditMember { id: *id, member: *member, edits }.into()
        }
        Command::Case(CaseCommand::SetUrgency { id, urgency, reason }) => {
            let mut urgency = urgency.clone();
            for conflict in fields {
                urgency.from = serde_json::from_value(conflict.theirs.clone()).ok()?;
                urgency.to = serde_json::from_value(chosen.get(&conflict.field)?.clone()).ok()?;
            }
            CaseCommand::SetUrgency { id: *id, urgency, reason: reason.clone() }.into()
        }
        Command::Visit(VisitCommand::Move { id, window, worker, second_worker, seen }) => {
            let (window, worker) = (chosen_or(fields, chosen, "window", window)?, chosen_or(fields, chosen, "worker", worker)?);
            let second_worker = chosen_or(fields, chosen, "second_worker", second_worker)?;
            let seen = match seen {
                Some(seen) => Some(seen.learned(fields)?),
                None => None,
            };
            VisitCommand::Move { id: *id, window, worker, second_worker, seen }.into()
        }
        _ => return None,
    })
}

/// What was chosen for a field in conflict, and what the command says of any other.
fn chosen_or<T: Clone + DeserializeOwned>(fields: &[FieldConflict], chosen: &Chosen, name: &str, said: &T) -> Option<T> {
    if !fields.iter().any(|conflict| conflict.field == name) {
        return Some(said.clone());
    }
    serde_json::from_value(chosen.get(name)?.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::Urgency,
        ids::{CaseId, DeviceId, Rev, UserId, VisitId},
        merge::Edit,
        sync::clock::Stamp,
        visit::{Plan, Window},
    };

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + minutes * 60, 0).unwrap()
    }

    fn entry(command: impl Into<Command>, fields: Vec<FieldConflict>) -> Entry {
        let stamp = Stamp { millis: 0, count: 0, device: DeviceId::new() };
        let state = State::Decided(Outcome::Conflict { fields, rev: Rev(7) });
        Entry { stamp, offset_ms: 0, envelope: Envelope::new(command, at(0)), state }
    }

    fn conflict(field: &str, theirs: Value, mine: Value) -> FieldConflict {
        FieldConflict { field: field.to_owned(), base: Value::Null, theirs, mine }
    }

    #[test]
    fn an_urgency_goes_from_what_stands_to_what_was_chosen() {
        let id = CaseId::new();
        let urgency = Edit { from: Urgency::TwoWeeks, to: Urgency::SameDay };
        let command = CaseCommand::SetUrgency { id, urgency, reason: "단전".to_owned() };
        let entry = entry(command, vec![conflict("urgency", json!(Urgency::ThreeDays), json!(Urgency::SameDay))]);
        assert_eq!(chosen_anew(&entry, &Chosen::new(), at(1)), None);
        let chosen = Chosen::from([("urgency".to_owned(), json!(Urgency::SameDay))]);
        let anew = chosen_anew(&entry, &chosen, at(1)).unwrap();
        assert_eq!((anew.base_rev, anew.made_at), (Some(Rev(7)), at(1)));
        let urgency = Edit { from: Urgency::ThreeDays, to: Urgency::SameDay };
        assert_eq!(anew.command, CaseCommand::SetUrgency { id, urgency, reason: "단전".to_owned() }.into());
        assert_ne!(anew.op_id, entry.envelope.op_id);
    }

    #[test]
    fn a_visit_takes_what_was_chosen_and_keeps_the_rest() {
        let (id, worker) = (VisitId::new(), UserId::new());
        let window = |from: i64| Window { start: at(from), end: at(from + 60) };
        let seen = |from: i64| Some(Plan { window: window(from), worker, second_worker: None });
        let moved = VisitCommand::Move { id, window: window(0), worker, second_worker: None, seen: seen(300) };
        let entry = entry(moved, vec![conflict("window", json!(window(600)), json!(window(0)))]);
        let chosen = Chosen::from([("window".to_owned(), json!(window(900)))]);
        let anew = chosen_anew(&entry, &chosen, at(1)).unwrap();
        assert_eq!(
            anew.command,
            VisitCommand::Move { id, window: window(900), worker, second_worker: None, seen: seen(600) }.into()
        );
    }
}
