//! The lock of a tablet. Everything it keeps is sealed under a random data key; that key is wrapped under a key made by Argon2id from
//! the holder's PIN and a secret of this tablet, so that the PIN alone opens nothing elsewhere. Pure: randomness comes in.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::ids::DeviceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::str::FromStr;
use zeroize::Zeroizing;

/// Wrong PINs after which everything is erased.
pub const TRIES: u32 = 10;
/// OWASP's parameters for Argon2id, 19 MiB twice.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const KEY: usize = 32;
const NONCE: usize = 24;
/// Stands in every seal, so that a later form can't be taken for this one.
const FORM: &str = "iut field 1";

type Key = Zeroizing<[u8; KEY]>;

/// Why something does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The PIN is wrong, or the record of the vault was changed.
    #[error("wrong PIN")]
    WrongPin,
    /// A record was changed or moved.
    #[error("a record does not open")]
    Tampered,
    /// What the server gave can't be read.
    #[error("the tablet's secret can't be read")]
    BadSecret,
}

/// A PIN: six digits that are not all alike and do not just count up or down.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

/// Why a text is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPin {
    /// Not six digits.
    #[error("six digits")]
    SixDigits,
    /// Among those that anybody would try first.
    #[error("too easy")]
    TooEasy,
}

impl FromStr for Pin {
    type Err = BadPin;

    fn from_str(text: &str) -> Result<Self, BadPin> {
        let digits = text.as_bytes();
        if digits.len() != 6 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadPin::SixDigits);
        }
        let steps: Vec<i16> =
            digits.windows(2).filter_map(|two| Some(i16::from(*two.get(1)?) - i16::from(*two.first()?))).collect();
        let runs = [0, 1, -1].iter().any(|step| steps.iter().all(|other| other == step));
        let pairs = digits.chunks(2).all(|pair| digits.get(..2) == Some(pair)) || digits.get(..3) == digits.get(3..);
        if runs || pairs { Err(BadPin::TooEasy) } else { Ok(Self(Zeroizing::new(text.to_owned()))) }
    }
}

/// The key of everything that a tablet keeps. It is nowhere but in the memory of an open tab.
#[derive(Clone)]
pub struct DataKey(Key);

/// What of the vault lies open on the tablet: nothing about anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultRecord {
    /// The form of this record and of every seal.
    form: u8,
    /// Which tablet.
    pub device: DeviceId,
    /// Base64url, as all of the following.
    salt: String,
    secret: String,
    wrapped: String,
    memory_kib: u32,
    passes: u32,
    /// Wrong PINs since the last right one.
    pub wrong: u32,
    /// By which the server knows the tablet while it is locked, to tell it that it was shut out; see [`badge_of`].
    #[serde(default)]
    pub badge: Option<String>,
}

/// The badge that belongs to a token: the last 32 of its 64 bytes are replaced by their SHA-256, from which no token can be made. None for
/// what is no token.
#[must_use]
pub fn badge_of(bearer: &str) -> Option<String> {
    let bytes = Zeroizing::new(read(bearer)?);
    let (who, token) = bytes.split_first_chunk::<32>()?;
    (token.len() == 32).then(|| URL_SAFE_NO_PAD.encode([who.as_slice(), &Sha256::digest(token)].concat()))
}

/// What a new vault needs of randomness.
#[derive(Clone)]
pub struct Dice {
    /// The data key.
    pub key: Zeroizing<[u8; KEY]>,
    /// The salt of the PIN.
    pub salt: [u8; 16],
    /// The nonce of the wrapping.
    pub nonce: [u8; NONCE],
}

