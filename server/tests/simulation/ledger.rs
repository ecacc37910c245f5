//! The books: what was written on tablets, what became of it, and what of it stands at the server, in the feed and in the trail.

use super::{
    tablet::{PATIENCE, Tablet},
    world::{PACE, TICK, World},
};
use chrono::TimeDelta;
use domain::{
    clock::Clock,
    command::{CaseCommand, Command},
    ids::{ChangeSeq, NeighborId, NoteId, OpId},
    sync::{
        apply::settle,
        outbox::{Entry, Ledger, Outcome, State},
        replica::Dossier,
    },
    view::cases::Happening,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    audit::{seal::seal_waiting, verify::verify},
    testing_trace::{Trace, traces},
};

/// Holds everything that was written against everything that became of it.
pub fn check(world: &World) {
    world.tablets.iter().for_each(all_have_an_end);
    let (kept, traces) =
        world.outside.block_on(traces(&world.db.url)).into_iter().partition(|(_, trace)| trace.noted == ["kept.keep"]);
    each_is_kept_once(world, &kept);
    everything_stands_once(world, &traces);
    world.tablets.iter().for_each(|tablet| is_in_step(world, tablet));
    notes_stand_where_and_when_they_were_written(world);
    the_trail_holds(world);
}

/// Each command stands in one place of the tablet's ledger, and none of them waits for anything of the tablet's.
fn all_have_an_end(tablet: &Tablet) {
    let ledger = tablet.outbox.ledger();
    let Ledger { written, waiting, sent, applied, merged, conflicts, refused, kept, replaced, withdrawn } = ledger;
    let ends = applied + merged + kept + replaced + withdrawn;
    assert_eq!((written, ends), (tablet.written, tablet.written), "{ledger:?}");
    assert_eq!((waiting, sent, conflicts, refused), (0, 0, 0, 0), "{ledger:?}");
}

type Traces = BTreeMap<OpId, Trace>;

/// What came too late lies at the server for others to decide, however often it came.
fn each_is_kept_once(world: &World, kept: &Traces) {
    let rows = world.outside.block_on(world.db.count("SELECT count(*) AS n FROM kept_entry"));
    assert_eq!(i64::try_from(kept.len()).unwrap(), rows);
    let told: usize = world.tablets.iter().map(|tablet| tablet.outbox.ledger().kept).sum();
    assert!(told <= kept.len(), "the tablets were told of {told}, and {} are kept", kept.len());
}

fn standing(world: &World) -> impl Iterator<Item = &Entry> {
    let stands = |entry: &&Entry| matches!(entry.state, State::Decided(Outcome::Applied { .. } | Outcome::Merged { .. }));
    world.tablets.iter().flat_map(|tablet| tablet.outbox.entries()).filter(stands)
}

/// What the tablets were told stands is what the server has, each once, and no change is without a row in the trail.
fn everything_stands_once(world: &World, traces: &Traces) {
    let told: BTreeSet<OpId> = standing(world).map(|entry| entry.envelope.op_id).collect();
    assert_eq!(told.len(), standing(world).count(), "no two tablets wrote the same command");
    let there: BTreeSet<OpId> = traces.keys().copied().collect();
    let lost: Vec<_> = told.difference(&there).collect();
    assert!(lost.is_empty(), "lost, though the tablet was told that they stand: {lost:?}");
    let untold: Vec<_> = there.difference(&told).collect();
    assert!(untold.is_empty(), "applied, though the tablet was told otherwise: {untold:?}");
    for (op, trace) in traces {
        assert_eq!(trace.noted.len(), 1, "{op}: {trace:?}");
        // Whoever finds everything as they wanted it changes nothing.
        assert_eq!(trace.trail.is_empty(), trace.changes.is_empty(), "a change without a row in the trail: {op}: {trace:?}");
    }
}

/// What the tablet shows is what a new tablet of the same holder loads.
fn is_in_step(world: &World, tablet: &Tablet) {
    let fresh = world.fresh.iter().find(|fresh| fresh.actor.user == tablet.actor.user).unwrap();
    let (here, there) = (shown(tablet), shown(fresh));
    assert!(here.keys().eq(there.keys()), "{:?}, and a new tablet {:?}", here.keys(), there.keys());
    for (id, dossier) in &here {
        let [here, there] = [dossier, &there[id]].map(|dossier| format!("{dossier:#?}"));
        let apart: Vec<_> = here.lines().zip(there.lines()).filter(|(here, there)| here != there).take(5).collect();
        assert!(here == there, "this tablet and a new one of its holder show: {apart:#?}");
    }
}

/// Everybody as the tablet shows them now, but for how far in the feed that was.
fn shown(tablet: &Tablet) -> BTreeMap<NeighborId, Dossier> {
    let (_, district) = tablet.district.as_ref().unwrap();
    let mut dossiers = tablet.dossiers.clone();
    for dossier in dossiers.values_mut() {
        dossier.as_of = ChangeSeq::default();
        settle(dossier, district, tablet.right_now());
    }
    dossiers
}

/// Every note is shown once. One whose tablet had heard of the time has the right one, however wrong the tablet's own clock was:
/// off by half of the longest exchange at most.
fn notes_stand_where_and_when_they_were_written(world: &World) {
    let mut rows = BTreeMap::new();
    let everybody: BTreeMap<NeighborId, Dossier> = world.fresh.iter().flat_map(shown).collect();
    for row in everybody.values().flat_map(|dossier| &dossier.neighbor.timeline.rows) {
        if matches!(row.what, Happening::Note { .. }) {
            assert!(rows.insert(row.key.clone(), row.at).is_none(), "a note is shown twice: {row:?}");
        }
    }
    let most = TimeDelta::from_std(PATIENCE / 2 + TICK * 2).unwrap() * PACE;
    let noted: BTreeMap<_, _> = world.tablets.iter().flat_map(|tablet| &tablet.noted).collect();
    for entry in standing(world) {
        let Some(id) = note_of(entry) else { continue };
        let at = rows.get(&id.to_string()).unwrap_or_else(|| panic!("a note is lost: {entry:?}"));
        if let Some(right) = noted.get(&id) {
            assert!((*at - **right).abs() <= most, "written at {right}, shown at {at}: {entry:?}");
        }
    }
}

const fn note_of(entry: &Entry) -> Option<NoteId> {
    match &entry.envelope.command {
        Command::Case(CaseCommand::AddNote { id, .. }) => Some(*id),
        _ => None,
    }
}

fn the_trail_holds(world: &World) {
    let (store, tenant) = (&world.db.store, world.db.tenant);
    world.outside.block_on(async {
        let sealed = seal_waiting(store, tenant, OpId::new().0, world.db.clock.now()).await.unwrap();
        let found = verify(store, tenant).await.unwrap();
        assert_eq!((found.broken, found.waiting), (None, 0));
        assert!(sealed > 0 && found.rows >= sealed);
    });
}
