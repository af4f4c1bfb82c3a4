//! The decision itself.

use super::{Action, Facts, Rows, UserStatus};
use crate::TenantId;

/// Where an action is to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On the installation itself, or on rows without a tenant: only a grant for every tenant reaches it.
    System,
    /// In one tenant.
    Tenant(TenantId),
    /// Wherever the caller may: a list, which is narrowed instead of refused.
    All,
}

/// Which tenants a permit reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tenants {
    /// Every tenant, those of tomorrow too, and the system scope.
    All,
    /// These, sorted and without repetition; never empty.
    Only(Vec<TenantId>),
}

/// What a permit reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The tenants.
    pub tenants: Tenants,
    /// The rows in them: the widest that any of the grants gives.
    pub rows: Rows,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The user is pending or suspended.
    NotActive,
    /// No grant holds the permission at all.
    NoGrant,
    /// A grant holds it, but not there.
    OutOfScope,
}

impl Refusal {
    /// The reason as it stands in the `denied` event.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotActive => "user_not_active",
            Self::NoGrant => "no_grant",
            Self::OutOfScope => "out_of_scope",
        }
    }
}

/// Decides whether the owner of `facts` may do `action` in `scope`.
///
/// # Errors
/// The [`Refusal`]: everything that is not granted is refused.
pub fn decide(facts: &Facts, action: Action, scope: &Scope) -> Result<Reach, Refusal> {
    if facts.status != UserStatus::Active {
        return Err(Refusal::NotActive);
    }
    let Some(permission) = action.spec().permission else {
        // Their own affairs: any active user, on their own rows, with no tenant reached.
        return Ok(Reach { tenants: Tenants::Only(Vec::new()), rows: Rows::Own });
    };
    let held: Vec<_> = facts.grants.iter().filter(|g| g.permission == permission).collect();
    if held.is_empty() {
        return Err(Refusal::NoGrant);
    }
    let fits = |g: &&&super::Grant| match scope {
        Scope::System => g.tenant.is_none(),
        Scope::Tenant(t) => g.tenant.is_none_or(|own| own == *t),
        Scope::All => true,
    };
    let fitting: Vec<_> = held.iter().filter(fits).collect();
    let Some(rows) = fitting.iter().map(|g| g.rows).max() else {
        return Err(Refusal::OutOfScope);
    };
    let tenants = match scope {
        Scope::Tenant(t) => Tenants::Only(vec![*t]),
        _ if fitting.iter().any(|g| g.tenant.is_none()) => Tenants::All,
        _ => {
            let mut ids: Vec<_> = fitting.iter().filter_map(|g| g.tenant).collect();
            ids.sort_unstable();
            ids.dedup();
            Tenants::Only(ids)
        }
    };
    Ok(Reach { tenants, rows })
}

#[cfg(test)]
mod tests {
    use super::super::{Grant, Permission};
    use super::*;

    fn facts(status: UserStatus, grants: &[(Permission, Option<i32>)]) -> Facts {
        Facts {
            user_id: uuid::Uuid::nil(),
            email: "a@example.com".into(),
            name: "A".into(),
            status,
            version: 1,
            grants: grants
                .iter()
                .map(|&(permission, tenant)| Grant {
                    role: "r".into(),
                    permission,
                    tenant: tenant.map(TenantId),
                    rows: Rows::All,
                })
                .collect(),
        }
    }

    #[test]
    fn table() {
        let list = Permission::AUDIT_LIST;
        let only = |ids: &[i32]| Tenants::Only(ids.iter().copied().map(TenantId).collect());
        type Case<'a> = (&'a [(Permission, Option<i32>)], Scope, Result<Tenants, Refusal>);
        let cases: &[Case<'_>] = &[
            (&[], Scope::All, Err(Refusal::NoGrant)),
            (&[(Permission::AUDIT_READ, None)], Scope::All, Err(Refusal::NoGrant)),
            (&[(list, None)], Scope::All, Ok(Tenants::All)),
            (&[(list, None)], Scope::System, Ok(Tenants::All)),
            (&[(list, None)], Scope::Tenant(TenantId(3)), Ok(only(&[3]))),
            (&[(list, Some(2))], Scope::System, Err(Refusal::OutOfScope)),
            (&[(list, Some(2))], Scope::Tenant(TenantId(3)), Err(Refusal::OutOfScope)),
            (&[(list, Some(2))], Scope::Tenant(TenantId(2)), Ok(only(&[2]))),
            (&[(list, Some(5)), (list, Some(2)), (list, Some(5))], Scope::All, Ok(only(&[2, 5]))),
        ];
        for (grants, scope, expected) in cases {
            let got = decide(&facts(UserStatus::Active, grants), Action::AuditList, scope);
            assert_eq!(got.map(|r| r.tenants), *expected, "{grants:?} {scope:?}");
        }
    }

    #[test]
    fn nobody_inactive_does_anything() {
        for status in [UserStatus::Pending, UserStatus::Suspended] {
            let all: Vec<_> = Permission::ALL.iter().map(|&p| (p, None)).collect();
            for action in Action::ALL {
                assert_eq!(
                    decide(&facts(status, &all), *action, &Scope::All),
                    Err(Refusal::NotActive)
                );
            }
        }
    }
}
