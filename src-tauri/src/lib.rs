//! The console: a window over the operations.
//!
//! Each command builds a caller, calls one function of `ops` and returns its answer. Deliberately absent: rules, SQL and
//! cryptography. Secrets come in as arguments and never go out, but for the recovery kit's words, which have to reach a
//! person's eyes once.
//!
//! To add a command: a function in `commands/<noun>.rs`, its name in [`run`]'s list, and a typed function in
//! `ui/src/backend/<noun>.ts`.

mod app;
mod commands;
mod dialog;
mod lock;
mod stage;
mod watch;

use app::App;
use std::process::ExitCode;
use tauri::webview::PageLoadEvent;
use tauri::{Manager, RunEvent};

/// Asks for the status before the page is even read, so that its first screen need not wait for the answer
/// (`ui/src/backend/app.ts` takes it).
fn early_status<R: tauri::Runtime>() -> tauri::plugin::TauriPlugin<R> {
    let ask = "window.atalayaStatus = window.__TAURI_INTERNALS__.invoke('app_status')
        window.atalayaStatus.catch(() => {})";
    tauri::plugin::Builder::new("early-status").js_init_script(ask.to_owned()).build()
}

/// Opens the console and returns when it is closed.
#[must_use]
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::WARN)
        .init();
    let app = match App::new() {
        Ok(app) => app,
        Err(e) => {
            tracing::error!(code = ?e.code, "{}", e.message);
            return ExitCode::FAILURE;
        }
    };
    let built = tauri::Builder::default()
        .manage(app)
        .plugin(early_status())
        .invoke_handler(tauri::generate_handler![
            commands::app::app_status,
            commands::app::postgres_found,
            commands::app::preferences_save,
            commands::app::activity,
            commands::app::lock,
            commands::app::passphrase_strength,
            commands::files::choose_file,
            commands::keychain::keychain_check,
            commands::keychain::keychain_doctor,
            commands::keychain::keychain_unlock,
            commands::connections::connection_test,
            commands::connections::connection_update,
            commands::connections::connection_redirect,
            commands::connections::connection_remove,
            commands::adoption::adoption_inspect,
            commands::adoption::adoption_apply,
            commands::adoption::workspace_create,
            commands::setup::setup_candidates,
            commands::setup::setup_administrator,
            commands::setup::setup_abandon,
            commands::kit::kit_begin,
            commands::kit::kit_abandon,
            commands::kit::setup_save_kit,
            commands::kit::setup_confirm_kit,
            commands::kit::kit_restore,
            commands::sessions::sign_in,
            commands::sessions::session_refresh,
            commands::sessions::profile_update,
            commands::sessions::passphrase_change,
            commands::overview::overview,
            commands::secrets::env_import,
            commands::audit::audit_parse,
            commands::audit::audit_print,
            commands::audit::audit_complete,
            commands::audit::audit_options,
            commands::audit::audit_list,
            commands::audit::audit_count,
            commands::audit::audit_count_cancel,
            commands::audit::audit_facets,
            commands::audit::audit_facets_cancel,
            commands::audit::audit_histogram,
            commands::audit::audit_histogram_cancel,
            commands::audit::audit_tail,
            commands::audit::audit_read,
            commands::audit::audit_export,
            commands::audit::audit_export_cancel,
            commands::audit::audit_export_pause,
            commands::audit::audit_export_resume,
        ])
        .on_page_load(|webview, load| {
            if load.event() == PageLoadEvent::Finished {
                webview.state::<App>().loaded();
            }
        })
        .setup(|app| {
            lock::start(app.handle());
            watch::start(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(console) => {
            console.run(|handle, event| {
                if let RunEvent::Exit = event {
                    let app = handle.state::<App>();
                    tauri::async_runtime::block_on(app.leave());
                }
            });
            ExitCode::SUCCESS
        }
        Err(e) => {
            tracing::error!(error = %e, "the window cannot be opened");
            ExitCode::FAILURE
        }
    }
}
