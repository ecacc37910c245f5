//! The server through HTTP, on both engines: the real router, a database of its own for each test.

mod app;
mod coverage;
mod door;
mod guard;
mod live;
