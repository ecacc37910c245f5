//! A tablet at the real program's door: it writes as a caseworker does, keeps all in a real outbox, sends it in batches and
//! notes what it was told. Of what it wrote it also knows what a person's dossier must show in the end.

use super::place::Place;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    case::Urgency,
    clock::{Clock, SystemClock},
    command::{CaseCommand, Command, Envelope, NeighborCommand, VisitCommand},
    ids::{CaseId, HouseholdId, NeighborId, NoteId, UserId, VisitId},
    merge::Edit,
    profile::{Channel, NeighborProfile, ProfileEdits},
    sync::{
        clock::HybridClock,
        outbox::{BATCH, Outbox},
        protocol::{PullAnswer, Push, PushAnswer, Pushed},
        replica::Dossier,
    },
    text::DongCode,
    view::devices::DeviceSecrets,
    visit::{Outcome, SeenWith, VisitKind, Window},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::json;
use std::collections::BTreeMap;

/// People of one tablet; what is written is about them. So few that within a batch one entry builds on another.
const PEOPLE: usize = 5;

/// What came of asking the server.
#[derive(Debug, PartialEq)]
pub enum Told {
    /// It answered.
    Answer(PushAnswer),
    /// It answered that it can't now.
    Problem(StatusCode),
    /// No answer came, or half of one.
    Silence,
}

/// Somebody whom the tablet's holder registered, and what was written about them.
#[derive(Debug)]
pub struct Person {
    pub case: CaseId,
    pub address: Option<String>,
    pub edits: usize,
    pub notes: BTreeMap<NoteId, String>,
    pub recorded: Vec<VisitId>,
    pub planned: Vec<VisitId>,
}

/// A tablet.
pub struct Tablet {
    pub address: String,
    pub outbox: Outbox,
    pub people: BTreeMap<NeighborId, Person>,
    client: Client,
    device: DeviceSecrets,
    clock: HybridClock,
    /// When the server was last restored from a backup, as far as it is known here.
    restored_at: Option<DateTime<Utc>>,
    me: UserId,
    dong: DongCode,
    dice: ChaCha8Rng,
}

