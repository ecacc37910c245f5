//! The books: what was written on tablets, what became of it, and what of it stands at the server.

use super::{district::FIRST_CASE, server::Server, tablet::Tablet, writing::photos};
use chrono::{DateTime, Utc};
use domain::{
    command::{AttachmentCommand, CaseCommand, Command, NeighborCommand, VisitCommand},
    ids::OpId,
    sync::{
        outbox::{Ledger, Outcome, State},
        replica::Dossier,
    },
    view::cases::{Happening, TimelineEntry},
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Each command that was written stands somewhere, once.
pub fn counts(tablet: &Tablet) -> Result<(), TestCaseError> {
    let Ledger { written, waiting, sent, applied, merged, conflicts, refused, replaced, withdrawn, kept } =
        tablet.outbox.ledger();
    let sum = waiting + sent + applied + merged + conflicts + refused + replaced + withdrawn + kept;
    prop_assert_eq!((written, sum), (tablet.written, tablet.written));
    Ok(())
}

/// Adds the ends of one book to another.
pub const fn add(sum: &mut Ledger, ledger: &Ledger) {
    sum.applied += ledger.applied;
    sum.merged += ledger.merged;
    sum.conflicts += ledger.conflicts;
    sum.refused += ledger.refused;
    sum.replaced += ledger.replaced;
    sum.withdrawn += ledger.withdrawn;
}

const fn is_open(state: &State) -> bool {
    matches!(state, State::Waiting | State::Sent)
}

/// On a network that is well nothing waits, but for what asks and what hangs on it.
pub fn all_are_decided(tablet: &Tablet) -> Result<(), TestCaseError> {
    counts(tablet)?;
    for entry in tablet.outbox.entries() {
        prop_assert!(
            !is_open(&entry.state) || tablet.outbox.waits_for(entry.envelope.op_id).is_some(),
            "{entry:?} waits for nothing"
        );
    }
    Ok(())
}

/// Every note that was written here and not refused is shown, and nothing is shown twice; but where a pull overtakes the answer
/// to what was sent, it is, until that answer comes; and after the server was restored, until the whole is pulled.
pub fn shows_its_own_once(tablet: &Tablet, shown: Option<&Dossier>) -> Result<(), TestCaseError> {
    let Some(shown) = shown else { return Ok(()) };
    let rows = &shown.neighbor.timeline.rows;
    let keys: BTreeSet<&String> = rows.iter().map(|row| &row.key).collect();
    let answered = !tablet.mixed && !tablet.outbox.entries().any(|entry| is_open(&entry.state));
    prop_assert!(!answered || keys.len() == rows.len(), "something is shown twice");
    for entry in tablet.outbox.entries().filter(|entry| !entry.state.asks()) {
        let given_up = matches!(entry.state, State::Replaced { .. } | State::Withdrawn);
        if let (Command::Case(CaseCommand::AddNote { id, case, .. }), false) = (&entry.envelope.command, given_up) {
            prop_assert!(*case != shown.case.card.id || keys.contains(&id.to_string()), "{entry:?} is not shown");
        }
    }
    Ok(())
}

/// However wrong a tablet's clock was, nothing was written in the future.
pub fn nothing_lies_ahead(dossier: &Dossier, now: DateTime<Utc>) -> Result<(), TestCaseError> {
    let written = |row: &&TimelineEntry| !matches!(row.what, Happening::Visit { .. });
    prop_assert!(dossier.neighbor.timeline.rows.iter().filter(written).all(|row| row.at <= now));
    Ok(())
}

fn stands(tablet: &Tablet) -> impl Iterator<Item = OpId> {
    let stands = |state: &State| matches!(state, State::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }));
    tablet.outbox.entries().filter(move |entry| stands(&entry.state)).map(|entry| entry.envelope.op_id)
}

