//! Taking over the secrets of a running CRM from its `.env`.

use super::{seal, trusted};
use crate::Context;
use atalaya_keys::env_file::{self, Entry};
use atalaya_keys::weak::{self, Verdict};
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::console::{EnvImported, EnvRefused, EnvReport};
use atalaya_model::setting::SECRETS;
use atalaya_model::{Code, Error, Result};
use atalaya_store::{Done, Resource, file, recipients, secrets};
use std::io::ErrorKind;
use std::path::Path;

/// Imports what the file holds of the known secret settings, each as its own change. What is there already is kept, what
/// is weak by the contract's rules is refused with its reason, and what is no secret setting is only named.
///
/// # Errors
/// `ENV_FILE_INVALID` with the line, `FILE_UNWRITABLE` when it cannot be read, `ACCESS_DENIED`, or what the database says.
pub async fn import_env(cx: &Context, caller: &Caller, path: &Path) -> Result<EnvReport> {
    let signer = cx.signer()?;
    let permit = cx.store.permit(caller, Action::SecretImport, Scope::System).await?;
    let entries = read(path)?;
    let get = |name: &str| {
        entries.iter().find(|e| e.key == name).map(|e| e.value.expose()).filter(|v| !v.is_empty())
    };
    let listing = cx.store.permit(caller, Action::SecretList, Scope::All).await?;
    let (there, rows) = cx
        .store
        .view(listing, async |read| Ok((secrets::list(read).await?, recipients::list(read).await?)))
        .await?;
    let recipients = trusted(&signer.first_key, &rows)?;
    let mut report = EnvReport { path: path.display().to_string(), ..EnvReport::default() };
    let mut job = cx.store.job(permit, caller.request_id);
    for setting in SECRETS {
        let value = match setting.resolve(get) {
            Ok(Some(value)) => value,
            Ok(None) => continue,
            Err((one, other)) => {
                let reason = "names_disagree".to_owned();
                report.refused.push(EnvRefused { name: format!("{one}, {other}"), reason });
                continue;
            }
        };
        if there.iter().any(|s| s.tenant_id.is_none() && s.name == setting.name) {
            report.kept.push(setting.name.to_owned());
            continue;
        }
        let judged = weak::judge(setting.name, value);
        let finding = judged.finding.and_then(code);
        if judged.verdict == Verdict::Refused {
            let reason = finding.unwrap_or_else(|| "refused".to_owned());
            report.refused.push(EnvRefused { name: setting.name.to_owned(), reason });
            continue;
        }
        let version = seal(
            &cx.workplace,
            signer,
            &recipients,
            (None, setting.name),
            value.as_bytes(),
            "imported",
        )?;
        job.batch(async move |tx| {
            secrets::create(tx, &version).await?;
            let resource = Resource { id: Some(version.secret_id.to_string()), tenant: None };
            Ok(Done::ok((), resource).noting(serde_json::json!({ "name": version.name })))
        })
        .await?;
        report.imported.push(EnvImported {
            name: setting.name.to_owned(),
            strength: judged.verdict.as_str().to_owned(),
            warning: finding,
        });
    }
    Ok(report)
}

/// The wire name of a finding.
fn code(finding: weak::Finding) -> Option<String> {
    serde_json::to_value(finding).ok()?.get("code")?.as_str().map(str::to_owned)
}

fn read(path: &Path) -> Result<Vec<Entry>> {
    let unreadable = |e: std::io::Error| {
        Error::new(Code::FileUnwritable, "The file cannot be read.")
            .with("path", path.display())
            .because(e)
    };
    let bytes = file::read(path, env_file::MAX_FILE).map_err(|e| match e.kind() {
        ErrorKind::InvalidInput => Error::new(Code::EnvFileInvalid, "This is no .env file."),
        ErrorKind::FileTooLarge => {
            Error::new(Code::EnvFileInvalid, "The file is too large for a .env file.")
        }
        _ => unreadable(e),
    })?;
    env_file::parse(&bytes).map_err(|e| {
        // Its messages name lines, never values.
        Error::new(Code::EnvFileInvalid, "The .env file cannot be understood.")
            .with("reason", e.to_string())
            .because(e)
    })
}
