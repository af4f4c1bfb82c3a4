//! Exports of a million events, beside psql's `\copy` of the same query: as CSV, and JSON Lines as rows of JSON too, which are twice
//! the bytes.

use crate::Outcome;
use crate::place::Place;
use crate::times::median;
use atalaya_model::export::{AuditExport, ExportFormat};
use atalaya_ops::audit;
use std::time::Instant;
use tokio_util::sync::CancellationToken;

const MOST: i64 = 1_000_000;
/// Each side of a comparison, by turns.
const TURNS: usize = 3;
const COLUMNS: &str = "id, occurred_at, event_type, severity, message, tenant_id, actor_id, actor_label, actor_kind, resource_type, resource_id, host(ip), origin, outcome, payload::text, db_user, request_id, recorded_at";

/// Prints one line a form.
pub async fn measure(place: &Place, rows: i64) -> Outcome<()> {
    let most = rows.min(MOST);
    let edge = place.sql(&format!(
        "SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM public.system_events
         ORDER BY occurred_at DESC, id DESC OFFSET {} LIMIT 1", most - 1))?;
    println!(
        "\n{:<28}{:>9}  {:>9}  {:>6}   peak memory of the operation",
        format!("export of {most}, seconds"),
        "operation",
        "\\copy",
        "ratio"
    );
    for (name, format, compress, peer) in [
        ("CSV", ExportFormat::Csv, false, AS_CSV),
        ("CSV, compressed", ExportFormat::Csv, true, AS_CSV),
        ("JSON Lines", ExportFormat::Jsonl, false, AS_CSV),
        ("JSON Lines, \\copy as JSON", ExportFormat::Jsonl, false, AS_JSON),
        ("JSON Lines, compressed", ExportFormat::Jsonl, true, AS_CSV),
    ] {
        let (mut ours, mut theirs, mut said) = (Vec::new(), Vec::new(), String::new());
        for _ in 0..TURNS {
            theirs.push(copy(place, peer, &edge)?);
            let request = AuditExport { query: format!("after:{edge}"), format, compress };
            let (took, what) = export(place, request).await?;
            ours.push(took);
            said = what;
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!(
            "{name:<28}{ours:>9.2}  {theirs:>9.2}  {:>6.2}   {} ({said})",
            ours / theirs,
            memory(),
        );
    }
    Ok(())
}

/// Seconds, and what was written.
async fn export(place: &Place, request: AuditExport) -> Outcome<(f64, String)> {
    let target = place.folder.join("out");
    let began = Instant::now();
    let done =
        audit::export(&place.cx, &place.caller, request, &target, |_| (), CancellationToken::new())
            .await?;
    let said = format!("{} rows, {} MB", done.rows, done.bytes / 1_000_000);
    Ok((began.elapsed().as_secs_f64(), said))
}

/// What is asked of each event, and the form of the file.
type Peer = (&'static str, &'static str);
const AS_CSV: Peer = ("e.*", "CSV HEADER");
const AS_JSON: Peer = ("row_to_json(e)", "");

/// Seconds of `\copy`.
fn copy(place: &Place, (what, form): Peer, edge: &str) -> Outcome<f64> {
    let target = place.folder.join("copied");
    let copy = format!(
        "\\copy (SELECT {what} FROM (SELECT {COLUMNS} FROM public.system_events WHERE occurred_at >= '{edge}'
         ORDER BY occurred_at DESC, id DESC) e) TO '{}' {form}",
        target.display()
    )
    .replace('\n', " ");
    let began = Instant::now();
    place.as_operator("psql", &["-Xq", "-c", &copy])?;
    Ok(began.elapsed().as_secs_f64())
}

/// The most that this process has had.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("VmHWM: ?");
    line.trim_start_matches("VmHWM:").trim().to_owned()
}
