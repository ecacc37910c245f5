//! What a tablet foresees of its own commands is what the server makes of them: histories of random commands, right and wrong
//! ones, held against each other after each step. A seed that fails is printed.

use crate::{
    profile,
    shown::is_as_on_the_desk,
    tablet::{Tablet, registration},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    attachment::{AttachmentKind, Content, Media},
    case::{Step, Urgency},
    clock::korean_day,
    command::{AttachmentCommand, CaseCommand, Command, NeighborCommand, VisitCommand},
    ids::{AttachmentId, MemberId, NoteId, SeriesId, UserId, VisitId},
    merge::Edit,
    profile::{Channel, HouseholdMember, MemberEdits, ProfileEdits, Relation},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    sync::{
        apply::{Writing, apply, begin, is_about, settle},
        outbox::Outcome as Fate,
        replica::Dossier,
    },
    view::cases::Happening,
    visit::{CancelReason, NotMetReason, Outcome, SeenWith, VisitKind, Window},
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use std::cmp::Reverse;
use store::{on_both, testing::TestDb};

/// Commands of one history.
const STEPS: usize = 25;

on_both!(a_tablet_foresees_what_the_server_makes_of_its_commands, async |db: TestDb| {
    let mut tablet = Tablet::new(&db, &db.people.worker).await;
    tablet.pull().await;
    for seed in 0..12 {
        let mut random = StdRng::seed_from_u64(seed);
        let mut done = Vec::new();
        let (command, person, _) = registration(&db, &format!("가상{seed}"));
        let mut foreseen = begin_one(&mut tablet, command.into()).await;
        for _ in 0..STEPS {
            db.clock.advance(TimeDelta::minutes(random.random_range(1..600)));
            let now = tablet.ctx().now();
            let command = any_command(&mut random, &db, &foreseen, now);
            done.push(command.label());
            let told = step(&mut tablet, &mut foreseen, command).await;
            let (_, district) = tablet.district.as_ref().unwrap();
            settle(&mut foreseen, district, tablet.ctx().now());
            // What was refused comes with no new dossier, and the day may have changed.
            let mut kept = tablet.dossiers[&person].clone();
            settle(&mut kept, district, tablet.ctx().now());
            assert_eq!(plain(&foreseen), plain(&kept), "seed {seed}, {done:?}, {told}");
        }
        is_as_on_the_desk(&tablet).await;
    }
});

async fn begin_one(tablet: &mut Tablet<'_>, command: Command) -> Dossier {
    let at = tablet.write(command.clone());
    let entry = tablet.outbox.entries().last().unwrap().clone();
    let (_, district) = tablet.district.clone().unwrap();
    let writing = Writing { district: &district, at, op: entry.envelope.op_id };
    let foreseen = begin(&writing, &command).unwrap().unwrap();
    tablet.push().await;
    tablet.pull().await;
    assert_eq!(plain(&foreseen), plain(&tablet.dossiers[&foreseen.id()]));
    foreseen
}

/// Writes one command on the tablet and at the server; what both said of it.
async fn step(tablet: &mut Tablet<'_>, foreseen: &mut Dossier, command: Command) -> String {
    assert!(is_about(&command, foreseen), "{command:?}");
    let at = tablet.write(command);
    let entry = tablet.outbox.entries().last().unwrap().clone();
    let (_, district) = tablet.district.clone().unwrap();
    let writing = Writing { district: &district, at, op: entry.envelope.op_id };
    let mine = apply(&writing, foreseen, &entry.envelope);
    let theirs = tablet.push().await.pop().and_then(|(_, fate)| fate).expect("the server decides");
    tablet.pull().await;
    match (&mine, &theirs) {
        (Ok(()), Fate::Applied { .. } | Fate::Merged { .. }) => {}
        (Err(error), Fate::Refused { error: other }) if error == other => {}
        (Err(domain::ApiError::Conflict { fields, .. }), Fate::Conflict { fields: other, .. }) if fields == other => {}
        _ => panic!("{:?}: foreseen {mine:?}, became {theirs:?}", entry.envelope.command),
    }
    format!("{:?}", entry.envelope.command)
}

/// A dossier without what only the server can know: its own ids of things on the timeline, and the feed's position.
fn plain(dossier: &Dossier) -> Dossier {
    let mut plain = dossier.clone();
    plain.as_of = Default::default();
    for row in &mut plain.neighbor.timeline.rows {
        if !matches!(row.what, Happening::Visit { .. }) {
            row.key = String::new();
        }
    }
    plain.neighbor.timeline.rows.sort_by_key(|row| (Reverse(row.at), format!("{:?}", row.what)));
    plain.neighbor.why.signs.sort_by_key(|sign| (Reverse(sign.at), sign.code.clone()));
    plain
}

fn any_command(random: &mut StdRng, db: &TestDb, dossier: &Dossier, now: DateTime<Utc>) -> Command {
    let person = dossier.id();
    let case = dossier.case.card.id;
    let kinds = if dossier.visits.is_empty() { 12 } else { 16 };
    match random.random_range(0..kinds) {
        0 => CaseCommand::AddNote { id: NoteId::new(), case, body: some_text(random) }.into(),
        1 => {
            let urgency = Edit { from: dossier.case.card.urgency, to: *Urgency::ALL.choose(random).unwrap() };
            CaseCommand::SetUrgency { id: case, urgency, reason: some_text(random) }.into()
        }
        2 => {
            let step = if random.random_bool(0.7) { dossier.case.card.next_step } else { Step::ALL.choose(random).copied() };
            let on = korean_day(now) - TimeDelta::days(random.random_range(-1..3));
            CaseCommand::RecordStep { id: case, step: step.unwrap_or(Step::Review), on }.into()
        }
        3 => NeighborCommand::Edit { id: person, edits: Box::new(some_edits(random, db, dossier)) }.into(),
        4 => NeighborCommand::PutMember { id: person, member: some_member(random, dossier) }.into(),
        5 => edit_member(random, dossier),
        6 => match dossier.neighbor.members.choose(random) {
            Some(member) => NeighborCommand::RemoveMember { id: person, member: member.id }.into(),
            None => edit_member(random, dossier),
        },
        7 => {
            let signs = some_signs(random);
            NeighborCommand::Recognise { id: person, signs, learned_from: Channel::Worker }.into()
        }
        8 | 9 => some_plan(random, db, dossier, now),
        10 => some_attachment(random, dossier),
        11 => remove_attachment(random, dossier),
        12 => some_move(random, db, dossier, now),
        13 => {
            let id = some_visit(random, dossier);
            VisitCommand::Cancel { id, reason: CancelReason::Weather, following: random.random_bool(0.3) }.into()
        }
        14 => {
            let (at, outcome) = (happened(random, now), some_outcome(random));
            let (signs, note) = (some_signs(random), Some(some_text(random)));
            VisitCommand::Record { id: some_visit(random, dossier), at, outcome, signs, note }.into()
        }
        _ => {
            let kind = *VisitKind::ALL.choose(random).unwrap();
            let (at, outcome) = (happened(random, now), some_outcome(random));
            let (signs, note) = (some_signs(random), None);
            VisitCommand::RecordUnplanned { id: VisitId::new(), case, kind, at, outcome, signs, note }.into()
        }
    }
}

fn some_attachment(random: &mut StdRng, dossier: &Dossier) -> Command {
    let bytes = *[0, 1, 300_000].choose(random).unwrap();
    let content = Content { media: Media::Jpeg, bytes, digest: "0".repeat(64).try_into().unwrap() };
    let visit = random.random_bool(0.5).then(|| some_visit(random, dossier));
    let known = attachments(dossier).choose(random).copied().filter(|_| random.random_bool(0.2));
    let (id, case, kind) = (known.unwrap_or_default(), dossier.case.card.id, AttachmentKind::Photo);
    AttachmentCommand::Add { id, case, visit, kind, content, caption: Some(" 문 앞 ".to_owned()) }.into()
}

fn remove_attachment(random: &mut StdRng, dossier: &Dossier) -> Command {
    let id = attachments(dossier).choose(random).copied().unwrap_or_default();
    AttachmentCommand::Remove { id, case: dossier.case.card.id, reason: some_text(random) }.into()
}

fn attachments(dossier: &Dossier) -> Vec<AttachmentId> {
    let of = |what: &Happening| match what {
        Happening::Attachment { card } => Some(card.id),
        _ => None,
    };
    dossier.neighbor.timeline.rows.iter().filter_map(|row| of(&row.what)).collect()
}

fn some_text(random: &mut StdRng) -> String {
    ["문을 열어 주심", "  두 칸 띄움  ", "", "점심은 드셨다고 함\n다음 주에 다시"].choose(random).unwrap().to_string()
}

fn some_signs(random: &mut StdRng) -> Vec<String> {
    let all: &[&[&str]] = &[&[], &["S15"], &["S28", "S07"], &["없음"]];
    all.choose(random).unwrap().iter().map(ToString::to_string).collect()
}

fn some_edits(random: &mut StdRng, db: &TestDb, dossier: &Dossier) -> ProfileEdits {
    let from = &dossier.neighbor.person.record.profile;
    let mut to = from.clone();
    let seen = if random.random_bool(0.2) { profile(db, "다른 이름") } else { from.clone() };
    match random.random_range(0..5) {
        0 => to.name = Some(some_text(random)),
        1 => to.dong = store::testing::dong_code(store::testing::DONGS.choose(random).unwrap()),
        2 => to.address = Some("서초대로 12".to_owned()),
        3 => to.no_fixed_address = !to.no_fixed_address,
        _ => to.health_note = Some(some_text(random)),
    }
    ProfileEdits::between(&seen, &to)
}

fn some_member(random: &mut StdRng, dossier: &Dossier) -> HouseholdMember {
    let known = dossier.neighbor.members.choose(random).filter(|_| random.random_bool(0.3)).map(|member| member.id);
    HouseholdMember {
        id: known.unwrap_or_default(),
        name: Some(" 가상 ".to_owned()),
        relation: *Relation::ALL.choose(random).unwrap(),
        birth_year: None,
        is_carer: random.random_bool(0.5),
        needs_care: false,
        neighbor: None,
    }
}

fn edit_member(random: &mut StdRng, dossier: &Dossier) -> Command {
    let member = dossier.neighbor.members.choose(random);
    let from = member.is_some_and(|member| member.is_carer) ^ random.random_bool(0.2);
    let edits = MemberEdits { is_carer: Some(Edit { from, to: random.random_bool(0.5) }), ..MemberEdits::default() };
    let member = member.map_or_else(MemberId::new, |member| member.id);
    NeighborCommand::EditMember { id: dossier.id(), member, edits: Box::new(edits) }.into()
}

fn some_worker(random: &mut StdRng, db: &TestDb) -> UserId {
    let people = [&db.people.worker, &db.people.worker, &db.people.colleague, &db.people.coach];
    people.choose(random).unwrap().user
}

fn some_window(random: &mut StdRng, now: DateTime<Utc>) -> Window {
    let start = now + TimeDelta::hours(random.random_range(-5..200));
    Window { start, end: start + TimeDelta::hours(random.random_range(0..14)) }
}

fn some_plan(random: &mut StdRng, db: &TestDb, dossier: &Dossier, now: DateTime<Utc>) -> Command {
    let recurs = random.random_bool(0.3);
    let recurrence = recurs.then(|| Recurrence {
        frequency: Frequency::Week,
        end: RecurrenceEnd::Count { count: random.random_range(1..5) },
        skip_holidays: true,
    });
    VisitCommand::Schedule {
        id: VisitId::new(),
        series: (recurs && random.random_bool(0.9)).then(SeriesId::new),
        case: dossier.case.card.id,
        kind: *VisitKind::ALL.choose(random).unwrap(),
        window: some_window(random, now),
        worker: some_worker(random, db),
        second_worker: random.random_bool(0.3).then(|| some_worker(random, db)),
        two_person: random.random_bool(0.2),
        purpose: Some(" 안부 ".to_owned()),
        recurrence,
    }
    .into()
}

/// Any visit of the case, of whatever state.
fn some_visit(random: &mut StdRng, dossier: &Dossier) -> VisitId {
    dossier.visits.choose(random).map_or_else(VisitId::new, |visit| visit.card.id)
}

fn some_move(random: &mut StdRng, db: &TestDb, dossier: &Dossier, now: DateTime<Utc>) -> Command {
    let id = some_visit(random, dossier);
    let (window, worker) = (some_window(random, now), some_worker(random, db));
    // Programs of before did not say what they saw.
    let seen = dossier.visits.iter().find(|visit| visit.card.id == id).map(|visit| visit.card.plan());
    VisitCommand::Move { id, window, worker, second_worker: None, seen: seen.filter(|_| random.random_bool(0.7)) }.into()
}

fn happened(random: &mut StdRng, now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::minutes(random.random_range(-30..600))
}

fn some_outcome(random: &mut StdRng) -> Outcome {
    match random.random_range(0..3) {
        0 => Outcome::Met { face_to_face: None },
        1 => Outcome::Met { face_to_face: SeenWith::ALL.choose(random).copied() },
        _ => Outcome::NotMet { reason: *NotMetReason::ALL.choose(random).unwrap() },
    }
}
