//! Words for what operations answer with codes: states, findings, steps, checks.

use crate::language::Language;
use atalaya_model::adoption::{DatabaseKind, Estimate, LockKind, LockMode, TableAction};
use atalaya_model::audit::query::ErrorKind;
use atalaya_model::console::KeychainState;
use atalaya_ops::server::ServerState;

/// What is wrong with a query, in Spanish; the English sentence is the error's own.
pub const fn query_problem(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::QueryTooLong => "La consulta es demasiado larga: 4.096 bytes como máximo.",
        ErrorKind::FieldUnknown => {
            "No existe ese campo. Ponga el texto entre comillas para buscarlo."
        }
        ErrorKind::ValueMissing => "Falta un valor.",
        ErrorKind::ValueUnusable => "El valor es demasiado largo o tiene caracteres de control.",
        ErrorKind::QuoteOpen => "Las comillas no se cierran.",
        ErrorKind::SpaceMissing => "Aquí falta un espacio.",
        ErrorKind::TooMany => "Demasiados valores: 200 por campo, 10 textos.",
        ErrorKind::TextTooLong => {
            "Demasiado texto libre: 1.000 bytes como máximo entre todos los textos."
        }
        ErrorKind::OnlyOnce => "Esto se indica una sola vez y no se puede excluir.",
        ErrorKind::ValueUnknown => "El campo no tiene ese valor.",
        ErrorKind::NotAnAddress => {
            "No es una dirección ni una red. Escriba 203.0.113.77 o 10.0.0.0/8."
        }
        ErrorKind::NotATenant => "Una empresa es su número, o `system` para las filas sin empresa.",
        ErrorKind::NotARequest => "El identificador de una petición es un UUID.",
        ErrorKind::QuotesMissing => "Un período de varias palabras va entre comillas.",
        ErrorKind::NoOperator => {
            "Los términos se combinan solos: escriba type:a,b para O, -type:a para NO y type:a para =. Para buscar la palabra, póngala entre comillas."
        }
        ErrorKind::NotATime => {
            "No se entiende como fecha. Escriba 2026-03-01, \"últimos 90 días\", ayer, \"entre el 2 y el 6 de marzo\"."
        }
    }
}

/// State of the embedded Postgres.
pub const fn server_state(state: ServerState, language: Language) -> &'static str {
    match state {
        ServerState::Absent => language.of("not made yet", "aún no creado"),
        ServerState::Unfinished => language.of("left unfinished", "quedó sin terminar"),
        ServerState::Stopped => language.of("stopped", "detenido"),
        ServerState::Busy => language.of("busy starting or stopping", "arrancando o deteniéndose"),
        ServerState::Running => language.of("running", "en marcha"),
    }
}

/// What a database is.
pub const fn database_kind(kind: DatabaseKind, language: Language) -> &'static str {
    match kind {
        DatabaseKind::Empty => language.of("empty", "vacía"),
        DatabaseKind::Legacy => language.of("a CRM's database", "base de datos de un CRM"),
        DatabaseKind::Adopted => language.of("taken over", "adoptada"),
        DatabaseKind::Other => language.of("something else", "otra cosa"),
    }
}

/// What happens to a table.
pub const fn table_action(action: TableAction, language: Language) -> &'static str {
    match action {
        TableAction::Keep => {
            language.of("protected, columns unchanged", "protegida, columnas sin cambios")
        }
        TableAction::Extend => {
            language.of("protected, with more columns", "protegida, con más columnas")
        }
        TableAction::Partition => {
            language.of("the first partition of the log", "la primera partición del registro")
        }
        TableAction::Leave => language.of("left alone", "sin tocar"),
    }
}

/// A lock, as Postgres names it.
pub const fn lock_mode(mode: LockMode) -> &'static str {
    match mode {
        LockMode::AccessShare => "ACCESS SHARE",
        LockMode::RowExclusive => "ROW EXCLUSIVE",
        LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
        LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
        LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
    }
}

/// What the CRM notices of a step.
pub const fn lock(lock: LockKind, language: Language) -> &'static str {
    match lock {
        LockKind::None => language.of("nothing waits", "nada espera"),
        LockKind::Brief => language.of("waits for moments", "espera momentos"),
        LockKind::Exclusive => language
            .of("writers wait while rows are read", "quien escribe espera mientras se leen filas"),
    }
}

