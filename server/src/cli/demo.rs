//! `iut demo`: an invented district to look at.

use super::Globals;
use crate::{
    demo::{self, Login, Made, Options},
    out,
};
use anyhow::Context;
use clap::Args;
use domain::{ApiError, policy::Role};
use serde_json::json;
use std::time::Instant;
use store::tenants;

const EXAMPLE: &str = "\
Only in a database without any district; for a new one, take away the database's file (and its key).

Examples:
  iut demo
  iut demo --people 300 --seed 7 --json
  iut demo --people 1000000 --database-url sqlite:bench.db";

/// Make a demo district: 18 dongs, 3 teams, somebody of every role, invented neighbors and eighteen months of work.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct DemoArgs {
    /// About how many neighbors; those beyond 2,000 are loaded in bulk, with less of a life.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(100..=5_000_000))]
    people: u32,
    /// The seed: the same one gives the same district on the same day.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// For measuring: so many more open cases with full timelines for the first caseworker, the second, and so on.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=20_000))]
    caseloads: Vec<u32>,
    /// Print one JSON object: one login per role, and counts.
    #[arg(long)]
    json: bool,
}

impl DemoArgs {
    pub(crate) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened = globals.open().await?;
        if !tenants::list(&opened.store).await.context("can't read the districts")?.is_empty() {
            let refusal = "the database holds a district already; the demo district is made in an empty database only";
            return Err(anyhow::Error::new(ApiError::BadRequest).context(refusal));
        }
        let began = Instant::now();
        let caseloads = self.caseloads.iter().map(|count| *count as usize).collect();
        let options = Options { people: self.people as usize, seed: self.seed, now: opened.clock.now(), caseloads };
        let made = Box::pin(demo::load(&opened.store, options, &tell)).await?;
        let seconds = began.elapsed().as_secs();
        out::note(format!("The demo district is ready after {seconds} s."));
        if self.json {
            out::json(&summary(&made, &self.caseloads, seconds))?;
        } else {
            print_table(&made);
        }
        Ok(())
    }
}

/// A line of progress on standard error.
fn tell(what: &str, done: usize, all: usize) {
    out::note(format!("{what:<12} {done:>7} / {all}"));
}

/// One login per role, and counts.
fn summary(made: &Made, caseloads: &[u32], seconds: u64) -> serde_json::Value {
    let first = |role: &Role| made.logins.iter().find(|login| login.role == *role);
    let logins: Vec<&Login> = Role::ALL.iter().filter_map(first).collect();
    let Made { neighbors, cases, visits, commands, sealed, .. } = made;
    let workers = made.logins.iter().filter(|login| login.role == Role::Caseworker);
    let caseloads: Vec<_> = workers.zip(caseloads).map(|(one, cases)| json!({ "login": one.login, "cases": cases })).collect();
    json!({
        "logins": logins, "caseloads": caseloads, "seconds": seconds,
        "neighbors": neighbors, "cases": cases, "visits": visits, "commands": commands, "sealed": sealed,
    })
}

fn print_table(made: &Made) {
    let Made { neighbors, cases, visits, .. } = made;
    out::line(format!("서초구 (demo): {neighbors} neighbors, {cases} cases, {visits} visits. All of them are invented."));
    out::line("");
    out::line(format!("{:<14}  {:<32}  PASSWORD", "ROLE", "LOGIN"));
    for role in Role::ALL {
        let own: Vec<&Login> = made.logins.iter().filter(|login| login.role == role).collect();
        let logins: Vec<&str> = own.iter().map(|login| login.login.as_str()).collect();
        let password = own.first().map(|login| login.password.as_str()).unwrap_or_default();
        out::line(format!("{:<14}  {:<32}  {password}", tenants::role_code(role), range(&logins)));
    }
}

/// Numbered logins in short: worker1 … worker12.
fn range(logins: &[&str]) -> String {
    let (numbered, others): (Vec<&&str>, Vec<&&str>) =
        logins.iter().partition(|login| login.ends_with(|last: char| last.is_ascii_digit()));
    let mut parts: Vec<String> = match (numbered.first(), numbered.last()) {
        (Some(first), Some(last)) if numbered.len() > 2 => vec![format!("{first} … {last}")],
        _ => numbered.iter().map(|login| (**login).to_owned()).collect(),
    };
    parts.extend(others.iter().map(|login| (**login).to_owned()));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_logins_are_written_short() {
        assert_eq!(range(&["manager1", "manager2", "manager3", "head"]), "manager1 … manager3, head");
        assert_eq!(range(&["auditor"]), "auditor");
    }
}
