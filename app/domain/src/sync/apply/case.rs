//! What is done to a case in the field.

use super::{Dossier, Event, Writing};
use crate::{
    ApiError, Invalid, Rule,
    case::check_step,
    command::CaseCommand,
    merge::Merge,
    text,
    view::cases::{Happening, TimelineEntry},
};

pub(super) fn apply(writing: &Writing<'_>, dossier: &mut Dossier, command: &CaseCommand) -> Result<(), ApiError> {
    if !dossier.neighbor.may.work {
        return Err(ApiError::Forbidden);
    }
    match command {
        CaseCommand::SetUrgency { urgency, reason, .. } => {
            if dossier.case.facts.closed_at.is_some() {
                return Err(Rule::CaseClosed.into());
            }
            let mut merge = Merge::default();
            merge.field("urgency", &mut dossier.case.card.urgency, Some(urgency));
            if !merge.conflicts.is_empty() {
                return Err(ApiError::Conflict { fields: merge.conflicts, rev: dossier.case.card.rev.0 });
            }
            let body = text::required_text("reason", reason.clone(), 500)?;
            let what = Event { urgency: Some(urgency.to), ..Event::default() }.named("urgency_set");
            let rows = &mut dossier.neighbor.timeline.rows;
            rows.push(writing.entry(0, what));
            rows.push(writing.entry(1, Happening::Note { body }));
            let now = dossier.case.card.urgency;
            dossier.visits.iter_mut().for_each(|visit| visit.card.urgency = now);
        }
        CaseCommand::RecordStep { step, on, .. } => {
            check_step(&dossier.case.facts, *step, *on, writing.today())?;
            dossier.case.facts.record(*step, *on);
            let what = Event { step: Some((*step, *on)), ..Event::default() }.named("step_recorded");
            dossier.neighbor.timeline.rows.push(writing.entry(0, what));
        }
        CaseCommand::AddNote { id, body, .. } => {
            let body = text::required_text("body", body.clone(), 10_000)?;
            let what = Happening::Note { body };
            let entry = TimelineEntry { key: id.to_string(), ..writing.entry(0, what) };
            if dossier.neighbor.timeline.rows.iter().any(|row| row.key == entry.key) {
                return Err(ApiError::invalid("id", Invalid::Taken));
            }
            dossier.neighbor.timeline.rows.push(entry);
        }
        // A neighbor of a dossier has an open case; the rest is never made in the field.
        _ => return Ok(()),
    }
    dossier.case.card.rev = dossier.case.card.rev.next();
    Ok(())
}
