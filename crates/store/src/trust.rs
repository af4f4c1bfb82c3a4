//! Whom a server's certificate may come from where the operator names nobody: the system's authorities.
//!
//! The driver would add what it is given to a list of its own. That list is empty here (`crates/no-roots`), so that naming
//! an authority replaces the system's and verify-full means one thing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;

/// The system's authorities as PEM, or where `SSL_CERT_FILE` and `SSL_CERT_DIR` say. Those that cannot be used are left out,
/// as every program does: a list from a distribution may hold one that is older than its form.
pub(crate) async fn system() -> Vec<u8> {
    tokio::task::spawn_blocking(read).await.unwrap_or_default()
}

fn read() -> Vec<u8> {
    let found = rustls_native_certs::load_native_certs();
    for e in &found.errors {
        tracing::warn!("a list of the system's certificates cannot be read: {e}");
    }
    let mut pem = String::new();
    for certificate in found.certs {
        if RootCertStore::empty().add(certificate.clone()).is_ok() {
            pem.push_str("-----BEGIN CERTIFICATE-----\n");
            // Lines of 64 characters (RFC 7468, 2).
            for line in STANDARD.encode(&certificate).as_bytes().chunks(64) {
                pem.extend(line.iter().map(|b| char::from(*b)));
                pem.push('\n');
            }
            pem.push_str("-----END CERTIFICATE-----\n");
        }
    }
    pem.into_bytes()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_driver_begins_with_nobody() {
        let built_in = webpki_roots::TLS_SERVER_ROOTS;
        assert!(built_in.is_empty(), "{} public authorities are believed always", built_in.len());
    }
}
