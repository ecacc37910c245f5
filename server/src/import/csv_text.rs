//! CSV as it comes: UTF-8, UTF-16 or CP949, with commas, semicolons or tabs, and with line breaks inside of cells.

use super::Take;
use domain::round::RowErrorCode;
use encoding_rs::{EUC_KR, Encoding};
use std::borrow::Cow;

/// Reads the rows; the number of a row is that of the record, empty lines counted, as a spreadsheet does.
pub(super) fn read(bytes: &[u8], take: &mut Take<'_>) -> Result<(), RowErrorCode> {
    let text = text_of(bytes).ok_or(RowErrorCode::UnreadableFile)?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    loop {
        number += 1 + empty_lines(text.as_bytes(), reader.position().byte());
        match reader.read_record(&mut record) {
            Ok(true) => take(number, &record.iter().map(str::to_owned).collect::<Vec<_>>()),
            Ok(false) => return Ok(()),
            Err(_broken) => return Err(RowErrorCode::UnreadableFile),
        }
    }
}

/// The text, when the bytes are one: a BOM decides, else UTF-8 when it is valid, else CP949.
fn text_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..)?),
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, bytes),
        None => (EUC_KR, bytes),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    (!text.contains('\0')).then_some(text)
}

/// What separates the cells of the header.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// How many empty lines stand before the record that begins at or after `at`: the reader leaves them out without a word.
fn empty_lines(text: &[u8], at: u64) -> u32 {
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    let mut rest = text.get(at..).unwrap_or_default();
    // The reader stops between the two halves of a line end that has two.
    if at > 0 && text.get(at - 1) == Some(&b'\r') && rest.first() == Some(&b'\n') {
        rest = rest.get(1..).unwrap_or_default();
    }
    let mut lines = 0;
    loop {
        rest = match rest {
            [b'\r', b'\n', after @ ..] | [b'\n' | b'\r', after @ ..] => after,
            _ => return lines,
        };
        lines += 1;
    }
}
