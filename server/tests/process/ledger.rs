//! What was written against what became of it: on the tablet, in the tables, on the screens, in the trail. Nothing lost, nothing
//! twice, nothing half done.

use super::{
    place::Place,
    tablet::{Person, Tablet},
};
use domain::{
    ids::{NoteId, VisitId},
    sync::{
        outbox::{Ledger, Outcome, State},
        replica::Dossier,
    },
    view::cases::Happening,
    visit::VisitState,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::testing_trace::{Trace, traces};

/// What a command of a kind leaves behind when nothing disturbs it, in kinds of things and how many of each.
type Shape = (Vec<(String, String)>, Vec<String>);

/// What whole commands look like.
pub struct Whole(BTreeMap<String, BTreeSet<Shape>>);

fn shape(trace: &Trace) -> Shape {
    let mut trail: Vec<_> = trace.trail.iter().map(|(action, subject, _)| (action.clone(), subject.clone())).collect();
    let mut changes: Vec<_> = trace.changes.iter().map(|(entity, ..)| entity.clone()).collect();
    trail.sort();
    changes.sort();
    (trail, changes)
}

impl Whole {
    /// Learned from what a tablet has written and a server has applied undisturbed.
    pub async fn learn(place: &Place, tablet: &Tablet) -> Self {
        let (traces, mut whole) = (traces(&place.url()).await, BTreeMap::<_, BTreeSet<_>>::new());
        for entry in tablet.outbox.entries() {
            let trace = &traces[&entry.envelope.op_id];
            assert!(!trace.trail.is_empty() && !trace.changes.is_empty(), "{trace:?}");
            whole.entry(entry.envelope.command.label().to_owned()).or_default().insert(shape(trace));
        }
        assert_eq!(whole.len(), 6, "not everything was tried: {:?}", whole.keys());
        Self(whole)
    }

    /// Everything of the tablet is in the tables once and whole, or not at all; what the tablet was told has happened has.
    pub async fn check(&self, place: &Place, tablet: &Tablet) {
        let traces = traces(&place.url()).await;
        for entry in tablet.outbox.entries() {
            let (label, trace) = (entry.envelope.command.label(), traces.get(&entry.envelope.op_id));
            let told = matches!(entry.state, State::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }));
            assert!(!told || trace.is_some(), "lost, though {:?}", entry.state);
            let Some(trace) = trace else { continue };
            assert_eq!(trace.noted, [label], "half done, or twice: {trace:?}");
            assert!(self.0[label].contains(&shape(trace)), "half done, or twice: {label}: {trace:?} {:?}", self.0[label]);
        }
    }
}

/// All is over: the server is well and still there.
pub async fn settle(place: &Place, tablet: &Tablet, whole: &Whole) {
    let ledger = tablet.outbox.ledger();
    let written = ledger.written;
    assert_eq!(Ledger { written, applied: written - ledger.merged, merged: ledger.merged, ..Ledger::default() }, ledger);
    whole.check(place, tablet).await;
    nothing_strange(place, tablet).await;
    let dossiers = tablet.pull().await;
    for (id, person) in &tablet.people {
        shows(&dossiers[id], person);
    }
}

/// No command is known that nobody wrote, and no position of the feed and no revision was given twice.
async fn nothing_strange(place: &Place, tablet: &Tablet) {
    let (ours, mut revisions) =
        (tablet.outbox.entries().map(|entry| entry.envelope.op_id).collect::<BTreeSet<_>>(), BTreeSet::new());
    let about: BTreeSet<_> = tablet.people.iter().flat_map(|(id, person)| [id.0, person.case.0]).collect();
    for (op, trace) in traces(&place.url()).await {
        // One command may tell several people of one revision.
        let touching: BTreeSet<_> = trace.changes.iter().filter(|(_, id, _)| about.contains(id)).collect();
        assert!(touching.is_empty() || ours.contains(&op), "nobody wrote {op}: {trace:?}");
        for change in touching {
            assert!(revisions.insert(change.clone()), "two commands made the same revision: {change:?}");
        }
    }
}

/// A dossier shows everything that was written about a person, once.
fn shows(dossier: &Dossier, person: &Person) {
    assert_eq!(dossier.case.card.id, person.case);
    assert_eq!(dossier.neighbor.person.record.profile.address, person.address);
    let (mut notes, mut edits, mut registered) = (Vec::new(), 0, 0);
    for entry in &dossier.neighbor.timeline.rows {
        match &entry.what {
            Happening::Note { body } => notes.push((NoteId(entry.key.parse().unwrap()), body.clone())),
            Happening::Event { kind, .. } if kind == "edited" => edits += 1,
            Happening::Event { kind, .. } if kind == "registered" => registered += 1,
            _ => {}
        }
    }
    notes.sort();
    assert_eq!(notes, person.notes.clone().into_iter().collect::<Vec<_>>());
    assert_eq!((edits, registered), (person.edits, 1), "{:?}", dossier.neighbor.timeline.rows);
    let of = |state: VisitState| {
        let mut visits: Vec<VisitId> =
            dossier.visits.iter().filter(|visit| visit.card.state == state).map(|visit| visit.card.id).collect();
        visits.sort();
        visits
    };
    let sorted = |visits: &[VisitId]| visits.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    assert_eq!((of(VisitState::Met), of(VisitState::Scheduled)), (sorted(&person.recorded), sorted(&person.planned)));
}

/// The trail holds, row by row.
pub fn trail_holds(place: &Place) {
    let found = place.json(&["audit", "verify", "--json"]);
    assert_eq!(found.get("broken"), Some(&Value::Null), "{found}");
}
