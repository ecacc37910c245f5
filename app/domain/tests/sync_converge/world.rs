//! Tablets and a server with a network between them that loses, repeats, holds back and reorders what is sent either way; and
//! what must hold once it is well again.

use super::{
    district::{DISTRICTS, Ids, Words},
    ledger,
    server::Server,
    tablet::{Asked, From, Tablet},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{ChangeSeq, NeighborId},
    sync::{
        apply::settle,
        outbox::{BATCH, Ledger, Outcome},
        protocol::{PullAnswer, Push, PushAnswer},
        replica::Dossier,
    },
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What one history is made of.
#[derive(Clone, Debug)]
pub enum Step {
    /// Something is written on a tablet.
    Write { tablet: usize, word: u64 },
    /// A tablet sends up to `most` of what waits.
    Send { tablet: usize, most: usize, way: Way, copied: bool },
    /// What was held back arrives at the server; the same may arrive again.
    Arrive { which: usize, copied: bool },
    /// An answer that was held back arrives at its tablet; the same may arrive again.
    Answer { which: usize, copied: bool },
    /// A tablet asks for changes about up to `most` people.
    Pull { tablet: usize, most: usize, way: Way, copied: bool },
    /// What was pulled arrives at its tablet; the same may arrive again.
    Pulled { which: usize, copied: bool },
    /// A holder looks at what asks for a choice.
    Choose { tablet: usize, which: usize, word: u64 },
    /// A tablet is closed and opened again.
    Restart { tablet: usize },
    /// A tablet's clock is set, to as much as four days off.
    SetClock { tablet: usize, hours: i64 },
    /// Time passes.
    Wait { minutes: i64 },
    /// The office closes a case.
    Close { which: usize },
    /// The office gives a case into other hands, or back.
    Hide { which: usize, holder: usize },
    /// The server is backed up.
    BackUp,
    /// The server is lost, and comes back as it was backed up last.
    Restore,
}

/// How far what is sent comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There and back.
    Whole,
    /// It is held back before it arrives.
    HeldBack,
    /// The answer is held back.
    Late,
    /// The answer is lost.
    Deaf,
    /// It is lost.
    Lost,
    /// The server is busy with every other entry.
    Busy,
    /// The server stops after the first entry.
    Stopped,
}

impl Step {
    /// The step in a word; small words make plain steps.
    pub fn of(word: u64) -> Self {
        let mut words = Words(word);
        let (tablet, which) = (words.below(64), words.below(64));
        let (word, copied, most) = (words.next(), words.one_in(4), 1 + words.below(5));
        let ways = [Way::Whole, Way::Whole, Way::Whole, Way::HeldBack, Way::Late, Way::Deaf, Way::Lost, Way::Busy, Way::Stopped];
        let way = *words.pick(&ways).unwrap_or(&Way::Whole);
        match words.below(26) {
            0..=8 => Self::Write { tablet, word },
            9..=12 => Self::Send { tablet, most, way, copied },
            13 => Self::Arrive { which, copied },
            14 => Self::Answer { which, copied },
            15..=17 => Self::Pull { tablet, most, way, copied },
            18 => Self::Pulled { which, copied },
            19 | 20 => Self::Choose { tablet, which, word },
            21 if copied => Self::Restart { tablet },
            21 => Self::SetClock { tablet, hours: words.minutes(-96, 96).num_minutes() },
            22 => Self::Wait { minutes: words.minutes(0, 1_500).num_minutes() },
            23 if copied => Self::Close { which },
            23 => Self::Hide { which, holder: tablet },
            24 => Self::BackUp,
            _ => Self::Restore,
        }
    }
}

/// Everything there is.
pub struct World {
    server: Server,
    tablets: Vec<Tablet>,
    ids: Ids,
    now: DateTime<Utc>,
    requests: Vec<(usize, Push)>,
    answers: Vec<(usize, Asked, PushAnswer)>,
    /// What tablets asked for, with the place in the feed from which they did.
    pulled: Vec<(usize, From, PullAnswer)>,
    /// All that was ever sent.
    copies: Vec<(usize, Push)>,
    backup: Option<Server>,
}

/// Takes one of what is on the way, or a copy of it.
fn pick<T: Clone>(from: &mut Vec<T>, which: usize, copied: bool) -> Option<T> {
    let at = which.checked_rem(from.len())?;
    Some(if copied { from[at].clone() } else { from.remove(at) })
}

impl World {
    /// Tablets of about half as many workers.
    pub fn new(tablets: usize) -> Self {
        let mut ids = Ids::default();
        let tablets: Vec<Tablet> = (0..tablets).map(|number| Tablet::new(number.div_ceil(2), &mut ids)).collect();
        let (requests, answers, pulled, copies) = Default::default();
        let now = super::district::start();
        let mut world = Self { server: Server::new(), tablets, ids, now, requests, answers, pulled, copies, backup: None };
        for tablet in 0..world.tablets.len() {
            world.pull(tablet, BATCH, Way::Whole, false);
        }
        world
    }

