//! Builds the Tauri context. Capabilities and permissions stay in `src-tauri/`, the configuration is at the root.
fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
}
