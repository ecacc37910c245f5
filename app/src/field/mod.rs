//! The field: what a tablet shows and does with or without a network, at every address below `/field`. The server sends one
//! page without data (`server/src/field`); here is the program that fills it.

#[cfg(feature = "hydrate")]
mod about;
#[cfg(feature = "hydrate")]
mod device;
#[cfg(feature = "hydrate")]
mod frame;
#[cfg(feature = "hydrate")]
mod online;
#[cfg(feature = "hydrate")]
mod program;
#[cfg(feature = "hydrate")]
mod start;

#[cfg(feature = "hydrate")]
pub use start::mount;
