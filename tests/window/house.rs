//! A CRM that was taken over already, and whose console is at hand: journeys that begin behind the assistant.

use crate::crm::{self, Crm};
use crate::desk::{Desk, Keyring, variable};
use crate::steps::PASSPHRASE;
use crate::window::Window;
use atalaya_postgres::scratch::Scratch;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;

/// The CEO of the fixture, who becomes the administrator.
pub const CEO: &str = "ceo@example.com";

/// Moves the fixture's log up to now, and the burst of failed logins into the last minutes: an attack that goes on.
const NOW: [&str; 2] = [
    "UPDATE system_events SET occurred_at = occurred_at + (now() - interval '20 minutes' - (SELECT max(occurred_at) FROM system_events))",
    "UPDATE system_events SET occurred_at = occurred_at + (now() - interval '3 minutes' - (
         SELECT max(occurred_at) FROM system_events WHERE payload->>'ip_address' = '203.0.113.77'))
     WHERE payload->>'ip_address' = '203.0.113.77'",
];

/// The customer's server and the operator's desk.
pub struct House {
    pub crm: Crm,
    pub desk: Desk,
}

impl House {
    /// Takes the fixture's CRM over with `atalayactl`, its log moved up to now.
    pub async fn new() -> Self {
        let crm = Crm::start().await;
        let own = crm.pool(crm::LOGIN, crm::PASSWORD, crm::DATABASE);
        for statement in NOW {
            sqlx::query(statement).execute(&own).await.unwrap();
        }
        own.close().await;
        let house = Self { crm, desk: Desk::new(Keyring::Unlocked) };
        house.take_over(crm::DATABASE);
        house
    }

    /// The console of this house, open on its Overview.
    pub async fn window(&self, journey: &str) -> Window<'_> {
        let window = Window::open(&self.desk, journey).await;
        window.sign_in(PASSPHRASE).await;
        window.find("overview").await;
        window
    }

    fn take_over(&self, database: &str) {
        let url = |user, password| self.crm.server.url(user, password, database);
        let administrator = self.secret("admin", &url(Scratch::ADMINISTRATOR, Scratch::PASSWORD));
        let owner = self.secret("owner", &url(crm::LOGIN, crm::PASSWORD));
        let passphrase = self.secret("passphrase", PASSPHRASE);
        let kit = self.desk.files().join("kit.json");
        let mut ctl = self.desk.command(variable("ATALAYA_TEST_CTL"));
        ctl.args(["adopt", "apply", "--yes", "--link-ceo", CEO, "--connection-name", "Acme CRM"]);
        ctl.arg("--dsn-file").arg(administrator).arg("--owner-dsn-file").arg(owner);
        ctl.arg("--passphrase-file").arg(&passphrase).arg("--kit-file").arg(kit);
        ctl.arg("--kit-passphrase-file").arg(&passphrase).stdin(Stdio::null());
        let done = ctl.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.desk.files().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }
}
