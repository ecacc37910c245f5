//! One account: locking, roles with their whole history.

use super::{
    parts::{LoadFailed, grant_words, now},
    users::UserState,
};
use crate::{
    api::{load_user, make_password_link},
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
    pages::not_found::NotFoundPage,
};
use domain::{
    ApiError,
    command::{Envelope, UserCommand},
    ids::{GrantId, TeamId, UserId},
    policy::{Role, Scope},
    view::admin::{GrantRow, TeamName, UserRow, UserView},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// One account.
#[component]
pub fn UserPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<UserId>().ok())));
    let live = use_live(&["user"]);
    let user = Resource::new(
        move || (live.get(), id.get()),
        |(_, id)| async move {
            match id {
                Some(id) => load_user(id).await,
                None => Err(ApiError::NotFound.into()),
            }
        },
    );
    view! {
        <Transition fallback=|| {
            view! { <Skeleton lines=10 /> }
        }>
            {move || Suspend::new(async move {
                match user.await {
                    Ok(view) => view! { <Account view /> }.into_any(),
                    Err(error) if error.0 == ApiError::NotFound => view! { <NotFoundPage /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Account(view: UserView) -> impl IntoView {
    let i18n = use_i18n();
    let UserView { user, created_at, ended, teams } = view;
    let crumbs = vec![Crumb::new("/admin/users", move || t_string!(i18n, nav.users))];
    let heading = format!("{} ({})", user.name, user.login);
    let (id, held, state) = (user.id, user.grants.clone(), user.clone());
    view! {
        <PageHead title=move || t_string!(i18n, admin.user) heading=move || heading.clone() crumbs>
            <LockButton user />
        </PageHead>
        <p class="cluster">
            <UserState user=state />
            <span class="muted">{t!(i18n, admin.made_at)} " " {move || text::date_time(i18n, created_at)}</span>
        </p>
        <PasswordLink id />
        <Grants held />
        <AddGrant user=id teams />
        <History ended />
    }
    .into_any()
}

#[component]
fn LockButton(user: UserRow) -> impl IntoView {
    let i18n = use_i18n();
    let (errors, toaster) = (FormErrors::new(), use_toaster());
    let (id, locked) = (user.id, user.locked);
    let undo = use_write(FormErrors::new(), move |_| toaster.done(move || t_string!(i18n, common.undone)));
    let back = Callback::new(move |()| undo.send(Envelope::new(UserCommand::Lock { id, locked }, now())));
    let write = use_write(errors, move |_| toaster.done_with_undo(move || t_string!(i18n, common.saved), back));
    Effect::new(move |_| {
        if let Some(error) = errors.whole().get() {
            toaster.failed(move || error_text(i18n, &error));
        }
    });
    view! {
        <Button
            kind=ButtonKind::Danger
            busy=write.pending()
            on:click=move |_| write.send(Envelope::new(UserCommand::Lock { id, locked: !locked }, now()))
        >
            {move || if locked { t_string!(i18n, admin.unlock) } else { t_string!(i18n, admin.lock) }}
        </Button>
    }
    .into_any()
}

/// A link with which the person sets a password, shown once.
#[component]
fn PasswordLink(id: UserId) -> impl IntoView {
    let i18n = use_i18n();
    let (busy, link, toaster) = (RwSignal::new(false), RwSignal::new(None::<String>), use_toaster());
    let make = move |_| {
        busy.set(true);
        spawn_local(async move {
            match make_password_link(id).await {
                Ok(path) => link.set(Some(format!("{}{path}", window().location().origin().unwrap_or_default()))),
                Err(error) => toaster.failed(move || error_text(i18n, &error.0)),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="section stack" aria-labelledby="link-title">
            <h2 id="link-title">{t!(i18n, admin.password_link)}</h2>
            <p class="muted">{t!(i18n, admin.password_link_hint)}</p>
            <Button busy=busy on:click=make>{t!(i18n, admin.make_link)}</Button>
            <div aria-live="polite">{move || link.get().map(|link| view! { <code>{link}</code> })}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Grants(held: Vec<GrantRow>) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(None::<GrantId>);
    let list = if held.is_empty() {
        view! { <p class="muted">{t!(i18n, admin.no_grants)}</p> }.into_any()
    } else {
        held.into_iter().map(|grant| view! { <Grant grant open /> }).collect_view().into_any()
    };
    view! {
        <section class="section stack" aria-labelledby="grants-title">
            <h2 id="grants-title">{t!(i18n, admin.roles)}</h2>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Grant(grant: GrantRow, open: RwSignal<Option<GrantId>>) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at, by) = (grant.id, grant.granted_at, grant.granted_by.clone());
    let (errors, reason, toaster) = (FormErrors::new(), RwSignal::new(String::new()), use_toaster());
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, common.saved)));
    let end = move |()| write.send(Envelope::new(UserCommand::EndGrant { id, reason: reason.get_untracked() }, now()));
    let form = move || {
        view! {
            <CommandForm errors on_submit=Callback::new(end)>
                <TextField name="reason" label=move || t_string!(i18n, admin.end_reason) value=reason required=true />
                <Button kind=ButtonKind::Danger submit=true busy=write.pending()>{t!(i18n, admin.end_grant)}</Button>
            </CommandForm>
        }
        .into_any()
    };
    let ask = move || view! { <Button on:click=move |_| open.set(Some(id))>{t!(i18n, admin.end_grant)}</Button> }.into_any();
    view! {
        <article class="stack">
            <p>
                <b>{move || grant_words(i18n, &grant)}</b>
                " "
                <span class="muted">{by} " · " {move || text::date_time(i18n, at)}</span>
            </p>
            {move || if open.get() == Some(id) { form() } else { ask() }}
        </article>
    }
    .into_any()
}

#[component]
fn AddGrant(user: UserId, teams: Vec<TeamName>) -> impl IntoView {
    let i18n = use_i18n();
    let (role, scope) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (errors, toaster) = (FormErrors::new(), use_toaster());
    let write = use_write(errors, move |_| toaster.done(move || t_string!(i18n, common.saved)));
    let give = move |()| {
        let Some(role) = Role::from_word(&role.get_untracked()) else {
            return errors.add("role", domain::Invalid::Missing);
        };
        let scope = match scope.get_untracked().as_str() {
            "own" => Scope::Own,
            "district" => Scope::District,
            team => match team.parse::<TeamId>() {
                Ok(team) => Scope::Team(team),
                Err(_none) => return errors.add("scope", domain::Invalid::Missing),
            },
        };
        write.send(Envelope::new(UserCommand::Grant { id: GrantId::new(), user, role, scope }, now()));
    };
    let mut reaches = vec![
        Choice::new("own", move || text::scope_label(i18n, Scope::Own)),
        Choice::new("district", move || text::scope_label(i18n, Scope::District)),
    ];
    reaches.extend(
        teams
            .into_iter()
            .map(|team| Choice::new(team.id.to_string(), move || super::in_language(i18n, &team.name_ko, &team.name_en))),
    );
    view! {
        <section class="section stack" aria-labelledby="grant-title">
            <h2 id="grant-title">{t!(i18n, admin.add_grant)}</h2>
            <CommandForm errors on_submit=Callback::new(give)>
                <SelectField name="role" label=move || t_string!(i18n, admin.role) value=role choices=Signal::stored(choices_of::<Role>()) required=true />
                <SelectField name="scope" label=move || t_string!(i18n, admin.scope) value=scope choices=Signal::stored(reaches) required=true />
                <Button kind=ButtonKind::Primary submit=true busy=write.pending()>{t!(i18n, admin.add_grant)}</Button>
            </CommandForm>
        </section>
    }
    .into_any()
}

#[component]
fn History(ended: Vec<GrantRow>) -> impl IntoView {
    let i18n = use_i18n();
    if ended.is_empty() {
        return ().into_any();
    }
    let line = move |grant: GrantRow| {
        let from = grant.granted_at;
        let by = grant.granted_by.clone();
        let end = grant.ended.clone();
        view! {
            <li>
                <b>{move || grant_words(i18n, &grant)}</b>
                <p class="muted">{by} " · " {move || text::date_time(i18n, from)}</p>
                {end.map(|end| view! { <p>{t!(i18n, admin.ended)} " " {end.by} " · " {move || text::date_time(i18n, end.at)} " · " {end.reason}</p> })}
            </li>
        }
    };
    view! {
        <section class="section stack" aria-labelledby="history-title">
            <h2 id="history-title">{t!(i18n, admin.history)}</h2>
            <ul class="rows">{ended.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
