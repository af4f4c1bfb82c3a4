//! `ui/src/licences.json`: name, version and licence of each library that the packages contain, for
//! the screen "About". Tools of the build and of the tests are not in the packages, nor here.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::File;
use crate::place;

/// The crates whose programs are shipped.
const SHIPPED: &[&str] = &["atalaya", "atalaya-cli"];

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    name: String,
    version: String,
    license: String,
    kind: &'static str,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

pub fn make() -> Result<Vec<File>> {
    let mut entries = rust()?;
    entries.append(&mut npm()?);
    let mut content = serde_json::to_string_pretty(&entries)?;
    content.push('\n');
    Ok(vec![File { path: "ui/src/licences.json".into(), content: content.into_bytes() }])
}

/// For all systems, so that the file does not depend on where it is made.
fn rust() -> Result<BTreeSet<Entry>> {
    let mut cargo = place::cargo();
    cargo.args(["metadata", "--format-version=1", "--features", "custom-protocol"]);
    let output = cargo.output().context("starting cargo")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let nodes: HashMap<_, _> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let shipped = metadata.packages.iter().filter(|it| SHIPPED.contains(&it.name.as_str()));
    let mut ahead: Vec<&str> = shipped.map(|package| package.id.as_str()).collect();
    let mut reached: HashSet<&str> = HashSet::new();
    while let Some(id) = ahead.pop() {
        if !reached.insert(id) {
            continue;
        }
        let linked = |it: &&Dependency| it.dep_kinds.iter().any(|kind| kind.kind.is_none());
        let node = nodes.get(id).with_context(|| format!("cargo metadata lacks {id}"))?;
        ahead.extend(node.deps.iter().filter(linked).map(|it| it.pkg.as_str()));
    }
    let foreign = metadata.packages.iter().filter(|it| it.source.is_some());
    let entries = foreign.filter(|package| reached.contains(package.id.as_str())).map(|it| Entry {
        license: it.license.clone().unwrap_or_else(|| "see its licence file".to_owned()),
        name: it.name.clone(),
        version: it.version.clone(),
        kind: "rust",
    });
    Ok(entries.collect())
}

/// From the lock file, and where it is silent, from the installed package.
fn npm() -> Result<BTreeSet<Entry>> {
    let folder = crate::ui::folder();
    let lock: Value = serde_json::from_slice(&std::fs::read(folder.join("package-lock.json"))?)?;
    let packages = lock["packages"].as_object().context("package-lock.json has no packages")?;
    let mut entries = BTreeSet::new();
    for (path, package) in packages {
        let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
        if ["dev", "optional", "devOptional"].iter().any(|it| package[it] == Value::Bool(true)) {
            continue;
        }
        let installed = || -> Option<String> {
            let text = std::fs::read(folder.join(path).join("package.json")).ok()?;
            let package: Value = serde_json::from_slice(&text).ok()?;
            Some(package["license"].as_str()?.to_owned())
        };
        let license = package["license"].as_str().map(str::to_owned).or_else(installed);
        entries.insert(Entry {
            name: name.to_owned(),
            version: package["version"].as_str().unwrap_or_default().to_owned(),
            license: license.unwrap_or_else(|| "see its licence file".to_owned()),
            kind: "npm",
        });
    }
    Ok(entries)
}
