//! One row of a discovery list: read with all its errors at once, so that a file is corrected in one go.
//! An error never holds the value that caused it.

use super::{Column, Header, RoundPeriod, RoundRow, RowError, RowErrorCode, parse_period};
use crate::{
    catalogue::Indicator,
    profile::Sex,
    text::{BirthYear, DongCode, PhoneNumber, looks_like_resident_number, one_line},
};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// Longest name, in characters.
pub const MAX_NAME: usize = 60;
/// Longest address, in characters.
pub const MAX_ADDRESS: usize = 200;
/// Longest remark, in characters.
pub const MAX_NOTE: usize = 500;
/// The column of an error that belongs to the whole row, or to a column that Iut does not read.
const WHOLE_ROW: &str = "row";

/// Reads the rows of one file.
#[derive(Clone, Debug)]
pub struct RowReader {
    header: Header,
    dongs: BTreeSet<DongCode>,
    indicators: IndicatorNames,
    year_now: i32,
    period: Option<RoundPeriod>,
}

impl RowReader {
    /// A reader for files with `header` of the district that has `dongs`; only active entries of the catalogue count.
    #[must_use]
    pub fn new(header: Header, dongs: BTreeSet<DongCode>, catalogue: &[Indicator], year_now: i32) -> Self {
        Self { header, dongs, indicators: IndicatorNames::of(catalogue), year_now, period: None }
    }

    /// The round of the rows read so far.
    #[must_use]
    pub const fn period(&self) -> Option<RoundPeriod> {
        self.period
    }

    /// Reads the row with the number that a spreadsheet shows (the header is row 1); `None` for an empty line.
    ///
    /// # Errors
    /// Everything that is wrong with the row; only [`RowErrorCode::ResidentNumber`] when it holds such a number.
    pub fn read<S: AsRef<str>>(&mut self, row: u32, cells: &[S]) -> Result<Option<RoundRow>, Vec<RowError>> {
        if cells.iter().all(|cell| cell.as_ref().trim().is_empty()) {
            return Ok(None);
        }
        if let Some(column) = self.resident_number(cells) {
            return Err(vec![RowError::new(row, column, RowErrorCode::ResidentNumber)]);
        }
        if cells.len() != self.header.width() && !has_only_blanks_beyond(cells, self.header.width()) {
            return Err(vec![RowError::new(row, WHOLE_ROW, RowErrorCode::BrokenRow)]);
        }
        let mut errors = Errors { row, found: Vec::new() };
        let read = self.read_cells(cells, &mut errors);
        match read {
            Some(read) if errors.found.is_empty() => Ok(Some(read)),
            _ => Err(errors.found),
        }
    }

    fn read_cells<S: AsRef<str>>(&mut self, cells: &[S], errors: &mut Errors) -> Option<RoundRow> {
        let header = self.header.clone();
        let cell = |column| header.cell(cells, column);
        let period = errors.keep(Column::Round, self.read_period(cell(Column::Round)));
        let name = errors.keep(Column::Name, read_name(cell(Column::Name)));
        let birth_year = errors.keep(Column::BirthYear, read_birth_year(cell(Column::BirthYear), self.year_now));
        let sex = errors.keep(Column::Sex, read_sex(cell(Column::Sex)));
        let phone = errors.keep(Column::Phone, read_phone(cell(Column::Phone)));
        let dong = errors.keep(Column::Dong, self.read_dong(cell(Column::Dong)));
        let address = errors.keep(Column::Address, read_line(cell(Column::Address), MAX_ADDRESS));
        let indicators = errors.keep(Column::Indicators, self.indicators.read(cell(Column::Indicators)));
        let note = errors.keep(Column::Note, read_line(cell(Column::Note), MAX_NOTE));
        Some(RoundRow {
            row: errors.row,
            period: period?,
            name: name?,
            birth_year: birth_year?,
            sex: sex?,
            phone: phone?,
            dong: dong?,
            address: address?,
            indicators: indicators?,
            note: note?,
        })
    }

    /// The column in which something looks like a resident number, also when it runs across cells.
    fn resident_number<S: AsRef<str>>(&self, cells: &[S]) -> Option<&'static str> {
        let at = cells.iter().position(|cell| looks_like_resident_number(cell.as_ref()));
        if let Some(at) = at {
            return Some(self.header.column_at(at).map_or(WHOLE_ROW, Column::code));
        }
        let joined: Vec<&str> = cells.iter().map(|cell| cell.as_ref().trim()).collect();
        looks_like_resident_number(&joined.join(" ")).then_some(WHOLE_ROW)
    }

    fn read_period(&mut self, text: &str) -> Result<RoundPeriod, RowErrorCode> {
        let period = parse_period(text).ok_or(RowErrorCode::BadRound)?;
        if *self.period.get_or_insert(period) == period { Ok(period) } else { Err(RowErrorCode::MixedRounds) }
    }

    fn read_dong(&self, text: &str) -> Result<DongCode, RowErrorCode> {
        let code = text.nfkc().collect::<String>().parse::<DongCode>().ok();
        code.filter(|code| self.dongs.contains(code)).ok_or(RowErrorCode::UnknownDong)
    }
}

