//! The trail, by number instead of by name: the log, the monthly review, the check of the seals.

mod check;
mod export;
mod filter;
mod log;
mod review;
mod words;

pub use check::TrailCheckPage;
pub use log::TrailLogPage;
pub use review::TrailReviewPage;

pub(crate) use words::action_label;
use words::{origin_label, person_words, row_words, staff_words};
