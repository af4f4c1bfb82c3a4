//! As much of a WebDriver client as reading a page takes (<https://www.w3.org/TR/webdriver2/>).
//! The window tests have a whole one; here it would double what `xtask` compiles.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// A started program may take this long to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program with a page, under the driver's control. Ended by [`Session::end`].
pub struct Session {
    port: u16,
    path: String,
}

impl Session {
    /// Has the driver on `port` start a program.
    pub fn start(port: u16, program: &Path) -> Result<Self> {
        let wanted = json!({ "tauri:options": { "application": program } });
        let wanted = json!({ "capabilities": { "alwaysMatch": wanted } });
        let session = ask(port, "POST", "/session", &wanted)?;
        let id = session["sessionId"].as_str().context("the driver gave no session")?;
        Ok(Self { port, path: format!("/session/{id}") })
    }

    /// Runs the body of a function in the page and gives what it returns.
    pub fn run(&self, script: &str) -> Result<Value> {
        let call = json!({ "script": script, "args": [] });
        ask(self.port, "POST", &format!("{}/execute/sync", self.path), &call)
    }

    /// Closes the window, which ends the program.
    pub fn end(&self) -> Result<()> {
        ask(self.port, "DELETE", &self.path, &Value::Null).map(drop)
    }
}

/// Whether the driver on `port` takes sessions by now.
pub fn is_ready(port: u16) -> bool {
    ask(port, "GET", "/status", &Value::Null).is_ok_and(|status| status["ready"] == json!(true))
}

/// One request; the driver's answer without its envelope.
fn ask(port: u16, method: &str, path: &str, body: &Value) -> Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context("reaching the driver")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // Not `Connection: close`: tauri-driver hands it on, and then uses that connection once more.
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let answer = read(&mut BufReader::new(stream))
        .with_context(|| format!("waiting for the driver's answer to {method} {path}"))?;
    let mut answer: Value = serde_json::from_slice(&answer)?;
    let value = answer["value"].take();
    if let Some(error) = value.get("error") {
        bail!("{method} {path}: {error}: {}", value["message"]);
    }
    Ok(value)
}

/// The body of an answer, which has a length.
fn read(from: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            bail!("the driver hung up");
        }
        let Some((name, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse()?);
        }
    }
    let mut body = vec![0; length.context("the driver's answer has no length")?];
    from.read_exact(&mut body)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_answer_ends_where_its_length_says() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody, and more";
        assert_eq!(super::read(&mut answer.as_slice()).unwrap(), b"body");
        assert!(super::read(&mut b"HTTP/1.1 200 OK\r\n\r\n".as_slice()).is_err());
    }
}
