//! Every change of state, as data. Online pages, imports, jobs and tablets that were offline for days all
//! hand the same commands to the store.

use crate::{
    attachment::{AttachmentKind, Content},
    case::{ClosureReason, Step, Urgency},
    catalogue::{Indicator, Sign},
    ids::{
        AssignmentId, AttachmentId, CaseId, DeviceId, HouseholdId, LinkId, MemberId, NeighborId, NoteId, OpId, Rev, ReviewId,
        RoundEntryId, RoundId, SeriesId, TeamId, UserId, ViewId, VisitId,
    },
    merge::{Edit, FieldConflict},
    policy::{Role, Scope},
    profile::{Channel, HouseholdMember, MemberEdits, NeighborProfile, ProfileEdits},
    recurrence::Recurrence,
    round::{NoActionReason, RoundPeriod, RoundRow},
    settings::Settings,
    text::DongCode,
    visit::{CancelReason, Outcome, Plan, VisitKind, Window},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One command on its way: sent once or many times, applied once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Envelope {
    /// Made by the writer; the same id is never applied twice.
    pub op_id: OpId,
    /// The revision that the writer saw, where the command changes an existing row.
    #[serde(default)]
    pub base_rev: Option<Rev>,
    /// When the writer made it, by the writer's clock.
    pub made_at: DateTime<Utc>,
    /// What to do.
    pub command: Command,
}

impl Envelope {
    /// A fresh envelope around `command`.
    #[must_use]
    pub fn new(command: impl Into<Command>, made_at: DateTime<Utc>) -> Self {
        Self { op_id: OpId::new(), base_rev: None, made_at, command: command.into() }
    }

    /// The same envelope, based on `rev`.
    #[must_use]
    pub const fn based_on(mut self, rev: Rev) -> Self {
        self.base_rev = Some(rev);
        self
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident($inner:ty),)+) => {
        /// A change of state, by aggregate.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(tag = "aggregate", content = "do", rename_all = "snake_case")]
        pub enum Command { $($(#[$doc])* $variant($inner),)+ }
        $(impl From<$inner> for Command {
            fn from(command: $inner) -> Self {
                Self::$variant(command)
            }
        })+
    };
}

commands! {
    /// About a person.
    Neighbor(NeighborCommand),
    /// About a case.
    Case(CaseCommand),
    /// About visits.
    Visit(VisitCommand),
    /// About photos and signatures.
    Attachment(AttachmentCommand),
    /// About what came from a tablet too late.
    Kept(KeptCommand),
    /// About discovery rounds.
    Round(RoundCommand),
    /// About two records that may be one person.
    Link(LinkCommand),
    /// About accounts.
    User(UserCommand),
    /// About teams.
    Team(TeamCommand),
    /// About indicators and signs.
    Catalogue(CatalogueCommand),
    /// About settings.
    Setting(SettingCommand),
    /// About saved list views.
    View(ViewCommand),
    /// About the monthly review of the access log.
    Review(ReviewCommand),
}

/// About a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum NeighborCommand {
    /// Write down somebody who is not known yet.
    Register {
        /// Id of the new record.
        id: NeighborId,
        /// Id of the new household.
        household: HouseholdId,
        /// What is known.
        profile: Box<NeighborProfile>,
        /// Who else lives there.
        members: Vec<HouseholdMember>,
        /// Codes of signs ticked.
        signs: Vec<String>,
        /// How we learned of the person.
        learned_from: Channel,
        /// Look-alikes that the worker judged to be other people.
        different_from: Vec<NeighborId>,
        /// The case to open at once, with the chosen urgency.
        open_case: Option<(CaseId, Urgency)>,
    },
    /// "This is the same person": a report about somebody who is known.
    Recognise {
        /// The known person.
        id: NeighborId,
        /// Codes of signs ticked.
        signs: Vec<String>,
        /// How we learned this time.
        learned_from: Channel,
    },
    /// Change fields.
    Edit {
        /// Whom.
        id: NeighborId,
        /// Which fields, from what to what.
        edits: Box<ProfileEdits>,
    },
    /// Add a household member, or put one back who was taken off.
    PutMember {
        /// Whose household.
        id: NeighborId,
        /// The member.
        member: HouseholdMember,
    },
    /// Change fields of a household member.
    EditMember {
        /// Whose household.
        id: NeighborId,
        /// The member.
        member: MemberId,
        /// Which fields, from what to what.
        edits: Box<MemberEdits>,
    },
    /// Take a member off the household.
    RemoveMember {
        /// Whose household.
        id: NeighborId,
        /// The member.
        member: MemberId,
    },
    /// Make the record exist only for those named; an empty list lifts the restriction.
    Restrict {
        /// Whom.
        id: NeighborId,
        /// For whom it still exists.
        only: Vec<UserId>,
    },
}

/// About a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum CaseCommand {
    /// Open one; it waits in the unassigned queue of the dong's team unless a worker is named.
    Open {
        /// Id of the new case.
        id: CaseId,
        /// Whose.
        neighbor: NeighborId,
        /// How soon a first contact is due.
        urgency: Urgency,
        /// How we learned.
        learned_from: Channel,
        /// Who takes it at once.
        worker: Option<UserId>,
    },
    /// Judge the urgency anew, with a reason.
    SetUrgency {
        /// Which.
        id: CaseId,
        /// From what to what.
        urgency: Edit<Urgency>,
        /// Why, at most 500 characters.
        reason: String,
    },
    /// Give cases to a worker.
    Assign {
        /// Which, 1–200.
        cases: Vec<(CaseId, AssignmentId)>,
        /// To whom.
        worker: UserId,
    },
    /// Take assignments back, as long as the worker has done nothing with the cases: whoever had them before has them again.
    TakeBack {
        /// Which, 1–200.
        assignments: Vec<AssignmentId>,
    },
    /// Offer a case to another worker.
    Transfer {
        /// Id of the offer.
        id: AssignmentId,
        /// Which case.
        case: CaseId,
        /// To whom.
        worker: UserId,
        /// Why, at most 500 characters.
        reason: String,
    },
    /// Accept or reject an offered case.
    AnswerTransfer {
        /// The offer.
        id: AssignmentId,
        /// Yes or no.
        accept: bool,
        /// Why not, required when rejecting.
        reason: Option<String>,
    },
    /// Say that a step was done.
    RecordStep {
        /// Which case.
        id: CaseId,
        /// Which step.
        step: Step,
        /// On which day, not in the future.
        on: NaiveDate,
    },
    /// Write a note.
    AddNote {
        /// Id of the note.
        id: NoteId,
        /// Which case.
        case: CaseId,
        /// The note, 1–10,000 characters.
        body: String,
    },
    /// Close it. "Unreachable" needs enough attempts and waits for a second person.
    Close {
        /// Which.
        id: CaseId,
        /// Why.
        reason: ClosureReason,
        /// In words, 1–2,000 characters.
        explanation: String,
    },
    /// The second person's answer to closing as unreachable.
    AnswerClosure {
        /// Which.
        id: CaseId,
        /// Yes or no.
        approve: bool,
        /// Comment, required when refusing.
        comment: Option<String>,
    },
    /// Open a closed case again.
    Reopen {
        /// Which.
        id: CaseId,
        /// Why, 1–2,000 characters.
        reason: String,
    },
}

/// About visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum VisitCommand {
    /// Plan one visit or a series.
    Schedule {
        /// Id of the first visit; later ones of a series are derived from it.
        id: VisitId,
        /// Id of the series, when there is one.
        series: Option<SeriesId>,
        /// Which case.
        case: CaseId,
        /// How.
        kind: VisitKind,
        /// When the first one takes place.
        window: Window,
        /// Who goes.
        worker: UserId,
        /// Who goes along.
        second_worker: Option<UserId>,
        /// Whether nobody may go alone.
        two_person: bool,
        /// What for, at most 200 characters.
        purpose: Option<String>,
        /// How it recurs.
        recurrence: Option<Recurrence>,
    },
    /// Another time, another worker.
    Move {
        /// Which.
        id: VisitId,
        /// When now.
        window: Window,
        /// Who goes now.
        worker: UserId,
        /// Who goes along now.
        second_worker: Option<UserId>,
        /// What the writer saw; none from programs that did not say so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Plan>,
    },
    /// Not at all.
    Cancel {
        /// Which.
        id: VisitId,
        /// Why.
        reason: CancelReason,
        /// The later ones of the series too.
        following: bool,
    },
    /// What happened.
    Record {
        /// Which.
        id: VisitId,
        /// When it happened.
        at: DateTime<Utc>,
        /// What happened.
        outcome: Outcome,
        /// Codes of signs seen.
        signs: Vec<String>,
        /// Note, at most 10,000 characters.
        note: Option<String>,
    },
    /// What happened, without a plan before it: a contact attempt on the way.
    RecordUnplanned {
        /// Id of the new visit.
        id: VisitId,
        /// Which case.
        case: CaseId,
        /// How.
        kind: VisitKind,
        /// When it happened.
        at: DateTime<Utc>,
        /// What happened.
        outcome: Outcome,
        /// Codes of signs seen.
        signs: Vec<String>,
        /// Note, at most 10,000 characters.
        note: Option<String>,
    },
}

