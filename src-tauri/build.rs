//! Builds the Tauri context. Capabilities stay in `src-tauri/`, the configuration is at the root.

fn main() {
    if !std::path::Path::new("ui/dist/index.html").is_file() {
        println!(
            "cargo::warning=The user interface is not built. `cargo xtask run` does it; by hand: npm ci && npm run build in ui/."
        );
    }
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/*.json");
    if let Err(e) = tauri_build::try_build(attributes) {
        println!("cargo::error={e:#}");
    }
}
