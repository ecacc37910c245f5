//! Discovery rounds: six lists a year of people with signals, from files that are never quite clean.

use crate::profile::{Sex, coded};
use crate::text::{BirthYear, DongCode, PhoneNumber};
use serde::{Deserialize, Serialize};

/// Which list: year and number, 1–6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RoundPeriod {
    /// Year.
    pub year: i16,
    /// Number within the year, 1–6.
    pub number: i16,
}

/// One good row of a discovery list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        EmptyFile = "empty_file", }
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
