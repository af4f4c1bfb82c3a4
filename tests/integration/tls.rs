//! Whom a connection believes: a real server whose certificate comes from an authority of the test's own.

use crate::bed::folder;
use atalaya_model::connection::{ConnectionInput, TlsMode};
use atalaya_model::{Code, Secret};
use atalaya_ops::connections;
use atalaya_postgres::find_binaries;
use atalaya_postgres::scratch::{Scratch, Tls};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tokio::net::TcpListener;

/// What the process of its own is told: port, TLS mode, the file of an authority or nothing.
const ASKED: &str = "ATALAYA_TEST_TLS";

fn openssl(here: &Path, arguments: &str) -> bool {
    Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(here)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// An authority: `<name>.pem` and its key.
fn authority(here: &Path, name: &str) -> bool {
    openssl(
        here,
        &format!(
            "req -x509 -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.pem -days 2 -subj /CN=Authority-{name}"
        ),
    )
}

/// A server's certificate for `localhost`, not for an address, from an authority.
fn certificate(here: &Path, by: &str) -> bool {
    std::fs::write(here.join("san.cnf"), "subjectAltName = DNS:localhost\n").unwrap();
    openssl(here, "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=server")
        && openssl(
            here,
            &format!(
                "x509 -req -in server.csr -CA {by}.pem -CAkey {by}.key -CAcreateserial -days 2 -extfile san.cnf -out server.pem"
            ),
        )
}

fn input(host: &str, port: u16, tls: TlsMode, ca_file: Option<PathBuf>) -> ConnectionInput {
    ConnectionInput {
        dsn: None,
        host: host.into(),
        port,
        database: Scratch::DATABASE.into(),
        user: Scratch::ADMINISTRATOR.into(),
        password: Secret::new(Scratch::PASSWORD.into()),
        tls: Some(tls),
        ca_file,
    }
}

async fn outcome(input: ConnectionInput) -> Result<bool, Code> {
    connections::test(input).await.map(|r| r.encrypted).map_err(|e| e.code)
}

/// Asks in a process of its own, whose environment is `set`. What it printed.
fn elsewhere(port: u16, tls: &str, ca: Option<&Path>, set: &[(&str, &Path)]) -> String {
    let ca = ca.map_or_else(String::new, |p| p.display().to_string());
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::in_a_process_of_its_own", "--ignored", "--nocapture"])
        .env(ASKED, format!("{port},{tls},{ca}"))
        .env_remove("SSL_CERT_DIR")
        .envs(set.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|l| l.split_once("answer: ").map(|(_, a)| a.to_owned()));
    line.unwrap_or_else(|| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
#[ignore = "run by the tests of this module, with an environment of its own"]
#[expect(clippy::print_stdout, reason = "the answer for the test that runs this")]
fn in_a_process_of_its_own() {
    let asked = std::env::var(ASKED).unwrap();
    let [port, tls, ca] = asked.split(',').collect::<Vec<_>>().try_into().unwrap();
    let tls = match tls {
        "verify-ca" => TlsMode::VerifyCa,
        _ => TlsMode::VerifyFull,
    };
    let ca = (!ca.is_empty()).then(|| PathBuf::from(ca));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(outcome(input("localhost", port.parse().unwrap(), tls, ca)));
    println!("answer: {answer:?}");
}

#[tokio::test]
async fn naming_an_authority_replaces_the_systems() {
    let here = folder("authorities");
    if !(authority(&here, "a") && authority(&here, "b") && certificate(&here, "a")) {
        eprintln!("no openssl: authorities were not tried");
        return;
    }
    let read = |name: &str| std::fs::read_to_string(here.join(name)).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let (certificate, key) = (read("server.pem"), read("server.key"));
    let shown = Tls { certificate: &certificate, key: &key, port };
    let binaries = find_binaries().await.unwrap();
    let _server = Scratch::start_with_tls(&binaries, &shown).await.unwrap();
    let (a, b) = (here.join("a.pem"), here.join("b.pem"));

    // A is believed under its name, for the host that the certificate is for; B is not.
    let refused = Err(Code::DbCertificateInvalid);
    let ask = |host, tls, ca: &Path| outcome(input(host, port, tls, Some(ca.to_owned())));
    assert_eq!(ask("localhost", TlsMode::VerifyFull, &a).await, Ok(true));
    assert_eq!(ask("127.0.0.1", TlsMode::VerifyFull, &a).await, refused, "another host");
    assert_eq!(ask("127.0.0.1", TlsMode::VerifyCa, &a).await, Ok(true));
    for tls in [TlsMode::VerifyFull, TlsMode::VerifyCa] {
        assert_eq!(ask("localhost", tls, &b).await, refused, "{tls:?}");
        let nobody = outcome(input("localhost", port, tls, None)).await;
        assert_eq!(nobody, refused, "no authority of this system's: {tls:?}");
    }

    // A among the system's counts where nobody is named, and only there.
    let (accepted, refused) = ("Ok(true)", "Err(DbCertificateInvalid)");
    let system: &[(&str, &Path)] = &[("SSL_CERT_FILE", &a)];
    for tls in ["verify-full", "verify-ca"] {
        assert_eq!(elsewhere(port, tls, None, system), accepted, "{tls}");
        assert_eq!(elsewhere(port, tls, Some(&b), system), refused, "{tls}");
        assert_eq!(elsewhere(port, tls, Some(&a), &[("SSL_CERT_FILE", &b)]), accepted, "{tls}");
        // What libpq's environment names counts for nothing.
        let libpq: &[(&str, &Path)] = &[("PGSSLROOTCERT", &a), ("PGSSLMODE", Path::new("disable"))];
        assert_eq!(elsewhere(port, tls, None, libpq), refused, "{tls}");
        assert_eq!(elsewhere(port, tls, Some(&b), libpq), refused, "{tls}");
    }
    // What cannot be ignored is refused.
    for name in ["PGOPTIONS", "PGSSLCERT", "PGSSLKEY"] {
        let said = elsewhere(port, "verify-full", Some(&a), &[(name, Path::new("-cwork_mem=1MB"))]);
        assert_eq!(said, "Err(ValidationFailed)", "{name}");
    }
}
