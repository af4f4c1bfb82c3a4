//! The live tail: nothing missed and nothing twice, whatever transactions do. And exports that are compressed, held and resumed.

use super::scribe;
use crate::bed::{bed, caller, folder};
use atalaya_model::Code;
use atalaya_model::export::{AuditExport, ExportFormat, ExportProgress};
use atalaya_ops::Context;
use atalaya_ops::audit::{self, Control};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What came since the mark, all pages of it, and where to go on.
async fn came(cx: &Context, query: &str, mark: &str) -> (Vec<String>, String) {
    let (mut rows, mut mark) = (Vec::new(), mark.to_owned());
    loop {
        let tail = audit::tail(cx, &caller(&cx.workplace), query, Some(&mark)).await.unwrap();
        rows.extend(tail.rows.into_iter().map(|r| r.message.unwrap_or_default()));
        mark = tail.mark;
        if !tail.more {
            return (rows, mark);
        }
    }
}

#[tokio::test]
async fn the_tail_misses_nothing_and_shows_nothing_twice() {
    let copy = bed().await.small().await;
    let cx = copy.context(copy.person("auditor", Some(1))).await;
    let mut su = scribe(&copy).await;
    let write = |message: &str| {
        format!(
            "INSERT INTO public.system_events (event_type, tenant_id, message) VALUES ('tick', 1, '{message}')"
        )
    };
    su.must(write("before")).await;
    let mut long = scribe(&copy).await;
    long.must("BEGIN").await;
    long.must(write("long")).await;
    let first = audit::tail(&cx, &caller(&cx.workplace), "", None).await.unwrap();
    assert!(first.rows.is_empty() && !first.more);
    su.must(write("one")).await;
    su.must(write("two")).await;
    let mut undone = scribe(&copy).await;
    undone.must(format!("BEGIN; {}; ROLLBACK", write("undone"))).await;
    su.must("INSERT INTO public.system_events (event_type, tenant_id, message) VALUES ('tick', 2, 'other'), ('tick', NULL, 'system'), ('tock', 1, 'tock')").await;
    let (rows, mark) = came(&cx, "type:tick", &first.mark).await;
    assert_eq!(rows, ["one", "two"]);
    assert!(came(&cx, "type:tick", &mark).await.0.is_empty());
    // It began before the mark and is over now.
    long.must("COMMIT").await;
    su.must(write("three")).await;
    let (rows, mark) = came(&cx, "type:tick", &mark).await;
    assert_eq!(rows, ["long", "three"]);
    // A flood comes in pages.
    su.must(
        "INSERT INTO public.system_events (event_type, tenant_id, message)
         SELECT 'tick', 1, 'flood ' || n FROM generate_series(1, 1203) n",
    )
    .await;
    let page = audit::tail(&cx, &caller(&cx.workplace), "type:tick", Some(&mark)).await.unwrap();
    assert!(page.more && page.rows.len() == 500);
    su.must(write("after")).await;
    let (rest, mark) = came(&cx, "type:tick", &page.mark).await;
    let all: Vec<_> = page.rows.into_iter().map(|r| r.message.unwrap()).chain(rest).collect();
    assert_eq!(all.len(), 1204);
    assert_eq!(
        (all[0].as_str(), all[1202].as_str(), all[1203].as_str()),
        ("flood 1", "flood 1203", "after")
    );
    assert!(came(&cx, "type:tick", &mark).await.0.is_empty());
    for wrong in ["", "x", "5:4:", "1:2:3:4", "1:9:'); DROP", "99999999999999999999999:1:"] {
        let e = audit::tail(&cx, &caller(&cx.workplace), "", Some(wrong)).await.unwrap_err();
        assert_eq!(e.code, Code::ValidationFailed, "{wrong}");
    }
}

