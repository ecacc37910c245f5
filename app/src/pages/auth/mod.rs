//! The way in: signing in, the second factor, a password link. The forms work before the page's program has loaded.

mod form;
mod link;
mod new_password;
mod second_factor;
mod sign_in;

pub use form::{DoorForm, DoorState};
pub use link::LinkPage;
pub use new_password::NewPasswordField;
pub use second_factor::{SecondFactorPage, SignOutForm};
pub use sign_in::{PasswordField, SignInPage};