/// A range of time, in the unit that its end asks for.
pub fn estimate(time: Estimate) -> String {
    let (unit, name) = match time.to_ms {
        0..120_000 => (1_000, "s"),
        120_000..7_200_000 => (60_000, "min"),
        _ => (3_600_000, "h"),
    };
    let digits = |ms: u64| {
        let tenths = (ms * 10).div_ceil(unit);
        if tenths < 100 {
            format!("{}.{}", tenths / 10, tenths % 10)
        } else {
            (tenths / 10).to_string()
        }
    };
    format!("{} - {} {name}", digits(time.from_ms), digits(time.to_ms))
}

/// A step of a take-over or of a set-up.
pub fn step(step: &str, language: Language) -> &'static str {
    match step {
        "roles" => language.of("Roles of the database", "Roles de la base de datos"),
        "ownership" => language.of("Ownership of tables", "Dueño de las tablas"),
        "prepare" => {
            language.of("Preparing while the CRM works", "Preparando mientras el CRM trabaja")
        }
        "revert_logins" => language.of("Logins of operators", "Usuarios de los operadores"),
        "revert_indexes" => {
            language.of("Indexes of the log as it was", "Índices del registro como estaba")
        }
        "revert_rights" => {
            language.of("Rights of the CRM's logins", "Permisos de los usuarios del CRM")
        }
        "finish_rights" => language.of(
            "Ending what the CRM's logins may do",
            "Quitando los permisos de los usuarios del CRM",
        ),
        "finish_logins" => language.of("Taking them out of their group", "Sacándolos de su grupo"),
        "revert" => language.of("Giving the tables back", "Devolviendo las tablas"),
        "indexes" => language.of("Indexes of old events", "Índices de eventos antiguos"),
        "migrations" => language.of("Migrations", "Migraciones"),
        "legacy_login" => language.of("The CRM's own login", "El usuario propio del CRM"),
        "backfill" => language.of("Columns of old events", "Columnas de eventos antiguos"),
        "grants" => language.of("Rights from roles", "Permisos según los roles"),
        "verify" => language.of("Comparing counts", "Comparando recuentos"),
        "administrator" => language.of("First administrator", "Primer administrador"),
        "keychain" => language.of("Keychain", "Llavero"),
        "secrets" => language.of("Secrets", "Secretos"),
        "secrets_skipped" => {
            language.of("Secrets that could not be opened", "Secretos que no se pudieron abrir")
        }
        _ => language.of("Working", "Trabajando"),
    }
}

/// A class of statements of the legacy program, with what to change in it where it stops.
pub fn statement(code: &str, language: Language) -> &'static str {
    match code {
        "event_insert" => language.of("writing an event (4.1)", "escribir un evento (4.1)"),
        "log_read" => language.of("reading the log (4.4)", "leer el registro (4.4)"),
        "credential_upsert" => language.of(
            "saving a credential with ON CONFLICT (tenant_id, name)",
            "guardar una credencial con ON CONFLICT (tenant_id, name)",
        ),
        "credential_update" => language
            .of("encrypting the credentials that are there (2.3)", "cifrar las credenciales que ya están (2.3)"),
        "leads_read" => language.of("reading leads by tenant (3.3)", "leer leads por empresa (3.3)"),
        "rows_of_tables" => language.of(
            "inserting, changing and deleting rows of tenants, users, leads and credentials",
            "insertar, cambiar y borrar filas de tenants, users, leads y credentials",
        ),
        "ddl" => language.of(
            "CREATE, ALTER or DROP when the program starts: let it skip that, or run it as a DBA",
            "CREATE, ALTER o DROP al arrancar el programa: que lo omita, o que lo ejecute un DBA",
        ),
        "event_change" => language.of(
            "UPDATE or DELETE on system_events: a log is not changed; keep such marks in a table of your own",
            "UPDATE o DELETE en system_events: un registro no se cambia; guarde esas marcas en una tabla propia",
        ),
        "event_time_null" => language.of(
            "an explicit NULL for occurred_at: leave the column out",
            "un NULL explícito en occurred_at: omita la columna",
        ),
        "event_id_given" => {
            language.of("an id of the program's own for an event: leave it out", "un id propio para un evento: omítalo")
        }
        "event_on_conflict" => language.of(
            "ON CONFLICT (id) on system_events: a plain INSERT does the same",
            "ON CONFLICT (id) en system_events: un INSERT simple hace lo mismo",
        ),
        "truncate" => language.of("TRUNCATE: use DELETE", "TRUNCATE: use DELETE"),
        "event_created_at" => language.of(
            "statements that name created_at in system_events: write occurred_at",
            "sentencias que nombran created_at en system_events: escriba occurred_at",
        ),
        "credential_same_name" => language.of(
            "a second credential of the same name in a tenant: use ON CONFLICT (tenant_id, name) DO UPDATE",
            "una segunda credencial con el mismo nombre en una empresa: use ON CONFLICT (tenant_id, name) DO UPDATE",
        ),
        _ => "",
    }
}

