//! This machine: embedded Postgres, environment. Its keychain has a doctor of its own ([`crate::connections::keychain_doctor`]).

use super::line;
use crate::{Workplace, server};
use atalaya_model::overview::{Health, HealthLine};
use atalaya_model::setting::SECRETS;
use server::ServerState;

/// Settings that may hold a password in their value, beside the secret ones.
const CONNECTIONS: [&str; 4] = ["ATALAYA_DSN", "POSTGRES_DSN", "DATABASE_URL", "PGPASSWORD"];

/// Looks at this machine, its keychain aside. `is_set` asks the process environment, by name.
pub async fn machine(workplace: &Workplace, is_set: impl Fn(&str) -> bool) -> Vec<HealthLine> {
    vec![cluster(workplace).await, environment(is_set)]
}

async fn cluster(workplace: &Workplace) -> HealthLine {
    match server::status(workplace).await {
        Ok(status) => match status.state {
            ServerState::Absent => line("postgres_absent", Health::Ok, status.version),
            ServerState::Stopped => line("postgres_stopped", Health::Ok, status.version),
            ServerState::Running => line("postgres_running", Health::Ok, status.version),
            ServerState::Unfinished => line("postgres_unfinished", Health::Warning, status.folder),
            ServerState::Busy => line("postgres_busy", Health::Warning, status.folder),
        },
        Err(e) => {
            let reason = e.detail.get("reason").cloned().unwrap_or_else(|| e.message.clone());
            line("postgres", Health::Failed, reason)
        }
    }
}

/// An environment stays readable to every program of the same user.
fn environment(is_set: impl Fn(&str) -> bool) -> HealthLine {
    let mut names: Vec<&str> = CONNECTIONS.into_iter().filter(|n| is_set(n)).collect();
    for setting in SECRETS {
        for name in std::iter::once(&setting.name).chain(setting.aliases) {
            if is_set(name) && !names.contains(name) {
                names.push(name);
            }
        }
    }
    if names.is_empty() {
        line("environment", Health::Ok, "")
    } else {
        line("environment", Health::Warning, names.join(", "))
    }
}
