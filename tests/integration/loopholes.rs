//! Ways around the second wall that somebody with a login and psql found. Each is tried again here, beside what must go on
//! working. To add one: the statements that did it, before the migration that stops them.

mod alarms;
mod people;
mod tables;

use crate::psql::Psql;

const ALARMS: &str =
    "SELECT count(*) FROM public.system_events WHERE event_type = 'db.direct_change'";
const UPKEEP: &str = "SELECT atalaya.note_direct_changes()";

/// Makes all change records two minutes old, which leaves none.
async fn age(su: &mut Psql) {
    su.must(
        "ALTER TABLE atalaya.change_records DISABLE TRIGGER record_update;
         UPDATE atalaya.change_records SET recorded_at = recorded_at - INTERVAL '2 minutes';
         ALTER TABLE atalaya.change_records ENABLE TRIGGER record_update",
    )
    .await;
}

fn event(kind: &str) -> String {
    format!(
        "SELECT atalaya.record_event('{kind}', 'ok', NULL, NULL, NULL, NULL, 'console', NULL, NULL)"
    )
}
