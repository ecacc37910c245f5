//! `iut import round`, as a script uses it: the exact JSON, the exit codes, and that no resident number stays anywhere.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};
use store::{
    Options, RootKey, Store,
    tenants::{self, NewDong, Tenant},
};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A folder with a database that holds one small district.
    async fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let root = RootKey::random();
        std::fs::write(place.path("iut.key"), root.to_hex().as_bytes()).unwrap();
        let store = Store::open(&place.url(), root, Options { readers: 1, files: None }).await.unwrap();
        store.migrate().await.unwrap();
        let name = |text: &str| text.to_owned();
        let tenant =
            Tenant {
                id: domain::ids::TenantId::new(), slug: name("seocho"), name_ko: name("시험구"), name_en: name("Test-gu")
            };
        let dong = NewDong {
            code: "1165051000".parse().unwrap(),
            name_ko: name("시험동"),
            name_en: name("Test-dong"),
            tile_col: 0,
            tile_row: 0,
            electors: 1,
        };
        let indicator = domain::catalogue::Indicator {
            code: name("I05"),
            version: 1,
            name_ko: name("건강보험료 3개월 이상 체납"),
            name_en: name("NHI premium"),
            holder: String::new(),
            source: name("statute"),
            note: String::new(),
            active: true,
        };
        let sign = domain::catalogue::Sign {
            code: name("S01"),
            version: 1,
            name_ko: name("징후"),
            name_en: name("sign"),
            observers: String::new(),
            domain: domain::catalogue::LifeDomain::Safety,
            urgency: domain::case::Urgency::TwoWeeks,
            active: true,
        };
        let now = domain::clock::Clock::now(&domain::clock::SystemClock);
        tenants::create(&store, &tenant, &[dong], &[indicator], &[sign], now).await.unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path("iut.db").display())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, file: &Path, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_iut"))
            .args(["import", "round"])
            .arg(file)
            .args(more)
            .env("DATABASE_URL", self.url())
            .env("IUT_KEY_FILE", self.path("iut.key"))
            .env_remove("IUT_DISTRICT")
            .output()
            .unwrap()
    }

    fn json(&self, file: &Path, more: &[&str]) -> (i32, Value) {
        let output = self.import(file, &[&["--json"], more].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {told}")))
    }

    /// Everything that is in the folder but the files that were put there to be loaded.
    fn everything_kept(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.is_file())
            .filter(|path| path.extension().is_none_or(|end| end != "csv"))
            .flat_map(|path| std::fs::read(path).unwrap())
            .collect()
    }
}

const LIST: &str = "차수,성명,출생연도,성별,연락처,행정동코드,주소,위기정보,비고\n\
    2026-5,김가상,1957,여,010-1234-5678,1165051000,서초대로 1,I05,\n\
    2026-5,이보기,,,,1165051000,,건강보험료 3개월 이상 체납,\n\
    2026-5,김가상,1957,여,010-1234-5678,1165051000,서초대로 1,I05,\n";

fn report(new: u32, matched: u32, signals: u32, applied: bool) -> Value {
    json!({ "rows": 3, "new": new, "matched": matched, "to_confirm": 0, "duplicates_in_file": 1,
            "signals_added": signals, "errors": [], "applied": applied })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_tried_loaded_and_loaded_again() {
    let place = Place::new().await;
    let file = place.file("list.csv", LIST);
    assert_eq!(place.json(&file, &["--dry-run"]), (0, report(2, 0, 2, false)));
    assert_eq!(place.json(&file, &[]), (0, report(2, 0, 2, true)));
    assert_eq!(place.json(&file, &[]), (0, report(0, 2, 0, true)));
    let told = String::from_utf8(place.import(&file, &[]).stdout).unwrap();
    assert!(told.contains("matched") && told.ends_with("Applied.\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_applies_nothing_and_a_resident_number_stays_nowhere() {
    let place = Place::new().await;
    let bad = format!("{LIST}2026-5,박예시,1950,남,,1165051000,,I05,주민번호 900101-1234567\n2026-5,,1950,남,,11,,I05,\n");
    let file = place.file("bad.csv", &bad);
    let sentence = |code: domain::round::RowErrorCode| code.sentence(domain::profile::Language::English);
    use domain::round::RowErrorCode::{MissingName, ResidentNumber, UnknownDong};
    let errors = json!([
        { "row": 5, "column": "note", "code": "resident_number", "message": sentence(ResidentNumber) },
        { "row": 6, "column": "name", "code": "missing_name", "message": sentence(MissingName) },
        { "row": 6, "column": "dong_code", "code": "unknown_dong", "message": sentence(UnknownDong) },
    ]);
    let expected = json!({ "rows": 5, "new": 0, "matched": 0, "to_confirm": 0, "duplicates_in_file": 0,
                           "signals_added": 0, "errors": errors, "applied": false });
    assert_eq!(place.json(&file, &[]), (2, expected.clone()));
    assert_eq!(place.json(&file, &["--dry-run"]), (2, expected));
    let output = place.import(&file, &[]);
    assert_eq!(output.status.code(), Some(2));
    let kept = [place.everything_kept(), output.stdout, output.stderr].concat();
    for number in ["900101", "1234567"] {
        assert!(!kept.windows(number.len()).any(|part| part == number.as_bytes()), "{number}");
    }
    // Nothing was loaded: the good rows are still new.
    let good = place.file("list.csv", LIST);
    assert_eq!(place.json(&good, &[]), (0, report(2, 0, 2, true)));
    // Names are searched for and lie open; phones and addresses are sealed.
    let kept = place.everything_kept();
    for sealed in ["01012345678", "서초대로"] {
        assert!(!kept.windows(sealed.len()).any(|part| part == sealed.as_bytes()), "{sealed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_or_no_list_is_told_so() {
    let place = Place::new().await;
    assert_eq!(place.import(&place.path("missing.csv"), &[]).status.code(), Some(1));
    let (code, told) = place.json(&place.file("empty.csv", ""), &[]);
    assert_eq!((code, &told["errors"][0]["code"]), (2, &json!("empty_file")));
}
