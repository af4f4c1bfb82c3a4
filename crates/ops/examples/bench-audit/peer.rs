//! The other side: the same prepared statements through `pgbench`.

use crate::Outcome;
use crate::place::Place;
use crate::times::{COLD, RUNS};
use std::path::Path;

/// Milliseconds of the checked query that holds `part`, prepared once, with the `value` of each parameter as SQL.
pub fn statement(place: &Place, part: &str, value: &dyn Fn(usize) -> String) -> Outcome<Vec<f64>> {
    let (query, types) = prepared(part)?;
    let values: Vec<_> = (1..=types.len()).map(value).collect();
    let query = query.replace('\n', " ");
    script(
        place,
        &format!(
            "\\if :fresh\nPREPARE p ({}) AS {query};\n\\set fresh 0\n\\endif\nEXECUTE p ({});\n",
            types.join(", "),
            values.join(", ")
        ),
        RUNS,
    )
}

/// Milliseconds of each of so many runs of a script.
pub fn script(place: &Place, text: &str, runs: usize) -> Outcome<Vec<f64>> {
    let file = place.folder.join("statement.sql");
    std::fs::write(&file, text)?;
    let prefix = place.folder.join("log").display().to_string();
    let (file, runs) = (file.display().to_string(), (runs + COLD).to_string());
    let once = ["-n", "-c", "1", "-D", "fresh=1", "-l"];
    place.as_operator(
        "pgbench",
        &[&once[..], &["-t", &runs, "--log-prefix", &prefix, "-f", &file]].concat(),
    )?;
    let mut times = Vec::new();
    for entry in std::fs::read_dir(&place.folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("log.")) {
            times.extend(microseconds(&path)?);
            std::fs::remove_file(path)?;
        }
    }
    let times: Vec<f64> = times.into_iter().skip(COLD).map(|t| t / 1000.0).collect();
    if times.is_empty() { Err("pgbench measured nothing".into()) } else { Ok(times) }
}

/// The third column of pgbench's log.
fn microseconds(log: &Path) -> Outcome<Vec<f64>> {
    let lines = std::fs::read_to_string(log)?;
    Ok(lines.lines().filter_map(|l| l.split(' ').nth(2)?.parse().ok()).collect())
}

/// A checked query that holds this text, and the types of its parameters.
fn prepared(part: &str) -> Outcome<(String, Vec<String>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.sqlx");
    for entry in std::fs::read_dir(folder)? {
        let text = std::fs::read_to_string(entry?.path())?;
        let json: serde_json::Value = serde_json::from_str(&text)?;
        let query = json["query"].as_str().unwrap_or_default();
        if query.contains(part) {
            let types = json["describe"]["parameters"]["Left"].as_array().ok_or("no parameters")?;
            let types =
                types.iter().filter_map(|t| t.as_str()).map(|t| match t.strip_suffix("Array") {
                    Some(element) => format!("{element}[]"),
                    None => t.to_owned(),
                });
            return Ok((query.to_owned(), types.collect()));
        }
    }
    Err(format!("no checked query holds {part}").into())
}
