//! What a command of the field is about, and what it says field by field: for whoever decides about what came too late, and for
//! its writer, who reads in the outbox what was not taken.

use crate::{
    command::{AttachmentCommand, CaseCommand, Command, NeighborCommand, VisitCommand},
    ids::{CaseId, NeighborId, UserId, VisitId},
    visit::{Outcome, VisitKind, VisitState, Window},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

/// Between the words of a list.
const LISTED: &str = ", ";

/// What a command of the field is about, as far as it existed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A person.
    Neighbor(NeighborId),
    /// A case.
    Case(CaseId),
    /// A visit.
    Visit(VisitId),
}

impl About {
    /// What a command is about; `None` for registrations, and for what is never made in the field.
    #[must_use]
    pub const fn of(command: &Command) -> Option<Self> {
        match command {
            Command::Neighbor(command) => match command {
                NeighborCommand::Recognise { id, .. }
                | NeighborCommand::Edit { id, .. }
                | NeighborCommand::PutMember { id, .. }
                | NeighborCommand::EditMember { id, .. }
                | NeighborCommand::RemoveMember { id, .. } => Some(Self::Neighbor(*id)),
                NeighborCommand::Register { .. } | NeighborCommand::Restrict { .. } => None,
            },
            Command::Case(command) => match command {
                CaseCommand::Open { neighbor, .. } => Some(Self::Neighbor(*neighbor)),
                CaseCommand::SetUrgency { id, .. } | CaseCommand::RecordStep { id, .. } => Some(Self::Case(*id)),
                CaseCommand::AddNote { case, .. } => Some(Self::Case(*case)),
                _ => None,
            },
            Command::Visit(command) => match command {
                VisitCommand::Schedule { case, .. } | VisitCommand::RecordUnplanned { case, .. } => Some(Self::Case(*case)),
                VisitCommand::Move { id, .. } | VisitCommand::Cancel { id, .. } | VisitCommand::Record { id, .. } => {
                    Some(Self::Visit(*id))
                }
            },
            Command::Attachment(AttachmentCommand::Add { case, .. } | AttachmentCommand::Remove { case, .. }) => {
                Some(Self::Case(*case))
            }
            _ => None,
        }
    }
}

/// Whether a command would make its writer one of those who work on a case. Somebody who lost a case could come back to it by one that
/// says to be from before: whoever holds the case decides about such.
#[must_use]
pub fn brings_in(command: &Command, writer: UserId) -> bool {
    let goes = |worker: UserId, second: Option<UserId>| worker == writer || second == Some(writer);
    match command {
        Command::Case(CaseCommand::Open { .. }) => true,
        Command::Visit(
            VisitCommand::Schedule { worker, second_worker, .. } | VisitCommand::Move { worker, second_worker, .. },
        ) => goes(*worker, *second_worker),
        _ => false,
    }
}

/// What a command says, field by field, as far as a person must read it to decide about it.
#[must_use]
pub fn says(command: &Command) -> Vec<(String, Value)> {
    match command {
        Command::Neighbor(NeighborCommand::Register { profile, members, signs, open_case, .. }) => {
            let names: Vec<&str> = members.iter().filter_map(|member| member.name.as_deref()).collect();
            let urgency = open_case.map(|(_, urgency)| urgency);
            let rest = said([("members", listed(&names)), ("signs", listed(signs)), ("urgency", json(urgency))]);
            known(profile.as_ref()).into_iter().chain(rest).collect()
        }
        Command::Neighbor(NeighborCommand::Edit { edits, .. }) => wanted(edits.as_ref()),
        Command::Neighbor(NeighborCommand::EditMember { edits, .. }) => wanted(edits.as_ref()),
        Command::Neighbor(NeighborCommand::PutMember { member, .. }) => {
            said([("name", json(&member.name)), ("relation", json(member.relation)), ("birth_year", json(member.birth_year))])
        }
        Command::Neighbor(NeighborCommand::Recognise { signs, learned_from, .. }) => {
            said([("signs", listed(signs)), ("learned_from", json(learned_from))])
        }
        Command::Case(CaseCommand::SetUrgency { urgency, reason, .. }) => {
            said([("urgency", json(urgency.to)), ("reason", json(reason))])
        }
        Command::Case(CaseCommand::RecordStep { step, on, .. }) => said([("step", json(step)), ("on", json(on))]),
        Command::Case(CaseCommand::AddNote { body, .. }) => said([("body", json(body))]),
        Command::Case(CaseCommand::Open { urgency, .. }) => said([("urgency", json(urgency))]),
        Command::Visit(command) => says_of_visit(command),
        Command::Attachment(AttachmentCommand::Add { caption, .. }) => said([("body", json(caption))]),
        Command::Attachment(AttachmentCommand::Remove { reason, .. }) => said([("reason", json(reason))]),
        _ => Vec::new(),
    }
}

