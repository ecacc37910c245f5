//! Encryption of fields. Each tenant has keys of its own, wrapped by a root key from a file or the environment;
//! a sealed field is bound to its table, column, row and key version, so that it can't be moved elsewhere.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use uuid::Uuid;
use zeroize::Zeroizing;

const NONCE: usize = 24;
const KEY: usize = 32;
type Key = Zeroizing<[u8; KEY]>;

/// What can be wrong with a key or a sealed field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptError {
    /// The root key is not 32 bytes in hexadecimal.
    #[error("the root key must be 64 hexadecimal digits")]
    BadRootKey,
    /// A wrapped key does not open with this root key.
    #[error("the data keys do not open with this root key")]
    WrongRootKey,
    /// The key version of a field is not there.
    #[error("a key version is missing")]
    MissingKey,
    /// A sealed field was changed or moved.
    #[error("a sealed field does not open")]
    Tampered,
}

/// The key that wraps all others. It never enters the database.
#[derive(Clone)]
pub struct RootKey(Key);

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootKey(…)")
    }
}

impl RootKey {
    /// A fresh random key.
    #[must_use]
    pub fn random() -> Self {
        Self(random_key())
    }

    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`CryptError::BadRootKey`].
    pub fn from_hex(text: &str) -> Result<Self, CryptError> {
        let mut key: Key = Zeroizing::new([0; KEY]);
        hex::decode_to_slice(text.trim(), &mut *key).map_err(|_opaque| CryptError::BadRootKey).map(|()| Self(key))
    }

    /// Writes 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(*self.0))
    }

    pub(crate) fn wrap(&self, tenant: Uuid, purpose: &str, version: i32, key: &[u8; KEY]) -> Result<Vec<u8>, CryptError> {
        seal(&self.0, &wrap_label(tenant, purpose, version), key)
    }

    pub(crate) fn unwrap(&self, tenant: Uuid, purpose: &str, version: i32, wrapped: &[u8]) -> Result<Key, CryptError> {
        let plain = Zeroizing::new(
            open(&self.0, &wrap_label(tenant, purpose, version), wrapped).map_err(|_opaque| CryptError::WrongRootKey)?,
        );
        <[u8; KEY]>::try_from(plain.as_slice()).map(Zeroizing::new).map_err(|_opaque| CryptError::WrongRootKey)
    }
}

fn wrap_label(tenant: Uuid, purpose: &str, version: i32) -> Vec<u8> {
    format!("iut key {tenant} {purpose} {version}").into_bytes()
}

/// One field of one row.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Row id.
    pub row: Uuid,
}

impl Cell {
    /// A field.
    #[must_use]
    pub fn new(table: &'static str, column: &'static str, row: impl Into<Uuid>) -> Self {
        Self { table, column, row: row.into() }
    }
}

/// A tenant's opened keys.
pub struct TenantKeys {
    tenant: Uuid,
    fields: BTreeMap<i32, Key>,
    seals: BTreeMap<i32, Key>,
    index: Key,
}

