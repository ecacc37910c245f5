//! Photos and signatures in the field.

use super::{Dossier, Writing};
use crate::{
    ApiError, Invalid,
    attachment::{AttachmentCard, MOST_CAPTION, Removal},
    command::AttachmentCommand,
    ids::AttachmentId,
    text,
    view::cases::{Happening, TimelineEntry},
};

pub(super) fn apply(writing: &Writing<'_>, dossier: &mut Dossier, command: &AttachmentCommand) -> Result<(), ApiError> {
    if !dossier.neighbor.may.work {
        return Err(ApiError::Forbidden);
    }
    match command {
        AttachmentCommand::Add { .. } => add(writing, dossier, command)?,
        AttachmentCommand::Remove { id, reason, .. } => {
            let card = find(dossier, *id).ok_or(ApiError::NotFound)?;
            // Whoever comes second finds it done.
            if card.removed.is_some() {
                return Ok(());
            }
            let reason = text::required_text("reason", reason.clone(), MOST_CAPTION)?;
            card.removed = Some(Removal { by: writing.me().clone(), at: writing.at, reason });
        }
        // Only the server knows when the bytes have arrived.
        AttachmentCommand::Complete { .. } => return Ok(()),
    }
    dossier.case.card.rev = dossier.case.card.rev.next();
    Ok(())
}

fn add(writing: &Writing<'_>, dossier: &mut Dossier, command: &AttachmentCommand) -> Result<(), ApiError> {
    let AttachmentCommand::Add { id, visit, kind, content, caption, .. } = command else { return Ok(()) };
    content.checked()?;
    let caption = text::optional_line("caption", caption.clone(), MOST_CAPTION)?;
    if visit.is_some_and(|visit| dossier.visit(visit).is_none()) {
        return Err(ApiError::NotFound);
    }
    if find(dossier, *id).is_some() {
        return Err(ApiError::invalid("id", Invalid::Taken));
    }
    let (id, case, kind, bytes, visit) = (*id, dossier.case.card.id, *kind, content.bytes, *visit);
    let card = AttachmentCard { id, case, kind, bytes, caption, visit, stored: false, removed: None };
    let entry = TimelineEntry { key: id.to_string(), ..writing.entry(0, Happening::Attachment { card }) };
    dossier.neighbor.timeline.rows.push(entry);
    Ok(())
}

fn find(dossier: &mut Dossier, id: AttachmentId) -> Option<&mut AttachmentCard> {
    dossier.neighbor.timeline.rows.iter_mut().find_map(|row| match &mut row.what {
        Happening::Attachment { card } if card.id == id => Some(card),
        _ => None,
    })
}
