//! The template databases: made once, copied by each test.

use super::{Bed, CRM, PASSPHRASE, Person, caller, people, workplace};
use crate::psql::Psql;
use atalaya_keys::context_key::PadKey;
use atalaya_keys::keychain::InMemory;
use atalaya_keys::sealed::{ConnectionSecret, Destination};
use atalaya_keys::secret::SecretBytes;
use atalaya_model::Secret;
use atalaya_model::console::{Colour, Connection, ConnectionKind};
use atalaya_ops::connections::book::{self, Book};
use atalaya_ops::sessions::{self, Opened};
use atalaya_ops::setup::{Request, Setup};
use atalaya_ops::{Context, Workplace, adoption, setup};
use atalaya_store::Store;
use std::collections::BTreeMap;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;

/// A database that was taken over, with its first administrator.
pub struct Adopted {
    /// The template; copy it, do not use it.
    pub template: String,
    /// What the console keeps of the connection.
    pub entry: Connection,
    /// The first administrator's keys and password.
    pub secret: ConnectionSecret,
    /// Users with a login each.
    pub people: Vec<Person>,
    bed: &'static Bed,
}

/// A copy of an adopted database with a console on it.
pub struct Copy {
    pub name: String,
    pub adopted: &'static Adopted,
    pub bed: &'static Bed,
}

impl Bed {
    /// The fixture, loaded as the CRM's own login.
    pub async fn legacy(&'static self) -> &'static str {
        let make = async || {
            let name = self.database(None).await;
            self.load_legacy(&name).await;
            name
        };
        self.legacy.get_or_init(make).await
    }

    /// Loads the fixture into an empty database, as the CRM's own login.
    pub async fn load_legacy(&self, name: &str) {
        let psql = find_psql().await;
        let url = self.scratch.url(CRM, super::PASSWORD, name);
        let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/legacy-crm.sql.gz");
        let unpacked =
            tokio::process::Command::new("gzip").args(["-dc", fixture]).output().await.unwrap();
        let mut child = tokio::process::Command::new(psql)
            .args(["-XAtq1", "-v", "ON_ERROR_STOP=1", &url])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&unpacked.stdout).await.unwrap();
        assert!(child.wait().await.unwrap().success());
    }

    /// The same with a hundredth of the events: for what does not count them.
    pub async fn small_legacy(&'static self) -> &'static str {
        let make = async || {
            let name = self.database(Some(self.legacy().await)).await;
            let mut crm = self.psql(CRM, super::PASSWORD, &name).await;
            crm.must("DELETE FROM system_events WHERE id % 100 <> 0").await;
            crm.must("DELETE FROM leads WHERE id % 20 <> 0").await;
            // Whoever looks at the database in this moment keeps the rows that were deleted.
            while crm.one("SELECT pg_relation_size('system_events') > 2000000").await == "t" {
                crm.must("VACUUM FULL system_events").await;
            }
            crm.close().await;
            name
        };
        self.small_legacy.get_or_init(make).await
    }

    /// The fixture, taken over.
    pub async fn full(&'static self) -> Copy {
        let make = async || self.adopt(self.legacy().await).await;
        self.copy(self.full.get_or_init(make).await).await
    }

    /// The small one, taken over, with an operator of each role over all tenants, in tenant 1 and in tenant 2.
    pub async fn small(&'static self) -> Copy {
        let make = async || {
            let mut adopted = self.adopt(self.small_legacy().await).await;
            adopted.people = people::enrol(self, &adopted).await;
            adopted
        };
        self.copy(self.small.get_or_init(make).await).await
    }

    async fn copy(&'static self, adopted: &'static Adopted) -> Copy {
        Copy { name: self.database(Some(&adopted.template)).await, adopted, bed: self }
    }

    async fn adopt(&'static self, from: &str) -> Adopted {
        let template = self.database(Some(from)).await;
        let _alone = self.adopting().await;
        let (place, keychain) = workplace();
        adoption::apply(
            &place,
            &self.administrator(&template),
            Some(&self.owner(&template)),
            false,
            &BTreeMap::new(),
            |_| (),
        )
        .await
        .unwrap();
        let opened = first_administrator(&place, self.setup(&template), None).await;
        let entry = opened.session.connection.clone();
        opened.context.store.close().await;
        let item = item_of(&place, &keychain, &entry.id).await;
        let secret = ConnectionSecret::open(PASSPHRASE, item.expose()).unwrap();
        Adopted { template, entry, secret, people: Vec::new(), bed: self }
    }

    /// A set-up that has reached its first administrator.
    pub fn setup(&self, database: &str) -> Setup {
        Setup {
            administrator: self.administrator(database),
            kind: ConnectionKind::Remote,
            lease: None,
        }
    }
}

/// Installs the first administrator as the wizard does.
pub async fn first_administrator(
    place: &Workplace,
    setup: Setup,
    link: Option<uuid::Uuid>,
) -> Opened {
    let request = request(link);
    match setup::administrator(place, &caller(place), setup, request, |_| ()).await {
        Ok(opened) => opened,
        Err((e, _)) => panic!("{e:?}"),
    }
}

/// What the wizard asks for.
pub fn request(link: Option<uuid::Uuid>) -> Request {
    Request {
        link_user_id: link,
        name: "Ada".into(),
        last_name: Some("Primera".into()),
        email: "ada@example.com".into(),
        passphrase: Secret::new(PASSPHRASE.into()),
        crm_password: None,
        connection_name: "CRM".into(),
        colour: Colour::Slate,
        production: false,
    }
}

async fn item_of(place: &Workplace, keychain: &InMemory, id: &str) -> SecretBytes {
    assert!(keychain.accounts().iter().any(|a| a == id), "no keychain item of {id}");
    place.keychain.read(id).await.unwrap()
}

async fn find_psql() -> std::path::PathBuf {
    atalaya_postgres::find_binaries().await.unwrap().program("psql")
}

impl Adopted {
    /// Id of the installation.
    pub fn installation(&self) -> &str {
        &self.secret.installation
    }

