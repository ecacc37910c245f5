//! What somebody may write about a person whom they see on their tablet: any command of the field, of values so few that others
//! often write the same, or something else about the same.

use super::district::{DONGS, Ids, SIGNS, Words, member, photo, plan, worker};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    case::{Step, Urgency},
    clock::korean_day,
    command::{AttachmentCommand, CaseCommand, Command, NeighborCommand, VisitCommand},
    ids::{AttachmentId, Rev, VisitId},
    merge::Edit,
    profile::{AgeBand, Channel, ContactConsent, MemberEdits, ProfileEdits, Relation},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    sync::replica::Dossier,
    view::cases::Happening,
    visit::{CancelReason, NotMetReason, Outcome, SeenWith, VisitKind, Window},
};

/// Kinds of commands about somebody who is known, and how many of them need no visit.
const KINDS: usize = 20;
const WITHOUT_VISIT: usize = 15;

/// A command about the person of `seen`, with the revision that its writer saw.
pub fn any_command(words: &mut Words, ids: &mut Ids, seen: &Dossier, now: DateTime<Utc>) -> (Command, Option<Rev>) {
    let (id, case) = (seen.id(), seen.case.card.id);
    let (person_rev, case_rev) = (Some(seen.neighbor.person.record.rev), Some(seen.case.card.rev));
    match words.below(if seen.visits.is_empty() { WITHOUT_VISIT } else { KINDS }) {
        0 | 1 => (CaseCommand::AddNote { id: ids.next(), case, body: "문 앞에 신문이 쌓임".to_owned() }.into(), None),
        2 | 3 => {
            let urgency = Edit { from: seen.case.card.urgency, to: *words.pick(Urgency::ALL).unwrap() };
            (CaseCommand::SetUrgency { id: case, urgency, reason: "단전".to_owned() }.into(), case_rev)
        }
        4 => (record_step(words, seen, now), None),
        5..=8 => (NeighborCommand::Edit { id, edits: Box::new(any_edits(words, seen)) }.into(), person_rev),
        9 => (NeighborCommand::PutMember { id, member: member(ids.next()) }.into(), None),
        10 => (edit_member(words, seen), person_rev),
        11 => (remove_member(words, seen), None),
        12 => (NeighborCommand::Recognise { id, signs: any_signs(words), learned_from: Channel::Resident }.into(), None),
        13 => (any_plan(words, ids, seen, now), None),
        14 => (any_unplanned(words, ids, seen, now), None),
        15 => (any_photo(words, ids, seen), None),
        16 => (remove_photo(words, ids, seen), None),
        17 => any_move(words, seen, now),
        18 => {
            let (id, following) = (any_visit(words, seen), words.one_in(2));
            (VisitCommand::Cancel { id, reason: CancelReason::Weather, following }.into(), None)
        }
        _ => {
            let (id, at, outcome) = (any_visit(words, seen), now - words.minutes(0, 600), any_outcome(words));
            (VisitCommand::Record { id, at, outcome, signs: any_signs(words), note: Some("점심".to_owned()) }.into(), None)
        }
    }
}

fn record_step(words: &mut Words, seen: &Dossier, now: DateTime<Utc>) -> Command {
    let next = if words.one_in(4) { words.pick(Step::ALL).copied() } else { seen.case.facts.next_step() };
    let on = korean_day(now) - TimeDelta::days(i64::from(words.one_in(3)));
    CaseCommand::RecordStep { id: seen.case.card.id, step: next.unwrap_or(Step::Review), on }.into()
}

/// Edits of one to three fields.
fn any_edits(words: &mut Words, seen: &Dossier) -> ProfileEdits {
    let from = &seen.neighbor.person.record.profile;
    let mut to = from.clone();
    for _ in 0..=words.below(3) {
        match words.below(8) {
            0 | 1 => to.name = words.pick(&["김가상", "이가상", "박가상"]).map(ToString::to_string),
            2 => to.age_band = words.pick(AgeBand::ALL).copied(),
            3 => to.dong = words.pick(&DONGS).unwrap().parse().unwrap(),
            4 => to.address = words.pick(&["가상로 1", "가상로 2"]).filter(|_| !words.one_in(3)).map(ToString::to_string),
            5 => to.no_fixed_address = !to.no_fixed_address,
            6 => to.contact_consent = *words.pick(ContactConsent::ALL).unwrap(),
            _ => to.health_note = words.pick(&["당뇨", "무릎"]).map(ToString::to_string),
        }
    }
    ProfileEdits::between(from, &to)
}

