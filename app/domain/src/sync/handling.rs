//! What becomes of each command on its way from a tablet: whether it can be made without a network, how it meets what others
//! wrote meanwhile, and which things it makes and needs. A new command does not compile without its entry here.

use crate::{
    command::{
        AttachmentCommand, CaseCommand, CatalogueCommand, Command, KeptCommand, LinkCommand, NeighborCommand, ReviewCommand,
        RoundCommand, SettingCommand, TeamCommand, UserCommand, ViewCommand, VisitCommand,
    },
    recurrence::Recurrence,
    visit::occurrence_id,
};
use uuid::Uuid;

/// Whether a command can be made without a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere: it waits in the outbox.
    Field,
    /// Only with a network, because it decides about what others hold or wait for, which changes by the minute.
    Shared,
    /// Only with a network, because it is office work: accounts, lists, settings, the trail.
    Office,
}

/// How a command meets what others wrote about the same thing since its writer last heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merging {
    /// It adds something of its own; both stay.
    Append,
    /// It adds to a set; the union stays.
    Union,
    /// Field by field: an untouched field takes the edit, a field that others changed waits for a person's choice.
    Fields,
    /// Both stay in the history; the record shows what was said last.
    Last,
    /// It takes something away for good. Whoever comes second finds it done.
    Gone,
    /// It can happen once. Whoever comes second is refused with the rule, and the writing waits for a person's choice.
    Once,
}

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handling {
    /// Whether it can be made without a network.
    pub reach: Reach,
    /// How it meets what others wrote.
    pub merging: Merging,
}

const fn handling(reach: Reach, merging: Merging) -> Handling {
    Handling { reach, merging }
}

impl Command {
    /// What becomes of the command on its way from a tablet.
    #[must_use]
    pub const fn handling(&self) -> Handling {
        use Merging::{Append, Fields, Gone, Last, Once, Union};
        use Reach::{Field, Office, Shared};
        match self {
            Self::Neighbor(command) => match command {
                NeighborCommand::Register { .. } => handling(Field, Append),
                NeighborCommand::Recognise { .. } | NeighborCommand::PutMember { .. } => handling(Field, Union),
                NeighborCommand::Edit { .. } | NeighborCommand::EditMember { .. } => handling(Field, Fields),
                // An edit that did not know of it puts the member back.
                NeighborCommand::RemoveMember { .. } => handling(Field, Last),
                NeighborCommand::Restrict { .. } => handling(Shared, Last),
            },
            Self::Case(command) => match command {
                CaseCommand::Open { .. } => handling(Field, Once),
                CaseCommand::SetUrgency { .. } => handling(Field, Fields),
                CaseCommand::RecordStep { .. } => handling(Field, Last),
                CaseCommand::AddNote { .. } => handling(Field, Append),
                CaseCommand::Assign { .. }
                | CaseCommand::TakeBack { .. }
                | CaseCommand::Transfer { .. }
                | CaseCommand::AnswerTransfer { .. }
                | CaseCommand::Close { .. }
                | CaseCommand::AnswerClosure { .. }
                | CaseCommand::Reopen { .. } => handling(Shared, Once),
            },
            Self::Visit(command) => match command {
                VisitCommand::Schedule { .. } | VisitCommand::RecordUnplanned { .. } => handling(Field, Append),
                VisitCommand::Move { .. } => handling(Field, Fields),
                VisitCommand::Cancel { .. } | VisitCommand::Record { .. } => handling(Field, Once),
            },
            Self::Attachment(command) => match command {
                AttachmentCommand::Add { .. } => handling(Field, Append),
                AttachmentCommand::Remove { .. } => handling(Field, Gone),
                AttachmentCommand::Complete { .. } => handling(Office, Once),
            },
            Self::Kept(command) => match command {
                KeptCommand::Keep { .. } => handling(Office, Append),
                KeptCommand::Answer { .. } => handling(Shared, Once),
            },
            Self::Round(command) => match command {
                RoundCommand::Import { .. } => handling(Office, Union),
                RoundCommand::OpenCases { .. }
                | RoundCommand::PassOn { .. }
                | RoundCommand::NoAction { .. }
                | RoundCommand::Reconsider { .. } => handling(Shared, Once),
            },
            Self::Link(LinkCommand::Decide { .. } | LinkCommand::Reconsider { .. }) => handling(Shared, Once),
            Self::User(command) => match command {
                UserCommand::Add { .. } => handling(Office, Append),
                UserCommand::Rename { .. }
                | UserCommand::Lock { .. }
                | UserCommand::RevokeDevice { .. }
                | UserCommand::Prefer { .. } => handling(Office, Last),
                UserCommand::Grant { .. } => handling(Office, Union),
                UserCommand::EndGrant { .. } => handling(Office, Once),
            },
            Self::Team(TeamCommand::Put { .. } | TeamCommand::ServeDongs { .. }) => handling(Office, Last),
            Self::Catalogue(CatalogueCommand::PutIndicator { .. } | CatalogueCommand::PutSign { .. })
            | Self::Setting(SettingCommand::Put { .. }) => handling(Office, Fields),
            Self::View(ViewCommand::Save { .. } | ViewCommand::Delete { .. }) => handling(Office, Last),
            Self::Review(ReviewCommand::SignOff { .. }) => handling(Office, Once),
        }
    }

