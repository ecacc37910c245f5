//! A tablet: what was written on it, what it pulled, and a clock that may be a day off. It writes, sends and asks as the program of
//! the field does, one thing after the other; its line may send the same twice, and what it once sent may come up again.

use super::wire::{Pieces, SERVER, ask, count, in_pieces, pause};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    clock::Clock,
    ids::{ChangeSeq, NeighborId, NoteId},
    policy::Actor,
    sync::{
        clock::{HybridClock, Stamp, server_offset},
        outbox::{Entry, Outbox},
        protocol::{PullAnswer, Push, PushAnswer, Pushed},
        replica::{District, Dossier},
    },
};
use hyper::{Method, Request, body::Bytes};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::de::DeserializeOwned;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
    time::Duration,
};
use store::{
    devices,
    testing::{TestClock, TestDb},
};
use tokio::{task::spawn_local, time::sleep};

/// The longest that a tablet waits for an answer.
pub const PATIENCE: Duration = Duration::from_secs(6);
/// The same once all is well.
const ENDLESS: Duration = Duration::from_secs(600);

pub struct Tablet {
    pub actor: Actor,
    pub outbox: Outbox,
    pub dossiers: BTreeMap<NeighborId, Dossier>,
    pub district: Option<(String, District)>,
    pub reached: ChangeSeq,
    /// How many commands were written, as the holder counts.
    pub written: usize,
    /// When notes were really written, where the tablet could know the time.
    pub noted: BTreeMap<NoteId, DateTime<Utc>>,
    /// Answers that came, to copies too.
    pub heard: Rc<Cell<usize>>,
    pub random: ChaCha8Rng,
    /// What the tablet's clock shows beyond the right time.
    skew: TimeDelta,
    /// What the server's showed beyond the tablet's, and whether that was heard since anybody set the tablet's.
    pub offset: TimeDelta,
    pub sure: bool,
    clock: HybridClock,
    right: Arc<TestClock>,
    bearer: String,
    cursor: Option<String>,
    /// What was sent.
    copies: Vec<Bytes>,
    /// Answers to copies, until the tablet gets to them.
    late: Rc<RefCell<Vec<PushAnswer>>>,
    patience: Duration,
}

impl Tablet {
    /// A new one of `actor`'s.
    pub async fn set_up(db: &TestDb, actor: &Actor, seed: u64) -> Self {
        let new = devices::register(&db.ctx(actor), "태블릿", None).await.unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let skew = any_skew(&mut random);
        Self {
            actor: actor.clone(),
            outbox: Outbox::default(),
            dossiers: BTreeMap::new(),
            district: None,
            reached: ChangeSeq::default(),
            written: 0,
            noted: BTreeMap::new(),
            heard: Rc::default(),
            random,
            skew,
            offset: TimeDelta::zero(),
            sure: false,
            clock: HybridClock::new(new.id),
            right: Arc::clone(&db.clock),
            bearer: new.bearer,
            cursor: None,
            copies: Vec::new(),
            late: Rc::default(),
            patience: PATIENCE,
        }
    }

    /// The right time, which no tablet knows.
    pub fn right_now(&self) -> DateTime<Utc> {
        self.right.now()
    }

    /// What the tablet's own clock shows.
    pub fn here(&self) -> DateTime<Utc> {
        self.right_now() + self.skew
    }

    pub fn tick(&mut self) -> Stamp {
        let here = self.here();
        self.clock.tick(here)
    }

    /// A day in the field, until `end`.
    pub async fn work(mut self, end: DateTime<Utc>) -> Self {
        while self.right_now() < end {
            sleep(pause(&mut self.random) * 3).await;
            match self.random.random_range(0..13) {
                0..6 => self.write(),
                6..9 => drop(self.sync().await),
                9 | 10 => self.send_old_copy(),
                11 => drop(self.choose()),
                _ => self.mishap(),
            }
        }
        self
    }

    /// On a network that is well, where every exchange succeeds: gets in step, and its holder chooses where something asks. Whether
    /// there was nothing to do.
    pub async fn rest(mut self) -> (Self, bool) {
        self.patience = ENDLESS;
        let moved = self.sync().await.unwrap();
        let chose = self.choose();
        (self, !moved && !chose)
    }

    /// Somebody closes the program and opens it again, and may set the tablet's clock.
    fn mishap(&mut self) {
        if self.random.random_bool(0.3) {
            self.skew = any_skew(&mut self.random);
            self.sure = false;
        }
        let kept = serde_json::to_vec(&self.outbox).unwrap();
        self.outbox = serde_json::from_slice(&kept).unwrap();
        self.outbox.lost();
    }

    /// Sends what waits and asks for what is new. Whether either was anything; `None` when the server can't be reached.
    async fn sync(&mut self) -> Option<bool> {
        self.hear_late();
        if self.patience < ENDLESS {
            self.patience = Duration::from_millis(self.random.random_range(200..PATIENCE.as_millis() as u64));
        }
        let done = async { Some(self.send().await? | self.ask_for_news().await?) }.await;
        if done.is_none() {
            self.outbox.lost();
        }
        done
    }

