//! New keys: a new version of the field key with which everything is sealed again, and a new root key around all of
//! them. A rotation that was interrupted is finished by running it again.

use crate::{
    OpContext, RootKey, Store, attachments,
    audit::{self, Entry},
    commands::attachment::received,
    crypt::{Cell, TenantKeys},
    entity::{
        account, assignment, attachment, audit as audit_row, case_file, data_key, draft, kept_entry, neighbor, note, round_entry,
        verdict, visit,
    },
    error::StoreError,
};
use domain::{
    ApiError,
    policy::{Action, Kind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Expr};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Rows of one transaction.
const BATCH: u64 = 500;

/// Makes a new version of the field key and seals every field with it. Returns how many fields.
///
/// # Errors
/// Policy's answer, or the database's fault; what was sealed until then stays readable.
pub async fn rotate_fields(ctx: &OpContext) -> Result<u64, ApiError> {
    async fn rotate(ctx: &OpContext) -> Result<u64, StoreError> {
        let (store, tenant) = (&ctx.store, ctx.tenant());
        let version = store.keys(tenant).await?.field_version() + 1;
        let tx = store.begin().await?;
        store.add_key(&tx, tenant, "field", version, ctx.now()).await?;
        let entry = Entry::list("key_rotated", "data_key", 1);
        audit_row::Entity::insert(audit::active(audit::row(ctx, entry, None))).exec_without_returning(&tx).await?;
        tx.commit().await?;
        store.forget_keys(tenant);
        seal_again(ctx).await
    }
    ctx.check(Action::Edit, &ctx.resource(Kind::Setting))?;
    rotate(ctx).await.map_err(StoreError::into_api)
}

/// Every column that holds sealed text.
async fn seal_again(ctx: &OpContext) -> Result<u64, StoreError> {
    let keys = ctx.store.keys(ctx.tenant()).await?;
    let work = Work { store: &ctx.store, keys: &keys, tenant: ctx.tenant().0 };
    macro_rules! columns {
        ($($table:ident.$name:ident: $column:ident;)+) => {
            0 $(+ work.column::<$table::Entity>(
                (stringify!($table), stringify!($name)),
                ($table::Column::TenantId, $table::Column::Id, $table::Column::$column),
            ).await?)+
        };
    }
    let files = seal_files_again(ctx, &keys).await?;
    Ok(files
        + columns! {
            account.totp_secret: TotpSecret;
            draft.body: Body;
            attachment.caption: Caption;
            attachment.removal_reason: RemovalReason;
            neighbor.address: Address;
            neighbor.phone: Phone;
            neighbor.health_note: HealthNote;
            round_entry.note: Note;
            case_file.closure_note: ClosureNote;
            note.body: Body;
            assignment.reason: Reason;
            assignment.answer: Answer;
            visit.note: Note;
            kept_entry.envelope: Envelope;
            kept_entry.reason: Reason;
            verdict.outcome: Outcome;
        })
}

/// The parts of attachments, one after the other: each stands by itself.
async fn seal_files_again(ctx: &OpContext, keys: &TenantKeys) -> Result<u64, StoreError> {
    let (mut after, mut done) = (Uuid::nil(), 0);
    loop {
        let rows = attachment::Entity::find()
            .filter(attachment::Column::TenantId.eq(ctx.tenant().0))
            .filter(attachment::Column::Id.gt(after))
            .filter(attachment::Column::RemovedAt.is_null())
            .order_by_asc(attachment::Column::Id)
            .limit(BATCH)
            .all(ctx.store.read())
            .await?;
        let Some(last) = rows.last() else { return Ok(done) };
        after = last.id;
        for row in &rows {
            for part in 0..received(row).next {
                done += u64::from(attachments::seal_again(ctx.store.files()?, keys, row, part).await?);
            }
        }
    }
}

struct Work<'a> {
    store: &'a Store,
    keys: &'a TenantKeys,
    tenant: Uuid,
}

impl Work<'_> {
    /// Seals one column again, batch by batch.
    async fn column<E>(
        &self,
        (table, name): (&'static str, &'static str),
        (tenant, id, column): (E::Column, E::Column, E::Column),
    ) -> Result<u64, StoreError>
    where
        E: EntityTrait,
        E::Column: Copy,
    {
        let (newest, mut after, mut done) = (self.keys.field_version(), Uuid::nil(), 0);
        loop {
            let tx = self.store.begin().await?;
            let rows: Vec<(Uuid, Option<Vec<u8>>)> = E::find()
                .select_only()
                .column(id)
                .column(column)
                .filter(tenant.eq(self.tenant))
                .filter(id.gt(after))
                .order_by_asc(id)
                .limit(BATCH)
                .into_tuple()
                .all(&tx)
                .await?;
            let Some((last, _)) = rows.last() else { return Ok(done) };
            after = *last;
            for (row, sealed) in rows {
                let Some(sealed) = sealed.filter(|sealed| TenantKeys::version_of(sealed) != Some(newest)) else { continue };
                let cell = Cell::new(table, name, row);
                let plain = Zeroizing::new(self.keys.open(cell, &sealed)?);
                // Only what is still as it was read: on PostgreSQL somebody may have changed it meanwhile.
                let update = E::update_many()
                    .col_expr(column, Expr::value(self.keys.seal(cell, &plain)?))
                    .filter(tenant.eq(self.tenant))
                    .filter(id.eq(row))
                    .filter(column.eq(sealed));
                done += update.exec(&tx).await?.rows_affected;
            }
            tx.commit().await?;
        }
    }
}

/// Wraps the keys of all districts with another root key. Returns how many.
///
/// # Errors
/// When a key does not open with the present root key; nothing is changed then.
pub async fn change_root_key(store: &Store, new: &RootKey) -> Result<u64, StoreError> {
    let tx = store.begin().await?;
    let rows = data_key::Entity::find().all(&tx).await?;
    for row in &rows {
        let key = store.root().unwrap(row.tenant_id, &row.purpose, row.version, &row.wrapped)?;
        let wrapped = new.wrap(row.tenant_id, &row.purpose, row.version, &key)?;
        data_key::Entity::update_many()
            .col_expr(data_key::Column::Wrapped, Expr::value(wrapped))
            .filter(data_key::Column::TenantId.eq(row.tenant_id))
            .filter(data_key::Column::Purpose.eq(row.purpose.as_str()))
            .filter(data_key::Column::Version.eq(row.version))
            .exec(&tx)
            .await?;
    }
    tx.commit().await?;
    Ok(rows.len() as u64)
}
