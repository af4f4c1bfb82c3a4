//! From a query to the text that parses to it.

use super::AuditQuery;
use super::facets::{Facets, ResourceMatch, TenantMatch};
use super::field::Field;
use super::lexer::opens_quotation;
use std::fmt::{self, Display};

impl Display for AuditQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut terms = Vec::new();
        self.only.terms("", &mut terms);
        term(&mut terms, "", Field::Request, &self.requests);
        self.except.terms("-", &mut terms);
        terms.extend(self.text.iter().map(|t| quoted(t)));
        terms.extend(self.not_text.iter().map(|t| format!("-{}", quoted(t))));
        term(&mut terms, "", Field::When, self.when.as_slice());
        term(&mut terms, "", Field::After, self.after.as_slice());
        term(&mut terms, "", Field::Before, self.before.as_slice());
        f.write_str(&terms.join(" "))
    }
}

impl Facets {
    fn terms(&self, sign: &str, out: &mut Vec<String>) {
        term(out, sign, Field::Type, &self.types);
        let severities: Vec<_> = self.severities.iter().map(|s| s.as_str()).collect();
        term(out, sign, Field::Severity, &severities);
        let outcomes: Vec<_> = self.outcomes.iter().map(|o| o.as_str()).collect();
        term(out, sign, Field::Outcome, &outcomes);
        term(out, sign, Field::Actor, &self.actors);
        term(out, sign, Field::Tenant, &self.tenants);
        term(out, sign, Field::Resource, &self.resources);
        term(out, sign, Field::Ip, &self.networks);
        let origins: Vec<_> = self.origins.iter().map(|o| o.as_str()).collect();
        term(out, sign, Field::Origin, &origins);
    }
}

fn term<T: Display>(out: &mut Vec<String>, sign: &str, field: Field, values: &[T]) {
    if !values.is_empty() {
        let values: Vec<_> = values.iter().map(|v| word(&v.to_string())).collect();
        out.push(format!("{sign}{}:{}", field.name(), values.join(",")));
    }
}

/// A value as it is written behind a colon: quoted where it must be.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.starts_with(opens_quotation)
        && !text.contains(|c: char| c.is_whitespace() || c == '"' || c == ',');
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Display for TenantMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Tenant(id) => id.0.fmt(f),
        }
    }
}

impl Display for ResourceMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{}/{id}", self.kind),
            None => f.write_str(&self.kind),
        }
    }
}
