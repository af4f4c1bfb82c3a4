//! An empty Tauri window: the least that a start can cost here. `cargo xtask bench start` measures
//! the console against it. It is an example, so it is never packed.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("src-tauri/bench/tauri.conf.json"))
}
