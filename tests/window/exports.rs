//! Exports through the native dialog, read back.

use crate::crm::Crm;
use crate::window::Window;
use atalaya_model::export::COLUMNS;
use serde_json::Value;
use sqlx::Row;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    window.press("export-csv").await;
    window.look("18-export").await;
    window.press("export-start").await;
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
            places.map(|at| atalaya_model::export::unguard(&record[at]))
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
    begin(window, format, path).await;
    window.becomes("export-bar", "data-stage", "done").await;
    assert!(window.text("export-bar").await.contains(&path.display().to_string()));
}

/// Begins to export into that file.
pub async fn begin(window: &Window<'_>, format: &str, path: &Path) {
    window.press("export").await;
    window.press(&format!("export-{format}")).await;
    window.press("export-start").await;
    let dialog = window.dialog().await;
    window.desk.run(
        "import",
        &["-window", "root", &window.pictures.join("19-dialog.png").display().to_string()],
    );
    window.answer(&dialog, path).await;
}

/// The whole log onto a disk that is too small for it: said, and nothing is left behind.
pub async fn onto_a_full_disk(window: &Window<'_>) {
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        println!("only root may mount a small disk: a full one was not tried");
        return;
    }
    let disk = Disk::new(&window.desk.disk());
    begin(window, "jsonl", &disk.0.join("everything.jsonl")).await;
    window.becomes("export-bar", "data-stage", "failed").await;
    window.becomes("error-note", "data-code", "DISK_FULL").await;
    window.look("23-disk-full").await;
    assert_eq!(std::fs::read_dir(&disk.0).unwrap().count(), 0, "something half is left");
    window.press("export-close").await;
}

/// The dialog is still open when the console locks: what it answers then is written nowhere.
pub async fn while_it_locks(window: &Window<'_>) {
    window.press("export").await;
    window.press("export-csv").await;
    window.press("export-start").await;
    let dialog = window.dialog().await;
    let lock = "window.__TAURI_INTERNALS__.invoke('lock').catch(() => undefined)";
    window.mark().await;
    window.js(lock, Vec::new()).await;
    window.reloaded().await;
    let path = window.desk.files().join("after-the-lock.csv");
    window.answer(&dialog, &path).await;
    window.sign_in(crate::steps::PASSPHRASE).await;
    window.find("connection").await;
    // An export that had begun would be done by now; with it the bar would be there.
    assert!(!path.exists(), "an export went on behind the lock");
    assert!(!window.has("export-bar").await, "the new session shows an export of the old one");
}

/// A small file system.
struct Disk(PathBuf);

impl Disk {
    fn new(path: &Path) -> Self {
        std::fs::create_dir_all(path).unwrap();
        let mount = ["-t", "tmpfs", "-o", "size=1m", "tmpfs"];
        let mounted = Command::new("mount").args(mount).arg(path).status().unwrap();
        assert!(mounted.success(), "a small disk cannot be mounted");
        Self(path.to_owned())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
