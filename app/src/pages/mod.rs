//! A file per screen, grouped by area.

pub mod gallery;
pub mod not_found;
