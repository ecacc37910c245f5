//! Discovery rounds, their entries, and the file that was loaded.

mod file;
mod links;
mod list;
pub(crate) mod plan;
mod triage;

pub use file::{ImportTerms, discard_import, import_terms, keep_import, load_import, preview};
pub use links::list_links;
pub use list::{list_rounds, round_of, triage_head};
pub use triage::list_entries;