fn edit_member(words: &mut Words, seen: &Dossier) -> Command {
    let Some(from) = words.pick(&seen.neighbor.members) else { return recognise(seen) };
    let mut to = from.clone();
    match words.below(3) {
        0 => to.relation = *words.pick(Relation::ALL).unwrap(),
        1 => to.is_carer = !to.is_carer,
        _ => to.name = words.pick(&["가상 가족", "가상 이웃"]).map(ToString::to_string),
    }
    let edits = Box::new(MemberEdits::between(from, &to));
    NeighborCommand::EditMember { id: seen.id(), member: from.id, edits }.into()
}

fn remove_member(words: &mut Words, seen: &Dossier) -> Command {
    let Some(member) = words.pick(&seen.neighbor.members) else { return recognise(seen) };
    NeighborCommand::RemoveMember { id: seen.id(), member: member.id }.into()
}

fn recognise(seen: &Dossier) -> Command {
    NeighborCommand::Recognise { id: seen.id(), signs: vec![], learned_from: Channel::Partner }.into()
}

fn any_signs(words: &mut Words) -> Vec<String> {
    SIGNS.iter().filter(|_| words.one_in(2)).map(ToString::to_string).collect()
}

fn any_window(words: &mut Words, now: DateTime<Utc>) -> Window {
    let start = now + TimeDelta::hours(words.minutes(1, 4).num_minutes() * 24);
    Window { start, end: start + TimeDelta::hours(1) }
}

/// A visit, or a series of three.
fn any_plan(words: &mut Words, ids: &mut Ids, seen: &Dossier, now: DateTime<Utc>) -> Command {
    let mut visit = plan(ids.next(), seen.case.card.id, any_window(words, now).start);
    if let VisitCommand::Schedule { series, recurrence, worker: goes, .. } = &mut visit {
        *goes = worker(words.below(2)).id;
        if words.one_in(3) {
            *series = Some(ids.next());
            let end = RecurrenceEnd::Count { count: 3 };
            *recurrence = Some(Recurrence { frequency: Frequency::Week, end, skip_holidays: false });
        }
    }
    visit.into()
}

fn any_unplanned(words: &mut Words, ids: &mut Ids, seen: &Dossier, now: DateTime<Utc>) -> Command {
    let kind = *words.pick(&[VisitKind::Home, VisitKind::Office]).unwrap();
    let (at, outcome, signs) = (now - words.minutes(0, 600), any_outcome(words), any_signs(words));
    VisitCommand::RecordUnplanned { id: ids.next(), case: seen.case.card.id, kind, at, outcome, signs, note: None }.into()
}

fn any_outcome(words: &mut Words) -> Outcome {
    match words.below(3) {
        0 => Outcome::Met { face_to_face: None },
        1 => Outcome::Met { face_to_face: words.pick(SeenWith::ALL).copied() },
        _ => Outcome::NotMet { reason: *words.pick(NotMetReason::ALL).unwrap() },
    }
}

/// Any visit of the case, of whatever state.
fn any_visit(words: &mut Words, seen: &Dossier) -> VisitId {
    words.pick(&seen.visits).unwrap().card.id
}

fn any_photo(words: &mut Words, ids: &mut Ids, seen: &Dossier) -> Command {
    let mut photo = photo(ids.next(), seen.case.card.id);
    if let Command::Attachment(AttachmentCommand::Add { visit, .. }) = &mut photo {
        *visit = words.one_in(2).then(|| any_visit(words, seen));
    }
    photo
}

/// The photos and signatures of a case, those taken off too.
pub fn photos(dossier: &Dossier) -> impl Iterator<Item = AttachmentId> {
    dossier.neighbor.timeline.rows.iter().filter_map(|row| match &row.what {
        Happening::Attachment { card } => Some(card.id),
        _ => None,
    })
}

fn remove_photo(words: &mut Words, ids: &mut Ids, seen: &Dossier) -> Command {
    let all: Vec<AttachmentId> = photos(seen).collect();
    let id = words.pick(&all).copied().unwrap_or_else(|| ids.next());
    AttachmentCommand::Remove { id, case: seen.case.card.id, reason: "흐림".to_owned() }.into()
}

fn any_move(words: &mut Words, seen: &Dossier, now: DateTime<Utc>) -> (Command, Option<Rev>) {
    let card = &words.pick(&seen.visits).unwrap().card;
    let window = if words.one_in(3) { card.window } else { any_window(words, now) };
    let command = VisitCommand::Move {
        id: card.id,
        window,
        worker: worker(words.below(2)).id,
        second_worker: None,
        seen: Some(card.plan()),
    };
    (command.into(), Some(card.rev))
}