    /// The key under which the API signs.
    pub fn context_key(&self) -> PadKey {
        PadKey::derived(&self.secret.signing_key)
    }

    /// The first administrator's raw connection to a database.
    pub async fn first(&self, database: &str) -> Psql {
        self.bed.psql(&self.secret.user, self.secret.password.expose(), database).await
    }
}

impl Copy {
    /// A machine whose console knows this copy.
    pub async fn workplace(&self) -> (Workplace, InMemory) {
        let (place, keychain) = workplace();
        let entry = Connection { database: self.name.clone(), ..self.adopted.entry.clone() };
        // Sealed for the copy: an item opens no other database than its own.
        let item = self.secret().seal(PASSPHRASE, place.work).unwrap();
        place.keychain.write(&entry.id, &item).await.unwrap();
        book::write(
            &place,
            &Book { selected: Some(entry.id.clone()), connections: vec![entry], ..Book::default() },
        )
        .unwrap();
        (place, keychain)
    }

    /// The first administrator's keys and password, for this copy.
    pub fn secret(&self) -> ConnectionSecret {
        let secret = self.adopted.secret.clone();
        let destination =
            secret.destination.clone().map(|d| Destination { database: self.name.clone(), ..d });
        ConnectionSecret { destination, ..secret }
    }

    /// The console, opened with the passphrase by the first administrator.
    pub async fn console(&self) -> Opened {
        let (place, _) = self.workplace().await;
        let secret = Secret::new(PASSPHRASE.into());
        sessions::open(&place, &caller(&place), &self.adopted.entry.id, secret).await.unwrap()
    }

    /// A person's operations, without keys.
    pub async fn context(&self, person: &Person) -> Context {
        let (workplace, _) = workplace();
        let target = self.bed.target(&person.login, super::PASSWORD, &self.name);
        Context { store: Store::open(&target, "atalaya").await.unwrap(), workplace, signer: None }
    }

    /// A person's raw connection.
    pub async fn psql(&self, person: &Person) -> Psql {
        self.bed.psql(&person.login, super::PASSWORD, &self.name).await
    }

    pub async fn superuser(&self) -> Psql {
        self.bed.superuser(&self.name).await
    }

    /// The person of a role in a tenant, or over all.
    pub fn person(&self, role: &str, tenant: Option<i32>) -> &'static Person {
        self.adopted.people.iter().find(|p| p.role == role && p.tenant == tenant).unwrap()
    }
}
