//! What stands before everything that the tablet keeps: setting it up, and the PIN. What is behind it is made when it opens and gone
//! when it locks.

use super::{
    database::{self, Local, LocalError},
    enter::{SetUpScreen, UnlockScreen},
    tablet::{BEARER, Step, Tablet, set_tablet},
    tabs, touches, tries,
    vault::{Pin, TRIES, VaultError, VaultRecord, badge_of},
    wire,
};
use crate::{
    api::{Me, provide_holder},
    components::{live::Live, now::use_correction, prelude::*},
};
use domain::{ApiError, policy::Role, sync::replica::District, view::devices::DeviceSecrets};
use leptos::{ev, prelude::*, task::spawn_local};
use std::{rc::Rc, time::Duration};

/// A tablet that nobody touches locks itself: long enough for a talk at a door, too short to be found open.
const IDLE: Duration = Duration::from_secs(5 * 60);
/// How often the tablet asks the server: open for what is new, locked whether it was shut out.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// Why the tablet keeps nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    /// Too many wrong PINs.
    WrongPins,
    /// It was shut out.
    Revoked,
    /// Its holder wanted so.
    Wished,
}

/// What stands between a person and the tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Looking.
    Looking,
    /// The browser keeps no database, or it fails.
    Impossible(LocalError),
    /// Not set up, or not any more.
    New(Option<Erased>),
    /// Locked, after so many wrong PINs.
    Locked(u32),
    /// The PIN is being tried.
    Trying,
    /// Open.
    Open,
}

/// The lock of this tab.
#[derive(Clone, Copy)]
pub struct Gate {
    stand: RwSignal<Stand>,
    /// Grows with each opening, so that what is behind is made anew.
    opened: RwSignal<u32>,
    live: Live,
}

impl Gate {
    /// What stands between.
    #[must_use]
    pub fn stand(self) -> Signal<Stand> {
        self.stand.into()
    }

    /// The lock of this tab; its live signals wake the screens behind it.
    pub(super) fn follow() -> Self {
        let live = Live::new();
        provide_context(live);
        let (stand, opened) = (RwSignal::new(Stand::Looking), RwSignal::new(0_u32));
        let gate = Self { stand, opened, live };
        gate.look();
        gate.follow_idleness();
        gate.follow_server();
        gate.follow_tabs();
        let correct = use_correction();
        Effect::new(move |_| {
            if opened.get() > 0 {
                correct();
            }
        });
        provide_context(gate);
        gate
    }

    pub(super) fn look(self) {
        spawn_local(async move {
            let found = async { tries::look(&database::open().await?).await };
            self.stand.set(match found.await {
                // The tab was closed before the last wrong PIN had its end.
                Ok(Some(record)) if record.wrong >= TRIES => return self.erase(Erased::WrongPins),
                Ok(Some(record)) => {
                    self.ask_for_standing();
                    Stand::Locked(record.wrong)
                }
                Ok(None) => Stand::New(None),
                Err(error) => Stand::Impossible(error),
            });
        });
    }

    /// Locks at once, in all tabs.
    pub fn lock(self) {
        self.shut();
        tabs::tell(tabs::LOCKED);
    }

    fn shut(self) {
        set_tablet(None);
        self.stand.set(Stand::Looking);
        self.look();
    }

    /// A locked tablet can't ask for what it keeps, but it can ask whether it was shut out. What can't be asked or read now is asked again
    /// soon.
    fn ask_for_standing(self) {
        spawn_local(async move {
            let Ok(Some(asked)) = badge().await else { return };
            // The answer may come late: to another vault, or when somebody has the PIN, who goes on to where the same is asked.
            if wire::shut_out(&asked).await
                && badge().await == Ok(Some(asked))
                && matches!(self.stand.get_untracked(), Stand::Locked(_))
            {
                self.erase(Erased::Revoked);
            }
        });
    }

    fn follow_tabs(self) {
        tabs::hear(move |word| match (word, super::tablet()) {
            (tabs::LOCKED, _) => self.shut(),
            (tabs::CHANGED, Some(tablet)) => spawn_local(async move {
                // What can't be read now is read when it is asked for, and says so then.
                let _ = tablet.reload().await;
            }),
            _ => {}
        });
    }

