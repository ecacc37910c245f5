//! What utoipa writes, made shorter: it writes out what stands in tuples and generics, though it has a name.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The document with the name of each schema instead of its repetition, and without the brackets and blanks of rustdoc.
pub(super) fn tidy(document: &Value) -> Value {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let named = schemas.into_iter().flatten().map(|(name, schema)| (schema.to_string(), name.as_str())).collect();
    let mut tidy = inside(document, &named);
    // Whether a map keeps its order depends on features of serde_json that others may switch on.
    tidy.sort_all_objects();
    tidy
}

/// The names of schemas by what they say.
type Named<'a> = BTreeMap<String, &'a str>;

/// The value, but for itself.
fn inside(value: &Value, named: &Named<'_>) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), entry(key, value, named))).collect()),
        Value::Array(values) => values.iter().map(|value| fold(value, named)).collect(),
        other => other.clone(),
    }
}

fn entry(key: &str, value: &Value, named: &Named<'_>) -> Value {
    match (key, value) {
        // Here the names are given.
        ("schemas", Value::Object(map)) => Value::Object(definitions(map, named)),
        ("description" | "summary", Value::String(text)) => Value::String(text.trim().replace("[`", "`").replace("`]", "`")),
        _ => fold(value, named),
    }
}

fn definitions(map: &Map<String, Value>, named: &Named<'_>) -> Map<String, Value> {
    map.iter().map(|(name, schema)| (name.clone(), inside(schema, named))).collect()
}

fn fold(value: &Value, named: &Named<'_>) -> Value {
    match value.is_object().then(|| named.get(&value.to_string())).flatten() {
        Some(name) => json!({ "$ref": format!("#/components/schemas/{name}") }),
        None => inside(value, named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_written_once() {
        let one = json!({ "type": "string", "description": " a [`Word`]" });
        let two = json!({ "items": [one, null, { "type": "string" }] });
        let found = tidy(&json!({ "components": { "schemas": { "One": one, "Two": two } }, "paths": [[one]] }));
        let reference = json!({ "$ref": "#/components/schemas/One" });
        let one = json!({ "type": "string", "description": "a `Word`" });
        let two = json!({ "items": [reference, null, { "type": "string" }] });
        assert_eq!(found, json!({ "components": { "schemas": { "One": one, "Two": two } }, "paths": [[reference]] }));
    }
}
