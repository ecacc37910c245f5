//! A disk that is full: no file of the server may grow beyond a limit, as on a disk with no room left, until room is made again.
//! What can't be kept is not said to be kept, and nothing is kept by half. (The limit is the kernel's, for which nobody needs to be
//! root: a write beyond it fails as one without room does. PostgreSQL's own files are out of its reach: there a trigger raises what
//! PostgreSQL raises when a table can't be made longer.)

use super::{
    ledger::{Whole, settle, trail_holds},
    place::Place,
    server::Server,
    tablet::{Tablet, Told},
};
use domain::{
    attachment::{AttachmentKind, Content, Media, PART, Received},
    command::AttachmentCommand,
    ids::AttachmentId,
};
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};
use std::{fs, path::Path, process::Command};
use store::testing::tamper_with;

/// The command such that a write beyond a limit fails; else the kernel would end it.
fn outlives_limits(command: &Command) -> Command {
    let mut wrapped = Command::new("sh");
    wrapped.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    wrapped.current_dir(command.get_current_dir().unwrap());
    wrapped
}

/// No file may be written beyond so many bytes; `unlimited` makes room again.
fn limit(server: &Server, bytes: &str) {
    let (pid, limit) = (server.id().to_string(), format!("--fsize={bytes}:"));
    assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
}

fn start(place: &Place) -> Server {
    Server::run(outlives_limits(&place.serve()))
}

fn says_that_there_is_no_room(told: &Told) {
    assert!(matches!(told, Told::Answer(_) | Told::Problem(StatusCode::SERVICE_UNAVAILABLE)), "{told:?}");
}

#[tokio::test]
async fn a_database_that_can_not_grow_takes_nothing_by_half_and_goes_on_when_there_is_room() {
    let place = Place::sqlite();
    let mut server = start(&place);
    let mut tablet = Tablet::set_up(&place, server.address("serving"), 20_261_118).await;
    tablet.write_until(60);
    tablet.push_all().await;
    let whole = Whole::learn(&place, &tablet).await;
    // How often the disk filled in the middle of a batch.
    let mut part = 0;
    for round in 0..24 {
        tablet.write_until(40);
        let log = fs::metadata(place.path("data/iut.db-wal")).unwrap().len();
        limit(&server, &tablet.roll(log + 100_000).to_string());
        for _ in 0..3 {
            let told = tablet.push().await;
            says_that_there_is_no_room(&told);
            whole.check(&place, &tablet).await;
        }
        part += usize::from((1..40).contains(&tablet.waiting()));
        // Room is made, or the server ends with its disk full and is started when there is room.
        if round % 3 == 0 {
            server.kill();
            server = start(&place);
            tablet.address = server.address("serving");
        } else {
            limit(&server, "unlimited");
        }
        tablet.push_all().await;
    }
    assert!(part > 4, "the disk must fill in the middle of batches: {part}");
    settle(&place, &tablet, &whole).await;
    server.terminate();
    assert!(server.ended().success());
    trail_holds(&place);
}

/// From a number of written rows on PostgreSQL says that its disk is full, within a transaction or at its end.
const DISK: &str = "
    CREATE TABLE disk (room bigint NOT NULL);
    INSERT INTO disk VALUES (1000000000);
    CREATE SEQUENCE used;
    CREATE FUNCTION fits() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('used') > (SELECT room FROM disk) THEN
            RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
        END IF;
        RETURN NULL;
    END $$;
    DO $$
    DECLARE written text;
    BEGIN
        FOREACH written IN ARRAY ARRAY['neighbor', 'case_file', 'visit', 'note', 'op', 'audit', 'change'] LOOP
            EXECUTE format('CREATE TRIGGER fits AFTER INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION fits()', written);
        END LOOP;
    END $$;
    CREATE CONSTRAINT TRIGGER fits_at_the_end AFTER INSERT ON op DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fits()";