/// A choice that a finding leaves open.
pub fn choice(finding: &str, choice: &str, language: Language) -> &'static str {
    match (finding, choice) {
        ("credential_duplicates", "newest") => language.of(
            "the newest stays, the others are kept aside",
            "queda la más nueva, las otras se guardan aparte",
        ),
        ("credential_duplicates", "oldest") => language.of(
            "the oldest stays, the others are kept aside",
            "queda la más antigua, las otras se guardan aparte",
        ),
        ("app_login_partial" | "app_login_some" | "app_login_public", "admit") => language.of(
            "they are the CRM's and go on like its owner",
            "son del CRM y siguen como su dueño",
        ),
        ("app_login_partial" | "app_login_some" | "app_login_public", _) => language.of(
            "they lose their rights on these tables; `adopt revert` gives them back",
            "pierden sus permisos sobre estas tablas; `adopt revert` los devuelve",
        ),
        ("event_time_missing", _) => language.of("they are kept aside", "se guardan aparte"),
        ("event_time_column", _) => language
            .of("the column gets the documents' name", "la columna toma el nombre documentado"),
        ("severity_unknown", "info") => language.of("they are informative", "son informativas"),
        ("severity_unknown", "warning") => language.of("they are warnings", "son avisos"),
        ("severity_unknown", _) => language.of("they are critical", "son críticas"),
        _ => "",
    }
}

