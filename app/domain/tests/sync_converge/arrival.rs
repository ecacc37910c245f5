//! Commands that are written at once and have nothing to do with each other come to the same, in whichever order they arrive.

use super::{
    district::{DISTRICTS, DONGS, FIRST_CASE, Ids, MOST, Words, start},
    writing::any_command,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    command::{AttachmentCommand, CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::OpId,
    sync::{
        apply::{Writing, apply, settle},
        handling::Merging,
        replica::Dossier,
    },
    visit::Outcome,
};
use proptest::prelude::*;
use std::cmp::Reverse;
use uuid::Uuid;

/// A thing, and which field of it; none for the whole.
type Touched = (Uuid, Option<String>);

/// A command, who wrote it, and when.
pub struct Written {
    holder: usize,
    at: DateTime<Utc>,
    envelope: Envelope,
}

/// What a command has for itself: nobody else may write about it at the same time, or the order counts. Nothing for what only
/// adds.
fn touched(command: &Command) -> Vec<Touched> {
    let of = |id: Uuid, edits: serde_json::Value| {
        let fields: Vec<Touched> = edits.as_object().unwrap().keys().map(|field| (id, Some(field.clone()))).collect();
        fields
    };
    let steps = |outcome: &Outcome| match outcome {
        // Seeing somebody face to face fills in a step of the case, and whose word comes first names the day.
        Outcome::Met { face_to_face: Some(_) } => vec![(FIRST_CASE.case.card.id.0, Some("steps".to_owned()))],
        _ => Vec::new(),
    };
    match (command.handling().merging, command) {
        (_, Command::Visit(VisitCommand::RecordUnplanned { outcome, .. })) => steps(outcome),
        (_, Command::Visit(VisitCommand::Record { id, outcome, .. })) => {
            steps(outcome).into_iter().chain([(id.0, None)]).collect()
        }
        (Merging::Append, _) => Vec::new(),
        (_, Command::Neighbor(NeighborCommand::Recognise { .. })) => Vec::new(),
        (_, Command::Neighbor(NeighborCommand::PutMember { member, .. })) => vec![(member.id.0, None)],
        (_, Command::Neighbor(NeighborCommand::RemoveMember { member, .. })) => vec![(member.0, None)],
        (_, Command::Neighbor(NeighborCommand::EditMember { member, edits, .. })) => {
            let fields = of(member.0, serde_json::to_value(edits).unwrap());
            // An edit of nothing needs the member all the same.
            if fields.is_empty() { vec![(member.0, None)] } else { fields }
        }
        (_, Command::Neighbor(NeighborCommand::Edit { id, edits })) => of(id.0, serde_json::to_value(edits).unwrap()),
        (_, Command::Case(CaseCommand::SetUrgency { id, .. })) => vec![(id.0, Some("urgency".to_owned()))],
        (_, Command::Case(CaseCommand::RecordStep { id, .. })) => vec![(id.0, Some("steps".to_owned()))],
        (_, Command::Visit(VisitCommand::Move { id, .. } | VisitCommand::Cancel { id, .. })) => vec![(id.0, None)],
        (_, Command::Attachment(AttachmentCommand::Remove { id, .. })) => vec![(id.0, None)],
        other => unreachable!("{other:?}"),
    }
}

/// An address and having none exclude each other, so they count as one field.
fn plain_field(field: &str) -> &str {
    if field == "no_fixed_address" { "address" } else { field }
}

fn meet((one, field): &Touched, (other, other_field): &Touched) -> bool {
    let fields = field.as_deref().zip(other_field.as_deref());
    one == other && fields.is_none_or(|(field, other)| plain_field(field) == plain_field(other))
}

/// Who moves to a dong of another team takes all plans along, and each plan counts it.
fn stays_with_team(command: &Command) -> bool {
    match command {
        Command::Neighbor(NeighborCommand::Edit { edits, .. }) => {
            edits.dong.as_ref().is_none_or(|dong| dong.to.as_str() != DONGS[2])
        }
        _ => true,
    }
}

/// What several people write about the first case without hearing of each other: of any commands, those that go and meet none
/// before.
pub fn written_at_once(words: &[u64]) -> Vec<Written> {
    let (mut ids, mut taken, mut all) = (Ids::default(), Vec::<Touched>::new(), Vec::new());
    for word in words {
        let mut words = Words(*word);
        let (holder, at) = (words.below(MOST), start() + words.minutes(0, 300));
        let (command, base_rev) = any_command(&mut words, &mut ids, &FIRST_CASE, at);
        let touches = touched(&command);
        let meets = touches.iter().any(|touched| taken.iter().any(|other| meet(touched, other)));
        let envelope = Envelope { op_id: ids.next::<OpId>(), base_rev, made_at: at, command };
        let written = Written { holder, at, envelope };
        if !meets && stays_with_team(&written.envelope.command) && arrive(&mut FIRST_CASE.clone(), &written) {
            taken.extend(touches);
            all.push(written);
        }
    }
    all
}

/// Whether the server takes it.
fn arrive(dossier: &mut Dossier, written: &Written) -> bool {
    let writing = Writing { district: &DISTRICTS[written.holder], at: written.at, op: written.envelope.op_id };
    apply(&writing, dossier, &written.envelope).is_ok()
}

/// What comes of it, in the order in which lists show it. Signs are listed by time; how the record lists them at one time means
/// nothing.
fn outcome(all: &[&Written]) -> Result<Dossier, TestCaseError> {
    let mut dossier = FIRST_CASE.clone();
    for written in all {
        prop_assert!(arrive(&mut dossier, written), "{:?} is not taken any more", written.envelope.command);
    }
    settle(&mut dossier, &DISTRICTS[0], start() + TimeDelta::hours(8));
    dossier.neighbor.why.signs.sort_by_key(|sign| (Reverse(sign.at), sign.code.clone(), sign.channel));
    Ok(dossier)
}

/// The same comes of any order.
pub fn comes_to_the_same(words: &[u64], order: u64) -> Result<(), TestCaseError> {
    let written = written_at_once(words);
    let mut all: Vec<&Written> = written.iter().collect();
    let first = outcome(&all)?;
    all.reverse();
    prop_assert_eq!(&outcome(&all)?, &first);
    let mut words = Words(order);
    (1..all.len()).for_each(|last| all.swap(last, words.below(last + 1)));
    prop_assert_eq!(&outcome(&all)?, &first);
    Ok(())
}
