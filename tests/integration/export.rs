//! Exports parse back to exactly what is in the database, whatever is in it.

use crate::audit::left;
use crate::bed::{Copy, bed, caller, folder};
use atalaya_model::Code;
use atalaya_model::audit::query::word;
use atalaya_model::export::{
    AuditExport, COLUMNS, ExportFormat, ExportProgress, ExportResult, unguard,
};
use atalaya_ops::{Context, audit};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tokio_util::sync::CancellationToken;

async fn export(cx: &Context, query: &str, format: ExportFormat, path: &Path) -> ExportResult {
    let request = AuditExport { query: query.into(), format, compress: false };
    audit::export(cx, &caller(&cx.workplace), request, path, |_| (), CancellationToken::new())
        .await
        .unwrap()
}

/// The rows as the database has them, in the order and form of the columns of an export, without the last.
async fn expected(copy: &Copy, clause: &str) -> Vec<Vec<Option<String>>> {
    let time = |c: &str| {
        format!(
            "CASE WHEN {c} IN ('infinity', '-infinity') THEN {c}::text
                  WHEN {c} < '0001-01-01Z' OR {c} >= '10000-01-01Z' THEN 'pg:' || (extract(epoch FROM {c}) * 1000000 - 946684800000000)::bigint
                  ELSE to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') END"
        )
    };
    let columns: Vec<_> = COLUMNS[..COLUMNS.len() - 1]
        .iter()
        .map(|c| match *c {
            "occurred_at" | "recorded_at" => time(c),
            "ip" => "host(ip)".to_owned(),
            c => format!("{c}::text"),
        })
        .collect();
    let sql = format!(
        "SELECT {} FROM public.system_events e WHERE {clause} ORDER BY e.occurred_at DESC, e.id DESC",
        columns.join(", ")
    );
    copy.superuser().await.rows(sql).await.unwrap()
}

fn json_lines(path: &Path) -> Vec<Vec<Option<String>>> {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with("}\n"));
    // One line a record: line feeds inside are escaped.
    text.lines()
        .map(|line| {
            let cells: BTreeMap<&str, &RawValue> = serde_json::from_str(line).unwrap();
            assert_eq!(cells.len(), COLUMNS.len());
            COLUMNS[..COLUMNS.len() - 1]
                .iter()
                .map(|c| match (*c, cells[c].get()) {
                    (_, "null") => None,
                    // As Postgres printed it: digits and all.
                    ("payload", raw) => Some(raw.to_owned()),
                    (_, raw) if raw.starts_with('"') => Some(serde_json::from_str(raw).unwrap()),
                    (_, raw) => Some(raw.to_owned()),
                })
                .collect()
        })
        .collect()
}

/// A byte order mark tells the form with semicolons.
fn csv(path: &Path) -> Vec<Vec<Option<String>>> {
    let bytes = std::fs::read(path).unwrap();
    let marked = bytes.strip_prefix("\u{feff}".as_bytes());
    let separator = if marked.is_some() { b';' } else { b',' };
    let text = marked.unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text);
    assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
    reader
        .records()
        .map(|r| {
            let record = r.unwrap();
            record
                .iter()
                .take(COLUMNS.len() - 1)
                .map(|cell| {
                    for part in cell.split([',', ';', '\t', '\r', '\n']) {
                        assert!(!part.starts_with(['=', '+', '-', '@']), "a formula: {cell}");
                    }
                    Some(unguard(cell))
                })
                .collect()
        })
        .collect()
}

/// In CSV NULL is the empty cell.
fn as_cells(rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    rows.into_iter().map(|r| r.into_iter().map(|c| Some(c.unwrap_or_default())).collect()).collect()
}

/// In JSON Lines a payload that is JSON's own null looks like none, as it does in every JSON of the documents.
fn without_json_null(mut rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    let payload = COLUMNS.iter().position(|c| *c == "payload").unwrap();
    rows.iter_mut()
        .filter(|r| r[payload].as_deref() == Some("null"))
        .for_each(|r| r[payload] = None);
    rows
}

