//! Where something new belongs.

use atalaya_model::access::{Reach, Tenants};
use atalaya_model::{Error, Result, TenantId};

/// The tenant of a new row: the one that was named; without a name all tenants for whoever reaches all, else the only one
/// that is reached.
///
/// # Errors
/// `VALIDATION_FAILED` where several are reached and none was named.
pub(crate) fn place(named: Option<TenantId>, reach: &Reach) -> Result<Option<TenantId>> {
    match (named, &reach.tenants) {
        (Some(tenant), _) => Ok(Some(tenant)),
        (None, Tenants::All) => Ok(None),
        (None, Tenants::Only(tenants)) if tenants.len() == 1 => Ok(tenants.first().copied()),
        (None, Tenants::Only(_)) => Err(Error::invalid(
            "tenant",
            "Choose a tenant first: you work in several, and this belongs to one of them.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use atalaya_model::access::Rows;

    #[test]
    fn what_is_not_named_must_be_plain() {
        let reach = |tenants| Reach { tenants, rows: Rows::All };
        let one = TenantId(1);
        let only = |ids: &[i32]| reach(Tenants::Only(ids.iter().copied().map(TenantId).collect()));
        assert_eq!(place(None, &reach(Tenants::All)).ok(), Some(None));
        assert_eq!(place(Some(one), &reach(Tenants::All)).ok(), Some(Some(one)));
        assert_eq!(place(None, &only(&[1])).ok(), Some(Some(one)));
        assert_eq!(place(Some(one), &only(&[1, 2])).ok(), Some(Some(one)));
        assert!(place(None, &only(&[1, 2])).is_err());
        assert!(place(None, &only(&[])).is_err());
    }
}