struct Errors {
    row: u32,
    found: Vec<RowError>,
}

impl Errors {
    fn keep<T>(&mut self, column: Column, read: Result<T, RowErrorCode>) -> Option<T> {
        read.map_err(|code| self.found.push(RowError::new(self.row, column.code(), code))).ok()
    }
}

/// Spreadsheets pad rows with empty cells; that alone breaks nothing.
fn has_only_blanks_beyond<S: AsRef<str>>(cells: &[S], width: usize) -> bool {
    cells.get(width..).is_some_and(|beyond| beyond.iter().all(|cell| cell.as_ref().trim().is_empty()))
}

fn read_line(text: &str, max: usize) -> Result<Option<String>, RowErrorCode> {
    let line = one_line(text).nfc().collect::<String>();
    if line.chars().count() > max {
        return Err(RowErrorCode::TooLong);
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

fn read_name(text: &str) -> Result<String, RowErrorCode> {
    read_line(text, MAX_NAME)?.ok_or(RowErrorCode::MissingName)
}

fn read_birth_year(text: &str, year_now: i32) -> Result<Option<BirthYear>, RowErrorCode> {
    let text: String = text.nfkc().collect();
    let text = text.trim();
    let text = text.strip_suffix('년').unwrap_or(text).trim();
    if text.is_empty() {
        return Ok(None);
    }
    let four_digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let year = four_digits.then(|| text.parse::<i16>().ok()).flatten().and_then(|year| BirthYear::try_from(year).ok());
    year.filter(|year| year.plausible(year_now)).map(Some).ok_or(RowErrorCode::ImpossibleBirthYear)
}

fn read_sex(text: &str) -> Result<Sex, RowErrorCode> {
    match text.nfkc().collect::<String>().trim().to_lowercase().as_str() {
        "남" | "남성" | "남자" | "m" | "male" => Ok(Sex::Male),
        "여" | "여성" | "여자" | "f" | "female" => Ok(Sex::Female),
        "" | "-" | "미상" | "unknown" => Ok(Sex::Unknown),
        _ => Err(RowErrorCode::UnknownSex),
    }
}

fn read_phone(text: &str) -> Result<Option<PhoneNumber>, RowErrorCode> {
    if matches!(text, "" | "-") {
        return Ok(None);
    }
    // A spreadsheet that took 01012345678 for a number has dropped the zero.
    let lost_zero = text.len() == 10 && text.starts_with("10") && text.bytes().all(|b| b.is_ascii_digit());
    let text = if lost_zero { format!("0{text}") } else { text.to_owned() };
    PhoneNumber::parse(&text).map(Some).map_err(|_not_a_phone| RowErrorCode::MalformedPhone)
}

/// The catalogue under every name that a list may use.
#[derive(Clone, Debug, Default)]
struct IndicatorNames {
    codes: BTreeMap<String, String>,
}

impl IndicatorNames {
    /// Codes and full names first; a name without its parenthesis only where it means one indicator.
    fn of(catalogue: &[Indicator]) -> Self {
        let mut codes = BTreeMap::new();
        let mut short: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for indicator in catalogue.iter().filter(|indicator| indicator.active) {
            for name in [&indicator.code, &indicator.name_ko, &indicator.name_en] {
                codes.insert(spelling(name), indicator.code.clone());
            }
            short.entry(spelling(&without_parenthesis(&indicator.name_ko))).or_default().insert(&indicator.code);
        }
        for (name, meant) in short {
            if let (Some(code), 1) = (meant.first(), meant.len()) {
                codes.entry(name).or_insert_with(|| (*code).to_owned());
            }
        }
        Self { codes }
    }

    fn read(&self, text: &str) -> Result<Vec<String>, RowErrorCode> {
        let text: String = text.nfkc().collect();
        let names: Vec<String> = text.split(';').map(spelling).filter(|name| !name.is_empty()).collect();
        if names.is_empty() {
            return Err(RowErrorCode::MissingIndicator);
        }
        let codes: Option<BTreeSet<&String>> = names.iter().map(|name| self.codes.get(name)).collect();
        codes.map(|codes| codes.into_iter().cloned().collect()).ok_or(RowErrorCode::UnknownIndicator)
    }
}

fn without_parenthesis(name: &str) -> String {
    name.split_once('(').map_or(name, |(before, _)| before).to_owned()
}

/// A name without the differences that typing makes: width, blanks, capitals, kinds of dash and of middle dot.
fn spelling(name: &str) -> String {
    name.nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '~' | '∼' | '〜' => '-',
            'ㆍ' | '・' | '\u{119e}' | '•' | '‧' => '·',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
#[path = "row_tests.rs"]
mod tests;
