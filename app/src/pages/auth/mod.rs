//! The way in: signing in, the second factor, a password link. The forms work before the page's program has loaded.

mod form;
mod sign_in;

pub use form::{DoorForm, DoorState};
pub use sign_in::SignInPage;
