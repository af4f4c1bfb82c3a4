//! What runs beside a landed migration when a database is adopted while its CRM works on it.
//!
//! Migrations are never edited, and some of them would leave the CRM's login without a right for a moment, or hold a lock
//! for as long as it takes to look at every row. These steps run in the same transaction, before or after the file or in its
//! place. A fresh workspace runs the files alone; a test compares what comes out.

/// The steps of one file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Companions {
    /// Before the file, as `atalaya_owner`.
    pub(super) before: &'static [&'static str],
    /// In the place of the file.
    pub(super) instead: Option<&'static str>,
    /// After the file.
    pub(super) after: &'static [&'static str],
}

/// `20261121121400_system_events.sql`: the events become a partition.
pub(super) const SWAP: i64 = 20_261_121_121_400;

/// What the CRM's login keeps in every moment of the take-over.
pub(super) const LEGACY_RIGHTS: &str =
    include_str!("../../../../migrations/steps/legacy_rights.sql");

/// The companions of a file, by its number.
pub(super) fn of(version: i64) -> Companions {
    match version {
        // foreign_code: takes everybody's old rights away.
        20_261_121_120_400 => Companions {
            before: &[include_str!("../../../../migrations/steps/drop_passed_on.sql")],
            after: &[LEGACY_RIGHTS],
            ..Companions::default()
        },
        // documented_columns: builds indexes under a lock.
        20_261_121_120_900 => Companions {
            instead: Some(include_str!("../../../../migrations/steps/documented_columns.sql")),
            ..Companions::default()
        },
        SWAP => Companions {
            before: &[include_str!("../../../../migrations/steps/swap_before.sql")],
            after: &[include_str!("../../../../migrations/steps/swap_after.sql"), LEGACY_RIGHTS],
            ..Companions::default()
        },
        // log_policies: closes the partitions.
        20_261_121_122_700 => Companions {
            after: &[include_str!("../../../../migrations/steps/seal_adopted.sql")],
            ..Companions::default()
        },
        // row_security: shuts out who has no policy yet.
        20_261_121_122_600 => Companions {
            before: &[include_str!("../../../../migrations/steps/open_policies.sql")],
            ..Companions::default()
        },
        // legacy_login: the CRM's own rights, policies and trigger.
        20_261_121_123_200 => Companions {
            after: &[include_str!("../../../../migrations/steps/close_policies.sql")],
            ..Companions::default()
        },
        // log_indexes: makes a search index that a later file makes anew.
        20_261_123_120_100 => Companions {
            instead: Some(include_str!("../../../../migrations/steps/log_indexes.sql")),
            ..Companions::default()
        },
        _ => Companions::default(),
    }
}
