//! All accounts, and adding one.

use super::parts::{AdminHead, grant_words, now};
use crate::{
    api::{load_devices, load_users},
    components::{devices::Devices, prelude::*},
    i18n::{t, t_string, use_i18n},
};
use domain::{
    command::{Envelope, UserCommand},
    ids::UserId,
    view::admin::UserRow,
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Accounts by sign-in name.
#[component]
pub fn UsersPage() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live(&["user"]);
    let users = Resource::new(move || live.get(), |_| load_users());
    view! {
        <AdminHead title=move || t_string!(i18n, nav.users) lead=move || t_string!(i18n, admin.users_lead) />
        <AddUser />
        <Loaded resource=users lines=10 let:view>
            <UserTable users=view.users />
        </Loaded>
        <Tablets />
    }
    .into_any()
}

/// All tablets of the district.
#[component]
fn Tablets() -> impl IntoView {
    let i18n = use_i18n();
    let version = RwSignal::new(0_u32);
    let devices = Resource::new(move || version.get(), |_| load_devices());
    view! {
        <section class="section stack">
            <h2>{t!(i18n, devices.title)}</h2>
            <p class="muted">{t!(i18n, devices.all_lead)}</p>
            <Transition fallback=|| {
                view! { <Skeleton lines=2_usize /> }
            }>{settled(devices, move |devices| view! { <Devices devices with_holders=true version /> })}</Transition>
        </section>
    }
    .into_any()
}

#[component]
fn AddUser() -> impl IntoView {
    let i18n = use_i18n();
    let (login, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (errors, made) = (FormErrors::new(), StoredValue::new(None::<UserId>));
    let navigate = use_navigate();
    let write = use_write(errors, move |_| {
        if let Some(id) = made.get_value() {
            navigate(&format!("/admin/users/{id}"), leptos_router::NavigateOptions::default());
        }
    });
    let add = move |()| {
        let id = UserId::new();
        made.set_value(Some(id));
        let command = UserCommand::Add { id, login: login.get_untracked().trim().to_lowercase(), name: name.get_untracked() };
        write.send(Envelope::new(command, now()));
    };
    view! {
        <details class="section">
            <summary>{t!(i18n, admin.add_user)}</summary>
            <p class="muted">{t!(i18n, admin.add_user_hint)}</p>
            <CommandForm errors on_submit=Callback::new(add)>
                <TextField name="login" label=move || t_string!(i18n, admin.login) hint=move || t_string!(i18n, admin.login_hint) value=login required=true maxlength=40 />
                <TextField name="name" label=move || t_string!(i18n, admin.name) value=name required=true maxlength=60 />
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, admin.add_user)}</Button>
            </CommandForm>
        </details>
    }
    .into_any()
}

#[component]
fn UserTable(users: Vec<UserRow>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Table
            caption=move || t_string!(i18n, nav.users)
            head=move || {
                view! {
                    <HeadCell label=move || t_string!(i18n, admin.name) />
                    <HeadCell label=move || t_string!(i18n, admin.login) />
                    <HeadCell label=move || t_string!(i18n, admin.roles) />
                    <HeadCell label=move || t_string!(i18n, admin.state) />
                    <HeadCell label=move || t_string!(i18n, admin.last_sign_in) />
                }
            }
        >
            {users.into_iter().map(|user| view! { <UserLine user /> }).collect_view()}
        </Table>
    }
    .into_any()
}

#[component]
fn UserLine(user: UserRow) -> impl IntoView {
    let i18n = use_i18n();
    let grants = user.grants.clone();
    let (last, name, login, href) =
        (user.last_sign_in_at, user.name.clone(), user.login.clone(), format!("/admin/users/{}", user.id));
    view! {
        <Row>
            <Cell head=true label=move || t_string!(i18n, admin.name)>
                <a href=href>{name}</a>
            </Cell>
            <Cell label=move || t_string!(i18n, admin.login)>{login}</Cell>
            <Cell label=move || t_string!(i18n, admin.roles)>
                {move || match grants.as_slice() {
                    [] => t_string!(i18n, admin.no_grants).to_owned(),
                    grants => grants.iter().map(|grant| grant_words(i18n, grant)).collect::<Vec<_>>().join(", "),
                }}
            </Cell>
            <Cell label=move || t_string!(i18n, admin.state)>
                <UserState user />
            </Cell>
            <Cell label=move || t_string!(i18n, admin.last_sign_in)>
                {move || last.map_or_else(|| t_string!(i18n, admin.never).to_owned(), |at| text::date_time(i18n, at).to_string())}
            </Cell>
        </Row>
    }
    .into_any()
}

/// In use, locked, without a password, with a second factor.
#[component]
pub(super) fn UserState(user: UserRow) -> impl IntoView {
    let i18n = use_i18n();
    let plain = !user.locked && user.has_password;
    view! {
        <span class="cluster">
            {plain.then(|| view! { <Badge tone="tone-success" icon=IconName::Check label=move || t_string!(i18n, admin.in_use) /> })}
            {user.locked.then(|| view! { <Badge tone="tone-error" icon=IconName::Lock label=move || t_string!(i18n, admin.locked) /> })}
            {(!user.has_password)
                .then(|| view! { <Badge tone="tone-warn" icon=IconName::Warning label=move || t_string!(i18n, admin.no_password) /> })}
            {user
                .second_factor
                .then(|| view! { <Badge icon=IconName::Shield label=move || t_string!(i18n, admin.second_factor_on) /> })}
        </span>
    }
    .into_any()
}
