//! Passwords: Argon2id (OWASP's parameters: 19 MiB, 2 passes, 1 lane), off the async threads, a few at a time.

use crate::error::StoreError;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use domain::{ApiError, Invalid};
use std::sync::OnceLock;
use tokio::{sync::Semaphore, task::spawn_blocking};
use zeroize::Zeroizing;

/// Each computation takes 19 MiB.
static SLOTS: Semaphore = Semaphore::const_new(4);
/// Characters that a password may have.
const MAX: usize = 128;
/// The least score of zxcvbn, of 0–4.
const LEAST_SCORE: u8 = 3;

fn argon() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_opaque| StoreError::Corrupt("argon2 parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, StoreError> {
    let hash = argon()?.hash_password(password.as_bytes()).map_err(|_opaque| StoreError::Corrupt("password hash"))?;
    Ok(hash.to_string())
}

/// Hashes a password.
pub(crate) async fn hash(password: &str) -> Result<String, StoreError> {
    let password = Zeroizing::new(password.to_owned());
    let _slot = SLOTS.acquire().await.map_err(|_opaque| ApiError::Unavailable)?;
    spawn_blocking(move || hash_now(&password)).await.map_err(|_opaque| ApiError::Unavailable)?
}

/// Whether `password` is the one of `hash`. Without a hash it takes as long and answers no.
pub(crate) async fn verify(password: &str, hash: Option<String>) -> Result<bool, StoreError> {
    static DUMMY: OnceLock<String> = OnceLock::new();
    if password.chars().count() > MAX {
        return Ok(false);
    }
    let password = Zeroizing::new(password.to_owned());
    let _slot = SLOTS.acquire().await.map_err(|_opaque| ApiError::Unavailable)?;
    let work = move || {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => match DUMMY.get() {
                Some(dummy) => dummy.clone(),
                None => DUMMY.get_or_init(|| hash_now("nobody's password").unwrap_or_default()).clone(),
            },
        };
        Ok(argon()?.verify_password(password.as_bytes(), hash.as_str()).is_ok() && known)
    };
    spawn_blocking(work).await.map_err(|_opaque| ApiError::Unavailable)?
}

/// How hard a password is to guess, 0–4 (zxcvbn), for somebody who knows these words.
#[must_use]
pub fn strength(password: &str, words: &[&str]) -> u8 {
    let password: String = password.chars().take(MAX).collect();
    zxcvbn::zxcvbn(&password, words).score().into()
}

/// Goes on only with a password that is hard enough to guess.
pub(crate) fn check_strength(password: &str, words: &[&str]) -> Result<(), ApiError> {
    if password.chars().count() > MAX {
        return Err(ApiError::invalid("new_password", Invalid::TooLong));
    }
    if strength(password, words) < LEAST_SCORE {
        return Err(ApiError::invalid("new_password", Invalid::WeakPassword));
    }
    Ok(())
}
