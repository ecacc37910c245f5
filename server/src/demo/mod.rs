//! The demo district: invented people, made by the same commands as real ones. Its seed facts (dongs, indicators,
//! signs) are the first content of any new district too.

mod dice;
pub mod facts;
mod finish;
mod names;
mod people;
mod phrases;
mod run;
mod staff;
mod story;

pub use run::{Demo, load};
pub use staff::{Login, PASSWORD};
