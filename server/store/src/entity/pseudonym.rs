//! The number under which the auditor sees a person.

use sea_orm::entity::prelude::*;

/// The number under which the auditor sees a person.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "pseudonym")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    pub number: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
}

/// No relations: queries name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
