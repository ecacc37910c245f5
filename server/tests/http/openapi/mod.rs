//! The description of the tablet API, held against what is really sent and answered.

mod answers;
mod district;
#[path = "../../../../app/domain/tests/commands/samples.rs"]
mod samples;
mod validator;
mod words;

use serde_json::Value;
use server::openapi::{document, text};
use std::{collections::BTreeSet, fs, path::PathBuf};

/// `IUT_UPDATE_OPENAPI=1 cargo test -p server --test http openapi::` writes it anew.
#[test]
fn what_is_kept_in_docs_is_what_is_served() {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    if std::env::var_os("IUT_UPDATE_OPENAPI").is_some() {
        fs::write(&kept, text()).unwrap();
    }
    let kept = fs::read_to_string(kept).unwrap();
    let differ =
        kept.lines().zip(text().lines().map(str::to_owned)).find(|(kept, now)| kept != now).map(|(kept, _)| kept.to_owned());
    assert_eq!((differ, kept.len()), (None, text().len()), "review it, then IUT_UPDATE_OPENAPI=1");
}

/// What a tablet asks for begins so; the other addresses below `/api` are for pages.
fn is_for_tablets(path: &str) -> bool {
    path.starts_with("/api/sync/") || path == "/api/openapi.json"
}

#[test]
fn every_address_of_tablets_is_described_and_no_other() {
    let answered: BTreeSet<_> = server::all_routes().into_iter().filter(|(_, path)| is_for_tablets(path)).collect();
    let document = document();
    let described = document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().map(|method| method.to_uppercase());
        methods.map(|method| (method, path.clone()))
    });
    assert_eq!(answered, described.collect());
}

fn strings<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| match value.as_str() {
            Some(text) if name == key => found.push(text),
            _ => strings(value, key, found),
        }),
        Value::Array(values) => values.iter().for_each(|value| strings(value, key, found)),
        _ => {}
    }
}

#[test]
fn every_name_is_explained_and_no_operation_has_that_of_another() {
    let document = document();
    let mut references = Vec::new();
    strings(&document, "$ref", &mut references);
    assert!(references.len() > 300, "{}", references.len());
    for reference in references {
        assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference} leads nowhere");
    }
    let mut operations = Vec::new();
    strings(&document, "operationId", &mut operations);
    assert_eq!(operations.iter().collect::<BTreeSet<_>>().len(), operations.len());
}

#[test]
fn limits_are_those_that_hold() {
    let document = document();
    let schema = |path: &str| document.pointer(&format!("/components/schemas/{path}")).cloned();
    assert_eq!(schema("Push/properties/entries/maxItems"), Some(domain::sync::outbox::BATCH.into()));
    assert_eq!(schema("Content/properties/bytes/maximum"), Some(domain::attachment::MOST_BYTES.into()));
    assert_eq!(document["info"]["version"], domain::sync::protocol::VERSION.to_string());
    assert!(!document["info"]["description"].as_str().unwrap().contains(['{', '}']));
}
