//! What the server answers through HTTP, in both versions.

use super::{
    samples::all_commands,
    validator::{answer, assert_described, assert_fits, named, part},
};
use crate::{
    app::{Answer, TestApp, request},
    attachments::{added, dot},
    sync::{asked, note, sent},
};
use axum::{
    body::Body,
    http::{Method, Request},
};
use domain::{
    command::Envelope,
    ids::{AttachmentId, OpId},
    sync::protocol::{Push, Pushed, VERSION},
    view::devices::DeviceSecrets,
};
use serde_json::{Value, json};
use std::{cell::RefCell, collections::BTreeSet};
use store::{
    on_both,
    testing::{TestDb, badge_of},
};

/// One version of the server, and what it has done when asked.
struct Asked<'a> {
    app: &'a TestApp,
    version: u16,
    done: RefCell<BTreeSet<(String, String)>>,
}

impl Asked<'_> {
    /// Where something is.
    fn at(&self, path: &str) -> String {
        format!("/api/sync/v{}{path}", self.version)
    }

    /// Asks, and holds the answer against what is described of `path`.
    async fn ask(&self, path: &str, request: Request<Body>, status: u16) -> Answer {
        let method = request.method().to_string();
        let told = self.app.ask(request).await;
        assert_eq!(told.status, status, "{method} {path}: {}", told.body);
        let path = self.at(path);
        if let Some(schema) = answer(&method, &path, status) {
            assert_described(&schema, &serde_json::from_str::<Value>(&told.body).unwrap());
        }
        if told.status.is_success() {
            self.done.borrow_mut().insert((method, path));
        }
        told
    }

    async fn setting_up(&self, cookie: &str) -> DeviceSecrets {
        let name = json!({ "name": "현장" });
        let devices = self.at("/devices");
        let made = self.ask("/devices", sent(&devices, cookie, "", &name), 201).await;
        self.ask("/devices", sent(&devices, "", "", &name), 401).await;
        self.ask("/devices", sent(&devices, cookie, "", &json!([])), 400).await;
        self.ask("/devices", sent(&devices, cookie, "", &json!({ "name": " " })), 422).await;
        let coach = self.app.sign_in(&self.app.db.people.coach, "coach").await;
        self.ask("/devices", sent(&devices, &coach, "", &name), 403).await;
        serde_json::from_str(&made.body).unwrap()
    }

    async fn pushing(&self, device: &DeviceSecrets, push: &Push) {
        let path = self.at("/push");
        assert_fits(&named("Push"), push);
        self.ask("/push", sent(&path, "", &device.bearer, push), 200).await;
        self.ask("/push", sent(&path, "", "nobody", push), 401).await;
        self.ask("/push", sent(&path, "", &device.bearer, &json!({})), 400).await;
        let mut forged = sent(&path, "", &device.bearer, push);
        forged.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        self.ask("/push", forged, 403).await;
        let crowd = Push { entries: vec![push.entries.first().unwrap().clone(); 101], ..push.clone() };
        self.ask("/push", sent(&path, "", &device.bearer, &crowd), 422).await;
    }

    /// Every command, of which most are refused.
    async fn pushing_all(&self, device: &DeviceSecrets, push: &Push) {
        let stamp = push.entries.first().unwrap().stamp;
        let commands = all_commands().into_iter();
        let entries = commands.map(|command| Pushed { stamp, offset_ms: 0, envelope: Envelope::new(command, push.sent_at) });
        let push = Push { entries: entries.collect(), ..push.clone() };
        self.ask("/push", sent(&self.at("/push"), "", &device.bearer, &push), 200).await;
    }

    async fn pulling(&self, device: &DeviceSecrets) {
        let path = self.at("/pull");
        let told = self.ask("/pull", asked(&path, &device.bearer), 200).await;
        for what in ["dossiers", "district", "everybody", "\"note\"", "\"attachment\""] {
            assert!(told.body.contains(what), "{what} is missing in {}", told.body);
        }
        self.ask("/pull", asked(&path, "nobody"), 401).await;
        self.ask("/pull", asked(&format!("{path}?cursor=zz"), &device.bearer), 400).await;
    }

    async fn asking_for_standing(&self, device: &DeviceSecrets) {
        let path = self.at("/standing");
        self.ask("/standing", asked(&path, &badge_of(&device.bearer)), 204).await;
        self.ask("/standing", asked(&path, &device.bearer), 401).await;
    }

    async fn sending_pictures(&self, device: &DeviceSecrets, id: AttachmentId) {
        let path = self.at("/attachments");
        let part = |id: AttachmentId, number: u32, bytes: Vec<u8>| {
            let request = request(Method::POST, &format!("{path}?id={id}&part={number}"), "").header("sec-fetch-site", "none");
            request.header("authorization", format!("Bearer {}", device.bearer)).body(Body::from(bytes)).unwrap()
        };
        self.ask("/attachments", part(id, 0, b"no picture".to_vec()), 422).await;
        self.ask("/attachments", part(id, 0, vec![0; 2 * 1024 * 1024]), 413).await;
        self.ask("/attachments", part(AttachmentId::new(), 0, dot()), 404).await;
        self.ask("/attachments", part(id, 0, dot()), 200).await;
        self.ask("/attachments", part(id, 1, dot()), 200).await;
        self.ask("/attachments", asked(&format!("{path}?id={id}"), &device.bearer), 200).await;
        self.ask("/attachments", asked(&format!("{path}?id={}", OpId::new()), &device.bearer), 404).await;
        self.ask("/attachments", asked(&path, &device.bearer), 400).await;
        for (size, status) in [("picture", 200), ("thumbnail", 200), ("huge", 404)] {
            let path = format!("{path}/{id}/{size}");
            self.ask("/attachments/{id}/{size}", asked(&path, &device.bearer), status).await;
        }
    }
}

/// Every operation of a version.
fn operations(version: u16) -> BTreeSet<(String, String)> {
    server::all_routes().into_iter().filter(|(_, path)| path.contains(&format!("/sync/v{version}/"))).collect()
}

on_both!(answers_are_as_described_in_both_versions, async |db: TestDb| {
    let app = TestApp::new(db);
    for version in [VERSION - 1, VERSION] {
        let asked = Asked { app: &app, version, done: RefCell::default() };
        let cookie = app.sign_in(&app.db.people.worker, "worker").await;
        let device = asked.setting_up(&cookie).await;
        let (case, picture) = added(&app.db).await;
        let push = note(&app.db, &device, case);
        asked.pushing(&device, &push).await;
        asked.pushing_all(&device, &push).await;
        asked.sending_pictures(&device, picture).await;
        asked.pulling(&device).await;
        asked.asking_for_standing(&device).await;
        assert_eq!(*asked.done.borrow(), operations(version), "each must have been done once");
    }
});

on_both!(the_description_is_served_to_everybody_and_may_be_kept, async |db: TestDb| {
    let app = TestApp::new(db);
    let told = app.get("/api/openapi.json", "").await;
    assert_eq!((told.status.as_u16(), told.header("content-type")), (200, "application/json"));
    assert_eq!(told.header("cache-control"), "public, max-age=3600");
    assert_eq!(told.body, server::openapi::text());
    let picture = ["paths", "/api/sync/v2/attachments/{id}/{size}", "get", "responses", "200", "content", "image/png"];
    assert!(part(&picture).is_object());
});
