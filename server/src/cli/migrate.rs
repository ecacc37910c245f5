//! `iut migrate`.

use super::Globals;
use crate::out;
use clap::Args;

const AFTER_HELP: &str = "\
Example:
  iut migrate --database-url postgres://iut@db/iut --key-file /etc/iut/key";

/// How to migrate.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct MigrateArgs {
    /// Print the outcome as JSON: {"migrated": true|false}.
    #[arg(long)]
    json: bool,
}

impl MigrateArgs {
    pub(crate) async fn run(&self, globals: &Globals) -> anyhow::Result<()> {
        let opened = globals.open().await?;
        let behind = !opened.store.is_migrated().await?;
        if behind {
            opened.store.migrate().await?;
        }
        match (self.json, behind) {
            (true, migrated) => out::json(&serde_json::json!({ "migrated": migrated }))?,
            (false, true) => out::line("The schema is up to date now."),
            (false, false) => out::line("The schema is up to date."),
        }
        Ok(())
    }
}
