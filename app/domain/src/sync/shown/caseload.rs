//! The caseload: filtered, sorted and searched in memory, as fast as somebody types.

use super::Head;
use crate::{
    ApiError,
    clock::korean_day,
    search::NameQuery,
    sync::replica::District,
    view::{
        Page,
        cases::{CaseLens, CaseQuery, CaseRow, CaseSort, CaseloadHead, Count},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Ordering;

/// Rows of one page.
pub const PAGE: usize = 50;
/// Hits of one page of a search: the list is made anew at each key.
const HITS: usize = 20;

/// One page of the holder's cases.
///
/// # Errors
/// [`ApiError::BadRequest`] for a foreign cursor.
pub fn caseload<'a>(
    heads: impl IntoIterator<Item = &'a Head>,
    district: &District,
    query: &CaseQuery,
    after: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Page<CaseRow>, ApiError> {
    let skip: usize = after.map_or(Ok(0), str::parse).map_err(|_foreign| ApiError::BadRequest)?;
    let today = korean_day(now);
    let name = NameQuery::parse(query.name.as_deref().unwrap_or_default());
    let (searched, finder) = (name != NameQuery::Empty, name.finder());
    let wanted = |head: &&Head| {
        passes(head, district, query, today) && (!searched || head.row.name.as_deref().is_some_and(|known| finder.matches(known)))
    };
    let mut rows: Vec<&CaseRow> = heads.into_iter().filter(wanted).map(|head| &head.row).collect();
    let sort = if searched { CaseSort::Name } else { query.sort.unwrap_or(CaseSort::Due) };
    let by = |one: &&CaseRow, other: &&CaseRow| {
        if query.descending && !searched { order(sort, other, one) } else { order(sort, one, other) }
    };
    let end = skip.saturating_add(if searched { HITS } else { PAGE });
    let next = (rows.len() > end).then(|| end.to_string());
    if next.is_some() {
        // Only what is shown is put in order.
        rows.select_nth_unstable_by(end, by);
        rows.truncate(end);
    }
    rows.sort_unstable_by(by);
    Ok(Page { rows: rows.into_iter().skip(skip).cloned().collect(), next })
}

fn passes(head: &Head, district: &District, query: &CaseQuery, today: NaiveDate) -> bool {
    let row = &head.row;
    head.is_of(district.me.id)
        && head.facts.closed_at.is_some() == query.closed
        && query.stage.is_none_or(|stage| row.stage == stage)
        && query.urgency.is_none_or(|urgency| row.urgency == urgency)
        && query.dong.as_ref().is_none_or(|dong| row.dong.code == *dong)
        && (!query.overdue || is_late(row, today))
}

fn is_late(row: &CaseRow, today: NaiveDate) -> bool {
    row.due.is_some_and(|(_, due)| due < today)
}

fn order(sort: CaseSort, one: &CaseRow, other: &CaseRow) -> Ordering {
    // What has no day comes last; never reached is the longest time of all, so it comes first.
    let due = |row: &CaseRow| (row.due.is_none(), row.due.map(|(_, due)| due));
    let visit = |row: &CaseRow| (row.next_visit_at.is_none(), row.next_visit_at);
    let by = match sort {
        CaseSort::Due => due(one).cmp(&due(other)),
        CaseSort::Name => one.name.as_deref().unwrap_or_default().cmp(other.name.as_deref().unwrap_or_default()),
        CaseSort::Urgency => one.urgency.cmp(&other.urgency).then_with(|| due(one).cmp(&due(other))),
        CaseSort::LastContact => one.last_contact_at.cmp(&other.last_contact_at),
        CaseSort::NextVisit => visit(one).cmp(&visit(other)),
    };
    by.then_with(|| one.id.cmp(&other.id))
}

/// What stands above the holder's caseload.
#[must_use]
pub fn caseload_head<'a>(heads: impl IntoIterator<Item = &'a Head>, district: &District, now: DateTime<Utc>) -> CaseloadHead {
    let (today, all) = (korean_day(now), CaseQuery::default());
    let (mut open, mut overdue) = (0, 0);
    for head in heads.into_iter().filter(|head| passes(head, district, &all, today)) {
        open += 1;
        overdue += u32::from(is_late(&head.row, today));
    }
    let count = |found: u32| Count { at_least: found.min(Count::LIMIT), more: found > Count::LIMIT };
    CaseloadHead {
        lens: CaseLens::Own,
        lenses: vec![CaseLens::Own],
        open: count(open),
        overdue: count(overdue),
        dongs: district.dongs.clone(),
        workers: Vec::new(),
        views: Vec::new(),
    }
}
