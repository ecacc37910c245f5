//! Who does something, for whom, when and from where: the first argument of every store function.

use crate::open::Store;
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use domain::{
    ApiError,
    clock::{SharedClock, korean_day},
    ids::{RequestId, TenantId, UserId},
    policy::{Action, Actor, Decision, Kind, Resource, decide},
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// Where a command came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A page.
    Web,
    /// A tablet's outbox.
    Sync,
    /// The command line.
    Cli,
    /// A background job.
    Job,
}

impl Origin {
    /// The word in the audit trail.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Sync => "sync",
            Self::Cli => "cli",
            Self::Job => "job",
        }
    }
}

/// By whose right a command is applied.
#[derive(Clone, Debug, Default)]
pub enum Authority {
    /// The actor's, as it stands now.
    #[default]
    Own,
    /// Or else what the actor held when it was written: what came late from a tablet.
    AtWriting(Actor),
    /// That of somebody who holds the case now and takes over what the actor wrote.
    Lent(Actor),
}

/// The context of one operation.
#[derive(Clone, Debug)]
pub struct OpContext {
    /// The database with its keys.
    pub store: Store,
    /// Who.
    pub actor: Actor,
    /// Which request, for the log.
    pub request: RequestId,
    /// From where.
    pub origin: Origin,
    /// The network address, where there is one.
    pub address: Option<String>,
    /// Why, where a reason is asked for.
    pub purpose: Option<String>,
    /// What time it is.
    pub clock: SharedClock,
    /// When the command was written, where that was before it arrived.
    pub written_at: Option<DateTime<Utc>>,
    /// By whose right.
    pub authority: Authority,
    /// How far a long command has come.
    pub progress: Progress,
}

/// How far a long command has come, for a progress bar. Clones share one count.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<(AtomicU32, AtomicU32)>);

impl Progress {
    /// Starts with `total` things to do.
    pub fn begin(&self, total: u32) {
        self.0.0.store(0, Ordering::Relaxed);
        self.0.1.store(total, Ordering::Relaxed);
    }

    /// `more` things are done.
    pub fn advance(&self, more: u32) {
        self.0.0.fetch_add(more, Ordering::Relaxed);
    }

    /// How many are done, of how many; `(0, 0)` before the command has begun.
    #[must_use]
    pub fn now(&self) -> (u32, u32) {
        (self.0.0.load(Ordering::Relaxed), self.0.1.load(Ordering::Relaxed))
    }
}

impl OpContext {
    /// A context for `actor` from `origin`.
    #[must_use]
    pub fn new(store: Store, actor: Actor, origin: Origin, clock: SharedClock) -> Self {
        Self {
            store,
            actor,
            request: RequestId::new(),
            origin,
            address: None,
            purpose: None,
            clock,
            written_at: None,
            authority: Authority::Own,
            progress: Progress::default(),
        }
    }

    /// The present instant, in the microseconds that both engines keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// When what is being done was written: now, or on a tablet before.
    #[must_use]
    pub fn written_at(&self) -> DateTime<Utc> {
        self.written_at.map_or_else(|| self.now(), |at| at.trunc_subsecs(6))
    }

    /// The present Korean day.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        korean_day(self.now())
    }

    /// The actor's district.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.actor.tenant
    }

    /// The actor's account.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.actor.user
    }

    /// A district-wide thing of the actor's own district.
    #[must_use]
    pub const fn resource(&self, kind: Kind) -> Resource {
        Resource::of(kind, self.actor.tenant)
    }

    /// Goes on with a write only if policy allows it, by the right of whom [`Authority`] names.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_write(&self, action: Action, resource: &Resource) -> Result<(), ApiError> {
        match &self.authority {
            Authority::Own => self.check(action, resource),
            Authority::AtWriting(then) => {
                let now = self.check(action, resource);
                now.or_else(|refused| self.check_as(then, action, resource).map_err(|_then_too| refused))
            }
            Authority::Lent(holder) => self.check_as(holder, action, resource),
        }
    }

    /// Goes on only if policy allows it.
    ///
    /// # Errors
    /// [`ApiError::Forbidden`] or, for hidden things, [`ApiError::NotFound`].
    pub fn check(&self, action: Action, resource: &Resource) -> Result<(), ApiError> {
        self.check_as(&self.actor, action, resource)
    }

    /// As [`Self::check`], for what somebody else may, or the actor at another time.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(crate) fn check_as(&self, actor: &Actor, action: Action, resource: &Resource) -> Result<(), ApiError> {
        match decide(actor, action, resource) {
            Decision::Allow => Ok(()),
            Decision::Forbid => Err(ApiError::Forbidden),
            Decision::Hide => Err(ApiError::NotFound),
        }
    }
}
