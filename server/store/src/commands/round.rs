//! Loading discovery lists and deciding what becomes of each person in them.

mod import;
mod triage;

pub(super) use triage::follow_dong;

use crate::{error::StoreError, write::Write};
use domain::{command::RoundCommand, ids::Rev};

pub(super) async fn apply(write: &mut Write<'_>, command: &RoundCommand) -> Result<Rev, StoreError> {
    match command {
        RoundCommand::Import { id, period, rows } => import::import(write, *id, *period, rows).await,
        RoundCommand::OpenCases { entries, urgency, worker } => triage::open_cases(write, entries, *urgency, *worker).await,
        RoundCommand::PassOn { entry, district } => triage::pass_on(write, *entry, district).await,
        RoundCommand::NoAction { entries, reason } => triage::no_action(write, entries, *reason).await,
        RoundCommand::Reconsider { entry } => triage::reconsider(write, *entry).await,
    }
}
