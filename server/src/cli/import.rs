//! `iut import round`.

use super::Globals;
use crate::{
    import::{self, ParsedFile},
    out,
};
use anyhow::Context;
use clap::{Args, Subcommand};
use domain::{
    command::{Envelope, RoundCommand},
    ids::RoundId,
    round::ImportReport,
};
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};
use store::{OpContext, execute, rounds};

const AFTER_HELP: &str = "\
The first row is the header, in Korean (차수, 성명, 출생연도, 성별, 연락처, 행정동코드, 주소, 위기정보, 비고) or English
(round, name, birth_year, sex, phone, dong_code, address, indicators, note). Loading a file again changes nothing.
Exit code 2: something is wrong with the file, and nothing was applied.

Examples:
  iut import round 2026-5.csv --dry-run
  iut import round 2026-5.xlsx --json";

/// Load lists.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Load a discovery list: CSV in UTF-8 or CP949, or XLSX.
    #[command(after_help = AFTER_HELP)]
    Round(RoundArgs),
}

/// Which list, and how.
#[derive(Clone, Debug, Args)]
pub(crate) struct RoundArgs {
    /// The file.
    file: PathBuf,
    /// Say what it would do, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

impl ImportCommand {
    pub(crate) async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let Self::Round(args) = self;
        let opened = globals.open().await?;
        let ctx = opened.context(&opened.district(globals).await?).await?;
        let report = Box::pin(load(&ctx, args)).await?;
        if args.json {
            out::json(&report)?;
        } else {
            print(&report, args.dry_run);
        }
        Ok(if report.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

async fn load(ctx: &OpContext, args: &RoundArgs) -> anyhow::Result<ImportReport> {
    let terms = rounds::import_terms(ctx).await?;
    let ParsedFile { period, rows, errors, read } = import::read_round(&bytes(&args.file)?, &terms);
    let Some(period) = period.filter(|_| errors.is_empty()) else {
        return Ok(ImportReport { rows: read, errors, ..ImportReport::default() });
    };
    if args.dry_run {
        return Ok(Box::pin(rounds::preview(ctx, period, rows, 0)).await?.0);
    }
    let command = RoundCommand::Import { id: RoundId::new(), period, rows };
    let applied = Box::pin(execute(ctx, Envelope::new(command, ctx.now()))).await?;
    applied.import.map(|report| *report).context("the import left no report")
}

/// The file, but never much more of it than a list may have.
fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("can't open {}", path.display()))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(import::MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).with_context(|| format!("can't read {}", path.display()))?;
    Ok(bytes)
}

fn print(report: &ImportReport, dry_run: bool) {
    for error in &report.errors {
        out::line(format!("row {:>6}  {:<12} {}", error.row, error.column, error.message));
    }
    if !report.errors.is_empty() {
        return out::line(format!("{} errors in {} rows. Nothing was applied.", report.errors.len(), report.rows));
    }
    let numbers = [
        ("rows", report.rows),
        ("new", report.new),
        ("matched", report.matched),
        ("to confirm", report.to_confirm),
        ("duplicates in file", report.duplicates_in_file),
        ("signals added", report.signals_added),
    ];
    for (name, number) in numbers {
        out::line(format!("{name:<20}{number:>8}"));
    }
    out::line(if dry_run { "This was a dry run: nothing was applied." } else { "Applied." });
}
