//! Rows of a made-up list.

use domain::{
    ApiError,
    command::{Applied, Command, Envelope, RoundCommand},
    ids::RoundId,
    policy::Actor,
    profile::Sex,
    round::{ImportReport, RoundPeriod, RoundRow},
    view::rounds::{TriageEntry, TriageFilter},
};
use store::{
    execute, rounds,
    testing::{DONGS, TestDb, dong_code},
};

pub const FIFTH: RoundPeriod = RoundPeriod { year: 2026, number: 5 };
pub const SIXTH: RoundPeriod = RoundPeriod { year: 2026, number: 6 };

/// A row of the fifth round in the first dong.
pub fn row(row: u32, name: &str, year: Option<i16>, phone: Option<&str>, codes: &[&str]) -> RoundRow {
    RoundRow {
        row,
        period: FIFTH,
        name: name.to_owned(),
        birth_year: year.map(|year| year.try_into().unwrap()),
        sex: Sex::Female,
        phone: phone.map(|phone| phone.parse().unwrap()),
        dong: dong_code(DONGS[0]),
        address: Some("서초대로 1".to_owned()),
        indicators: codes.iter().map(|code| (*code).to_owned()).collect(),
        note: None,
    }
}

pub fn in_dong(row: RoundRow, dong: &str) -> RoundRow {
    RoundRow { dong: dong_code(dong), ..row }
}

pub fn in_round(rows: &[RoundRow], period: RoundPeriod) -> Vec<RoundRow> {
    rows.iter().cloned().map(|row| RoundRow { period, ..row }).collect()
}

pub fn envelope(db: &TestDb, command: impl Into<Command>) -> Envelope {
    Envelope::new(command, domain::clock::Clock::now(&*db.clock))
}

pub async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) -> Result<Applied, ApiError> {
    execute(&db.ctx(by), envelope(db, command)).await
}

pub async fn import(db: &TestDb, rows: Vec<RoundRow>) -> Result<ImportReport, ApiError> {
    let period = rows.first().map_or(FIFTH, |row| row.period);
    let applied = run(db, &db.people.head, RoundCommand::Import { id: RoundId::new(), period, rows }).await?;
    Ok(*applied.import.unwrap())
}

/// New, matched, to confirm, duplicates, signals.
pub fn numbers(report: &ImportReport) -> (u32, u32, u32, u32, u32) {
    let counted = report.new + report.matched + report.to_confirm + report.duplicates_in_file;
    assert_eq!(report.rows, counted, "every row counts exactly once");
    (report.new, report.matched, report.to_confirm, report.duplicates_in_file, report.signals_added)
}

pub async fn round(db: &TestDb, period: RoundPeriod) -> RoundId {
    rounds::round_of(&db.ctx(&db.people.head), period).await.unwrap().unwrap()
}

pub async fn entries(db: &TestDb, by: &Actor, period: RoundPeriod) -> Vec<TriageEntry> {
    let id = round(db, period).await;
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = rounds::list_entries(&db.ctx(by), id, &TriageFilter::default(), cursor.as_deref()).await.unwrap();
        all.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}
