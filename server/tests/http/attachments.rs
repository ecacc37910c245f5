//! Photos through HTTP: in with a tablet's token, out to whoever may see the case, as a picture and nothing else.

use crate::{
    app::{TestApp, request},
    sync::{asked, read, register, set_up},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use domain::{
    ApiError,
    attachment::{AttachmentKind, Content, Media, Received},
    command::{AttachmentCommand, Envelope},
    ids::{AttachmentId, CaseId},
};
use store::{execute, on_both, testing::TestDb};

const PATH: &str = "/api/sync/v1/attachments";
/// A picture of one white dot, and its SHA-256.
const DOT: &str = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082";

pub fn dot() -> Vec<u8> {
    (0..DOT.len()).step_by(2).map(|at| u8::from_str_radix(&DOT[at..at + 2], 16).unwrap()).collect()
}

fn part(id: AttachmentId, number: &str, bearer: &str, bytes: Vec<u8>) -> Request<Body> {
    let request = request(Method::POST, &format!("{PATH}?id={id}&part={number}"), "").header("sec-fetch-site", "same-origin");
    request.header("authorization", format!("Bearer {bearer}")).body(Body::from(bytes)).unwrap()
}

/// A case with an attachment whose bytes are to come.
pub async fn added(db: &TestDb) -> (CaseId, AttachmentId) {
    let (id, case, bytes) = (AttachmentId::new(), register(db).await, dot());
    let digest = sha256(&bytes).try_into().unwrap();
    let content = Content { media: Media::Png, bytes: u32::try_from(bytes.len()).unwrap(), digest };
    let ctx = db.ctx(&db.people.worker);
    let command = AttachmentCommand::Add { id, case, visit: None, kind: AttachmentKind::Signature, content, caption: None };
    execute(&ctx, Envelope::new(command, ctx.now())).await.unwrap();
    (case, id)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

on_both!(a_photo_goes_in_with_a_token_and_out_to_whoever_may_see_the_case, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let device = set_up(&app, &cookie).await;
    let (_, id) = added(&app.db).await;
    let progress = format!("{PATH}?id={id}");
    let told: Received = read(&app.ask(asked(&progress, &device.bearer)).await, StatusCode::OK);
    assert_eq!(told, Received { next: 0, parts: 2 });
    for number in ["0", "1", "1"] {
        read::<Received>(&app.ask(part(id, number, &device.bearer, dot())).await, StatusCode::OK);
    }
    let told: Received = read(&app.ask(asked(&progress, &device.bearer)).await, StatusCode::OK);
    assert!(told.is_whole());

    for size in ["picture", "thumbnail"] {
        let (page, tablet) = (format!("/attachments/{id}/{size}"), format!("{PATH}/{id}/{size}"));
        let answers = [app.get(&page, &cookie).await, app.ask(asked(&tablet, &device.bearer)).await];
        for answer in answers {
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.header("content-type"), "image/png");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        }
        let outsider = app.sign_in(&app.db.people.outsider, "outsider").await;
        assert_eq!(app.get(&page, &outsider).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.get(&page, "").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(app.get(&tablet, &cookie).await.status, StatusCode::UNAUTHORIZED);
    }
    for path in [
        format!("/attachments/{id}/huge"),
        "/attachments/x/picture".to_owned(),
        format!("/attachments/{}/picture", AttachmentId::new()),
    ] {
        assert_eq!(app.get(&path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
});

on_both!(what_is_no_part_is_refused, async |db: TestDb| {
    let app = TestApp::new(db);
    let cookie = app.sign_in(&app.db.people.worker, "worker").await;
    let device = set_up(&app, &cookie).await;
    let (_, id) = added(&app.db).await;
    let no_number = app.ask(part(id, "one", &device.bearer, dot())).await;
    assert_eq!(read::<ApiError>(&no_number, StatusCode::BAD_REQUEST), ApiError::BadRequest);
    let no_token = app.ask(part(id, "0", "x", dot())).await;
    assert_eq!(read::<ApiError>(&no_token, StatusCode::UNAUTHORIZED), ApiError::Unauthenticated);
    let too_long = app.ask(part(id, "0", &device.bearer, vec![0; 2 * 1024 * 1024])).await;
    assert_eq!(too_long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let no_picture = app.ask(part(id, "0", &device.bearer, b"<script>".to_vec())).await;
    assert_eq!(no_picture.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nobodys = app.ask(part(AttachmentId::new(), "0", &device.bearer, dot())).await;
    assert_eq!(nobodys.status, StatusCode::NOT_FOUND);
    let mut forged = part(id, "0", &device.bearer, dot());
    forged.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(app.ask(forged).await.status, StatusCode::FORBIDDEN);
});
