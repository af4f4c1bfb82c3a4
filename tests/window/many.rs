//! More findings than are shown, and a rule that cannot look: said in the panel and on Overview, with a way on.

use crate::crm;
use crate::house::House;
use crate::window::Window;

/// More bursts of failed logins than a rule reports, as the CRM writes them.
const BURSTS: &str = "INSERT INTO system_events (event_type, severity, message, payload, occurred_at)
    SELECT 'login_failed', 'warning', 'Invalid password', jsonb_build_object('user_email', 'ana@example.com',
               'ip_address', '10.9.' || n / 200 || '.' || n % 200, 'tenant_id', 1), now() - interval '1 day' - n * interval '2 min' - m * interval '1 s'
    FROM generate_series(1, 205) n, generate_series(1, 11) m";

/// Whoever reads one of these divides by nothing.
const FAULT: &str =
    "CREATE POLICY faulty ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator
    USING (message IS DISTINCT FROM 'divides' OR 1 / (length(event_type) - 8) > 0)";
const MENDED: &str = "DROP POLICY faulty ON public.system_events";
/// Long enough ago to be no part of the day that Overview counts.
const READ: &str = "INSERT INTO system_events (event_type, message, payload, occurred_at)
    SELECT 'pii_read', 'divides', jsonb_build_object('user_email', 'ana@example.com', 'tenant_id', 1), now() - interval '3 days'
    FROM generate_series(1, 5)";

pub async fn findings(window: &Window<'_>, house: &House) {
    let own = house.crm.pool(crm::LOGIN, crm::PASSWORD, crm::DATABASE);
    for statement in [BURSTS, READ] {
        sqlx::query(statement).execute(&own).await.unwrap();
    }
    own.close().await;
    sqlx::query(FAULT).execute(&house.crm.truth()).await.unwrap();
    // What was found before is kept for a minute.
    window.js("location.reload()", Vec::new()).await;
    window.press("nav-overview").await;
    window.find("findings-more-failed_logins").await;
    window.find("findings-failed").await;
    assert!(!window.has("attention-none").await, "calm, though not everybody could look");
    window.look_twice("45-more-overview-en", ["light", "dark"]).await;
    sqlx::query(MENDED).execute(&house.crm.truth()).await.unwrap();
    window.press_css("[data-testid=\"attention\"] [data-testid=\"retry\"]").await;
    window.gone("findings-failed").await;

    window.press("nav-audit").await;
    window.find("audit-row").await;
    window.says("findings-open", &["+"]).await;
    window.keys("i");
    window.says("findings-more-failed_logins", &["200 shown"]).await;
    // The attack that everybody knows weighs most.
    window.says("findings", &["203.0.113.77"]).await;
    window.look_twice("46-more-findings-en", ["light", "dark"]).await;
    window.press("findings-more-failed_logins-open").await;
    window.find_css("[data-testid=\"facet-type-login_failed\"][aria-pressed=\"true\"]").await;
    window.press("findings-close").await;
    window.press("filter-clear").await;
}

/// A period without its field is text, which nothing holds: the empty list offers what was meant.
pub async fn periods(window: &Window<'_>) {
    window.ask("last week").await;
    window.find("audit-empty-period").await;
    window.look("47-period-meant-en").await;
    window.press("audit-empty-period").await;
    window.gone("audit-empty-period").await;
    let asked = window.find("audit-query").await.prop("value").await.unwrap().unwrap();
    assert!(asked.starts_with("when:"), "{asked}");
    window.press("filter-clear").await;
    window.gone("filter-clear").await;
}