    async fn send(&mut self) -> Option<bool> {
        let mut sent = false;
        loop {
            let most = self.random.random_range(1..9);
            let batch = self.outbox.next_batch(most).into_iter();
            let pushed = |entry: Entry| Pushed { stamp: entry.stamp, offset_ms: entry.offset_ms, envelope: entry.envelope };
            let (sent_at, entries) = (self.here(), batch.map(pushed).collect::<Vec<_>>());
            if entries.is_empty() {
                return Some(sent);
            }
            let push = Push { sent_at, waiting: self.outbox.entries().count() as u32, restored_at: None, entries };
            let body = Bytes::from(serde_json::to_vec(&push).unwrap());
            self.copies.push(body.clone());
            if self.random.random_bool(0.25) {
                self.send_copy(body.clone());
            }
            let answer: PushAnswer = self.exchange(Method::POST, "push", body).await?;
            self.mind_clock(sent_at, answer.server_at);
            sent = true;
            if !self.take(answer) {
                return Some(sent);
            }
        }
    }

    /// Notes what became of entries; whether the server decided about any.
    fn take(&mut self, answer: PushAnswer) -> bool {
        let decided = answer.results.iter().any(|(_, outcome)| outcome.is_some());
        for (op, outcome) in answer.results {
            self.outbox.answer(op, outcome);
        }
        decided
    }

    async fn ask_for_news(&mut self) -> Option<bool> {
        let mut news = false;
        loop {
            let asked = self.here();
            let known = [("cursor", self.cursor.as_ref()), ("district", self.district.as_ref().map(|(state, _)| state))];
            let known = known.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
            let path = format!("pull?{}", known.collect::<Vec<_>>().join("&"));
            let answer: PullAnswer = self.exchange(Method::GET, &path, Bytes::new()).await?;
            self.mind_clock(asked, answer.server_at);
            news |= !answer.dossiers.is_empty() || !answer.gone.is_empty();
            let more = answer.more;
            self.keep(answer);
            if !more {
                return Some(news);
            }
        }
    }

    fn keep(&mut self, answer: PullAnswer) {
        self.cursor = Some(answer.cursor);
        if answer.total.is_none() || answer.everybody.is_some() {
            self.reached = answer.reached;
        }
        for gone in answer.gone {
            self.dossiers.remove(&gone);
        }
        self.dossiers.extend(answer.dossiers.into_iter().map(|dossier| (dossier.id(), dossier)));
        if let Some(everybody) = answer.everybody {
            self.dossiers.retain(|id, _| everybody.contains(id));
        }
        self.district = answer.district.or(self.district.take());
    }

    fn mind_clock(&mut self, asked: DateTime<Utc>, server: DateTime<Utc>) {
        self.offset = server_offset(asked, server, self.here());
        self.sure = true;
    }

    /// The line sends the same once more, by and by.
    fn send_copy(&mut self, body: Bytes) {
        let (wait, request) = (pause(&mut self.random) * 2, self.request(Method::POST, "push", body));
        let (late, heard, patience) = (Rc::clone(&self.late), Rc::clone(&self.heard), self.patience);
        spawn_local(async move {
            sleep(wait).await;
            if let Some((_, answer)) = ask(request, patience).await {
                count(&heard);
                late.borrow_mut().extend(serde_json::from_slice::<PushAnswer>(&answer));
            }
        });
    }

    /// Something that was sent at any time before comes up again.
    fn send_old_copy(&mut self) {
        if !self.copies.is_empty() {
            let which = self.random.random_range(0..self.copies.len());
            self.send_copy(self.copies[which].clone());
        }
    }

    fn hear_late(&mut self) {
        for answer in self.late.take() {
            self.take(answer);
        }
    }

    fn request(&mut self, method: Method, path: &str, body: Bytes) -> Request<Pieces> {
        let request = Request::builder().method(method).uri(format!("/api/sync/v2/{path}")).header("host", SERVER);
        let request = request.header("authorization", format!("Bearer {}", self.bearer)).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/json").header("content-length", body.len());
        request.body(in_pieces(body, &mut self.random)).unwrap()
    }

    async fn exchange<T: DeserializeOwned>(&mut self, method: Method, path: &str, body: Bytes) -> Option<T> {
        let (status, answer) = ask(self.request(method, path, body), self.patience).await?;
        count(&self.heard);
        assert!(status.is_success() || status.is_server_error(), "{status}: {answer:?}");
        status.is_success().then(|| serde_json::from_slice(&answer).unwrap())
    }
}

/// Up to a day off, or hardly.
fn any_skew(random: &mut ChaCha8Rng) -> TimeDelta {
    let most = if random.random_bool(0.3) { 30 } else { 24 * 60 * 60 };
    TimeDelta::seconds(random.random_range(-most..=most))
}
