//! The only SQL of Iut. Every function takes an [`OpContext`] first and authorizes before it touches a row;
//! every change goes through [`execute`].

pub mod accounts;
pub mod admin;
pub mod admin_lookup;
pub mod attachments;
pub mod audit;
pub mod cases;
mod commands;
mod context;
mod crypt;
pub mod devices;
pub mod dialect;
pub mod drafts;
pub mod entity;
mod error;
mod execute;
pub mod feed;
pub mod feed_listen;
mod files;
pub mod neighbors;
mod open;
mod records;
pub mod restored;
pub mod rotate;
pub mod rounds;
pub mod seed;
mod staff;
mod standing;
pub mod sync;
pub mod team_board;
pub mod tenants;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "testing")]
pub mod testing_empty;
#[cfg(feature = "testing")]
pub mod testing_trace;
pub mod trail;
mod verdict;
mod visible;
pub mod visits;
mod write;

pub use context::{Authority, OpContext, Origin, Progress};
pub use crypt::{Cell, CryptError, RootKey, TenantKeys};
pub use error::StoreError;
#[cfg(feature = "testing")]
pub use execute::FAULT_POINTS;
pub use execute::{execute, execute_all};
pub use files::Files;
pub use open::{Options, Store};
