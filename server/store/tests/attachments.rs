//! Photos and signatures: how their bytes come, who may see them, and that they go, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use bytes::Bytes;
use chrono::TimeDelta;
use domain::{
    ApiError, Invalid,
    attachment::{AttachmentCard, AttachmentKind, Content, MOST_THUMBNAIL, Media, PART, Received},
    case::Urgency,
    clock::Clock,
    command::{AttachmentCommand, CaseCommand, Command, Envelope, NeighborCommand},
    ids::{AssignmentId, AttachmentId, CaseId, HouseholdId, NeighborId, VisitId},
    policy::Actor,
    profile::{Channel, NeighborProfile},
    view::cases::Happening,
};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use std::path::Path;
use store::{
    attachments::{self, Size},
    cases, execute, on_both, rotate,
    testing::{TestDb, audit_count},
};

/// Words in the picture that must not be found on the disk.
const WORDS: &[u8] = b"what nobody may read";

async fn run(db: &TestDb, by: &Actor, command: impl Into<Command>) -> Result<(), ApiError> {
    execute(&db.ctx(by), Envelope::new(command, db.clock.now())).await.map(drop)
}

async fn a_case(db: &TestDb, by: &Actor) -> (NeighborId, CaseId) {
    let (id, case) = (NeighborId::new(), CaseId::new());
    let command = NeighborCommand::Register {
        id,
        household: HouseholdId::new(),
        profile: Box::new(NeighborProfile::in_dong(db.dong())),
        members: Vec::new(),
        signs: Vec::new(),
        learned_from: Channel::Worker,
        different_from: Vec::new(),
        open_case: Some((case, Urgency::ThreeDays)),
    };
    run(db, by, command).await.unwrap();
    (id, case)
}

/// A picture with one segment of `marker` after the other, as many as give `pieces` times 60,000 bytes.
fn picture(marker: u8, pieces: usize) -> Bytes {
    let mut bytes = vec![0xff, 0xd8];
    for _ in 0..pieces {
        bytes.extend([0xff, marker]);
        bytes.extend(60_002_u16.to_be_bytes());
        bytes.extend(WORDS);
        bytes.resize(bytes.len() + 60_000 - WORDS.len(), 7);
    }
    // One dot high and wide.
    bytes.extend([0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9]);
    bytes.into()
}

const COLOURS: u8 = 0xe2;
const EXIF: u8 = 0xe1;

fn content(bytes: &Bytes) -> Content {
    let digest = hex::encode(Sha256::digest(bytes)).try_into().unwrap();
    Content { media: Media::Jpeg, bytes: u32::try_from(bytes.len()).unwrap(), digest }
}

fn add(case: CaseId, content: Content) -> (AttachmentId, AttachmentCommand) {
    let id = AttachmentId::new();
    let caption = Some("우편물이 쌓인 문 앞".to_owned());
    (id, AttachmentCommand::Add { id, case, visit: None, kind: AttachmentKind::Photo, content, caption })
}

/// The small picture and then the large one, in parts.
fn parts(whole: &Bytes) -> Vec<Bytes> {
    let large = whole.chunks(PART as usize).map(Bytes::copy_from_slice);
    [picture(COLOURS, 1)].into_iter().chain(large).collect()
}

async fn send(db: &TestDb, by: &Actor, id: AttachmentId, whole: &Bytes) -> Result<Received, ApiError> {
    let mut told = Received { next: 0, parts: 0 };
    for (number, part) in (0..).zip(parts(whole)) {
        told = attachments::receive(&db.ctx(by), id, number, part).await?;
    }
    Ok(told)
}

async fn shown(db: &TestDb, by: &Actor, id: AttachmentId, size: Size) -> Result<Vec<u8>, ApiError> {
    let shown = attachments::show(&db.ctx(by), id, size).await?;
    let parts: Vec<Bytes> = shown.bytes.try_collect().await.unwrap();
    Ok(parts.concat())
}

async fn card(db: &TestDb, by: &Actor, person: NeighborId) -> AttachmentCard {
    let rows = cases::timeline(&db.ctx(by), person, None).await.unwrap().rows;
    let mut cards = rows.into_iter().filter_map(|row| match row.what {
        Happening::Attachment { card } => Some(card),
        _ => None,
    });
    let card = cards.next().unwrap();
    assert!(cards.next().is_none());
    card
}

/// The contents of all files in a folder and those in it.
fn files_in(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_in(&path));
        } else {
            found.push(std::fs::read(path).unwrap());
        }
    }
    found
}

