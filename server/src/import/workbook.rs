//! XLSX: the cells of the first sheet as text, read one row after the other.

use super::Take;
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use chrono::{NaiveDate, TimeDelta};
use domain::round::RowErrorCode;
use std::io::Cursor;

/// Columns that are read; lists have nine.
const MOST_COLUMNS: usize = 64;

pub(super) fn read(bytes: &[u8], take: &mut Take<'_>) -> Result<(), RowErrorCode> {
    rows(bytes, take).map_err(|_broken| RowErrorCode::UnreadableFile)
}

fn rows(bytes: &[u8], take: &mut Take<'_>) -> Result<(), XlsxError> {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let Some(sheet) = workbook.sheet_names().first().cloned() else { return Ok(()) };
    let mut cells = workbook.worksheet_cells_reader(&sheet)?;
    let mut row: Vec<String> = Vec::new();
    let (mut at, mut width) = (0, 0);
    while let Some(cell) = cells.next_cell()? {
        let (number, column) = cell.get_position();
        if number != at {
            hand_over(at, &mut row, &mut width, take);
            at = number;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            continue;
        }
        let filled = row.len().max(column + 1);
        row.resize(filled, String::new());
        if let Some(place) = row.get_mut(column) {
            *place = text(cell.get_value());
        }
    }
    hand_over(at, &mut row, &mut width, take);
    Ok(())
}

/// A sheet leaves out the cells at the end of a row that are empty; the header says how many there should be.
fn hand_over(at: u32, row: &mut Vec<String>, width: &mut usize, take: &mut Take<'_>) {
    if !row.is_empty() {
        *width = (*width).max(row.len());
        row.resize(*width, String::new());
        take(at + 1, row);
    }
    row.clear();
}

/// A cell as a person reads it: 1957.0 is 1957, and a day is written as one.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(at) => day(at.as_f64()),
        DataRef::Error(_) => "#".to_owned(),
        DataRef::Empty => String::new(),
    }
}

/// The day of a serial number, counted from the end of 1899. In workbooks that count from 1904 it lands on another day of
/// the month, and is refused where a round is expected.
fn day(serial: f64) -> String {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30);
    #[expect(clippy::cast_possible_truncation, reason = "a serial beyond the range of days gives no day")]
    let days = TimeDelta::try_days(serial.floor() as i64);
    first.zip(days).and_then(|(first, days)| first.checked_add_signed(days)).map(|day| day.to_string()).unwrap_or_default()
}
