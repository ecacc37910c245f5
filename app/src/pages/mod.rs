//! A file per screen, grouped by area.

pub mod not_found;
