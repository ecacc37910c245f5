//! Discovery rounds, on both engines: loading lists, deciding what becomes of each person, joining double records.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod links;
mod load;
mod support;
mod triage;
