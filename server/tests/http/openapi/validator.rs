//! Values against schemas of the description.

use jsonschema::Validator;
use serde::Serialize;
use serde_json::{Value, json};

/// Whether anything may stand there, because it is the value of one of many fields: in a conflict, in what was chosen of it, in
/// what a kept command says.
fn may_be_anything(place: &str) -> bool {
    let parts: Vec<&str> = place.split('/').collect();
    let conflict = ["fields", "chosen"].iter().any(|name| parts.contains(name));
    let side = ["base", "theirs", "mine"].iter().any(|name| parts.contains(name));
    (conflict && side) || place.contains("/chosen/0/1") || parts.contains(&"says")
}

/// A part of the description, by the names that lead to it; `null` where nothing stands.
pub fn part(names: &[&str]) -> Value {
    let document = server::openapi::document();
    names.iter().try_fold(&document, |value, name| value.get(name)).cloned().unwrap_or_default()
}

fn validator(schema: &Value) -> Validator {
    let components = part(&["components"]);
    let whole = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema], "components": components });
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

/// The schema of a name.
pub fn named(name: &str) -> Validator {
    validator(&json!({ "$ref": format!("#/components/schemas/{name}") }))
}

/// What an operation may answer with a status: nothing when it has no such answer, `None` for bytes.
pub fn answer(method: &str, path: &str, status: u16) -> Option<Validator> {
    let answer = part(&["paths", path, &method.to_lowercase(), "responses", &status.to_string()]);
    assert!(answer.is_object(), "{method} {path}: {status} is not described");
    answer.pointer("/content/application~1json/schema").map(validator)
}

/// The value as JSON, which must fit.
pub fn assert_fits(validator: &Validator, value: &impl Serialize) -> Value {
    let json = serde_json::to_value(value).unwrap();
    if let Some(wrong) = validator.iter_errors(&json).next() {
        panic!("at {}: {wrong}\n{json:#}", wrong.instance_path());
    }
    json
}

/// As [`assert_fits`]; and no part of the value may be something else without that it shows.
pub fn assert_described(validator: &Validator, value: &impl Serialize) {
    let json = assert_fits(validator, value);
    let places = places(&json, String::new());
    for place in places.iter().filter(|place| !may_be_anything(place)) {
        let mut altered = json.clone();
        *altered.pointer_mut(place).unwrap() = json!({ "no": "sense" });
        assert!(!validator.is_valid(&altered), "{place} may be anything in {json:#}");
    }
}

/// Where something stands that holds nothing further.
fn places(value: &Value, here: String) -> Vec<String> {
    let below: Vec<_> = match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    if below.is_empty() {
        return vec![here];
    }
    below.into_iter().flat_map(|(name, value)| places(value, format!("{here}/{name}"))).collect()
}
