use super::*;
use RowErrorCode as Code;
use proptest::prelude::*;
use rstest::rstest;

const HEADER: [&str; 10] =
    ["round", "name", "birth_year", "sex", "phone", "dong_code", "address", "indicators", "note", "serial"];
const GOOD: [&str; 10] =
    ["2026-5", "김가상", "1950", "여", "010-1234-5678", "1165051000", "서초대로 1", "I01; I05", "문 앞에 우편물", "17"];

fn catalogue() -> Vec<Indicator> {
    let entry = |code: &str, name_ko: &str, name_en: &str, active| Indicator {
        code: code.into(),
        version: 1,
        name_ko: name_ko.into(),
        name_en: name_en.into(),
        holder: String::new(),
        source: "statute".into(),
        note: String::new(),
        active,
    };
    vec![
        entry("I01", "단전(전류제한 포함)", "electricity cut / current limited", true),
        entry("I05", "건강보험료 3개월 이상 체납", "NHI premium ≥3 months unpaid", true),
        entry("I09", "대출 연체 100만–2,000만원(과거 2년)", "loan arrears KRW 1–20 m", true),
        entry("I17", "자살자·자살시도자 발생 가구", "household with suicide / attempt", true),
        entry("I90", "쓰지 않는 정보", "retired", false),
    ]
}

fn reader() -> RowReader {
    let dongs = ["1165051000", "1165052000"].map(|code| code.parse().unwrap()).into();
    RowReader::new(Header::read(&HEADER).unwrap(), dongs, &catalogue(), 2026)
}

fn row_with(column: &str, value: &str) -> Vec<String> {
    let at = HEADER.iter().position(|name| *name == column).unwrap();
    let mut row: Vec<String> = GOOD.iter().map(|cell| (*cell).to_owned()).collect();
    row[at] = value.to_owned();
    row
}

fn codes(result: Result<Option<RoundRow>, Vec<RowError>>) -> Vec<(String, Code)> {
    result.unwrap_err().into_iter().map(|e| (e.column, e.code)).collect()
}

#[test]
fn a_good_row_is_read_in_full() {
    let row = reader().read(2, &GOOD).unwrap().unwrap();
    assert_eq!((row.row, row.period), (2, RoundPeriod { year: 2026, number: 5 }));
    assert_eq!((row.name.as_str(), row.birth_year.map(BirthYear::get), row.sex), ("김가상", Some(1950), Sex::Female));
    assert_eq!(row.phone.as_ref().map(PhoneNumber::digits), Some("01012345678"));
    assert_eq!((row.dong.as_str(), row.address.as_deref()), ("1165051000", Some("서초대로 1")));
    assert_eq!((row.indicators, row.note.as_deref()), (vec!["I01".to_owned(), "I05".to_owned()], Some("문 앞에 우편물")));
}

#[rstest]
#[case(&["2026-5", " 김  가상 ", "", "", "", "1165051000", "", "I01", "", ""])]
#[case(&["2026-5", "김 가상", " ", "-", "-", "1165051000", " ", "i01;", " ", "", "", ""])]
fn what_may_be_empty(#[case] cells: &[&str]) {
    let row = reader().read(2, cells).unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.birth_year, row.sex, row.phone), ("김 가상", None, Sex::Unknown, None));
    assert_eq!((row.address, row.note), (None, None));
}

#[rstest]
#[case("I05;I01;I05", &["I01", "I05"])]
#[case("단전(전류제한 포함)", &["I01"])]
#[case("단전", &["I01"])]
#[case("건강보험료 3개월이상 체납；단전", &["I01", "I05"])]
#[case("대출 연체 100만-2,000만원", &["I09"])]
#[case("대출 연체 100만~2,000만원(과거 2년)", &["I09"])]
#[case("자살자ㆍ자살시도자 발생 가구", &["I17"])]
#[case("Retired; I01", &[])]
fn indicators_by_code_or_name(#[case] text: &str, #[case] expected: &[&str]) {
    match reader().read(2, &row_with("indicators", text)) {
        Ok(row) => assert_eq!(row.unwrap().indicators, expected),
        Err(errors) => assert!(expected.is_empty(), "{errors:?}"),
    }
}

#[rstest]
#[case("sex", "남", Sex::Male)]
#[case("sex", "M", Sex::Male)]
#[case("sex", "female", Sex::Female)]
#[case("sex", "여성", Sex::Female)]
#[case("sex", "", Sex::Unknown)]
fn sexes(#[case] column: &str, #[case] text: &str, #[case] sex: Sex) {
    assert_eq!(reader().read(2, &row_with(column, text)).unwrap().unwrap().sex, sex);
}