/// The codes of dongs and signs in a field of what a command [says], which people know by name; `None` for other fields.
#[must_use]
pub fn codes<'a>(field: &str, value: &'a Value) -> Option<Vec<&'a str>> {
    let codes = value.as_str().filter(|_| matches!(field, "dong" | "signs"))?;
    Some(codes.split(LISTED).collect())
}

/// All [`codes`] in what a command says.
pub fn codes_in(says: &[(String, Value)]) -> impl Iterator<Item = &str> {
    says.iter().filter_map(|(field, value)| codes(field, value)).flatten()
}

/// Times as RFC 3339, windows as two of them in a list; what happened as the state of the visit, or why nobody was met.
fn says_of_visit(command: &VisitCommand) -> Vec<(String, Value)> {
    let times = |window: &Window| json([window.start, window.end]);
    match command {
        VisitCommand::Schedule { kind, window, purpose, .. } => {
            said([("kind", json(kind)), ("window", times(window)), ("purpose", json(purpose))])
        }
        VisitCommand::Move { window, .. } => said([("window", times(window))]),
        VisitCommand::Cancel { reason, .. } => said([("cancel", json(reason))]),
        VisitCommand::Record { at, outcome, signs, note, .. } => happened(None, *at, outcome, signs, note.as_deref()),
        VisitCommand::RecordUnplanned { kind, at, outcome, signs, note, .. } => {
            happened(Some(*kind), *at, outcome, signs, note.as_deref())
        }
    }
}

fn happened(
    kind: Option<VisitKind>,
    at: DateTime<Utc>,
    outcome: &Outcome,
    signs: &[String],
    note: Option<&str>,
) -> Vec<(String, Value)> {
    let (what, whom) = match outcome {
        Outcome::Met { face_to_face } => (json(VisitState::Met), json(face_to_face)),
        Outcome::NotMet { reason } => (json(reason), Value::Null),
    };
    let (kind, at) = (json(kind), json(at));
    said([("kind", kind), ("on", at), ("outcome", what), ("face_to_face", whom), ("signs", listed(signs)), ("note", json(note))])
}

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn listed(words: &[impl AsRef<str>]) -> Value {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    if words.is_empty() { Value::Null } else { Value::String(words.join(LISTED)) }
}

fn said<const N: usize>(fields: [(&str, Value); N]) -> Vec<(String, Value)> {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(field, value)| (field.to_owned(), value)).collect()
}

/// What of a profile somebody has filled in.
fn known(profile: &impl Serialize) -> Vec<(String, Value)> {
    let Value::Object(fields) = json(profile) else { return Vec::new() };
    let empty = |value: &Value| value.is_null() || *value == Value::Bool(false) || *value == "unknown";
    fields.into_iter().filter(|(_, value)| !empty(value)).collect()
}