on_both!(a_photo_comes_part_by_part_and_is_shown_to_whoever_may_see_the_case, async |db: TestDb| {
    let (worker, outsider, manager) = (&db.people.worker, &db.people.outsider, &db.people.manager);
    let (person, case) = a_case(&db, worker).await;
    let whole = picture(COLOURS, 10);
    let (id, command) = add(case, content(&whole));
    run(&db, worker, command).await.unwrap();
    let parts = parts(&whole);
    assert_eq!(parts.len(), 4);
    let receive =
        async |number: u32| attachments::receive(&db.ctx(worker), id, number, parts[number as usize].clone()).await.unwrap();
    let so_far = |next| Received { next, parts: 4 };
    assert_eq!(attachments::progress(&db.ctx(worker), id).await, Ok(so_far(0)));
    // Too early, then what is next, then the same again, as after an answer that was lost.
    assert_eq!(receive(2).await, so_far(0));
    for number in 0..3 {
        assert_eq!(receive(number).await, so_far(number + 1));
        assert_eq!(receive(number).await, so_far(number + 1));
        assert_eq!(shown(&db, worker, id, Size::Whole).await, Err(ApiError::NotFound));
    }
    assert!(!card(&db, worker, person).await.stored);
    assert_eq!(receive(3).await, so_far(4));
    assert_eq!(receive(3).await, so_far(4));

    let card = card(&db, manager, person).await;
    assert!(card.stored && card.removed.is_none());
    assert_eq!(card.caption.as_deref(), Some("우편물이 쌓인 문 앞"));
    for viewer in [worker, manager] {
        assert_eq!(shown(&db, viewer, id, Size::Whole).await.unwrap(), whole);
        assert_eq!(shown(&db, viewer, id, Size::Thumbnail).await.unwrap(), parts[0]);
    }
    for stranger in [outsider, &db.people.lone_worker, &db.people.auditor, &db.people.admin, &db.people.stranger] {
        assert_eq!(shown(&db, stranger, id, Size::Thumbnail).await, Err(ApiError::NotFound));
        assert_eq!(attachments::progress(&db.ctx(stranger), id).await, Err(ApiError::NotFound));
        let sent = attachments::receive(&db.ctx(stranger), id, 0, parts[0].clone()).await;
        assert_eq!(sent, Err(ApiError::NotFound));
    }
    assert_eq!(audit_count(&db.store, db.tenant, "view", id.0).await, 4);
    assert_eq!(audit_count(&db.store, db.tenant, "attachment.complete", id.0).await, 1);

    let kept = files_in(&db.files());
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().all(|file| !file.windows(WORDS.len()).any(|words| words == WORDS)));
});

on_both!(what_is_not_what_was_said_begins_anew, async |db: TestDb| {
    let worker = &db.people.worker;
    let (person, case) = a_case(&db, worker).await;
    let (whole, other) = (picture(COLOURS, 6), picture(0xe3, 6));
    let (id, command) = add(case, content(&whole));
    run(&db, worker, command).await.unwrap();
    let differs = Err(ApiError::invalid("content", Invalid::Differs));
    assert_eq!(send(&db, worker, id, &other).await, differs);
    assert_eq!(attachments::progress(&db.ctx(worker), id).await.unwrap().next, 0);
    assert!(!card(&db, worker, person).await.stored);
    assert!(send(&db, worker, id, &whole).await.unwrap().is_whole());
    assert_eq!(shown(&db, worker, id, Size::Whole).await.unwrap(), whole);

    let tells = picture(EXIF, 6);
    let (id, command) = add(case, content(&tells));
    run(&db, worker, command).await.unwrap();
    assert_eq!(send(&db, worker, id, &tells).await, Err(ApiError::invalid("content", Invalid::Metadata)));
    let range = |field| Err(ApiError::invalid(field, Invalid::Range));
    let receive = async |part, bytes: Bytes| attachments::receive(&db.ctx(worker), id, part, bytes).await;
    assert_eq!(receive(0, Bytes::new()).await, range("thumbnail"));
    assert_eq!(receive(0, vec![0xff; MOST_THUMBNAIL as usize + 1].into()).await, range("thumbnail"));
    assert_eq!(receive(0, tells.slice(..60_000)).await.unwrap_err().status(), 422);
    receive(0, picture(COLOURS, 1)).await.unwrap();
    assert_eq!(receive(1, tells.slice(..5)).await, range("part"));
});

