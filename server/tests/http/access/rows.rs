//! What is asked for.

use crate::access::scene::{Scene, member};
use chrono::NaiveDate;
use domain::{
    case::{ClosureReason, Step, Urgency},
    catalogue::{Indicator, LifeDomain, Sign},
    clock::korean_day,
    command::{
        CaseCommand, CatalogueCommand, Command, Envelope, KeptCommand, LinkCommand, NeighborCommand, ReviewCommand, RoundCommand,
        SettingCommand, TeamCommand, UserCommand, VisitCommand,
    },
    ids::{AssignmentId, CaseId, GrantId, NoteId, OpId, ReviewId, TeamId, UserId, VisitId},
    merge::Edit,
    policy::{Role, Scope},
    profile::{Channel, MemberEdits, NeighborProfile, ProfileEdits},
    round::NoActionReason,
    settings::Settings,
    view::{cases::CaseQuery, neighbors::PersonDraft, rounds::TriageFilter, trail::TrailFilter, visits::CalendarLens},
    visit::{CancelReason, Outcome, SeenWith, VisitKind, Window},
};
use serde_json::{Value, json};

/// A line of the table.
pub struct Row {
    pub name: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub body: Box<dyn Fn(&Scene) -> Value + Send + Sync>,
    /// Whether asking may change the record, so that each caller needs one of their own.
    pub changes: bool,
}

impl Row {
    /// The address as `routes.txt` names it.
    pub fn route(&self) -> String {
        let names = ["{neighbor}", "{case}", "{visit}", "{round}", "{user}"];
        names.iter().fold(self.path.to_owned(), |path, name| path.replace(name, "{id}"))
    }
}

/// Addresses about nobody's record but the caller's own, or about nothing, and where they are proved.
pub const ELSEWHERE: [(&str, &str); 51] = [
    ("/", "door.rs"),
    ("/account", "a caller's own"),
    ("/account/password", "a caller's own"),
    ("/account/second-factor", "a caller's own"),
    ("/field", "field.rs: the same for everybody"),
    ("/field/", "field.rs: the same for everybody"),
    ("/field/start.js", "field.rs: the same for everybody"),
    ("/field/sw.js", "field.rs: the same for everybody"),
    ("/field/{*path}", "field.rs: the same for everybody"),
    ("/gallery", "shows no record"),
    ("/healthz", "guard.rs"),
    ("/readyz", "guard.rs"),
    ("/events", "live.rs"),
    ("/second-factor", "door.rs"),
    ("/sign-in", "door.rs"),
    ("/password/{token}", "door.rs"),
    ("/session/keep", "door.rs"),
    ("/sign-out", "door.rs"),
    ("/api/begin_second_factor", "a caller's own"),
    ("/api/confirm_second_factor", "a caller's own"),
    ("/api/switch_off_second_factor", "a caller's own"),
    ("/api/change_password", "a caller's own"),
    ("/api/own_account", "a caller's own"),
    ("/api/own_devices", "a caller's own"),
    ("/api/who_is_here", "door.rs"),
    ("/api/end_session", "a caller's own"),
    ("/api/give_code", "door.rs"),
    ("/api/districts", "door.rs"),
    ("/api/link_holder", "door.rs"),
    ("/api/rate_password", "door.rs"),
    ("/api/sign_in", "door.rs"),
    ("/api/use_link", "door.rs"),
    ("/api/draft_newest", "a caller's own"),
    ("/api/draft_save", "a caller's own: a draft's key begins with its writer"),
    ("/api/draft_forget", "a caller's own: a draft's key begins with its writer"),
    ("/api/visits/draft", "a caller's own: a draft's key begins with its writer"),
    ("/api/openapi.json", "openapi: the same for everybody, without data"),
    ("/api/rounds/preview", "takes a file, of no record"),
    ("/attachments/{id}/{size}", "attachments.rs, and the store's attachments.rs for every kind of stranger"),
    ("/api/sync/v1/attachments", "attachments.rs: a tablet's own"),
    ("/api/sync/v1/attachments/{id}/{size}", "attachments.rs: as on pages"),
    ("/api/sync/v1/devices", "sync.rs: a caller's own"),
    ("/api/sync/v1/pull", "sync.rs: asked by a tablet, of its holder's own cases"),
    ("/api/sync/v1/push", "sync.rs: asked by a tablet, each command through the one write path"),
    ("/api/sync/v1/standing", "sync.rs: asked by a tablet, of itself"),
    ("/api/sync/v2/attachments", "attachments.rs: a tablet's own"),
    ("/api/sync/v2/attachments/{id}/{size}", "attachments.rs: as on pages"),
    ("/api/sync/v2/devices", "sync.rs: a caller's own"),
    ("/api/sync/v2/pull", "sync.rs: asked by a tablet, of its holder's own cases"),
    ("/api/sync/v2/push", "sync.rs: asked by a tablet, each command through the one write path"),
    ("/api/sync/v2/standing", "sync.rs: asked by a tablet, of itself"),
];