impl VaultRecord {
    /// A new vault. `secret` is what the server gave the tablet: 32 bytes in base64url.
    ///
    /// # Errors
    /// [`VaultError::BadSecret`].
    pub fn make(device: DeviceId, secret: &str, pin: &Pin, dice: &Dice) -> Result<(Self, DataKey), VaultError> {
        if read(secret).is_none_or(|secret| secret.len() != KEY) {
            return Err(VaultError::BadSecret);
        }
        let mut record = Self {
            form: 1,
            device,
            salt: URL_SAFE_NO_PAD.encode(dice.salt),
            secret: secret.to_owned(),
            wrapped: String::new(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            wrong: 0,
            badge: None,
        };
        let key = DataKey(dice.key.clone());
        record.wrap(&key, pin, dice.nonce)?;
        Ok((record, key))
    }

    /// The data key, for somebody who knows the PIN. Counting wrong ones is the caller's: before the try, so that nobody who
    /// switches the tablet off has a free one.
    ///
    /// # Errors
    /// [`VaultError::WrongPin`].
    pub fn unlock(&self, pin: &Pin) -> Result<DataKey, VaultError> {
        let wrapping = self.wrapping_key(pin)?;
        let opened = unseal(&wrapping, &self.context(), &read(&self.wrapped).ok_or(VaultError::WrongPin)?);
        let opened = Zeroizing::new(opened.map_err(|_wrong| VaultError::WrongPin)?);
        let key: [u8; KEY] = opened.as_slice().try_into().map_err(|_other| VaultError::WrongPin)?;
        Ok(DataKey(Zeroizing::new(key)))
    }

    /// Another PIN for the same data key; the salt is new, too.
    ///
    /// # Errors
    /// [`VaultError::BadSecret`] for a record that was changed.
    pub fn change_pin(&mut self, key: &DataKey, pin: &Pin, salt: [u8; 16], nonce: [u8; NONCE]) -> Result<(), VaultError> {
        self.salt = URL_SAFE_NO_PAD.encode(salt);
        self.wrap(key, pin, nonce)
    }

    fn wrap(&mut self, key: &DataKey, pin: &Pin, nonce: [u8; NONCE]) -> Result<(), VaultError> {
        let wrapping = self.wrapping_key(pin)?;
        self.wrapped = URL_SAFE_NO_PAD.encode(seal_bytes(&wrapping, &self.context(), &*key.0, nonce)?);
        Ok(())
    }

    fn wrapping_key(&self, pin: &Pin) -> Result<Key, VaultError> {
        let bad = || VaultError::BadSecret;
        let (salt, secret) = (read(&self.salt).ok_or_else(bad)?, Zeroizing::new(read(&self.secret).ok_or_else(bad)?));
        let params = Params::new(self.memory_kib, self.passes, 1, Some(KEY)).map_err(|_opaque| bad())?;
        let argon = Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).map_err(|_opaque| bad())?;
        let mut key: Key = Zeroizing::new([0; KEY]);
        argon.hash_password_into(pin.0.as_bytes(), &salt, &mut *key).map_err(|_opaque| bad())?;
        Ok(key)
    }

    fn context(&self) -> String {
        format!("{FORM}/vault/{}", self.device)
    }
}

