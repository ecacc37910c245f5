//! A case.

use sea_orm::entity::prelude::*;

/// A case.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "case_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub neighbor_id: Uuid,
    pub neighbor_name: String,
    pub dong_code: String,
    pub team_id: Option<Uuid>,
    pub worker_id: Option<Uuid>,
    pub urgency: String,
    pub stage: String,
    pub is_open: bool,
    pub restricted: bool,
    pub learned_from: String,
    pub discovered_at: DateTimeUtc,
    pub opened_by: Uuid,
    pub opened_at: DateTimeUtc,
    pub assigned_at: Option<DateTimeUtc>,
    pub first_contact_at: Option<DateTimeUtc>,
    pub counselled_on: Option<Date>,
    pub intake_on: Option<Date>,
    pub assessed_on: Option<Date>,
    pub conference_on: Option<Date>,
    pub planned_on: Option<Date>,
    pub served_on: Option<Date>,
    pub reviewed_on: Option<Date>,
    pub closed_at: Option<DateTimeUtc>,
    pub closure: Option<String>,
    pub aftercare_on: Option<Date>,
    pub closure_asked_by: Option<Uuid>,
    pub closure_asked_at: Option<DateTimeUtc>,
    pub closure_note: Option<Vec<u8>>,
    pub next_due_on: Option<Date>,
    pub next_due_clock: Option<String>,
    pub last_contact_at: Option<DateTimeUtc>,
    pub next_visit_at: Option<DateTimeUtc>,
    pub updated_at: DateTimeUtc,
    pub rev: i64,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
