//! A district in a folder, and the real program at work on it.

#![allow(dead_code, reason = "every test binary uses some of it")]

use serde_json::Value;
use std::{
    env,
    path::PathBuf,
    process::{Command, Output},
};

/// A folder with the embedded database of a small demo district.
pub struct Place {
    folder: tempfile::TempDir,
    logins: Value,
}

impl Place {
    pub fn new() -> Self {
        let mut place = Self { folder: tempfile::tempdir().unwrap(), logins: Value::Null };
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
        command.args(words).current_dir(self.folder.path());
        command
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