fn page(path: &'static str) -> Row {
    Row { name: path, method: "GET", path, body: Box::new(|_| Value::Null), changes: false }
}

fn function(path: &'static str, body: impl Fn(&Scene) -> Value + Send + Sync + 'static) -> Row {
    Row { name: path, method: "POST", path, body: Box::new(body), changes: false }
}

fn command<C: Into<Command>>(name: &'static str, make: impl Fn(&Scene) -> C + Send + Sync + 'static) -> Row {
    let body = move |scene: &Scene| {
        let command = make(scene).into();
        json!({ "envelope": Envelope { op_id: OpId::new(), base_rev: None, made_at: scene.now, command } })
    };
    Row { name, method: "POST", path: "/api/execute", body: Box::new(body), changes: true }
}

/// All lines.
pub fn rows() -> Vec<Row> {
    let mut rows = pages();
    rows.extend(looks());
    rows.extend(about_neighbors());
    rows.extend(about_cases());
    rows.extend(about_visits());
    rows.extend(about_rounds());
    rows.extend(about_the_district());
    rows
}

fn pages() -> Vec<Row> {
    [
        "/my-day",
        "/caseload",
        "/cases",
        "/cases/{case}",
        "/cases/{case}/visits/new",
        "/cases/{case}/visits/record",
        "/neighbors/{neighbor}",
        "/visits/{visit}",
        "/calendar",
        "/register",
        "/rounds",
        "/rounds/import",
        "/rounds/{round}",
        "/links",
        "/team",
        "/admin/users",
        "/admin/users/{user}",
        "/admin/teams",
        "/admin/catalogues",
        "/admin/settings",
        "/audit/access",
        "/audit/trail",
        "/audit/review",
    ]
    .map(page)
    .into()
}

fn looks() -> Vec<Row> {
    let filter = || json!(TrailFilter::default());
    let month = NaiveDate::from_ymd_opt(2026, 10, 1);
    vec![
        function("/api/case_list", |_| json!({ "query": CaseQuery::default(), "after": null })),
        function("/api/caseload_head", |_| json!({ "query": CaseQuery::default() })),
        function("/api/case_page", |scene| json!({ "id": scene.case })),
        function("/api/timeline", |scene| json!({ "neighbor": scene.neighbor, "after": null })),
        function("/api/case_receivers", |_| json!({})),
        function("/api/people_to_name", |_| json!({})),
        function("/api/neighbor_page", |scene| json!({ "id": scene.neighbor })),
        function("/api/look_alikes", |scene| {
            let name = scene.profile.name.clone();
            json!({ "draft": PersonDraft { name, dong: Some(scene.profile.dong.clone()), ..PersonDraft::default() } })
        }),
        function("/api/district_words", |_| json!({})),
        function("/api/visits/my-day", |_| json!({})),
        function(
            "/api/visits/week",
            |scene| json!({ "lens": CalendarLens::Worker { worker: scene.worker }, "day": korean_day(scene.now) }),
        ),
        function("/api/visits/one", |scene| json!({ "id": scene.visit })),
        function("/api/visits/contact", |scene| json!({ "case": scene.case })),
        function("/api/visits/planning", |scene| json!({ "case": scene.case })),
        function("/api/visits/clashes", |scene| {
            let window = Window { start: scene.now, end: scene.now + chrono::TimeDelta::minutes(30) };
            json!({ "workers": [scene.worker], "windows": [window], "except": null })
        }),
        function("/api/rounds/list", |_| json!({})),
        function("/api/rounds/head", |scene| json!({ "round": scene.round })),
        function(
            "/api/rounds/entries",
            |scene| json!({ "round": scene.round, "filter": TriageFilter::default(), "cursor": null }),
        ),
        function("/api/rounds/apply/{draft}", |_| json!({})),
        function("/api/links/list", |_| json!({ "cursor": null })),
        function("/api/team/board", |scene| json!({ "team": scene.team })),
        function("/api/team/suggest", |scene| json!({ "team": scene.team, "cases": [scene.case] })),
        function("/api/trail/list", move |_| json!({ "filter": filter(), "cursor": null })),
        function("/api/trail/export", move |_| json!({ "filter": filter(), "purpose": "월별 점검" })),
        function("/api/trail/month", move |_| json!({ "month": month })),
        function("/api/trail/months", |_| json!({})),
        function("/api/trail/check", |_| json!({})),
        function("/api/admin/devices", |_| json!({})),
        function("/api/admin/users", |_| json!({})),
        function("/api/admin/user", |scene| json!({ "id": scene.user })),
        function("/api/admin/teams", |_| json!({})),
        function("/api/admin/catalogues", |_| json!({})),
        function("/api/admin/settings", |_| json!({})),
        function("/api/admin/password-link", |scene| json!({ "id": scene.user })),
    ]
}

