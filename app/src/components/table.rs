//! Tables that become cards on a phone. Roles are written out, because a table whose display changes would
//! lose them.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// How a column is sorted now, and the address that sorts by it.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The address that sorts by this column, or the other way round.
    pub href: String,
    /// `Some(true)` when the list is sorted by this column downwards.
    pub descending: Option<bool>,
}

/// A table. `head` holds [`HeadCell`]s, the children are [`Row`]s.
#[component]
pub fn Table(
    /// What the table lists; for those who can't see it.
    #[prop(into)]
    caption: TextProp,
    /// The header cells.
    #[prop(into)]
    head: ViewFnOnce,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table" role="table">
                <caption class="sr-only">{move || caption.get()}</caption>
                <thead role="rowgroup">
                    <tr role="row">{head.run()}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A header cell; sortable ones are links.
#[component]
pub fn HeadCell(
    /// The column's name.
    #[prop(into)]
    label: TextProp,
    /// How it sorts.
    #[prop(optional, into)]
    sort: Option<Sort>,
    /// Whether it holds numbers.
    #[prop(optional)]
    numeric: bool,
    /// Whether tablets leave the column out; its cells say the same.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let direction = sort.as_ref().and_then(|sort| sort.descending);
    let aria = direction.map(|descending| if descending { "descending" } else { "ascending" });
    let icon = match direction {
        Some(true) => IconName::CaretDown,
        Some(false) => IconName::CaretUp,
        None => IconName::CaretUpDown,
    };
    let words = move || label.get();
    view! {
        <th scope="col" role="columnheader" aria-sort=aria class:numeric=numeric class:wide-only=wide>
            {match sort {
                Some(sort) => {
                    view! {
                        <a class="sort" href=sort.href>
                            <span>{words}</span>
                            <Icon name=icon />
                        </a>
                    }
                        .into_any()
                }
                None => words.into_any(),
            }}
        </th>
    }
    .into_any()
}

/// A row.
#[component]
pub fn Row(
    /// Whether it stands out (selected, just changed).
    #[prop(optional, into)]
    marked: Signal<bool>,
    /// [`Cell`]s.
    children: Children,
) -> impl IntoView {
    // While a list is loaded again, the old rows stand for a moment without what they were made with.
    let marked = move || marked.try_get().unwrap_or_default();
    view! { <tr role="row" class:marked=marked>{children()}</tr> }.into_any()
}

/// A cell.
#[component]
pub fn Cell(
    /// The column's name, shown before the value on a phone.
    #[prop(into)]
    label: TextProp,
    /// Whether it names the row: the head of the card on a phone.
    #[prop(optional)]
    head: bool,
    /// Whether it holds a number.
    #[prop(optional)]
    numeric: bool,
    /// Whether tablets leave it out, as its column.
    #[prop(optional)]
    wide: bool,
    /// The value.
    children: Children,
) -> impl IntoView {
    let children = children();
    if head {
        view! {
            <th scope="row" role="rowheader" class="cell-head">
                {children}
            </th>
        }
        .into_any()
    } else {
        view! {
            <td role="cell" data-label=move || label.get() class:numeric=numeric class:wide-only=wide>
                <div class="cell-value">{children}</div>
            </td>
        }
        .into_any()
    }
    .into_any()
}