on_both!(what_is_said_of_a_photo_is_looked_at, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = a_case(&db, worker).await;
    let (_, other_case) = a_case(&db, worker).await;
    let small = content(&picture(COLOURS, 1));
    let empty = Content { bytes: 0, ..small.clone() };
    assert_eq!(run(&db, worker, add(case, empty).1).await, Err(ApiError::invalid("bytes", Invalid::Range)));
    let (id, command) = add(case, small.clone());
    assert_eq!(run(&db, &db.people.outsider, command.clone()).await, Err(ApiError::NotFound));
    run(&db, worker, command.clone()).await.unwrap();
    assert_eq!(run(&db, worker, command).await, Err(ApiError::invalid("id", Invalid::Taken)));
    let elsewhere = AttachmentCommand::Remove { id, case: other_case, reason: "-".to_owned() };
    assert_eq!(run(&db, worker, elsewhere).await, Err(ApiError::NotFound));
    assert_eq!(run(&db, worker, AttachmentCommand::Complete { id }).await, Err(ApiError::BadRequest));
    assert_eq!(run(&db, &db.people.manager, AttachmentCommand::Complete { id }).await, Err(ApiError::NotFound));
    let at_a_visit = AttachmentCommand::Add {
        id: AttachmentId::new(),
        case,
        visit: Some(VisitId::new()),
        kind: AttachmentKind::Signature,
        content: small,
        caption: None,
    };
    assert_eq!(run(&db, worker, at_a_visit).await, Err(ApiError::NotFound));
});

on_both!(a_photo_still_comes_when_the_case_went_to_somebody_else, async |db: TestDb| {
    let (lone, colleague) = (&db.people.lone_worker, &db.people.colleague);
    let (_, case) = a_case(&db, &db.people.manager).await;
    let given = CaseCommand::Assign { cases: vec![(case, AssignmentId::new())], worker: lone.user };
    run(&db, &db.people.manager, given).await.unwrap();
    let whole = picture(COLOURS, 1);
    let (id, command) = add(case, content(&whole));
    run(&db, lone, command).await.unwrap();
    let taken = CaseCommand::Assign { cases: vec![(case, AssignmentId::new())], worker: colleague.user };
    run(&db, &db.people.manager, taken).await.unwrap();
    assert!(send(&db, lone, id, &whole).await.unwrap().is_whole());
    assert_eq!(shown(&db, colleague, id, Size::Whole).await.unwrap(), whole);
    assert_eq!(shown(&db, lone, id, Size::Whole).await, Err(ApiError::NotFound));
});

on_both!(what_was_taken_off_goes_and_the_timeline_remembers, async |db: TestDb| {
    let worker = &db.people.worker;
    let (person, case) = a_case(&db, worker).await;
    let whole = picture(COLOURS, 1);
    let (id, command) = add(case, content(&whole));
    run(&db, worker, command).await.unwrap();
    send(&db, worker, id, &whole).await.unwrap();
    let remove = |reason: &str| AttachmentCommand::Remove { id, case, reason: reason.to_owned() };
    assert_eq!(run(&db, worker, remove(" ")).await, Err(ApiError::invalid("reason", Invalid::Missing)));
    assert_eq!(run(&db, &db.people.outsider, remove("-")).await, Err(ApiError::NotFound));
    run(&db, worker, remove("다른 집이었음")).await.unwrap();
    db.clock.advance(TimeDelta::minutes(1));
    run(&db, &db.people.manager, remove("다시")).await.unwrap();
    let removed = card(&db, worker, person).await.removed.unwrap();
    assert_eq!((removed.by.id, removed.reason.as_str()), (worker.user, "다른 집이었음"));
    assert_eq!(shown(&db, worker, id, Size::Whole).await, Err(ApiError::NotFound));
    assert_eq!(files_in(&db.files()).len(), 2);
    assert_eq!(attachments::wipe(&db.store, db.clock.now()).await.unwrap(), 1);
    assert_eq!(files_in(&db.files()).len(), 0);
    assert_eq!(attachments::wipe(&db.store, db.clock.now()).await.unwrap(), 0);
});

on_both!(a_photo_opens_after_the_keys_were_changed, async |db: TestDb| {
    let worker = &db.people.worker;
    let (_, case) = a_case(&db, worker).await;
    let whole = picture(COLOURS, 6);
    let (id, command) = add(case, content(&whole));
    run(&db, worker, command).await.unwrap();
    send(&db, worker, id, &whole).await.unwrap();
    let before = files_in(&db.files());
    rotate::rotate_fields(&db.ctx(&db.people.admin)).await.unwrap();
    let after = files_in(&db.files());
    assert!(after.len() == before.len() && after.iter().all(|file| !before.contains(file)));
    assert!(after.iter().all(|file| file.starts_with(&2_i32.to_be_bytes())));
    assert_eq!(shown(&db, worker, id, Size::Whole).await.unwrap(), whole);
});
