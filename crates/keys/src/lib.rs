//! Everything Atalaya does with keys: the operator's keychain item, the recovery kit, encryption
//! to recipients, signatures, generated secrets and their judgement.
//!
//! | module | is |
//! |---|---|
//! | [`entropy`] | where random bytes come from (seeded in tests) |
//! | [`secret`] | text and bytes that are wiped when dropped and never printed |
//! | [`keychain`] | the keychain of the operating system, with time limits and typed errors |
//! | [`lockbox`] | encryption under a passphrase |
//! | [`sealed`] | the keychain item of a connection, encrypted under the operator's passphrase |
//! | [`passphrase`] | normalisation and strength of that passphrase |
//! | [`kit`], [`recovery`] | the recovery kit and what it opens |
//! | [`wrap`] | one value, encrypted to one recipient (age X25519) |
//! | [`signed`], [`chain`] | signed secret versions; signed recipients, back to the first administrator |
//! | [`generate`], [`weak`] | making the secrets of a CRM, judging imported ones |
//! | [`scram`] | the verifier that Postgres stores instead of a password |
//! | [`env_file`] | reading a `.env` file |
//! | [`context_key`] | the HMAC under which the API tells Postgres who is calling |
//!
//! Deliberately absent: SQL, the network, a clock, files (callers read and write them), and any
//! fall-back that would keep a secret in plain text. Randomness comes in as [`entropy::Entropy`];
//! the one exception is inside `age`, which draws its file keys, nonces and ephemeral keys from
//! the operating system itself and offers no other way, so no test may depend on ciphertext bytes.
//!
//! No error, `Debug` or `Display` of this crate carries a secret value. To add a module: one kind
//! of key or format per file, errors as a closed `thiserror` enum, vectors of an outside judge in
//! the inline tests.

pub mod chain;
pub mod context_key;
pub mod entropy;
pub mod env_file;
pub mod generate;
pub mod keychain;
pub mod kit;
pub mod lockbox;
mod mac;
pub mod passphrase;
pub mod recovery;
pub mod scram;
pub mod sealed;
pub mod secret;
pub mod signed;
pub mod weak;
pub mod wrap;
