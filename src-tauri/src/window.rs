//! The one window. It shows the console's own pages and nothing else: what an injected script or a link would lead to could
//! look like the console and ask for a passphrase.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewWindowBuilder};

/// Where the console's own pages are; Windows' webview knows no schemes of a program's own.
const OWN: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

/// Opens it, as configured in `tauri.conf.json` (`"create": false` there, so that it is not opened without these rules).
pub fn open(handle: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let config = handle.config();
    let windows = &config.app.windows;
    let served = tauri::is_dev().then(|| config.build.dev_url.clone()).flatten();
    let own = served.map_or_else(|| Url::parse(OWN), Ok)?;
    for window in windows {
        let own = own.clone();
        WebviewWindowBuilder::from_config(handle, window)?
            .on_navigation(move |url| {
                let stays = same_place(url, &own);
                if !stays {
                    tracing::warn!(
                        scheme = url.scheme(),
                        "the page was about to leave the console"
                    );
                }
                stays
            })
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .build()?;
    }
    Ok(())
}

/// Whether both have the same scheme, host and port. Not `Url::origin`, by which a scheme of a program's own is the same as
/// nothing, not even itself.
fn same_place(url: &Url, own: &Url) -> bool {
    let place = |url: &Url| {
        let port = url.port_or_known_default();
        (url.scheme().to_owned(), url.host_str().map(str::to_owned), port)
    };
    place(url) == place(own) && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stays(url: &str, own: &str) -> bool {
        same_place(&url.parse().unwrap(), &own.parse().unwrap())
    }

    #[test]
    fn the_window_goes_nowhere_else() {
        let (linux, windows) = ("tauri://localhost", "http://tauri.localhost");
        for own in ["tauri://localhost/", "tauri://localhost/index.html?x#/audit"] {
            assert!(stays(own, linux), "{own}");
        }
        assert!(stays("http://tauri.localhost/#/overview", windows));
        let others = [
            "http://127.0.0.1:9/",
            "https://example.com/",
            "http://localhost/",
            "http://tauri.localhost:8080/",
            "https://tauri.localhost/",
            "http://tauri.localhost.example.com/",
            "http://tauri.localhost@example.com/",
            "http://somebody@tauri.localhost/",
            "tauri://elsewhere/",
            "tauri://localhost.example.com/",
            "file:///etc/passwd",
            "data:text/html,<form>",
            "javascript:0",
            "about:blank",
            "blob:tauri://localhost/1",
        ];
        for url in others {
            assert!(!stays(url, linux) && !stays(url, windows), "{url}");
        }
        // A page of the network that only bears the name.
        assert!(!stays(windows, linux));
    }
}
