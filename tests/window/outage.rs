//! The server stops while somebody pages through the log or exports it, or hangs while they lock; and comes back.

use crate::crm::Crm;
use crate::desk::until;
use crate::exports;
use crate::window::Window;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What is there stays on screen, the reason is said, and going on works when the server does.
pub async fn while_paging(window: &Window<'_>, crm: &Crm) {
    window.press_css("[data-testid=\"audit-list\"] [data-testid=\"audit-row\"]").await;
    window.press("detail-close").await;
    let server = Server::of(crm);
    server.stop();
    // To the end of what was fetched, which asks for the next page.
    window.keys("End");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    window.keys("End");
    window.find("audit-more").await;
    let seen = window.js(IN_VIEW, Vec::new()).await;
    assert_eq!(seen, serde_json::json!(true), "why no more rows come is out of view");
    assert!(window.has("audit-row").await, "the rows went with the server");
    window.find("connection-lost").await;
    window.look("21-server-gone").await;
    server.start(window);
    window.gone("connection-lost").await;
    // The list goes on by itself once the connection is back; asking for it first does no harm.
    window.js("document.querySelector('[data-testid=\"audit-more\"]')?.click()", Vec::new()).await;
    window.gone("audit-more").await;
    window.press("refresh").await;
    window.find("audit-row").await;
    window.find("audit-count").await;
    window.look("22-server-back").await;
}

const IN_VIEW: &str =
    "const list = document.querySelector('[data-testid=\"audit-list\"]').getBoundingClientRect()
    const why = document.querySelector('[data-testid=\"audit-end\"]').getBoundingClientRect()
    return why.top >= list.top && why.bottom <= list.bottom + 1";

/// The server stops in the middle of an export of the whole log: said, and nothing half is left.
pub async fn while_exporting(window: &Window<'_>, crm: &Crm) {
    let folder = window.desk.files().join("cut");
    std::fs::create_dir(&folder).unwrap();
    let files = || std::fs::read_dir(&folder).unwrap().count();
    let written = || {
        let all = std::fs::read_dir(&folder).unwrap().flatten();
        all.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum::<u64>()
    };
    let server = Server::of(crm);
    exports::begin(window, "jsonl", &folder.join("everything.jsonl")).await;
    until("the export's first rows", || written() > 0);
    // Held still in the middle, so that the journey sees it there.
    let workers = server.workers();
    workers.iter().for_each(|pid| signal(*pid, "STOP"));
    window.becomes("export-bar", "data-stage", "running").await;
    window.look("24-exporting").await;
    assert!(!folder.join("everything.jsonl").exists(), "a file that is not whole bears its name");
    signal(server.pid, "QUIT");
    workers.iter().for_each(|pid| signal(*pid, "CONT"));
    server.is_gone();
    window.becomes("export-bar", "data-stage", "failed").await;
    window.look("25-export-cut").await;
    let code = window.attribute("error-note", "data-code").await;
    assert!(matches!(code.as_deref(), Some("DB_LOST" | "DB_UNREACHABLE")), "{code:?}");
    assert_eq!(files(), 0, "something half is left");
    server.start(window);
    window.press("export-close").await;
    window.gone("connection-lost").await;
    window.press("refresh").await;
    window.find("audit-row").await;
}

/// The server hangs: locking does not wait for it.
pub async fn while_locking(window: &Window<'_>, crm: &Crm) {
    let server = Server::of(crm);
    let mut all = server.workers();
    all.push(server.pid);
    all.iter().for_each(|pid| signal(*pid, "STOP"));
    let began = Instant::now();
    window.locked().await;
    let took = began.elapsed();
    let list = serde_json::json!({ "req": { "query": "", "cursor": null, "limit": 10 } });
    let refused = window.command("audit_list", list).await;
    all.iter().for_each(|pid| signal(*pid, "CONT"));
    assert_eq!(refused.expect_err("a locked console lists events")["code"], "NOT_SIGNED_IN");
    println!("locked within {:.1} s while the server hung", took.as_secs_f32());
    assert!(took < Duration::from_secs(3), "locking took {took:?} while the server hung");
    window.sign_in(crate::steps::PASSPHRASE).await;
    window.find("connection").await;
}

fn signal(pid: u32, name: &str) {
    Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
}

/// The throw-away server, as its administrator stops and starts it.
struct Server {
    data: std::path::PathBuf,
    program: std::path::PathBuf,
    pid: u32,
    host: String,
}

impl Server {
    fn of(crm: &Crm) -> Self {
        let pid = crm.server.pid().unwrap().unwrap();
        let data = std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap();
        Self { data, program: crm.server.binaries().program("postgres"), pid, host: crm.host() }
    }

    /// The processes that work for its clients, and its others.
    fn workers(&self) -> Vec<u32> {
        let parent = self.pid.to_string();
        let listed = Command::new("pgrep").args(["-P", &parent]).output().unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        listed.lines().map(|pid| pid.parse().unwrap()).collect()
    }

    fn stop(&self) {
        signal(self.pid, "QUIT");
        self.is_gone();
    }

    fn is_gone(&self) {
        let lock = self.data.join("postmaster.pid");
        until("the end of the server", || !lock.exists());
    }

    /// Started beside the desk's programs, so that it ends with them.
    #[expect(
        clippy::zombie_processes,
        reason = "ended by its process group when the desk is dropped"
    )]
    fn start(&self, window: &Window<'_>) {
        let owner = std::fs::metadata(&self.data).unwrap();
        let mut server = window.desk.command(&self.program);
        server
            .arg("-D")
            .arg(&self.data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/");
        if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            server.uid(owner.uid()).gid(owner.gid());
        }
        server.spawn().unwrap();
        let socket = std::path::Path::new(&self.host).join(".s.PGSQL.5432");
        until("the server", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
    }
}
