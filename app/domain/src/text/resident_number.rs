//! Resident registration numbers (주민등록번호) are never collected. This finds what looks like one in any text:
//! a plausible YYMMDD, an optional separator and seven digits, also full-width, masked or in the middle of a sentence.
//! Since October 2020 the numbers have no check digit, so the date is all that tells them from other numbers.

use unicode_normalization::UnicodeNormalization;

/// How many characters of separator may stand between the two halves ("900101 - 1234567").
const MAX_SEPARATORS: usize = 3;
/// How many hidden digits make a second half that starts with a digit ("1******", or a star too few).
const MIN_MASKED: usize = 4;

/// Whether a text holds something that looks like a resident registration number.
#[must_use]
pub fn looks_like_resident_number(text: &str) -> bool {
    let text: Vec<char> = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    (0..text.len()).any(|at| {
        let digit_before = at.checked_sub(1).and_then(|i| text.get(i)).is_some_and(char::is_ascii_digit);
        !digit_before && text.get(at..).is_some_and(starts_with_resident_number)
    })
}

fn starts_with_resident_number(text: &[char]) -> bool {
    [front_plain(text), front_full_year(text), front_dotted(text)].into_iter().flatten().any(|front| front.is_followed(text))
}

/// The first half as it was written.
struct Front {
    /// Characters used.
    len: usize,
    /// The century that a full year names.
    century: Option<u32>,
    /// Whether only a dash may follow: after a dotted date a blank usually begins something else.
    dash_only: bool,
}

fn front_plain(text: &[char]) -> Option<Front> {
    is_date(number(text, 2, 2)?, number(text, 4, 2)?).then_some(())?;
    number(text, 0, 6).map(|_| Front { len: 6, century: None, dash_only: false })
}

fn front_full_year(text: &[char]) -> Option<Front> {
    let year = number(text, 0, 4)?;
    is_date(number(text, 4, 2)?, number(text, 6, 2)?).then_some(())?;
    Some(Front { len: 8, century: Some(year / 100), dash_only: false })
}

fn front_dotted(text: &[char]) -> Option<Front> {
    let dot = |at: usize| text.get(at).is_some_and(|c| *c == '.' || is_dash(*c) || *c == '/');
    number(text, 0, 2)?;
    (dot(2) && dot(5) && is_date(number(text, 3, 2)?, number(text, 6, 2)?)).then_some(())?;
    Some(Front { len: 8, century: None, dash_only: true })
}

impl Front {
    /// Whether a second half of seven digits, or masked ones, comes next.
    fn is_followed(&self, text: &[char]) -> bool {
        let Some(rest) = text.get(self.len..) else { return false };
        let separators = rest.iter().take_while(|c| is_separator(**c)).count();
        let gap = rest.get(..separators).unwrap_or_default();
        if separators > MAX_SEPARATORS || (self.dash_only && !gap.iter().any(|c| is_dash(*c))) {
            return false;
        }
        let Some(back) = rest.get(separators..) else { return false };
        let Some(first) = back.first() else { return false };
        if !self.century_fits(*first) {
            return false;
        }
        is_masked(back, separators > 0) || is_seven_digits(back, gap)
    }

    /// With the year written in full, the seventh digit must name the same century; a serial number rarely does.
    fn century_fits(&self, seventh: char) -> bool {
        let Some(century) = self.century else { return true };
        match seventh {
            '1' | '2' | '5' | '6' => century == 19,
            '3' | '4' | '7' | '8' => century == 20,
            '9' | '0' => century == 18,
            _ => matches!(century, 19 | 20),
        }
    }
}

fn is_seven_digits(back: &[char], gap: &[char]) -> bool {
    let digits = back.iter().take_while(|c| c.is_ascii_digit()).count();
    // "260315 1500000원": a date and a sum of money.
    let is_money = back.get(digits) == Some(&'원') && !gap.is_empty() && gap.iter().all(|c| c.is_whitespace());
    digits == 7 && !is_money
}

