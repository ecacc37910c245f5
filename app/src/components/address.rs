//! Addresses of lists: the filter, the order and the place live in the query, so that a list can be
//! bookmarked and the way back works. Codes and ids only; a name never enters an address.

use super::table::Sort;
use leptos_router::params::ParamsMap;

/// `path` with the present query changed: `Some` sets a part, `None` takes it away.
#[must_use]
pub fn address(path: &str, query: &ParamsMap, changes: &[(&'static str, Option<&str>)]) -> String {
    let mut next = ParamsMap::new();
    for (key, value) in query.latest_values() {
        if !changes.iter().any(|(changed, _)| changed == key) {
            next.insert(key.clone(), value.to_owned());
        }
    }
    for (key, value) in changes {
        if let Some(value) = value {
            next.insert(*key, (*value).to_owned());
        }
    }
    format!("{path}{}", next.to_query_string())
}

/// How the column `key` sorts: ascending first, then the other way round; the list starts anew. The query says
/// `sort=key`, and `order=desc` for the other way round.
#[must_use]
pub fn sort_by(path: &str, query: &ParamsMap, key: &str) -> Sort {
    let descending = (query.get_str("sort") == Some(key)).then(|| query.get_str("order") == Some("desc"));
    let order = (descending == Some(false)).then_some("desc");
    Sort { href: address(path, query, &[("sort", Some(key)), ("order", order), ("after", None)]), descending }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_turns_round_and_starts_anew() {
        let mut query = ParamsMap::new();
        query.insert("after", "x".to_owned());
        let first = sort_by("/cases", &query, "due");
        assert_eq!((first.href.as_str(), first.descending), ("/cases?sort=due", None));
        query.insert("sort", "due".to_owned());
        let second = sort_by("/cases", &query, "due");
        assert_eq!((second.href.as_str(), second.descending), ("/cases?sort=due&order=desc", Some(false)));
    }

    #[test]
    fn a_part_can_be_taken_away() {
        let mut query = ParamsMap::new();
        query.insert("stage", "plan".to_owned());
        assert_eq!(address("/cases", &query, &[("stage", None)]), "/cases");
    }
}
