//! `ui/src/backend/types.ts`: the types that cross to TypeScript. `ts-rs` writes them from a test of
//! each type; the tests run with a folder of their own.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::File;
use crate::place;

const FILE: &str = "ui/src/backend/types.ts";

pub fn make() -> Result<Vec<File>> {
    let folder = place::target().join("xtask/types");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut export = place::cargo();
    export.args(["test", "--quiet", "--package", "atalaya-model", "--lib", "export_bindings"]);
    export.env("TS_RS_EXPORT_DIR", &folder).env("TS_RS_LARGE_INT", "number");
    if !export.status().context("starting cargo")?.success() {
        bail!("the types could not be exported");
    }
    let content = std::fs::read_to_string(folder.join("types.ts"));
    let content = content.context("no type says export_to = \"types.ts\"")?;
    for entry in std::fs::read_dir(&folder)? {
        let name = entry?.file_name();
        if name != "types.ts" {
            bail!("a type goes to {} instead of types.ts", Path::new(&name).display());
        }
    }
    Ok(vec![File { path: FILE.into(), content: content.into_bytes() }])
}
