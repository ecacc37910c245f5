//! The book of every field that is merged, kept beside the dossiers and by other means: values as they travel, and the rule of
//! three lines. Whoever takes a field first has it; whoever saw another value is asked.

use domain::{
    ApiError,
    command::{CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    merge::FieldConflict,
    sync::replica::Dossier,
    view::visits::VisitCard,
    visit::Plan,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The fields of people, of members of their households, of the plans of visits, and the urgency of cases, each with its value.
#[derive(Clone, Default)]
pub struct Fields(BTreeMap<(Uuid, String), Value>);

fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("{other:?}"),
    }
}

/// What an envelope wants to change: of which thing which fields, from what to what.
fn wishes(command: &Command) -> Option<(Uuid, Map<String, Value>)> {
    match command {
        Command::Neighbor(NeighborCommand::Edit { id, edits }) => Some((id.0, object(edits))),
        Command::Neighbor(NeighborCommand::EditMember { member, edits, .. }) => Some((member.0, object(edits))),
        Command::Case(CaseCommand::SetUrgency { id, urgency, .. }) => {
            Some((id.0, [("urgency".to_owned(), serde_json::to_value(urgency).unwrap())].into_iter().collect()))
        }
        Command::Visit(VisitCommand::Move { id, window, worker, second_worker, seen: Some(seen) }) => {
            let wish = object(&Plan { window: *window, worker: *worker, second_worker: *second_worker });
            let edit = |(field, from): (String, Value)| {
                let to = wish[&field].clone();
                (from != to).then(|| (field, json!({ "from": from, "to": to })))
            };
            Some((id.0, object(seen).into_iter().filter_map(edit).collect()))
        }
        _ => None,
    }
}

impl Fields {
    /// Takes over how somebody was written down.
    pub fn know(&mut self, dossier: &Dossier) {
        self.0.extend(stands(dossier));
    }

    /// Takes over the visits that were planned or told of just now.
    pub fn know_new_visits(&mut self, dossier: &Dossier) {
        for (key, value) in plans(dossier) {
            self.0.entry(key).or_insert(value);
        }
    }

    /// Holds what became of an envelope against the rule, and takes it over when it was applied.
    pub fn check(&mut self, before: &Dossier, envelope: &Envelope, error: Option<&ApiError>) {
        if let (Command::Neighbor(NeighborCommand::PutMember { member, .. }), None) = (&envelope.command, error) {
            self.0.extend(object(member).into_iter().map(|(field, value)| ((member.id.0, field), value)));
        }
        let Some((thing, wishes)) = wishes(&envelope.command) else { return };
        let mut conflicts = Vec::new();
        let mut taken = Vec::new();
        for (field, wish) in wishes {
            let key = (thing, field);
            let theirs = &self.0[&key];
            if *theirs != wish["from"] && *theirs != wish["to"] {
                let (base, theirs, mine) = (wish["from"].clone(), theirs.clone(), wish["to"].clone());
                conflicts.push(FieldConflict { field: key.1, base, theirs, mine });
            } else {
                taken.push((key, wish["to"].clone()));
            }
        }
        match error {
            None => {
                assert_eq!(conflicts, [], "a change is lost, {:?}", envelope.command);
                self.0.extend(taken);
            }
            Some(ApiError::Conflict { fields, .. }) => {
                let mut fields = fields.clone();
                fields.sort_by(|one, other| one.field.cmp(&other.field));
                assert_eq!(fields, conflicts, "{:?} of {}", envelope.command, before.id());
            }
            Some(_) => {}
        }
    }

    /// Whether a dossier says the same.
    pub fn agree(&self, dossier: &Dossier) -> bool {
        stands(dossier).all(|(key, value)| self.0.get(&key) == Some(&value))
    }
}

/// The fields as a dossier has them.
fn stands(dossier: &Dossier) -> impl Iterator<Item = ((Uuid, String), Value)> {
    let of = |id: Uuid, fields: Map<String, Value>| fields.into_iter().map(move |(field, value)| ((id, field), value));
    let members = dossier.neighbor.members.iter().flat_map(move |member| of(member.id.0, object(member)));
    let urgency = serde_json::to_value(dossier.case.card.urgency).unwrap();
    of(dossier.id().0, object(&dossier.neighbor.person.record.profile))
        .chain(members)
        .chain(plans(dossier))
        .chain([((dossier.case.card.id.0, "urgency".to_owned()), urgency)])
}

fn plans(dossier: &Dossier) -> impl Iterator<Item = ((Uuid, String), Value)> {
    let of = |card: &VisitCard| (card.id.0, object(&card.plan()));
    let plans = dossier.visits.iter().map(move |visit| of(&visit.card));
    plans.flat_map(|(id, fields)| fields.into_iter().map(move |(field, value)| ((id, field), value)))
}