    pub fn step(&mut self, step: &Step) {
        self.now += TimeDelta::minutes(1);
        let (count, now) = (self.tablets.len(), self.now);
        match *step {
            Step::Write { tablet, word } => self.tablets[tablet % count].write(&mut Words(word), &mut self.ids, now),
            Step::Send { tablet, most, way, copied } => self.send(tablet % count, most, way, copied),
            Step::Arrive { which, copied } => self.arrive(which, copied),
            Step::Answer { which, copied } => self.answer(which, copied),
            Step::Pull { tablet, most, way, copied } => self.pull(tablet % count, most, way, copied),
            Step::Pulled { which, copied } => self.take_pulled(which, copied),
            Step::Choose { tablet, which, word } => {
                let tablet = &mut self.tablets[tablet % count];
                let asking = tablet.asking();
                let Some(at) = which.checked_rem(asking.len()) else { return };
                tablet.choose(asking[at], &mut Words(word), &mut self.ids, now);
            }
            Step::Restart { tablet } => self.tablets[tablet % count].restart(now),
            Step::SetClock { tablet, hours } => self.tablets[tablet % count].skew = TimeDelta::hours(hours),
            Step::Wait { minutes } => self.now += TimeDelta::minutes(minutes),
            Step::Close { which } => self.server.close(which, now),
            Step::Hide { which, holder } => self.server.hide(which, holder % count),
            Step::BackUp => self.backup = Some(self.server.clone()),
            Step::Restore => {
                let Some(backup) = &self.backup else { return };
                self.server = backup.clone();
                self.server.restored_at = Some(now);
            }
        }
    }

    fn send(&mut self, tablet: usize, most: usize, way: Way, copied: bool) {
        // After the server was restored the whole comes first.
        if self.tablets[tablet].mixed {
            return self.pull(tablet, most, way, copied);
        }
        let push = self.tablets[tablet].push(most, self.now);
        if push.entries.is_empty() {
            return;
        }
        self.copies.push((tablet, push.clone()));
        if copied || way == Way::HeldBack {
            self.requests.push((tablet, push.clone()));
        }
        let asked = Asked::by(&push);
        match way {
            Way::HeldBack => {}
            Way::Lost => self.tablets[tablet].outbox.lost(),
            Way::Deaf | Way::Stopped => {
                self.decide(tablet, push, way);
                self.tablets[tablet].outbox.lost();
            }
            Way::Late => {
                let answer = self.decide(tablet, push, way);
                self.answers.push((tablet, asked, answer));
            }
            Way::Whole | Way::Busy => {
                let answer = self.decide(tablet, push, way);
                if copied {
                    self.answers.push((tablet, asked, answer.clone()));
                }
                self.tablets[tablet].take_outcomes(asked, answer, self.now);
            }
        }
    }

    /// The server takes what a tablet sent. The order of its answers means nothing.
    fn decide(&mut self, tablet: usize, push: Push, way: Way) -> PushAnswer {
        if push.restored_at != self.server.restored_at {
            let results = push.entries.iter().map(|pushed| (pushed.envelope.op_id, None)).collect();
            return PushAnswer { server_at: self.now, restored_at: self.server.restored_at, results };
        }
        let most = if way == Way::Stopped { 1 } else { BATCH };
        let (mut results, mut unmade) = (Vec::new(), BTreeSet::new());
        for (number, pushed) in push.entries.iter().take(most).enumerate() {
            let busy = way == Way::Busy && number % 2 == 0;
            let hangs = pushed.envelope.command.needs().iter().any(|need| unmade.contains(need));
            let outcome = if busy { None } else { self.server.take(self.tablets[tablet].holder, pushed, hangs, self.now) };
            if !matches!(outcome, Some(Outcome::Applied { .. } | Outcome::Merged { .. })) {
                unmade.extend(pushed.envelope.command.makes());
            }
            results.insert(results.len() / 2, (pushed.envelope.op_id, outcome));
        }
        PushAnswer { server_at: self.now, restored_at: self.server.restored_at, results }
    }

    fn arrive(&mut self, which: usize, copied: bool) {
        let Some((tablet, push)) = pick(&mut self.requests, which, copied) else { return };
        let asked = Asked::by(&push);
        let answer = self.decide(tablet, push, Way::Whole);
        self.answers.push((tablet, asked, answer));
    }

    fn answer(&mut self, which: usize, copied: bool) {
        let Some((tablet, asked, answer)) = pick(&mut self.answers, which, copied) else { return };
        self.tablets[tablet].take_outcomes(asked, answer, self.now);
    }

    fn pull(&mut self, tablet: usize, most: usize, way: Way, copied: bool) {
        let (holder, from) = (self.tablets[tablet].holder, self.tablets[tablet].from());
        let place = if from.0 == self.server.restored_at { from.1 } else { ChangeSeq::default() };
        let answer = self.server.pull(holder, place, most, self.now);
        if copied || matches!(way, Way::HeldBack | Way::Late) {
            self.pulled.push((tablet, from, answer.clone()));
        }
        if way == Way::Whole {
            self.tablets[tablet].take_pulled(from, answer, self.now);
        }
    }

