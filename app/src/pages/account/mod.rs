//! One's own account.

mod devices;
mod overview;
mod password;
mod second_factor;
mod sessions;

pub use overview::AccountPage;
pub use password::PasswordPage;
pub use second_factor::SecondFactorSettingsPage;
