//! Server functions, a file per aggregate. A body is at most eight lines: the context, one call of the store.

mod account;
mod auth;
mod command;
#[cfg(feature = "ssr")]
pub mod context;
mod error;
mod rounds;
mod session;
mod visits;

pub use account::*;
pub use auth::*;
pub use command::*;
pub use error::AppError;
pub use rounds::*;
pub(crate) use session::provide_me;
pub use session::{Me, use_me};
pub use visits::*;
