//! Discovery rounds, on both engines: loading lists, deciding what becomes of each person, joining double records.

mod links;
mod load;
mod support;
mod triage;
