//! Small values that cannot hold a wrong value, and the checks on free text.

mod phone;
mod resident_number;

pub use phone::PhoneNumber;
pub use resident_number::looks_like_resident_number;

use crate::{ApiError, Invalid};
use serde::{Deserialize, Serialize};

/// Trims one line of optional text; empty becomes `None`.
///
/// # Errors
/// [`ApiError::Invalid`] when longer than `max` characters or when it looks like a resident number.
pub fn optional_line(field: &str, value: Option<String>, max: usize) -> Result<Option<String>, ApiError> {
    let value = value.map(|v| one_line(&v));
    optional_text(field, value, max)
}

/// The text on one line: blanks and line breaks in a row become one blank.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Trims one line of required text.
///
/// # Errors
/// As [`optional_line`], and [`Invalid::Missing`] when nothing is left.
pub fn required_line(field: &str, value: String, max: usize) -> Result<String, ApiError> {
    optional_line(field, Some(value), max)?.ok_or_else(|| ApiError::invalid(field, Invalid::Missing))
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(minimum = 1900, maximum = 2100))]
#[serde(try_from = "i16", into = "i16")]
pub struct BirthYear(i16);

impl BirthYear {
    /// The year as a number.
    #[must_use]
    pub const fn get(self) -> i16 {
        self.0
    }

    /// Whether a living person can be born in that year: not in the future, and at most 120 years old in `year_now`.
    #[must_use]
    pub const fn plausible(self, year_now: i32) -> bool {
        let age = year_now - self.0 as i32;
        0 <= age && age <= 120
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[0-9]{10}$"))]
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

impl std::str::FromStr for DongCode {
    type Err = Invalid;
    fn from_str(code: &str) -> Result<Self, Invalid> {
        Self::try_from(code.to_owned())
    }
}

impl std::fmt::Display for DongCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sign-in name: 3–40 of a–z, 0–9, `.`, `-`, `_`. Capitals are written small.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl Login {
    /// Reads a sign-in name; blanks around it are dropped.
    ///
    /// # Errors
    /// [`Invalid::Missing`], [`Invalid::TooShort`], [`Invalid::TooLong`], or [`Invalid::Form`] for other characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let login = text.trim().to_ascii_lowercase();
        if !login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')) {
            return Err(Invalid::Form);
        }
        match login.len() {
            0 => Err(Invalid::Missing),
            1..=2 => Err(Invalid::TooShort),
            3..=40 => Ok(Self(login)),
            _ => Err(Invalid::TooLong),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Login {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for Login {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl std::fmt::Display for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn reason(result: Result<impl std::fmt::Debug, ApiError>) -> Invalid {
        match result {
            Err(ApiError::Invalid { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn text_is_trimmed_counted_in_characters_and_refused_with_its_reason() {
        assert_eq!(optional_line("name", Some(" 김  가상\n".into()), 5).unwrap().as_deref(), Some("김 가상"));
        assert_eq!(optional_text("note", Some("  \n ".into()), 5).unwrap(), None);
        assert_eq!(optional_text("note", Some(" 가\n나 ".into()), 3).unwrap().as_deref(), Some("가\n나"));
        assert_eq!(reason(required_line("name", " ".into(), 5)), Invalid::Missing);
        assert_eq!(reason(required_text("name", "여섯글자이름".into(), 5)), Invalid::TooLong);
        assert_eq!(reason(required_line("name", "900101-1234567".into(), 60)), Invalid::ResidentNumber);
    }

    #[rstest]
    #[case(2026, true)]
    #[case(2027, false)]
    #[case(1906, true)]
    #[case(1905, false)]
    fn birth_years_of_living_people(#[case] year: i16, #[case] plausible: bool) {
        assert_eq!(BirthYear::try_from(year).unwrap().plausible(2026), plausible);
    }

    #[rstest]
    #[case(" Park.Ji-u_01 ", Ok("park.ji-u_01"))]
    #[case("", Err(Invalid::Missing))]
    #[case("ab", Err(Invalid::TooShort))]
    #[case("a b c", Err(Invalid::Form))]
    #[case("가나다", Err(Invalid::Form))]
    #[case("a@b.kr", Err(Invalid::Form))]
    fn logins(#[case] text: &str, #[case] expected: Result<&str, Invalid>) {
        assert_eq!(Login::parse(text).map(|l| l.to_string()), expected.map(str::to_owned));
        assert_eq!(Login::parse(&"a".repeat(41)), Err(Invalid::TooLong));
    }

    #[rstest]
    #[case("1165051000", true)]
    #[case(" 1165051000 ", true)]
    #[case("116505100", false)]
    #[case("11650510가", false)]
    fn dong_codes(#[case] text: &str, #[case] good: bool) {
        assert_eq!(text.parse::<DongCode>().is_ok(), good);
    }
}
