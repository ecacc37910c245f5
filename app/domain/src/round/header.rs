//! The first row of a discovery list: which column is where, in Korean or English, in any order.

use super::{RowError, RowErrorCode};
use crate::profile::coded;
use unicode_normalization::UnicodeNormalization;

coded! {
    /// A column that Iut reads; the code is its English header.
    Column { /// 차수
        Round = "round", /// 성명
        Name = "name", /// 출생연도
        BirthYear = "birth_year", /// 성별
        Sex = "sex", /// 연락처
        Phone = "phone", /// 행정동코드
        Dong = "dong_code", /// 주소
        Address = "address", /// 위기정보
        Indicators = "indicators", /// 비고
        Note = "note", }
}

impl Column {
    /// The Korean header, and other words that the lists use for it.
    const fn korean(self) -> &'static [&'static str] {
        match self {
            Self::Round => &["차수", "발굴차수"],
            Self::Name => &["성명", "이름"],
            Self::BirthYear => &["출생연도", "출생년도", "생년"],
            Self::Sex => &["성별"],
            Self::Phone => &["연락처", "전화번호", "휴대전화"],
            Self::Dong => &["행정동코드"],
            Self::Address => &["주소"],
            Self::Indicators => &["위기정보"],
            Self::Note => &["비고"],
        }
    }

    /// Whether a list without this column can't be read; the other columns may be missing as their cells may be empty.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Round | Self::Name | Self::Dong | Self::Indicators)
    }

    fn of(cell: &str) -> Option<Self> {
        let name: String = cell
            .nfkc()
            .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
            .flat_map(char::to_lowercase)
            .collect();
        Self::ALL.iter().copied().find(|column| {
            column.code().chars().filter(|c| *c != '_').eq(name.chars()) || column.korean().contains(&name.as_str())
        })
    }
}

/// Where each column stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    columns: Vec<Option<Column>>,
}

impl Header {
    /// Reads the header row. Capitals, blanks and a byte order mark make no difference; unknown columns are ignored.
    ///
    /// # Errors
    /// One [`RowErrorCode::MissingColumn`] per required column that is missing, and [`RowErrorCode::BrokenRow`] for a
    /// column that is there twice.
    pub fn read<S: AsRef<str>>(cells: &[S]) -> Result<Self, Vec<RowError>> {
        let columns: Vec<Option<Column>> = cells.iter().map(|cell| Column::of(cell.as_ref())).collect();
        let errors: Vec<RowError> = Column::ALL
            .iter()
            .filter_map(|column| match columns.iter().filter(|c| **c == Some(*column)).count() {
                0 if column.is_required() => Some(RowError::new(1, column.code(), RowErrorCode::MissingColumn)),
                0 | 1 => None,
                _ => Some(RowError::new(1, column.code(), RowErrorCode::BrokenRow)),
            })
            .collect();
        if errors.is_empty() { Ok(Self { columns }) } else { Err(errors) }
    }

    /// How many cells a row has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.columns.len()
    }

    /// The column at a position, if it is one that Iut reads.
    #[must_use]
    pub fn column_at(&self, position: usize) -> Option<Column> {
        self.columns.get(position).copied().flatten()
    }

    /// The cell of `column` in a row, without blanks around it; empty when the list has no such column.
    #[must_use]
    pub fn cell<'row, S: AsRef<str>>(&self, cells: &'row [S], column: Column) -> &'row str {
        let position = self.columns.iter().position(|c| *c == Some(column));
        position.and_then(|at| cells.get(at)).map_or("", |cell| cell.as_ref().trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_and_english_names_in_any_order_and_spelling() {
        let korean =
            Header::read(&["차수", "성명", "출생연도", "성별", "연락처", "행정동코드", "주소", "위기정보", "비고"]).unwrap();
        assert!(Column::ALL.iter().enumerate().all(|(at, column)| korean.column_at(at) == Some(*column)));
        let english = Header::read(&["\u{feff}Indicators", " NAME ", "dong code", "memo", "Round", "Birth Year"]).unwrap();
        assert_eq!(english.cell(&["I01", " 김가상 ", "1165051000", "x", "2026-5", "1950"], Column::Name), "김가상");
        assert_eq!(english.column_at(3), None);
        assert_eq!(english.cell(&["I01"], Column::Phone), "");
    }

    #[test]
    fn missing_and_double_columns_are_named() {
        let errors = Header::read(&["성명", "이름", "주소"]).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.row, e.column.as_str(), e.code)).collect();
        let missing = RowErrorCode::MissingColumn;
        assert_eq!(
            found,
            [(1, "round", missing), (1, "name", RowErrorCode::BrokenRow), (1, "dong_code", missing), (1, "indicators", missing)]
        );
    }
}
