//! The overview.

mod view;

pub use view::view;
