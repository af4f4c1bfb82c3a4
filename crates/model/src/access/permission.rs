//! The closed list of permissions, `plural_noun.verb`.

use std::fmt;

/// One permission of the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(&'static str);

impl Permission {
    /// See the list of events.
    pub const AUDIT_LIST: Self = Self("audit.list");
    /// Open one event.
    pub const AUDIT_READ: Self = Self("audit.read");
    /// Take events out of the console as a file.
    pub const AUDIT_EXPORT: Self = Self("audit.export");
    /// Judge what was found in the log.
    pub const AUDIT_REVIEW: Self = Self("audit.review");
    /// See rows without a tenant: the system scope.
    pub const AUDIT_SYSTEM: Self = Self("audit.system");
    /// See tenants.
    pub const TENANTS_LIST: Self = Self("tenants.list");
    /// See users.
    pub const USERS_LIST: Self = Self("users.list");
    /// See which secrets there are, never their values.
    pub const SECRETS_LIST: Self = Self("secrets.list");
    /// Make or import secrets.
    pub const SECRETS_CREATE: Self = Self("secrets.create");
    /// See recipients.
    pub const KEYS_LIST: Self = Self("keys.list");
    /// Enrol recipients.
    pub const KEYS_CREATE: Self = Self("keys.create");
    /// Change what holds for the whole installation.
    pub const SETTINGS_UPDATE: Self = Self("settings.update");

    /// Every permission, sorted. A role in the database can hold nothing else.
    pub const ALL: &'static [Self] = &[
        Self("access.explain"),
        Self("adoption.apply"),
        Self("adoption.finish"),
        Self("adoption.inspect"),
        Self("api.run"),
        Self::AUDIT_EXPORT,
        Self::AUDIT_LIST,
        Self::AUDIT_READ,
        Self::AUDIT_REVIEW,
        Self::AUDIT_SYSTEM,
        Self("audit.verify"),
        Self("backups.create"),
        Self("backups.list"),
        Self("backups.restore"),
        Self("credentials.create"),
        Self("credentials.delete"),
        Self("credentials.list"),
        Self("credentials.reveal"),
        Self("credentials.rotate"),
        Self("credentials.update"),
        Self::KEYS_CREATE,
        Self("keys.delete"),
        Self::KEYS_LIST,
        Self("keys.update"),
        Self("leads.create"),
        Self("leads.delete"),
        Self("leads.export"),
        Self("leads.list"),
        Self("leads.read"),
        Self("leads.update"),
        Self("log.seal"),
        Self("operators.create"),
        Self("operators.delete"),
        Self("operators.list"),
        Self("reports.create"),
        Self("reports.delete"),
        Self("reports.export"),
        Self("reports.list"),
        Self("reports.read"),
        Self("roles.assign"),
        Self("roles.create"),
        Self("roles.delete"),
        Self("roles.list"),
        Self("roles.read"),
        Self("roles.update"),
        Self::SECRETS_CREATE,
        Self::SECRETS_LIST,
        Self("secrets.read"),
        Self("secrets.reveal"),
        Self("secrets.rotate"),
        Self("secrets.update"),
        Self("secrets.use"),
        Self("sessions.end"),
        Self("sessions.list"),
        Self("sessions.read"),
        Self("settings.read"),
        Self::SETTINGS_UPDATE,
        Self("tenants.archive"),
        Self("tenants.create"),
        Self::TENANTS_LIST,
        Self("tenants.read"),
        Self("tenants.suspend"),
        Self("tenants.update"),
        Self("users.approve"),
        Self("users.create"),
        Self("users.delete"),
        Self::USERS_LIST,
        Self("users.read"),
        Self("users.suspend"),
        Self("users.update"),
    ];

    /// The permission of that name, if the list has it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|p| p.0 == name).copied()
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_is_sorted_and_names_are_noun_dot_verb() {
        assert!(Permission::ALL.windows(2).all(|w| w[0] < w[1]));
        for p in Permission::ALL {
            let (noun, verb) = p.0.split_once('.').expect("a dot");
            assert!(!noun.is_empty() && !verb.is_empty() && !verb.contains('.'), "{p}");
            assert_eq!(Permission::parse(p.0), Some(*p));
        }
        assert_eq!(Permission::parse("audit.*"), None);
    }
}
