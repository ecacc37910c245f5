//! The server through HTTP, on both engines: the real router, a database of its own for each test.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod access;
mod app;
mod attachments;
mod coverage;
mod door;
mod field;
mod guard;
mod live;
mod openapi;
mod sync;
mod uploads;
