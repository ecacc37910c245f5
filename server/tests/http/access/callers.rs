//! Who asks.

use crate::app::{PASSWORD, TestApp};
use axum::http::StatusCode;
use domain::{
    clock::Clock,
    policy::{Actor, Held, Role, Scope},
};
use store::{accounts, testing::add_user};

/// Where a caller stands, seen from the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Nowhere,
    SameDistrict,
    OtherDistrict,
}

/// Somebody with a browser.
pub struct Caller {
    pub name: &'static str,
    pub place: Place,
    pub cookie: String,
}

async fn sign_in(app: &TestApp, admin: &Actor, actor: &Actor, login: &str, district: &str) -> String {
    accounts::set_password(&app.db.ctx(admin), actor.user, PASSWORD, false).await.unwrap();
    let form = format!("login={login}&password={PASSWORD}&district={district}");
    let answer = app.post("/api/sign_in", "", &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{login}: {}", answer.body);
    answer.cookie()
}

/// The columns of the table.
pub async fn callers(app: &TestApp) -> Vec<Caller> {
    let (people, tenant, now) = (&app.db.people, app.db.tenant, app.db.clock.now());
    let add = async |tenant, login, role, scope| add_user(&app.db.store, tenant, login, &[Held { role, scope }], now).await;
    let partner = add(tenant, "partner", Role::PartnerStaff, Scope::District).await;
    let reporter = add(tenant, "reporter", Role::Reporter, Scope::District).await;
    let other_manager = add(tenant, "b-manager", Role::Manager, Scope::Team(app.db.teams[1])).await;
    let elsewhere = people.stranger.tenant;
    let far_admin = add(elsewhere, "far-admin", Role::Administrator, Scope::District).await;
    let far_worker = add(elsewhere, "far-worker", Role::Caseworker, Scope::District).await;
    let far_auditor = add(elsewhere, "far-auditor", Role::Auditor, Scope::District).await;
    let here = [
        ("worker", &people.worker, "worker"),
        ("colleague", &people.colleague, "colleague"),
        ("manager", &people.manager, "manager"),
        ("head", &people.head, "head"),
        ("coach", &people.coach, "coach"),
        ("partner", &partner, "partner"),
        ("reporter", &reporter, "reporter"),
        ("auditor", &people.auditor, "auditor"),
        ("admin", &people.admin, "admin"),
        ("B-worker", &people.outsider, "outsider"),
        ("B-manager", &other_manager, "b-manager"),
    ];
    let there = [
        ("far-work", &far_worker, "far-worker"),
        ("far-mana", &people.stranger, "stranger"),
        ("far-audi", &far_auditor, "far-auditor"),
        ("far-admi", &far_admin, "far-admin"),
    ];
    let mut callers = vec![Caller { name: "nobody", place: Place::Nowhere, cookie: String::new() }];
    for (name, actor, login) in here {
        let cookie = sign_in(app, &people.admin, actor, login, "seocho").await;
        callers.push(Caller { name, place: Place::SameDistrict, cookie });
    }
    for (name, actor, login) in there {
        let cookie = sign_in(app, &far_admin, actor, login, "other").await;
        callers.push(Caller { name, place: Place::OtherDistrict, cookie });
    }
    callers
}