fn about_neighbors() -> Vec<Row> {
    vec![
        command("kept: keep", |scene| {
            let note = CaseCommand::AddNote { id: NoteId::new(), case: scene.case, body: "늦게 온 기록".to_owned() };
            let envelope = Box::new(Envelope::new(note, scene.now));
            KeptCommand::Keep { case: scene.case, written_at: scene.now, envelope }
        }),
        command("kept: answer", |scene| {
            let (op, case) = (OpId::new(), scene.case);
            KeptCommand::Answer { op, case, accept: true, reason: None, chosen: Vec::new() }
        }),
        command("neighbor: recognise", |scene| {
            let learned_from = Channel::Resident;
            NeighborCommand::Recognise { id: scene.neighbor, signs: vec!["S15".to_owned()], learned_from }
        }),
        command("neighbor: edit", |scene| {
            let known = NeighborProfile { address: Some("서초대로 1".to_owned()), ..scene.profile.clone() };
            let edits = Box::new(ProfileEdits::between(&scene.profile, &known));
            NeighborCommand::Edit { id: scene.neighbor, edits }
        }),
        command("neighbor: put member", |scene| NeighborCommand::PutMember { id: scene.neighbor, member: member() }),
        command("neighbor: edit member", |scene| {
            let edits = Box::new(MemberEdits { is_carer: Some(Edit { from: false, to: true }), ..MemberEdits::default() });
            NeighborCommand::EditMember { id: scene.neighbor, member: scene.member, edits }
        }),
        command("neighbor: remove member", |scene| NeighborCommand::RemoveMember { id: scene.neighbor, member: scene.member }),
        command("neighbor: restrict", |scene| NeighborCommand::Restrict { id: scene.neighbor, only: vec![scene.worker] }),
    ]
}

fn about_cases() -> Vec<Row> {
    vec![
        command("case: open a second one", |scene| CaseCommand::Open {
            id: CaseId::new(),
            neighbor: scene.neighbor,
            urgency: Urgency::TwoWeeks,
            learned_from: Channel::Worker,
            worker: None,
        }),
        command("case: set urgency", |scene| CaseCommand::SetUrgency {
            id: scene.case,
            urgency: Edit { from: Urgency::ThreeDays, to: Urgency::SameDay },
            reason: "위급".to_owned(),
        }),
        command("case: assign", |scene| CaseCommand::Assign {
            cases: vec![(scene.case, AssignmentId::new())],
            worker: scene.colleague,
        }),
        command("case: transfer", |scene| CaseCommand::Transfer {
            id: AssignmentId::new(),
            case: scene.case,
            worker: scene.colleague,
            reason: "휴직".to_owned(),
        }),
        command("case: accept a transfer to colleague", |scene| CaseCommand::AnswerTransfer {
            id: scene.offer,
            accept: true,
            reason: None,
        }),
        command("case: record step", |scene| CaseCommand::RecordStep {
            id: scene.case,
            step: Step::Counselling,
            on: korean_day(scene.now),
        }),
        command("case: add note", |scene| CaseCommand::AddNote {
            id: NoteId::new(),
            case: scene.case,
            body: "통화함".to_owned(),
        }),
        command("case: close", |scene| CaseCommand::Close {
            id: scene.case,
            reason: ClosureReason::MovedAway,
            explanation: "이사".to_owned(),
        }),
        command("case: answer closure", |scene| CaseCommand::AnswerClosure { id: scene.case, approve: true, comment: None }),
        command("case: reopen", |scene| CaseCommand::Reopen { id: scene.case, reason: "다시".to_owned() }),
    ]
}

