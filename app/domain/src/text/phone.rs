//! Korean phone numbers: read as people write them, kept as digits, shown with hyphens.

use crate::Invalid;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A Korean phone number, kept as its 8–11 national digits (12 for the relay numbers 050x).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[0-9]{8,12}$"))]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number as people write it: hyphens, dots, blanks, parentheses, `+82`.
    ///
    /// # Errors
    /// [`Invalid::Phone`] for anything that no Korean phone can have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = national(text).ok_or(Invalid::Phone)?;
        if is_possible(&digits) { Ok(Self(digits)) } else { Err(Invalid::Phone) }
    }

    /// The national digits, `01012345678`.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As Koreans write it: `010-1234-5678`, `02-123-4567`, `1588-1234`.
    #[must_use]
    pub fn display(&self) -> String {
        let area = self.area_len();
        let (area, rest) = self.0.split_at_checked(area).unwrap_or(("", &self.0));
        let (exchange, line) = rest.split_at_checked(rest.len().saturating_sub(4)).unwrap_or((rest, ""));
        [area, exchange, line].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("-")
    }

    /// The address that makes a phone dial, `tel:+821012345678`; nationwide numbers such as 1588 have no form with +82.
    #[must_use]
    pub fn tel_uri(&self) -> String {
        self.0.strip_prefix('0').map_or_else(|| format!("tel:{}", self.0), |national| format!("tel:+82{national}"))
    }

    fn area_len(&self) -> usize {
        match self.0.as_bytes() {
            [b'0', b'2', ..] => 2,
            [b'0', b'5', b'0', ..] => 4,
            [b'0', ..] => 3,
            _ => 0,
        }
    }
}

/// The digits as dialled within Korea, or `None` when the text holds what no number holds.
fn national(text: &str) -> Option<String> {
    let text: String = text.nfkc().collect();
    let text = text.trim();
    let (abroad, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let is_mark = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '(' | ')' | '·') || c.is_whitespace();
    if !rest.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("82") {
        Some(rest) if abroad || digits.len() >= 11 => Some(with_trunk_zero(rest)),
        _ if abroad => None,
        _ => Some(digits),
    }
}

fn with_trunk_zero(digits: &str) -> String {
    if digits.starts_with('0') || is_nationwide(digits) { digits.to_owned() } else { format!("0{digits}") }
}

/// 15xx, 16xx and 18xx numbers: eight digits, the same from everywhere.
fn is_nationwide(digits: &str) -> bool {
    digits.len() == 8 && matches!(digits.as_bytes(), [b'1', b'5' | b'6' | b'8', ..])
}

fn is_possible(digits: &str) -> bool {
    let len = digits.len();
    match digits.as_bytes() {
        [b'0', b'2', ..] => matches!(len, 9 | 10),
        [b'0', b'1', b'0', ..] => len == 11,
        [b'0', b'1', b'1' | b'6'..=b'9', ..] => matches!(len, 10 | 11),
        [b'0', b'3', b'1'..=b'3', ..] | [b'0', b'4' | b'6', b'1'..=b'4', ..] | [b'0', b'5', b'1'..=b'5', ..] => {
            matches!(len, 10 | 11)
        }
        [b'0', b'5', b'0', b'2'..=b'8', ..] => matches!(len, 11 | 12),
        [b'0', b'7', b'0', ..] => len == 11,
        [b'0', b'8', b'0', ..] => matches!(len, 10 | 11),
        _ => is_nationwide(digits),
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
        Self::parse(&text)
    }
}

impl std::str::FromStr for PhoneNumber {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl From<PhoneNumber> for String {
    fn from(phone: PhoneNumber) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("010-1234-5678", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("01012345678", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("010.1234.5678", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case(" 010 1234 5678 ", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("０１０－１２３４－５６７８", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("+82 10-1234-5678", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("+82 (0)10 1234 5678", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("82-10-1234-5678", "01012345678", "010-1234-5678", "tel:+821012345678")]
    #[case("011-123-4567", "0111234567", "011-123-4567", "tel:+82111234567")]
    #[case("02-123-4567", "021234567", "02-123-4567", "tel:+8221234567")]
    #[case("(02) 2155-1234", "0221551234", "02-2155-1234", "tel:+82221551234")]
    #[case("+82-2-2155-1234", "0221551234", "02-2155-1234", "tel:+82221551234")]
    #[case("031)123-4567", "0311234567", "031-123-4567", "tel:+82311234567")]
    #[case("070-1234-5678", "07012345678", "070-1234-5678", "tel:+827012345678")]
    #[case("0504-1234-5678", "050412345678", "0504-1234-5678", "tel:+8250412345678")]
    #[case("080-123-4567", "0801234567", "080-123-4567", "tel:+82801234567")]
    #[case("1588-1234", "15881234", "1588-1234", "tel:15881234")]
    fn read_and_shown(#[case] text: &str, #[case] digits: &str, #[case] shown: &str, #[case] uri: &str) {
        let phone = PhoneNumber::parse(text).unwrap();
        assert_eq!((phone.digits(), phone.display().as_str(), phone.tel_uri().as_str()), (digits, shown, uri));
    }

    #[rstest]
    #[case("")]
    #[case("-")]
    #[case("없음")]
    #[case("010-1234-567")]
    #[case("010-1234-56789")]
    #[case("010-1234-5678 (아들)")]
    #[case("O10-1234-5678")]
    #[case("010-1234-5678x")]
    #[case("+1 202 555 0100")]
    #[case("12345678")]
    #[case("1165051000")]
    #[case("00000000000")]
    #[case("090-1234-5678")]
    #[case("112")]
    fn refused(#[case] text: &str) {
        assert_eq!(PhoneNumber::parse(text), Err(Invalid::Phone), "{text}");
    }

    #[test]
    fn debug_output_keeps_the_number_to_itself() {
        assert_eq!(format!("{:?}", PhoneNumber::parse("010-1234-5678").unwrap()), "PhoneNumber(…)");
    }

    proptest! {
        #[test]
        fn what_is_shown_and_dialled_and_stored_reads_back_as_the_same(text in "(010[0-9]{8}|02[0-9]{7,8}|03[123][0-9]{7,8}|070[0-9]{8}|1[568][0-9]{6}|050[2-8][0-9]{7,8})") {
            let phone = PhoneNumber::parse(&text).unwrap();
            prop_assert_eq!(PhoneNumber::parse(&phone.display()).unwrap(), phone.clone());
            prop_assert_eq!(PhoneNumber::parse(phone.tel_uri().trim_start_matches("tel:")).unwrap(), phone.clone());
            let json = serde_json::to_string(&phone).unwrap();
            prop_assert_eq!(serde_json::from_str::<PhoneNumber>(&json).unwrap(), phone);
        }
    }
}