#[tokio::test]
async fn a_postgresql_that_can_not_grow_takes_nothing_by_half_and_goes_on_when_there_is_room() {
    let place = Place::postgres().await;
    let mut server = Server::start(&place);
    let mut tablet = Tablet::set_up(&place, server.address("serving"), 20_261_129).await;
    tablet.write_until(60);
    tablet.push_all().await;
    let whole = Whole::learn(&place, &tablet).await;
    tamper_with(&place.url(), DISK).await;
    // How often the disk filled in the middle of a batch.
    let mut part = 0;
    for _ in 0..24 {
        tablet.write_until(40);
        let left = tablet.roll(300);
        tamper_with(&place.url(), &format!("UPDATE disk SET room = (SELECT last_value FROM used) + {left}")).await;
        for _ in 0..3 {
            let told = tablet.push().await;
            says_that_there_is_no_room(&told);
            whole.check(&place, &tablet).await;
        }
        part += usize::from((1..40).contains(&tablet.waiting()));
        tamper_with(&place.url(), "UPDATE disk SET room = 1000000000").await;
        tablet.push_all().await;
    }
    assert!(part > 4, "the disk must fill in the middle of batches: {part}");
    settle(&place, &tablet, &whole).await;
    server.terminate();
    assert!(server.ended().success());
    trail_holds(&place);
}

/// A picture of one dot that says more than it needs to, in three parts with its small one.
fn picture() -> Vec<u8> {
    const SIZE: [u8; 19] = [0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    let filling = [&[0xff, 0xe2, 0xff, 0xff][..], &[7; 0xfffd]].concat();
    [&[0xff, 0xd8][..], &filling.repeat(5), &SIZE, &[0xff, 0xd9]].concat()
}

fn small() -> Vec<u8> {
    let picture = picture();
    [&picture[..2], &picture[picture.len() - 21..]].concat()
}

/// Files below a folder.
fn files(folder: &Path) -> usize {
    let below = |entry: fs::DirEntry| if entry.file_type().unwrap().is_dir() { files(&entry.path()) } else { 1 };
    fs::read_dir(folder).unwrap().map(|entry| below(entry.unwrap())).sum()
}

async fn send(tablet: &Tablet, id: AttachmentId, part: u32, bytes: Vec<u8>) -> Result<Received, StatusCode> {
    let asked = tablet.asks(Method::POST, &format!("attachments?id={id}&part={part}")).body(bytes);
    let answer = asked.send().await.unwrap();
    if answer.status() == StatusCode::OK { Ok(answer.json().await.unwrap()) } else { Err(answer.status()) }
}

on_both!(a_photo_for_which_there_is_no_room_is_asked_for_again_and_comes_whole, async |place: Place| {
    let mut server = start(&place);
    let mut tablet = Tablet::set_up(&place, server.address("serving"), 20_261_118).await;
    tablet.register();
    let (id, bytes, case) = (AttachmentId::new(), picture(), tablet.people.values().next().unwrap().case);
    let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>().try_into().unwrap();
    let content = Content { media: Media::Jpeg, bytes: u32::try_from(bytes.len()).unwrap(), digest };
    tablet.write(AttachmentCommand::Add { id, case, visit: None, kind: AttachmentKind::Photo, content, caption: None });
    tablet.push_all().await;
    let (first, rest) = bytes.split_at(PART as usize);

    assert_eq!(send(&tablet, id, 0, small()).await, Ok(Received { next: 1, parts: 3 }));
    for (part, bytes) in [(1, first), (2, rest)] {
        limit(&server, "50000");
        for _ in 0..3 {
            assert_eq!(send(&tablet, id, part, bytes.to_vec()).await, Err(StatusCode::SERVICE_UNAVAILABLE));
        }
        let told = tablet.asks(Method::GET, &format!("attachments?id={id}")).send().await.unwrap();
        assert_eq!(told.json::<Received>().await.unwrap(), Received { next: part, parts: 3 });
        limit(&server, "unlimited");
        assert_eq!(send(&tablet, id, part, bytes.to_vec()).await, Ok(Received { next: part + 1, parts: 3 }));
    }
    let shown = tablet.asks(Method::GET, &format!("attachments/{id}/picture")).send().await.unwrap();
    assert!(shown.bytes().await.unwrap() == bytes, "it comes out as it went in");
    let folder = place.path(if place.is_embedded() { "data/iut.files" } else { "data/files" });
    assert_eq!(files(&folder), 3, "nothing is left of what had no room");
    server.terminate();
    assert!(server.ended().success());
});
