//! A file per screen, grouped by area.

pub mod account;
pub mod admin;
pub mod audit;
pub mod auth;
pub mod cases;
pub mod field;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod not_found;
pub mod rounds;
pub mod team;
