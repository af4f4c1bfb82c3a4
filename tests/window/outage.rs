//! The server stops while somebody pages through the log, and comes back.

use crate::crm::Crm;
use crate::desk::until;
use crate::window::Window;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// What is there stays on screen, the reason is said, and going on works when the server does.
pub async fn while_paging(window: &Window<'_>, crm: &Crm) {
    window.press("filter-clear").await;
    window.find("audit-row").await;
    window.press_css("[data-testid=\"audit-list\"] [data-testid=\"audit-row\"]").await;
    window.press("detail-close").await;
    let server = Server::of(crm);
    server.stop();
    // To the end of what was fetched, which asks for the next page.
    window.keys("End");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    window.keys("End");
    window.find("audit-more").await;
    assert!(window.has("audit-row").await, "the rows went with the server");
    window.find("connection-lost").await;
    window.look("21-server-gone").await;
    server.start(window);
    window.gone("connection-lost").await;
    window.press("audit-more").await;
    window.gone("audit-more").await;
    window.press("refresh").await;
    window.find("audit-row").await;
    window.find("audit-count").await;
    window.look("22-server-back").await;
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

    fn stop(&self) {
        Command::new("kill").args(["-QUIT", &self.pid.to_string()]).status().unwrap();
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
