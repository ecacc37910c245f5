//! The tables, one file each, as `migrations/src/sql` makes them.

#![expect(missing_docs, reason = "a column is described where it is made, in migrations/src/sql")]

pub mod account;
pub mod assignment;
pub mod attachment;
pub mod audit;
pub mod audit_batch;
pub mod audit_review;
pub mod backup_code;
pub mod case_event;
pub mod case_file;
pub mod change;
pub mod data_key;
pub mod device;
pub mod discovery_round;
pub mod dong;
pub mod draft;
pub mod feed_position;
pub mod household_member;
pub mod indicator;
pub mod kept_entry;
pub mod lease;
pub mod link;
pub mod neighbor;
pub mod neighbor_name;
pub mod neighbor_named;
pub mod note;
pub mod op;
pub mod outbox;
pub mod password_link;
pub mod pseudonym;
pub mod role_grant;
pub mod round_entry;
pub mod round_row;
pub mod saved_view;
pub mod session;
pub mod setting;
pub mod sign;
pub mod sign_tick;
pub mod signal;
pub mod team;
pub mod tenant;
pub mod verdict;
pub mod visit;
pub mod visit_series;
