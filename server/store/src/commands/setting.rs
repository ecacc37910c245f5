//! The district's settings: every version is kept. New clocks are at once the clocks of the open cases.

use crate::{
    entity::{case_file, setting},
    error::StoreError,
    records,
    write::{Changed, Write},
};
use domain::{
    ApiError, Invalid,
    command::SettingCommand,
    ids::Rev,
    merge::FieldConflict,
    policy::{Action, Kind},
    settings::{ClockSettings, Settings},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// The most days that any clock counts.
const MAX_DAYS: u16 = 365;
/// The most days before the due day at which a clock warns.
const MAX_WARNING: u16 = 30;
/// Open cases that are looked at in one go.
const PAGE: u64 = 500;

pub(super) async fn apply(write: &mut Write<'_>, command: &SettingCommand) -> Result<Rev, StoreError> {
    match command {
        SettingCommand::Put { settings } => put(write, settings).await,
    }
}

async fn put(write: &mut Write<'_>, settings: &Settings) -> Result<Rev, StoreError> {
    write.allow(Action::Edit, &write.ctx.resource(Kind::Setting))?;
    let tenant = write.ctx.tenant().0;
    let last = setting::Entity::find()
        .filter(setting::Column::TenantId.eq(tenant))
        .order_by_desc(setting::Column::Version)
        .one(write.tx)
        .await?;
    let settings = checked(settings.clone())?;
    let json = serde_json::to_value(&settings).map_err(|_error| StoreError::Corrupt("setting.settings"))?;
    check_base(write, last.as_ref(), &json)?;
    let before = crate::tenants::settings(write.tx, write.ctx.tenant()).await?;
    let version = last.map_or(1, |row| row.version + 1);
    let row = setting::ActiveModel {
        tenant_id: Set(tenant),
        version: Set(version),
        settings: Set(json),
        set_by: Set(write.ctx.user().0),
        set_at: Set(write.now),
    };
    setting::Entity::insert(row).exec_without_returning(write.tx).await?;
    if before.clocks != settings.clocks {
        rewind_clocks(write, &settings).await?;
    }
    let rev = Rev(i64::from(version));
    write.audit("setting", Uuid::from_u128(u128::from(version.unsigned_abs())), None);
    write.changed(Changed::general("setting", tenant, rev));
    Ok(rev)
}

/// Whoever saw an older version chooses again, with both before their eyes.
fn check_base(write: &Write<'_>, last: Option<&setting::Model>, mine: &serde_json::Value) -> Result<(), StoreError> {
    let rev = last.map_or(0, |row| i64::from(row.version));
    match write.base_rev {
        Some(base) if base.0 != rev => {
            let theirs = last.map_or(serde_json::Value::Null, |row| row.settings.clone());
            let field = FieldConflict { field: "settings".to_owned(), base: serde_json::Value::Null, theirs, mine: mine.clone() };
            Err(ApiError::Conflict { fields: vec![field], rev }.into())
        }
        _ => Ok(()),
    }
}

fn checked(mut settings: Settings) -> Result<Settings, ApiError> {
    for (field, days) in spans(&settings.clocks) {
        if days > MAX_DAYS {
            return Err(ApiError::invalid(field, Invalid::Range));
        }
    }
    if settings.clocks.warn_before > MAX_WARNING {
        return Err(ApiError::invalid("warn_before", Invalid::Range));
    }
    let clocks = &settings.clocks;
    if clocks.aftercare_second.days <= clocks.aftercare_first.days {
        return Err(ApiError::invalid("aftercare_second", Invalid::Order));
    }
    settings.second_factor_roles.sort_unstable();
    settings.second_factor_roles.dedup();
    Ok(settings)
}

const fn spans(clocks: &ClockSettings) -> [(&'static str, u16); 9] {
    [
        ("first_contact_same_day", clocks.first_contact_same_day.days),
        ("first_contact_soon", clocks.first_contact_soon.days),
        ("first_contact_later", clocks.first_contact_later.days),
        ("assessment", clocks.assessment.days),
        ("conference", clocks.conference.days),
        ("plan", clocks.plan.days),
        ("intake_to_plan", clocks.intake_to_plan.days),
        ("aftercare_first", clocks.aftercare_first.days),
        ("aftercare_second", clocks.aftercare_second.days),
    ]
}

/// Derives the next due day of every open case anew, page by page.
async fn rewind_clocks(write: &Write<'_>, settings: &Settings) -> Result<(), StoreError> {
    let mut after = Uuid::nil();
    loop {
        let rows = case_file::Entity::find()
            .filter(case_file::Column::TenantId.eq(write.ctx.tenant().0))
            .filter(case_file::Column::IsOpen.eq(true))
            .filter(case_file::Column::Id.gt(after))
            .order_by_asc(case_file::Column::Id)
            .limit(PAGE)
            .all(write.tx)
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id;
        for row in rows {
            follow_settings(write, settings, row).await?;
        }
    }
}

async fn follow_settings(write: &Write<'_>, settings: &Settings, row: case_file::Model) -> Result<(), StoreError> {
    let mut derived = row.clone();
    let facts = records::case_facts(&row);
    records::put_facts(write.ctx, settings, &mut derived, &facts)?;
    if derived == row {
        return Ok(());
    }
    let mut change = row.into_active_model();
    change.next_due_on = Set(derived.next_due_on);
    change.next_due_clock = Set(derived.next_due_clock);
    change.rev = Set(derived.rev + 1);
    case_file::Entity::update(change).exec(write.tx).await?;
    Ok(())
}