    /// Erases everything that the tablet keeps.
    pub fn erase(self, why: Erased) {
        set_tablet(None);
        self.stand.set(Stand::Looking);
        spawn_local(async move {
            let erased = async {
                let database = database::open().await?;
                database::wipe(&database).await?;
                tries::forget();
                Ok(())
            };
            match erased.await {
                Ok(()) => {
                    self.stand.set(Stand::New(Some(why)));
                    tabs::tell(tabs::LOCKED);
                }
                Err(error) => self.stand.set(Stand::Impossible(error)),
            }
        });
    }

    /// Tries a PIN.
    pub(super) fn unlock(self, pin: Pin) {
        self.stand.set(Stand::Trying);
        // The screen says so before the try keeps it busy.
        set_timeout(move || spawn_local(async move { self.try_pin(pin).await }), Duration::from_millis(30));
    }

    async fn try_pin(self, pin: Pin) {
        match open_with(&pin, self.live).await {
            Ok(Ok(tablet)) => self.enter(tablet),
            Ok(Err(wrong)) if wrong >= TRIES => self.erase(Erased::WrongPins),
            Ok(Err(wrong)) => self.stand.set(Stand::Locked(wrong)),
            Err(error) => self.stand.set(Stand::Impossible(error)),
        }
    }

    fn enter(self, tablet: Rc<Tablet>) {
        set_tablet(Some(Rc::clone(&tablet)));
        touches::note();
        self.opened.update(|opened| *opened += 1);
        self.stand.set(Stand::Open);
        tablet.sync_soon();
    }

    /// Makes a vault for a tablet that was set up just now, and opens it.
    pub(super) async fn begin(self, secrets: DeviceSecrets, pin: Pin) -> Result<(), LocalError> {
        let database = database::open().await?;
        if database::vault(&database).await?.is_some() {
            // Another tab was quicker; what it keeps stays.
            self.look();
            return Ok(());
        }
        database::wipe(&database).await?;
        tries::forget();
        let (mut record, key) = VaultRecord::make(secrets.device, &secrets.secret, &pin, &database::dice()?)?;
        let local = Local::new(database, key);
        let bearer = local.put(database::Shelf::Meta, BEARER, &secrets.bearer)?;
        local.write(vec![bearer]).await?;
        record.badge = badge_of(&secrets.bearer);
        // Last: without it nothing of what came before counts.
        database::put_vault(local.database(), &record).await?;
        self.enter(Tablet::open(local, secrets.device, self.live).await?);
        Ok(())
    }

    fn follow_idleness(self) {
        let _ = window_event_listener(ev::pointerdown, |_| touches::note());
        let _ = window_event_listener(ev::keydown, |_| touches::note());
        // What is dictated or drawn comes without a key.
        let _ = window_event_listener(ev::input, |_| touches::note());
        let check = move || {
            if self.stand.get_untracked() == Stand::Open && touches::idle_for() > IDLE {
                self.lock();
            }
        };
        // A tab that was asleep looks when it wakes, before anybody can.
        let _ = document_listener("visibilitychange", check);
        let _ = set_interval_with_handle(check, Duration::from_secs(5));
    }

    fn follow_server(self) {
        let ask = move || match super::tablet() {
            Some(tablet) => tablet.sync_soon(),
            None => match self.stand.get_untracked() {
                Stand::Locked(_) => self.ask_for_standing(),
                // What the browser refused it may allow now; a tablet that could not be erased is then asked for its standing again.
                Stand::Impossible(LocalError::Failed | LocalError::Full | LocalError::Missing) => self.look(),
                Stand::Impossible(LocalError::Tampered) | Stand::Looking | Stand::New(_) | Stand::Trying | Stand::Open => {}
            },
        };
        let _ = window_event_listener(ev::online, move |_| ask());
        let _ = set_interval_with_handle(ask, ASK_EVERY);
        // A tablet that was shut out keeps nothing.
        Effect::new(move |_| {
            let _ = self.opened.get();
            let Some(tablet) = super::tablet() else { return };
            let step = tablet.step();
            Effect::new(move |_| {
                if step.get() == Step::Refused(ApiError::DeviceRevoked) {
                    self.erase(Erased::Revoked);
                }
            });
        });
    }
}

/// The badge that the vault has now.
async fn badge() -> Result<Option<String>, LocalError> {
    let database = database::open().await?;
    let record = database::vault(&database).await;
    // Asked every minute: a connection left open would stand in the way of a newer form of the database.
    database.close();
    Ok(record?.and_then(|record| record.badge))
}

