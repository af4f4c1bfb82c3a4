//! Hiding a change: holding, flooding and explaining away what would be reported.

use super::{ALARMS, UPKEEP, age, event};
use crate::bed::{CRM, PASSWORD, bed};

#[tokio::test]
async fn nobody_hides_an_alarm_by_holding_its_record() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut holder = copy.psql(copy.person("ceo", None)).await;
    let mut console = copy.psql(copy.person("ceo", None)).await;
    let mut thief = copy.psql(copy.person("admin", Some(1))).await;
    console.must(UPKEEP).await;
    thief.must("UPDATE public.leads SET status = 'gone' WHERE tenant_id = 1").await;
    assert_eq!(holder.one(format!("BEGIN; {UPKEEP}")).await, "1");
    // Another console may be about to commit: the record is young.
    assert_eq!(console.one(UPKEEP).await, "0");
    holder.must("ROLLBACK").await;
    age(&mut su).await;
    assert_eq!(holder.one(format!("BEGIN; {UPKEEP}")).await, "1");
    assert_eq!(console.one(UPKEEP).await, "1", "held for ever, and so hidden");
    assert_eq!(console.one(UPKEEP).await, "0", "reported twice");
    holder.must("ROLLBACK").await;
    assert_eq!(console.one(UPKEEP).await, "0", "reported again when it was let go");
    assert_eq!(su.one(ALARMS).await, "1");
    assert_eq!(su.one("SELECT count(*) FROM atalaya.change_records WHERE NOT checked").await, "0");
}

#[tokio::test]
async fn two_consoles_at_once_report_once() {
    let copy = bed().await.small().await;
    let mut su = copy.superuser().await;
    let mut one = copy.psql(copy.person("ceo", None)).await;
    let mut two = copy.psql(copy.person("ceo", None)).await;
    one.must(UPKEEP).await;
    let mut thief = copy.psql(copy.person("admin", Some(1))).await;
    thief
        .must(
            "DO $$ BEGIN FOR n IN 1..200 LOOP
               UPDATE public.leads SET status = 'n' || n WHERE id = (SELECT min(id) FROM public.leads); END LOOP; END $$",
        )
        .await;
    // The consoles were closed meanwhile.
    age(&mut su).await;
    let (a, b) = tokio::join!(one.one(UPKEEP), two.one(UPKEEP));
    assert_eq!(a.parse::<u32>().unwrap() + b.parse::<u32>().unwrap(), 200);
    assert_eq!(su.one(ALARMS).await, "200");
}

#[tokio::test]
async fn an_event_that_everybody_may_record_explains_ones_own_row_only() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(1));
    let admin = copy.person("admin", Some(1));
    let mut psql = copy.psql(admin).await;
    let mut upkeep = copy.psql(copy.person("ceo", None)).await;
    upkeep.must(UPKEEP).await;
    let mut su = copy.superuser().await;
    let session = "00000000-0000-4000-a000-0000000000ff";
    let mut other = copy.psql(closer).await;
    other
        .must(format!(
            "BEGIN; SELECT atalaya.open_session('{session}', 'console', 'x'); {}; COMMIT",
            event("console.opened")
        ))
        .await;
    assert_eq!(upkeep.one(UPKEEP).await, "0", "one's own session");
    for (change, kind) in [
        (
            format!(
                "UPDATE public.users SET email = 'stolen@example.com' WHERE id = '{}'",
                closer.id
            ),
            "profile.updated",
        ),
        (
            format!("UPDATE atalaya.sessions SET ended_at = now() WHERE id = '{session}'"),
            "console.locked",
        ),
    ] {
        assert_eq!(psql.must(format!("BEGIN; {change}")).await, 1, "{change}");
        psql.must(format!("{}; COMMIT", event(kind))).await;
        assert_eq!(upkeep.one(UPKEEP).await, "1", "{kind} hides {change}");
    }
    // Several rows, one's own among them, are not one's own.
    su.must(format!(
        "UPDATE public.users SET db_role = NULL WHERE id = '{0}'; UPDATE public.users SET first_name = 'x' WHERE id IN ('{0}', '{1}')",
        closer.id, admin.id
    ))
    .await;
    assert_eq!(upkeep.one(UPKEEP).await, "2");
    psql.must(format!(
        "BEGIN; SELECT atalaya.update_own_profile('A', 'B'); {}; COMMIT",
        event("profile.updated")
    ))
    .await;
    assert_eq!(upkeep.one(UPKEEP).await, "0", "one's own name");
    let open = "SELECT string_agg(DISTINCT t.event_type, ' ') FROM atalaya.event_types t JOIN atalaya.event_changes x USING (event_type)
                WHERE t.permission IS NULL AND t.entry = 'caller' AND x.own_row IS NULL";
    assert_eq!(su.one(open).await, "");
    // Using a kit changes recipients, which is not everybody's.
    assert_eq!(upkeep.refused(event("kit.used")).await, "AT002");
    copy.psql(copy.person("operator", None)).await.must(event("kit.used")).await;
}

#[tokio::test]
async fn a_flood_of_explained_changes_holds_no_alarm_back() {
    let copy = bed().await.small().await;
    let mut upkeep = copy.psql(copy.person("ceo", None)).await;
    upkeep.must(UPKEEP).await;
    let mut admin = copy.psql(copy.person("admin", Some(1))).await;
    admin
        .must(
            "BEGIN;
             DO $$ BEGIN FOR n IN 1..1500 LOOP
               UPDATE public.leads SET first_name = 'n' || n WHERE id = (SELECT min(id) FROM public.leads); END LOOP; END $$;
             SELECT atalaya.record_event('update_lead', 'ok', 1, 'lead', 'x', NULL, 'console', NULL, NULL);
             COMMIT",
        )
        .await;
    admin.must("UPDATE public.leads SET status = 'gone' WHERE tenant_id = 1").await;
    assert_eq!(upkeep.one(UPKEEP).await, "1");
}

