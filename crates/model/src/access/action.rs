//! The closed list of actions, each with its permission, its event and what it may change.

use super::Permission;

/// How a successful read or change is audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// One event each time.
    Each,
    /// One event per caller, action and minute, with a count beside it: for lists that a screen reads often.
    Counted,
}

/// A table and operation that a change may touch. Postgres compares its own change records with the same list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Qualified table name.
    pub table: &'static str,
    /// `INSERT`, `UPDATE` or `DELETE`.
    pub operation: &'static str,
}

const fn insert(table: &'static str) -> Change {
    Change { table, operation: "INSERT" }
}

const fn update(table: &'static str) -> Change {
    Change { table, operation: "UPDATE" }
}

const fn delete(table: &'static str) -> Change {
    Change { table, operation: "DELETE" }
}

/// What is fixed about an action.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// What the caller must hold; `None` for their own affairs (opening and locking the console, their own profile).
    pub permission: Option<Permission>,
    /// `system_events.event_type` when it is done; the same name with outcome `denied` or `failed` otherwise.
    pub event_type: &'static str,
    /// How often.
    pub audit: Audit,
    /// Plural noun of what it is about (`system_events.resource_type`).
    pub resource: &'static str,
    /// What it may change.
    pub changes: &'static [Change],
}

/// Everything that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Unlock the console on a connection.
    ConsoleOpen,
    /// Lock it.
    ConsoleLock,
    /// Note that the console reached its database again.
    ConnectionMade,
    /// Note that it had lost it.
    ConnectionLost,
    /// Change one's own name.
    ProfileUpdate,
    /// See the overview.
    OverviewView,
    /// See tenants.
    TenantList,
    /// See users.
    UserList,
    /// Page, filter and count the audit log.
    AuditList,
    /// Open one event.
    AuditRead,
    /// Export what a filter shows.
    AuditExport,
    /// See what the database recorded of an event's changes.
    ChangeList,
    /// See saved views of the log.
    ViewList,
    /// Save a view of the log.
    ViewSave,
    /// Remove a saved view.
    ViewRemove,
    /// See what looks wrong in the log, and the rules behind it.
    FindingList,
    /// Say why a finding is none.
    FindingNote,
    /// Tune a rule.
    FindingRuleUpdate,
    /// See which secrets there are.
    SecretList,
    /// Generate a secret.
    SecretCreate,
    /// Import a secret that the CRM already uses.
    SecretImport,
    /// See recipients of secrets.
    RecipientList,
    /// Enrol a recipient of secrets.
    RecipientAdd,
    /// Make a recovery kit a recipient of everything.
    KitCreate,
    /// Put a recovered operator in the place of the lost one.
    KitUse,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::ConsoleOpen,
        Self::ConsoleLock,
        Self::ConnectionMade,
        Self::ConnectionLost,
        Self::ProfileUpdate,
        Self::OverviewView,
        Self::TenantList,
        Self::UserList,
        Self::AuditList,
        Self::AuditRead,
        Self::AuditExport,
        Self::ChangeList,
        Self::ViewList,
        Self::ViewSave,
        Self::ViewRemove,
        Self::FindingList,
        Self::FindingNote,
        Self::FindingRuleUpdate,
        Self::SecretList,
        Self::SecretCreate,
        Self::SecretImport,
        Self::RecipientList,
        Self::RecipientAdd,
        Self::KitCreate,
        Self::KitUse,
    ];

    /// What is fixed about it. Golden file: `tests/golden/actions.txt`.
    #[must_use]
    pub const fn spec(self) -> Spec {
        match self {
            Self::ConsoleOpen => Spec {
                permission: None,
                event_type: "console.opened",
                audit: Audit::Each,
                resource: "sessions",
                changes: OPEN_SESSION,
            },
            Self::ConsoleLock => Spec {
                permission: None,
                event_type: "console.locked",
                audit: Audit::Each,
                resource: "sessions",
                changes: END_SESSION,
            },
            Self::ConnectionMade => own("connection.made", "connections"),
            Self::ConnectionLost => own("connection.lost", "connections"),
            Self::ProfileUpdate => Spec {
                permission: None,
                event_type: "profile.updated",
                audit: Audit::Each,
                resource: "users",
                changes: OWN_NAME,
            },
            Self::OverviewView => read(Permission::AUDIT_LIST, "overview.viewed", "overview"),
            Self::TenantList => read(Permission::TENANTS_LIST, "tenants.listed", "tenants"),
            Self::UserList => read(Permission::USERS_LIST, "users.listed", "users"),
            Self::AuditList => read(Permission::AUDIT_LIST, "log.viewed", "events"),
            Self::AuditRead => each(Permission::AUDIT_READ, "event.viewed", "events"),
            Self::AuditExport => each(Permission::AUDIT_EXPORT, "log.exported", "events"),
            Self::ChangeList => read(Permission::AUDIT_READ, "changes.viewed", "events"),
            Self::ViewList => read(Permission::AUDIT_LIST, "views.listed", "views"),
            Self::ViewSave => {
                Spec { changes: SAVED_VIEW, ..each(Permission::AUDIT_LIST, "view.saved", "views") }
            }
            Self::ViewRemove => Spec {
                changes: REMOVED_VIEW,
                ..each(Permission::AUDIT_LIST, "view.removed", "views")
            },
            Self::FindingList => read(Permission::AUDIT_LIST, "findings.viewed", "findings"),
            Self::FindingNote => Spec {
                changes: FINDING_NOTE,
                ..each(Permission::AUDIT_REVIEW, "finding.noted", "findings")
            },
            Self::FindingRuleUpdate => Spec {
                changes: FINDING_RULE,
                ..each(Permission::SETTINGS_UPDATE, "finding_rule.updated", "findings")
            },
            Self::SecretList => read(Permission::SECRETS_LIST, "secrets.listed", "secrets"),
            Self::SecretCreate => Spec {
                permission: Some(Permission::SECRETS_CREATE),
                event_type: "secret.created",
                audit: Audit::Each,
                resource: "secrets",
                changes: SECRET_ROWS,
            },
            Self::SecretImport => Spec {
                permission: Some(Permission::SECRETS_CREATE),
                event_type: "secret.imported",
                audit: Audit::Each,
                resource: "secrets",
                changes: SECRET_ROWS,
            },
            Self::RecipientList => read(Permission::KEYS_LIST, "recipients.listed", "recipients"),
            Self::RecipientAdd => Spec {
                permission: Some(Permission::KEYS_CREATE),
                event_type: "recipient.added",
                audit: Audit::Each,
                resource: "recipients",
                changes: RECIPIENT_ROWS,
            },
            Self::KitCreate => Spec {
                permission: Some(Permission::KEYS_CREATE),
                event_type: "kit.created",
                audit: Audit::Each,
                resource: "recipients",
                changes: KIT_ROWS,
            },
            Self::KitUse => Spec {
                permission: Some(Permission::KEYS_CREATE),
                event_type: "kit.used",
                audit: Audit::Each,
                resource: "recipients",
                changes: KIT_ROWS,
            },
        }
    }
}