/// A finding of an inspection.
pub fn finding(code: &'static str, language: Language) -> &'static str {
    match code {
        "hash_unusable" => language.of(
            "passwords that nobody can sign in with",
            "contraseñas con las que nadie puede entrar",
        ),
        "app_login" => language.of(
            "logins that work on these tables without owning them; they go on with the documented statements, like the owner",
            "usuarios que trabajan con estas tablas sin ser sus dueños; siguen con las sentencias documentadas, como el dueño",
        ),
        "app_login_partial" => language.of(
            "logins that may run the documented statements, and would gain rights on tenants, users, leads or credentials if they went on",
            "usuarios que pueden ejecutar las sentencias documentadas y que, si siguen, ganarían permisos sobre tenants, users, leads o credentials",
        ),
        "app_login_some" => language.of(
            "logins that run some of the documented statements (in brackets), as what only writes events or only reads does; if they went \
             on they would gain what the CRM's owner keeps",
            "usuarios que ejecutan algunas de las sentencias documentadas (entre paréntesis), como lo que solo escribe eventos o solo lee; si \
             siguen, ganarían lo que conserva el dueño del CRM",
        ),
        "app_login_public" => language.of(
            "logins that run documented statements (in brackets) only because everybody may (PUBLIC); nobody may merely so any more",
            "usuarios que ejecutan sentencias documentadas (entre paréntesis) solo porque todos pueden (PUBLIC); ya nadie podrá por eso",
        ),
        "giver_lost" => language.of(
            "rights that somebody passed on; after `adopt revert` they are there again, but given by the owner, because this administrator \
             may not act as who gave them (ADMIN on that login would let it)",
            "permisos que alguien transmitió; tras `adopt revert` vuelven a estar, pero dados por el dueño, porque este administrador no \
             puede actuar como quien los dio (con ADMIN sobre ese usuario podría)",
        ),
        "app_login_unbound" => language.of(
            "logins that work on these tables and that no policy would bind (BYPASSRLS), or that use none of their roles (NOINHERIT); \
             let a DBA change that first",
            "usuarios que trabajan con estas tablas y a los que ninguna política obligaría (BYPASSRLS), o que no usan sus roles \
             (NOINHERIT); un DBA debe cambiarlo antes",
        ),
        "other_rights" => language.of(
            "other logins have rights on these tables and will lose them; `adopt revert` gives them back",
            "otros usuarios tienen permisos sobre estas tablas y los perderán; `adopt revert` los devuelve",
        ),
        "published_log" => language.of(
            "publications of the log: from now on they get no new events; let a DBA add system_events to them afterwards",
            "publicaciones del registro: desde ahora no reciben eventos nuevos; un DBA debe agregarles system_events después",
        ),
        "managed_server" => language.of(
            "the server belongs to a hosting service; the administrator is its highest login, and that is enough",
            "el servidor es de un servicio gestionado; el administrador es su usuario más alto, y basta",
        ),
        "dropped_column_rights" => language.of(
            "a column that was dropped still carries rights; let a DBA copy the table into a new one",
            "una columna borrada aún lleva permisos; un DBA debe copiar la tabla en una nueva",
        ),
        "event_id_duplicates" => language.of(
            "events that share their number with another",
            "eventos que comparten su número con otro",
        ),
        "credential_duplicates" => language.of(
            "credentials of the same name in the same tenant",
            "credenciales con el mismo nombre en la misma empresa",
        ),
        "event_time_missing" => language.of("events without a time", "eventos sin fecha"),
        "event_time_column" => language.of(
            "events have created_at for occurred_at; statements of the CRM that name it will stop",
            "los eventos tienen created_at en lugar de occurred_at; las sentencias del CRM que lo nombran dejarán de funcionar",
        ),
        "severity_unknown" => language.of(
            "severities that mean nothing here",
            "severidades que aquí no significan nada",
        ),
        "severity_other" => language.of(
            "severities by another name; the word is kept aside",
            "severidades con otro nombre; la palabra se guarda aparte",
        ),
        "tenant_dangling" => language.of(
            "events of tenants that do not exist; the number is kept aside",
            "eventos de empresas que no existen; el número se guarda aparte",
        ),
        "credential_without_tenant" => language.of(
            "credentials without a tenant; only those who see all tenants will see them",
            "credenciales sin empresa; solo las verá quien ve todas las empresas",
        ),
        "lead_without_tenant" => language.of(
            "leads without a tenant; only those who see all tenants will see them",
            "leads sin empresa; solo los verá quien ve todas las empresas",
        ),
        "hash_cheap" => language
            .of("passwords hashed with little effort", "contraseñas protegidas con poco esfuerzo"),
        "email_case_duplicates" => language
            .of("e-mails that differ only by case", "correos que difieren solo en mayúsculas"),
        "event_without_tenant" => language.of(
            "events without a tenant become system events",
            "los eventos sin empresa pasan a ser del sistema",
        ),
        "event_payload_not_object" => language.of(
            "events whose data has another shape are kept",
            "se conservan los eventos con datos de otra forma",
        ),
        "event_future" => language.of("events dated in the future", "eventos con fecha futura"),
        "occurred_at_missing" => language.of("events without a date", "eventos sin fecha"),
        "event_ancient" => language.of("events dated before 2000; they keep their date", "eventos con fecha anterior a 2000; la conservan"),
        "credential_not_a_token" => language.of(
            "credentials that begin like an encrypted one and are none; they stay as they are",
            "credenciales que empiezan como una cifrada y no lo son; quedan como están",
        ),
        "constraint_missing" => language.of(
            "documented constraints that the database lacks",
            "restricciones documentadas que faltan en la base de datos",
        ),
        "index_missing" => language.of(
            "documented indexes that are missing, or have another name",
            "índices documentados que faltan, o tienen otro nombre",
        ),
        "events_taken_along" => language.of(
            "deleting a row elsewhere takes events along or empties them; from now on a log keeps its events; `adopt revert` gives the key back",
            "borrar una fila en otra tabla se lleva eventos o los vacía; desde ahora un registro conserva sus eventos; `adopt revert` devuelve la clave",
        ),
        "credential_plaintext" => {
            language.of("credentials in plain text", "credenciales sin cifrar")
        }
        "user_without_tenant" => language.of(
            "users without a tenant get no rights",
            "los usuarios sin empresa no reciben permisos",
        ),
        "role_unknown" => language.of(
            "users with a role that Atalaya does not know get no rights",
            "los usuarios con un rol que Atalaya no conoce no reciben permisos",
        ),
        "role_superuser" => language
            .of("a superuser takes nothing over", "un superusuario no puede adoptar nada"),
        "missing_column" => {
            language.of("documented columns are missing", "faltan columnas documentadas")
        }
        "missing_table" => {
            language.of("missing tables are made empty", "las tablas que faltan se crean vacías")
        }
        "other_table_with_tenant" => language.of(
            "other tables with tenants stay unprotected",
            "otras tablas con empresas quedan sin protección",
        ),
        "structure_conflict" => language.of(
            "something in the database stands in the way",
            "algo en la base de datos impide continuar",
        ),
        "version_unsupported" => {
            language.of("PostgreSQL is older than 15", "PostgreSQL es anterior al 15")
        }
        "roles_of_another" => language.of(
            "another administrator of this server made the roles of Atalaya, and this one may not use them; let that one, or a superuser, run",
            "otro administrador de este servidor hizo los roles de Atalaya y este no puede usarlos; que aquel, o un superusuario, ejecute",
        ),
        "right_missing" => language.of("a right is missing", "falta un derecho"),
        "connect_will_be_revoked" => language.of(
            "other logins will not be able to connect any more",
            "otros usuarios dejarán de poder conectarse",
        ),
        // A newer operation may find more than this program has words for; its code is better than silence.
        other => other,
    }
}

/// What is in the keychain's way.
pub const fn keychain(state: KeychainState, language: Language) -> &'static str {
    match state {
        KeychainState::Ready => language.of("it answers", "responde"),
        KeychainState::Locked => language.of("it is locked", "está bloqueado"),
        KeychainState::Missing => {
            language.of("no keychain service runs", "no hay un servicio de llavero en marcha")
        }
        KeychainState::NoKeyring => language.of(
            "the service runs, but has no keyring yet",
            "el servicio funciona, pero todavía no tiene ningún llavero",
        ),
        KeychainState::TimedOut => {
            language.of("it did not answer in time", "no respondió a tiempo")
        }
        KeychainState::Failed => language.of("it fails", "falla"),
    }
}

