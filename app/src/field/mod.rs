//! The field: what a tablet shows and does with or without a network, at every address below `/field`. The server sends one
//! page without data (`server/src/field`); here is the program that fills it. The pages are those of the desk: what they ask for
//! is answered by the [`tablet`] ([`answers`]) from what it keeps in a sealed [`database`], behind the lock of the [`gate`].

#[cfg(feature = "hydrate")]
mod about;
#[cfg(feature = "hydrate")]
pub(crate) mod answers;
#[cfg(feature = "hydrate")]
mod close_page;
#[cfg(feature = "hydrate")]
pub mod database;
#[cfg(feature = "hydrate")]
mod device;
#[cfg(feature = "hydrate")]
mod enter;
#[cfg(feature = "hydrate")]
pub(crate) mod files;
#[cfg(feature = "hydrate")]
mod frame;
#[cfg(feature = "hydrate")]
pub mod gate;
#[cfg(feature = "hydrate")]
mod nav;
#[cfg(feature = "hydrate")]
mod online;
mod other_side;
#[cfg(feature = "hydrate")]
mod outbox_page;
#[cfg(feature = "hydrate")]
pub(crate) mod picture;
#[cfg(feature = "hydrate")]
mod pin_page;
#[cfg(feature = "hydrate")]
mod program;
#[cfg(feature = "hydrate")]
mod start;
#[cfg(feature = "hydrate")]
mod state_bar;
#[cfg(feature = "hydrate")]
pub mod tablet;
#[cfg(feature = "hydrate")]
mod tabs;
#[cfg(feature = "hydrate")]
mod touches;
#[cfg(feature = "hydrate")]
mod tries;
#[cfg(feature = "hydrate")]
mod turns;
#[cfg(any(feature = "hydrate", test))]
pub mod vault;
#[cfg(feature = "hydrate")]
mod wire;

pub use other_side::OtherSide;
#[cfg(feature = "hydrate")]
pub use {start::mount, tablet::tablet};

/// An address of a page: below `/field` where the program is a tablet's, as it is elsewhere.
#[must_use]
pub fn at(path: impl Into<String>) -> String {
    let path = path.into();
    #[cfg(feature = "hydrate")]
    if is_here() && path.starts_with('/') {
        return format!("/field{path}");
    }
    path
}

/// Whether this tab shows the field.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn is_here() -> bool {
    let path = leptos::prelude::window().location().pathname().unwrap_or_default();
    path == "/field" || path.starts_with("/field/")
}

/// On a server nobody is in the field.
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub const fn is_here() -> bool {
    false
}

/// What the tablet answers, when this tab is one.
#[cfg(feature = "hydrate")]
pub(crate) fn answer<T, F>(
    ask: impl FnOnce(std::rc::Rc<tablet::Tablet>) -> F,
) -> Option<impl Future<Output = Result<T, crate::api::AppError>> + Send>
where
    F: Future<Output = Result<T, domain::ApiError>>,
{
    let asked = tablet().map(ask);
    // A locked tablet asks nobody else: the screen is on its way out.
    let locked = asked.is_none() && is_here();
    (asked.is_some() || locked).then(|| {
        send_wrapper::SendWrapper::new(async move {
            match asked {
                Some(asked) => asked.await.map_err(crate::api::AppError),
                None => Err(crate::api::AppError(domain::ApiError::Unavailable)),
            }
        })
    })
}
