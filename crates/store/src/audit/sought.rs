//! A question to the log as the parameters of its statements, and the one `WHERE` that list, count, facets, histogram and tail
//! share.
//!
//! NULL does not filter; prepared plans are made for the values at hand, so what is NULL costs nothing. A single value is
//! compared with `=`, which walks an index in the order of time; several use `ANY`. Every comparison that an index serves is
//! leakproof, or row security would keep the index from serving (DESIGN 3): networks and beginnings are ranges. The vetted
//! search (`atalaya.search_log`) takes the same values as `atalaya.log_filter`.

use crate::instant::PgInstant;
use atalaya_model::audit::Network;
use atalaya_model::audit::query::{
    ActorMatch, Facets, ResourceMatch, Sought, TenantMatch, end_of_beginning,
};
use serde::Serialize;
use uuid::Uuid;

/// Values by the names of `atalaya.log_filter`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Parameters {
    pub(super) event_type: Option<String>,
    pub(super) types: Option<Vec<String>>,
    pub(super) severity: Option<String>,
    pub(super) severities: Option<Vec<String>>,
    pub(super) outcome: Option<String>,
    pub(super) outcomes: Option<Vec<String>>,
    pub(super) origin: Option<String>,
    pub(super) origins: Option<Vec<String>>,
    pub(super) tenant: Option<i32>,
    pub(super) tenants: Option<Vec<i32>>,
    /// Rows without a tenant beside `tenants`.
    pub(super) system: bool,
    pub(super) system_only: bool,
    pub(super) actor_id: Option<String>,
    pub(super) actor_label: Option<String>,
    pub(super) actor_ids: Option<Vec<String>>,
    pub(super) actor_labels: Option<Vec<String>>,
    pub(super) actor_from: Option<String>,
    pub(super) actor_to: Option<String>,
    pub(super) actors_from: Option<Vec<String>>,
    pub(super) actors_to: Option<Vec<String>>,
    pub(super) resource_type: Option<String>,
    pub(super) resource_id: Option<String>,
    pub(super) resource_types: Option<Vec<String>>,
    pub(super) pair_types: Option<Vec<String>>,
    pub(super) pair_ids: Option<Vec<String>>,
    pub(super) ip: Option<String>,
    pub(super) first_ip: Option<String>,
    pub(super) last_ip: Option<String>,
    pub(super) first_ips: Option<Vec<String>>,
    pub(super) last_ips: Option<Vec<String>>,
    pub(super) requests: Option<Vec<Uuid>>,
    #[serde(skip)]
    pub(super) after: Option<PgInstant>,
    #[serde(skip)]
    pub(super) before: Option<PgInstant>,
    pub(super) not_types: Option<Vec<String>>,
    pub(super) not_severities: Option<Vec<String>>,
    pub(super) not_outcomes: Option<Vec<String>>,
    pub(super) not_origins: Option<Vec<String>>,
    pub(super) not_tenants: Option<Vec<i32>>,
    pub(super) not_system: bool,
    pub(super) not_actor_ids: Option<Vec<String>>,
    pub(super) not_actor_labels: Option<Vec<String>>,
    pub(super) not_actors_from: Option<Vec<String>>,
    pub(super) not_actors_to: Option<Vec<String>>,
    pub(super) not_resource_types: Option<Vec<String>>,
    pub(super) not_pair_types: Option<Vec<String>>,
    pub(super) not_pair_ids: Option<Vec<String>>,
    pub(super) not_first_ips: Option<Vec<String>>,
    pub(super) not_last_ips: Option<Vec<String>>,
    /// Patterns of `LIKE`, the longest first; two with [`OR`] between them where a payload writes the text otherwise than a message.
    pub(super) texts: Option<Vec<String>>,
    pub(super) not_texts: Option<Vec<String>>,
}

/// Between the two ways in which a text with quotes or backslashes may stand in an event, as patterns. No query has it.
const OR: char = '\u{1}';

