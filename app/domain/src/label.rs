//! A stable word for every command: for the trail, for policy tables and for tests that must list them all.

use crate::command::{
    AttachmentCommand, CaseCommand, CatalogueCommand, Command, KeptCommand, LinkCommand, NeighborCommand, ReviewCommand,
    RoundCommand, SettingCommand, TeamCommand, UserCommand, ViewCommand, VisitCommand,
};

impl Command {
    /// The label of every command.
    pub const ALL_LABELS: [&'static str; 50] = [
        "neighbor.register",
        "neighbor.recognise",
        "neighbor.edit",
        "neighbor.put_member",
        "neighbor.edit_member",
        "neighbor.remove_member",
        "neighbor.restrict",
        "case.open",
        "case.set_urgency",
        "case.assign",
        "case.take_back",
        "case.transfer",
        "case.answer_transfer",
        "case.record_step",
        "case.add_note",
        "case.close",
        "case.answer_closure",
        "case.reopen",
        "visit.schedule",
        "visit.move",
        "visit.cancel",
        "visit.record",
        "visit.record_unplanned",
        "attachment.add",
        "attachment.remove",
        "attachment.complete",
        "kept.keep",
        "kept.answer",
        "round.import",
        "round.open_cases",
        "round.pass_on",
        "round.no_action",
        "round.reconsider",
        "link.decide",
        "link.reconsider",
        "user.add",
        "user.rename",
        "user.lock",
        "user.grant",
        "user.end_grant",
        "user.revoke_device",
        "user.prefer",
        "team.put",
        "team.serve_dongs",
        "catalogue.put_indicator",
        "catalogue.put_sign",
        "setting.put",
        "view.save",
        "view.delete",
        "review.sign_off",
    ];

    /// `aggregate.verb`, as in [`Self::ALL_LABELS`].
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Neighbor(command) => match command {
                NeighborCommand::Register { .. } => "neighbor.register",
                NeighborCommand::Recognise { .. } => "neighbor.recognise",
                NeighborCommand::Edit { .. } => "neighbor.edit",
                NeighborCommand::PutMember { .. } => "neighbor.put_member",
                NeighborCommand::EditMember { .. } => "neighbor.edit_member",
                NeighborCommand::RemoveMember { .. } => "neighbor.remove_member",
                NeighborCommand::Restrict { .. } => "neighbor.restrict",
            },
            Self::Case(command) => match command {
                CaseCommand::Open { .. } => "case.open",
                CaseCommand::SetUrgency { .. } => "case.set_urgency",
                CaseCommand::Assign { .. } => "case.assign",
                CaseCommand::TakeBack { .. } => "case.take_back",
                CaseCommand::Transfer { .. } => "case.transfer",
                CaseCommand::AnswerTransfer { .. } => "case.answer_transfer",
                CaseCommand::RecordStep { .. } => "case.record_step",
                CaseCommand::AddNote { .. } => "case.add_note",
                CaseCommand::Close { .. } => "case.close",
                CaseCommand::AnswerClosure { .. } => "case.answer_closure",
                CaseCommand::Reopen { .. } => "case.reopen",
            },
            Self::Visit(command) => match command {
                VisitCommand::Schedule { .. } => "visit.schedule",
                VisitCommand::Move { .. } => "visit.move",
                VisitCommand::Cancel { .. } => "visit.cancel",
                VisitCommand::Record { .. } => "visit.record",
                VisitCommand::RecordUnplanned { .. } => "visit.record_unplanned",
            },
            Self::Attachment(command) => match command {
                AttachmentCommand::Add { .. } => "attachment.add",
                AttachmentCommand::Remove { .. } => "attachment.remove",
                AttachmentCommand::Complete { .. } => "attachment.complete",
            },
            Self::Kept(command) => match command {
                KeptCommand::Keep { .. } => "kept.keep",
                KeptCommand::Answer { .. } => "kept.answer",
            },
            Self::Round(command) => match command {
                RoundCommand::Import { .. } => "round.import",
                RoundCommand::OpenCases { .. } => "round.open_cases",
                RoundCommand::PassOn { .. } => "round.pass_on",
                RoundCommand::NoAction { .. } => "round.no_action",
                RoundCommand::Reconsider { .. } => "round.reconsider",
            },
            Self::Link(command) => match command {
                LinkCommand::Decide { .. } => "link.decide",
                LinkCommand::Reconsider { .. } => "link.reconsider",
            },
            Self::User(command) => match command {
                UserCommand::Add { .. } => "user.add",
                UserCommand::Rename { .. } => "user.rename",
                UserCommand::Lock { .. } => "user.lock",
                UserCommand::Grant { .. } => "user.grant",
                UserCommand::EndGrant { .. } => "user.end_grant",
                UserCommand::RevokeDevice { .. } => "user.revoke_device",
                UserCommand::Prefer { .. } => "user.prefer",
            },
            Self::Team(command) => match command {
                TeamCommand::Put { .. } => "team.put",
                TeamCommand::ServeDongs { .. } => "team.serve_dongs",
            },
            Self::Catalogue(command) => match command {
                CatalogueCommand::PutIndicator { .. } => "catalogue.put_indicator",
                CatalogueCommand::PutSign { .. } => "catalogue.put_sign",
            },
            Self::Setting(command) => match command {
                SettingCommand::Put { .. } => "setting.put",
            },
            Self::View(command) => match command {
                ViewCommand::Save { .. } => "view.save",
                ViewCommand::Delete { .. } => "view.delete",
            },
            Self::Review(command) => match command {
                ReviewCommand::SignOff { .. } => "review.sign_off",
            },
        }
    }
}
