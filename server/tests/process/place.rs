//! A district in a folder, and the real program at work on it.

use serde_json::Value;
use std::{
    env,
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::{Command, Output},
};

/// Where the root key is, as the embedded database has it by itself.
pub const KEY: &str = "data/iut.key";

/// A small demo district, with a folder to work in.
pub struct Place {
    folder: tempfile::TempDir,
    /// Its PostgreSQL database, if it isn't the embedded one.
    server: Option<String>,
    logins: Value,
}

impl Place {
    /// With the embedded database.
    pub fn sqlite() -> Self {
        Self::on(None)
    }

    /// With a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        Self::on(Some(store::testing::new_postgres().await))
    }

    /// With a PostgreSQL database that was made already.
    pub fn in_postgres(url: String) -> Self {
        Self::on(Some(url))
    }

    fn on(server: Option<String>) -> Self {
        let mut place = Self { folder: tempfile::tempdir().unwrap(), server, logins: Value::Null };
        if place.server.is_some() {
            // The embedded database makes its key by itself.
            fs::create_dir(place.path("data")).unwrap();
            let mut key = OpenOptions::new().write(true).create_new(true).mode(0o600).open(place.path(KEY)).unwrap();
            key.write_all("5e".repeat(32).as_bytes()).unwrap();
        }
        let said = place.json(&["demo", "--people", "100", "--seed", "7", "--json"]);
        place.logins = said["logins"].clone();
        place
    }

    /// The first login of a role, and its password.
    pub fn login(&self, role: &str) -> (String, String) {
        let login = self.logins.as_array().unwrap().iter().find(|login| login["role"] == role).unwrap();
        let word = |key: &str| login[key].as_str().unwrap().to_owned();
        (word("login"), word("password"))
    }

    /// Whether its database is the embedded one.
    pub const fn is_embedded(&self) -> bool {
        self.server.is_none()
    }

    /// Where the database is.
    pub fn url(&self) -> String {
        self.server.clone().unwrap_or_else(|| format!("sqlite://{}", self.path("data/iut.db").display()))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these words, in this folder, with none of the settings of whoever runs the tests.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iut"));
        let ours = |name: &str| name == "DATABASE_URL" || name.starts_with("IUT_") || name.starts_with("LEPTOS_");
        for (name, _) in env::vars().filter(|(name, _)| ours(name)) {
            command.env_remove(name);
        }
        if let Some(url) = &self.server {
            command.env("DATABASE_URL", url).env("IUT_KEY_FILE", KEY);
        }
        command.args(words).current_dir(self.folder.path());
        command
    }

    /// The program as a server, on whatever port is free, with a log that can be read.
    pub fn serve(&self) -> Command {
        self.command(&["serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--log-format", "json"])
    }

    pub fn iut(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What a command prints that succeeds.
    pub fn does(&self, words: &[&str]) -> String {
        let output = self.iut(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command says that fails.
    pub fn fails(&self, words: &[&str]) -> String {
        let output = self.iut(words);
        assert!(!output.status.success(), "{words:?} succeeded");
        String::from_utf8(output.stderr).unwrap()
    }

    pub fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.does(words)).unwrap()
    }
}
