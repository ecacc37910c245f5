//! Discovery rounds: six lists a year of people with signals, from files that are never quite clean.

mod fold;
mod header;
mod priority;
mod row;

pub use fold::{FoldedPerson, fold_duplicates, fold_people};
pub use header::{Column, Header};
pub use priority::{Advice, AdviceReason, SIGNAL_MONTHS, advise};
pub use row::{MAX_ADDRESS, MAX_NAME, MAX_NOTE, RowReader};

use crate::profile::{Language, Sex, coded};
use crate::text::{BirthYear, DongCode, PhoneNumber};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Bytes of a file at most.
pub const MOST_FILE_BYTES: usize = 20 * 1024 * 1024;

/// Which list: year and number, 1–6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundPeriod {
    /// Year.
    pub year: i16,
    /// Number within the year, 1–6.
    pub number: i16,
}

impl RoundPeriod {
    /// As it is written on Korean screens: `2026년 5차`.
    #[must_use]
    pub fn korean(self) -> String {
        format!("{}년 {}차", self.year, self.number)
    }
}

impl std::fmt::Display for RoundPeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.year, self.number)
    }
}

/// Reads `2026-5` or `2026년 5차`; also `2026-05-01`, which is what spreadsheets make of `2026-5`.
#[must_use]
pub fn parse_period(text: &str) -> Option<RoundPeriod> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (year, number) = match text.split_once('년') {
        Some((year, rest)) => (year, rest.strip_prefix('제').unwrap_or(rest).strip_suffix('차')?),
        None => text.split_once('-')?,
    };
    let number = number.strip_suffix("-0100:00:00").or_else(|| number.strip_suffix("-01")).unwrap_or(number);
    let digits = |text: &str, most: usize| -> Option<i16> {
        (text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let period = RoundPeriod { year: digits(year, 4)?, number: digits(number, 2)? };
    ((2000..=2100).contains(&period.year) && (1..=6).contains(&period.number)).then_some(period)
}

/// One good row of a discovery list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundRow {
    /// Row as a spreadsheet counts; the header is row 1.
    pub row: u32,
    /// The list it belongs to.
    pub period: RoundPeriod,
    /// Name.
    pub name: String,
    /// Birth year.
    pub birth_year: Option<BirthYear>,
    /// Sex.
    pub sex: Sex,
    /// Phone.
    pub phone: Option<PhoneNumber>,
    /// Dong.
    pub dong: DongCode,
    /// Address.
    pub address: Option<String>,
    /// Codes of the catalogue, sorted, without repeats.
    pub indicators: Vec<String>,
    /// Remark.
    pub note: Option<String>,
}

/// Something wrong at one place of a file. Never holds the offending value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Row as a spreadsheet counts; the header is row 1.
    pub row: u32,
    /// Column under its English header name.
    pub column: String,
    /// What is wrong.
    pub code: RowErrorCode,
    /// A sentence for people.
    pub message: String,
}

impl RowError {
    /// An error with the English sentence of its code; screens translate by the code.
    #[must_use]
    pub fn new(row: u32, column: &str, code: RowErrorCode) -> Self {
        Self { row, column: column.to_owned(), code, message: code.sentence(Language::English).to_owned() }
    }
}

coded! {
    /// What can be wrong with a row.
    RowErrorCode { /// Not a round like `2026-5` or `2026년 5차`.
        BadRound = "bad_round", /// Not a dong of this district.
        UnknownDong = "unknown_dong", /// Not in the catalogue.
        UnknownIndicator = "unknown_indicator", /// No indicator at all.
        MissingIndicator = "missing_indicator", /// Not a year in which a living person can be born.
        ImpossibleBirthYear = "impossible_birth_year", /// Not a Korean phone number.
        MalformedPhone = "malformed_phone", /// Not a known word for sex.
        UnknownSex = "unknown_sex", /// No name.
        MissingName = "missing_name", /// Looks like a resident registration number.
        ResidentNumber = "resident_number", /// Longer than the field allows.
        TooLong = "too_long", /// The row has another number of cells than the header.
        BrokenRow = "broken_row", /// A required column is missing from the header.
        MissingColumn = "missing_column", /// Rows of more than one round in one file.
        MixedRounds = "mixed_rounds", /// The file can't be read as any known format.
        UnreadableFile = "unreadable_file", /// The file has no rows.
        EmptyFile = "empty_file", /// More bytes than are taken, as it came or unpacked.
        FileTooLarge = "file_too_large", }
}

