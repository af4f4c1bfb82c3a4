//! The server's settings, written anew before each start, so that an update of Atalaya brings its
//! own. Deliberately absent: anything that depends on the machine's size; the embedded server serves
//! one person.

use std::path::Path;

/// The file in the data folder; that it is there marks the folder as made by Atalaya.
pub(crate) const FILE: &str = "atalaya.conf";

/// The line that `postgresql.conf` ends with.
pub(crate) const INCLUDE: &str = "include_if_exists = 'atalaya.conf'";

/// Errors reach the client, which knows what to show; the log keeps starts, stops and refused
/// sign-ins only, because messages, details, statements and parameters carry personal data.
const COMMON: &str = "\
password_encryption = 'scram-sha-256'
ssl = off
jit = off
max_connections = 60
shared_buffers = '128MB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
max_wal_size = '512MB'
huge_pages = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_checkpoints = off
log_connections = off
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
cluster_name = 'atalaya'
";

/// What a server that may lose everything at a power cut does without. Nothing cleans up at a moment of its own choice, so that tests
/// find what they left.
const CARELESS: &str = "\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
";

/// The content of [`FILE`].
pub(crate) fn text(sockets: &Path, port: u16, careless: bool) -> String {
    let where_from = if cfg!(unix) {
        format!(
            "listen_addresses = ''\nunix_socket_directories = {}\nunix_socket_permissions = 0700\n",
            quoted_folder(sockets)
        )
    } else {
        "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n".to_owned()
    };
    let careless = if careless { CARELESS } else { "" };
    format!(
        "# Written by Atalaya before each start.\n{where_from}port = {port}\n{COMMON}{careless}"
    )
}

/// A list of one folder: the list's own quotes inside those of the file.
fn quoted_folder(folder: &Path) -> String {
    let inner = folder.to_string_lossy().replace('"', "\"\"");
    let outer = format!("\"{inner}\"").replace('\\', "\\\\").replace('\'', "''");
    format!("'{outer}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_are_quoted_twice() {
        let cases = [
            ("/home/ana/run", "'\"/home/ana/run\"'"),
            ("/a b/it's,\"x\"", "'\"/a b/it''s,\"\"x\"\"\"'"),
            ("/back\\slash", "'\"/back\\\\slash\"'"),
        ];
        for (path, want) in cases {
            assert_eq!(quoted_folder(Path::new(path)), want);
        }
    }

    #[test]
    fn nothing_listens_on_the_network() {
        assert!(text(Path::new("/s"), 5432, false).contains("listen_addresses = ''"));
        assert!(!text(Path::new("/s"), 5432, false).contains("fsync"));
    }
}
