//! `iut openapi`.

use crate::{openapi, out};
use clap::Args;

const AFTER_HELP: &str = "\
It is what a running server gives at /api/openapi.json. No database is needed.

Example:
  iut openapi > openapi.json";

/// Nothing to choose.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct OpenapiArgs {}

impl OpenapiArgs {
    pub(crate) fn run(&self) {
        out::line(openapi::text().trim_end());
    }
}
