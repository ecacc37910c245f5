//! An example of every command.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    attachment::{AttachmentKind, Content, Media},
    case::{ClosureReason, Step, Urgency},
    catalogue::{Indicator, LifeDomain, Sign},
    command::{
        AttachmentCommand, CaseCommand, CatalogueCommand, Command, Envelope, KeptCommand, LinkCommand, NeighborCommand,
        ReviewCommand, RoundCommand, SettingCommand, TeamCommand, UserCommand, ViewCommand, VisitCommand,
    },
    ids::{
        AssignmentId, AttachmentId, CaseId, DeviceId, GrantId, HouseholdId, LinkId, MemberId, NeighborId, NoteId, OpId, ReviewId,
        RoundEntryId, RoundId, SeriesId, TeamId, UserId, ViewId, VisitId,
    },
    merge::{Edit, FieldConflict},
    policy::{Role, Scope},
    profile::{Channel, HouseholdMember, MemberEdits, NeighborProfile, ProfileEdits, Relation, Sex},
    recurrence::{Frequency, Recurrence, RecurrenceEnd},
    round::{NoActionReason, RoundPeriod, RoundRow},
    settings::Settings,
    text::DongCode,
    visit::{CancelReason, NotMetReason, Outcome, SeenWith, VisitKind, Window},
};
use serde_json::json;

/// A dong of the district.
pub fn dong() -> DongCode {
    "1165051000".parse().unwrap()
}

/// An hour of a Monday.
pub fn at(hour: u32) -> DateTime<Utc> {
    format!("2026-11-23T{hour:02}:00:00Z").parse().unwrap()
}

fn day() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn window() -> Window {
    Window { start: at(1), end: at(2) }
}

fn neighbor_commands() -> Vec<NeighborCommand> {
    let (id, learned_from) = (NeighborId::new(), Channel::HonoraryOfficer);
    let member = HouseholdMember {
        id: MemberId::new(),
        name: Some("김예시".into()),
        relation: Relation::Parent,
        birth_year: Some(1950.try_into().unwrap()),
        is_carer: false,
        needs_care: true,
        neighbor: None,
    };
    vec![
        NeighborCommand::Register {
            id,
            household: HouseholdId::new(),
            profile: Box::new(NeighborProfile {
                phone: Some("010-1234-5678".parse().unwrap()),
                ..NeighborProfile::in_dong(dong())
            }),
            members: vec![member.clone()],
            signs: vec!["S01".into()],
            learned_from,
            different_from: vec![NeighborId::new()],
            open_case: Some((CaseId::new(), Urgency::SameDay)),
        },
        NeighborCommand::Recognise { id, signs: vec![], learned_from },
        NeighborCommand::Edit {
            id,
            edits: Box::new(ProfileEdits {
                name: Some(Edit { from: None, to: Some("김가상".into()) }),
                address: Some(Edit { from: Some("서초대로 1".into()), to: None }),
                ..ProfileEdits::default()
            }),
        },
        NeighborCommand::PutMember { id, member: member.clone() },
        NeighborCommand::EditMember {
            id,
            member: member.id,
            edits: Box::new(MemberEdits { is_carer: Some(Edit { from: false, to: true }), ..MemberEdits::default() }),
        },
        NeighborCommand::RemoveMember { id, member: member.id },
        NeighborCommand::Restrict { id, only: vec![UserId::new()] },
    ]
}

fn case_commands() -> Vec<CaseCommand> {
    let (id, worker, reason) = (CaseId::new(), UserId::new(), "휴직으로 넘깁니다".to_owned());
    vec![
        CaseCommand::Open {
            id,
            neighbor: NeighborId::new(),
            urgency: Urgency::Emergency,
            learned_from: Channel::Event,
            worker: None,
        },
        CaseCommand::SetUrgency { id, urgency: Edit { from: Urgency::ThreeDays, to: Urgency::TwoWeeks }, reason: reason.clone() },
        CaseCommand::Assign { cases: vec![(id, AssignmentId::new())], worker },
        CaseCommand::TakeBack { assignments: vec![AssignmentId::new()] },
        CaseCommand::Transfer { id: AssignmentId::new(), case: id, worker, reason: reason.clone() },
        CaseCommand::AnswerTransfer { id: AssignmentId::new(), accept: false, reason: Some(reason.clone()) },
        CaseCommand::RecordStep { id, step: Step::Intake, on: day() },
        CaseCommand::AddNote { id: NoteId::new(), case: id, body: "두 줄\n메모".into() },
        CaseCommand::Close { id, reason: ClosureReason::Unreachable, explanation: reason.clone() },
        CaseCommand::AnswerClosure { id, approve: true, comment: None },
        CaseCommand::Reopen { id, reason },
    ]
}

fn visit_commands() -> Vec<VisitCommand> {
    let (id, case, worker) = (VisitId::new(), CaseId::new(), UserId::new());
    vec![
        VisitCommand::Schedule {
            id,
            series: Some(SeriesId::new()),
            case,
            kind: VisitKind::Home,
            window: window(),
            worker,
            second_worker: Some(UserId::new()),
            two_person: true,
            purpose: Some("안부확인".into()),
            recurrence: Some(Recurrence {
                frequency: Frequency::MonthOnWeekday,
                end: RecurrenceEnd::Until { day: day() },
                skip_holidays: true,
            }),
        },
        VisitCommand::Move { id, window: window(), worker, second_worker: None, seen: None },
        VisitCommand::Cancel { id, reason: CancelReason::Weather, following: true },
        VisitCommand::Record {
            id,
            at: at(3),
            outcome: Outcome::Met { face_to_face: Some(SeenWith::Carer) },
            signs: vec!["S02".into()],
            note: Some("만남".into()),
        },
        VisitCommand::RecordUnplanned {
            id,
            case,
            kind: VisitKind::Phone,
            at: at(4),
            outcome: Outcome::NotMet { reason: NotMetReason::NobodyHome },
            signs: vec![],
            note: None,
        },
    ]
}

