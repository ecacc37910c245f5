//! `iut demo`: an invented district to look at.

use super::Globals;
use crate::{demo, out};
use clap::Args;

const AFTER_HELP: &str = "\
The same seed on the same day gives the same district. Everybody in it is invented. The database must be empty.

Examples:
  iut demo
  iut demo --people 10000 --seed 7 --database-url sqlite:/tmp/big.db";

/// What to make.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct DemoArgs {
    /// How many neighbors, 20–2,000,000. Beyond 2,000 the rest are written in bulk, without a story.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(20..=2_000_000))]
    people: u32,
    /// Which district.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the outcome with the logins as JSON.
    #[arg(long)]
    json: bool,
}

impl DemoArgs {
    pub(crate) async fn run(&self, globals: &Globals) -> anyhow::Result<()> {
        let opened = globals.open().await?;
        let made = Box::pin(demo::load(&opened.store, opened.clock.now(), self.people, self.seed)).await?;
        if self.json {
            return Ok(out::json(&made)?);
        }
        out::line(format!("The demo district Seocho-gu is there: {} neighbors, {} commands.", made.people, made.commands));
        out::line(format!("Everybody in it is invented. Password of every login: {}", demo::PASSWORD));
        out::line("");
        for login in &made.logins {
            out::line(format!("  {:<14} {:<10} {}", login.role, login.login, login.name));
        }
        Ok(())
    }
}
