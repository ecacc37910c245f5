//! Three-way merge, field by field. An edit carries, for each field that it touches, the value that the
//! writer saw (`from`) and the value that they want (`to`); so it can be merged with whatever came
//! between without a copy of the base record.

use serde::{Deserialize, Serialize};

/// A wish to change one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Edit<T> {
    /// The value that the writer saw.
    pub from: T,
    /// The value that the writer wants.
    pub to: T,
}

/// A field that two people changed to different values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldConflict {
    /// The field's name in the command.
    pub field: String,
    /// The value that both started from.
    pub base: serde_json::Value,
    /// The value that stands now.
    pub theirs: serde_json::Value,
    /// The value that this edit wants.
    pub mine: serde_json::Value,
}

/// Collects what a merge of one record found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// Fields whose value changes.
    pub changed: Vec<&'static str>,
    /// Fields that wait for a person's choice.
    pub conflicts: Vec<FieldConflict>,
}

impl Merge {
    /// Merges one field into `current`: takes the edit when the field is untouched, keeps the field when it
    /// already has the wanted value, and otherwise leaves it alone and notes a conflict.
    pub fn field<T: Clone + PartialEq + Serialize>(&mut self, name: &'static str, current: &mut T, edit: Option<&Edit<T>>) {
        let Some(edit) = edit else { return };
        if *current == edit.to {
            return;
        }
        if *current == edit.from {
            current.clone_from(&edit.to);
            self.changed.push(name);
            return;
        }
        let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
        self.conflicts.push(FieldConflict {
            field: name.to_owned(),
            base: json(&edit.from),
            theirs: json(current),
            mine: json(&edit.to),
        });
    }
}