fn round_commands() -> Vec<RoundCommand> {
    let (entry, period) = (RoundEntryId::new(), RoundPeriod { year: 2026, number: 5 });
    let row = RoundRow {
        row: 2,
        period,
        name: "김가상".into(),
        birth_year: None,
        sex: Sex::Unknown,
        phone: None,
        dong: dong(),
        address: None,
        indicators: vec!["I01".into()],
        note: None,
    };
    vec![
        RoundCommand::Import { id: RoundId::new(), period, rows: vec![row] },
        RoundCommand::OpenCases {
            entries: vec![(entry, CaseId::new())],
            urgency: Urgency::ThreeDays,
            worker: Some(UserId::new()),
        },
        RoundCommand::PassOn { entry, district: "강남구".into() },
        RoundCommand::NoAction { entries: vec![entry], reason: NoActionReason::NotEligibleForCash },
        RoundCommand::Reconsider { entry },
    ]
}

fn user_commands() -> Vec<UserCommand> {
    let id = UserId::new();
    vec![
        UserCommand::Add { id, login: "kim.01".into(), name: "김예시".into() },
        UserCommand::Rename { id, name: "이예시".into() },
        UserCommand::Lock { id, locked: true },
        UserCommand::RevokeDevice { id: DeviceId::new() },
        UserCommand::Grant { id: GrantId::new(), user: id, role: Role::Manager, scope: Scope::Team(TeamId::new()) },
        UserCommand::EndGrant { id: GrantId::new(), reason: "퇴직".into() },
        UserCommand::Prefer { locale: Some("ko".into()), theme: None },
    ]
}

fn office_commands() -> Vec<Command> {
    let indicator = Indicator {
        code: "I01".into(),
        version: 1,
        name_ko: "단전".into(),
        name_en: "electricity cut".into(),
        holder: "KEPCO".into(),
        source: "statute".into(),
        note: String::new(),
        active: true,
    };
    let sign = Sign {
        code: "S01".into(),
        version: 1,
        name_ko: "인기척이 없음".into(),
        name_en: "no sound".into(),
        observers: "all".into(),
        domain: LifeDomain::Safety,
        urgency: Urgency::Emergency,
        active: true,
    };
    vec![
        LinkCommand::Decide { id: LinkId::new(), same: true }.into(),
        LinkCommand::Reconsider { id: LinkId::new() }.into(),
        TeamCommand::Put { id: TeamId::new(), name_ko: "1팀".into(), name_en: "Team 1".into() }.into(),
        TeamCommand::ServeDongs { id: TeamId::new(), dongs: vec![dong()] }.into(),
        CatalogueCommand::PutIndicator { indicator }.into(),
        CatalogueCommand::PutSign { sign }.into(),
        SettingCommand::Put { settings: Box::new(Settings::default()) }.into(),
        ViewCommand::Save { id: ViewId::new(), name: "내 목록".into(), list: "cases".into(), query: "stage=intake".into() }
            .into(),
        ViewCommand::Delete { id: ViewId::new() }.into(),
        ReviewCommand::SignOff { id: ReviewId::new(), month: day(), finding: String::new() }.into(),
    ]
}

fn attachment_commands() -> Vec<AttachmentCommand> {
    let (id, case) = (AttachmentId::new(), CaseId::new());
    let content = Content { media: Media::Jpeg, bytes: 3, digest: "0f".repeat(32).try_into().unwrap() };
    let caption = Some("우편물이 쌓인 문 앞".to_owned());
    vec![
        AttachmentCommand::Add { id, case, visit: Some(VisitId::new()), kind: AttachmentKind::Photo, content, caption },
        AttachmentCommand::Remove { id, case, reason: "다른 집".to_owned() },
        AttachmentCommand::Complete { id },
    ]
}

fn kept_commands() -> Vec<KeptCommand> {
    let note = CaseCommand::AddNote { id: NoteId::new(), case: CaseId::new(), body: "늦게 온 기록".to_owned() };
    let (case, envelope) = (CaseId::new(), Box::new(Envelope::new(note, at(9))));
    let conflict =
        FieldConflict { field: "name".to_owned(), base: json!(null), theirs: json!("이보기"), mine: json!("김가상") };
    vec![
        KeptCommand::Keep { case, written_at: at(9), envelope },
        KeptCommand::Answer { op: OpId::new(), case, accept: true, reason: None, chosen: vec![(conflict, json!("김가상"))] },
    ]
}

/// An example of every command.
pub fn all_commands() -> Vec<Command> {
    let mut all: Vec<Command> = Vec::new();
    all.extend(neighbor_commands().into_iter().map(Command::from));
    all.extend(case_commands().into_iter().map(Command::from));
    all.extend(visit_commands().into_iter().map(Command::from));
    all.extend(attachment_commands().into_iter().map(Command::from));
    all.extend(kept_commands().into_iter().map(Command::from));
    all.extend(round_commands().into_iter().map(Command::from));
    all.extend(user_commands().into_iter().map(Command::from));
    all.extend(office_commands());
    all
}
