//! How often a sign-in may be tried, by network address and by login, known or not: the answer tells nothing about
//! accounts. Kept in memory; the lockout of an account is kept in the database besides.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ApiError, ids::TenantId};
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    sync::Mutex,
};

/// Tries from one address within [`WINDOW`]: a whole office may stand behind it.
const PER_ADDRESS: u32 = 60;
/// Tries for one login within [`WINDOW`].
const PER_LOGIN: u32 = 10;
const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// Entries after which finished windows are swept out.
const SWEEP: usize = 10_000;

/// Counts tries. Keys are hashed with a secret of this process, so no login or address is kept.
#[derive(Debug, Default)]
pub struct SignInLimit {
    hasher: RandomState,
    windows: Mutex<HashMap<u64, (DateTime<Utc>, u32)>>,
}

impl SignInLimit {
    /// Counts one try.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] with the seconds until the next one counts.
    pub fn count(&self, address: Option<&str>, tenant: TenantId, login: &str, now: DateTime<Utc>) -> Result<(), ApiError> {
        self.take(self.login_key(tenant, login), PER_LOGIN, now)?;
        self.take(self.hasher.hash_one(address), PER_ADDRESS, now)
    }

    /// Gives a try back that was right: a whole office signs in from one address in the morning, and only wrong tries are guesses.
    pub fn give_back(&self, address: Option<&str>, tenant: TenantId, login: &str) {
        let Ok(mut windows) = self.windows.lock() else { return };
        for key in [self.login_key(tenant, login), self.hasher.hash_one(address)] {
            if let Some((_, count)) = windows.get_mut(&key) {
                *count = count.saturating_sub(1);
            }
        }
    }

    fn login_key(&self, tenant: TenantId, login: &str) -> u64 {
        self.hasher.hash_one((tenant.0, login.trim().to_lowercase()))
    }

    fn take(&self, key: u64, most: u32, now: DateTime<Utc>) -> Result<(), ApiError> {
        let Ok(mut windows) = self.windows.lock() else { return Err(ApiError::Unavailable) };
        if windows.len() > SWEEP {
            windows.retain(|_, (began, _)| now - *began < WINDOW);
        }
        let window = windows.entry(key).or_insert((now, 0));
        if now - window.0 >= WINDOW {
            *window = (now, 0);
        }
        if window.1 >= most {
            let left = (window.0 + WINDOW - now).num_seconds().max(1);
            return Err(ApiError::TooMany { seconds: u32::try_from(left).unwrap_or(u32::MAX) });
        }
        window.1 += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn the_eleventh_try_waits_and_another_login_does_not() {
        let (limit, tenant) = (SignInLimit::default(), TenantId::new());
        let now = Utc.with_ymd_and_hms(2026, 11, 18, 1, 0, 0).single().unwrap();
        for _ in 0..PER_LOGIN {
            limit.count(Some("10.0.0.1"), tenant, "kim", now).unwrap();
        }
        let later = now + TimeDelta::minutes(2);
        assert_eq!(limit.count(Some("10.0.0.2"), tenant, " KIM", later), Err(ApiError::TooMany { seconds: 180 }));
        limit.count(Some("10.0.0.1"), tenant, "lee", later).unwrap();
        limit.count(Some("10.0.0.1"), tenant, "kim", now + WINDOW).unwrap();
    }

    #[test]
    fn right_tries_do_not_use_up_the_wrong_ones() {
        let (limit, tenant) = (SignInLimit::default(), TenantId::new());
        let now = Utc.with_ymd_and_hms(2026, 11, 18, 1, 0, 0).single().unwrap();
        let count = |login: &str| limit.count(Some("10.0.0.1"), tenant, login, now);
        for _ in 0..PER_ADDRESS * 2 {
            count("kim").unwrap();
            limit.give_back(Some("10.0.0.1"), tenant, " KIM");
        }
        for _ in 0..PER_LOGIN {
            count("kim").unwrap();
        }
        assert!(count("kim").is_err());
        // A right try among them gives back itself alone.
        limit.give_back(Some("10.0.0.1"), tenant, "kim");
        count("kim").unwrap();
        assert!(count("kim").is_err());
    }

    #[test]
    fn an_address_that_tries_many_logins_waits() {
        let (limit, tenant) = (SignInLimit::default(), TenantId::new());
        let now = Utc.with_ymd_and_hms(2026, 11, 18, 1, 0, 0).single().unwrap();
        for number in 0..PER_ADDRESS {
            limit.count(Some("10.0.0.1"), tenant, &number.to_string(), now).unwrap();
        }
        assert!(limit.count(Some("10.0.0.1"), tenant, "kim", now).is_err());
        limit.count(Some("10.0.0.2"), tenant, "kim", now).unwrap();
    }
}