fn is_masked(back: &[char], separated: bool) -> bool {
    let leading = back.iter().take_while(|c| c.is_ascii_digit()).count();
    let masks = back.get(leading..).unwrap_or_default().iter().take_while(|c| is_mask(**c)).count();
    match leading {
        0 => separated && masks == 7,
        1..=3 => masks >= MIN_MASKED && leading + masks <= 8,
        _ => leading + masks == 7 && masks > 0,
    }
}

fn number(text: &[char], at: usize, len: usize) -> Option<u32> {
    text.get(at..at + len)?.iter().try_fold(0, |sum, c| Some(sum * 10 + c.to_digit(10)?))
}

const fn is_date(month: u32, day: u32) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    day >= 1 && day <= last
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | 'ー' | 'ㅡ' | 'ᅳ' | '~' | '_')
}

fn is_separator(c: char) -> bool {
    is_dash(c) || c.is_whitespace() || matches!(c, '.' | '·' | ',' | '/' | ':')
}

const fn is_mask(c: char) -> bool {
    matches!(c, '*' | 'x' | 'X' | '×' | '#' | '●' | '○' | '◯' | '•' | '■' | '□' | '∗' | '⁎')
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("900101-1234567")]
    #[case("9001011234567")]
    #[case("900101 1234567")]
    #[case("900101–1234567")]
    #[case("900101—1234567")]
    #[case("900101.1234567")]
    #[case("900101 - 1234567")]
    #[case("900101\n1234567")]
    #[case("９００１０１－１２３４５６７")]
    #[case("9001011******")]
    #[case("900101-1******")]
    #[case("900101-1*****")]
    #[case("900101-*******")]
    #[case("900101-1○○○○○○")]
    #[case("900101-12345**")]
    #[case("900101-2XXXXXX")]
    #[case("성명 김가상(900101-1234567), 서초동")]
    #[case("주민번호:0002293234567입니다")]
    #[case("a900101-9234567b")]
    #[case("900101-0234567")]
    #[case("19900101-1234567")]
    #[case("200401013234567")]
    #[case("90.01.01-1234567")]
    #[case("900\u{200b}101-1234567")]
    #[case("01012345678 / 851231-2345678")]
    fn refused(#[case] text: &str) {
        assert!(looks_like_resident_number(text), "{text}");
    }

    #[rstest]
    #[case("010-1234-5678")]
    #[case("01012345678 01087654321")]
    #[case("02-123-4567, 010-9876-5432")]
    #[case("1165051000")]
    #[case("1165051000 1165052000")]
    #[case("2026-11-22")]
    #[case("2026.11.22 14:00~15:00")]
    #[case("20261122143000")]
    #[case("20261122-1000123")]
    #[case("261122 1500000원 지급")]
    #[case("2026.03.15 1500000원")]
    #[case("1234567890123456")]
    #[case("9013011234567")]
    #[case("900132-1234567")]
    #[case("900230-1234567")]
    #[case("900101-12345678")]
    #[case("900101-123456")]
    #[case("계좌 110-123-456789")]
    #[case("990000-1234567")]
    #[case("01935b7e-7c1f-7b0a-9a01-123456789012")]
    #[case("900101")]
    #[case("")]
    fn accepted(#[case] text: &str) {
        assert!(!looks_like_resident_number(text), "{text}");
    }

    prop_compose! {
        fn front()(year in 0u32..100, month in 1u32..=12, day in 1u32..=28) -> String {
            format!("{year:02}{month:02}{day:02}")
        }
    }

    proptest! {
        #[test]
        fn every_number_is_found_wherever_it_stands(
            front in front(), back in "[0-9]{7}", gap in "(|-| |–|—|\\.| - )", before in "[가-힣 ,]{0,8}", after in "[가-와 ,]{0,8}",
        ) {
            let text = format!("{before}{front}{gap}{back}{after}");
            prop_assert!(looks_like_resident_number(&text), "{}", text);
        }

        #[test]
        fn phones_and_dong_codes_are_never_taken_for_one(phone in "01[016789][- ]?[0-9]{3,4}[- ][0-9]{4}", dong in "1165[0-9]{4}00") {
            prop_assert!(!looks_like_resident_number(&phone));
            let both = format!("{dong} {phone}");
            prop_assert!(!looks_like_resident_number(&both));
        }
    }
}
