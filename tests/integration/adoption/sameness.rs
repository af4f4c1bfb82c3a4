//! One path: a database that was adopted while its CRM worked on it has the same catalogue as a fresh workspace.

use super::apply;
use crate::bed::{Bed, bed, second_bed, workplace};
use atalaya_ops::adoption;
use atalaya_postgres::scratch::Scratch;
use std::collections::BTreeMap;

pub const CATALOGUE: &str = include_str!("catalogue.sql");

/// Lines of the one that the other has not, both ways.
pub fn differences(one: &[String], other: &[String]) -> Vec<String> {
    let gone = one.iter().filter(|l| !other.contains(l)).map(|l| format!("- {l}"));
    let new = other.iter().filter(|l| !one.contains(l)).map(|l| format!("+ {l}"));
    gone.chain(new).collect()
}

/// What the catalogue says of a database.
pub async fn catalogue(bed: &Bed, database: &str) -> Vec<String> {
    let rows = bed.superuser(database).await.rows(CATALOGUE).await.unwrap();
    rows.into_iter().map(|r| r[0].clone().unwrap_or_default()).collect()
}

async fn fresh(bed: &Bed) -> String {
    let name = bed.database(None).await;
    let mut su = bed.superuser(Scratch::MAINTENANCE).await;
    su.must(format!("ALTER DATABASE {name} OWNER TO {}", Scratch::ADMINISTRATOR)).await;
    let (place, _) = workplace();
    adoption::apply(&place, &bed.administrator(&name), None, true, &BTreeMap::new(), |_| ())
        .await
        .unwrap();
    name
}

async fn compared(bed: &'static Bed) {
    let legacy = bed.small_legacy().await;
    let adopted = bed.database(Some(legacy)).await;
    let _alone = bed.adopting().await;
    apply(bed, &adopted).await.unwrap();
    let fresh = fresh(bed).await;
    let differ = differences(&catalogue(bed, &fresh).await, &catalogue(bed, &adopted).await);
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    // What was built while the CRM worked was attached, and nothing over the old rows made once more under a lock.
    let later = "SELECT coalesce(string_agg(x.indexrelid::regclass::text, ' '), '') FROM pg_index x
         WHERE x.indrelid = 'public.system_events_adopted'::regclass
           AND x.indexrelid > 'public.system_events'::regclass";
    assert_eq!(bed.superuser(&adopted).await.one(later).await, "");
    bed.drop_database(&adopted).await;
    bed.drop_database(&fresh).await;
}

#[tokio::test]
async fn an_adopted_database_has_the_catalogue_of_a_fresh_one() {
    compared(bed().await).await;
    if let Some(bed) = second_bed().await {
        compared(bed).await;
    }
}
