//! `iut`: see `iut --help`.

use clap::Parser;
use server::cli::Cli;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    Box::pin(Cli::parse().run()).await
}