/// A text as JSON writes it within a string, where that is another.
pub(super) fn escaped(text: &str) -> Option<String> {
    text.contains(['"', '\\']).then(|| text.replace('\\', r"\\").replace('"', r#"\""#))
}

impl Parameters {
    pub(super) fn of(s: &Sought) -> Self {
        let (event_type, types) = one_or_more(strings(&s.only.types, Clone::clone));
        let (severity, severities) =
            one_or_more(strings(&s.only.severities, |v| v.as_str().to_owned()));
        let (outcome, outcomes) = one_or_more(strings(&s.only.outcomes, |v| v.as_str().to_owned()));
        let (origin, origins) = one_or_more(strings(&s.only.origins, |v| v.as_str().to_owned()));
        let (not_tenants, not_system) = tenants(&s.except);
        let (not_pair_types, not_pair_ids) = some_pairs(pairs(&s.except.resources));
        let not = Actors::of(&s.except.actors);
        let mut texts = s.text.clone();
        texts.sort_by_key(|t| std::cmp::Reverse(t.chars().count()));
        let patterns = strings(&texts, |t| match escaped(t) {
            Some(other) => format!("{}{OR}{}", pattern(t), pattern(&other)),
            None => pattern(t),
        });
        let not_texts = s.not_text.iter().flat_map(|t| [Some(t.clone()), escaped(t)]).flatten();
        let mut p = Self {
            event_type,
            types,
            severity,
            severities,
            outcome,
            outcomes,
            origin,
            origins,
            requests: some(s.requests.clone()),
            after: s.after.map(PgInstant),
            before: s.before.map(PgInstant),
            not_types: some(s.except.types.clone()),
            not_severities: some(strings(&s.except.severities, |v| v.as_str().to_owned())),
            not_outcomes: some(strings(&s.except.outcomes, |v| v.as_str().to_owned())),
            not_origins: some(strings(&s.except.origins, |v| v.as_str().to_owned())),
            not_tenants: some(not_tenants),
            not_system,
            not_actor_ids: some(not.ids),
            not_actor_labels: some(not.labels),
            not_actors_from: some(not.from),
            not_actors_to: some(not.to),
            not_resource_types: some(kinds(&s.except.resources)),
            not_pair_types,
            not_pair_ids,
            not_first_ips: some(strings(&s.except.networks, |n| n.first().to_string())),
            not_last_ips: some(strings(&s.except.networks, |n| n.last().to_string())),
            texts: some(patterns),
            not_texts: some(not_texts.map(|t| pattern(&t)).collect()),
            ..Self::default()
        };
        p.choose_tenants(&s.only);
        p.choose_actors(&s.only.actors);
        p.choose_resources(&s.only.resources);
        p.choose_networks(&s.only.networks);
        p
    }

    fn choose_tenants(&mut self, only: &Facets) {
        let (ids, system) = tenants(only);
        match (ids.as_slice(), system) {
            ([], _) => self.system_only = system,
            ([one], false) => self.tenant = Some(*one),
            _ => (self.tenants, self.system) = (Some(ids), system),
        }
    }

    fn choose_actors(&mut self, names: &[String]) {
        let all = Actors::of(names);
        match (all.ids.as_slice(), all.labels.as_slice(), all.from.as_slice()) {
            ([], [], []) => {}
            ([id], [], []) => self.actor_id = Some(id.clone()),
            ([], [label], []) => self.actor_label = Some(label.clone()),
            (_, _, [from]) => {
                (self.actor_from, self.actor_to) = (Some(from.clone()), all.to.first().cloned());
                (self.actor_ids, self.actor_labels) = (Some(all.ids), Some(all.labels));
            }
            _ => {
                (self.actors_from, self.actors_to) = (some(all.from), some(all.to));
                (self.actor_ids, self.actor_labels) = (Some(all.ids), Some(all.labels));
            }
        }
    }

    fn choose_resources(&mut self, resources: &[ResourceMatch]) {
        match resources {
            [] => {}
            [one] => {
                (self.resource_type, self.resource_id) = (Some(one.kind.clone()), one.id.clone());
            }
            several => {
                let (types, ids) = pairs(several);
                self.resource_types = Some(kinds(several));
                (self.pair_types, self.pair_ids) = (Some(types), Some(ids));
            }
        }
    }

    fn choose_networks(&mut self, networks: &[Network]) {
        match networks {
            [] => {}
            [one] if one.first() == one.last() => self.ip = Some(one.first().to_string()),
            [one] => {
                self.first_ip = Some(one.first().to_string());
                self.last_ip = Some(one.last().to_string());
            }
            several => {
                self.first_ips = Some(strings(several, |n| n.first().to_string()));
                self.last_ips = Some(strings(several, |n| n.last().to_string()));
            }
        }
    }
}

/// All actors of a list together; `from` and `to` are ranges of what begins alike.
#[derive(Default)]
struct Actors {
    ids: Vec<String>,
    labels: Vec<String>,
    from: Vec<String>,
    to: Vec<String>,
}

impl Actors {
    fn of(names: &[String]) -> Self {
        let mut all = Self::default();
        for name in names {
            let ActorMatch { ids, labels, beginnings } = ActorMatch::of(name);
            all.ids.extend(ids);
            all.labels.extend(labels);
            for beginning in beginnings {
                // What begins with the last of all characters has no end, and is no e-mail.
                if let Some(end) = end_of_beginning(&beginning) {
                    all.from.push(beginning);
                    all.to.push(end);
                }
            }
        }
        all
    }
}

/// A piece of text anywhere, for `LIKE`.
pub(super) fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('%');
    out
}

fn strings<T>(values: &[T], to: impl Fn(&T) -> String) -> Vec<String> {
    values.iter().map(to).collect()
}

fn some<T>(values: Vec<T>) -> Option<Vec<T>> {
    (!values.is_empty()).then_some(values)
}

/// A single value, or all of them.
fn one_or_more(mut values: Vec<String>) -> (Option<String>, Option<Vec<String>>) {
    if values.len() == 1 { (values.pop(), None) } else { (None, some(values)) }
}

/// Tenants by number, and whether rows without one are meant.
pub(super) fn tenants(facets: &Facets) -> (Vec<i32>, bool) {
    let ids = facets.tenants.iter().filter_map(|t| match t {
        TenantMatch::Tenant(id) => Some(id.0),
        TenantMatch::System => None,
    });
    (ids.collect(), facets.tenants.contains(&TenantMatch::System))
}

/// Types of resources of which every one is meant.
fn kinds(resources: &[ResourceMatch]) -> Vec<String> {
    resources.iter().filter(|r| r.id.is_none()).map(|r| r.kind.clone()).collect()
}

/// Resources that are meant alone.
fn pairs(resources: &[ResourceMatch]) -> (Vec<String>, Vec<String>) {
    resources.iter().filter_map(|r| Some((r.kind.clone(), r.id.clone()?))).unzip()
}

fn some_pairs(
    (types, ids): (Vec<String>, Vec<String>),
) -> (Option<Vec<String>>, Option<Vec<String>>) {
    (some(types), some(ids))
}

/// A statement over the log: what stands before the condition, what behind it, the [`Parameters`], and further values, which are
/// numbered from `$51`.
macro_rules! sought {
    ($row:ident, $head:tt, $tail:tt, $p:ident $(, $($more:tt)*)?) => {
        sqlx::query_as!(
            $row,
            $head
            + r#"
    WHERE ($1::text IS NULL OR event_type = $1)
      AND ($2::text[] IS NULL OR event_type = ANY($2))
      AND ($3::text IS NULL OR severity = $3)
      AND ($4::text[] IS NULL OR severity = ANY($4))
      AND ($5::text IS NULL OR outcome = $5)
      AND ($6::text[] IS NULL OR outcome = ANY($6))
      AND ($7::text IS NULL OR origin = $7)
      AND ($8::text[] IS NULL OR origin = ANY($8))
      AND ($9::int IS NULL OR tenant_id = $9)
      AND ($10::int[] IS NULL OR tenant_id = ANY($10) OR $11 AND tenant_id IS NULL)
      AND (NOT $12::boolean OR tenant_id IS NULL)
      AND ($13::text IS NULL OR actor_id = $13)
      AND ($14::text IS NULL OR actor_label COLLATE "C" = $14)
      AND ($15::text[] IS NULL OR actor_id = ANY($15) OR actor_label COLLATE "C" = ANY($16::text[])
           OR actor_label COLLATE "C" >= $17::text AND actor_label COLLATE "C" < $18::text
           OR $19::text[] IS NOT NULL AND EXISTS (
               SELECT FROM unnest($19, $20::text[]) AS r (first, beyond)
               WHERE actor_label COLLATE "C" >= r.first AND actor_label COLLATE "C" < r.beyond))
      AND ($15 IS NULL OR $17 IS NULL AND $19 IS NULL OR actor_id = ANY($15)
           OR actor_label COLLATE "C" = ANY($16) OR strpos(actor_label, '@') > 0)
      AND ($21::text IS NULL OR resource_type = $21)
      AND ($22::text IS NULL OR resource_id = $22)
      AND ($23::text[] IS NULL OR resource_type = ANY($23)
           OR EXISTS (SELECT FROM unnest($24::text[], $25::text[]) AS p (kind, key)
                      WHERE resource_type = p.kind AND resource_id = p.key))
      AND ($26::text IS NULL OR ip = $26::text::inet)
      AND ($27::text IS NULL OR ip >= $27::text::inet AND ip <= $28::text::inet)
      AND ($29::text[] IS NULL OR EXISTS (
               SELECT FROM unnest($29::text[]::inet[], $30::text[]::inet[]) AS n (first, final)
               WHERE ip >= n.first AND ip <= n.final))
      AND ($31::uuid[] IS NULL OR request_id = ANY($31))
      AND ($32::timestamptz IS NULL OR occurred_at >= $32)
      AND ($33::timestamptz IS NULL OR occurred_at < $33)
      AND ($34::text[] IS NULL OR (event_type = ANY($34)) IS NOT TRUE)
      AND ($35::text[] IS NULL OR (severity = ANY($35)) IS NOT TRUE)
      AND ($36::text[] IS NULL OR (outcome = ANY($36)) IS NOT TRUE)
      AND ($37::text[] IS NULL OR (origin = ANY($37)) IS NOT TRUE)
      AND ($38::int[] IS NULL OR (tenant_id = ANY($38)) IS NOT TRUE)
      AND (NOT $39::boolean OR tenant_id IS NOT NULL)
      AND ($40::text[] IS NULL OR (actor_id = ANY($40)) IS NOT TRUE)
      AND ($41::text[] IS NULL OR (actor_label COLLATE "C" = ANY($41)) IS NOT TRUE)
      AND ($42::text[] IS NULL OR actor_label IS NULL OR strpos(actor_label, '@') = 0 OR NOT EXISTS (
               SELECT FROM unnest($42, $43::text[]) AS r (first, beyond)
               WHERE actor_label COLLATE "C" >= r.first AND actor_label COLLATE "C" < r.beyond))
      AND ($44::text[] IS NULL OR (resource_type = ANY($44)) IS NOT TRUE)
      AND ($45::text[] IS NULL OR NOT EXISTS (
               SELECT FROM unnest($45, $46::text[]) AS p (kind, key) WHERE resource_type = p.kind AND resource_id = p.key))
      AND ($47::text[] IS NULL OR NOT EXISTS (
               SELECT FROM unnest($47::text[]::inet[], $48::text[]::inet[]) AS n (first, final)
               WHERE ip >= n.first AND ip <= n.final))
      AND ($49::text[] IS NULL AND $50::text[] IS NULL OR (
               SELECT ($49 IS NULL
                       OR whole LIKE ALL (ARRAY(SELECT lower(p) FROM unnest($49) AS p WHERE strpos(p, E'\x01') = 0))
                          AND (NOT EXISTS (SELECT FROM unnest($49) AS p WHERE strpos(p, E'\x01') > 0)
                               OR (SELECT bool_and(whole LIKE lower(split_part(p, E'\x01', 1)) OR whole LIKE lower(split_part(p, E'\x01', 2)))
                                   FROM unnest($49) AS p WHERE strpos(p, E'\x01') > 0)))
                      AND ($50 IS NULL OR NOT (whole LIKE ANY (ARRAY(SELECT lower(p) FROM unnest($50) AS p))))
               FROM (SELECT lower(coalesce(atalaya_search_text,
                                           coalesce(message::varchar(32768), '') || E'\n' || coalesce(payload::text::varchar(32768), '')))
                            AS whole OFFSET 0) AS looked_at))
"#
            + $tail,
            $p.event_type.as_deref(),
            $p.types.as_deref(),
            $p.severity.as_deref(),
            $p.severities.as_deref(),
            $p.outcome.as_deref(),
            $p.outcomes.as_deref(),
            $p.origin.as_deref(),
            $p.origins.as_deref(),
            $p.tenant,
            $p.tenants.as_deref(),
            $p.system,
            $p.system_only,
            $p.actor_id.as_deref(),
            $p.actor_label.as_deref(),
            $p.actor_ids.as_deref(),
            $p.actor_labels.as_deref(),
            $p.actor_from.as_deref(),
            $p.actor_to.as_deref(),
            $p.actors_from.as_deref(),
            $p.actors_to.as_deref(),
            $p.resource_type.as_deref(),
            $p.resource_id.as_deref(),
            $p.resource_types.as_deref(),
            $p.pair_types.as_deref(),
            $p.pair_ids.as_deref(),
            $p.ip.as_deref(),
            $p.first_ip.as_deref(),
            $p.last_ip.as_deref(),
            $p.first_ips.as_deref(),
            $p.last_ips.as_deref(),
            $p.requests.as_deref(),
            $p.after as _,
            $p.before as _,
            $p.not_types.as_deref(),
            $p.not_severities.as_deref(),
            $p.not_outcomes.as_deref(),
            $p.not_origins.as_deref(),
            $p.not_tenants.as_deref(),
            $p.not_system,
            $p.not_actor_ids.as_deref(),
            $p.not_actor_labels.as_deref(),
            $p.not_actors_from.as_deref(),
            $p.not_actors_to.as_deref(),
            $p.not_resource_types.as_deref(),
            $p.not_pair_types.as_deref(),
            $p.not_pair_ids.as_deref(),
            $p.not_first_ips.as_deref(),
            $p.not_last_ips.as_deref(),
            $p.texts.as_deref(),
            $p.not_texts.as_deref(),
            $($($more)*)?
        )
    };
}
pub(super) use sought;

#[cfg(test)]
mod tests {
    use super::*;
    use atalaya_model::audit::query::AuditQuery;

    fn of(text: &str) -> Parameters {
        let now = chrono::DateTime::UNIX_EPOCH;
        Parameters::of(&AuditQuery::parse(text).unwrap().at(&now).unwrap())
    }

    #[test]
    fn one_value_is_compared_alone() {
        let p = of("type:a tenant:3 ip:10.0.0.1 resource:leads/7 actor:ana@example.com");
        assert_eq!((p.event_type.as_deref(), p.types), (Some("a"), None));
        assert_eq!((p.tenant, p.tenants, p.system_only), (Some(3), None, false));
        assert_eq!((p.ip.as_deref(), p.first_ip), (Some("10.0.0.1"), None));
        assert_eq!(p.resource_id.as_deref(), Some("7"));
        assert_eq!((p.actor_label.as_deref(), p.actor_ids), (Some("ana@example.com"), None));
        let p = of("type:a,b tenant:3,system ip:10.0.0.0/8 resource:leads/7,users actor:ana");
        assert_eq!((p.event_type, p.types.map(|t| t.len())), (None, Some(2)));
        assert_eq!((p.tenants, p.system), (Some(vec![3]), true));
        assert_eq!(p.last_ip.as_deref(), Some("10.255.255.255"));
        assert_eq!(
            (p.resource_types, p.pair_ids),
            (Some(vec!["users".into()]), Some(vec!["7".into()]))
        );
        assert_eq!((p.actor_from.as_deref(), p.actor_to.as_deref()), (Some("ana"), Some("anb")));
        assert!(of("tenant:system").system_only);
    }

    #[test]
    fn patterns_mean_what_was_typed() {
        let p = of(r#""100%" a_b "c\\d" longest-piece"#);
        let backslash = format!(r"%c\\d%{OR}%c\\\\d%");
        let plain = ["%longest-piece%", r"%100\%%", r"%a\_b%", &backslash];
        assert_eq!(p.texts.unwrap(), plain);
        let quoted = format!(r#"%say "no"%{OR}%say \\"no\\"%"#);
        assert_eq!(of(r#""say \"no\"""#).texts.unwrap(), [quoted]);
        let p = of(r#"-"say \"no\"""#);
        assert_eq!(p.not_texts.unwrap(), [r#"%say "no"%"#, r#"%say \\"no\\"%"#]);
    }
}
