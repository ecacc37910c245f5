//! The caseload, registering a neighbor, and the pages of a case and of a person.

mod attachments;
mod card;
mod case_actions;
mod case_page;
mod caseload;
mod caseload_rows;
mod edit;
mod filters;
mod forms;
mod happened;
mod household;
mod kept;
mod look_alikes;
mod neighbor_page;
mod note_draft;
mod person_form;
mod register;

#[cfg(feature = "hydrate")]
pub(crate) use attachments::Sending;
pub use case_page::CaseView;
pub use caseload::CaseloadPage;
pub use neighbor_page::NeighborView;
pub(crate) use note_draft::keep_on_tablet;
pub use register::RegisterPage;

use domain::{
    command::{Command, Envelope},
    ids::Rev,
};
use leptos::prelude::*;

/// A fresh envelope, by the clock of the page.
fn envelope(now: Signal<chrono::DateTime<chrono::Utc>>, command: impl Into<Command>, base: Option<Rev>) -> Envelope {
    let envelope = Envelope::new(command, now.get_untracked());
    match base {
        Some(rev) => envelope.based_on(rev),
        None => envelope,
    }
}
