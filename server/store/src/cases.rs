//! Cases as screens show them: the caseload, one case, its timeline, and what stands around them. Every look at a
//! person is on the trail before it is answered.

mod around;
mod caseload;
pub(crate) mod cursor;
mod names;
mod page;
#[cfg(test)]
pub(crate) mod plan_tests;
mod rows;
mod search;
mod timeline;

pub use around::{district, head, receivers};
pub use caseload::list;
pub(crate) use names::Names;
pub use page::get;
pub(crate) use page::{along, load_whole, viewers};
pub use timeline::timeline;
pub(crate) use timeline::{Part, load as timelines};
