//! Dumped after the take-over and restored into the second version: the same rows, and console and CRM work on it.

use super::content::content;
use crate::bed::{CRM, bed, caller, second_bed, workplace};
use atalaya_ops::{Context, audit};
use atalaya_postgres::scratch::Scratch;
use atalaya_store::Store;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn restored_into_the_second_version_it_works() {
    let bed = bed().await;
    let Some(second) = second_bed().await else { return };
    // The group roles belong to the cluster: a take-over there has made them.
    second.small().await;
    let copy = bed.full().await;
    let before = content(bed, &copy.name).await;
    let file = crate::bed::folder("moved").join("dump.sql");
    let dumped = tokio::process::Command::new(bed.psql_program().with_file_name("pg_dump"))
        .args(["-d", &bed.url(Scratch::SUPERUSER, Scratch::PASSWORD, &copy.name), "-f"])
        .arg(&file)
        .status()
        .await
        .unwrap();
    assert!(dumped.success());
    let name = second.database(None).await;
    let (login, password) = (&copy.adopted.secret.user, copy.adopted.secret.password.expose());
    let mut su = second.superuser(&name).await;
    su.must(format!(
        "CREATE ROLE \"{login}\" LOGIN PASSWORD '{password}' IN ROLE atalaya_operator"
    ))
    .await;
    su.must(format!("GRANT CONNECT ON DATABASE {name} TO \"{login}\"")).await;
    let restored = tokio::process::Command::new(second.psql_program())
        .args(["-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d"])
        .args([&second.url(Scratch::SUPERUSER, Scratch::PASSWORD, &name), "-f"])
        .arg(&file)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&restored.stderr).into_owned();
    assert!(restored.status.success(), "{said}");
    before.assert_back(second, &name, "restored").await;

    let (workplace, _) = workplace();
    let request = caller(&workplace);
    let target = second.target(login, password, &name);
    let store = Store::open(&target, "atalaya").await.unwrap();
    let cx = Context { store, workplace, signer: None };
    let burst = "type:login_failed ip:203.0.113.77";
    let counted = audit::count(&cx, &request, burst, CancellationToken::new()).await.unwrap();
    assert_eq!(counted.count, 400);
    cx.store.close().await;

    let mut crm = second.psql(CRM, crate::bed::PASSWORD, &name).await;
    crm.must("INSERT INTO system_events (event_type, severity, message, payload) VALUES ('x', 'info', 'moved', '{\"tenant_id\": 2}')").await;
    assert_eq!(
        su.one("SELECT origin || tenant_id FROM public.system_events WHERE message = 'moved'")
            .await,
        "legacy2"
    );
}
