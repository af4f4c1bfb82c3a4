//! What an inspection asks of the rows: one static statement per finding, asked only where its tables and columns are there.
//! Each answers one row, the count and some examples; an example is a key or a name, never a value of a secret.

use crate::error::run;
use atalaya_model::Result;
use atalaya_model::adoption::{Finding, FindingSeverity};
use sqlx::{PgConnection, Row};

/// One question.
struct Probe {
    code: &'static str,
    severity: FindingSeverity,
    table: &'static str,
    /// Columns that it needs, as `table.column`.
    needs: &'static [&'static str],
    /// Answers `(bigint, text[])`.
    sql: &'static str,
    /// What the operator may choose; empty: nothing is left open.
    choices: &'static [&'static str],
}

use FindingSeverity::{Blocking, Info, Warning};

const PROBES: &[Probe] = &[
    Probe {
        code: "event_id_duplicates",
        severity: Blocking,
        table: "system_events",
        needs: &["system_events.id"],
        sql: "SELECT count(*), coalesce((array_agg(id::text ORDER BY id))[1:5], '{}')
              FROM (SELECT id FROM public.system_events GROUP BY id HAVING count(*) > 1) d",
        choices: &[],
    },
    Probe {
        code: "credential_duplicates",
        severity: Warning,
        table: "credentials",
        needs: &["credentials.tenant_id", "credentials.name"],
        sql: "SELECT count(*), coalesce((array_agg(format('%s (tenant %s, %s rows)', name, tenant_id, n) ORDER BY tenant_id, name))[1:5], '{}')
              FROM (SELECT tenant_id, name, count(*) AS n FROM public.credentials WHERE tenant_id IS NOT NULL
                    GROUP BY tenant_id, name HAVING count(*) > 1) d",
        choices: &["newest", "oldest"],
    },
    Probe {
        code: "event_time_missing",
        severity: Warning,
        table: "system_events",
        needs: &["system_events.occurred_at"],
        sql: "SELECT count(*), coalesce((array_agg(id::text ORDER BY id))[1:5], '{}') FROM public.system_events WHERE occurred_at IS NULL",
        choices: &["set_aside"],
    },
    Probe {
        code: "severity_unknown",
        severity: Warning,
        table: "system_events",
        needs: &["system_events.severity"],
        // The words that atalaya.known_severity() has no meaning for.
        sql: "SELECT coalesce(sum(n), 0)::bigint, coalesce((array_agg(word ORDER BY n DESC, word))[1:5], '{}')
              FROM (SELECT left(severity, 40) AS word, count(*) AS n FROM public.system_events
                    WHERE lower(btrim(severity)) NOT IN ('trace', 'debug', 'verbose', 'info', 'information', 'notice', 'low', 'warn', 'warning', 'medium',
                      'err', 'error', 'high', 'severe', 'fatal', 'critical', 'crit', 'alert', 'emerg', 'emergency') GROUP BY 1) w",
        choices: &["info", "warning", "critical"],
    },
    Probe {
        code: "severity_other",
        severity: Info,
        table: "system_events",
        needs: &["system_events.severity"],
        sql: "SELECT coalesce(sum(n), 0)::bigint, coalesce((array_agg(word ORDER BY n DESC, word))[1:5], '{}')
              FROM (SELECT left(severity, 40) AS word, count(*) AS n FROM public.system_events
                    WHERE severity NOT IN ('info', 'warning', 'critical') GROUP BY 1) w",
        choices: &[],
    },
    Probe {
        code: "tenant_dangling",
        severity: Warning,
        table: "system_events",
        needs: &["system_events.tenant_id", "tenants.id"],
        sql: "SELECT count(*), coalesce((array_agg(DISTINCT e.tenant_id::text))[1:5], '{}') FROM public.system_events e
              WHERE e.tenant_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.tenants t WHERE t.id = e.tenant_id)",
        choices: &[],
    },
    Probe {
        code: "credential_without_tenant",
        severity: Warning,
        table: "credentials",
        needs: &["credentials.tenant_id", "credentials.name"],
        sql: "SELECT count(*), coalesce((array_agg(name ORDER BY name))[1:5], '{}') FROM public.credentials WHERE tenant_id IS NULL",
        choices: &[],
    },
    Probe {
        code: "lead_without_tenant",
        severity: Warning,
        table: "leads",
        needs: &["leads.tenant_id", "leads.id"],
        sql: "SELECT count(*), coalesce((array_agg(id::text ORDER BY id))[1:5], '{}') FROM public.leads WHERE tenant_id IS NULL",
        choices: &[],
    },
    Probe {
        code: "hash_unusable",
        severity: Warning,
        table: "users",
        needs: &["users.password_hash"],
        sql: r"SELECT count(*), '{}'::text[] FROM public.users WHERE password_hash !~ '^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$'",
        choices: &[],
    },
    Probe {
        code: "hash_cheap",
        severity: Warning,
        table: "users",
        needs: &["users.password_hash"],
        sql: r"SELECT count(*), '{}'::text[] FROM public.users WHERE password_hash ~ '^\$2[abxy]\$(0\d|1[01])\$[./A-Za-z0-9]{53}$'",
        choices: &[],
    },
    Probe {
        code: "email_case_duplicates",
        severity: Warning,
        table: "users",
        needs: &["users.email"],
        sql: "SELECT count(*), coalesce((array_agg(address ORDER BY address))[1:5], '{}')
              FROM (SELECT lower(email) AS address FROM public.users GROUP BY 1 HAVING count(*) > 1) d",
        choices: &[],
    },
    Probe {
        code: "user_without_tenant",
        severity: Warning,
        table: "users",
        needs: &["users.tenant_id", "users.role"],
        sql: "SELECT count(*), '{}'::text[] FROM public.users WHERE tenant_id IS NULL AND role <> 'ceo'",
        choices: &[],
    },
    Probe {
        code: "role_unknown",
        severity: Warning,
        table: "users",
        needs: &["users.role"],
        sql: "SELECT count(*), coalesce((array_agg(DISTINCT left(role, 40)))[1:5], '{}') FROM public.users WHERE role NOT IN
              ('ceo', 'admin', 'operator', 'auditor', 'secretary', 'professional', 'setter', 'closer')",
        choices: &[],
    },
    Probe {
        code: "credential_plaintext",
        severity: Warning,
        table: "credentials",
        needs: &["credentials.value"],
        sql: r"SELECT count(*), '{}'::text[] FROM public.credentials WHERE value !~ '^\s*gAAAA' AND value <> ''",
        choices: &[],
    },
    Probe {
        code: "credential_not_a_token",
        severity: Warning,
        table: "credentials",
        needs: &["credentials.value", "credentials.id"],
        // Version, time, vector, whole blocks and a digest make 100, 120 (or 124), 140 ... characters: never fewer, always fours.
        sql: r"SELECT count(*), coalesce((array_agg(id::text ORDER BY id))[1:5], '{}') FROM public.credentials
               WHERE value ~ '^\s*gAAAA' AND NOT (btrim(value, E' \t\r\n') ~ '^[A-Za-z0-9_-]+={0,2}$'
                 AND length(btrim(value, E' \t\r\n')) >= 100 AND length(btrim(value, E' \t\r\n')) % 4 = 0)",
        choices: &[],
    },
    Probe {
        code: "event_without_tenant",
        severity: Info,
        table: "system_events",
        needs: &["system_events.payload", "tenants.id"],
        sql: "SELECT count(*), '{}'::text[] FROM public.system_events e WHERE NOT EXISTS (SELECT FROM public.tenants t
              WHERE jsonb_typeof(e.payload) = 'object' AND t.id::text = e.payload ->> 'tenant_id')",
        choices: &[],
    },
    Probe {
        code: "event_payload_not_object",
        severity: Info,
        table: "system_events",
        needs: &["system_events.payload"],
        sql: "SELECT count(*), '{}'::text[] FROM public.system_events WHERE payload IS NOT NULL AND jsonb_typeof(payload) <> 'object'",
        choices: &[],
    },
    Probe {
        code: "event_future",
        severity: Warning,
        table: "system_events",
        needs: &["system_events.occurred_at"],
        sql: "SELECT count(*), coalesce((array_agg(id::text ORDER BY id))[1:5], '{}') FROM public.system_events
              WHERE occurred_at > now() + interval '5 minutes'",
        choices: &[],
    },
    Probe {
        code: "event_ancient",
        severity: Info,
        table: "system_events",
        needs: &["system_events.occurred_at"],
        sql: "SELECT count(*), coalesce((array_agg(id::text ORDER BY id))[1:5], '{}') FROM public.system_events
              WHERE occurred_at < '2000-01-01 00:00:00+00'",
        choices: &[],
    },
];

/// Asks all that can be asked of these columns (`table.column`).
pub(super) async fn ask(connection: &mut PgConnection, columns: &[String]) -> Result<Vec<Finding>> {
    let has = |column: &str| columns.iter().any(|c| c == column);
    let mut findings = Vec::new();
    if has("system_events.created_at") && !has("system_events.occurred_at") {
        findings.push(Finding {
            code: "event_time_column",
            severity: Warning,
            table: Some("system_events"),
            count: None,
            examples: vec!["created_at".to_owned()],
            choices: vec!["rename"],
        });
    }
    for probe in PROBES.iter().filter(|p| p.needs.iter().all(|c| has(c))) {
        let row = sqlx::query(probe.sql).fetch_one(&mut *connection).await.map_err(run)?;
        let count: i64 = row.try_get(0).map_err(run)?;
        if count == 0 {
            continue;
        }
        findings.push(Finding {
            code: probe.code,
            severity: probe.severity,
            table: Some(probe.table),
            count: Some(count),
            examples: row.try_get(1).map_err(run)?,
            choices: probe.choices.to_vec(),
        });
    }
    Ok(findings)
}
