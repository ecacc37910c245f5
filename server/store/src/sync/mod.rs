//! The server's side of tablets: what was written on one comes in ([`push`]), what one keeps goes out ([`pull`]). A tablet keeps
//! what [`visible::field_cases`](crate::visible) says, and nothing else: when that shrinks, dossiers go.

mod dossier;
mod kept;
#[cfg(test)]
mod plan_tests;
mod pull;
mod push;
mod wholes;

pub(crate) use kept::waiting;
pub use pull::pull;
pub use push::push;
pub(crate) use wholes::Wholes;
