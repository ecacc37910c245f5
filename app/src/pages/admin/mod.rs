//! Administration: accounts, teams, catalogues, settings.

mod catalogues;
mod parts;
mod settings;
mod teams;
mod user;
mod users;

pub use catalogues::CataloguesPage;
pub(crate) use parts::{LoadFailed, in_language, now};
pub use settings::SettingsPage;
pub use teams::TeamsPage;
pub use user::UserPage;
pub use users::UsersPage;
