//! The caseload searched by name. Each way is bounded, and whatever an index finds is looked at again:
//! - a first syllable or letter is a range of names, read in the order of names;
//! - where the lens holds few cases (a worker's own, a team's open ones), they are read in the order of names and all looked at;
//! - otherwise the trigram index of names gives its hits, the newest first, and the lens filters them.

use super::{
    caseload::walk,
    cursor::Cursor,
    rows::{PAGE, filtered, name_runs, runs},
};
use crate::{
    OpContext, dialect,
    entity::case_file::{self, Column},
    error::StoreError,
};
use domain::{
    ApiError,
    search::NameQuery,
    view::cases::{CaseQuery, CaseSort},
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use unicode_normalization::UnicodeNormalization;

/// How many rows one request looks at before it answers with what it has.
pub(super) const LOOK_AT: usize = 2_000;
/// Hits of the trigram index per query.
const HITS: u32 = 400;

type Found = (Vec<case_file::Model>, Option<Cursor>);

/// One page of the cases whose names are looked for.
pub(super) async fn find(
    ctx: &OpContext,
    query: &CaseQuery,
    name: &NameQuery,
    cursor: Option<Cursor>,
) -> Result<Found, StoreError> {
    let query = CaseQuery { sort: Some(CaseSort::Name), descending: false, ..query.clone() };
    let finder = name.finder();
    let keep = |row: &case_file::Model| finder.matches(&row.neighbor_name);
    let wanted = match name {
        NameQuery::Prefix(nfd) => {
            let rows = filtered(ctx, &query, false)?;
            return walk(ctx, &rows, &name_runs(ranges(nfd)), cursor, PAGE, keep).await;
        }
        NameQuery::Syllables { nfd, .. } => (nfd.as_str(), false),
        NameQuery::Initials { doubled, .. } => (doubled.as_str(), true),
        NameQuery::Empty => return Ok((Vec::new(), None)),
    };
    if reads_all(ctx, &query, cursor.as_ref()).await? {
        let rows = filtered(ctx, &query, false)?;
        return walk(ctx, &rows, &runs(&query), cursor, PAGE, keep).await;
    }
    by_trigram(ctx, &query, wanted, cursor, keep).await
}

/// Whether the lens holds few enough cases to look at every name. Only what follows an index is asked: a rare stage or
/// dong among a million cases would be counted for long.
async fn reads_all(ctx: &OpContext, query: &CaseQuery, cursor: Option<&Cursor>) -> Result<bool, StoreError> {
    match cursor {
        Some(Cursor::Hit(_)) => return Ok(false),
        Some(_) => return Ok(true),
        None => {}
    }
    let ids: Vec<uuid::Uuid> = filtered(ctx, &lens_alone(query), false)?
        .select_only()
        .column(Column::Id)
        .limit(LOOK_AT as u64)
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    Ok(ids.len() < LOOK_AT)
}

/// The query without the filters that follow no index.
pub(super) fn lens_alone(query: &CaseQuery) -> CaseQuery {
    let CaseQuery { lens, team, worker, closed, .. } = *query;
    CaseQuery { lens, team, worker, closed, ..CaseQuery::default() }
}

async fn by_trigram(
    ctx: &OpContext,
    query: &CaseQuery,
    wanted: (&str, bool),
    cursor: Option<Cursor>,
    keep: impl Fn(&case_file::Model) -> bool,
) -> Result<Found, StoreError> {
    let mut before = match cursor {
        Some(Cursor::Hit(hit)) => Some(hit),
        Some(_) => return Err(ApiError::BadRequest.into()),
        None => None,
    };
    let (mut kept, mut seen): (Vec<case_file::Model>, usize) = (Vec::new(), 0);
    let db = ctx.store.read();
    loop {
        let hits = dialect::name_hits(db, ctx.tenant().0, wanted, before, HITS).await?;
        let mut cases = of_neighbors(ctx, query, hits.iter().map(|(id, _)| *id).collect()).await?;
        for (id, hit) in &hits {
            if kept.len() >= PAGE {
                return Ok((sorted(kept), before.map(Cursor::Hit)));
            }
            before = Some(*hit);
            kept.extend(cases.extract_if(.., |row| row.neighbor_id == *id).filter(&keep));
        }
        seen += hits.len();
        if hits.len() < HITS as usize {
            return Ok((sorted(kept), None));
        }
        if seen >= LOOK_AT {
            return Ok((sorted(kept), before.map(Cursor::Hit)));
        }
    }
}

fn sorted(mut rows: Vec<case_file::Model>) -> Vec<case_file::Model> {
    rows.sort_by(|a, b| (&a.neighbor_name, a.id).cmp(&(&b.neighbor_name, b.id)));
    rows
}

/// The cases of these neighbors that pass lens and filters.
pub(super) fn of_neighbors_select(
    ctx: &OpContext,
    query: &CaseQuery,
    neighbors: Vec<uuid::Uuid>,
) -> Result<sea_orm::Select<case_file::Entity>, ApiError> {
    Ok(super::rows::of_neighbors(ctx, query)?.filter(Column::NeighborId.is_in(neighbors)))
}

async fn of_neighbors(
    ctx: &OpContext,
    query: &CaseQuery,
    neighbors: Vec<uuid::Uuid>,
) -> Result<Vec<case_file::Model>, StoreError> {
    if neighbors.is_empty() {
        return Ok(Vec::new());
    }
    Ok(of_neighbors_select(ctx, query, neighbors)?.all(ctx.store.read()).await?)
}

/// The ranges in which names that begin like this lie, as they are written: one for Korean, one per spelling for others.
pub(super) fn ranges(nfd: &str) -> Vec<(String, String)> {
    let text: String = nfd.nfc().collect();
    let mut chars = text.chars();
    let (Some(last), start) = (chars.next_back(), chars.as_str()) else { return Vec::new() };
    if let Some(position) = u32::from(last).checked_sub(0x1100).filter(|position| *position < 19) {
        // A lone consonant: all syllables that begin with it.
        let first = 0xAC00 + position * 588;
        let syllable = |code| char::from_u32(code).map(|c| format!("{start}{c}"));
        return syllable(first).zip(syllable(first + 588)).into_iter().collect();
    }
    let spellings = [text.clone(), text.to_uppercase(), capitalised(&text)];
    let mut ranges: Vec<(String, String)> =
        spellings.into_iter().filter_map(|text| Some((text.clone(), after(&text)?))).collect();
    ranges.sort();
    ranges.dedup();
    ranges
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The first text after all that begin with `text`.
fn after(text: &str) -> Option<String> {
    let mut chars = text.chars();
    let last = chars.next_back()?;
    char::from_u32(u32::from(last) + 1).map(|next| format!("{}{next}", chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn a_beginning_is_a_range_of_names() {
        let of = |text: &str| ranges(text).into_iter().map(|(from, to)| format!("{from}–{to}")).collect::<Vec<_>>();
        assert_eq!(of("김"), ["김–깁"]);
        assert_eq!(of("\u{1100}"), ["가–까"]);
        assert_eq!(of("\u{1112}"), ["하–\u{d7a4}"]);
        assert_eq!(of("an"), ["AN–AO", "An–Ao", "an–ao"]);
        assert!(of("").is_empty());
    }
}
