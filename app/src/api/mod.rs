//! Server functions, a file per aggregate. A body is at most eight lines: the context, one call of the store.

mod account;
mod admin;
mod auth;
mod cases;
mod command;
#[cfg(feature = "ssr")]
pub mod context;
mod devices;
mod either;
mod error;
pub mod json;
mod neighbors;
mod rounds;
mod session;
mod visits;

pub use account::*;
pub use auth::*;
mod team;
mod trail;

pub use admin::*;
pub use cases::*;
pub use devices::*;
pub use either::*;
pub use error::AppError;
pub use neighbors::*;
pub use rounds::*;
#[cfg(feature = "hydrate")]
pub(crate) use session::provide_holder;
pub(crate) use session::provide_me;
pub use session::{Me, use_me};
pub use team::*;
pub use trail::*;