/// About photos and signatures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum AttachmentCommand {
    /// Add one to a case. Its bytes follow.
    Add {
        /// Id of the attachment.
        id: AttachmentId,
        /// Which case.
        case: CaseId,
        /// At which visit of the case.
        visit: Option<VisitId>,
        /// What it shows.
        kind: AttachmentKind,
        /// What its bytes will be.
        content: Content,
        /// What is to be seen, at most 200 characters.
        caption: Option<String>,
    },
    /// Take one off. Its bytes go; that it was there stays.
    Remove {
        /// Which.
        id: AttachmentId,
        /// Of which case.
        case: CaseId,
        /// Why, 1–200 characters.
        reason: String,
    },
    /// Its bytes have arrived and are what was said. The server's own: it is refused while a part is missing.
    Complete {
        /// Which.
        id: AttachmentId,
    },
}

/// About what was written on a tablet and could not be applied any more, because the case was somebody else's by then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum KeptCommand {
    /// Keep one for those who hold the case now. The server's own: it is refused for a case that the writer never had.
    Keep {
        /// Which case it is about.
        case: CaseId,
        /// When it was written, by the server's clock.
        written_at: DateTime<Utc>,
        /// What was written.
        #[cfg_attr(feature = "openapi", schema(no_recursion))]
        envelope: Box<Envelope>,
    },
    /// Decide about one.
    Answer {
        /// The op id of what was written.
        op: OpId,
        /// Of which case.
        case: CaseId,
        /// Whether it is to be applied, as written by its writer at that time.
        accept: bool,
        /// Why not, 1–500 characters; nothing when accepted.
        reason: Option<String>,
        /// What is to stand where others changed the same fields meanwhile: both versions, and the one that was chosen.
        #[serde(default)]
        chosen: Vec<(FieldConflict, serde_json::Value)>,
    },
}