impl std::fmt::Debug for TenantKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantKeys").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl TenantKeys {
    pub(crate) const fn new(tenant: Uuid, fields: BTreeMap<i32, Key>, seals: BTreeMap<i32, Key>, index: Key) -> Self {
        Self { tenant, fields, seals, index }
    }

    /// The version with which fields are sealed now.
    #[must_use]
    pub fn field_version(&self) -> i32 {
        self.fields.last_key_value().map_or(0, |(version, _)| *version)
    }

    /// The version with which audit batches are sealed now.
    #[must_use]
    pub fn seal_version(&self) -> i32 {
        self.seals.last_key_value().map_or(0, |(version, _)| *version)
    }

    /// Seals a field with the newest key.
    ///
    /// # Errors
    /// [`CryptError::MissingKey`] when the tenant has no keys.
    pub fn seal(&self, cell: Cell, plain: &[u8]) -> Result<Vec<u8>, CryptError> {
        let (version, key) = self.fields.last_key_value().ok_or(CryptError::MissingKey)?;
        let mut sealed = version.to_be_bytes().to_vec();
        sealed.extend(seal(key, &self.label(cell, *version), plain)?);
        Ok(sealed)
    }

    /// Opens a field.
    ///
    /// # Errors
    /// [`CryptError::Tampered`] when it was changed or belongs elsewhere, [`CryptError::MissingKey`] for an unknown version.
    pub fn open(&self, cell: Cell, sealed: &[u8]) -> Result<Vec<u8>, CryptError> {
        let (version, body) = sealed.split_first_chunk::<4>().ok_or(CryptError::Tampered)?;
        let version = i32::from_be_bytes(*version);
        let key = self.fields.get(&version).ok_or(CryptError::MissingKey)?;
        open(key, &self.label(cell, version), body)
    }

    /// Seals an optional text.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_text(&self, cell: Cell, text: Option<&str>) -> Result<Option<Vec<u8>>, CryptError> {
        text.map(|text| self.seal(cell, text.as_bytes())).transpose()
    }

    /// Opens an optional text.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_text(&self, cell: Cell, sealed: Option<&[u8]>) -> Result<Option<String>, CryptError> {
        let Some(sealed) = sealed else { return Ok(None) };
        String::from_utf8(self.open(cell, sealed)?).map(Some).map_err(|_opaque| CryptError::Tampered)
    }

    /// The version of the key that sealed a field.
    #[must_use]
    pub fn version_of(sealed: &[u8]) -> Option<i32> {
        sealed.first_chunk::<4>().map(|version| i32::from_be_bytes(*version))
    }

    /// A keyed fingerprint under which an encrypted value can be looked up. `label` separates uses.
    #[must_use]
    pub fn fingerprint(&self, label: &str, value: &str) -> Vec<u8> {
        mac(&self.index, &[label.as_bytes(), b"\0", value.as_bytes()])
    }

    /// The seal of an audit batch.
    ///
    /// # Errors
    /// [`CryptError::MissingKey`] for an unknown version.
    pub fn seal_of(&self, version: i32, parts: &[&[u8]]) -> Result<Vec<u8>, CryptError> {
        Ok(mac(self.seals.get(&version).ok_or(CryptError::MissingKey)?, parts))
    }

    fn label(&self, cell: Cell, version: i32) -> Vec<u8> {
        format!("iut field {} {} {} {} {version}", self.tenant, cell.table, cell.column, cell.row).into_bytes()
    }
}

pub(crate) fn random_key() -> Key {
    let mut key: Key = Zeroizing::new([0; KEY]);
    rand::fill(&mut *key);
    key
}

fn mac(key: &[u8; KEY], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length, so this never fails.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn seal(key: &[u8; KEY], label: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptError> {
    let mut nonce = [0; NONCE];
    rand::fill(&mut nonce);
    let body = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: label })
        .map_err(|_opaque| CryptError::Tampered)?;
    Ok([nonce.as_slice(), &body].concat())
}

fn open(key: &[u8; KEY], label: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CryptError> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(CryptError::Tampered)?;
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: label })
        .map_err(|_opaque| CryptError::Tampered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> TenantKeys {
        let fields = [(1, random_key()), (2, random_key())].into();
        TenantKeys::new(Uuid::nil(), fields, [(1, random_key())].into(), random_key())
    }

    #[test]
    fn a_field_opens_only_where_it_was_sealed() {
        let keys = keys();
        let here = Cell::new("neighbor", "phone", Uuid::from_u128(1));
        let sealed = keys.seal(here, b"010").unwrap();
        assert_eq!(keys.open(here, &sealed).unwrap(), b"010");
        for elsewhere in [
            Cell::new("neighbor", "phone", Uuid::from_u128(2)),
            Cell::new("neighbor", "address", Uuid::from_u128(1)),
            Cell::new("note", "phone", Uuid::from_u128(1)),
        ] {
            assert_eq!(keys.open(elsewhere, &sealed), Err(CryptError::Tampered));
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let keys = keys();
        let cell = Cell::new("note", "body", Uuid::from_u128(7));
        let sealed = keys.seal(cell, "메모".as_bytes()).unwrap();
        for at in 4..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(keys.open(cell, &changed), Err(CryptError::Tampered));
        }
    }

    #[test]
    fn wrapped_keys_need_the_right_root() {
        let root = RootKey::random();
        let key = random_key();
        let wrapped = root.wrap(Uuid::nil(), "field", 1, &key).unwrap();
        assert_eq!(root.unwrap(Uuid::nil(), "field", 1, &wrapped).unwrap(), key);
        assert_eq!(RootKey::random().unwrap(Uuid::nil(), "field", 1, &wrapped), Err(CryptError::WrongRootKey));
        assert_eq!(root.unwrap(Uuid::nil(), "index", 1, &wrapped), Err(CryptError::WrongRootKey));
        assert_eq!(*RootKey::from_hex(&root.to_hex()).unwrap().0, *root.0);
    }
}
