//! What a page shows once it has loaded, and while it loads anew.

use super::{
    banner::{Banner, Tone},
    button::Button,
    icon::IconName,
    page::PageHead,
    skeleton::Skeleton,
    text::error_text,
};
use crate::{
    api::AppError,
    i18n::{t, use_i18n},
};
use domain::ApiError;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// The view of what `resource` holds, within a `Suspense` or `Transition`; nothing before it has loaded. What is shown
/// stays whole while the resource loads anew.
///
/// On the server it is awaited. There a view made of `resource.get()` would be built anew on another thread each time a
/// resource settles, and the last one dropped while it is being read.
///
/// In the browser it is read at once. There a `Suspend`, when a second load begins just as the first one ends, lets go of
/// what the old view is made of and leaves its buttons standing until the second load has come: whoever presses one then
/// stops the whole page.
pub fn settled<T, V, F>(resource: Resource<T>, view: F) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
{
    #[cfg(feature = "hydrate")]
    {
        move || resource.get().map(&view)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let view = std::sync::Arc::new(view);
        move || {
            let view = std::sync::Arc::clone(&view);
            Suspend::new(async move { view(resource.await) })
        }
    }
}

/// Shows what `resource` holds by `children` ([`settled`]), a skeleton before that, and what went wrong otherwise.
#[component]
pub fn Loaded<T, V, F>(
    /// What is loaded.
    resource: Resource<Result<T, AppError>>,
    /// Lines of the skeleton.
    #[prop(default = 8)]
    lines: usize,
    /// The page's title where loading failed, for pages whose title comes with what they load.
    #[prop(optional, into)]
    title: Option<TextProp>,
    /// The view of what was loaded.
    children: F,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
{
    let shown = settled(resource, move |answer| match answer {
        Ok(value) => children(value).into_any(),
        Err(error) => view! {
            {title.clone().map(|title| view! { <PageHead title /> })}
            <LoadFailed error retry=Callback::new(move |()| resource.refetch()) />
        }
        .into_any(),
    });
    view! { <Transition fallback=move || view! { <Skeleton lines /> }>{shown}</Transition> }.into_any()
}

/// As [`Loaded`], for what changes with every key that is typed: `children` is called once and reads from a signal what is
/// loaded, now and later. Only after a failure it is called again.
#[component]
pub fn LoadedInPlace<T, V, F>(
    /// What is loaded.
    resource: Resource<Result<T, AppError>>,
    /// Lines of the skeleton.
    #[prop(default = 8)]
    lines: usize,
    /// The view of what is loaded.
    children: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Signal<T>) -> V + Send + Sync + 'static,
{
    view! {
        <Transition fallback=move || view! { <Skeleton lines /> }>
            {in_place(
                resource,
                move |answer| match answer {
                    Ok(value) => children(value).into_any(),
                    Err(error) => view! { <LoadFailed error retry=Callback::new(move |()| resource.refetch()) /> }.into_any(),
                },
            )}
        </Transition>
    }
    .into_any()
}

/// [`settled`] in place: in the browser the view stays for as long as loading succeeds.
#[cfg(feature = "hydrate")]
fn in_place<T, V, F>(resource: Resource<Result<T, AppError>>, view: F) -> impl IntoView
where
    T: Clone + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Result<Signal<T>, AppError>) -> V + Send + Sync + 'static,
{
    let last = Memo::new(move |before: Option<&Option<T>>| match resource.get() {
        Some(Ok(value)) => Some(value),
        _ => before.cloned().flatten(),
    });
    let value = Signal::derive(move || last.get().unwrap_or_default());
    let state = Memo::new(move |_| resource.get().map(|answer| answer.map(|_| ())));
    move || state.get().map(|answer| view(answer.map(|()| value)))
}

/// [`settled`] in place: the server shows a page once.
#[cfg(not(feature = "hydrate"))]
fn in_place<T, V, F>(resource: Resource<Result<T, AppError>>, view: F) -> impl IntoView
where
    T: Clone + PartialEq + Default + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Result<Signal<T>, AppError>) -> V + Send + Sync + 'static,
{
    settled(resource, move |answer| view(answer.map(Signal::stored)))
}

/// What went wrong, and another try where that can help.
#[component]
pub fn LoadFailed(
    /// What went wrong.
    error: AppError,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    // What is not for somebody, or not there, will not be so a second later.
    let may_change = !matches!(error.0, ApiError::Forbidden | ApiError::NotFound);
    view! {
        <Banner tone=Tone::Error live=true title=move || error_text(i18n, &error.0)>
            {may_change
                .then(|| {
                    view! {
                        <Button icon=IconName::Refresh on_press=move || retry.run(())>
                            {t!(i18n, common.retry)}
                        </Button>
                    }
                })}
        </Banner>
    }
    .into_any()
}
