//! Administration: accounts, teams, catalogues, settings.

mod catalogue_form;
mod catalogues;
mod parts;
mod settings;
mod settings_history;
mod team_dongs;
mod teams;
mod user;
mod user_grants;
mod users;

pub use catalogues::CataloguesPage;
pub(crate) use parts::now;
pub use settings::SettingsPage;
pub use teams::TeamsPage;
pub use user::UserPage;
pub use users::UsersPage;
