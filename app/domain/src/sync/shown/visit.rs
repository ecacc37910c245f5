//! One visit, and what must be known to plan or record one.

use super::{Head, attempts, contact, goes};
use crate::{
    case::Attempt,
    ids::{TeamId, UserId, VisitId},
    sync::replica::{District, Dossier},
    view::{
        Worker,
        visits::{Clash, ClashWith, VisitCard, VisitPage, VisitPlanning},
    },
    visit::{VisitState, Window, clashes as overlapping},
};
use chrono::{DateTime, Utc};

/// Planned visits of one case that a form shows.
const PLANNED: usize = 60;

/// One visit of a dossier.
#[must_use]
pub fn visit_page(dossier: &Dossier, district: &District, id: VisitId, now: DateTime<Utc>) -> Option<VisitPage> {
    let file = dossier.visit(id)?;
    let card = file.card.clone();
    let planned = || dossier.visits.iter().map(|visit| &visit.card).filter(|other| other.state == VisitState::Scheduled);
    let in_series =
        |other: &&VisitCard| card.series.is_some() && other.series == card.series && other.window.start > card.window.start;
    let later = planned().filter(in_series).count();
    let next = planned().filter(|other| other.id != id && other.window.start >= now).map(|other| other.window.start).min();
    Some(VisitPage {
        contact: contact(dossier),
        stage: dossier.case.card.stage,
        case_open: dossier.case.facts.closed_at.is_none(),
        note: file.note.clone(),
        signs: file.signs.clone(),
        recorded_by: file.recorded_by.clone(),
        recorded_at: file.recorded_at,
        later_in_series: u32::try_from(later).unwrap_or(u32::MAX),
        next_visit_at: next,
        attempts: attempts(dossier),
        workers: district.workers_for(team(dossier)),
        card,
    })
}

/// The team that serves the case.
fn team(dossier: &Dossier) -> Option<TeamId> {
    dossier.neighbor.person.team.as_ref().map(|team| team.id)
}

/// What must be known to plan a visit.
#[must_use]
pub fn planning(dossier: &Dossier, district: &District) -> VisitPlanning {
    let person = &dossier.neighbor.person;
    let planned = dossier.visits.iter().map(|visit| &visit.card).filter(|card| card.state == VisitState::Scheduled);
    VisitPlanning {
        case: dossier.case.card.id,
        name: person.record.profile.name.clone(),
        dong: person.dong.name.clone(),
        urgency: dossier.case.card.urgency,
        stage: dossier.case.card.stage,
        me: district.me.id,
        workers: district.workers_for(team(dossier)),
        planned: planned.take(PLANNED).cloned().collect(),
    }
}

/// What must be known to record a contact without a plan.
#[must_use]
pub fn contact_form(dossier: &Dossier, district: &District) -> (VisitPlanning, Vec<Attempt>) {
    (planning(dossier, district), attempts(dossier))
}

/// Which of `windows` fall on other planned visits of `workers`, as far as the tablet knows of them.
#[must_use]
pub fn clashes<'a>(
    heads: impl IntoIterator<Item = &'a Head>,
    workers: &[UserId],
    windows: &[Window],
    except: Option<VisitId>,
) -> Vec<Clash> {
    let cards: Vec<&VisitCard> = heads
        .into_iter()
        .flat_map(|head| &head.visits)
        .filter(|card| card.state == VisitState::Scheduled && Some(card.id) != except)
        .collect();
    let mut found = Vec::new();
    for worker in workers {
        for card in cards.iter().filter(|card| goes(card, *worker)) {
            found.extend(overlapping(&card.window, windows).into_iter().map(|at| (at, named(card, *worker), *card)));
        }
    }
    found.sort_by_key(|(at, _, card)| (*at, card.window.start, card.id));
    let clash = |(at, worker, card): (usize, Worker, &VisitCard)| Clash {
        at,
        worker,
        window: card.window,
        with: Some(ClashWith { visit: card.id, kind: card.kind, name: card.name.clone() }),
    };
    found.into_iter().map(clash).collect()
}

/// Somebody who goes on a visit, with their name.
fn named(card: &VisitCard, worker: UserId) -> Worker {
    card.second_worker.clone().filter(|second| second.id == worker).unwrap_or_else(|| card.worker.clone())
}
