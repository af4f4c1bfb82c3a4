//! How the webview draws on a machine without a graphics card: a virtual one, or one that is reached from afar.
//!
//! There WebKitGTK (2.46 and newer) draws through an OpenGL that the processor imitates, and compiles a program for each new
//! kind of shape: a fifth of the time until the first screen can be used. It can draw on the processor at once; only nobody
//! tells it to.

const DEVICES: &str = "/dev/dri";
const VARIABLE: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";

/// Has WebKit draw on the processor where there is nothing else; whoever has set the variable decides. To be called before
/// any thread is started, as the environment is the whole program's.
pub fn choose() {
    let names = std::fs::read_dir(DEVICES).into_iter().flatten().flatten();
    if has_card(names.filter_map(|entry| entry.file_name().into_string().ok())) {
        return;
    }
    if let Err(e) = glib::setenv(VARIABLE, "1", false) {
        tracing::warn!(error = %e, "the webview could not be told how to draw");
    }
}

fn has_card(mut names: impl Iterator<Item = String>) -> bool {
    names.any(|name| name.starts_with("renderD"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_card_is_what_can_be_drawn_with() {
        let has = |names: &[&str]| super::has_card(names.iter().map(|name| (*name).to_owned()));
        assert!(has(&["by-path", "card0", "renderD128"]));
        // A virtual machine's display without a drawing engine.
        assert!(!has(&["by-path", "card0"]));
        assert!(!has(&[]));
    }
}
