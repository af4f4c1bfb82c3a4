//! The tables that the documents describe (CRM Ventas 2.1, 2.2 and the tables that it builds on), with what a take-over does to each.

use atalaya_model::adoption::TableAction;

/// One documented table.
pub(super) struct Expected {
    /// Name in `public`.
    pub(super) name: &'static str,
    /// Columns with the types that Postgres prints.
    columns: &'static [(&'static str, &'static [&'static str])],
    /// Further documented columns, whose types nothing depends on here.
    known: &'static [&'static str],
    /// Columns that are added where they are missing.
    added: &'static [&'static str],
    /// What happens to it.
    pub(super) action: TableAction,
}

const INTEGER: &[&str] = &["integer"];
const BIGINT: &[&str] = &["bigint"];
const TEXT: &[&str] = &["text", "character varying"];
const TIME: &[&str] = &["timestamp with time zone"];
const JSON: &[&str] = &["jsonb"];
const UUID: &[&str] = &["uuid"];

pub(super) const TABLES: &[Expected] = &[
    Expected {
        name: "tenants",
        columns: &[("id", INTEGER), ("clinic_name", TEXT), ("created_at", TIME)],
        known: &["bot_phone_number", "owner_email", "config", "updated_at"],
        added: &["created_at"],
        action: TableAction::Extend,
    },
    Expected {
        name: "users",
        columns: &[
            ("id", UUID),
            ("email", TEXT),
            ("password_hash", TEXT),
            ("role", TEXT),
            ("status", TEXT),
            ("first_name", TEXT),
            ("last_name", TEXT),
            ("tenant_id", INTEGER),
        ],
        known: &["created_at", "updated_at"],
        added: &["first_name", "last_name", "tenant_id"],
        action: TableAction::Extend,
    },
    Expected {
        name: "leads",
        columns: &[("id", INTEGER), ("tenant_id", INTEGER), ("phone_number", TEXT)],
        known: &[
            "first_name",
            "last_name",
            "email",
            "status",
            "source",
            "created_at",
            "updated_at",
        ],
        added: &[],
        action: TableAction::Keep,
    },
    Expected {
        name: "credentials",
        columns: &[
            ("id", INTEGER),
            ("tenant_id", INTEGER),
            ("name", TEXT),
            ("value", TEXT),
            ("category", TEXT),
            ("created_at", TIME),
            ("updated_at", TIME),
        ],
        known: &[],
        added: &["category", "created_at", "updated_at"],
        action: TableAction::Keep,
    },
    Expected {
        name: "system_events",
        columns: &[
            ("id", BIGINT),
            ("event_type", TEXT),
            ("severity", TEXT),
            ("message", TEXT),
            ("payload", JSON),
            ("occurred_at", TIME),
        ],
        known: &[],
        added: &["severity", "message", "payload", "occurred_at"],
        action: TableAction::Partition,
    },
];

/// The documented table of that name.
pub(super) fn table(name: &str) -> Option<&'static Expected> {
    TABLES.iter().find(|e| e.name == name)
}

impl Expected {
    /// Whether a column is missing that nothing can stand in for.
    pub(super) fn lacks_needed(&self, found: &[(String, String)]) -> bool {
        let missing = |name: &str| !found.iter().any(|(n, _)| n == name);
        self.columns.iter().any(|(name, _)| missing(name) && !self.added.contains(name))
    }

    /// How found columns differ, as `missing: x`, `type: x is y` and `extra: x`.
    pub(super) fn differences(&self, found: &[(String, String)]) -> Vec<String> {
        let mut out = Vec::new();
        for (name, types) in self.columns {
            match found.iter().find(|(n, _)| n == name) {
                None => out.push(format!("missing: {name}")),
                Some((_, t)) if !types.contains(&t.as_str()) => {
                    out.push(format!("type: {name} is {t}"));
                }
                Some(_) => {}
            }
        }
        let has = |name: &str| found.iter().any(|(n, _)| n == name);
        out.extend(self.known.iter().filter(|n| !has(n)).map(|n| format!("missing: {n}")));
        let documented =
            |name: &str| self.known.contains(&name) || self.columns.iter().any(|(n, _)| *n == name);
        out.extend(
            found.iter().filter(|(n, _)| !documented(n)).map(|(n, _)| format!("extra: {n}")),
        );
        out
    }
}
