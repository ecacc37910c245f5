//! Every format that a list comes in says the same; every fault is told by row and column and without its value.

use super::*;
use domain::{
    catalogue::Indicator,
    profile::{Language, Sex},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const KOREAN: &str = "차수,성명,출생연도,성별,연락처,행정동코드,주소,위기정보,비고\n\
    2026년 5차,김가상,1957,여,010-1234-5678,1165051000,\"서초대로 1, 2층\",단전(전류제한 포함);I05,혼자 삼\n\
    2026-5,이보기,,,,1165051000,,I05,\n";

fn terms() -> ImportTerms {
    let indicator = |code: &str, name: &str| Indicator {
        code: code.to_owned(),
        version: 1,
        name_ko: name.to_owned(),
        name_en: code.to_owned(),
        holder: String::new(),
        source: "statute".to_owned(),
        note: String::new(),
        active: true,
    };
    ImportTerms {
        dongs: ["1165051000".parse().unwrap()].into(),
        indicators: vec![indicator("I01", "단전(전류제한 포함)"), indicator("I05", "건강보험료 3개월 이상 체납")],
        year: 2026,
    }
}

fn read(bytes: &[u8]) -> ParsedFile {
    read_round(bytes, &terms())
}

fn faults(file: &ParsedFile) -> Vec<(u32, &str, RowErrorCode)> {
    file.errors.iter().map(|error| (error.row, error.column.as_str(), error.code)).collect()
}

#[test]
fn utf_8_says_what_it_says() {
    let file = read(KOREAN.as_bytes());
    assert_eq!(faults(&file), []);
    assert_eq!((file.read, file.period.unwrap().to_string()), (2, "2026-5".to_owned()));
    let first = &file.rows[0];
    assert_eq!((first.row, first.name.as_str(), first.sex), (2, "김가상", Sex::Female));
    assert_eq!(first.address.as_deref(), Some("서초대로 1, 2층"));
    assert_eq!(first.indicators, ["I01", "I05"]);
    assert_eq!((file.rows[1].birth_year, file.rows[1].phone.clone()), (None, None));
}

#[test]
fn every_encoding_delimiter_and_line_end_says_the_same() {
    let plain = read(KOREAN.as_bytes());
    let bom = [b"\xef\xbb\xbf", KOREAN.as_bytes()].concat();
    let (cp949, _, lost) = encoding_rs::EUC_KR.encode(KOREAN);
    assert!(!lost && std::str::from_utf8(&cp949).is_err());
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(KOREAN.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let crlf = KOREAN.replace('\n', "\r\n");
    let tabs = KOREAN.replace("\"서초대로 1, 2층\"", "서초대로 1# 2층").replace(',', "\t").replace('#', ",");
    let english = KOREAN.replace(
        "차수,성명,출생연도,성별,연락처,행정동코드,주소,위기정보,비고",
        "round,name,birth_year,sex,phone,dong_code,address,indicators,note",
    );
    for bytes in [&bom[..], &cp949, &utf16, crlf.as_bytes(), tabs.as_bytes(), english.as_bytes()] {
        assert_eq!(read(bytes), plain);
    }
    let semicolons = "차수;성명;행정동코드;위기정보\n2026-5;김가상;1165051000;\"I01;I05\"\n";
    assert_eq!(read(semicolons.as_bytes()).rows[0].indicators, ["I01", "I05"]);
}

#[test]
fn a_row_has_the_number_that_a_spreadsheet_shows() {
    for end in ["\n", "\r\n"] {
        let text = [
            "차수,성명,행정동코드,위기정보,비고",
            "2026-5,김가상,1165051000,I01,\"첫 줄\n둘째 줄\"",
            "",
            "2026-5,이보기,1165051000,I01,",
            "",
            "",
            "2026-5,,1165051000,I01,",
        ]
        .join(end);
        let file = read(text.as_bytes());
        assert_eq!(file.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(faults(&file), [(7, "name", RowErrorCode::MissingName)]);
        assert_eq!((file.read, file.rows[0].note.as_deref()), (3, Some("첫 줄 둘째 줄")));
    }
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.add_worksheet().write(0, 0, "둘째 시트는 읽지 않습니다").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_says_the_same_and_its_numbers_are_forgiven() {
    let header = ["차수", "성명", "출생연도", "성별", "연락처", "행정동코드", "주소", "위기정보", "비고"];
    let bytes = workbook(|sheet| {
        sheet.write_row(0, 0, header).unwrap();
        let day = Format::new().set_num_format("yyyy-mm");
        sheet.write_with_format(1, 0, ExcelDateTime::from_ymd(2026, 5, 1).unwrap(), &day).unwrap();
        sheet.write(1, 1, "김가상").unwrap();
        sheet.write(1, 2, 1957.0).unwrap();
        sheet.write(1, 3, "여").unwrap();
        sheet.write(1, 4, 1_012_345_678_u32).unwrap();
        sheet.write(1, 5, 1_165_051_000_u32).unwrap();
        sheet.write(1, 6, "서초대로 1, 2층").unwrap();
        sheet.write(1, 7, "I01;I05").unwrap();
        sheet.write(1, 8, "혼자 삼").unwrap();
        // An empty row and a row without its last cells.
        sheet.write(3, 0, "2026-5").unwrap();
        sheet.write(3, 1, "이보기").unwrap();
        sheet.write(3, 5, "1165051000").unwrap();
        sheet.write(3, 7, "I05").unwrap();
    });
    let file = read(&bytes);
    assert_eq!(faults(&file), []);
    let plain = read(KOREAN.as_bytes());
    assert_eq!((&file.rows[0], file.read), (&plain.rows[0], 2));
    assert_eq!(file.rows[1], RoundRow { row: 4, ..plain.rows[1].clone() });
}

#[test]
fn what_is_no_list_is_told_so() {
    let unreadable = [(1, "file", RowErrorCode::UnreadableFile)];
    for bytes in [&b"PK\x03\x04 no workbook"[..], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\xff\xff", b"a\0b", b"\xff\xff\xff"] {
        assert_eq!(faults(&read(bytes)), unreadable);
    }
    assert_eq!(faults(&read(&vec![b'x'; MOST_BYTES + 1])), [(1, "file", RowErrorCode::FileTooLarge)]);
    for empty in ["", "\n\n", KOREAN.lines().next().unwrap()] {
        assert_eq!(faults(&read(empty.as_bytes())), [(1, "file", RowErrorCode::EmptyFile)]);
    }
    let missing = read("성명,행정동코드,위기정보\n김가상,1165051000,I01\n".as_bytes());
    assert_eq!((faults(&missing), missing.rows.len()), (vec![(1, "round", RowErrorCode::MissingColumn)], 0));
}

/// A workbook whose first sheet is `sheet` and whose shared strings are `strings`, packed as small as can be.
fn packed(sheet: impl FnOnce(&mut dyn Write), strings: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let strings = ("xl/sharedStrings.xml", strings.to_owned());
    let files = [("_rels/.rels", root), ("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", links), strings];
    for (name, text) in files {
        zip.start_file(name, how).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", how).unwrap();
    write!(zip, "<worksheet xmlns=\"{main}\"><sheetData>").unwrap();
    sheet(&mut zip);
    write!(zip, "</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_small_file_that_holds_too_much_is_told_so() {
    let too_large = [(1, "file", RowErrorCode::FileTooLarge)];
    // 200 MB of spaces.
    let spaces = packed(|sheet| (0..200).for_each(|_| sheet.write_all(&[b' '; 1024 * 1024]).unwrap()), "<sst/>");
    assert!(spaces.len() < 1024 * 1024, "{}", spaces.len());
    assert_eq!(faults(&read(&spaces)), too_large);
    // Many cells, every one of them short.
    let cells = packed(
        |sheet| {
            let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(1_000));
            (0..1_100).for_each(|_| sheet.write_all(row.as_bytes()).unwrap());
        },
        "<sst/>",
    );
    assert!(cells.len() < 1024 * 1024, "{}", cells.len());
    assert_eq!(faults(&read(&cells)), too_large);
    // One long text that stands in many cells.
    let text = format!("<sst><si><t>{}</t></si></sst>", "가".repeat(200_000));
    let row = "<row><c t=\"s\"><v>0</v></c></row>";
    let texts = packed(|sheet| (0..1_000).for_each(|_| sheet.write_all(row.as_bytes()).unwrap()), &text);
    assert!(texts.len() < 1024 * 1024, "{}", texts.len());
    assert_eq!(faults(&read(&texts)), too_large);
}

#[test]
fn faults_are_told_by_place_and_never_by_value() {
    let text = "차수,성명,출생연도,연락처,행정동코드,위기정보,모름\n\
        2026-5,김가상,1850,010-1,1165059999,I99,\n\
        2026-5,이보기,,,1165051000,I01,900101-1234567\n\
        2026-6,박예시,,,1165051000,I01,\n";
    let file = read(text.as_bytes());
    assert_eq!(
        faults(&file),
        [
            (2, "birth_year", RowErrorCode::ImpossibleBirthYear),
            (2, "phone", RowErrorCode::MalformedPhone),
            (2, "dong_code", RowErrorCode::UnknownDong),
            (2, "indicators", RowErrorCode::UnknownIndicator),
            (3, "row", RowErrorCode::ResidentNumber),
            (4, "round", RowErrorCode::MixedRounds),
        ]
    );
    let told = format!("{file:?}");
    for value in ["900101", "1234567", "1850", "1165059999", "I99"] {
        assert!(!told.contains(value), "{value}");
    }
    for error in &file.errors {
        assert!(!error.code.sentence(Language::Korean).is_empty() && !error.message.is_empty());
    }
}
