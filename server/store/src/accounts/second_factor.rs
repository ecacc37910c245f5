//! The second factor: time-based codes (RFC 6238), each good once, and ten backup codes. The secret is sealed like a
//! field of the account; backup codes are kept as keyed fingerprints.

use super::{SessionUser, Visitor, find, own::prove_password, session, sign_in};
use crate::{
    crypt::{Cell, TenantKeys},
    entity::{account, backup_code, session as session_row},
    error::StoreError,
};
use chrono::{DateTime, Utc};
use domain::{ApiError, Rule, ids::UserId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, prelude::Expr,
};
use totp_rs::{Algorithm, Builder, Totp};

/// How many backup codes there are.
const BACKUP_CODES: usize = 10;
/// Letters and digits that can't be mistaken for one another.
const ALPHABET: [u8; 32] = *b"abcdefghjkmnpqrstuvwxyz23456789_";

/// What an authenticator needs to know.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The `otpauth:` address, for the picture.
    pub address: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// Begins, or goes on with, switching a second factor on.
///
/// # Errors
/// [`Rule::SecondFactorOn`] when there is one already.
pub async fn begin_enrolment(visitor: &Visitor, user: &SessionUser) -> Result<Enrolment, ApiError> {
    async fn begin(visitor: &Visitor, user: &SessionUser) -> Result<Enrolment, StoreError> {
        let keys = visitor.store.keys(user.tenant()).await?;
        let tx = visitor.store.begin().await?;
        let row = find(&tx, user.tenant(), user.actor.user).await?;
        if row.totp_enrolled_at.is_some() {
            return Err(Rule::SecondFactorOn.into());
        }
        let secret = match open_secret(&keys, &row)? {
            Some(secret) => secret,
            None => new_secret(&tx, &keys, &row).await?,
        };
        tx.commit().await?;
        let totp = totp(&secret, &row.login)?;
        let address = totp.to_url().map_err(|_opaque| StoreError::Corrupt("otpauth address"))?;
        Ok(Enrolment { secret: totp.secret().to_base32(), address })
    }
    begin(visitor, user).await.map_err(StoreError::into_api)
}

fn cell(user: uuid::Uuid) -> Cell {
    Cell::new("account", "totp_secret", user)
}

fn open_secret(keys: &TenantKeys, row: &account::Model) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(row.totp_secret.as_deref().map(|sealed| keys.open(cell(row.id), sealed)).transpose()?)
}

async fn new_secret(tx: &DatabaseTransaction, keys: &TenantKeys, row: &account::Model) -> Result<Vec<u8>, StoreError> {
    let mut secret = [0; 20];
    rand::fill(&mut secret);
    let sealed = keys.seal(cell(row.id), &secret)?;
    update(tx, row, |update| update.col_expr(account::Column::TotpSecret, Expr::value(sealed))).await?;
    Ok(secret.to_vec())
}

async fn update<C: ConnectionTrait>(
    db: &C,
    row: &account::Model,
    set: impl FnOnce(sea_orm::UpdateMany<account::Entity>) -> sea_orm::UpdateMany<account::Entity>,
) -> Result<u64, StoreError> {
    let update = set(account::Entity::update_many())
        .filter(account::Column::TenantId.eq(row.tenant_id))
        .filter(account::Column::Id.eq(row.id));
    Ok(update.exec(db).await?.rows_affected)
}

fn totp(secret: &[u8], login: &str) -> Result<Totp, StoreError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret.to_vec())
        .with_account_name(login)
        .with_issuer(Some("Iut"))
        .build()
        .map_err(|_opaque| StoreError::Corrupt("account.totp_secret"))
}

