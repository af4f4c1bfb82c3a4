//! Making a cluster: `initdb`, then the bootstrap in single-user mode, then one rename.
//!
//! The cluster is made in a folder with a name of its own and renamed when it is complete, so that
//! a data folder is either whole or not there, whenever the program is killed. An `initdb` that
//! outlives its console keeps writing into that other name and disturbs nobody.

use std::path::Path;

use crate::account::{Account, run};
use crate::binaries::Binaries;
use crate::cluster::{Cluster, State};
use crate::error::{Error, Result};
use crate::layout::{Layout, SOCKET_PORT};
use crate::settings;

/// The name of the superuser that `initdb` makes. It cannot sign in once the bootstrap is done.
const SUPERUSER: &str = "postgres";

/// Who and what a new cluster begins with.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    /// Name of the database.
    pub database: String,
    /// Name of the administrator: LOGIN, CREATEROLE, CREATEDB, not a superuser, owns the database.
    pub administrator: String,
    /// The administrator's password as a verifier, `SCRAM-SHA-256$<iterations>:<salt>$<keys>`: the
    /// password itself goes nowhere near a log.
    pub verifier: String,
}

impl Cluster {
    /// Makes the cluster. What an interrupted earlier attempt left is removed first; anything else
    /// in the way is refused.
    pub async fn init(&self, bootstrap: &Bootstrap) -> Result<()> {
        check(bootstrap)?;
        let _alone = self.lock_start().await?;
        match self.state().await? {
            State::Absent | State::Unfinished => {}
            _ => return Err(Error::AlreadyInitialised { path: self.layout.data() }),
        }
        for leftover in self.layout.leftovers() {
            // One that an orphaned `initdb` still writes to is removed at the next attempt.
            let _ = self.account.remove(&leftover).await;
        }
        let unfinished = self.layout.unfinished(&random_hex()?);
        let sql = product_sql(bootstrap);
        make(&self.account, &self.binaries, &self.layout, &unfinished, Durability::Kept, &sql)
            .await?;
        finish(&self.layout, &unfinished)
    }
}

/// Whether the cluster must survive a power cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    Kept,
    Careless,
}