#[rstest]
#[case("round", "5차", Code::BadRound)]
#[case("round", "", Code::BadRound)]
#[case("name", " ", Code::MissingName)]
#[case("name", &"가".repeat(61), Code::TooLong)]
#[case("birth_year", "2027", Code::ImpossibleBirthYear)]
#[case("birth_year", "1905", Code::ImpossibleBirthYear)]
#[case("birth_year", "50", Code::ImpossibleBirthYear)]
#[case("birth_year", "모름", Code::ImpossibleBirthYear)]
#[case("sex", "1", Code::UnknownSex)]
#[case("phone", "010-9876", Code::MalformedPhone)]
#[case("phone", "전화 없음", Code::MalformedPhone)]
#[case("dong_code", "1165099000", Code::UnknownDong)]
#[case("dong_code", "서초1동", Code::UnknownDong)]
#[case("dong_code", "", Code::UnknownDong)]
#[case("address", &"가".repeat(201), Code::TooLong)]
#[case("indicators", "I01;I99", Code::UnknownIndicator)]
#[case("indicators", "I90", Code::UnknownIndicator)]
#[case("indicators", "I01,I05", Code::UnknownIndicator)]
#[case("indicators", " ; ", Code::MissingIndicator)]
#[case("note", &"가".repeat(501), Code::TooLong)]
fn each_error_names_its_column(#[case] column: &str, #[case] value: &str, #[case] code: Code) {
    let errors = reader().read(7, &row_with(column, value)).unwrap_err();
    assert_eq!(errors.iter().map(|e| (e.row, e.column.as_str(), e.code)).collect::<Vec<_>>(), [(7, column, code)]);
    if value.trim().chars().count() > 3 {
        assert!(!format!("{errors:?}").contains(value.trim()));
    }
}

#[test]
fn all_errors_of_a_row_come_at_once() {
    let found = codes(reader().read(3, &["x", "", "1800", "?", "1", "1", "", "", "", ""]));
    let columns: Vec<&str> = found.iter().map(|(column, _)| column.as_str()).collect();
    assert_eq!(columns, ["round", "name", "birth_year", "sex", "phone", "dong_code", "indicators"]);
}

#[rstest]
#[case("name", "김가상 900101-2234567", "name")]
#[case("phone", "9001012234567", "phone")]
#[case("birth_year", "900101-2", "")]
#[case("note", "주민번호 ９００１０１－２２３４５６７", "note")]
#[case("serial", "900101-2******", "row")]
fn a_resident_number_is_the_only_error_and_never_echoed(#[case] column: &str, #[case] value: &str, #[case] reported: &str) {
    let mut cells = row_with(column, value);
    cells[5] = "unknown dong".into();
    let errors = reader().read(4, &cells).unwrap_err();
    if reported.is_empty() {
        assert!(errors.iter().all(|e| e.code != Code::ResidentNumber));
        return;
    }
    assert_eq!(errors.iter().map(|e| (e.column.as_str(), e.code)).collect::<Vec<_>>(), [(reported, Code::ResidentNumber)]);
    assert!(!format!("{errors:?}").contains("234567") && !format!("{errors:?}").contains("900101"));
}

#[test]
fn a_resident_number_cut_in_two_cells_or_in_too_many_cells_is_found() {
    let mut cells = row_with("note", "900101");
    cells[9] = "2234567".into();
    assert_eq!(codes(reader().read(2, &cells)), [("row".to_owned(), Code::ResidentNumber)]);
    let mut cells = row_with("note", "");
    cells.push("900101-2234567".into());
    assert_eq!(codes(reader().read(2, &cells)), [("row".to_owned(), Code::ResidentNumber)]);
}

#[test]
fn broken_rows_empty_lines_and_mixed_rounds() {
    let mut reader = reader();
    assert_eq!(reader.read(2, &["", " ", "\t"]), Ok(None));
    assert_eq!(reader.read::<&str>(3, &[]), Ok(None));
    assert_eq!(codes(reader.read(4, &GOOD[..8])), [("row".to_owned(), Code::BrokenRow)]);
    assert_eq!(codes(reader.read(5, &[&GOOD[..], &["more"]].concat())), [("row".to_owned(), Code::BrokenRow)]);
    assert!(reader.read(6, &GOOD).unwrap().is_some());
    assert_eq!(codes(reader.read(7, &row_with("round", "2026-4"))), [("round".to_owned(), Code::MixedRounds)]);
    assert!(reader.read(8, &row_with("round", "2026년 5차")).unwrap().is_some());
    assert_eq!(reader.period(), Some(RoundPeriod { year: 2026, number: 5 }));
}

#[test]
fn a_zero_lost_in_a_spreadsheet_is_put_back() {
    let row = reader().read(2, &row_with("phone", "1012345678")).unwrap().unwrap();
    assert_eq!(row.phone.unwrap().digits(), "01012345678");
}

proptest! {
    #[test]
    fn no_cells_break_it_and_nothing_but_codes_comes_out(cells in proptest::collection::vec("\\PC{0,20}", 0..14)) {
        match reader().read(2, &cells) {
            Ok(row) => prop_assert!(row.is_none_or(|row| !row.indicators.is_empty() && !row.name.is_empty())),
            Err(errors) => {
                let named = errors.iter().all(|e| e.column == "row" || Column::from_code(&e.column).is_some());
                prop_assert!(named && !errors.is_empty());
            }
        }
    }
}