fn about_visits() -> Vec<Row> {
    let met = || Outcome::Met { face_to_face: Some(SeenWith::Neighbor) };
    let later = |scene: &Scene| {
        let start = scene.now + chrono::TimeDelta::hours(2);
        Window { start, end: start + chrono::TimeDelta::minutes(30) }
    };
    vec![
        command("visit: schedule", move |scene| VisitCommand::Schedule {
            id: VisitId::new(),
            series: None,
            case: scene.case,
            kind: VisitKind::Phone,
            window: later(scene),
            worker: scene.worker,
            second_worker: None,
            two_person: false,
            purpose: None,
            recurrence: None,
        }),
        command("visit: move", move |scene| VisitCommand::Move {
            id: scene.visit,
            window: later(scene),
            worker: scene.worker,
            second_worker: None,
            seen: None,
        }),
        command("visit: cancel", |scene| VisitCommand::Cancel {
            id: scene.visit,
            reason: CancelReason::NeighborAsked,
            following: false,
        }),
        command("visit: record", move |scene| VisitCommand::Record {
            id: scene.visit,
            at: scene.now,
            outcome: met(),
            signs: vec![],
            note: None,
        }),
        command("visit: record unplanned", move |scene| VisitCommand::RecordUnplanned {
            id: VisitId::new(),
            case: scene.case,
            kind: VisitKind::Home,
            at: scene.now,
            outcome: met(),
            signs: vec![],
            note: None,
        }),
    ]
}

fn about_rounds() -> Vec<Row> {
    vec![
        command("round: open case", |scene| RoundCommand::OpenCases {
            entries: vec![(scene.entry, CaseId::new())],
            urgency: Urgency::TwoWeeks,
            worker: None,
        }),
        command("round: pass on", |scene| RoundCommand::PassOn { entry: scene.entry, district: "강남구".to_owned() }),
        command("round: no action", |scene| RoundCommand::NoAction {
            entries: vec![scene.entry],
            reason: NoActionReason::NoNeed,
        }),
        command("round: reconsider", |scene| RoundCommand::Reconsider { entry: scene.entry }),
        command("link: same", |scene| LinkCommand::Decide { id: scene.link, same: true }),
        command("link: different", |scene| LinkCommand::Decide { id: scene.link, same: false }),
        command("link: reconsider", |scene| LinkCommand::Reconsider { id: scene.link }),
    ]
}

fn indicator() -> Indicator {
    Indicator {
        code: "I01".to_owned(),
        version: 1,
        name_ko: "단전".to_owned(),
        name_en: "Power cut".to_owned(),
        holder: "test".to_owned(),
        source: "statute".to_owned(),
        note: String::new(),
        active: true,
    }
}

fn sign() -> Sign {
    Sign {
        code: "S15".to_owned(),
        version: 1,
        name_ko: "고립".to_owned(),
        name_en: "Alone".to_owned(),
        observers: "all".to_owned(),
        domain: LifeDomain::Social,
        urgency: Urgency::ThreeDays,
        active: true,
    }
}

fn about_the_district() -> Vec<Row> {
    vec![
        command("user: add", |_| {
            let id = UserId::new();
            let login = format!("n{}", &uuid::Uuid::from(id).simple().to_string()[12..]);
            UserCommand::Add { id, login, name: "새 사람".to_owned() }
        }),
        command("user: rename", |scene| UserCommand::Rename { id: scene.user, name: "다른 이름".to_owned() }),
        command("user: lock", |scene| UserCommand::Lock { id: scene.user, locked: true }),
        command("user: grant", |scene| UserCommand::Grant {
            id: GrantId::new(),
            user: scene.user,
            role: Role::Manager,
            scope: Scope::District,
        }),
        command("user: end grant", |scene| UserCommand::EndGrant { id: scene.grant, reason: "이동".to_owned() }),
        command("team: make", |_| {
            let (name_ko, name_en) = ("새 팀".to_owned(), "New team".to_owned());
            TeamCommand::Put { id: TeamId::new(), name_ko, name_en }
        }),
        command("team: rename", |scene| TeamCommand::Put {
            id: scene.team,
            name_ko: "가팀".to_owned(),
            name_en: "Team A".to_owned(),
        }),
        command("team: serve dongs", |scene| TeamCommand::ServeDongs {
            id: scene.team,
            dongs: store::testing::DONGS[..2].iter().map(|code| store::testing::dong_code(code)).collect(),
        }),
        command("catalogue: indicator", |_| CatalogueCommand::PutIndicator { indicator: indicator() }),
        command("catalogue: sign", |_| CatalogueCommand::PutSign { sign: sign() }),
        command("setting: put", |_| SettingCommand::Put { settings: Box::new(Settings::default()) }),
        command("review: sign off", |_| ReviewCommand::SignOff {
            id: ReviewId::new(),
            month: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap(),
            finding: "이상 없음".to_owned(),
        }),
    ]
}
