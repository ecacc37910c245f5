//! `iut audit verify`.

use super::Globals;
use crate::out;
use clap::Subcommand;
use std::process::ExitCode;
use store::audit::verify::{Verification, verify};

const AFTER_HELP: &str = "\
Exit code 0: the chain holds. 3: it is broken, and the first broken row is named.

Example:
  iut audit verify --json";

/// Prove the audit trail.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Prove that no sealed row of the trail was changed, taken out or moved.
    #[command(after_help = AFTER_HELP)]
    Verify {
        /// Print the outcome as JSON.
        #[arg(long)]
        json: bool,
    },
}

impl AuditCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let Self::Verify { json } = self;
        let opened = globals.open().await?;
        let district = opened.district(globals).await?;
        let found = verify(&opened.store, district.id).await?;
        report(&found, *json)?;
        Ok(if found.broken.is_none() { ExitCode::SUCCESS } else { ExitCode::from(3) })
    }
}

fn report(found: &Verification, json: bool) -> anyhow::Result<()> {
    if json {
        return Ok(out::json(found)?);
    }
    match &found.broken {
        None => out::line(format!(
            "The trail holds: {} rows in {} batches, {} not sealed yet.",
            found.rows, found.batches, found.waiting
        )),
        Some(b) => {
            let place = b.place.map_or_else(String::new, |place| format!(", row {place}"));
            out::line(format!("The trail is broken at batch {}{place}: {:?}.", b.batch, b.fault));
        }
    }
    Ok(())
}