fn document_listener(name: &str, run: impl Fn() + 'static) -> Result<(), wasm_bindgen::JsValue> {
    use wasm_bindgen::{JsCast, closure::Closure};
    let run = Closure::<dyn Fn()>::new(run);
    let added = document().add_event_listener_with_callback(name, run.as_ref().unchecked_ref());
    run.forget();
    added
}

/// Opens the vault, or says how many wrong PINs there were. A try counts before it is made.
async fn open_with(pin: &Pin, live: Live) -> Result<Result<Rc<Tablet>, u32>, LocalError> {
    let database = database::open().await?;
    let mut record = tries::count(&database).await?;
    if record.wrong > TRIES {
        return Ok(Err(record.wrong));
    }
    let key = match record.unlock(pin) {
        Ok(key) => key,
        Err(VaultError::WrongPin) => return Ok(Err(record.wrong)),
        Err(error) => return Err(error.into()),
    };
    let local = Local::new(database, key);
    if record.badge.is_none() {
        // Set up by a version that knew no badges. What can't be read is told below, once the PIN counts as right.
        let bearer = local.get::<String>(database::Shelf::Meta, BEARER).await.ok().flatten();
        record.badge = bearer.as_deref().and_then(badge_of);
    }
    tries::forgive(local.database(), &mut record).await?;
    Tablet::open(local, record.device, live).await.map(Ok)
}

impl Gate {
    /// Another PIN for the same tablet. The former one is tried first, and counts as a try.
    pub(super) async fn change_pin(self, former: &Pin, pin: &Pin) -> Result<Result<(), u32>, LocalError> {
        let database = database::open().await?;
        let mut record = tries::count(&database).await?;
        let key = if record.wrong > TRIES { Err(VaultError::WrongPin) } else { record.unlock(former) };
        let key = match key {
            Ok(key) => key,
            Err(VaultError::WrongPin) => {
                if record.wrong >= TRIES {
                    self.erase(Erased::WrongPins);
                }
                return Ok(Err(record.wrong));
            }
            Err(error) => return Err(error.into()),
        };
        record.change_pin(&key, pin, database::random()?, database::random()?)?;
        record.wrong = 0;
        database::put_vault(&database, &record).await?;
        tries::forget();
        Ok(Ok(()))
    }
}

/// Shows its children while the tablet is open, and what is to be done before that otherwise.
#[component]
pub(super) fn Locked(
    /// What is behind the lock.
    children: ChildrenFn,
) -> impl IntoView {
    let gate = use_context::<Gate>().unwrap_or_else(Gate::follow);
    let open = Memo::new(move |_| (gate.stand.get() == Stand::Open).then(|| gate.opened.get()));
    let children = StoredValue::new(children);
    move || match open.get().and_then(|_| super::tablet()) {
        Some(tablet) => view! { <Opened tablet=StoredValue::new_local(tablet) children=children.get_value() /> }.into_any(),
        None => view! { <Before gate /> }.into_any(),
    }
}

/// What is behind the lock, once the first part of it has come.
#[component]
fn Opened(tablet: StoredValue<Rc<Tablet>, LocalStorage>, children: ChildrenFn) -> impl IntoView {
    let version = tablet.with_value(|tablet| tablet.version());
    let holder = Memo::new(move |_| {
        let _ = version.get();
        let district = tablet.with_value(|tablet| tablet.district()).ok()?;
        let District { me, name_ko, name_en, .. } = district;
        // A tablet is for those who have cases of their own.
        let roles = vec![Role::Caseworker];
        Some(Me { user: me.id, name: me.name, roles, district_ko: name_ko, district_en: name_en })
    });
    let children = StoredValue::new(children);
    move || match holder.get() {
        Some(me) => {
            provide_holder(me);
            children.get_value()().into_any()
        }
        None => view! { <super::enter::FirstLoad tablet /> }.into_any(),
    }
}

#[component]
fn Before(gate: Gate) -> impl IntoView {
    // The screen of the PIN stays while one is tried, so that what it says is read out.
    let which = Memo::new(move |_| match gate.stand.get() {
        Stand::Trying | Stand::Locked(_) => Stand::Locked(0),
        other => other,
    });
    move || match which.get() {
        Stand::Looking | Stand::Open => view! { <Skeleton lines=6_usize /> }.into_any(),
        Stand::Impossible(error) => view! { <super::enter::ImpossibleScreen gate error /> }.into_any(),
        Stand::New(erased) => view! { <SetUpScreen gate erased /> }.into_any(),
        Stand::Locked(_) | Stand::Trying => view! { <UnlockScreen gate /> }.into_any(),
    }
}