    /// The ids of the things that the command makes, as far as a later command of the field may be about them.
    #[must_use]
    pub fn makes(&self) -> Vec<Uuid> {
        match self {
            Self::Neighbor(NeighborCommand::Register { id, members, open_case, .. }) => {
                let members = members.iter().map(|member| member.id.0);
                [id.0].into_iter().chain(members).chain(open_case.map(|(case, _)| case.0)).collect()
            }
            Self::Neighbor(NeighborCommand::PutMember { member, .. }) => vec![member.id.0],
            Self::Case(CaseCommand::Open { id, .. }) => vec![id.0],
            Self::Visit(VisitCommand::Schedule { id, series, window, recurrence, .. }) => {
                let later = |rule: &Recurrence| u16::try_from(rule.expand(*window).len()).unwrap_or(u16::MAX);
                let later = series.zip(recurrence.as_ref().map(later));
                let later = later.into_iter().flat_map(|(series, count)| (1..count).map(move |n| occurrence_id(series, n).0));
                [id.0].into_iter().chain(later).collect()
            }
            Self::Visit(VisitCommand::RecordUnplanned { id, .. }) => vec![id.0],
            Self::Attachment(AttachmentCommand::Add { id, .. }) => vec![id.0],
            _ => Vec::new(),
        }
    }

    /// The ids of the things that must be there before a command of the field can be applied.
    #[must_use]
    pub fn needs(&self) -> Vec<Uuid> {
        match self {
            Self::Neighbor(command) => match command {
                NeighborCommand::Register { .. } => Vec::new(),
                NeighborCommand::Recognise { id, .. }
                | NeighborCommand::Edit { id, .. }
                | NeighborCommand::PutMember { id, .. }
                | NeighborCommand::Restrict { id, .. } => vec![id.0],
                NeighborCommand::EditMember { id, member, .. } | NeighborCommand::RemoveMember { id, member } => {
                    vec![id.0, member.0]
                }
            },
            Self::Case(command) => match command {
                CaseCommand::Open { neighbor, .. } => vec![neighbor.0],
                CaseCommand::SetUrgency { id, .. }
                | CaseCommand::RecordStep { id, .. }
                | CaseCommand::Close { id, .. }
                | CaseCommand::AnswerClosure { id, .. }
                | CaseCommand::Reopen { id, .. } => vec![id.0],
                CaseCommand::AddNote { case, .. } | CaseCommand::Transfer { case, .. } => vec![case.0],
                CaseCommand::Assign { cases, .. } => cases.iter().map(|(case, _)| case.0).collect(),
                CaseCommand::AnswerTransfer { id, .. } => vec![id.0],
                CaseCommand::TakeBack { assignments } => assignments.iter().map(|id| id.0).collect(),
            },
            Self::Visit(command) => match command {
                VisitCommand::Schedule { case, .. } | VisitCommand::RecordUnplanned { case, .. } => vec![case.0],
                VisitCommand::Move { id, .. } | VisitCommand::Cancel { id, .. } | VisitCommand::Record { id, .. } => vec![id.0],
            },
            Self::Attachment(command) => match command {
                AttachmentCommand::Add { case, visit, .. } => [case.0].into_iter().chain(visit.map(|visit| visit.0)).collect(),
                AttachmentCommand::Remove { id, case, .. } => vec![case.0, id.0],
                AttachmentCommand::Complete { id } => vec![id.0],
            },
            _ => Vec::new(),
        }
    }
}
