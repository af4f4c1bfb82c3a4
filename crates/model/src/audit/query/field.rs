//! The fields of the language and their names.

/// What stands before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `event_type`.
    Type,
    /// `severity`.
    Severity,
    /// `outcome`.
    Outcome,
    /// `actor_id` or `actor_label`.
    Actor,
    /// `tenant_id`.
    Tenant,
    /// `resource_type`, with `/` and `resource_id`.
    Resource,
    /// `ip`.
    Ip,
    /// `origin`.
    Origin,
    /// `request_id`.
    Request,
    /// A period in words.
    When,
    /// From this moment on.
    After,
    /// Up to this moment.
    Before,
}

/// Each field with its names: the one that is printed, then the others.
const NAMES: [(Field, &[&str]); 12] = [
    (Field::Type, &["type", "tipo", "event", "evento"]),
    (Field::Severity, &["severity", "severidad", "gravedad"]),
    (Field::Outcome, &["outcome", "resultado"]),
    (Field::Actor, &["actor", "user", "usuario", "who", "quien", "quién"]),
    (Field::Tenant, &["tenant", "empresa", "inquilino"]),
    (Field::Resource, &["resource", "recurso"]),
    (Field::Ip, &["ip", "address", "direccion", "dirección", "network", "red"]),
    (Field::Origin, &["origin", "origen"]),
    (Field::Request, &["request", "solicitud", "peticion", "petición"]),
    (Field::When, &["when", "cuando", "cuándo", "date", "fecha", "period", "periodo", "período"]),
    (Field::After, &["after", "since", "desde"]),
    (Field::Before, &["before", "until", "hasta", "antes"]),
];

/// What columns and other programs call a field, and no other thing: no names of this language, but they tell which field is meant.
const ALIASES: [(&str, &[&str]); 10] = [
    ("type", &["event_type", "eventtype", "event_name", "tipo_evento", "tipo_de_evento"]),
    ("severity", &["level", "loglevel", "log_level", "nivel"]),
    ("outcome", &["result"]),
    ("actor", &["actor_id", "actor_label", "user_id", "userid", "user_name", "username"]),
    ("tenant", &["tenant_id", "tenantid", "empresa_id", "id_empresa"]),
    ("resource", &["resource_type"]),
    ("session", &["session_id", "sessionid"]),
    ("ip", &["ip_address", "ipaddress", "ip_addr", "client_ip", "source_ip", "remote_addr"]),
    ("request", &["request_id", "requestid"]),
    ("when", &["occurred_at", "timestamp"]),
];

/// The name of a field that a word says: the word itself, or what an alias stands for.
pub(super) fn meant(word: &str) -> Option<&str> {
    if Field::named(word).is_some() || is_session(word) {
        return Some(word);
    }
    let word = word.to_lowercase();
    ALIASES.iter().find(|(_, names)| names.contains(&word.as_str())).map(|(name, _)| *name)
}

impl Field {
    /// All, in the order in which they are offered and printed.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(field, _)| *field)
    }

    /// The name that is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(f, _)| *f == self).map_or("", |(_, names)| names[0])
    }

    /// The field of a name in either language, in any case of letters.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(f, _)| *f)
    }

    /// The fields of which a name begins so, in either language and in any case of letters; those whose printed name does so
    /// come first.
    #[must_use]
    pub fn beginning(written: &str) -> Vec<Self> {
        let written = written.to_lowercase();
        let mut found: Vec<Self> = NAMES
            .iter()
            .filter(|(_, names)| names.iter().any(|n| n.starts_with(written.as_str())))
            .map(|(field, _)| *field)
            .collect();
        found.sort_by_key(|f| !f.name().starts_with(written.as_str()));
        found
    }

    /// The printed name that a mistyped one was probably meant to be.
    #[must_use]
    pub fn nearest(name: &str) -> Option<&'static str> {
        let lower = name.to_lowercase();
        if let Some((meant, _)) = ALIASES.iter().find(|(_, names)| names.contains(&lower.as_str()))
        {
            return Some(meant);
        }
        let mut all =
            NAMES.iter().flat_map(|(field, names)| names.iter().map(|n| (*n, field.name())));
        let found = nearest(name, all.clone().map(|(written, _)| written))?;
        all.find(|(written, _)| *written == found).map(|(_, printed)| printed)
    }
}

/// The one of `names` that differs from what was written by at most two slips of the pen (a letter too many, missing, wrong, or
/// two exchanged), and by less than a third of the longer one: of a short word hardly anything is left otherwise.
pub fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Nothing that is longer is near to anything.
    let written: String = written.chars().take(64).flat_map(char::to_lowercase).collect();
    let length = written.chars().count();
    let slips = |name: &str| strsim::osa_distance(&written, &name.to_lowercase());
    names
        .map(|name| (slips(name), name))
        .filter(|(slips, name)| *slips <= 2 && slips * 3 < name.chars().count().max(length))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// Whether a name is that of a session, which is a resource: `session:x` means `resource:sessions/x`.
pub(super) fn is_session(name: &str) -> bool {
    ["session", "sesion", "sesión"].contains(&name.to_lowercase().as_str())
}
