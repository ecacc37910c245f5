//! Who is signed in, as the screens need it.

use domain::{
    ids::UserId,
    policy::{Action, Kind, Role, role_may},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The person at the screen. The server provides it as a context for every signed-in request; it travels with the
/// page, so that both sides render the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The account.
    pub user: UserId,
    /// Name on screens.
    pub name: String,
    /// What the person is here for, in the order of [`Role::ALL`].
    pub roles: Vec<Role>,
    /// Korean name of the district.
    pub district_ko: String,
    /// English name of the district.
    pub district_en: String,
}

impl Me {
    /// Whether the person holds `role`.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether a role of the person can do `action` on some thing of `kind`. On which, only the store can say.
    #[must_use]
    pub fn may(&self, action: Action, kind: Kind) -> bool {
        self.roles.iter().any(|role| role_may(*role, action, kind))
    }
}

#[derive(Clone)]
struct SignedIn(Option<Me>);

/// Called once by `App`.
pub(crate) fn provide_me() {
    let me = SharedValue::new(use_context::<Me>).into_inner();
    provide_context(SignedIn(me));
}

/// Who holds the tablet, for what is behind its lock.
#[cfg(feature = "hydrate")]
pub(crate) fn provide_holder(me: Me) {
    provide_context(SignedIn(Some(me)));
}

/// The person at the screen, if anybody is signed in. It does not change while a page lives: signing in and out load
/// a new one.
#[must_use]
pub fn use_me() -> Option<Me> {
    use_context::<SignedIn>().and_then(|signed_in| signed_in.0)
}
