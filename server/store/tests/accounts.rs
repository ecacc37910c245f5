//! Accounts, sessions, second factors, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use chrono::TimeDelta;
use domain::{
    ApiError, Invalid, Rule,
    clock::Clock,
    command::{Envelope, UserCommand, ViewCommand},
    ids::{GrantId, RequestId, TeamId, UserId, ViewId},
    policy::{Actor, Role, Scope},
    view::accounts::Needs,
};
use store::{
    accounts::{self, NewSession, Visitor},
    execute, on_both,
    testing::TestDb,
};
use totp_rs::Builder;

const PASSWORD: &str = "grün-tasse-wolke-47";

fn visitor(db: &TestDb) -> Visitor {
    Visitor {
        store: db.store.clone(),
        address: Some("10.1.2.3".to_owned()),
        device: None,
        request: RequestId::new(),
        clock: db.clock.clone(),
    }
}

async fn signed_in(db: &TestDb, actor: &Actor, login: &str) -> NewSession {
    accounts::set_password(&db.ctx(&db.people.admin), actor.user, PASSWORD, false).await.unwrap();
    accounts::sign_in(&visitor(db), db.tenant, login, PASSWORD).await.unwrap()
}

async fn apply(db: &TestDb, by: &Actor, command: UserCommand) -> Result<(), ApiError> {
    let ctx = db.ctx(by);
    execute(&ctx, Envelope::new(command, ctx.now())).await.map(drop)
}

/// The code of an authenticator that holds `secret`, so many seconds from now.
fn code(db: &TestDb, secret: &str, later: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret.as_bytes().to_vec()).with_account_name("x").build().unwrap();
    totp.generate(u64::try_from((db.clock.now() + TimeDelta::seconds(later)).timestamp()).unwrap()).to_string()
}

on_both!(a_second_factor_is_asked_for_and_each_code_is_good_once, async |db: TestDb| {
    let (visitor, session) = (visitor(&db), signed_in(&db, &db.people.worker, "worker").await);
    let enrolment = accounts::begin_enrolment(&visitor, &session.user).await.unwrap();
    assert!(enrolment.address.starts_with("otpauth://totp/"));
    assert_eq!(accounts::begin_enrolment(&visitor, &session.user).await.unwrap(), enrolment);
    let wrong = accounts::confirm_enrolment(&visitor, &session.user, "000000").await;
    assert_eq!(wrong.unwrap_err(), ApiError::SignInFailed);
    let first = code(&db, &enrolment.secret, 0);
    let backup = accounts::confirm_enrolment(&visitor, &session.user, &first).await.unwrap();
    assert_eq!(backup.len(), 10);
    assert_eq!(accounts::begin_enrolment(&visitor, &session.user).await.unwrap_err(), Rule::SecondFactorOn.into());

    let next = accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap();
    assert_eq!(next.user.needs, Needs::SecondFactor);
    assert_eq!(next.user.context(&visitor).unwrap_err(), ApiError::SecondFactorRequired);
    // The code that switched it on is spent, though its half minute is not over.
    assert_eq!(accounts::give_code(&visitor, &next.user, &first).await, Err(ApiError::SignInFailed));
    db.clock.advance(TimeDelta::seconds(60));
    accounts::give_code(&visitor, &next.user, &code(&db, &enrolment.secret, 0)).await.unwrap();
    let user = accounts::session(&visitor, &next.cookie).await.unwrap().unwrap();
    assert_eq!(user.needs, Needs::Nothing);

    let by_backup = accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap();
    accounts::give_code(&visitor, &by_backup.user, &backup[0].to_uppercase()).await.unwrap();
    let again = accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap();
    assert_eq!(accounts::give_code(&visitor, &again.user, &backup[0]).await, Err(ApiError::SignInFailed));
    assert_eq!(accounts::account_view(&visitor, &user).await.unwrap().backup_codes, 9);

    db.clock.advance(TimeDelta::seconds(60));
    let now = code(&db, &enrolment.secret, 0);
    assert_eq!(accounts::switch_off(&visitor, &user, "wrong", &now).await, Err(ApiError::SignInFailed));
    accounts::switch_off(&visitor, &user, PASSWORD, &now).await.unwrap();
    assert_eq!(accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap().user.needs, Needs::Nothing);
});

on_both!(wrong_codes_lock_as_wrong_passwords_do, async |db: TestDb| {
    let (visitor, session) = (visitor(&db), signed_in(&db, &db.people.worker, "worker").await);
    let enrolment = accounts::begin_enrolment(&visitor, &session.user).await.unwrap();
    accounts::confirm_enrolment(&visitor, &session.user, &code(&db, &enrolment.secret, 0)).await.unwrap();
    db.clock.advance(TimeDelta::seconds(60));
    let next = accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap();
    for _ in 0..5 {
        assert_eq!(accounts::give_code(&visitor, &next.user, "000000").await, Err(ApiError::SignInFailed));
    }
    let right = code(&db, &enrolment.secret, 0);
    assert_eq!(accounts::give_code(&visitor, &next.user, &right).await, Err(ApiError::SignInFailed));
    db.clock.advance(TimeDelta::seconds(31));
    accounts::give_code(&visitor, &next.user, &code(&db, &enrolment.secret, 0)).await.unwrap();
});

