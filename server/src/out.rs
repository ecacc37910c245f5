//! What the command line prints: results to standard output, everything else to standard error.

use std::io::{self, Write};

/// Prints a line to standard output. A reader that has gone away (`iut … | head`) is no error.
pub fn line(text: impl AsRef<str>) {
    let _ = writeln!(io::stdout().lock(), "{}", text.as_ref());
}

/// Prints a value as one line of JSON.
///
/// # Errors
/// When the value has no JSON form.
pub fn json(value: &impl serde::Serialize) -> Result<(), serde_json::Error> {
    line(serde_json::to_string(value)?);
    Ok(())
}

/// Prints a line to standard error.
pub fn note(text: impl AsRef<str>) {
    let _ = writeln!(io::stderr().lock(), "{}", text.as_ref());
}
