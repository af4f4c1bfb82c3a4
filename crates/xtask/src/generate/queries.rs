//! `.sqlx/`: what PostgreSQL says about each checked query, so that the workspace compiles without a
//! database. The migrations are applied to a throw-away cluster, then crate `store` is checked
//! against it, and sqlx's macros write one file per query.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::Scratch;

use super::File;
use crate::place;

pub fn make() -> Result<Vec<File>> {
    let scratch = place::wait(async {
        let binaries = find_binaries().await?;
        Ok(Scratch::start(&binaries).await?)
    })?;
    apply(&scratch)?;
    let folder = place::target().join("xtask/queries");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    describe(&scratch, &folder)?;
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let path = PathBuf::from(".sqlx").join(entry.file_name());
        files.push(File { path, content: fs::read(entry.path())? });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// As the console does it for a fresh workspace: the administrator, who is no superuser, lends
/// themself the roles that own things, hands over the database, and takes the roles back.
fn apply(scratch: &Scratch) -> Result<()> {
    let script = script(&place::root().join("migrations"))?;
    let url = scratch.url(Scratch::ADMINISTRATOR, Scratch::PASSWORD, Scratch::DATABASE);
    let mut psql = Command::new(scratch.binaries().program("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", &url, "--file=-"]);
    psql.env("PGOPTIONS", "-c client_min_messages=warning");
    let mut psql = psql.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    let psql = psql.as_mut().map_err(|error| anyhow::anyhow!("starting psql: {error}"))?;
    if let Some(mut stdin) = psql.stdin.take() {
        // A script that stops half-way breaks the pipe; the status below says so.
        let _ = stdin.write_all(script.as_bytes());
    }
    if !psql.wait()?.success() {
        bail!("the migrations could not be applied");
    }
    Ok(())
}

/// One transaction per file, in the order of their names.
fn script(folder: &Path) -> Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).context("reading migrations")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            names.push(path);
        }
    }
    names.sort();
    let mut script = String::new();
    let mut step = |role: Option<&str>, file: &Path| {
        let set = role.map(|role| format!("SET LOCAL ROLE atalaya_{role};\n")).unwrap_or_default();
        let quoted = file.display().to_string().replace('\'', "''");
        write!(script, "BEGIN;\n{set}\\i '{quoted}'\n;\nCOMMIT;\n")
    };
    for (index, file) in names.iter().enumerate() {
        let text = fs::read_to_string(file)?;
        let role = text.lines().next().and_then(|line| line.strip_prefix("-- run as "));
        match role.map(str::trim) {
            Some("administrator") => {
                step(None, file)?;
                // It may have made roles: they are lent too.
                step(None, &folder.join("steps/open.sql"))?;
            }
            Some(role) => step(Some(role), file)?,
            None => bail!("{} does not say whom to run as", file.display()),
        }
        if index == 0 {
            step(None, &folder.join("steps/transfer.sql"))?;
        }
    }
    step(None, &folder.join("steps/close.sql"))?;
    Ok(script)
}

/// The configuration flag is a new one each time, so that cargo does not take an earlier check for
/// this one; it belongs to this one invocation and disturbs no other build.
fn describe(scratch: &Scratch, folder: &Path) -> Result<()> {
    // Plans are made as a superuser: the planner's word on NULLs must not depend on policies.
    let url = scratch.url(Scratch::SUPERUSER, Scratch::PASSWORD, Scratch::DATABASE);
    let mut check = place::cargo();
    check.args(["rustc", "--quiet", "--package", "atalaya-store", "--lib", "--profile", "check"]);
    let tag = scratch.endpoint().host.display().to_string();
    check.args(["--", "-A", "warnings", "--cfg", &format!("described_by={tag:?}")]);
    check.env("DATABASE_URL", url).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", folder);
    if !check.status().context("starting cargo")?.success() {
        bail!("crate store does not compile against the migrated database");
    }
    Ok(())
}