/// About discovery rounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum RoundCommand {
    /// Load the good rows of one file, all or none.
    Import {
        /// Id of the round if it is new.
        id: RoundId,
        /// Which list.
        period: RoundPeriod,
        /// The rows.
        rows: Vec<RoundRow>,
    },
    /// Open a case for each entry (or attach it to the neighbor's open case).
    OpenCases {
        /// Which, 1–200, each with the id for its new case.
        entries: Vec<(RoundEntryId, CaseId)>,
        /// How soon a first contact is due.
        urgency: Urgency,
        /// Who takes them at once.
        worker: Option<UserId>,
    },
    /// Another district serves this person now.
    PassOn {
        /// Which.
        entry: RoundEntryId,
        /// To which district, 1–60 characters.
        district: String,
    },
    /// Nothing is to be done.
    NoAction {
        /// Which, 1–200.
        entries: Vec<RoundEntryId>,
        /// Why.
        reason: NoActionReason,
    },
    /// Take a decision back (undo), as long as no case was opened by it.
    Reconsider {
        /// Which.
        entry: RoundEntryId,
    },
}

/// About two records that may be one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum LinkCommand {
    /// Decide. "Same" moves everything of the newer record to the older one.
    Decide {
        /// Which pair.
        id: LinkId,
        /// Same person or not.
        same: bool,
    },
    /// Take "different" back (undo): the pair waits for a decision again. "Same" can't be taken back.
    Reconsider {
        /// Which pair.
        id: LinkId,
    },
}

