//! One account: its name, its way in, locking, and its roles.

use super::{
    parts::Sender,
    user_grants::{AddGrant, Grants, History},
    users::UserState,
};
use crate::{
    api::{load_user, make_password_link, use_me},
    components::{copy::CopyButton, prelude::*},
    i18n::{t, t_string, use_i18n},
    pages::not_found::NotFoundPage,
};
use domain::{
    ApiError,
    command::UserCommand,
    ids::{GrantId, UserId},
    view::admin::{UserRow, UserView},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// The forms of the page.
#[derive(Clone, Copy)]
pub(super) struct Forms {
    pub rename: Sender,
    pub renaming: RwSignal<bool>,
    pub grant: Sender,
    pub role: RwSignal<String>,
    pub scope: RwSignal<String>,
    pub end: Sender,
    pub ending: RwSignal<Option<GrantId>>,
    pub reason: RwSignal<String>,
}

impl Forms {
    fn new() -> Self {
        let renaming = RwSignal::new(false);
        let [role, scope, reason] = [(); 3].map(|()| RwSignal::new(String::new()));
        let ending = RwSignal::new(None);
        Self {
            rename: Sender::new(move || renaming.set(false)),
            renaming,
            grant: Sender::new(move || {
                role.set(String::new());
                scope.set(String::new());
            }),
            role,
            scope,
            end: Sender::new(move || {
                ending.set(None);
                reason.set(String::new());
            }),
            ending,
            reason,
        }
    }
}

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
    let (forms, lock, link) = (Forms::new(), Lock::new(), RwSignal::new(None::<String>));
    let shown = settled(user, move |answer| match answer {
        Ok(view) => view! { <Account view forms lock link /> }.into_any(),
        Err(error) if error.0 == ApiError::NotFound => view! { <NotFoundPage /> }.into_any(),
        Err(error) => view! { <LoadFailed error retry=Callback::new(move |()| user.refetch()) /> }.into_any(),
    });
    view! {
        <Transition fallback=|| {
            view! { <Skeleton lines=10 /> }
        }>
            {shown}
        </Transition>
    }
    .into_any()
}

#[component]
fn Account(view: UserView, forms: Forms, lock: Lock, link: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let UserView { user, created_at, ended, teams } = view;
    let crumbs = vec![Crumb::new("/admin/users", move || t_string!(i18n, nav.users))];
    let heading = format!("{} ({})", user.name, user.login);
    let (id, held, state, name) = (user.id, user.grants.clone(), user.clone(), user.name.clone());
    // Nobody decides about oneself; the store refuses it too.
    let own = use_me().is_some_and(|me| me.user == id);
    view! {
        <PageHead title=move || t_string!(i18n, admin.user) heading=move || heading.clone() crumbs>
            <Button icon=IconName::Pencil on_press=move || forms.renaming.update(|open| *open = !*open)>
                {t!(i18n, admin.rename)}
            </Button>
            {(!own).then(|| view! { <LockButton user lock /> })}
        </PageHead>
        <p class="cluster page-facts">
            <UserState user=state />
            <span class="muted">{t!(i18n, admin.made_at)} " " {move || text::date_time(i18n, created_at)}</span>
        </p>
        <LockQuestion id lock />
        <RenameForm id name forms />
        {own.then(|| view! { <Banner title=move || t_string!(i18n, admin.own_account) /> })}
        <Grants held forms own />
        {(!own).then(|| view! { <AddGrant user=id teams forms /> })}
        <PasswordLink id link />
        <History ended />
    }
    .into_any()
}

#[component]
fn RenameForm(id: UserId, name: String, forms: Forms) -> impl IntoView {
    let i18n = use_i18n();
    let form = move || {
        let value = RwSignal::new(name.clone());
        let save = move |()| forms.rename.send(UserCommand::Rename { id, name: value.get_untracked() });
        view! {
            <section class="section">
                <CommandForm errors=forms.rename.errors on_submit=Callback::new(save)>
                    <TextField name="name" label=move || t_string!(i18n, admin.name) value required=true maxlength=60 />
                    <div class="form-actions">
                        <Button kind=ButtonKind::Primary submit=true busy=forms.rename.pending()>{t!(i18n, common.save)}</Button>
                        <Button on_press=move || forms.renaming.set(false)>{t!(i18n, common.cancel)}</Button>
                    </div>
                </CommandForm>
            </section>
        }
        .into_any()
    };
    (move || forms.renaming.get().then(&form)).into_any()
}

