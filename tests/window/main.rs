//! The real console: its window on a screen of its own, a real keyring, a real Postgres, the native dialogs.
//!
//! [`desk`] is what a person sits at (screen, session bus, keyring, window manager, driver), [`window`] the hands on it
//! and [`judge`] the eyes: axe-core and pictures; [`frames`] tells how smoothly it paints. [`crm`] is the customer's
//! database, [`house`] one that was taken over already. The journeys are the rest; most start from an empty machine. To add
//! one: a module with a test marked `#[ignore]`, which the window lane runs alone.
//!
//! Deliberately absent: what can be shown without a window. Operations are in `tests/integration`, single screens with
//! invented data in `ui/test`.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]
#![expect(clippy::expect_used, reason = "a test may end where it fails")]
#![expect(clippy::print_stdout, reason = "a journey says how long it took")]

mod crm;
mod desk;
mod frames;
mod house;
mod judge;
mod steps;
mod window;

mod adoption;
mod corners;
mod exports;
mod finish;
mod follow;
mod keyboard;
mod keychain;
mod local;
mod locked;
mod many;
mod narrow;
mod odd;
mod outage;
mod periods;
mod recovery;
mod review;
mod saved;
mod scale;
mod second;
mod undo;