/// About accounts. Passwords and second factors never travel in a command; see `store::accounts`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum UserCommand {
    /// A new account without a password; it gets one by a one-time link or the command line.
    Add {
        /// Id.
        id: UserId,
        /// Sign-in name: 3–40 of a–z, 0–9, `.`, `-`, `_`.
        login: String,
        /// Name on screens, 1–60 characters.
        name: String,
    },
    /// Change the name on screens.
    Rename {
        /// Whom.
        id: UserId,
        /// New name.
        name: String,
    },
    /// Lock or unlock; locking ends all sessions.
    Lock {
        /// Whom.
        id: UserId,
        /// Locked or not.
        locked: bool,
    },
    /// Grant a role.
    Grant {
        /// Id of the grant.
        id: crate::ids::GrantId,
        /// To whom.
        user: UserId,
        /// Which role.
        role: Role,
        /// How far.
        scope: Scope,
    },
    /// End a grant; it stays in the history.
    EndGrant {
        /// Which.
        id: crate::ids::GrantId,
        /// Why, at most 200 characters.
        reason: String,
    },
    /// Shut a tablet out: it wipes itself when it next asks. One's own, or an administrator anybody's.
    RevokeDevice {
        /// Which.
        id: DeviceId,
    },
    /// Own language and look.
    Prefer {
        /// `ko` or `en`.
        locale: Option<String>,
        /// `light`, `dark`, `contrast` or `system`.
        theme: Option<String>,
    },
}

/// About teams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum TeamCommand {
    /// Make or rename a team.
    Put {
        /// Which.
        id: TeamId,
        /// Korean name, 1–60 characters.
        name_ko: String,
        /// English name, 1–60 characters.
        name_en: String,
    },
    /// Say which dongs a team serves; they leave the teams that served them. Open cases stay with their team.
    ServeDongs {
        /// Which.
        id: TeamId,
        /// Which dongs.
        dongs: Vec<DongCode>,
    },
}

/// About indicators and signs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum CatalogueCommand {
    /// Make an indicator or a new version of it.
    PutIndicator {
        /// The entry; its version is set by the store.
        indicator: Indicator,
    },
    /// Make a sign or a new version of it.
    PutSign {
        /// The entry; its version is set by the store.
        sign: Sign,
    },
}

/// About settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum SettingCommand {
    /// Replace the district's settings.
    Put {
        /// The settings.
        settings: Box<Settings>,
    },
}

/// About saved list views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum ViewCommand {
    /// Keep a view under a name.
    Save {
        /// Id.
        id: ViewId,
        /// Name, 1–40 characters.
        name: String,
        /// Which list.
        list: String,
        /// The filter as the address bar shows it, at most 500 characters.
        query: String,
    },
    /// Forget a view.
    Delete {
        /// Which.
        id: ViewId,
    },
}

/// About the monthly review of the access log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum ReviewCommand {
    /// Sign a month off.
    SignOff {
        /// Id.
        id: ReviewId,
        /// First day of the month.
        month: NaiveDate,
        /// What was found, at most 2,000 characters.
        finding: String,
    },
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The revision of the row that the command was about.
    pub rev: Rev,
    /// The last position of its changes in the feed.
    pub seq: crate::ids::ChangeSeq,
    /// Whether it had been applied before.
    pub repeated: bool,
    /// Whether it was merged with changes that came between.
    pub merged: bool,
    /// What an import did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Box<crate::round::ImportReport>>,
}
