//! The binary `iut`: router, sessions, events, jobs and the command line.

mod attachments;
pub mod cli;
pub mod demo;
mod door;
mod events;
mod field;
mod guard;
mod health;
pub mod import;
mod jobs;
mod logging;
mod metrics;
mod observe;
pub mod openapi;
pub mod out;
mod pages;
mod rounds;
mod router;
mod serve;
mod state;
mod sync;

pub use router::{all_routes, router};
pub use state::{AppState, Config};
