//! Before there is an operator: inspecting, taking over, installing the first administrator.
//!
//! The one place that works without a permit, because nobody is there yet who could hold one. It uses the connection of a
//! database administrator (CREATEROLE, not superuser) and that of the CRM's owner, and the steps in `migrations/`. Each
//! step finds out by itself whether it was done, so that a run that was killed can be run again.

mod alone;
mod app_logins;
mod apply;
mod companions;
mod expected;
mod first_administrator;
mod gaps;
mod inspect;
mod migrate;
mod online;
mod patience;
mod plan;
mod preview;
mod probes;
mod revert;
mod sample;
mod statements;
mod steps;
mod taken;

pub use apply::{Adoption, Step};
pub use first_administrator::{FirstAdministrator, PadPairs};
pub(crate) use migrate::{Applied, compare};
pub use plan::plan;
pub use revert::Adopted;
pub use sample::sample;

use crate::connect;
use crate::error::run;
use crate::permit::short_version;
use atalaya_model::Result;
use atalaya_model::adoption::DatabaseKind;
use atalaya_model::connection::Target;
use sqlx::postgres::PgPool;

/// A connection of a database administrator or of the CRM's owner.
pub struct Administrator {
    pub(crate) pool: PgPool,
    pub(crate) database: String,
}

/// What a login is and may.
#[derive(Debug, Clone)]
pub struct Login {
    /// Its name.
    pub name: String,
    /// Superuser: refused.
    pub superuser: bool,
    /// May create roles.
    pub creates_roles: bool,
    /// Owns the database.
    pub owns_database: bool,
    /// Owns every documented table that is there.
    pub owns_tables: bool,
    /// The connection is encrypted.
    pub encrypted: bool,
    /// `15.18`.
    pub server_version: String,
    /// 15.
    pub major: i32,
    /// Other logins that may connect only because PUBLIC may.
    pub others_connect: i64,
}

impl Administrator {
    /// Connects. Three connections at most: one for the work, one to look at it, one that keeps others from doing the same.
    ///
    /// # Errors
    /// What connecting can say.
    pub async fn connect(target: &Target) -> Result<Self> {
        let pool = connect::pool(target, "atalaya set-up", 3, &[connect::BUILT_IN]).await?;
        Ok(Self { pool, database: target.database.clone() })
    }

    /// What this login is and may.
    ///
    /// # Errors
    /// What the database says.
    pub async fn login(&self) -> Result<Login> {
        let row = sqlx::query!(
            r#"SELECT r.rolname::text AS "name!", r.rolsuper AS "superuser!", r.rolcreaterole AS "creates_roles!",
                 pg_has_role(d.datdba, 'USAGE') AS "owns_database!",
                 coalesce((SELECT bool_and(pg_has_role(c.relowner, 'USAGE')) FROM pg_class c
                   WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
                     AND c.relname IN ('tenants', 'users', 'leads', 'credentials', 'system_events')), false) AS "owns_tables!",
                 coalesce((SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS "encrypted!",
                 current_setting('server_version') AS "version!",
                 current_setting('server_version_num')::int / 10000 AS "major!",
                 (SELECT count(*) FROM pg_roles o
                  WHERE o.rolcanlogin AND NOT o.rolsuper AND o.rolname <> session_user AND o.oid <> d.datdba
                    AND o.rolname NOT LIKE 'pg\_%' AND has_database_privilege(o.oid, d.oid, 'CONNECT')
                    AND NOT EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = o.oid)
                    AND to_regnamespace('atalaya') IS NULL) AS "others_connect!"
               FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()"#
        )
        .fetch_one(&self.pool)
        .await
        .map_err(run)?;
        Ok(Login {
            server_version: short_version(&row.version),
            name: row.name,
            superuser: row.superuser,
            creates_roles: row.creates_roles,
            owns_database: row.owns_database,
            owns_tables: row.owns_tables,
            encrypted: row.encrypted,
            major: row.major,
            others_connect: row.others_connect,
        })
    }

    /// What this database is. Taken over half-way counts as taken over. By the catalogue: whoever may not use our schema gets an error from `to_regclass`, not NULL.
    ///
    /// # Errors
    /// What the database says.
    pub async fn kind(&self) -> Result<DatabaseKind> {
        let row = sqlx::query!(
            r#"SELECT EXISTS (SELECT FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
                          WHERE n.nspname = 'atalaya' AND t.relname = 'installation'
                             OR n.nspname = 'public' AND t.relname = 'users' AND t.relowner = to_regrole('atalaya_owner')) AS "adopted!",
                 to_regclass('public.tenants') IS NOT NULL AND to_regclass('public.users') IS NOT NULL AS "crm!",
                 EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)') AS "something!""#
        )
        .fetch_one(&self.pool)
        .await
        .map_err(run)?;
        Ok(match (row.adopted, row.crm, row.something) {
            (true, ..) => DatabaseKind::Adopted,
            (_, true, _) => DatabaseKind::Legacy,
            (_, _, true) => DatabaseKind::Other,
            _ => DatabaseKind::Empty,
        })
    }

    /// Ends the connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
