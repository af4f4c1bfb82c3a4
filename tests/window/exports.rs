//! Exports through the native dialog, read back.

use crate::crm::Crm;
use crate::window::Window;
use atalaya_model::export::COLUMNS;
use serde_json::Value;
use sqlx::Row;
use std::path::Path;

const TRUTH: &str = "SELECT id::text, message, payload::text FROM public.system_events
    WHERE event_type = 'login_failed' AND ip = '203.0.113.77' ORDER BY occurred_at DESC, id DESC";

/// The filter that is on: cancelled in the dialog, then as CSV and as JSON Lines, each compared with the rows.
pub async fn burst(window: &Window<'_>, crm: &Crm) {
    let rows = sqlx::query(TRUTH).fetch_all(&crm.truth()).await.unwrap();
    let rows: Vec<[String; 3]> = rows.iter().map(|r| [0, 1, 2].map(|i| r.get(i))).collect();
    assert_eq!(rows.len(), 400);
    let folder = window.desk.files();

    window.press("export").await;
    window.find("export-csv").await;
    window.look("18-export-menu").await;
    window.press("export-csv").await;
    window.dialog().await;
    window.keys("Escape");
    window.gone("export-bar").await;
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "a cancelled export left a file");

    let path = folder.join("burst.csv");
    export(window, "csv", &path).await;
    window.look("20-exported").await;
    let column = |name| COLUMNS.iter().position(|c| *c == name).unwrap();
    let places = ["id", "message", "payload"].map(column);
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let cells: Vec<[String; 3]> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            places.map(|at| record[at].strip_prefix('\'').unwrap_or(&record[at]).to_owned())
        })
        .collect();
    assert!(cells == rows, "CSV differs from the rows");
    window.press("export-close").await;

    let path = folder.join("burst.jsonl");
    export(window, "jsonl", &path).await;
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), rows.len());
    for (line, [id, message, payload]) in lines.iter().zip(&rows) {
        let number = line["id"].as_str().map_or_else(|| line["id"].to_string(), str::to_owned);
        assert_eq!((&number, line["message"].as_str()), (id, Some(message.as_str())));
        assert_eq!(line["payload"], serde_json::from_str::<Value>(payload).unwrap());
    }
    window.press("export-close").await;
}

/// Exports into that file and waits until it is done.
async fn export(window: &Window<'_>, format: &str, path: &Path) {
    window.press("export").await;
    window.press(&format!("export-{format}")).await;
    let dialog = window.dialog().await;
    let path = path.display().to_string();
    window.desk.run(
        "import",
        &["-window", "root", &window.pictures.join("19-dialog.png").display().to_string()],
    );
    window.desk.run("xdotool", &["windowfocus", "--sync", &dialog]).unwrap();
    window.keys("ctrl+a");
    window.desk.run("xdotool", &["type", "--delay", "4", &path]).unwrap();
    window.keys("Return");
    window.becomes("export-bar", "data-stage", "done").await;
    assert!(window.text("export-bar").await.contains(&path));
}