impl DataKey {
    /// Seals a record for its place: the same bytes open nowhere else.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] never, but for more bytes than a cipher takes (256 GB).
    pub fn seal(&self, shelf: &str, key: &str, plain: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, VaultError> {
        seal_bytes(&self.0, &format!("{FORM}/{shelf}/{key}"), plain, nonce)
    }

    /// Opens a record of a place.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when it was changed, moved, or sealed by another tablet.
    pub fn open(&self, shelf: &str, key: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        unseal(&self.0, &format!("{FORM}/{shelf}/{key}"), sealed)
    }
}

fn read(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn seal_bytes(key: &[u8; KEY], context: &str, plain: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, VaultError> {
    let payload = Payload { msg: plain, aad: context.as_bytes() };
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(nonce), payload);
    Ok([nonce.as_slice(), &sealed.map_err(|_opaque| VaultError::Tampered)?].concat())
}

fn unseal(key: &[u8; KEY], context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(VaultError::Tampered)?;
    let payload = Payload { msg: sealed, aad: context.as_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload).map_err(|_opaque| VaultError::Tampered)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn dice(n: u8) -> Dice {
        Dice { key: Zeroizing::new([n; KEY]), salt: [n; 16], nonce: [n; NONCE] }
    }

    fn pin(text: &str) -> Pin {
        text.parse().ok().unwrap()
    }

    #[test]
    fn a_pin_is_six_digits_that_nobody_tries_first() {
        let refused = |text: &str| text.parse::<Pin>().err();
        for short in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(refused(short), Some(BadPin::SixDigits), "{short}");
        }
        for easy in ["000000", "111111", "123456", "987654", "121212", "123123"] {
            assert_eq!(refused(easy), Some(BadPin::TooEasy), "{easy}");
        }
        for good in ["482913", "112233", "135790"] {
            assert_eq!(refused(good), None, "{good}");
        }
    }

    #[test]
    fn only_the_pin_with_this_tablets_secret_opens() {
        let (record, key) = VaultRecord::make(DeviceId::new(), SECRET, &pin("482913"), &dice(7)).unwrap();
        assert_eq!(record.unlock(&pin("482913")).map(|opened| opened.0), Ok(key.0.clone()));
        assert_eq!(record.unlock(&pin("482914")).map(drop), Err(VaultError::WrongPin));
        let elsewhere = VaultRecord { secret: SECRET.replace("AAEC", "AAED"), ..record.clone() };
        assert_eq!(elsewhere.unlock(&pin("482913")).map(drop), Err(VaultError::WrongPin));
        let other = VaultRecord { device: DeviceId::new(), ..record.clone() };
        assert_eq!(other.unlock(&pin("482913")).map(drop), Err(VaultError::WrongPin));
        // What lies open on the tablet holds neither the PIN nor the key.
        let open = serde_json::to_string(&record).unwrap();
        assert!(!open.contains("482913") && !open.contains(&URL_SAFE_NO_PAD.encode(*key.0)));
        let short = VaultRecord::make(DeviceId::new(), "AAEC", &pin("482913"), &dice(7));
        assert_eq!(short.map(drop), Err(VaultError::BadSecret));
    }

    #[test]
    fn a_badge_names_the_tablet_and_holds_nothing_of_its_token() {
        let (who, token) = ([7; 32], [9; 32]);
        let badge = badge_of(&URL_SAFE_NO_PAD.encode([who, token].concat())).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&badge).unwrap();
        assert_eq!((&bytes[..32], &bytes[32..]), (who.as_slice(), Sha256::digest(token).as_slice()));
        assert_eq!([badge_of("-"), badge_of(""), badge_of(&URL_SAFE_NO_PAD.encode([7; 63]))], [const { None }; 3]);
    }

    #[test]
    fn another_pin_opens_the_same() {
        let (mut record, key) = VaultRecord::make(DeviceId::new(), SECRET, &pin("482913"), &dice(7)).unwrap();
        let sealed = key.seal("dossiers", "a", b"plain", [1; NONCE]).unwrap();
        record.change_pin(&key, &pin("730164"), [9; 16], [9; NONCE]).unwrap();
        assert_eq!(record.unlock(&pin("482913")).map(drop), Err(VaultError::WrongPin));
        assert_eq!(record.unlock(&pin("730164")).unwrap().open("dossiers", "a", &sealed).unwrap(), b"plain");
    }

    #[test]
    fn a_record_opens_in_its_own_place_unchanged_and_nowhere_else() {
        let (_, key) = VaultRecord::make(DeviceId::new(), SECRET, &pin("482913"), &dice(7)).unwrap();
        let (_, other) = VaultRecord::make(DeviceId::new(), SECRET, &pin("482913"), &dice(8)).unwrap();
        let sealed = key.seal("dossiers", "a", "김가상".as_bytes(), [1; NONCE]).unwrap();
        assert!(!sealed.windows(3).any(|part| part == "김".as_bytes()));
        assert_eq!(key.open("dossiers", "a", &sealed).unwrap(), "김가상".as_bytes());
        let places = [(&key, "dossiers", "b"), (&key, "outbox", "a"), (&other, "dossiers", "a")];
        for (key, shelf, name) in places {
            assert_eq!(key.open(shelf, name, &sealed), Err(VaultError::Tampered), "{shelf} {name}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open("dossiers", "a", &changed), Err(VaultError::Tampered), "{at}");
        }
        assert_eq!(key.open("dossiers", "a", &sealed[..10]), Err(VaultError::Tampered));
    }
}
