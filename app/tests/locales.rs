//! Every text exists in both languages, says something, and takes the same values.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn texts(file: &str) -> BTreeMap<String, String> {
    let path = format!("{}/locales/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut found = BTreeMap::new();
    collect("", &value, &mut found);
    found
}

fn collect(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| collect(&format!("{path}.{key}"), value, found)),
        Value::String(text) => drop(found.insert(path.to_owned(), text.clone())),
        other => panic!("{path} is no text: {other}"),
    }
}

fn holes(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name.trim()).collect()
}

#[test]
fn both_languages_say_the_same() {
    let (ko, en) = (texts("ko"), texts("en"));
    assert_eq!(ko.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, text) in &ko {
        assert!(!text.trim().is_empty() && !en[key].trim().is_empty(), "{key} is empty");
        assert_eq!(holes(text), holes(&en[key]), "{key} takes other values in English");
    }
}

#[test]
fn no_text_asks_for_a_resident_number() {
    for (key, text) in texts("ko") {
        let warns = key.ends_with("resident_number") || text.contains("적지 마세요") || text.contains("받지 않습니다");
        assert!(!text.contains("주민등록번호") || warns, "{key}");
    }
}
