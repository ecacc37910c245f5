//! What a wished plan falls on: the other visits of its workers. A clash warns; it does not forbid.

use crate::{
    api::find_clashes,
    components::prelude::*,
    i18n::{t_string, use_i18n},
};
use domain::{
    ids::{UserId, VisitId},
    view::visits::Clash,
    visit::Window,
};
use leptos::{prelude::*, task::spawn_local};

/// Who would go, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    pub workers: Vec<UserId>,
    pub windows: Vec<Window>,
}

/// Asks the server anew whenever the wish changes; only the latest answer counts. `except` is the visit that is moved.
pub(super) fn watch_clashes(wish: Memo<Wish>, except: Option<VisitId>) -> RwSignal<Vec<Clash>> {
    let clashes = RwSignal::new(Vec::new());
    let asked = StoredValue::new(0_u32);
    Effect::new(move || {
        let Wish { workers, windows } = wish.get();
        let number = asked.get_value().wrapping_add(1);
        asked.set_value(number);
        spawn_local(async move {
            // Without an answer there is no warning; planning works all the same.
            let found =
                if windows.is_empty() { Vec::new() } else { find_clashes(workers, windows, except).await.unwrap_or_default() };
            if asked.try_get_value() == Some(number) {
                clashes.try_set(found);
            }
        });
    });
    clashes
}

/// The warning above a form, with one line for each clash.
#[component]
pub(super) fn ClashNotice(clashes: RwSignal<Vec<Clash>>) -> impl IntoView {
    let i18n = use_i18n();
    let some = Memo::new(move |_| clashes.with(|clashes| !clashes.is_empty()));
    let title = move || t_string!(i18n, visit.clash_some, count = clashes.with(Vec::len)).to_string();
    view! {
        <div role="status">
            <Show when=move || some.get()>
                <Banner tone=Tone::Warn title>
                    {move || clashes.get().into_iter().map(|clash| view! { <ClashLine clash /> }).collect_view()}
                </Banner>
            </Show>
        </div>
    }
    .into_any()
}

/// Who is busy then, and with whom.
#[component]
pub(super) fn ClashLine(clash: Clash) -> impl IntoView {
    let i18n = use_i18n();
    let Clash { worker, window, with, .. } = clash;
    let words = move || {
        let other = match &with {
            None => t_string!(i18n, visit.clash_hidden).to_owned(),
            Some(with) => {
                let name = with.name.clone().unwrap_or_else(|| t_string!(i18n, common.name_unknown).to_owned());
                format!("{name} ({})", with.kind.label(i18n))
            }
        };
        t_string!(i18n, visit.clash, worker = worker.name.clone(), time = text::window(window), with = other).to_string()
    };
    view! {
        <p class="clash">
            <Icon name=IconName::Warning />
            <span>{words}</span>
        </p>
    }
    .into_any()
}
