//! Indicators and signs. An entry is never changed: a new version stands beside the old one, because signals and
//! ticks keep meaning what they meant.

use crate::{
    entity::{indicator, sign},
    error::StoreError,
    tenants,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid,
    catalogue::{Indicator, Sign},
    command::CatalogueCommand,
    ids::Rev,
    policy::{Action, Kind},
    text,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Where an indicator can be named: a law, a publication, or the district's own decision.
const SOURCES: [&str; 3] = ["statute", "press", "district"];

pub(super) async fn apply(write: &mut Write<'_>, command: &CatalogueCommand) -> Result<Rev, StoreError> {
    match command {
        CatalogueCommand::PutIndicator { indicator } => put_indicator(write, indicator.clone()).await,
        CatalogueCommand::PutSign { sign } => put_sign(write, sign.clone()).await,
    }
}

async fn put_indicator(write: &mut Write<'_>, entry: Indicator) -> Result<Rev, StoreError> {
    let last = indicator::Entity::find()
        .filter(indicator::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(indicator::Column::Code.eq(entry.code.clone()))
        .order_by_desc(indicator::Column::Version)
        .one(write.tx)
        .await?;
    let version = next_version(write, last.map(|row| row.version))?;
    check_code(&entry.code, 'I')?;
    if !SOURCES.contains(&entry.source.as_str()) {
        return Err(ApiError::invalid("source", Invalid::UnknownCode).into());
    }
    let entry = Indicator {
        version,
        name_ko: text::required_line("name_ko", entry.name_ko, 100)?,
        name_en: text::required_line("name_en", entry.name_en, 200)?,
        holder: text::required_line("holder", entry.holder, 100)?,
        note: text::optional_line("note", Some(entry.note), 200)?.unwrap_or_default(),
        ..entry
    };
    let row = tenants::indicator_row(write.ctx.tenant(), &entry, write.ctx.user(), write.now);
    indicator::Entity::insert(row).exec_without_returning(write.tx).await?;
    Ok(noted(write, "indicator", &entry.code, version))
}

async fn put_sign(write: &mut Write<'_>, entry: Sign) -> Result<Rev, StoreError> {
    let last = sign::Entity::find()
        .filter(sign::Column::TenantId.eq(write.ctx.tenant().0))
        .filter(sign::Column::Code.eq(entry.code.clone()))
        .order_by_desc(sign::Column::Version)
        .one(write.tx)
        .await?;
    let version = next_version(write, last.map(|row| row.version))?;
    check_code(&entry.code, 'S')?;
    let entry = Sign {
        version,
        name_ko: text::required_line("name_ko", entry.name_ko, 100)?,
        name_en: text::required_line("name_en", entry.name_en, 200)?,
        observers: text::required_line("observers", entry.observers, 100)?,
        ..entry
    };
    let row = tenants::sign_row(write.ctx.tenant(), &entry, write.ctx.user(), write.now);
    sign::Entity::insert(row).exec_without_returning(write.tx).await?;
    Ok(noted(write, "sign", &entry.code, version))
}

/// The version after the last one, if policy allows it and the writer had seen the last one.
fn next_version(write: &Write<'_>, last: Option<i32>) -> Result<i32, StoreError> {
    let action = if last.is_some() { Action::Edit } else { Action::Create };
    write.allow(action, &write.ctx.resource(Kind::Catalogue))?;
    let last = last.unwrap_or(0);
    match write.base_rev {
        Some(base) if base.0 != i64::from(last) => Err(ApiError::Conflict { fields: Vec::new(), rev: i64::from(last) }.into()),
        _ => Ok(last + 1),
    }
}

/// A capital letter and two or three digits: `I01`, `S32`.
fn check_code(code: &str, letter: char) -> Result<(), StoreError> {
    let digits = code.strip_prefix(letter).unwrap_or_default();
    let good = (2..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(()) } else { Err(ApiError::invalid("code", Invalid::Form).into()) }
}

fn noted(write: &mut Write<'_>, subject: &'static str, code: &str, version: i32) -> Rev {
    let (id, rev) = (code_id(code), Rev(i64::from(version)));
    write.audit(subject, id, None);
    write.changed(Changed::general("catalogue", id, rev));
    rev
}

/// A short code as an id: its letters, filled up with zeros. So the trail and the feed can name a catalogue entry.
fn code_id(code: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(code.bytes()).for_each(|(to, from)| *to = from);
    Uuid::from_bytes(bytes)
}