/// Every command has one end, the tablets' ends are the server's, and what only adds is all there.
pub fn nothing_is_lost(server: &Server, tablets: &[Tablet]) -> Result<(), TestCaseError> {
    for tablet in tablets {
        counts(tablet)?;
        let Ledger { waiting, sent, conflicts, refused, .. } = tablet.outbox.ledger();
        prop_assert_eq!((waiting, sent, conflicts, refused), (0, 0, 0, 0));
    }
    let told: Vec<OpId> = tablets.iter().flat_map(stands).collect();
    let applied: Vec<OpId> = server.order.iter().map(|envelope| envelope.op_id).collect();
    let sets: [BTreeSet<OpId>; 2] = [told.iter().copied().collect(), applied.iter().copied().collect()];
    prop_assert_eq!(&sets[0], &sets[1]);
    prop_assert_eq!((told.len(), applied.len()), (sets[0].len(), sets[1].len()));
    let there = Things::of(server.dossiers.values());
    let mut should = Things::of([&*FIRST_CASE].into_iter());
    server.order.iter().for_each(|envelope| should.add(&envelope.command));
    prop_assert!(should.notes.is_subset(&there.notes), "{:?} of {:?}", should.notes, there.notes);
    prop_assert_eq!(Things { notes: BTreeSet::new(), ..should }, Things { notes: BTreeSet::new(), ..there });
    Ok(())
}

/// What is only ever added, and the sets. A reason for an urgency is a note too, so there may be more of them.
#[derive(Debug, Default, PartialEq)]
struct Things {
    people: BTreeSet<Uuid>,
    notes: BTreeSet<Uuid>,
    visits: BTreeSet<Uuid>,
    photos: BTreeSet<Uuid>,
    members: BTreeSet<Uuid>,
    signs: usize,
}

impl Things {
    fn of<'a>(dossiers: impl Iterator<Item = &'a Dossier>) -> Self {
        let mut things = Self::default();
        for dossier in dossiers {
            let rows = dossier.neighbor.timeline.rows.iter();
            let notes = rows.filter(|row| matches!(row.what, Happening::Note { .. })).map(|row| row.key.parse::<Uuid>().unwrap());
            things.people.insert(dossier.id().0);
            things.notes.extend(notes);
            things.visits.extend(dossier.visits.iter().map(|visit| visit.card.id.0));
            things.photos.extend(photos(dossier).map(|photo| photo.0));
            things.members.extend(dossier.neighbor.members.iter().map(|member| member.id.0));
            things.signs += dossier.neighbor.why.signs.len();
        }
        things
    }

    /// As a command adds to it, read off the command alone.
    fn add(&mut self, command: &Command) {
        match command {
            Command::Neighbor(NeighborCommand::Register { id, signs, members, .. }) => {
                self.people.insert(id.0);
                self.members.extend(members.iter().map(|member| member.id.0));
                self.signs += signs.len();
            }
            Command::Neighbor(NeighborCommand::Recognise { signs, .. }) => self.signs += signs.len(),
            Command::Neighbor(NeighborCommand::PutMember { member, .. }) => drop(self.members.insert(member.id.0)),
            Command::Neighbor(NeighborCommand::EditMember { member, .. }) => drop(self.members.insert(member.0)),
            Command::Neighbor(NeighborCommand::RemoveMember { member, .. }) => drop(self.members.remove(&member.0)),
            Command::Case(CaseCommand::AddNote { id, .. }) => drop(self.notes.insert(id.0)),
            Command::Visit(VisitCommand::Schedule { .. }) => self.visits.extend(command.makes()),
            Command::Visit(VisitCommand::RecordUnplanned { id, signs, .. }) => {
                self.visits.insert(id.0);
                self.signs += signs.len();
            }
            Command::Visit(VisitCommand::Record { signs, .. }) => self.signs += signs.len(),
            Command::Attachment(AttachmentCommand::Add { id, .. }) => drop(self.photos.insert(id.0)),
            _ => {}
        }
    }
}