impl RowErrorCode {
    /// What is wrong and what to do, in Korean or else in English.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::Korean => self.korean(),
            _ => self.english(),
        }
    }

    const fn korean(self) -> &'static str {
        match self {
            Self::BadRound => "차수는 2026-5 또는 2026년 5차처럼 적어 주세요.",
            Self::UnknownDong => "우리 구의 행정동코드(숫자 10자리)가 아닙니다.",
            Self::UnknownIndicator => "위기정보 목록에 없는 코드나 이름이 있습니다.",
            Self::MissingIndicator => "위기정보를 하나 이상 적어 주세요.",
            Self::ImpossibleBirthYear => "출생연도를 네 자리 숫자로 다시 확인하세요.",
            Self::MalformedPhone => "연락처를 다시 확인하세요. 예: 010-1234-5678",
            Self::UnknownSex => "성별은 남, 여로 적거나 비워 두세요.",
            Self::MissingName => "성명을 적어 주세요.",
            Self::ResidentNumber => "주민등록번호로 보이는 값이 있어 받지 않았습니다. 그 값을 지우고 다시 올려 주세요.",
            Self::TooLong => "글자 수가 너무 많습니다. 줄여 주세요.",
            Self::BrokenRow => "칸의 수가 머리글과 다릅니다. 파일의 이 행을 확인하세요.",
            Self::MissingColumn => "머리글에 꼭 있어야 할 열이 없습니다.",
            Self::MixedRounds => "한 파일에는 한 차수만 담아 주세요.",
            Self::UnreadableFile => "읽을 수 없는 파일입니다. CSV(UTF-8, CP949)나 XLSX로 저장해 다시 올려 주세요.",
            Self::EmptyFile => "파일에 자료가 없습니다.",
            Self::FileTooLarge => "파일이 너무 큽니다. 빈 행과 쓰지 않는 시트를 지우고, 그래도 크면 나누어 올려 주세요.",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::BadRound => "Write the round as 2026-5 or 2026년 5차.",
            Self::UnknownDong => "Not the ten-digit code of a dong of this district.",
            Self::UnknownIndicator => "A code or name is not in the catalogue of indicators.",
            Self::MissingIndicator => "Give at least one indicator.",
            Self::ImpossibleBirthYear => "Not a possible birth year; write four digits or leave it empty.",
            Self::MalformedPhone => "Not a Korean phone number; write it like 010-1234-5678 or leave it empty.",
            Self::UnknownSex => "Write the sex as 남, 여, M or F, or leave it empty.",
            Self::MissingName => "The name is missing.",
            Self::ResidentNumber => {
                "Something here looks like a resident registration number, which is never taken. Remove it and load the file again."
            }
            Self::TooLong => "The text is too long for this column.",
            Self::BrokenRow => "The row has another number of cells than the header.",
            Self::MissingColumn => "The header lacks a required column.",
            Self::MixedRounds => "A file holds one round only.",
            Self::UnreadableFile => "The file can't be read; save it as CSV (UTF-8 or CP949) or XLSX.",
            Self::EmptyFile => "The file has no rows.",
            Self::FileTooLarge => "The file is too large; remove empty rows and unused sheets, or load it in parts.",
        }
    }
}

/// What an import did or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Rows read, without the header and empty lines.
    pub rows: u32,
    /// Neighbors that were not known.
    pub new: u32,
    /// Rows that name a known neighbor.
    pub matched: u32,
    /// Rows that may name a known neighbor: a person decides.
    pub to_confirm: u32,
    /// Rows that repeat an earlier row of the same file.
    pub duplicates_in_file: u32,
    /// Signals that were not known.
    pub signals_added: u32,
    /// What is wrong; nothing is applied unless empty.
    pub errors: Vec<RowError>,
    /// Whether the file was applied.
    pub applied: bool,
}

coded! {
    /// What became of a neighbor in a round.
    TriageDecision { /// 대기
        Open = "open", /// 새 사례
        CaseOpened = "case_opened", /// 기존 사례에 연결
        Attached = "attached", /// 다른 구로 이관
        PassedOn = "passed_on", /// 조치 없음
        NoAction = "no_action", }
}
coded! {
    /// Why nothing is done about an entry. "Not eligible for cash" and "no need" are different things.
    NoActionReason { /// 욕구 없음
        NoNeed = "no_need", /// 현금지원 대상 아님
        NotEligibleForCash = "not_eligible_for_cash", /// 이미 지원 중
        AlreadyHelped = "already_helped", /// 전출
        MovedAway = "moved_away", /// 사망
        Died = "died", /// 잘못된 자료
        WrongData = "wrong_data", }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-5", Some((2026, 5)))]
    #[case("2026년 5차", Some((2026, 5)))]
    #[case(" 2026년5차 ", Some((2026, 5)))]
    #[case("2026년 제6차", Some((2026, 6)))]
    #[case("２０２６－５", Some((2026, 5)))]
    #[case("2026-05", Some((2026, 5)))]
    #[case("2026-05-01", Some((2026, 5)))]
    #[case("2026-05-01 00:00:00", Some((2026, 5)))]
    #[case("2026-7", None)]
    #[case("2026-0", None)]
    #[case("2026-05-02", None)]
    #[case("26-5", None)]
    #[case("2026", None)]
    #[case("2026년 5", None)]
    #[case("2026-+5", None)]
    #[case("-", None)]
    #[case("", None)]
    fn periods(#[case] text: &str, #[case] expected: Option<(i16, i16)>) {
        assert_eq!(parse_period(text).map(|p| (p.year, p.number)), expected);
    }

    #[test]
    fn a_period_is_written_as_it_is_read() {
        let period = RoundPeriod { year: 2026, number: 5 };
        assert_eq!(parse_period(&period.to_string()), Some(period));
        assert_eq!(parse_period(&period.korean()), Some(period));
    }

    #[test]
    fn every_code_has_a_sentence_in_both_languages() {
        for code in RowErrorCode::ALL {
            assert!(code.sentence(Language::Korean).chars().any(|c| ('가'..='힣').contains(&c)), "{code}");
            assert!(code.sentence(Language::English).ends_with('.'), "{code}");
        }
    }
}
