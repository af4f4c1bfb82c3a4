//! Operators of every role: made by the first administrator, by the rights of that role.

use super::{Adopted, Bed};
use atalaya_keys::scram;

/// The password of every login that the bed makes.
pub const PASSWORD: &str = "a-password-of-the-suite";

/// The built-in roles.
pub const ROLES: [&str; 8] =
    ["ceo", "admin", "operator", "auditor", "secretary", "professional", "setter", "closer"];

/// A user with a role somewhere and a login.
#[derive(Debug)]
pub struct Person {
    /// Role, or `nobody` (a login of no user) or `suspended`.
    pub role: &'static str,
    /// Where; `None` is everywhere.
    pub tenant: Option<i32>,
    pub login: String,
    pub id: String,
    pub email: String,
}

/// Tenants in which each role has a person; the second is the twin.
pub const PLACES: [Option<i32>; 3] = [None, Some(1), Some(2)];

pub(super) async fn enrol(bed: &Bed, adopted: &Adopted) -> Vec<Person> {
    let verifier = scram::verifier(PASSWORD, &[7; 16]).unwrap();
    let mut first = adopted.first(&adopted.template).await;
    let mut people = Vec::new();
    let mut kinds: Vec<(&'static str, Option<i32>)> =
        ROLES.iter().flat_map(|r| PLACES.iter().map(move |p| (*r, *p))).collect();
    kinds.push(("suspended", None));
    for (n, (role, tenant)) in kinds.into_iter().enumerate() {
        let place = tenant.map_or("all".to_owned(), |t| t.to_string());
        let person = Person {
            login: format!("atalaya_{}_{role}_{place}", adopted.installation()),
            id: format!("00000000-0000-4000-8000-{n:012}"),
            email: format!("{role}.{place}@example.com"),
            role,
            tenant,
        };
        let tenant = tenant.map_or("NULL".to_owned(), |t| t.to_string());
        let given = if role == "suspended" { "ceo" } else { role };
        let Person { login, id, email, .. } = &person;
        first
            .must(format!(
                "BEGIN;
                 SELECT atalaya.enrol_operator('{login}', '{verifier}');
                 INSERT INTO public.users (id, email, role, tenant_id) VALUES ('{id}', '{email}', '{given}', {tenant});
                 UPDATE public.users SET status = 'active' WHERE id = '{id}';
                 INSERT INTO atalaya.grants (user_id, role, tenant_id) VALUES ('{id}', '{given}', {tenant});
                 SELECT atalaya.link_operator('{id}', '{login}');
                 SELECT atalaya.record_event(e, 'ok', {tenant}, NULL, '{id}', NULL, 'console', NULL, NULL)
                 FROM unnest('{{user.created,user.updated,operator.created}}'::text[]) e;
                 COMMIT"
            ))
            .await;
        if role == "suspended" {
            first
                .must(format!(
                    "BEGIN;
                     UPDATE public.users SET status = 'suspended' WHERE id = '{id}';
                     SELECT atalaya.record_event('user.suspended', 'ok', NULL, NULL, '{id}', NULL, 'console', NULL, NULL);
                     COMMIT"
                ))
                .await;
        }
        people.push(person);
    }
    let nobody = format!("atalaya_{}_nobody", adopted.installation());
    first.must(format!("SELECT atalaya.enrol_operator('{nobody}', '{verifier}')")).await;
    people.push(Person {
        role: "nobody",
        tenant: None,
        login: nobody,
        id: String::new(),
        email: String::new(),
    });
    first.close().await;

    // The API's login, as a DBA will make it for a server.
    let mut su = bed.superuser(&adopted.template).await;
    let api = format!("atalaya_{}_api", adopted.installation());
    su.must(format!("CREATE ROLE {api} LOGIN PASSWORD '{PASSWORD}' IN ROLE atalaya_api")).await;
    su.must(format!("GRANT CONNECT ON DATABASE {} TO {api}", adopted.template)).await;
    su.close().await;
    people.push(Person {
        role: "api",
        tenant: None,
        login: api,
        id: String::new(),
        email: String::new(),
    });
    people
}
