//! The first content of a district: the dongs of Seocho-gu, the indicators of agency lists, and the signs of the guide.
//! A real district begins with the same catalogue and edits it.

use anyhow::{Context, Result};
use domain::{
    case::Urgency,
    catalogue::{Indicator, LifeDomain, Sign},
    text::DongCode,
};
use serde::{Deserialize, de::DeserializeOwned};
use store::tenants::NewDong;

#[derive(Deserialize)]
struct DongRow {
    code: DongCode,
    name_ko: String,
    name_en: String,
    tile_col: i32,
    tile_row: i32,
    electors: i32,
}

#[derive(Deserialize)]
struct IndicatorRow {
    code: String,
    name_ko: String,
    name_en: String,
    holder: String,
    source: String,
    note: String,
}

#[derive(Deserialize)]
struct SignRow {
    code: String,
    name_ko: String,
    name_en: String,
    observers: String,
    domain: LifeDomain,
    urgency: Urgency,
}

fn rows<T: DeserializeOwned>(name: &str, text: &str) -> Result<Vec<T>> {
    let rows: Result<Vec<T>, csv::Error> = csv::Reader::from_reader(text.as_bytes()).deserialize().collect();
    rows.with_context(|| format!("the built-in {name}.csv"))
}

/// The eighteen dongs of Seocho-gu, with a layout for the tile map.
///
/// # Errors
/// When the built-in file is broken.
pub fn dongs() -> Result<Vec<NewDong>> {
    let rows: Vec<DongRow> = rows("dongs", include_str!("seed/dongs.csv"))?;
    let dong = |row: DongRow| NewDong {
        code: row.code,
        name_ko: row.name_ko,
        name_en: row.name_en,
        tile_col: row.tile_col,
        tile_row: row.tile_row,
        electors: row.electors,
    };
    Ok(rows.into_iter().map(dong).collect())
}

/// The named indicators, each in its first version.
///
/// # Errors
/// When the built-in file is broken.
pub fn indicators() -> Result<Vec<Indicator>> {
    let rows: Vec<IndicatorRow> = rows("indicators", include_str!("seed/indicators.csv"))?;
    let indicator = |row: IndicatorRow| Indicator {
        code: row.code,
        version: 1,
        name_ko: row.name_ko,
        name_en: row.name_en,
        holder: row.holder,
        source: row.source,
        note: row.note,
        active: true,
    };
    Ok(rows.into_iter().map(indicator).collect())
}

/// The signs of the guide, each in its first version.
///
/// # Errors
/// When the built-in file is broken.
pub fn signs() -> Result<Vec<Sign>> {
    let rows: Vec<SignRow> = rows("signs", include_str!("seed/signs.csv"))?;
    let sign = |row: SignRow| Sign {
        code: row.code,
        version: 1,
        name_ko: row.name_ko,
        name_en: row.name_en,
        observers: row.observers,
        domain: row.domain,
        urgency: row.urgency,
        active: true,
    };
    Ok(rows.into_iter().map(sign).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_built_in_files_are_whole() {
        let (dongs, indicators, signs) = (dongs().unwrap(), indicators().unwrap(), signs().unwrap());
        assert_eq!((dongs.len(), indicators.len(), signs.len()), (18, 27, 32));
        let tiles: BTreeSet<_> = dongs.iter().map(|dong| (dong.tile_col, dong.tile_row)).collect();
        assert_eq!(tiles.len(), 18, "no two dongs on one tile");
        let words: BTreeSet<_> = signs.iter().map(|sign| &sign.name_ko).collect();
        assert_eq!(words.len(), 32);
        assert!(words.iter().all(|word| word.ends_with('요')), "signs are said as an observer says them");
        for urgency in Urgency::ALL {
            assert!(signs.iter().any(|sign| sign.urgency == *urgency), "{urgency}");
        }
        for domain in LifeDomain::ALL {
            assert!(signs.iter().any(|sign| sign.domain == *domain), "{domain}");
        }
    }
}
