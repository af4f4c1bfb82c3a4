//! atalayactl.
fn main() {}