#[tokio::test]
async fn an_event_explains_its_own_tenant() {
    let copy = bed().await.small().await;
    let mut upkeep = copy.psql(copy.person("ceo", None)).await;
    upkeep.must(UPKEEP).await;
    let mut admin = copy.psql(copy.person("admin", None)).await;
    let events = |tenants: &[&str]| {
        let one = |t: &&str| {
            format!(
                "PERFORM atalaya.record_event('update_lead', 'ok', {t}, 'lead', 'x', NULL, 'console', NULL, NULL);"
            )
        };
        format!("DO $$ BEGIN {} END $$", tenants.iter().map(one).collect::<String>())
    };
    for (where_changed, recorded, alarms) in [
        ("tenant_id = 1", &["1"][..], "0"),
        ("tenant_id = 1", &["2"], "1"),
        ("tenant_id = 1", &["NULL"], "1"),
        ("tenant_id = 1", &["2", "NULL", "1"], "0"),
        // One statement, two tenants: each needs its own.
        ("tenant_id IN (1, 2)", &["1", "2"], "0"),
        ("tenant_id IN (1, 2)", &["1"], "1"),
        ("tenant_id IN (1, 2)", &["NULL"], "2"),
    ] {
        admin
            .must(format!(
                "BEGIN; UPDATE public.leads SET status = gen_random_uuid()::text WHERE {where_changed}; {}; COMMIT",
                events(recorded)
            ))
            .await;
        assert_eq!(upkeep.one(UPKEEP).await, alarms, "{where_changed} by {recorded:?}");
    }
    // What may reach over tenants is set-up's, or about the actor's own row: nobody records it about somebody else.
    let mut su = copy.superuser().await;
    let loose = "SELECT string_agg(x.event_type, ' ') FROM atalaya.event_changes x JOIN atalaya.event_types t USING (event_type)
                 WHERE x.across AND x.own_row IS NULL AND t.entry = 'caller'";
    assert_eq!(su.one(loose).await, "");
}

#[tokio::test]
async fn linking_and_recovering_are_recorded_where_the_user_is() {
    let bed = bed().await;
    let name = bed.database(Some(bed.small_legacy().await)).await;
    let _alone = bed.adopting().await;
    crate::adoption::apply(bed, &name).await.unwrap();
    let mut su = bed.superuser(&name).await;
    let id = su
        .one("UPDATE public.users SET tenant_id = 3, role = 'ceo', status = 'active' WHERE email = 'ceo@example.com' RETURNING id")
        .await;
    su.must(UPKEEP).await;
    su.must(format!(
        "SELECT atalaya.install_first_administrator('{id}', 'ceo@example.com', 'a', 'b', TRUE, 'atalaya_0123456789ab_linked', NULL);
         SELECT atalaya.recover_operator('{id}', 'atalaya_0123456789ab_recovered')"
    ))
    .await;
    assert_eq!(su.one(UPKEEP).await, "0");
    assert_eq!(
        su.one("SELECT string_agg(event_type || ' ' || tenant_id, ', ' ORDER BY id) FROM public.system_events
                WHERE event_type IN ('user.linked', 'operator.recovered')")
            .await,
        "user.linked 3, operator.recovered 3"
    );
    bed.drop_database(&name).await;
}

#[tokio::test]
async fn an_operator_whom_the_crm_renames_is_named_at_once() {
    let copy = bed().await.small().await;
    let closer = copy.person("closer", Some(1));
    let mut crm = copy.bed.psql(CRM, PASSWORD, &copy.name).await;
    let mut su = copy.superuser().await;
    let alarms = "SELECT string_agg(concat_ws(' ', severity, tenant_id, actor_id, actor_kind, resource_id, payload #>> '{details,from_to}'), '; ' ORDER BY id)
                  FROM public.system_events WHERE event_type = 'operator.renamed'";
    // Whoever is no operator, and what does not change what others see.
    crm.must("UPDATE users SET first_name = 'x' WHERE email = 'ceo@example.com'").await;
    crm.must(format!("UPDATE users SET password_hash = 'x', updated_at = NOW(), first_name = first_name WHERE id = '{}'", closer.id)).await;
    // One's own name, and by whoever may.
    copy.psql(closer).await.must("SELECT atalaya.update_own_profile('A', 'B')").await;
    assert_eq!(su.one(alarms).await, "");
    crm.must(format!(
        "UPDATE users SET email = 'boss@example.com', first_name = 'Boss' WHERE id = '{}'",
        closer.id
    ))
    .await;
    assert_eq!(
        su.one(alarms).await,
        format!(
            r#"critical 1 {CRM} legacy {} {{"email": ["{}", "boss@example.com"], "first_name": ["A", "Boss"]}}"#,
            closer.id, closer.email
        )
    );
    // Nobody pretends it, and among many it is named all the same.
    assert_eq!(
        copy.psql(copy.person("ceo", None)).await.refused(event("operator.renamed")).await,
        "AT003"
    );
    let others = su.one("SELECT count(*) FROM public.users WHERE db_role IS NOT NULL").await;
    su.must("DELETE FROM public.system_events WHERE event_type = 'operator.renamed'").await;
    crm.must("UPDATE users SET last_name = 'All'").await;
    assert_eq!(
        su.one("SELECT count(*) FROM public.system_events WHERE event_type = 'operator.renamed'")
            .await,
        others
    );
}
