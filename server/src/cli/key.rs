//! `iut key rotate`.

use super::{Globals, globals::write_key};
use crate::out;
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;
use std::fs;
use store::{RootKey, rotate};

const AFTER_HELP: &str = "\
Without --wrap: makes a new version of the district's field key and seals every encrypted field with it. May run while
the server serves; servers learn of the new key within five seconds, so choose a quiet moment.

With --wrap: makes a new root key and wraps the keys of all districts with it. Stop the servers first, and give them the
new key file afterwards. The old file stays beside it as FILE.old: keep it with the backups made under it.

Examples:
  iut key rotate
  iut key rotate --wrap --key-file /etc/iut/key";

/// Keep keys.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make new keys.
    #[command(after_help = AFTER_HELP)]
    Rotate(RotateArgs),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct RotateArgs {
    /// Change the root key instead.
    #[arg(long)]
    wrap: bool,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

impl KeyCommand {
    pub(crate) async fn run(self, globals: &Globals) -> anyhow::Result<()> {
        let Self::Rotate(args) = self;
        if args.wrap { wrap(globals, args.json).await } else { fields(globals, args.json).await }
    }
}

async fn fields(globals: &Globals, json: bool) -> anyhow::Result<()> {
    let opened = globals.open().await?;
    let ctx = opened.context(&opened.district(globals).await?).await?;
    let fields = Box::pin(rotate::rotate_fields(&ctx)).await?;
    if json {
        out::json(&json!({ "fields": fields }))?;
    } else {
        out::line(format!("{fields} fields are sealed with the new key."));
    }
    Ok(())
}

async fn wrap(globals: &Globals, json: bool) -> anyhow::Result<()> {
    let opened = globals.open().await?;
    let path = globals.key_path()?;
    let (new_path, old_path) = (path.with_extension("key.new"), path.with_extension("key.old"));
    // On disk before the database needs it: whatever happens, one of the two files opens the keys.
    let new = write_key(&new_path, RootKey::random())?;
    let keys = rotate::change_root_key(&opened.store, &new).await?;
    fs::rename(&path, &old_path).with_context(|| format!("the new key is in {}", new_path.display()))?;
    fs::rename(&new_path, &path).with_context(|| format!("the new key is in {}", new_path.display()))?;
    if json {
        out::json(&json!({ "keys": keys, "key_file": path, "old_key_file": old_path }))?;
    } else {
        out::line(format!("{keys} keys are wrapped with the new root key in {}.", path.display()));
    }
    Ok(())
}