/// Locking and unlocking, and taking that back.
#[derive(Clone, Copy)]
struct Lock {
    sender: Sender,
    undo: Sender,
    last: StoredValue<Option<(UserId, bool)>>,
    /// Whether locking was pressed and waits for a yes.
    asked: RwSignal<bool>,
}

impl Lock {
    fn new() -> Self {
        let (i18n, toaster) = (use_i18n(), use_toaster());
        let last = StoredValue::new(None::<(UserId, bool)>);
        let undo = Sender::without_form(move || toaster.done(move || t_string!(i18n, common.undone)));
        let back = Callback::new(move |()| {
            if let Some((id, locked)) = last.get_value() {
                undo.send(UserCommand::Lock { id, locked: !locked });
            }
        });
        let sender = Sender::without_form(move || toaster.done_with_undo(move || t_string!(i18n, common.saved), back));
        Self { sender, undo, last, asked: RwSignal::new(false) }
    }

    fn set(self, id: UserId, locked: bool) {
        self.asked.set(false);
        self.last.set_value(Some((id, locked)));
        self.sender.send(UserCommand::Lock { id, locked });
    }
}

#[component]
fn LockButton(user: UserRow, lock: Lock) -> impl IntoView {
    let i18n = use_i18n();
    let (id, locked) = (user.id, user.locked);
    let busy = Signal::derive(move || lock.sender.pending().get() || lock.undo.pending().get());
    let kind = if locked { ButtonKind::Secondary } else { ButtonKind::Danger };
    let press = move || if locked { lock.set(id, false) } else { lock.asked.set(true) };
    view! {
        <Button kind icon=IconName::Lock busy on_press=press>
            {move || if locked { t_string!(i18n, admin.unlock) } else { t_string!(i18n, admin.lock) }}
        </Button>
    }
    .into_any()
}

/// What locking does that undoing does not bring back, asked before it is done.
#[component]
fn LockQuestion(id: UserId, lock: Lock) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || lock.asked.get()>
            <Banner tone=Tone::Warn live=true title=move || t_string!(i18n, admin.lock_ask)>
                <p>{t!(i18n, admin.lock_lead)}</p>
                <div class="cluster">
                    <Button kind=ButtonKind::Danger on_press=move || lock.set(id, true)>
                        {t!(i18n, admin.lock_do)}
                    </Button>
                    <Button on_press=move || lock.asked.set(false)>{t!(i18n, common.cancel)}</Button>
                </div>
            </Banner>
        </Show>
    }
    .into_any()
}

/// A link with which the person sets a password, shown once.
#[component]
fn PasswordLink(id: UserId, link: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let (busy, toaster) = (RwSignal::new(false), use_toaster());
    let make = move || {
        busy.set(true);
        spawn_local(async move {
            match make_password_link(id).await {
                Ok(path) => link.set(Some(format!("{}{path}", window().location().origin().unwrap_or_default()))),
                Err(error) => toaster.failed(move || error_text(i18n, &error.0)),
            }
            let _ = busy.try_set(false);
        });
    };
    let shown = move || {
        link.get().map(|link| {
            let copied = link.clone();
            view! {
                <p class="cluster">
                    <code class="secret-link">{link}</code>
                    <CopyButton text=copied />
                </p>
            }
        })
    };
    view! {
        <section class="section stack" aria-labelledby="link-title">
            <h2 id="link-title">{t!(i18n, admin.password_link)}</h2>
            <p class="muted">{t!(i18n, admin.password_link_hint)}</p>
            <Button icon=IconName::Key busy=busy on_press=make>{t!(i18n, admin.make_link)}</Button>
            <div aria-live="polite">{shown}</div>
        </section>
    }
    .into_any()
}