/// Switches the second factor on with a first code; returns the backup codes, which are shown once.
///
/// # Errors
/// [`ApiError::SignInFailed`] for a wrong code, [`Rule::StepMissing`] before [`begin_enrolment`].
pub async fn confirm_enrolment(visitor: &Visitor, user: &SessionUser, code: &str) -> Result<Vec<String>, ApiError> {
    async fn confirm(visitor: &Visitor, user: &SessionUser, code: &str) -> Result<Option<Vec<String>>, StoreError> {
        let keys = visitor.store.keys(user.tenant()).await?;
        let tx = visitor.store.begin().await?;
        let row = find(&tx, user.tenant(), user.actor.user).await?;
        if row.totp_enrolled_at.is_some() {
            return Err(Rule::SecondFactorOn.into());
        }
        let secret = open_secret(&keys, &row)?.ok_or(Rule::StepMissing)?;
        if !sign_in::may_try(&row, visitor.now()) || !spend_step(&tx, &row, &secret, code, visitor.now()).await? {
            sign_in::refuse(visitor, &tx, user.tenant(), Some(row.id), "second_factor_failed").await?;
            tx.commit().await?;
            return Ok(None);
        }
        update(&tx, &row, |update| update.col_expr(account::Column::TotpEnrolledAt, Expr::value(visitor.now()))).await?;
        let codes = new_backup_codes(&tx, &keys, &row).await?;
        pass(&tx, user).await?;
        session::end_others(&tx, user.tenant(), user.actor.user, Some(&user.token_hash)).await?;
        visitor.note(&tx, &user.actor, "second_factor_on", Some(row.id)).await?;
        tx.commit().await?;
        Ok(Some(codes))
    }
    confirm(visitor, user, code).await.map_err(StoreError::into_api)?.ok_or(ApiError::SignInFailed)
}

/// Whether `code` is right now; a code is good once.
async fn spend_step(
    tx: &DatabaseTransaction,
    row: &account::Model,
    secret: &[u8],
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret, &row.login)?.check(&code, seconds).and_then(|step| i64::try_from(step).ok());
    let Some(step) = step else { return Ok(false) };
    let unspent = Condition::any().add(account::Column::TotpLastStep.is_null()).add(account::Column::TotpLastStep.lt(step));
    let spent = update(tx, row, |update| update.col_expr(account::Column::TotpLastStep, Expr::value(step)).filter(unspent));
    Ok(spent.await? == 1)
}

fn backup_print(keys: &TenantKeys, user: uuid::Uuid, code: &str) -> Vec<u8> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    keys.fingerprint("backup code", &format!("{user} {code}"))
}

async fn new_backup_codes(tx: &DatabaseTransaction, keys: &TenantKeys, row: &account::Model) -> Result<Vec<String>, StoreError> {
    forget_backup_codes(tx, row).await?;
    let codes: Vec<String> = (0..BACKUP_CODES).map(|_| new_code()).collect();
    let rows = codes.iter().map(|code| backup_code::ActiveModel {
        tenant_id: Set(row.tenant_id),
        account_id: Set(row.id),
        code_hash: Set(backup_print(keys, row.id, code)),
        used_at: Set(None),
    });
    backup_code::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(codes)
}

/// Two groups of five of thirty-one signs: 49 bits.
fn new_code() -> String {
    let mut signs = Vec::with_capacity(10);
    while signs.len() < 10 {
        let mut byte = [0_u8; 1];
        rand::fill(&mut byte);
        let place = usize::from(byte.first().copied().unwrap_or(31) & 31);
        let sign = ALPHABET.get(place).copied().unwrap_or(b'_');
        if sign != b'_' {
            signs.push(char::from(sign));
        }
    }
    let (first, second) = signs.split_at(5);
    first.iter().chain(['-'].iter()).chain(second).collect()
}

async fn forget_backup_codes(tx: &DatabaseTransaction, row: &account::Model) -> Result<(), StoreError> {
    backup_code::Entity::delete_many()
        .filter(backup_code::Column::TenantId.eq(row.tenant_id))
        .filter(backup_code::Column::AccountId.eq(row.id))
        .exec(tx)
        .await?;
    Ok(())
}

