//! What a doctor looks at in the database: the second wall as it stands now, not as the migrations meant it.
//!
//! The catalogue is everybody's to read; the rows that it asks for are the installation's own.

use crate::error::run;
use crate::setup::{Applied, compare};
use crate::view::Read;
use atalaya_model::Result;

/// One partition of the log and what protects it. A child inherits neither row security nor triggers nor missing grants.
#[derive(Debug, Clone)]
pub struct Partition {
    /// Its name in `public`.
    pub name: String,
    /// Row security is on, for its owner too.
    pub row_security: bool,
    /// INSERT, UPDATE, DELETE and TRUNCATE each have an enabled recording trigger.
    pub triggers: bool,
    /// Nobody but the owner has a right on it or on one of its columns.
    pub no_grants: bool,
}

impl Partition {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn protected(&self) -> bool {
        self.row_security && self.triggers && self.no_grants
    }
}

/// Every partition of the log, by name.
///
/// # Errors
/// What the database says.
pub async fn partitions(read: &mut Read) -> Result<Vec<Partition>> {
    sqlx::query_as!(
        Partition,
        r#"SELECT c.relname::text AS "name!", c.relrowsecurity AND c.relforcerowsecurity AS "row_security!",
             (SELECT bit_or(t.tgtype::int) & 60 = 60 FROM pg_trigger t
              WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')) IS TRUE AS "triggers!",
             NOT EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner)
               AND NOT EXISTS (SELECT FROM pg_attribute f, aclexplode(f.attacl) a
                               WHERE f.attrelid = c.oid AND a.grantee <> c.relowner) AS "no_grants!"
           FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'public.system_events'::regclass ORDER BY c.relname"#
    )
    .fetch_all(read.connection())
    .await
    .map_err(run)
}

/// What stands open elsewhere; names only, each list sorted.
#[derive(Debug, Clone)]
pub struct Openings {
    /// Tables of Atalaya and documented tables without forced row security.
    pub tables: Vec<String>,
    /// Logins that hold a role which owns things, as after a set-up that was cut off.
    pub owners: Vec<String>,
    /// Operators' and the API's logins that are superuser, bypass row security or make roles.
    pub logins: Vec<String>,
}

/// Looks for openings. Memberships are read as JSON because 15 does not know the options that 16 added.
///
/// # Errors
/// What the database says.
pub async fn openings(read: &mut Read) -> Result<Openings> {
    sqlx::query_as!(
        Openings,
        r#"WITH held AS (
             SELECT g.rolname::text AS role, r.rolname::text AS login, r.rolcanlogin,
               r.rolsuper OR r.rolbypassrls OR r.rolcreaterole AS mighty
             FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
             WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true))
           SELECT
             (SELECT coalesce(array_agg(n.nspname || '.' || c.relname ORDER BY 1), '{}')
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                AND (n.nspname = 'atalaya' OR n.nspname = 'public' AND c.relname IN
                     ('tenants', 'users', 'leads', 'credentials', 'system_events'))) AS "tables!",
             (SELECT coalesce(array_agg(DISTINCT login ORDER BY login), '{}') FROM held
              WHERE rolcanlogin AND (role IN ('atalaya_owner', 'atalaya_gate', 'atalaya_roles')
                OR role LIKE 'atalaya\_upkeep\_%')) AS "owners!",
             (SELECT coalesce(array_agg(DISTINCT login ORDER BY login), '{}') FROM held
              WHERE rolcanlogin AND mighty AND role IN ('atalaya_operator', 'atalaya_api')) AS "logins!""#
    )
    .fetch_one(read.connection())
    .await
    .map_err(run)
}

/// The installation and its schema.
#[derive(Debug, Clone)]
pub struct Installation {
    /// 12 hex digits.
    pub id: String,
    /// Public key that every recipient's chain ends at, as the database has it.
    pub first_key: Option<Vec<u8>>,
    /// Migrations that this program knows and the database has had.
    pub migrations: usize,
    /// Those that it has not had.
    pub missing: usize,
    /// Those that this program does not know, or knows differently.
    pub unknown: usize,
}

/// Reads it.
///
/// # Errors
/// What the database says.
pub async fn installation(read: &mut Read) -> Result<Installation> {
    let row = sqlx::query!("SELECT id, first_key FROM atalaya.installation")
        .fetch_one(read.connection())
        .await
        .map_err(run)?;
    let rows = sqlx::query!("SELECT version, checksum FROM atalaya.migrations ORDER BY version")
        .fetch_all(read.connection())
        .await
        .map_err(run)?;
    let applied: Vec<_> = rows.into_iter().map(|r| (r.version, r.checksum)).collect();
    let Applied { known, missing, unknown } = compare(&applied);
    Ok(Installation { id: row.id, first_key: row.first_key, migrations: known, missing, unknown })
}