on_both!(changing_the_password_ends_other_sessions, async |db: TestDb| {
    let (visitor, here) = (visitor(&db), signed_in(&db, &db.people.worker, "worker").await);
    let there = accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap();
    let change = async |old: &str, new: &str| accounts::change_password(&visitor, &here.user, old, new).await;
    assert_eq!(change("wrong", "zwei-blaue-lampen-93").await, Err(ApiError::SignInFailed));
    assert_eq!(change(PASSWORD, "password1").await, Err(ApiError::invalid("new_password", Invalid::WeakPassword)));
    assert_eq!(change(PASSWORD, PASSWORD).await, Err(ApiError::invalid("new_password", Invalid::Taken)));
    change(PASSWORD, "zwei-blaue-lampen-93").await.unwrap();
    assert!(accounts::session(&visitor, &here.cookie).await.unwrap().is_some());
    assert!(accounts::session(&visitor, &there.cookie).await.unwrap().is_none());
});

on_both!(one_s_own_sessions_are_listed_and_ended_and_nobody_else_s, async |db: TestDb| {
    let (visitor, here) = (visitor(&db), signed_in(&db, &db.people.worker, "worker").await);
    let there = accounts::sign_in(&visitor, db.tenant, "worker", PASSWORD).await.unwrap();
    let other = signed_in(&db, &db.people.colleague, "colleague").await;
    let view = accounts::account_view(&visitor, &here.user).await.unwrap();
    assert_eq!(view.sessions.len(), 2);
    let theirs = view.sessions.iter().find(|session| !session.current).unwrap();
    accounts::end_session(&visitor, &other.user, &theirs.id).await.unwrap();
    assert!(accounts::session(&visitor, &there.cookie).await.unwrap().is_some());
    accounts::end_session(&visitor, &here.user, &theirs.id).await.unwrap();
    assert!(accounts::session(&visitor, &there.cookie).await.unwrap().is_none());
});

on_both!(administrators_keep_accounts_but_not_their_own, async |db: TestDb| {
    let (admin, worker) = (&db.people.admin, db.people.worker.user);
    let add = |login: &str| UserCommand::Add { id: UserId::new(), login: login.to_owned(), name: "새 사람".to_owned() };
    apply(&db, admin, add("new.person")).await.unwrap();
    assert_eq!(apply(&db, admin, add("new.person")).await, Err(ApiError::invalid("login", Invalid::Taken)));
    assert_eq!(apply(&db, admin, add("New")).await, Err(ApiError::invalid("login", Invalid::Form)));
    assert_eq!(apply(&db, &db.people.head, add("other")).await, Err(ApiError::Forbidden));
    assert_eq!(apply(&db, admin, UserCommand::Lock { id: admin.user, locked: true }).await, Err(Rule::OwnAccount.into()));
    assert_eq!(apply(&db, admin, UserCommand::Lock { id: db.people.stranger.user, locked: true }).await, Err(ApiError::NotFound));
    let grant = |scope| UserCommand::Grant { id: GrantId::new(), user: worker, role: Role::Manager, scope };
    let nowhere = Scope::Team(TeamId::new());
    assert_eq!(apply(&db, admin, grant(nowhere)).await, Err(ApiError::invalid("scope", Invalid::UnknownTeam)));
    apply(&db, admin, grant(Scope::District)).await.unwrap();
    assert_eq!(apply(&db, admin, grant(Scope::District)).await, Err(ApiError::invalid("role", Invalid::Taken)));
});

on_both!(the_last_administrator_stays, async |db: TestDb| {
    let (admin, second) = (&db.people.admin, GrantId::new());
    let head = Actor { held: admin.held.clone(), ..db.people.head.clone() };
    let role = Role::Administrator;
    apply(&db, admin, UserCommand::Grant { id: second, user: head.user, role, scope: Scope::District }).await.unwrap();
    apply(&db, &head, UserCommand::Lock { id: admin.user, locked: true }).await.unwrap();
    let end = UserCommand::EndGrant { id: second, reason: "끝".to_owned() };
    // Whoever asks: nobody else is left who could sign in and administer.
    let system = store::tenants::system_actor(&db.store, db.tenant).await.unwrap();
    assert_eq!(apply(&db, &system, end.clone()).await, Err(Rule::LastAdministrator.into()));
    assert_eq!(apply(&db, &system, UserCommand::Lock { id: head.user, locked: true }).await, Err(Rule::LastAdministrator.into()));
    apply(&db, &head, UserCommand::Lock { id: admin.user, locked: false }).await.unwrap();
    apply(&db, &system, end).await.unwrap();
});

on_both!(everybody_keeps_their_own_views_and_preferences, async |db: TestDb| {
    let (worker, id) = (&db.people.worker, ViewId::new());
    apply(&db, worker, UserCommand::Prefer { locale: Some("en".to_owned()), theme: None }).await.unwrap();
    let unknown = UserCommand::Prefer { locale: None, theme: Some("pink".to_owned()) };
    assert_eq!(apply(&db, worker, unknown).await, Err(ApiError::invalid("theme", Invalid::UnknownCode)));
    let save = ViewCommand::Save { id, name: "늦은 사례".to_owned(), list: "cases".to_owned(), query: "late=1".to_owned() };
    let run = async |by: &Actor, command: ViewCommand| {
        let ctx = db.ctx(by);
        execute(&ctx, Envelope::new(command, ctx.now())).await.map(drop)
    };
    run(worker, save).await.unwrap();
    assert_eq!(run(&db.people.colleague, ViewCommand::Delete { id }).await, Err(ApiError::NotFound));
    run(worker, ViewCommand::Delete { id }).await.unwrap();
});
