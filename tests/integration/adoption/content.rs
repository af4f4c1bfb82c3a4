//! What a database holds, table by table, over the columns that its CRM knows: as it is now, and with what a take-over set
//! aside put back in its place.

use crate::bed::Bed;
use std::collections::BTreeMap;

/// Per table: its columns as the CRM knows them, the number of rows and a digest of them all.
#[derive(Debug)]
pub struct Content {
    tables: BTreeMap<String, Table>,
    /// The last event that was there; what came later is nobody's loss.
    last_event: String,
}

#[derive(Debug, PartialEq, Eq, Clone)]
struct Table {
    columns: Vec<String>,
    rows_and_digest: String,
}

/// As it is now.
pub async fn content(bed: &Bed, database: &str) -> Content {
    let mut su = bed.superuser(database).await;
    let listed = su
        .rows(
            "SELECT c.relname, string_agg(a.attname, '|' ORDER BY a.attnum) FROM pg_class c
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1 ORDER BY 1",
        )
        .await
        .unwrap();
    let mut tables = BTreeMap::new();
    let mut last_event = "0".to_owned();
    for row in listed {
        let (name, columns) = (row[0].clone().unwrap(), row[1].clone().unwrap());
        let columns: Vec<String> = columns.split('|').map(str::to_owned).collect();
        if name == "system_events" {
            last_event = su.one("SELECT coalesce(max(id), 0) FROM system_events").await;
        }
        let rows_and_digest = su.one(digest(&name, &columns, None, &last_event)).await;
        tables.insert(name, Table { columns, rows_and_digest });
    }
    su.close().await;
    Content { tables, last_event }
}

/// The statement that counts and digests. `aside`: with what was set aside, by the schema where it is kept.
fn digest(table: &str, columns: &[String], aside: Option<&[String]>, last_event: &str) -> String {
    // Short keys, so that any number of columns and any name fits.
    let mut fields: Vec<String> = Vec::new();
    for (n, column) in columns.iter().enumerate() {
        // A decision may have given the time its documented name.
        let renamed = table == "system_events"
            && column == "created_at"
            && aside.is_some_and(|now| !now.contains(column));
        let held = if renamed { "occurred_at" } else { column.as_str() };
        let value = match (table, held, aside) {
            ("system_events", "severity" | "tenant_id", Some(_)) => format!(
                "coalesce((SELECT s.original -> '{held}' FROM atalaya.set_aside s WHERE s.table_name = 'system_events' AND s.original ? '{held}'
                   AND s.reason IN ('severity', 'event_tenant_dangling') AND s.original ->> 'id' = t.id::text LIMIT 1), to_jsonb(t.\"{held}\"))"
            ),
            _ => format!("to_jsonb(t.\"{}\")", held.replace('"', "\"\"")),
        };
        fields.push(format!("'c{n}', {value}"));
    }
    let of_table = if table == "system_events" {
        format!(" WHERE t.id <= {last_event}")
    } else {
        String::new()
    };
    let mut rows = format!(
        "SELECT jsonb_build_object({}) AS line FROM public.\"{table}\" t{of_table}",
        fields.join(", ")
    );
    if aside.is_some() {
        let fields: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(n, c)| format!("'c{n}', s.original -> '{}'", c.replace('\'', "''")))
            .collect();
        rows.push_str(&format!(
            " UNION ALL SELECT jsonb_build_object({}) FROM atalaya.set_aside s WHERE s.table_name = '{table}'
              AND s.reason IN ('credential_duplicates', 'event_time_missing')",
            fields.join(", ")
        ));
    }
    format!(
        "SELECT concat_ws(' ', count(*), md5(string_agg(line::text, '|' ORDER BY line::text))) FROM ({rows}) r"
    )
}

impl Content {
    /// Every row of this one is there, as it was, with what was set aside in its place.
    pub async fn assert_kept(&self, bed: &Bed, database: &str, what: &str) {
        let mut su = bed.superuser(database).await;
        for (name, table) in &self.tables {
            let now = su
                .rows(format!("SELECT attname FROM pg_attribute WHERE attrelid = 'public.\"{name}\"'::regclass AND attnum > 0 AND NOT attisdropped"))
                .await
                .unwrap();
            let now: Vec<String> = now.into_iter().map(|r| r[0].clone().unwrap()).collect();
            let found = su.one(digest(name, &table.columns, Some(&now), &self.last_event)).await;
            assert_eq!(found, table.rows_and_digest, "{what}: {name}");
        }
        su.close().await;
    }

    /// The same of the log alone, while writers go on with the other tables.
    pub async fn assert_events_kept(&self, bed: &Bed, database: &str, what: &str) {
        let log = self.tables.iter().filter(|(name, _)| name.as_str() == "system_events");
        let log = Self {
            tables: log.map(|(k, v)| (k.clone(), v.clone())).collect(),
            last_event: self.last_event.clone(),
        };
        log.assert_kept(bed, database, what).await;
    }

    /// Every table of this one is there as it was, without anything set aside.
    pub async fn assert_back(&self, bed: &Bed, database: &str, what: &str) {
        let mut su = bed.superuser(database).await;
        for (name, table) in &self.tables {
            let found = su.one(digest(name, &table.columns, None, &self.last_event)).await;
            assert_eq!(found, table.rows_and_digest, "{what}: {name}");
        }
        su.close().await;
    }
}
