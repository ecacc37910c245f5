//! Looking at visits: a worker's day, a week, one visit, what must be known to plan one. Every function asks policy,
//! writes the look to the trail, and only then answers.

mod cards;
mod day;
mod one;
mod planning;
mod select;
mod week;

pub use day::my_day;
pub(crate) use one::files;
pub use one::{attempts, visit};
pub use planning::{clashes, plan_for};
pub(crate) use select::STANDING;
pub use week::week;

use crate::{OpContext, error::StoreError};
use domain::{
    ApiError,
    policy::{Action, Kind, reach},
};

/// Goes on only for those who may do `action` to any visit at all.
fn check_reach(ctx: &OpContext, action: Action) -> Result<(), StoreError> {
    if reach(&ctx.actor, action, Kind::Visit).is_empty() { Err(ApiError::Forbidden.into()) } else { Ok(()) }
}

/// A count that no list of ours exceeds.
fn count(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