/// A check of the doctor.
pub fn check(code: &'static str, language: Language) -> &'static str {
    match code {
        "keychain_reach" => language.of("keychain answers", "el llavero responde"),
        "keychain_write" => {
            language.of("keychain can be written", "se puede escribir en el llavero")
        }
        "keychain_read" => language.of("keychain reads back", "el llavero devuelve lo escrito"),
        "keychain_delete" => language.of("keychain deletes", "el llavero borra"),
        "postgres" => language.of("embedded Postgres", "PostgreSQL propio"),
        "postgres_absent" => {
            language.of("embedded Postgres: none yet", "PostgreSQL propio: aún no creado")
        }
        "postgres_stopped" => {
            language.of("embedded Postgres: stopped", "PostgreSQL propio: detenido")
        }
        "postgres_running" => {
            language.of("embedded Postgres: running", "PostgreSQL propio: en marcha")
        }
        "postgres_unfinished" => language
            .of("embedded Postgres: left unfinished", "PostgreSQL propio: quedó sin terminar"),
        "postgres_busy" => {
            language.of("embedded Postgres: does not answer", "PostgreSQL propio: no responde")
        }
        "environment" => language.of("no secrets in the environment", "sin secretos en el entorno"),
        "database" => language.of("database answers", "la base de datos responde"),
        "database_skipped" => language.of(
            "database: no connection given, not looked at",
            "base de datos: sin conexión indicada, no se revisó",
        ),
        "login_safe" => language.of(
            "this login is bound by row security",
            "este usuario está sujeto a la seguridad por filas",
        ),
        "migrations" => language.of("migrations", "migraciones"),
        "migrations_missing" => {
            language.of("migrations not applied yet", "migraciones sin aplicar")
        }
        "migrations_unknown" => language.of(
            "migrations that this program does not know",
            "migraciones que este programa no conoce",
        ),
        "partitions" => {
            language.of("partitions of the log protected", "particiones del registro protegidas")
        }
        "tables" => language.of("tables under row security", "tablas con seguridad por filas"),
        "operators_safe" => language.of(
            "operators' logins without special powers",
            "usuarios de operadores sin poderes especiales",
        ),
        "owners_lent" => language.of("nobody holds an owning role", "nadie tiene un rol dueño"),
        "recipients" => {
            language.of("recipients of secrets vouched for", "destinatarios de secretos avalados")
        }
        "recipients_not_pinned" => language.of(
            "recipients of secrets vouched for, by a key that only the database names",
            "destinatarios de secretos avalados, por una llave que solo la base de datos nombra",
        ),
        "recipients_hidden" => language.of(
            "recipients of secrets: not for this login",
            "destinatarios de secretos: fuera del alcance de este usuario",
        ),
        other => other,
    }
}
