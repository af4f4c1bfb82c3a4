//! Free text: the same by index and slice by slice, of one's own tenants only, on both versions.

use super::scribe;
use crate::bed::{Bed, Copy, Person, bed, caller, second_bed};
use crate::psql::Psql;
use atalaya_model::audit::{FacetField, Searched};
use atalaya_ops::{Context, audit};
use tokio_util::sync::CancellationToken;

/// Ids of all pages, and what the last one says of how far it looked.
async fn found(cx: &Context, query: &str, size: i64) -> (Vec<i64>, Option<Searched>) {
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        let page = audit::list(cx, &caller(&cx.workplace), query, cursor, size).await;
        let page = page.unwrap_or_else(|e| panic!("{query}: {e:?}"));
        ids.extend(page.rows.iter().map(|r| r.id.0));
        cursor = page.next;
        if cursor.is_none() {
            return (ids, page.searched);
        }
    }
}

/// Enough rows that a first slice does not hold them, most of them of others, a few with something to be found.
async fn haystack(su: &mut Psql) {
    su.must(
        r#"INSERT INTO public.system_events (event_type, severity, message, payload, occurred_at, tenant_id, actor_label, ip)
           SELECT 'hay', 'info', 'routine ' || n, jsonb_build_object('n', n, 'text', 'nothing of note'),
                  '2026-01-01Z'::timestamptz + n * INTERVAL '20 minutes', 1 + n % 3, 'ana@example.com', '10.1.2.3'
           FROM generate_series(1, 18000) n;
           INSERT INTO public.system_events (event_type, message, payload, occurred_at, tenant_id)
           SELECT 'needle', CASE WHEN n % 2 = 0 THEN 'The Silver Needle ' || n END,
                  CASE WHEN n % 2 = 1 THEN jsonb_build_object('deep', jsonb_build_object('silver needle', n)) END,
                  '2026-01-05Z'::timestamptz + n * INTERVAL '3 days', nullif(n % 4, 0)
           FROM generate_series(1, 60) n;
           INSERT INTO public.system_events (event_type, message, payload, occurred_at, tenant_id)
           VALUES ('quoted', 'Ana said "no" twice', NULL, '2026-01-06Z', 1),
                  ('quoted', NULL, jsonb_build_object('said', 'Eva said "no" in C:\temp, twice'), '2026-01-07Z', 2),
                  ('quoted', 'twice of no', jsonb_build_object('path', 'D:\"temp"\', 'no', 1), '2026-01-08Z', 1),
                  ('acme', NULL, jsonb_build_object('k', 'Acme9" \ Corp'), '2026-01-12Z', 2),
                  ('quoted', 'they said \"no\" twice', jsonb_build_object('said', 'no'), '2026-01-09Z', 3);
           INSERT INTO public.system_events (event_type, message, occurred_at, tenant_id)
           SELECT 'long.' || n, repeat('ñ', 32760 + n) || ' Farther', '2026-01-10Z', 2 FROM generate_series(0, 1) n;
           INSERT INTO public.system_events (event_type, payload, occurred_at, tenant_id)
           SELECT 'long.' || n, jsonb_build_object('a', repeat('ñ', 32753 + n) || ' Farther'), '2026-01-11Z', 1 FROM generate_series(0, 1) n;
           INSERT INTO public.system_events (event_type, message, occurred_at, tenant_id)
           VALUES ('secret', 'only tenant one knows xylophone', '2026-02-01Z', 1), ('secret', 'system knows xylophone too', '2026-02-02Z', NULL);
           ANALYZE public.system_events"#,
    )
    .await;
}

const QUERIES: [(&str, &str); 18] = [
    (
        "\"silver needle\"",
        "message ILIKE '%silver needle%' OR payload::text ILIKE '%silver needle%'",
    ),
    ("needle silver -type:hay", "(message ILIKE '%silver%' OR payload::text ILIKE '%silver%')"),
    (
        "silver -\"the silver\"",
        "payload::text ILIKE '%silver%' AND coalesce(message, '') NOT ILIKE '%the silver%'",
    ),
    (
        "routine 17",
        "message LIKE '%routine%' AND (message LIKE '%17%' OR payload::text LIKE '%17%')",
    ),
    ("xylophone", "message LIKE '%xylophone%'"),
    ("ye", "message ILIKE '%ye%' OR payload::text ILIKE '%ye%'"),
    ("nowhere-to-be-found", "FALSE"),
    // As somebody wrote it, though JSON puts backslashes before quotes and backslashes.
    (
        r#""said \"no\"""#,
        r#"message ILIKE '%said "no"%' OR payload->>'said' ILIKE '%said "no"%' OR message LIKE '%said \\"no\\"%'"#,
    ),
    (r#""c:\\temp" "\"no\"""#, r"payload->>'said' LIKE '%C:\\temp%'"),
    (r#""\\\"temp\"\\""#, r"payload->>'path' LIKE '%temp%'"),
    (r#"twice -"said \"no\"""#, "message = 'twice of no'"),
    // As JSON writes it.
    (r#""\"said\": \"no\"""#, "payload->>'said' = 'no'"),
    // A quotation mark of the payload's own and one of its value are two things, and no text fits and fits not.
    (r#""\"acme9\"""#, "FALSE"),
    (r#"acme9 -"\"acme9\"""#, "event_type = 'acme'"),
    (r#""acme9\" \\ corp""#, "event_type = 'acme'"),
    // To the last of the 32,768 characters that are looked at, in message and payload alike.
    ("farther", "event_type = 'long.0'"),
    ("ññ -farther", "event_type = 'long.1'"),
    (
        "needle tenant:2 after:2026-03-01T00:00:00Z",
        "event_type = 'needle' AND tenant_id = 2 AND occurred_at >= '2026-03-01Z'",
    ),
];

const OLD: &str = "before:2026-11-01T00:00:00Z";

async fn both_ways(cx: &Context, su: &mut Psql, reach: &str, indexed: bool) {
    for (query, clause) in QUERIES {
        let sql = format!(
            "SELECT coalesce(array_agg(id ORDER BY occurred_at DESC, id DESC), '{{}}')::text FROM public.system_events
             WHERE ({clause}) AND ({reach}) AND occurred_at < '2026-11-01Z'"
        );
        let truth = su.one(sql).await;
        let (ids, searched) = found(cx, &format!("{query} {OLD}"), 25).await;
        let shown: Vec<_> = ids.iter().map(i64::to_string).collect();
        assert_eq!(
            format!("{{{}}}", shown.join(",")),
            truth,
            "{query} as {reach}, index: {indexed}"
        );
        // Without an index it says that it has looked at everything, in the end.
        if let Some(searched) = searched {
            assert!(searched.complete, "{query}");
        } else {
            assert!(
                indexed,
                "{query} was found without an index, and does not say how far it looked"
            );
        }
    }
}

async fn searching(bed: &'static Bed) {
    let copy = bed.small().await;
    let mut su = scribe(&copy).await;
    haystack(&mut su).await;
    let people: [(&Person, &str); 3] = [
        (copy.person("ceo", None), "TRUE"),
        (copy.person("auditor", Some(1)), "tenant_id = 1"),
        (copy.person("operator", Some(2)), "tenant_id = 2"),
    ];
    let there =
        su.one("SELECT count(*) FROM pg_class WHERE relname = 'system_events_text_idx'").await
            == "1";
    assert!(there || bed.major() != 15, "the system's PostgreSQL has trigrams");
    for indexed in [true, false] {
        if indexed && !there {
            continue;
        }
        if !indexed && there {
            su.must("DROP INDEX public.system_events_text_idx").await;
        }
        for (person, reach) in people {
            let cx = copy.context(person).await;
            both_ways(&cx, &mut su, reach, indexed).await;
            cx.store.close().await;
        }
        nothing_of_others(&copy).await;
    }
}

/// An operator of tenant 2 finds nothing of tenant 1, of the system nor of anybody, whatever the rest of the query says.
async fn nothing_of_others(copy: &Copy) {
    let two = copy.context(copy.person("operator", Some(2))).await;
    for query in [
        "xylophone",
        "xylophone tenant:1",
        "xylophone tenant:system",
        "knows -nothing tenant:1,2,system",
    ] {
        let (ids, _) = found(&two, query, 50).await;
        assert_eq!(ids, Vec::<i64>::new(), "{query}");
    }
    let (ids, _) =
        found(&copy.context(copy.person("auditor", Some(1))).await, "xylophone", 50).await;
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn text_is_found_by_index_and_by_looking_in_ones_own_tenants() {
    searching(bed().await).await;
}

#[tokio::test]
async fn text_is_found_on_the_second_version() {
    if let Some(second) = second_bed().await {
        searching(second).await;
    }
}

#[tokio::test]
async fn a_log_from_before_gets_the_index_of_beginnings() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let indexes = "SELECT string_agg(format('%s %s', pg_get_indexdef(x.indexrelid), x.indisvalid), E'\n' ORDER BY x.indexrelid::regclass::text)
         FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE c.relname LIKE 'system_events%' AND pg_get_expr(x.indexprs, x.indrelid) LIKE '%payload%'";
    let as_made = su.one(indexes).await;
    assert!(as_made.lines().count() > 3 && !as_made.contains(" f"), "{as_made}");
    su.must(
        "DROP INDEX public.system_events_text_idx;
         CREATE INDEX system_events_text_idx ON public.system_events
         USING gin ((coalesce(message, '') || E'\n' || coalesce(payload::text, '')) atalaya_search.gin_trgm_ops)",
    )
    .await;
    assert_ne!(su.one(indexes).await, as_made);
    let migration = include_str!("../../../migrations/20261130220000_text_index_of_beginnings.sql");
    // The second time there is nothing to do.
    for _ in 0..2 {
        su.must(format!("BEGIN; SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL ROLE atalaya_owner; {migration}; COMMIT"))
            .await;
        assert_eq!(su.one(indexes).await, as_made);
    }
}

#[tokio::test]
async fn the_index_is_used_behind_the_gate() {
    let copy = bed().await.small().await;
    let mut su = scribe(&copy).await;
    haystack(&mut su).await;
    // What was written last waits in the index to be sorted in, and until then makes it look dear.
    su.must("VACUUM ANALYZE public.system_events").await;
    // Whether it can be used at all is the question, not whether it is worth it for so few rows.
    let name = &copy.name;
    su.must(format!("ALTER DATABASE {name} SET enable_seqscan = off; ALTER DATABASE {name} SET enable_indexscan = off")).await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let scans = "SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_all_indexes WHERE indexrelname LIKE 'system_events%expr_idx'";
    let before = su.one(scans).await;
    let (ids, searched) = found(&cx, "xylophone", 50).await;
    assert_eq!((ids.len(), searched), (2, None));
    // Statistics are written when a connection comes to rest.
    cx.store.close().await;
    for _ in 0..100 {
        if su.one(scans).await != before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the search index was not used");
}

#[tokio::test]
async fn facets_are_the_same_by_index_and_by_looking() {
    let copy = bed().await.small().await;
    let mut su = scribe(&copy).await;
    haystack(&mut su).await;
    su.must("UPDATE public.system_events SET ip = ('2001:db8:1:2::' || id % 3)::inet WHERE event_type = 'needle' AND tenant_id = 1").await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let queries = [
        "needle",
        "needle type:needle tenant:1,2",
        "xylophone",
        "\"no\\\" twice\"",
        "nothing-has-this",
    ];
    let all = async || {
        let mut all = Vec::new();
        for query in queries {
            let none = CancellationToken::new();
            all.push(audit::facets(&cx, &caller(&cx.workplace), query, none).await.unwrap());
        }
        all
    };
    let by_index = all().await;
    let networks = by_index[0].facets.iter().find(|f| f.field == FacetField::Network).unwrap();
    assert_eq!(networks.values[0].value, "2001:db8:1::/48");
    su.must("DROP INDEX public.system_events_text_idx").await;
    assert_eq!(by_index, all().await);
}

#[tokio::test]
async fn a_search_that_gets_not_far_says_how_far() {
    let copy = bed().await.small().await;
    let mut su = scribe(&copy).await;
    haystack(&mut su).await;
    su.must("DROP INDEX IF EXISTS public.system_events_text_idx").await;
    // Each row takes a while: what a log of many millions is like.
    su.must(
        "CREATE POLICY slow ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
         USING (length(repeat(md5(id::text), 1500)) > 0)",
    )
    .await;
    let cx = copy.context(copy.person("ceo", None)).await;
    let began = std::time::Instant::now();
    let page = audit::list(&cx, &caller(&cx.workplace), "xylophone", None, 50).await.unwrap();
    assert!(began.elapsed().as_millis() < 2_600, "{:?}", began.elapsed());
    let searched = page.searched.unwrap();
    if searched.complete {
        // A machine that is quick enough shows both.
        assert_eq!(page.rows.len(), 2);
        return;
    }
    let next = page.next.unwrap();
    assert_eq!(next.occurred_at, searched.until);
    // Page after page it gets to the end, and finds both.
    let (ids, searched) = found(&cx, "xylophone", 50).await;
    assert_eq!((ids.len(), searched.map(|s| s.complete)), (2, Some(true)));
}
