//! Small values that cannot hold a wrong value, and the checks on free text.

use crate::{ApiError, Invalid};
use serde::{Deserialize, Serialize};

/// Trims one line of optional text; empty becomes `None`.
///
/// # Errors
/// [`ApiError::Invalid`] when longer than `max` characters or when it looks like a resident number.
pub fn optional_line(field: &str, value: Option<String>, max: usize) -> Result<Option<String>, ApiError> {
    let value = value.map(|v| v.split_whitespace().collect::<Vec<_>>().join(" "));
    optional_text(field, value, max)
}

/// Trims optional text of several lines; empty becomes `None`.
///
/// # Errors
/// As [`optional_line`].
pub fn optional_text(field: &str, value: Option<String>, max: usize) -> Result<Option<String>, ApiError> {
    let Some(value) = value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()) else { return Ok(None) };
    if value.chars().count() > max {
        return Err(ApiError::invalid(field, Invalid::TooLong));
    }
    if looks_like_resident_number(&value) {
        return Err(ApiError::invalid(field, Invalid::ResidentNumber));
    }
    Ok(Some(value))
}

/// Trims required text.
///
/// # Errors
/// As [`optional_line`], and [`Invalid::Missing`] when nothing is left.
pub fn required_text(field: &str, value: String, max: usize) -> Result<String, ApiError> {
    optional_text(field, Some(value), max)?.ok_or_else(|| ApiError::invalid(field, Invalid::Missing))
}

/// A birth year, 1900 to 2100; whether it lies in the future is for the clock to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i16", into = "i16")]
pub struct BirthYear(i16);

impl BirthYear {
    /// The year as a number.
    #[must_use]
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl TryFrom<i16> for BirthYear {
    type Error = Invalid;
    fn try_from(year: i16) -> Result<Self, Invalid> {
        if (1900..=2100).contains(&year) { Ok(Self(year)) } else { Err(Invalid::BirthYear) }
    }
}

impl From<BirthYear> for i16 {
    fn from(year: BirthYear) -> Self {
        year.0
    }
}

/// The ten-digit code of a dong (행정동코드).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DongCode(String);

impl DongCode {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DongCode {
    type Error = Invalid;
    fn try_from(code: String) -> Result<Self, Invalid> {
        let code = code.trim();
        if code.len() == 10 && code.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(code.to_owned()))
        } else {
            Err(Invalid::UnknownDong)
        }
    }
}

impl From<DongCode> for String {
    fn from(code: DongCode) -> Self {
        code.0
    }
}

impl std::fmt::Display for DongCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A Korean phone number, kept as its 8–11 national digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The national digits, `01012345678`.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.starts_with('0') && (8..=11).contains(&digits.len()) { Ok(Self(digits)) } else { Err(Invalid::Phone) }
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

/// Whether a text holds something that looks like a resident registration number.
#[must_use]
pub fn looks_like_resident_number(text: &str) -> bool {
    let digits: Vec<char> = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    digits.windows(13).any(|w| w.iter().all(char::is_ascii_digit))
}
