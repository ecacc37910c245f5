//! `iut user`: accounts from the command line.

use super::{Globals, Opened};
use crate::out;
use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use domain::{
    command::{Envelope, UserCommand as Change},
    ids::{GrantId, TeamId, UserId},
    policy::{Role, Scope},
};
use serde_json::json;
use std::io::{Read, stdin};
use store::{OpContext, accounts, admin_lookup, execute, tenants::role_from_code};

const EXAMPLE: &str = "\
Examples:
  iut user add kim --name '김하늘' --role caseworker --team '가팀'
  iut user grant kim --role manager
  iut user link kim --url https://iut.example
  iut user lock kim";

/// Keep accounts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add an account; prints a one-time link with which its holder sets a password.
    #[command(after_help = EXAMPLE)]
    Add(AddArgs),
    /// Lock an account: its sessions end, and a tablet of its holder that reaches the server unlocked erases what it keeps.
    #[command(after_help = EXAMPLE)]
    Lock {
        /// Sign-in name.
        login: String,
        /// Unlock it instead.
        #[arg(long)]
        unlock: bool,
    },
    /// Grant a role.
    #[command(after_help = EXAMPLE)]
    Grant {
        /// Sign-in name.
        login: String,
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Make a one-time link for a new password.
    #[command(after_help = EXAMPLE)]
    Link {
        /// Sign-in name.
        login: String,
        #[command(flatten)]
        site: SiteArgs,
    },
}

#[derive(Clone, Debug, Args)]
pub(crate) struct AddArgs {
    /// Sign-in name: 3–40 of a–z, 0–9, `.`, `-`, `_`.
    login: String,
    /// Name on screens.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    grant: OptionalGrantArgs,
    /// Read the password from standard input instead of making a link; it must be changed at the first sign-in.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    site: SiteArgs,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct GrantArgs {
    /// caseworker, manager, job_coach, partner_staff, reporter, auditor or administrator.
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// The Korean or English name of a team; without it the whole district.
    #[arg(long, conflicts_with = "own")]
    team: Option<String>,
    /// Only what is the person's own.
    #[arg(long)]
    own: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct OptionalGrantArgs {
    /// A role to grant at once.
    #[arg(long, value_parser = parse_role)]
    role: Option<Role>,
    /// The Korean or English name of a team; without it the whole district.
    #[arg(long, requires = "role", conflicts_with = "own")]
    team: Option<String>,
    /// Only what is the person's own.
    #[arg(long, requires = "role")]
    own: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct SiteArgs {
    /// The address of the site, for the link.
    #[arg(long, env = "IUT_URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

fn parse_role(text: &str) -> Result<Role, String> {
    role_from_code(text).ok_or_else(|| format!("{text} is not a role"))
}

impl UserCommand {
    pub(crate) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let opened: Opened = globals.open().await?;
        let district = opened.district(globals).await?;
        let ctx = opened.context(&district).await?;
        match self {
            Self::Add(args) => Box::pin(add(&ctx, args)).await,
            Self::Lock { login, unlock } => {
                let id = find(&ctx, &login).await?;
                apply(&ctx, Change::Lock { id, locked: !unlock }).await?;
                out::line(if unlock { format!("{login} is open again.") } else { format!("{login} is locked.") });
                Ok(())
            }
            Self::Grant { login, grant } => {
                let user = find(&ctx, &login).await?;
                give(&ctx, user, grant.role, grant.team.as_deref(), grant.own).await?;
                out::line(format!("{login} holds the role now."));
                Ok(())
            }
            Self::Link { login, site } => {
                let user = find(&ctx, &login).await?;
                print_link(&ctx, user, &login, &site).await
            }
        }
    }
}

async fn apply(ctx: &OpContext, change: Change) -> anyhow::Result<()> {
    Box::pin(execute(ctx, Envelope::new(change, ctx.now()))).await?;
    Ok(())
}

async fn find(ctx: &OpContext, login: &str) -> anyhow::Result<UserId> {
    admin_lookup::user_by_login(ctx, login).await?.ok_or_else(|| anyhow!("there is no account {login}"))
}

async fn give(ctx: &OpContext, user: UserId, role: Role, team: Option<&str>, own: bool) -> anyhow::Result<()> {
    let scope = match (team, own) {
        (Some(name), _) => Scope::Team(find_team(ctx, name).await?),
        (None, true) => Scope::Own,
        (None, false) => Scope::District,
    };
    apply(ctx, Change::Grant { id: GrantId::new(), user, role, scope }).await
}

async fn find_team(ctx: &OpContext, name: &str) -> anyhow::Result<TeamId> {
    admin_lookup::team_by_name(ctx, name).await?.ok_or_else(|| anyhow!("there is no team {name}"))
}

async fn add(ctx: &OpContext, args: AddArgs) -> anyhow::Result<()> {
    let password = args.password_stdin.then(read_password).transpose()?;
    let id = UserId::new();
    apply(ctx, Change::Add { id, login: args.login.clone(), name: args.name }).await?;
    if let Some(role) = args.grant.role {
        give(ctx, id, role, args.grant.team.as_deref(), args.grant.own).await?;
    }
    match password {
        Some(password) => {
            accounts::set_password(ctx, id, &password, true).await?;
            out::line(format!("{} is there; the password must be changed at the first sign-in.", args.login));
            Ok(())
        }
        None => print_link(ctx, id, &args.login, &args.site).await,
    }
}

fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    stdin().take(1_000).read_to_string(&mut text).context("can't read the password")?;
    let password = text.lines().next().unwrap_or_default().to_owned();
    if password.is_empty() {
        bail!("there is no password on standard input");
    }
    Ok(password)
}

async fn print_link(ctx: &OpContext, user: UserId, login: &str, site: &SiteArgs) -> anyhow::Result<()> {
    let token = accounts::make_password_link(ctx, user).await?;
    let link = format!("{}/password/{token}", site.url.trim_end_matches('/'));
    if site.json {
        out::json(&json!({ "login": login, "link": link, "hours": 72 }))?;
    } else {
        out::line(format!("With this link {login} sets a password, once, within 72 hours:\n{link}"));
    }
    Ok(())
}
