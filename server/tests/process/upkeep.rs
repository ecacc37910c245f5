//! What an operator does from the command line: accounts, backups that come back, keys that change.

use super::place::{KEY, Place};
use age::secrecy::ExposeSecret;
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt, process::Output};

/// How many rows the trail has; it must hold.
fn rows_of_trail(place: &Place) -> u64 {
    let found = place.json(&["audit", "verify", "--json"]);
    assert_eq!(found.get("broken"), Some(&Value::Null), "{found}");
    found.get("rows").and_then(Value::as_u64).unwrap()
}

fn add(place: &Place, login: &str) -> Output {
    place.iut(&["user", "add", login, "--name", "가상인", "--role", "auditor", "--json"])
}

/// A pair of keys as operators have them: a file, and the word for whom to encrypt.
pub fn identity(place: &Place) -> String {
    let identity = age::x25519::Identity::generate();
    fs::write(place.path("identity.txt"), identity.to_string().expose_secret()).unwrap();
    identity.to_public().to_string()
}

on_both!(a_backup_is_sealed_and_brings_back_what_was_there, async |place: Place| {
    let recipient = identity(&place);
    assert!(add(&place, "before.backup").status.success());
    let photos = place.path(if place.is_embedded() { "data/iut.files" } else { "data/files" });
    fs::create_dir_all(photos.join("district/photo")).unwrap();
    fs::write(photos.join("district/photo/000"), "before").unwrap();
    place.does(&["backup", "iut.age", "--recipient", &recipient]);
    let file = fs::read(place.path("iut.age")).unwrap();
    assert!(file.starts_with(b"age-encryption.org/v1"));
    assert!(!file.windows(15).any(|part| part == b"SQLite format 3"));
    assert_eq!(fs::metadata(place.path("iut.age")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(place.fails(&["backup", "iut.age", "--recipient", &recipient]).contains("iut.age"), "it overwrites no file");

    assert!(add(&place, "after.backup").status.success());
    fs::write(photos.join("district/photo/000"), "after").unwrap();
    fs::write(photos.join("district/photo/001"), "after").unwrap();
    let restore = ["restore", "iut.age", "--identity", "identity.txt"];
    assert!(place.fails(&restore).contains("--force"), "it overwrites no database unasked");
    assert!(!add(&place, "after.backup").status.success(), "nothing was restored");

    place.does(&[&restore[..], &["--force"]].concat());
    rows_of_trail(&place);
    assert_eq!(fs::read(photos.join("district/photo/000")).unwrap(), b"before");
    assert!(!photos.join("district/photo/001").exists());
    assert!(!add(&place, "before.backup").status.success(), "what was backed up is there");
    assert!(add(&place, "after.backup").status.success(), "what came later is not");
    // The fields still open with the key file: each is opened when it is sealed anew.
    assert_ne!(place.json(&["key", "rotate", "--json"])["fields"], 0);
});

on_both!(a_damaged_backup_leaves_the_database_alone, async |place: Place| {
    let recipient = identity(&place);
    place.does(&["backup", "iut.age", "--recipient", &recipient]);
    assert!(add(&place, "after.backup").status.success());
    let mut file = fs::read(place.path("iut.age")).unwrap();
    file.truncate(file.len() / 2);
    fs::write(place.path("half.age"), file).unwrap();
    fs::write(place.path("text.age"), "no backup").unwrap();
    for name in ["half.age", "text.age", "missing.age"] {
        place.fails(&["restore", name, "--identity", "identity.txt", "--force"]);
        assert!(!add(&place, "after.backup").status.success(), "{name}: the database stays as it was");
    }
    assert!(place.fails(&["backup", "plain.db"]).contains("--recipient"), "there is no backup in the clear");
    assert!(!place.path("plain.db").exists());
});

on_both!(keys_change_and_everything_still_opens, async |place: Place| {
    let first = place.json(&["key", "rotate", "--json"])["fields"].as_u64().unwrap();
    assert!(first > 100, "a district of 100 people has sealed fields: {first}");
    // Sealing again opens every field with the key of the first time.
    assert_eq!(place.json(&["key", "rotate", "--json"])["fields"].as_u64().unwrap(), first);

    let old = fs::read(place.path(KEY)).unwrap();
    assert_ne!(place.json(&["key", "rotate", "--wrap", "--json"])["keys"], 0);
    let new = fs::read(place.path(KEY)).unwrap();
    assert_ne!(old, new);
    assert_eq!(fs::metadata(place.path(KEY)).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(place.json(&["key", "rotate", "--json"])["fields"].as_u64().unwrap(), first);
    rows_of_trail(&place);

    fs::write(place.path("old.key"), old).unwrap();
    place.fails(&["--key-file", "old.key", "key", "rotate"]);
});

on_both!(accounts_are_kept_from_the_command_line_and_every_change_is_on_record, async |place: Place| {
    let before = rows_of_trail(&place);
    let added: Value = serde_json::from_slice(&add(&place, "new.auditor").stdout).unwrap();
    assert!(added["link"].as_str().unwrap().starts_with("http://127.0.0.1:3000/password/"));
    assert_eq!(add(&place, "new.auditor").status.code(), Some(2), "the name is taken");
    place.does(&["user", "grant", "new.auditor", "--role", "administrator"]);
    place.does(&["user", "lock", "new.auditor"]);
    place.does(&["user", "lock", "new.auditor", "--unlock"]);
    assert!(place.fails(&["user", "lock", "nobody.here"]).contains("nobody.here"));
    assert!(place.fails(&["user", "grant", "new.auditor", "--role", "king"]).contains("king"));
    let found = place.json(&["audit", "verify", "--json"]);
    let waiting = found["waiting"].as_u64().unwrap();
    assert!(found["rows"].as_u64().unwrap() + waiting >= before + 4, "{found}");
});

on_both!(a_trail_that_was_tampered_with_is_told_by_the_exit_code, async |place: Place| {
    assert_eq!(place.iut(&["audit", "verify"]).status.code(), Some(0));
    store::testing::tamper_with(&place.url(), "UPDATE audit SET action = 'view' WHERE batch = 1").await;
    let output = place.iut(&["audit", "verify", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["broken"]["batch"], 1, "{found}");
    assert!(String::from_utf8(place.iut(&["audit", "verify"]).stdout).unwrap().contains("broken at batch 1"));
});
