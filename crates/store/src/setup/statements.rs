//! Classes of statements of the legacy program: which go on after a take-over, and which stop. A test says each of them as the
//! CRM's login and compares.

use atalaya_model::adoption::StatementClass;

/// Whether the log has `created_at` for `occurred_at`, by its columns (`table.column`).
pub(super) fn renamed(columns: &[String]) -> bool {
    let has = |column: &str| columns.iter().any(|c| c == column);
    has("system_events.created_at") && !has("system_events.occurred_at")
}

/// The classes, for a database whose log gets another name for its time (`renamed`), or whose credentials have duplicates.
pub(super) fn classes(renamed: bool, duplicates: bool) -> Vec<StatementClass> {
    let class = |code, goes_on| StatementClass { code, goes_on };
    let mut out = vec![
        // CRM Ventas 2.3, 3.3, 4.1, 4.4 and what its programs do with the tables of 2.1 and 2.2.
        class("event_insert", true),
        class("log_read", true),
        class("credential_upsert", true),
        class("credential_update", true),
        class("leads_read", true),
        class("rows_of_tables", true),
        class("ddl", false),
        class("event_change", false),
        class("event_time_null", false),
        class("event_id_given", false),
        class("event_on_conflict", false),
        class("truncate", false),
    ];
    if renamed {
        out.push(class("event_created_at", false));
    }
    if duplicates {
        out.push(class("credential_same_name", false));
    }
    out
}
