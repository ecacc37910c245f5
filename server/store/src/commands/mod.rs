//! What each command does, one file per aggregate. A handler loads, authorizes, validates and applies; the caller
//! ([`crate::execute`]) owns the transaction, the trail and the feed.

pub(crate) mod attachment;
mod case;
mod case_state;
mod catalogue;
mod device;
mod household;
pub(crate) mod kept;
mod link;
mod neighbor;
mod review;
mod round;
mod setting;
mod team;
mod user;
mod view;
pub(crate) mod visit;
mod visit_plan;
mod visit_record;

use crate::{error::StoreError, write::Write};
use domain::{command::Command, ids::Rev};

/// Applies one command; returns the revision of the row that it is about.
pub(crate) async fn apply(write: &mut Write<'_>, command: &Command) -> Result<Rev, StoreError> {
    match command {
        Command::Neighbor(command) => neighbor::apply(write, command).await,
        Command::Case(command) => case::apply(write, command).await,
        Command::Visit(command) => visit::apply(write, command).await,
        Command::Attachment(command) => attachment::apply(write, command).await,
        Command::Kept(command) => kept::apply(write, command).await,
        Command::Round(command) => round::apply(write, command).await,
        Command::Link(command) => link::apply(write, command).await,
        Command::User(command) => user::apply(write, command).await,
        Command::Team(command) => team::apply(write, command).await,
        Command::Catalogue(command) => catalogue::apply(write, command).await,
        Command::Setting(command) => setting::apply(write, command).await,
        Command::View(command) => view::apply(write, command).await,
        Command::Review(command) => review::apply(write, command).await,
    }
}
