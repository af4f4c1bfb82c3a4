//! The CRM at work: its documented statements (CRM Ventas 2.3, 3.3, 4.1, 4.4) as its own login, prepared once as its driver
//! does, while something else is done to the database.

use crate::bed::{Bed, CRM, PASSWORD};
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Writers at work.
pub struct Writers {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<Work>>,
}

/// What the writers did.
#[derive(Debug, Default)]
pub struct Work {
    /// Statements that failed, in the words of Postgres.
    pub failed: Vec<String>,
    /// `message` of each event that was acknowledged.
    pub events: Vec<String>,
    /// `name` and last acknowledged `value` of each credential.
    pub credentials: Vec<(String, String)>,
    /// Statements in all.
    pub statements: u64,
    /// The one that took longest.
    pub longest: Duration,
}

const EVENT: &str = "INSERT INTO system_events (event_type, severity, message, payload) VALUES ($1, $2, $3, $4::jsonb)";
const UPSERT: &str =
    "INSERT INTO credentials (tenant_id, name, value, category) VALUES ($1, $2, $3, 'w')
    ON CONFLICT (tenant_id, name) DO UPDATE SET value = EXCLUDED.value, updated_at = NOW()";
const PLAIN: &str =
    "SELECT id, tenant_id, name, value, category FROM credentials WHERE value NOT LIKE 'g%'";
const ENCRYPT: &str = "UPDATE credentials SET value = $1, updated_at = NOW() WHERE id = $2";
const LEADS: &str = "SELECT * FROM leads WHERE tenant_id = $1";
const LEADS_OF: &str = "SELECT * FROM leads WHERE tenant_id = ANY($1::int[])";
const LOG: &str =
    "SELECT id, event_type, severity, message, payload, occurred_at FROM system_events
    WHERE 1=1 AND event_type = $1 AND severity = $2 ORDER BY occurred_at DESC LIMIT $3 OFFSET $4";
const COUNT: &str = "SELECT COUNT(*) FROM system_events";

impl Writers {
    /// Puts as many to work.
    pub async fn start(bed: &Bed, database: &str, how_many: usize) -> Self {
        Self::start_as(bed, database, CRM, how_many).await
    }

    /// The same as another login than the owner.
    pub async fn start_as(bed: &Bed, database: &str, login: &str, how_many: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = Vec::new();
        for n in 0..how_many {
            let connection = bed.psql(login, PASSWORD, database).await.into_inner();
            tasks.push(tokio::spawn(work(connection, n, Arc::clone(&stop))));
        }
        Self { stop, tasks }
    }

    /// Lets each finish what it is at; all that they did.
    pub async fn stop(self) -> Work {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Work::default();
        for task in self.tasks {
            let one = task.await.unwrap();
            all.failed.extend(one.failed);
            all.events.extend(one.events);
            all.credentials.extend(one.credentials);
            all.statements += one.statements;
            all.longest = all.longest.max(one.longest);
        }
        all
    }
}

async fn work(mut own: PgConnection, n: usize, stop: Arc<AtomicBool>) -> Work {
    let mut done = Work::default();
    let mut turn = 0_usize;
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        let tenant = i32::try_from(turn % 7).unwrap() + 1;
        let name = format!("WRITER_{n}_{}", turn % 20);
        let value = format!("value {n} {turn}");
        let message = format!("writer {n} {turn}");
        let payload = format!(
            "{{\"user_id\": \"{n}\", \"tenant_id\": {tenant}, \"ip_address\": \"203.0.113.9\"}}"
        );
        let started = Instant::now();
        let tried = match turn % 10 {
            // In one transaction, as a request of the CRM's does it.
            0 => async {
                own.execute("BEGIN").await?;
                sqlx::query(ENCRYPT)
                    .bind(&value)
                    .bind(1 + i32::try_from(n).unwrap())
                    .execute(&mut own)
                    .await?;
                sqlx::query(EVENT)
                    .bind("credential_saved")
                    .bind("info")
                    .bind(&message)
                    .bind(&payload)
                    .execute(&mut own)
                    .await?;
                own.execute("COMMIT").await.map(drop)
            }
            .await
            .map(|()| done.events.push(message)),
            1..=5 => sqlx::query(EVENT)
                .bind("read_lead")
                .bind("info")
                .bind(&message)
                .bind(&payload)
                .execute(&mut own)
                .await
                .map(|_| done.events.push(message)),
            6 | 7 => sqlx::query(UPSERT)
                .bind(tenant)
                .bind(&name)
                .bind(&value)
                .execute(&mut own)
                .await
                .map(|_| {
                    done.credentials.retain(|(k, _)| *k != format!("{tenant} {name}"));
                    done.credentials.push((format!("{tenant} {name}"), value));
                }),
            8 => sqlx::query(if turn % 20 == 8 { LEADS } else { PLAIN })
                .bind_if(turn % 20 == 8, tenant)
                .fetch_all(&mut own)
                .await
                .map(drop),
            _ => match turn % 30 {
                9 => sqlx::query(LEADS_OF).bind(vec![1, 2]).fetch_all(&mut own).await.map(drop),
                19 => sqlx::query(COUNT).fetch_all(&mut own).await.map(drop),
                _ => sqlx::query(LOG)
                    .bind("login_failed")
                    .bind("warning")
                    .bind(20_i64)
                    .bind(0_i64)
                    .fetch_all(&mut own)
                    .await
                    .map(drop),
            },
        };
        done.longest = done.longest.max(started.elapsed());
        done.statements += 1;
        if let Err(e) = tried {
            done.failed.push(e.to_string());
            let _ = own.execute(AssertSqlSafe("ROLLBACK".to_owned())).await;
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    done
}

/// `bind` where the statement has a parameter.
trait BindIf {
    fn bind_if(self, has: bool, value: i32) -> Self;
}

impl BindIf for sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments> {
    fn bind_if(self, has: bool, value: i32) -> Self {
        if has { self.bind(value) } else { self }
    }
}
