//! XLSX: the cells of the first sheet as text, read one row after the other. A workbook is packed, so a small file can
//! hold a great deal: it is unpacked once to be weighed, and its cells and their text are counted while they are read.

use super::Take;
use calamine::{DataRef, Reader, Xlsx};
use chrono::{NaiveDate, TimeDelta};
use domain::round::RowErrorCode;
use std::io::{Cursor, Read, copy, sink};
use zip::ZipArchive;

/// Columns that are read; lists have nine.
const MOST_COLUMNS: usize = 64;
/// Bytes of a workbook when it is unpacked, and of the text of its cells: several times a list of 20,000 people.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// Cells of a sheet, the empty ones that it lists included.
const MOST_CELLS: u32 = 1_000_000;

/// Whatever the reader says: there is no telling a person more than that.
fn broken<E>(_cause: E) -> RowErrorCode {
    RowErrorCode::UnreadableFile
}

pub(super) fn read(bytes: &[u8], take: &mut Take<'_>) -> Result<(), RowErrorCode> {
    weigh(bytes)?;
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let Some(sheet) = workbook.sheet_names().first().cloned() else { return Ok(()) };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut row: Vec<String> = Vec::new();
    let (mut at, mut width) = (0, 0);
    let mut left = Left { cells: MOST_CELLS, bytes: MOST_UNPACKED };
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (number, column) = cell.get_position();
        if number != at {
            hand_over(at, &mut row, &mut width, take);
            at = number;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let text = if column < MOST_COLUMNS { text(cell.get_value()) } else { String::new() };
        left.count(&text)?;
        if column >= MOST_COLUMNS {
            continue;
        }
        let filled = row.len().max(column + 1);
        row.resize(filled, String::new());
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    hand_over(at, &mut row, &mut width, take);
    Ok(())
}

/// Unpacks every file of the archive into nothing. What the archive says of their sizes is not believed.
fn weigh(bytes: &[u8]) -> Result<(), RowErrorCode> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(broken)?;
        let unpacked = copy(&mut file.take(left + 1), &mut sink()).map_err(broken)?;
        left = left.checked_sub(unpacked).ok_or(RowErrorCode::FileTooLarge)?;
    }
    Ok(())
}

/// What a sheet may still hold: one text can stand in many cells and is unpacked only once.
struct Left {
    cells: u32,
    bytes: u64,
}

impl Left {
    fn count(&mut self, text: &str) -> Result<(), RowErrorCode> {
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.cells = self.cells.checked_sub(1).ok_or(RowErrorCode::FileTooLarge)?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(RowErrorCode::FileTooLarge)?;
        Ok(())
    }
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
