//! The one error that crosses the wire. It has a code that the screen translates and never a cause:
//! causes go to the log.

use crate::merge::FieldConflict;
use serde::{Deserialize, Serialize};

/// What went wrong, in words that a screen can turn into "what happened and what to do".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ApiError {
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    Unauthenticated,
    /// Signed in, but the second factor is still missing.
    #[error("second factor required")]
    SecondFactorRequired,
    /// The password must be changed before anything else.
    #[error("password change required")]
    PasswordChangeRequired,
    /// Name or password (or code) is wrong; never says which.
    #[error("sign-in failed")]
    SignInFailed,
    /// This tablet was shut out, or its holder's account is locked: what it keeps must go.
    #[error("device revoked")]
    DeviceRevoked,
    /// Too many failures: wait this many seconds.
    #[error("locked for {seconds} s")]
    Locked {
        /// Seconds until the next try is accepted.
        seconds: u32,
    },
    /// The thing exists and is no secret, but this actor may not do that to it.
    #[error("forbidden")]
    Forbidden,
    /// There is no such thing, or it is hidden from this actor.
    #[error("not found")]
    NotFound,
    /// A field holds what it can't hold.
    #[error("invalid {field}: {reason:?}")]
    Invalid {
        /// The field's name in the command.
        field: String,
        /// What is wrong with it.
        reason: Invalid,
    },
    /// Someone else changed the same fields since `base_rev`.
    #[error("conflicting edit")]
    Conflict {
        /// Each field with both versions.
        fields: Vec<FieldConflict>,
        /// The revision that the choice must be based on.
        rev: i64,
    },
    /// The state does not allow this step (a closed case, a recorded visit).
    #[error("not possible now: {rule:?}")]
    NotNow {
        /// Which rule stands in the way.
        rule: Rule,
    },
    /// Too many requests: wait this many seconds.
    #[error("slow down")]
    TooMany {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The request could not be read.
    #[error("bad request")]
    BadRequest,
    /// The request is longer than is taken.
    #[error("too large")]
    TooLarge,
    /// There is no room left on the device that keeps it.
    #[error("no room")]
    NoRoom,
    /// The request was sent from another site.
    #[error("wrong origin")]
    WrongOrigin,
    /// The server is busy or the database is away; trying again helps.
    #[error("try again")]
    Unavailable,
    /// A fault of ours; the log knows more.
    #[error("internal error")]
    Internal,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{self:?}")]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// It must not be empty.
    Missing,
    /// It is longer than allowed.
    TooLong,
    /// It is shorter than allowed.
    TooShort,
    /// It looks like a resident registration number, which Iut never takes.
    ResidentNumber,
    /// Not a Korean phone number.
    Phone,
    /// Not a possible birth year.
    BirthYear,
    /// Not a dong of this district.
    UnknownDong,
    /// Not a code of the catalogue.
    UnknownCode,
    /// Not a person who can take this.
    UnknownUser,
    /// Not a team of this district.
    UnknownTeam,
    /// The end is not after the start.
    Order,
    /// Outside its range.
    Range,
    /// Taken already.
    Taken,
    /// The password is too easy to guess.
    WeakPassword,
    /// Not in the expected form.
    Form,
    /// A PIN that anybody would try first.
    EasyPin,
    /// Not the same as what was typed or said before.
    Differs,
    /// Not a picture in a form that is taken.
    NoPicture,
    /// A picture that still says where or with what it was taken.
    Metadata,
}

/// A rule that forbids a step in the present state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The case is closed.
    CaseClosed,
    /// The neighbor has an open case already.
    CaseOpen,
    /// The visit was recorded or cancelled already.
    VisitDone,
    /// The visit lies in the future.
    VisitAhead,
    /// The step before this one is missing.
    StepMissing,
    /// The transfer was decided already, or there is none.
    NoTransfer,
    /// A transfer waits for an answer.
    TransferPending,
    /// The worker has changed since, or has begun: the assignment can't be taken back.
    AssignmentBegun,
    /// Closing waits for a second person's answer.
    ClosurePending,
    /// Nobody asked to close the case.
    NoClosureRequest,
    /// The step's day lies in the future.
    StepAhead,
    /// The step's day lies before the step before it, or after the step after it.
    StepOrder,
    /// The entry was triaged already.
    Triaged,
    /// The two records were decided already.
    LinkDecided,
    /// The last administrator can't be removed.
    LastAdministrator,
    /// Nobody may do this to their own account.
    OwnAccount,
    /// A second worker is required (two-person flag).
    SecondWorker,
    /// The second factor is switched on already.
    SecondFactorOn,
    /// "Unreachable" needs more and more varied attempts first.
    TooFewAttempts,
    /// This month was signed off already.
    ReviewDone,
    /// The same thing was done with other content under this op id.
    OpIdReused,
    /// What came too late from a tablet was decided already.
    KeptDecided,
    /// Whoever holds the case now decided not to take over what was written.
    KeptDeclined,
    /// So much of one writer waits for a decision about one case that no more is kept.
    KeptFull,
}

impl ApiError {
    /// An error about one field.
    pub fn invalid(field: impl Into<String>, reason: Invalid) -> Self {
        Self::Invalid { field: field.into(), reason }
    }

    /// The HTTP status that goes with the error.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated
            | Self::SecondFactorRequired
            | Self::PasswordChangeRequired
            | Self::SignInFailed
            | Self::DeviceRevoked => 401,
            Self::Forbidden | Self::WrongOrigin => 403,
            Self::NotFound => 404,
            Self::Conflict { .. } | Self::NotNow { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::Locked { .. } | Self::TooMany { .. } => 429,
            Self::BadRequest => 400,
            Self::TooLarge => 413,
            Self::NoRoom => 507,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

impl From<Rule> for ApiError {
    fn from(rule: Rule) -> Self {
        Self::NotNow { rule }
    }
}
