//! The roles of an account: held, given, ended, with their whole history.

use super::{parts::grant_words, user::Forms};
use crate::{
    components::prelude::*,
    i18n::{t, t_string, use_i18n},
};
use domain::{
    Invalid,
    command::UserCommand,
    ids::{GrantId, TeamId, UserId},
    policy::{Role, Scope},
    view::admin::{GrantRow, TeamName},
};
use leptos::prelude::*;

/// The roles held now.
#[component]
pub(super) fn Grants(held: Vec<GrantRow>, forms: Forms, own: bool) -> impl IntoView {
    let i18n = use_i18n();
    let list = if held.is_empty() {
        view! { <p class="muted">{t!(i18n, admin.no_grants)}</p> }.into_any()
    } else {
        let lines = held.into_iter().map(|grant| view! { <Grant grant forms own /> }).collect_view();
        view! { <ul class="rows entries">{lines}</ul> }.into_any()
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
fn Grant(grant: GrantRow, forms: Forms, own: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (id, at, by) = (grant.id, grant.granted_at, grant.granted_by.clone());
    let words = grant.clone();
    let ask = move || {
        view! {
            <Button kind=ButtonKind::Tertiary on_press=move || forms.ending.set(Some(id))>{t!(i18n, admin.end_grant)}</Button>
        }
    };
    let asking = move || forms.ending.get() == Some(id);
    view! {
        <li class="stack">
            <div class="entry">
                <div>
                    <b>{move || grant_words(i18n, &words)}</b>
                    <p class="muted">{move || t_string!(i18n, admin.granted, by = by.clone(), at = text::date_time(i18n, at).to_string())}</p>
                </div>
                {move || (!own && !asking()).then(ask)}
            </div>
            {move || asking().then(|| view! { <EndForm id forms /> })}
        </li>
    }
    .into_any()
}

#[component]
fn EndForm(id: GrantId, forms: Forms) -> impl IntoView {
    let i18n = use_i18n();
    let end = move |()| forms.end.send(UserCommand::EndGrant { id, reason: forms.reason.get_untracked() });
    view! {
        <CommandForm errors=forms.end.errors on_submit=Callback::new(end)>
            <TextField name="reason" label=move || t_string!(i18n, admin.end_reason) value=forms.reason required=true maxlength=200 />
            <div class="form-actions">
                <Button kind=ButtonKind::Danger submit=true busy=forms.end.pending()>{t!(i18n, admin.end_grant)}</Button>
                <Button on_press=move || forms.ending.set(None)>{t!(i18n, common.cancel)}</Button>
            </div>
        </CommandForm>
    }
    .into_any()
}

/// The reach that a choice of the form means.
fn read_scope(word: &str) -> Option<Scope> {
    match word {
        "own" => Some(Scope::Own),
        "district" => Some(Scope::District),
        team => team.parse::<TeamId>().ok().map(Scope::Team),
    }
}

/// A role for the account.
#[component]
pub(super) fn AddGrant(user: UserId, teams: Vec<TeamName>, forms: Forms) -> impl IntoView {
    let i18n = use_i18n();
    let give = move |()| {
        forms.grant.errors.clear();
        let role = Role::from_word(&forms.role.get_untracked());
        let scope = read_scope(&forms.scope.get_untracked());
        match (role, scope) {
            (Some(role), Some(scope)) => forms.grant.send(UserCommand::Grant { id: GrantId::new(), user, role, scope }),
            (role, scope) => {
                let missing = [("role", role.is_none()), ("scope", scope.is_none())];
                missing
                    .into_iter()
                    .filter(|(_, missing)| *missing)
                    .for_each(|(name, _)| forms.grant.errors.add(name, Invalid::Missing));
            }
        }
    };
    let team = |team: TeamName| Choice::new(team.id.to_string(), move || text::in_language(i18n, &team.name_ko, &team.name_en));
    let mut reaches: Vec<Choice> = teams.into_iter().map(team).collect();
    reaches.push(Choice::new("district", move || text::scope_label(i18n, Scope::District)));
    reaches.push(Choice::new("own", move || text::scope_label(i18n, Scope::Own)));
    view! {
        <section class="section stack" aria-labelledby="grant-title">
            <h2 id="grant-title">{t!(i18n, admin.add_grant)}</h2>
            <CommandForm errors=forms.grant.errors on_submit=Callback::new(give)>
                <div class="fields">
                    <SelectField
                        name="role"
                        label=move || t_string!(i18n, admin.role)
                        value=forms.role
                        choices=Signal::stored(choices_of::<Role>())
                        required=true
                    />
                    <SelectField
                        name="scope"
                        label=move || t_string!(i18n, admin.scope)
                        hint=move || t_string!(i18n, admin.scope_hint)
                        value=forms.scope
                        choices=Signal::stored(reaches)
                        required=true
                    />
                </div>
                <Button kind=ButtonKind::Primary submit=true busy=forms.grant.pending()>{t!(i18n, admin.add_grant)}</Button>
            </CommandForm>
        </section>
    }
    .into_any()
}

/// The roles that ended, the latest first.
#[component]
pub(super) fn History(ended: Vec<GrantRow>) -> impl IntoView {
    let i18n = use_i18n();
    if ended.is_empty() {
        return ().into_any();
    }
    let line = move |grant: GrantRow| {
        let (from, by, end, words) = (grant.granted_at, grant.granted_by.clone(), grant.ended.clone(), grant);
        let ended = end.map(|end| {
            let (at, by, reason) = (end.at, end.by, end.reason);
            view! {
                <p class="muted">{move || t_string!(i18n, admin.ended_line, by = by.clone(), at = text::date_time(i18n, at).to_string())}</p>
                <p>{move || t_string!(i18n, admin.end_reason_line, reason = reason.clone())}</p>
            }
        });
        view! {
            <li>
                <b>{move || grant_words(i18n, &words)}</b>
                <p class="muted">{move || t_string!(i18n, admin.granted, by = by.clone(), at = text::date_time(i18n, from).to_string())}</p>
                {ended}
            </li>
        }
    };
    view! {
        <section class="section stack" aria-labelledby="history-title">
            <h2 id="history-title">{t!(i18n, admin.history)}</h2>
            <ul class="rows entries">{ended.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