/// A browser in which the first caseworker of the district is signed in.
pub async fn sign_in(place: &Place, address: &str) -> Client {
    let (login, password) = place.login("caseworker");
    // The one with which attachments reach a bucket brings none of its own.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().cookie_store(true).build().unwrap();
    let form = format!("login={login}&password={password}");
    let asked = client
        .post(format!("http://{address}/api/sign_in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let answer = asked.body(form).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    client
}

impl Tablet {
    /// Set up by the first caseworker of the district.
    pub async fn set_up(place: &Place, address: String, seed: u64) -> Self {
        let client = sign_in(place, &address).await;
        let asked = client.post(format!("http://{address}/api/sync/v2/devices")).header("sec-fetch-site", "same-origin");
        let answer = asked.json(&json!({ "name": "현장 태블릿" })).send().await.unwrap();
        let device: DeviceSecrets = answer.error_for_status().unwrap().json().await.unwrap();
        let client = Client::new();
        let asked = client.get(format!("http://{address}/api/sync/v2/pull")).bearer_auth(&device.bearer);
        let pulled: PullAnswer = asked.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        let (_, district) = pulled.district.unwrap();
        let me = district.me.id;
        let teams = &district.workers.iter().find(|worker| worker.worker.id == me).unwrap().teams;
        let dong = district.dongs.iter().find(|dong| dong.team.is_some_and(|team| teams.contains(&team))).unwrap();
        Self {
            address,
            outbox: Outbox::default(),
            people: BTreeMap::new(),
            client,
            clock: HybridClock::new(device.device),
            restored_at: None,
            device,
            me,
            dong: dong.code.clone(),
            dice: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// A number below `end`, by the seed.
    pub fn roll(&mut self, end: u64) -> u64 {
        self.dice.random_range(0..end)
    }

    /// How much waits to be sent.
    pub fn waiting(&self) -> usize {
        let ledger = self.outbox.ledger();
        ledger.waiting + ledger.sent
    }

    /// Writes until so much waits.
    pub fn write_until(&mut self, waiting: usize) {
        while self.waiting() < waiting {
            self.write_something();
        }
    }

    pub fn write(&mut self, command: impl Into<Command>) {
        let envelope = Envelope::new(command, SystemClock.now());
        let stamp = self.clock.tick(envelope.made_at);
        self.outbox.write(stamp, TimeDelta::zero(), envelope).unwrap();
    }

    /// What a caseworker might write next.
    fn write_something(&mut self) {
        if self.people.len() < PEOPLE && self.people.len() <= self.roll(PEOPLE as u64) as usize {
            return self.register();
        }
        let chosen = self.roll(self.people.len() as u64) as usize;
        let id = *self.people.keys().nth(chosen).unwrap();
        match self.roll(6) {
            0 | 1 => self.note(id),
            2 | 3 => self.edit(id),
            4 => self.plan(id),
            _ => self.record(id),
        }
    }

    pub fn register(&mut self) {
        let (id, case) = (NeighborId::new(), CaseId::new());
        let profile = NeighborProfile { name: Some("김가상".to_owned()), ..NeighborProfile::in_dong(self.dong.clone()) };
        let known = Person { case, address: None, edits: 0, notes: BTreeMap::new(), recorded: Vec::new(), planned: Vec::new() };
        self.people.insert(id, known);
        self.write(NeighborCommand::Register {
            id,
            household: HouseholdId::new(),
            profile: Box::new(profile),
            members: Vec::new(),
            signs: Vec::new(),
            learned_from: Channel::Worker,
            different_from: Vec::new(),
            open_case: Some((case, Urgency::ThreeDays)),
        });
    }

    pub fn note(&mut self, about: NeighborId) {
        let (id, body) = (NoteId::new(), format!("기록 {}", self.outbox.ledger().written));
        let person = self.people.get_mut(&about).unwrap();
        person.notes.insert(id, body.clone());
        let case = person.case;
        self.write(CaseCommand::AddNote { id, case, body });
    }

    /// Each edit starts from what the one before it wrote: an edit that overtakes another is a conflict.
    fn edit(&mut self, id: NeighborId) {
        let to = Some(format!("서초대로 {}", self.outbox.ledger().written));
        let person = self.people.get_mut(&id).unwrap();
        let from = std::mem::replace(&mut person.address, to.clone());
        person.edits += 1;
        let edits = ProfileEdits { address: Some(Edit { from, to }), ..ProfileEdits::default() };
        self.write(NeighborCommand::Edit { id, edits: Box::new(edits) });
    }

    fn plan(&mut self, about: NeighborId) {
        let (id, start, worker) = (VisitId::new(), SystemClock.now() + TimeDelta::hours(1), self.me);
        let person = self.people.get_mut(&about).unwrap();
        person.planned.push(id);
        let case = person.case;
        self.write(VisitCommand::Schedule {
            id,
            series: None,
            case,
            kind: VisitKind::Home,
            window: Window { start, end: start + TimeDelta::hours(1) },
            worker,
            second_worker: None,
            two_person: false,
            purpose: None,
            recurrence: None,
        });
    }

    /// A visit that was planned, if there is one; else one on the way.
    fn record(&mut self, about: NeighborId) {
        let (at, signs, note) = (SystemClock.now(), Vec::new(), Some("만남".to_owned()));
        let outcome = Outcome::Met { face_to_face: Some(SeenWith::Neighbor) };
        let person = self.people.get_mut(&about).unwrap();
        let (case, planned) = (person.case, person.planned.pop());
        let id = planned.unwrap_or_default();
        person.recorded.push(id);
        if planned.is_some() {
            self.write(VisitCommand::Record { id, at, outcome, signs, note });
        } else {
            self.write(VisitCommand::RecordUnplanned { id, case, kind: VisitKind::Home, at, outcome, signs, note });
        }
    }

    /// Sends the next batch and takes what it is told. What has no answer waits again.
    pub async fn push(&mut self) -> Told {
        self.push_most(BATCH).await
    }

    /// The same with a shorter batch.
    pub async fn push_most(&mut self, most: usize) -> Told {
        let batch = self.outbox.next_batch(most).into_iter();
        let entries = batch.map(|entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope });
        let waiting = u32::try_from(self.waiting()).unwrap();
        let push = Push { sent_at: SystemClock.now(), waiting, restored_at: self.restored_at, entries: entries.collect() };
        let told = Self::told(self.asks(Method::POST, "push").json(&push)).await;
        if let Told::Answer(answer) = &told {
            let sent = push.entries.iter().map(|entry| entry.envelope.op_id);
            assert!(sent.eq(answer.results.iter().map(|(op, _)| *op)), "an answer about something else");
            for (op, outcome) in &answer.results {
                self.outbox.answer(*op, outcome.clone());
            }
            if answer.restored_at != self.restored_at {
                self.restored_at = answer.restored_at;
                self.outbox.send_again();
            }
        }
        self.outbox.lost();
        told
    }

    async fn told(asked: RequestBuilder) -> Told {
        let Ok(answer) = asked.send().await else { return Told::Silence };
        if answer.status() != StatusCode::OK {
            return Told::Problem(answer.status());
        }
        answer.json().await.map_or(Told::Silence, Told::Answer)
    }

    pub fn asks(&self, method: Method, what: &str) -> RequestBuilder {
        let asked = self.client.request(method, format!("http://{}/api/sync/v2/{what}", self.address));
        asked.bearer_auth(&self.device.bearer).header("sec-fetch-site", "same-origin")
    }

    /// Sends all that waits, to a server that is well.
    pub async fn push_all(&mut self) {
        while self.waiting() > 0 {
            let (before, knew, told) = (self.waiting(), self.restored_at, self.push().await);
            assert!(self.waiting() < before || self.restored_at != knew, "a server that is well decides: {told:?}");
        }
    }

    /// The whole, as a new tablet of the same holder would load it.
    pub async fn pull(&self) -> BTreeMap<NeighborId, Dossier> {
        let (mut dossiers, mut cursor) = (BTreeMap::new(), String::new());
        loop {
            let asked = self.asks(Method::GET, &format!("pull{cursor}"));
            let part: PullAnswer = asked.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
            for dossier in part.dossiers {
                dossiers.insert(dossier.id(), dossier);
            }
            cursor = format!("?cursor={}", part.cursor);
            if !part.more {
                return dossiers;
            }
        }
    }
}