    fn take_pulled(&mut self, which: usize, copied: bool) {
        let Some((tablet, from, answer)) = pick(&mut self.pulled, which, copied) else { return };
        self.tablets[tablet].take_pulled(from, answer, self.now);
    }

    /// The network is well: what is on the way arrives, all tablets get in step, and holders choose until nothing asks. What
    /// became of commands before they chose is added to `met`.
    pub fn calm(&mut self, met: &mut Ledger) -> Result<(), TestCaseError> {
        while !self.requests.is_empty() {
            self.arrive(usize::MAX, false);
        }
        while !self.answers.is_empty() {
            self.answer(usize::MAX, false);
        }
        while !self.pulled.is_empty() {
            self.take_pulled(usize::MAX, false);
        }
        for round in 0.. {
            prop_assert!(round < 40, "it never comes to rest");
            (0..self.tablets.len()).for_each(|tablet| self.sync(tablet));
            for tablet in &self.tablets {
                ledger::all_are_decided(tablet)?;
                ledger::add(met, &tablet.outbox.ledger());
            }
            if !self.choose_all(round)? {
                break;
            }
        }
        (0..self.tablets.len()).for_each(|tablet| self.sync(tablet));
        Ok(())
    }

    fn sync(&mut self, tablet: usize) {
        self.tablets[tablet].outbox.lost();
        let waiting = |world: &Self| world.tablets[tablet].outbox.ledger().waiting;
        // As the program does: as long as the server decides about any, and once more when it turns out to have been restored.
        loop {
            while self.tablets[tablet].mixed {
                self.pull(tablet, 2, Way::Whole, false);
            }
            let (before, knew) = (waiting(self), self.tablets[tablet].restored_at);
            self.send(tablet, BATCH, Way::Whole, false);
            let restored = |world: &Self| world.tablets[tablet].restored_at != knew;
            if waiting(self) != before || restored(self) {
                continue;
            }
            while !restored(self) && self.tablets[tablet].from() < (self.server.restored_at, self.server.position()) {
                self.pull(tablet, 2, Way::Whole, false);
            }
            if !restored(self) {
                break;
            }
        }
    }

    /// Whether anything asked. After some rounds holders are tired of choosing, and give up. Who has chosen is not asked the same
    /// again.
    fn choose_all(&mut self, round: u64) -> Result<bool, TestCaseError> {
        let mut asked = false;
        for tablet in &mut self.tablets {
            for op in tablet.asking() {
                asked = true;
                if round < 3 {
                    tablet.choose(op, &mut Words(round), &mut self.ids, self.now);
                    let anew = tablet.written_anew(op);
                    prop_assert!(anew.is_none_or(|anew| !self.server.would_ask_again(anew)), "{anew:?}");
                } else {
                    tablet.outbox.withdraw(op).unwrap();
                }
            }
        }
        Ok(asked)
    }

    /// Everything that was ever sent arrives once more, the last first: nothing comes of it.
    pub fn echo(&mut self) -> Result<(), TestCaseError> {
        let before = (self.server.order.len(), self.server.position());
        for (tablet, push) in std::mem::take(&mut self.copies).into_iter().rev() {
            let asked = Asked::by(&push);
            let answer = self.decide(tablet, push, Way::Whole);
            self.tablets[tablet].take_outcomes(asked, answer, self.now);
        }
        prop_assert_eq!((self.server.order.len(), self.server.position()), before, "an old copy was applied");
        Ok(())
    }

    /// On all tablets and at the server the same stands, and nothing is ahead of it.
    pub fn is_in_step(&self) -> Result<(), TestCaseError> {
        for tablet in &self.tablets {
            let mut theirs = self.server.visible(tablet.holder);
            let bases: BTreeMap<NeighborId, Dossier> = tablet.bases.values().cloned().map(plain).collect();
            prop_assert_eq!(&bases, &theirs);
            theirs.values_mut().for_each(|dossier| settle(dossier, &DISTRICTS[0], self.now));
            let shown = tablet.people().into_iter().filter_map(|id| tablet.shown(id, self.now));
            prop_assert_eq!(&shown.map(plain).collect::<BTreeMap<_, _>>(), &theirs);
        }
        for dossier in self.server.dossiers.values() {
            prop_assert!(self.server.fields.agree(dossier));
            ledger::nothing_lies_ahead(dossier, self.now)?;
        }
        ledger::nothing_is_lost(&self.server, &self.tablets)
    }

    /// While the network is bad: every tablet counts what was written, and shows all of its own once.
    pub fn is_seen(&self) -> Result<(), TestCaseError> {
        for tablet in &self.tablets {
            ledger::counts(tablet)?;
            for id in tablet.people() {
                let shown = tablet.shown(id, self.now);
                ledger::shows_its_own_once(tablet, shown.as_ref())?;
            }
        }
        Ok(())
    }
}

/// A dossier without how far in the feed it is.
fn plain(dossier: Dossier) -> (NeighborId, Dossier) {
    (dossier.id(), Dossier { as_of: ChangeSeq::default(), ..dossier })
}