async fn spend_backup_code(
    tx: &DatabaseTransaction,
    keys: &TenantKeys,
    row: &account::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let spent = backup_code::Entity::update_many()
        .col_expr(backup_code::Column::UsedAt, Expr::value(now))
        .filter(backup_code::Column::TenantId.eq(row.tenant_id))
        .filter(backup_code::Column::AccountId.eq(row.id))
        .filter(backup_code::Column::CodeHash.eq(backup_print(keys, row.id, code)))
        .filter(backup_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(spent.rows_affected == 1)
}

/// The session has shown its second factor.
async fn pass(tx: &DatabaseTransaction, user: &SessionUser) -> Result<(), StoreError> {
    session_row::Entity::update_many()
        .col_expr(session_row::Column::SecondFactor, Expr::value(true))
        .filter(session_row::Column::TenantId.eq(user.tenant().0))
        .filter(session_row::Column::TokenHash.eq(user.token_hash.clone()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Shows a code of the authenticator or a backup code. A failure counts as one at the door.
///
/// # Errors
/// [`ApiError::SignInFailed`] for a wrong or spent code.
pub async fn give_code(visitor: &Visitor, user: &SessionUser, code: &str) -> Result<(), ApiError> {
    async fn give(visitor: &Visitor, user: &SessionUser, code: &str) -> Result<bool, StoreError> {
        let tx = visitor.store.begin().await?;
        let right = spend(visitor, &tx, user, code).await?;
        if right {
            pass(&tx, user).await?;
            sign_in::signed_in(visitor, &tx, &user.actor).await?;
        }
        tx.commit().await?;
        Ok(right)
    }
    if give(visitor, user, code).await.map_err(StoreError::into_api)? { Ok(()) } else { Err(ApiError::SignInFailed) }
}

/// Spends a code of either kind, or counts the failure.
async fn spend(visitor: &Visitor, tx: &DatabaseTransaction, user: &SessionUser, code: &str) -> Result<bool, StoreError> {
    let keys = visitor.store.keys(user.tenant()).await?;
    let row = find(tx, user.tenant(), UserId(user.actor.user.0)).await?;
    let open = row.totp_enrolled_at.is_some() && sign_in::may_try(&row, visitor.now());
    if open {
        let secret = open_secret(&keys, &row)?.ok_or(StoreError::Corrupt("account.totp_secret"))?;
        if spend_step(tx, &row, &secret, code, visitor.now()).await? {
            return Ok(true);
        }
        if spend_backup_code(tx, &keys, &row, code, visitor.now()).await? {
            visitor.note(tx, &user.actor, "backup_code_used", Some(row.id)).await?;
            return Ok(true);
        }
    }
    sign_in::refuse(visitor, tx, user.tenant(), open.then_some(row.id), "second_factor_failed").await?;
    Ok(false)
}

/// Switches the second factor off, with password and code.
///
/// # Errors
/// [`ApiError::SignInFailed`] when either is wrong.
pub async fn switch_off(visitor: &Visitor, user: &SessionUser, password: &str, code: &str) -> Result<(), ApiError> {
    async fn off(visitor: &Visitor, user: &SessionUser, password: &str, code: &str) -> Result<bool, StoreError> {
        prove_password(visitor, user, password).await?;
        let tx = visitor.store.begin().await?;
        let right = spend(visitor, &tx, user, code).await?;
        if right {
            let row = find(&tx, user.tenant(), user.actor.user).await?;
            let none = Expr::value(Option::<DateTime<Utc>>::None);
            let gone = Expr::value(Option::<Vec<u8>>::None);
            update(&tx, &row, |update| {
                update.col_expr(account::Column::TotpEnrolledAt, none).col_expr(account::Column::TotpSecret, gone)
            })
            .await?;
            forget_backup_codes(&tx, &row).await?;
            visitor.note(&tx, &user.actor, "second_factor_off", Some(row.id)).await?;
        }
        tx.commit().await?;
        Ok(right)
    }
    if off(visitor, user, password, code).await.map_err(StoreError::into_api)? { Ok(()) } else { Err(ApiError::SignInFailed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backup_codes_read_well_and_differ() {
        let codes: std::collections::BTreeSet<String> = (0..200).map(|_| new_code()).collect();
        assert_eq!(codes.len(), 200);
        assert!(codes.iter().all(|code| code.len() == 11 && !code.contains(['_', 'i', 'l', 'o', '0', '1'])));
    }
}
