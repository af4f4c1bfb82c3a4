//! The commands, by noun: a few lines each over one operation.

pub mod adoption;
pub mod app;
pub mod audit;
pub mod audit_review;
pub mod connections;
pub mod files;
pub mod keychain;
pub mod kit;
pub mod overview;
pub mod secrets;
pub mod sessions;
pub mod setup;

use atalaya_model::error::AppError;

/// What every command answers.
pub type Answer<T> = Result<T, AppError>;