/// Runs `initdb` into `data`, adds our settings, and feeds `sql` to the server in single-user mode.
pub(crate) async fn make(
    account: &Account,
    binaries: &Binaries,
    layout: &Layout,
    data: &Path,
    durability: Durability,
    sql: &str,
) -> Result<()> {
    account.must_reach(binaries.folder()).await?;
    // Nobody ever learns this password; without one `initdb` refuses to ask for passwords at all.
    let passwords = layout.folder().join(".initdb-password");
    account.write(&passwords, random_hex()?.as_bytes()).await?;
    let mut initdb = account.command(binaries.program("initdb"));
    initdb.arg("--pgdata").arg(data).arg("--pwfile").arg(&passwords);
    initdb.args(["--username", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8"]);
    initdb.args(["--data-checksums", "--no-instructions"]).args(locale(binaries.major()));
    if durability == Durability::Careless {
        initdb.arg("--no-sync");
    }
    let made = run("initdb", &mut initdb, b"", data).await;
    let removed = account.remove(&passwords).await;
    made?;
    removed?;

    let file = data.join("postgresql.conf");
    let stock = std::fs::read_to_string(&file);
    let stock = stock.map_err(|error| Error::io("reading", &file, error))?;
    let include = settings::INCLUDE;
    account.write(&file, format!("{stock}\n{include}\n").as_bytes()).await?;
    let careless = durability == Durability::Careless;
    let ours = settings::text(&layout.socket_folder(account.uid()), SOCKET_PORT, careless);
    account.write(&data.join(settings::FILE), ours.as_bytes()).await?;

    // Single-user mode needs no password and listens nowhere. The statements come through a pipe.
    let mut postgres = account.command(binaries.program("postgres"));
    postgres.args(["--single", "-c", "exit_on_error=on", "-D"]).arg(data).arg(SUPERUSER);
    run("postgres", &mut postgres, sql.as_bytes(), data).await
}

/// Makes a complete cluster visible under its name, for good.
fn finish(layout: &Layout, unfinished: &Path) -> Result<()> {
    let data = layout.data();
    std::fs::rename(unfinished, &data).map_err(|error| Error::io("renaming", &data, error))?;
    if cfg!(unix) {
        let folder = std::fs::File::open(layout.folder()).and_then(|folder| folder.sync_all());
        folder.map_err(|error| Error::io("syncing", layout.folder(), error))?;
    }
    Ok(())
}

/// `lower` and `ILIKE` need more than ASCII, order by bytes keeps indexes valid when the operating
/// system's locales change.
fn locale(major: u32) -> &'static [&'static str] {
    let builtin = major >= 17;
    match (builtin, cfg!(target_os = "linux")) {
        (true, true) => &[
            "--locale=C",
            "--lc-ctype=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
        (true, false) => &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        (false, true) => &["--locale=C", "--lc-collate=C", "--lc-ctype=C.UTF-8"],
        (false, false) if cfg!(target_os = "macos") => &["--locale=C", "--lc-ctype=en_US.UTF-8"],
        (false, false) => &["--locale=C"],
    }
}

/// One statement to a line, as single-user mode wants it.
fn product_sql(bootstrap: &Bootstrap) -> String {
    let Bootstrap { database, administrator, verifier } = bootstrap;
    format!(
        "{}ALTER ROLE {SUPERUSER} NOLOGIN;\n",
        administrator_sql(database, administrator, verifier)
    )
}

/// CONNECT is taken from everybody; the administrator keeps it for the maintenance database, from
/// which other databases are made.
pub(crate) fn administrator_sql(database: &str, administrator: &str, verifier: &str) -> String {
    format!(
        "CREATE ROLE {administrator} LOGIN CREATEROLE CREATEDB PASSWORD '{verifier}';\n\
         CREATE DATABASE {database} OWNER {administrator};\n\
         REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC;\n\
         REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC;\n\
         REVOKE CONNECT, TEMPORARY ON DATABASE template1 FROM PUBLIC;\n\
         GRANT CONNECT ON DATABASE postgres TO {administrator};\n"
    )
}

/// The statements are put together from text, so only what cannot break out of it is let in.
fn check(bootstrap: &Bootstrap) -> Result<()> {
    let name = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|c| c.is_ascii_lowercase())
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && name.len() <= 63
            && !name.starts_with("pg_")
            && name != SUPERUSER
    };
    let verifier = bootstrap.verifier.strip_prefix("SCRAM-SHA-256$").is_some_and(|rest| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "+/=:$".contains(c);
        rest.len() > 64 && rest.chars().all(plain)
    });
    if !name(&bootstrap.database) || bootstrap.database.starts_with("template") {
        return Err(Error::BadArgument { what: "the name of the database" });
    }
    if !name(&bootstrap.administrator) || bootstrap.administrator == "public" {
        return Err(Error::BadArgument { what: "the name of the administrator" });
    }
    if !verifier {
        return Err(Error::BadArgument { what: "the password verifier" });
    }
    Ok(())
}

/// 256 random bits, as a password or a name that nobody else has.
pub(crate) fn random_hex() -> Result<String> {
    let mut bytes = [0_u8; 32];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|_| Error::BadArgument { what: "the system's source of randomness" })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_break_out_of_a_statement_is_refused() {
        let verifier = format!("SCRAM-SHA-256$4096:{}", "A".repeat(80));
        let good = Bootstrap {
            database: "atalaya".into(),
            administrator: "atalaya_admin".into(),
            verifier: verifier.clone(),
        };
        assert!(check(&good).is_ok());
        for name in ["", "a b", "a;b", "a\"", "Ana", "1a", "pg_x", "postgres", &"a".repeat(64)] {
            assert!(check(&Bootstrap { database: name.into(), ..good.clone() }).is_err(), "{name}");
            let administrator = name.into();
            assert!(check(&Bootstrap { administrator, ..good.clone() }).is_err(), "{name}");
        }
        for bad in
            ["", "secret", "SCRAM-SHA-256$", &format!("{verifier}'"), &format!("{verifier}\n")]
        {
            assert!(check(&Bootstrap { verifier: bad.into(), ..good.clone() }).is_err(), "{bad}");
        }
    }
}
