//! The command line. A command opens the database through [`Globals`], writes results to standard output (JSON with
//! `--json`) and notes to standard error.

mod archive;
mod audit;
mod backup;
mod demo;
mod globals;
mod import;
mod key;
mod migrate;
mod openapi;
pub(crate) mod serve;
mod user;

use crate::{logging, out};
use clap::{Parser, Subcommand};
use domain::ApiError;
pub use globals::{Globals, Opened};
use std::process::ExitCode;

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 failed; 2 refused: the command line or what it names is wrong; 3 something was found (a broken
trail).

Examples:
  iut migrate
  iut user add kim --name '김하늘' --role caseworker
  iut serve --listen 127.0.0.1:3000";

/// Iut (이웃): finds households in need and sees that somebody visits them.
#[derive(Debug, Parser)]
#[command(name = "iut", version, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages until SIGTERM or Ctrl+C.
    Serve(serve::ServeArgs),
    /// Bring the database's schema up to date.
    Migrate(migrate::MigrateArgs),
    /// Load the demo district into an empty database.
    Demo(demo::DemoArgs),
    /// Keep accounts.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Load lists.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Prove the audit trail.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Keep keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Write an encrypted copy of the whole database.
    Backup(backup::BackupArgs),
    /// Put a backup back.
    Restore(backup::RestoreArgs),
    /// Print the description of the tablet API (OpenAPI 3.1, as JSON).
    Openapi(openapi::OpenapiArgs),
}

impl Cli {
    /// Does what was asked for.
    pub async fn run(self) -> ExitCode {
        let (format, level) = match &self.command {
            Command::Serve(args) => (args.log_format, "info"),
            _ => (logging::LogFormat::Text, "warn"),
        };
        logging::start(format, level);
        match Box::pin(self.dispatch()).await {
            Ok(code) => code,
            Err(error) => {
                out::note(format!("iut: {error:#}"));
                exit_code(&error)
            }
        }
    }

    async fn dispatch(self) -> anyhow::Result<ExitCode> {
        let globals = &self.globals;
        match self.command {
            Command::Serve(args) => Box::pin(crate::serve::serve(globals, &args)).await.map(|()| ExitCode::SUCCESS),
            Command::Migrate(args) => args.run(globals).await.map(|()| ExitCode::SUCCESS),
            Command::Demo(args) => Box::pin(args.run(globals)).await.map(|()| ExitCode::SUCCESS),
            Command::User(command) => Box::pin(command.run(globals)).await.map(|()| ExitCode::SUCCESS),
            Command::Import(command) => Box::pin(command.run(globals)).await,
            Command::Audit(command) => command.run(globals).await,
            Command::Key(command) => Box::pin(command.run(globals)).await.map(|()| ExitCode::SUCCESS),
            Command::Backup(args) => Box::pin(args.run(globals)).await.map(|()| ExitCode::SUCCESS),
            Command::Restore(args) => Box::pin(args.run(globals)).await.map(|()| ExitCode::SUCCESS),
            Command::Openapi(args) => {
                args.run();
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// 2 when the answer is "no", 1 when something broke.
fn exit_code(error: &anyhow::Error) -> ExitCode {
    match error.downcast_ref::<ApiError>() {
        Some(ApiError::Internal | ApiError::Unavailable) | None => ExitCode::FAILURE,
        Some(_) => ExitCode::from(2),
    }
}