#[tokio::test]
async fn a_tail_under_many_writers_is_whole() {
    let copy: &'static _ = Box::leak(Box::new(bed().await.small().await));
    let cx = copy.context(copy.person("ceo", None)).await;
    let mut mark = audit::tail(&cx, &caller(&cx.workplace), "", None).await.unwrap().mark;
    let mut writers = Vec::new();
    for w in 0..8_u32 {
        writers.push(tokio::spawn(async move {
            let mut psql = copy.superuser().await;
            for n in 0..25_u32 {
                psql.must("BEGIN").await;
                psql.must(format!("INSERT INTO public.system_events (event_type, message) SELECT 'many', '{w}.{n}.' || k FROM generate_series(1, 3) k")).await;
                tokio::time::sleep(Duration::from_millis(u64::from((w * 5 + n * 7) % 40))).await;
                psql.must("COMMIT").await;
            }
        }));
    }
    let mut seen = Vec::new();
    loop {
        let over = writers.iter().all(|w| w.is_finished());
        let (rows, next) = came(&cx, "type:many", &mark).await;
        seen.extend(rows);
        mark = next;
        if over {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let once: BTreeSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), once.len()), (8 * 25 * 3, 8 * 25 * 3));
}

fn unpacked(path: &std::path::Path) -> Vec<u8> {
    let out = std::process::Command::new("gzip").args(["-dc"]).arg(path).output().unwrap();
    assert!(out.status.success());
    out.stdout
}

#[tokio::test]
async fn a_compressed_export_holds_the_same() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let here = folder("packed");
    let mut sizes = Vec::new();
    for format in [ExportFormat::Csv, ExportFormat::Jsonl] {
        let mut made = Vec::new();
        for compress in [false, true] {
            let query = "type:login_failed,read_lead before:2026-11-01T00:00:00Z".to_owned();
            let wanted = AuditExport { query, format, compress };
            let path = here.join(format!("out.{}", wanted.extension()));
            let request = caller(&cx.workplace);
            let none = CancellationToken::new();
            let done = audit::export(cx, &request, wanted, &path, |_| (), none);
            let done = done.await.unwrap();
            assert_eq!(done.bytes, std::fs::metadata(&path).unwrap().len());
            sizes.push(done.bytes);
            made.push((done.rows, path));
        }
        assert_eq!(made[0].0, made[1].0);
        assert_eq!(std::fs::read(&made[0].1).unwrap(), unpacked(&made[1].1));
    }
    assert!(sizes[1] * 4 < sizes[0] && sizes[3] * 4 < sizes[2], "{sizes:?}");
}

#[tokio::test]
async fn an_export_is_held_and_goes_on_where_it_was() {
    let copy = bed().await.full().await;
    let opened = copy.console().await;
    let cx = &opened.context;
    let here = folder("held");
    let wanted = AuditExport {
        query: "before:2026-11-01T00:00:00Z".into(),
        format: ExportFormat::Jsonl,
        compress: false,
    };
    let control = Control::default();
    let told: Arc<Mutex<Vec<ExportProgress>>> = Arc::default();
    let report = {
        let (control, told) = (control.clone(), told.clone());
        move |p: ExportProgress| {
            let mut told = told.lock().unwrap();
            if p.rows > 0 && told.iter().all(|t| t.rows == 0) {
                control.pause();
            }
            told.push(p);
        }
    };
    let path = here.join("held.jsonl");
    let waiting = async {
        while !told.lock().unwrap().iter().any(|p| p.paused) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let rows = told.lock().unwrap().last().unwrap().rows;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(told.lock().unwrap().last().unwrap().rows, rows, "it goes on while it is held");
        // What comes meanwhile is not half in it.
        copy.superuser().await.must("INSERT INTO public.system_events (event_type, occurred_at) VALUES ('meanwhile', '2026-01-01Z')").await;
        control.resume();
    };
    let request = caller(&cx.workplace);
    let (done, ()) = tokio::join!(
        audit::export(cx, &request, wanted.clone(), &path, report, control.clone()),
        waiting
    );
    let done = done.unwrap();
    let lines = std::fs::read_to_string(&path).unwrap().lines().count() as u64;
    let truth = copy.superuser().await.one("SELECT count(*) FROM public.system_events WHERE occurred_at < '2026-11-01Z' AND event_type <> 'meanwhile'").await;
    assert_eq!((done.rows, done.rows.to_string()), (lines, truth));

    // Cancelled while it is held: at once, and nothing is left.
    let control = Control::default();
    control.pause();
    let soon = control.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        soon.cancel();
    });
    let path = here.join("never.jsonl");
    let e = audit::export(cx, &request, wanted, &path, |_| (), control).await.unwrap_err();
    assert_eq!(e.code, Code::Cancelled);
    assert_eq!(std::fs::read_dir(&here).unwrap().count(), 1);
}
