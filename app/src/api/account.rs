//! One's own account.

use super::AppError;
#[cfg(feature = "ssr")]
use super::context::{door, send_on};
use domain::view::{
    accounts::{AccountView, EnrolmentView},
    devices::Candidate,
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use store::{
    accounts::{self, SessionUser},
    devices::may_hold,
};

/// One's own account.
///
/// # Errors
/// [`domain::ApiError::Unauthenticated`].
#[server(endpoint = "own_account")]
pub async fn own_account() -> Result<AccountView, AppError> {
    let door = door()?;
    Ok(accounts::account_view(&door.visitor, door.user()?).await?)
}

/// Whoever is signed in where a tablet is to be set up; none when nobody is, which is no fault.
///
/// # Errors
/// [`domain::ApiError::Internal`] outside of a request.
#[server(endpoint = "who_is_here")]
pub async fn who_is_here() -> Result<Option<Candidate>, AppError> {
    let door = door()?;
    let candidate = |user: &SessionUser| Candidate { name: user.name.clone(), may_hold: may_hold(&user.actor) };
    Ok(door.user().ok().map(candidate))
}

/// Changes one's own password; answers with the page to go on to.
///
/// # Errors
/// [`domain::ApiError::SignInFailed`] when the old one is wrong, [`domain::ApiError::Invalid`] when the new one is weak.
#[server(endpoint = "change_password")]
pub async fn change_password(
    /// The present one.
    old_password: String,
    /// The new one.
    new_password: String,
) -> Result<String, AppError> {
    let door = door()?;
    accounts::change_password(&door.visitor, door.user()?, &old_password, &new_password).await?;
    send_on("/");
    Ok("/".to_owned())
}

/// Begins switching a second factor on.
///
/// # Errors
/// [`domain::Rule::SecondFactorOn`] when there is one.
#[server(endpoint = "begin_second_factor")]
pub async fn begin_second_factor() -> Result<EnrolmentView, AppError> {
    let door = door()?;
    Ok(picture_of(&accounts::begin_enrolment(&door.visitor, door.user()?).await?)?)
}

#[cfg(feature = "ssr")]
fn picture_of(enrolment: &accounts::Enrolment) -> Result<EnrolmentView, domain::ApiError> {
    use qrcode::{QrCode, render::svg};
    let code = QrCode::new(enrolment.address.as_bytes()).map_err(|_opaque| domain::ApiError::Internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    // An SVG inside a page has no XML declaration.
    let picture = picture.find("<svg").and_then(|at| picture.get(at..)).unwrap_or_default().to_owned();
    let letters: Vec<char> = enrolment.secret.chars().collect();
    let secret = letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    Ok(EnrolmentView { secret, picture })
}

/// Switches the second factor on; answers with the backup codes, once.
///
/// # Errors
/// [`domain::ApiError::SignInFailed`] for a wrong code.
#[server(endpoint = "confirm_second_factor")]
pub async fn confirm_second_factor(
    /// Six digits.
    code: String,
) -> Result<Vec<String>, AppError> {
    let door = door()?;
    Ok(accounts::confirm_enrolment(&door.visitor, door.user()?, &code).await?)
}

/// Switches the second factor off.
///
/// # Errors
/// [`domain::ApiError::SignInFailed`] when password or code is wrong.
#[server(endpoint = "switch_off_second_factor")]
pub async fn switch_off_second_factor(
    /// The present password.
    password: String,
    /// Six digits, or a backup code.
    code: String,
) -> Result<(), AppError> {
    let door = door()?;
    door.context()?;
    Ok(accounts::switch_off(&door.visitor, door.user()?, &password, &code).await?)
}

/// Ends one of one's own sessions.
///
/// # Errors
/// [`domain::ApiError::Unauthenticated`].
#[server(endpoint = "end_session")]
pub async fn end_session(
    /// Which.
    id: String,
) -> Result<(), AppError> {
    let door = door()?;
    door.context()?;
    Ok(accounts::end_session(&door.visitor, door.user()?, &id).await?)
}
