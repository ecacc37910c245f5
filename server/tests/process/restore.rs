//! A server that is lost after a backup and restored from it: what tablets had sent since comes back from them.

use super::{
    ledger::{Whole, settle, trail_holds},
    place::{KEY, Place},
    server::Server,
    tablet::{Tablet, Told},
    upkeep::identity,
};
use std::fs;
use store::{
    testing::{new_postgres, tamper_with},
    testing_trace::count_commands,
};

on_both!(what_a_tablet_had_sent_since_the_backup_comes_back_from_it, async |place: Place| {
    let recipient = identity(&place);
    let mut server = Server::start(&place);
    let mut tablet = Tablet::set_up(&place, server.address("serving"), 20_261_129).await;
    tablet.write_until(60);
    tablet.push_all().await;
    let whole = Whole::learn(&place, &tablet).await;
    let before = count_commands(&place.url()).await;
    place.does(&["backup", "iut.age", "--recipient", &recipient]);

    tablet.write_until(130);
    tablet.push_all().await;
    assert_eq!(count_commands(&place.url()).await, before + 130);
    server.terminate();
    assert!(server.ended().success());
    place.does(&["restore", "iut.age", "--identity", "identity.txt", "--force"]);
    assert_eq!(count_commands(&place.url()).await, before, "what came after the backup is lost");

    let mut server = Server::start(&place);
    tablet.address = server.address("serving");
    // The newest builds on what the server does not know any more.
    tablet.write_until(20);
    let Told::Answer(told) = tablet.push().await else { panic!("the server is well") };
    assert!(told.restored_at.is_some());
    assert!(told.results.iter().all(|(_, outcome)| outcome.is_none()), "nothing is decided: {told:?}");
    assert_eq!(tablet.waiting(), 210, "all is sent again");
    tablet.push_all().await;
    assert_eq!(count_commands(&place.url()).await, before + 150);
    settle(&place, &tablet, &whole).await;
    server.terminate();
    assert!(server.ended().success());
    trail_holds(&place);
});

on_both!(a_backup_of_an_older_version_gets_the_schema_of_this_one, async |place: Place| {
    let recipient = identity(&place);
    for undone in [
        "DROP TABLE verdict",
        "ALTER TABLE feed_position DROP COLUMN restored_at",
        "DELETE FROM seaql_migrations WHERE version IN ('m0006_verdict', 'm0007_restored')",
    ] {
        tamper_with(&place.url(), undone).await;
    }
    place.does(&["backup", "iut.age", "--recipient", &recipient]);
    // A database on a server is to be an empty one: what it has beyond the backup would be in the way.
    let fresh = if place.is_embedded() { "sqlite:data/other.db".to_owned() } else { new_postgres().await };
    fs::copy(place.path(KEY), place.path("data/other.key")).unwrap();
    let restored = place.does(&["restore", "iut.age", "--identity", "identity.txt", "--database-url", &fresh]);
    assert!(restored.contains("restored"), "{restored}");
    assert_eq!(place.json(&["migrate", "--json", "--database-url", &fresh])["migrated"], false, "it is up to date");
    let told =
        place.json(&["user", "add", "new.auditor", "--name", "가상인", "--role", "auditor", "--json", "--database-url", &fresh]);
    assert!(told["link"].is_string(), "its keys open it: {told}");
    assert!(!place.path("data/other.restoring").exists());
});