fn same(got: &[Vec<Option<String>>], wanted: &[Vec<Option<String>>]) {
    assert_eq!(got.len(), wanted.len());
    for (g, w) in got.iter().zip(wanted) {
        assert_eq!(g, w);
    }
}

#[tokio::test]
async fn the_burst_exports_four_hundred_records_in_every_form() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let query = "type:login_failed ip:203.0.113.77";
    let rows = expected(&copy, "event_type = 'login_failed' AND ip = '203.0.113.77'").await;
    let folder = folder("burst");
    let path = folder.join("out.jsonl");
    let result = export(cx, query, ExportFormat::Jsonl, &path).await;
    assert_eq!((result.rows, result.bytes), (400, std::fs::metadata(&path).unwrap().len()));
    same(&json_lines(&path), &rows);
    let path = folder.join("out.csv");
    assert_eq!(export(cx, query, ExportFormat::Csv, &path).await.rows, 400);
    let rows = as_cells(rows);
    same(&csv(&path), &rows);
    let path = folder.join("excel.csv");
    assert_eq!(export(cx, query, ExportFormat::Excel, &path).await.rows, 400);
    same(&csv(&path), &rows);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("\u{feff}id;occurred_at;") && text.matches('\u{feff}').count() == 1);
    assert_eq!(names(&folder), ["excel.csv", "out.csv", "out.jsonl"], "nothing beside them");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn all_of_the_fixture_parses_back() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let mut su = copy.superuser().await;
    su.must(
        r#"INSERT INTO public.system_events (event_type, message, payload, occurred_at) VALUES
           ('=cmd|''/C calc''!A0', '''quoted', '{"n": 123456789012345678901234567890.000100, "e": 1E+400}', 'infinity'),
           ('split', E'x;=cmd|''/C calc''!A0,-1\n+2;''y', '{"user_email": "a;=1+1;b"}', '2026-01-02Z'),
           ('@sum', E'\t\r\nline', '[1, 2.50, "\u2028"]', '-infinity'),
           ('+1', E'\u202Ertl \u0001', 'null', '0044-03-15 BC'),
           ('plain', '', '"text"', '294276-12-31 23:59:59+00')"#,
    )
    .await;
    // Legacy rows and these; those of the program's own arrive while this runs.
    let query = "before:2026-11-01T00:00:00Z";
    let folder = folder("all");
    let rows = expected(&copy, "occurred_at < '2026-11-01Z'").await;
    assert!(rows.len() > 10_000, "{}", rows.len());
    let path = folder.join("out.jsonl");
    export(cx, query, ExportFormat::Jsonl, &path).await;
    same(&json_lines(&path), &without_json_null(rows.clone()));
    let path = folder.join("out.csv");
    let rows = as_cells(rows);
    for format in [ExportFormat::Csv, ExportFormat::Excel] {
        export(cx, query, format, &path).await;
        same(&csv(&path), &rows);
    }
    for far in ["=cmd|'/C calc'!A0", "plain"] {
        let query = &format!("type:{}", word(far));
        let path: PathBuf = folder.join("far.jsonl");
        assert_eq!(export(cx, query, ExportFormat::Jsonl, &path).await.rows, 1);
        same(
            &json_lines(&path),
            &expected(&copy, &format!("event_type = '{}'", far.replace('\'', "''"))).await,
        );
    }
}

/// A page is chosen by the rows before it. Where they become long of a sudden, it ends early: no more than 16 MB of text are in
/// memory, and no row is missing.
#[tokio::test]
async fn rows_that_become_long_make_short_pages() {
    const ROW: u64 = 1_000_000;
    let copy = bed().await.small().await;
    let opened = copy.console().await;
    copy.superuser()
        .await
        .must(format!(
            "INSERT INTO public.system_events (event_type, message, occurred_at)
             SELECT 'long', CASE WHEN n > 60 THEN 'short' ELSE repeat('long ', {ROW} / 5) END,
                    '2026-01-01Z'::timestamptz + n * interval '1 s'
             FROM generate_series(1, 160) n"
        ))
        .await;
    let rows = expected(&copy, "event_type = 'long'").await;
    let folder = folder("long");
    let path = folder.join("out.jsonl");
    let (query, format) = ("type:long".to_owned(), ExportFormat::Jsonl);
    let request = AuditExport { query, format, compress: false };
    let written = Mutex::new(vec![0]);
    let tell = |p: ExportProgress| written.lock().unwrap().push(p.bytes);
    let (cx, caller) = (&opened.context, caller(&opened.context.workplace));
    let done = audit::export(cx, &caller, request, &path, tell, CancellationToken::new()).await;
    assert_eq!(done.unwrap().rows, 160);
    same(&json_lines(&path), &rows);
    let written = written.into_inner().unwrap();
    let most = written.windows(2).map(|w| w[1] - w[0]).max();
    assert!(most.is_some_and(|most| most < 18 * ROW), "{written:?}");
}

#[tokio::test]
async fn an_export_is_audited_with_its_query_before_its_rows() {
    let copy = bed().await.small().await;
    let person = copy.person("auditor", Some(1));
    let cx = copy.context(person).await;
    let request = caller(&cx.workplace);
    let folder = folder("audited");
    let wanted =
        AuditExport { query: "tipo:read_lead".into(), format: ExportFormat::Csv, compress: false };
    let path = folder.join("out.csv");
    let done =
        audit::export(&cx, &request, wanted.clone(), &path, |_| (), CancellationToken::new())
            .await
            .unwrap();
    let mut su = copy.superuser().await;
    let own = su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'read_lead' AND tenant_id = 1").await;
    assert_eq!(done.rows.to_string(), own);
    assert_ne!(own, "0");
    left(&mut su, &request, "log.exported", "ok", (&person.email, &person.login)).await;
    let noted = format!(
        "SELECT payload -> 'details' ->> 'query' FROM public.system_events WHERE request_id = '{}'",
        request.request_id
    );
    assert_eq!(su.one(noted).await, "tipo:read_lead");

    // Denied: no file. An admin may look at the log and may not take it out.
    let admin = copy.person("admin", Some(1));
    let refused = copy.context(admin).await;
    let request = caller(&refused.workplace);
    let path = folder.join("denied.csv");
    let e =
        audit::export(&refused, &request, wanted.clone(), &path, |_| (), CancellationToken::new())
            .await
            .unwrap_err();
    assert_eq!(e.code, Code::AccessDenied);
    left(&mut su, &request, "log.exported", "denied", (&admin.email, &admin.login)).await;

    // Cancelled: recorded, and what was there before is still there.
    let path = folder.join("old.csv");
    std::fs::write(&path, "before").unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let request = caller(&cx.workplace);
    let e = audit::export(&cx, &request, wanted.clone(), &path, |_| (), cancel).await.unwrap_err();
    assert_eq!(e.code, Code::Cancelled);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(names(&folder), ["old.csv", "out.csv"]);
    let outcomes = format!(
        "SELECT string_agg(outcome, ',' ORDER BY id) FROM public.system_events WHERE request_id = '{}'",
        request.request_id
    );
    assert_eq!(su.one(outcomes).await, "ok,failed");

    // A folder that is not there; one of that name; a device; a link to one.
    std::fs::create_dir(folder.join("folder")).unwrap();
    std::os::unix::fs::symlink("/dev/null", folder.join("null")).unwrap();
    let paths = ["missing/out.csv", "folder", "null"].map(|name| folder.join(name));
    for path in paths.iter().map(PathBuf::as_path).chain([Path::new("/dev/null")]) {
        let none = CancellationToken::new();
        let request = caller(&cx.workplace);
        let e = audit::export(&cx, &request, wanted.clone(), path, |_| (), none).await.unwrap_err();
        assert_eq!(e.code, Code::FileUnwritable, "{}", path.display());
    }
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    assert_eq!(names(&folder), ["folder", "null", "old.csv", "out.csv"]);

    // A link to a file stays one: what it leads to is replaced.
    let link = folder.join("link.csv");
    std::os::unix::fs::symlink(folder.join("old.csv"), &link).unwrap();
    let none = CancellationToken::new();
    audit::export(&cx, &caller(&cx.workplace), wanted, &link, |_| (), none).await.unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(folder.join("old.csv")).unwrap().lines().count() > 1);
}