const OPEN_SESSION: &[Change] = &[insert("atalaya.sessions")];
const END_SESSION: &[Change] = &[update("atalaya.sessions")];
const OWN_NAME: &[Change] = &[update("public.users")];
const SAVED_VIEW: &[Change] = &[insert("atalaya.audit_views"), update("atalaya.audit_views")];
const REMOVED_VIEW: &[Change] = &[delete("atalaya.audit_views")];
const FINDING_NOTE: &[Change] = &[insert("atalaya.finding_notes"), delete("atalaya.finding_notes")];
const FINDING_RULE: &[Change] = &[update("atalaya.finding_rules")];
const RECIPIENT_ROWS: &[Change] = &[insert("atalaya.recipients")];
const KIT_ROWS: &[Change] =
    &[insert("atalaya.recipients"), update("atalaya.recipients"), insert("atalaya.secret_wraps")];
const SECRET_ROWS: &[Change] = &[
    insert("atalaya.secrets"),
    insert("atalaya.secret_versions"),
    update("atalaya.secret_versions"),
    insert("atalaya.secret_wraps"),
];

const fn read(permission: Permission, event_type: &'static str, resource: &'static str) -> Spec {
    Spec { permission: Some(permission), event_type, audit: Audit::Counted, resource, changes: &[] }
}

/// One's own affair that changes no table: the event is all.
const fn own(event_type: &'static str, resource: &'static str) -> Spec {
    Spec { permission: None, event_type, audit: Audit::Each, resource, changes: &[] }
}

const fn each(permission: Permission, event_type: &'static str, resource: &'static str) -> Spec {
    Spec { audit: Audit::Each, ..read(permission, event_type, resource) }
}
