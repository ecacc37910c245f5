//! The seed facts: dongs, indicators and signs, as the files beside this one have them.

use anyhow::Context;
use domain::{
    case::Urgency,
    catalogue::{Indicator, LifeDomain, Sign},
    text::DongCode,
};
use serde::Deserialize;
use store::tenants::NewDong;

const DONGS: &str = include_str!("seed/dongs.csv");
const INDICATORS: &str = include_str!("seed/indicators.csv");
const SIGNS: &str = include_str!("seed/signs.csv");

#[derive(Deserialize)]
struct DongLine {
    code: String,
    name_ko: String,
    name_en: String,
    tile_col: i32,
    tile_row: i32,
    electors: i32,
}

#[derive(Deserialize)]
struct IndicatorLine {
    code: String,
    name_ko: String,
    name_en: String,
    holder: String,
    source: String,
    note: String,
}

#[derive(Deserialize)]
struct SignLine {
    code: String,
    name_ko: String,
    name_en: String,
    observers: String,
    domain: String,
    urgency: String,
}

fn lines<T: for<'line> Deserialize<'line>>(text: &str) -> anyhow::Result<Vec<T>> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().map(|line| Ok(line?)).collect()
}

/// The 18 dongs of Seocho-gu with their places on the tile map.
///
/// # Errors
/// When the seed file can't be read.
pub fn dongs() -> anyhow::Result<Vec<NewDong>> {
    let lines: Vec<DongLine> = lines(DONGS)?;
    lines
        .into_iter()
        .map(|line| {
            Ok(NewDong {
                code: DongCode::try_from(line.code)?,
                name_ko: line.name_ko,
                name_en: line.name_en,
                tile_col: line.tile_col,
                tile_row: line.tile_row,
                electors: line.electors,
            })
        })
        .collect()
}

/// The 27 named indicators.
///
/// # Errors
/// When the seed file can't be read.
pub fn indicators() -> anyhow::Result<Vec<Indicator>> {
    let lines: Vec<IndicatorLine> = lines(INDICATORS)?;
    let read = |line: IndicatorLine| Indicator {
        code: line.code,
        version: 1,
        name_ko: line.name_ko,
        name_en: line.name_en,
        holder: line.holder,
        source: line.source,
        note: line.note,
        active: true,
    };
    Ok(lines.into_iter().map(read).collect())
}

/// The 32 signs of the guide.
///
/// # Errors
/// When the seed file can't be read.
pub fn signs() -> anyhow::Result<Vec<Sign>> {
    let lines: Vec<SignLine> = lines(SIGNS)?;
    lines
        .into_iter()
        .map(|line| {
            Ok(Sign {
                domain: LifeDomain::from_code(&line.domain).context("the domain of a sign")?,
                urgency: Urgency::from_code(&line.urgency).context("the urgency of a sign")?,
                code: line.code,
                version: 1,
                name_ko: line.name_ko,
                name_en: line.name_en,
                observers: line.observers,
                active: true,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_files_are_whole() {
        let (dongs, indicators, signs) = (dongs().unwrap(), indicators().unwrap(), signs().unwrap());
        assert_eq!((dongs.len(), indicators.len(), signs.len()), (18, 27, 32));
        let mut tiles: Vec<_> = dongs.iter().map(|dong| (dong.tile_col, dong.tile_row)).collect();
        tiles.sort_unstable();
        tiles.dedup();
        assert_eq!(tiles.len(), 18, "no two dongs on one tile");
        let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        assert!(signs.iter().all(|sign| hangul(&sign.name_ko) && hangul(&sign.observers)));
        assert!(indicators.iter().all(|one| hangul(&one.name_ko) && !one.holder.is_empty()));
    }
}
