//! What Iut knows, without input or output: the same on the server, in the browser and from the command line.

pub mod attachment;
pub mod case;
pub mod catalogue;
pub mod clock;
pub mod command;
pub mod error;
pub mod holidays;
pub mod ids;
mod label;
pub mod linkage;
pub mod merge;
pub mod policy;
pub mod profile;
pub mod recurrence;
pub mod round;
pub mod search;
pub mod settings;
pub mod signs;
pub mod sync;
pub mod text;
pub mod view;
pub mod visit;
pub mod workload;

pub use error::{ApiError, Invalid, Rule};
