//! Discovery lists as files: from bytes in any format that agencies send to rows that the store takes.

mod csv_text;
mod workbook;

use domain::round::{Header, RoundPeriod, RoundRow, RowError, RowErrorCode, RowReader};
use std::collections::BTreeSet;
use store::rounds::ImportTerms;

/// Bytes of a file at most.
pub const MOST_BYTES: usize = domain::round::MOST_FILE_BYTES;
/// The column of an error that belongs to the file as a whole.
const WHOLE_FILE: &str = "file";

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedFile {
    /// The list it belongs to, when a row says so.
    pub period: Option<RoundPeriod>,
    /// The good rows.
    pub rows: Vec<RoundRow>,
    /// Everything that is wrong.
    pub errors: Vec<RowError>,
    /// Rows read, good or not, without the header and empty lines.
    pub read: u32,
}

/// One row of a file as text: its number as a spreadsheet counts (the first row is 1), and its cells.
type Take<'a> = dyn FnMut(u32, &[String]) + 'a;

/// Reads a file of any known format: XLSX by its signature, else CSV in UTF-8 (with or without BOM), UTF-16 with BOM or
/// CP949. Values are never part of an error.
#[must_use]
pub fn read_round(bytes: &[u8], terms: &ImportTerms) -> ParsedFile {
    let mut reading = Reading { terms, reader: None, file: ParsedFile::default() };
    let taken = if bytes.len() > MOST_BYTES {
        Err(RowErrorCode::FileTooLarge)
    } else {
        decode(bytes, &mut |number, cells| reading.take(number, cells))
    };
    let Reading { reader, mut file, .. } = reading;
    file.period = reader.and_then(|reader| reader.period());
    if let Err(code) = taken {
        file.errors = vec![RowError::new(1, WHOLE_FILE, code)];
    } else if file.errors.is_empty() && file.rows.is_empty() {
        file.errors.push(RowError::new(1, WHOLE_FILE, RowErrorCode::EmptyFile));
    }
    file
}

fn decode(bytes: &[u8], take: &mut Take<'_>) -> Result<(), RowErrorCode> {
    if bytes.starts_with(b"PK\x03\x04") { workbook::read(bytes, take) } else { csv_text::read(bytes, take) }
}

struct Reading<'a> {
    terms: &'a ImportTerms,
    reader: Option<RowReader>,
    file: ParsedFile,
}

impl Reading<'_> {
    fn take(&mut self, number: u32, cells: &[String]) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        match &mut self.reader {
            Some(reader) => {
                self.file.read += 1;
                match reader.read(number, cells) {
                    Ok(row) => self.file.rows.extend(row),
                    Err(errors) => self.file.errors.extend(errors),
                }
            }
            // After a header that can't be read, the rows mean nothing.
            None if !self.file.errors.is_empty() => {}
            None => match Header::read(cells) {
                Ok(header) => {
                    let dongs: BTreeSet<_> = self.terms.dongs.clone();
                    self.reader = Some(RowReader::new(header, dongs, &self.terms.indicators, self.terms.year));
                }
                Err(errors) => self.file.errors = errors,
            },
        }
    }
}

#[cfg(test)]
mod tests;
