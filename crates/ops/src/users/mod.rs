//! Users: so far, one's own profile.

mod update_profile;

pub use update_profile::update_profile;