/// The values that edits want.
fn wanted(edits: &impl Serialize) -> Vec<(String, Value)> {
    let Value::Object(edits) = json(edits) else { return Vec::new() };
    let mut edits: Vec<_> = edits.into_iter().filter_map(|(field, edit)| Some((field, edit.get("to")?.clone()))).collect();
    edits.sort_by(|one, other| one.0.cmp(&other.0));
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::NoteId,
        merge::Edit,
        profile::{LivingPlace, ProfileEdits},
        visit::{NotMetReason, SeenWith},
    };
    use serde_json::json;

    #[test]
    fn an_edit_says_what_it_wants_and_nothing_else() {
        let edits = ProfileEdits {
            living_place: Some(Edit { from: LivingPlace::Unknown, to: LivingPlace::House }),
            address: Some(Edit { from: Some("서초대로 1".to_owned()), to: None }),
            ..ProfileEdits::default()
        };
        let id = NeighborId::new();
        let command: Command = NeighborCommand::Edit { id, edits: Box::new(edits) }.into();
        assert_eq!(says(&command), [("address".to_owned(), Value::Null), ("living_place".to_owned(), json!("house"))]);
        assert_eq!(About::of(&command), Some(About::Neighbor(id)));
    }

    #[test]
    fn a_visit_says_when_it_was_and_what_happened() {
        let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let outcome = Outcome::NotMet { reason: NotMetReason::NobodyHome };
        let record = VisitCommand::Record { id: VisitId::new(), at, outcome, signs: vec!["S15".to_owned()], note: None };
        let says_it = |field: &str, value: Value| (field.to_owned(), value);
        let time = json!("2026-09-21T14:13:20Z");
        let not_met = [says_it("on", time.clone()), says_it("outcome", json!("nobody_home")), says_it("signs", json!("S15"))];
        assert_eq!(says(&record.into()), not_met);
        let window = Window { start: at, end: at + chrono::TimeDelta::hours(1) };
        let moved =
            VisitCommand::Move { id: VisitId::new(), window, worker: crate::ids::UserId::new(), second_worker: None, seen: None };
        assert_eq!(says(&moved.into()), [says_it("window", json!([time, "2026-09-21T15:13:20Z"]))]);
        let met = Outcome::Met { face_to_face: Some(SeenWith::Neighbor) };
        let met = VisitCommand::Record { id: VisitId::new(), at, outcome: met, signs: vec![], note: Some("-".to_owned()) };
        let words: Vec<_> = says(&met.into()).into_iter().map(|(field, _)| field).collect();
        assert_eq!(words, ["on", "outcome", "face_to_face", "note"]);
    }

    #[test]
    fn a_registration_says_what_was_filled_in() {
        let mut profile = crate::profile::NeighborProfile::in_dong("1165051000".parse().unwrap());
        profile.name = Some("가나다".to_owned());
        profile.health_note = Some("계단을 못 내려감".to_owned());
        let command = Command::from(NeighborCommand::Register {
            id: NeighborId::new(),
            household: crate::ids::HouseholdId::new(),
            profile: Box::new(profile),
            members: Vec::new(),
            signs: vec!["S01".to_owned(), "S09".to_owned()],
            learned_from: crate::profile::Channel::Resident,
            different_from: Vec::new(),
            open_case: Some((CaseId::new(), crate::case::Urgency::ThreeDays)),
        });
        let says = says(&command);
        for (field, value) in [("name", "가나다"), ("health_note", "계단을 못 내려감"), ("signs", "S01, S09"), ("urgency", "2")]
        {
            assert!(says.contains(&(field.to_owned(), json!(value))), "{field}: {says:?}");
        }
        let named: Vec<_> = codes_in(&says).collect();
        assert_eq!(named, ["1165051000", "S01", "S09"], "what people know by name");
        assert!(
            says.iter().all(|(field, value)| !value.is_null() && !["phone", "sex", "members"].contains(&field.as_str())),
            "{says:?}"
        );
    }

    #[test]
    fn a_note_says_its_text() {
        let case = CaseId::new();
        let command: Command = CaseCommand::AddNote { id: NoteId::new(), case, body: "문이 열려 있음".to_owned() }.into();
        assert_eq!(says(&command), [("body".to_owned(), json!("문이 열려 있음"))]);
        assert_eq!(About::of(&command), Some(About::Case(case)));
    }
}
