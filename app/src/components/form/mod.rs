//! Forms: fields with label, hint and error; the summary of errors; the errors themselves.

mod checkbox;
mod choices;
mod date_time;
mod errors;
mod field;
mod select;
mod summary;
mod text_area;
mod text_field;

pub use checkbox::CheckboxField;
pub use choices::{Choice, RadioChips, choices_of};
pub use date_time::{DateField, TimeField};
pub use errors::FormErrors;
pub use field::{FieldFrame, FieldScope, field_id};
pub use select::SelectField;
pub use summary::{CommandForm, ErrorSummary};
pub use text_area::TextAreaField;
pub use text_field::TextField;
