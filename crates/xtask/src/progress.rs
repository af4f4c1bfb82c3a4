//! Steps with visible progress, their times, and the reason of each failure at the end.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// So many closing lines of a failed step are shown again at the end.
const REASON_LINES: usize = 30;

enum Ending {
    Passed,
    Failed(Vec<String>),
    Skipped(String),
}

struct Row {
    lane: &'static str,
    step: String,
    time: Duration,
    ending: Ending,
}

/// What happened so far.
#[derive(Default)]
pub struct Progress {
    rows: Vec<Row>,
    tests: Tests,
}

/// The sum of all lines `test result: ok. 12 passed; 0 failed; 1 ignored; ...`.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
struct Tests {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Progress {
    /// Runs a program as one step; its output passes through. Tells whether it succeeded.
    pub fn step(&mut self, lane: &'static str, step: &str, command: &mut Command) -> bool {
        self.act(lane, step, |tests| {
            println!("   $ {}", shown(command));
            let (success, tail) = stream(command, tests)?;
            Ok(if success { Ok(()) } else { Err(tail) })
        })
    }

    /// Runs a function as one step.
    pub fn work(
        &mut self,
        lane: &'static str,
        step: &str,
        work: impl FnOnce() -> Result<()>,
    ) -> bool {
        self.act(lane, step, |_| Ok(work().map_err(|error| vec![format!("{error:#}")])))
    }

    /// Notes a step that was not run.
    pub fn skip(&mut self, lane: &'static str, step: &str, why: &str) {
        println!("\n-- {lane}: {step}: skipped, {why}");
        let ending = Ending::Skipped(why.to_owned());
        self.rows.push(Row { lane, step: step.to_owned(), time: Duration::ZERO, ending });
    }

    fn act(
        &mut self,
        lane: &'static str,
        step: &str,
        act: impl FnOnce(&mut Tests) -> Result<std::result::Result<(), Vec<String>>>,
    ) -> bool {
        println!("\n== {lane}: {step}");
        let began = Instant::now();
        let ending = match act(&mut self.tests) {
            Ok(Ok(())) => Ending::Passed,
            Ok(Err(tail)) => Ending::Failed(tail),
            Err(error) => Ending::Failed(vec![format!("{error:#}")]),
        };
        let time = began.elapsed();
        let passed = matches!(ending, Ending::Passed);
        println!("== {lane}: {step}: {} ({})", if passed { "ok" } else { "FAILED" }, seconds(time));
        self.rows.push(Row { lane, step: step.to_owned(), time, ending });
        passed
    }

    /// The summary; an error when a step failed.
    pub fn finish(self) -> Result<()> {
        println!("\n================ summary ================");
        for Row { lane, step, time, ending } in &self.rows {
            let (mark, why) = match ending {
                Ending::Passed => ("ok", ""),
                Ending::Failed(_) => ("FAILED", ""),
                Ending::Skipped(why) => ("skipped", why.as_str()),
            };
            println!("{mark:>8}  {:>8}  {lane}: {step}  {why}", seconds(*time));
        }
        let Tests { passed, failed, ignored } = self.tests;
        if passed + failed > 0 {
            let word = if failed == 0 { "ok" } else { "FAILED" };
            println!("\ntest result: {word}. {passed} passed; {failed} failed; {ignored} ignored");
        }
        let mut count = 0;
        for Row { lane, step, ending, .. } in &self.rows {
            if let Ending::Failed(reason) = ending {
                count += 1;
                println!("\n---- {lane}: {step}: why it failed ----");
                reason.iter().for_each(|line| println!("{line}"));
            }
        }
        if count > 0 {
            bail!("{count} of {} steps failed", self.rows.len());
        }
        println!("\nall good");
        Ok(())
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// As a person would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| {
        let word = word.to_string_lossy();
        if word.contains(' ') || word.is_empty() { format!("'{word}'") } else { word.into_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Passes the output through line by line and keeps its end.
fn stream(command: &mut Command, tests: &mut Tests) -> Result<(bool, Vec<String>)> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    } else {
        // For rustfmt, which asks the terminal's description and not whether there is one.
        command.env("TERM", "dumb").env("NO_COLOR", "1");
    }
    let mut child = command.spawn().with_context(|| format!("starting {name}"))?;
    let kept = Mutex::new((VecDeque::with_capacity(REASON_LINES), tests));
    std::thread::scope(|scope| {
        if let Some(stdout) = child.stdout.take() {
            scope.spawn(|| pass(stdout, &kept));
        }
        if let Some(stderr) = child.stderr.take() {
            scope.spawn(|| pass(stderr, &kept));
        }
    });
    let status = child.wait().with_context(|| format!("waiting for {name}"))?;
    let (tail, _) = kept.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok((status.success(), tail.into()))
}

fn pass(from: impl Read, kept: &Mutex<(VecDeque<String>, &mut Tests)>) {
    for line in BufReader::new(from).split(b'\n').map_while(std::result::Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
        let mut kept = kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A closed terminal is no reason to stop.
        let _ = writeln!(std::io::stdout(), "{line}");
        kept.1.add(&line);
        if kept.0.len() == REASON_LINES {
            kept.0.pop_front();
        }
        kept.0.push_back(line);
    }
}

impl Tests {
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else { return };
        for part in counts.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<u64>), words.next())
            else {
                continue;
            };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up() {
        let mut tests = Tests::default();
        tests.add("running 3 tests");
        tests.add("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out");
        tests.add("test result: FAILED. 2 passed; 4 failed; 0 ignored; finished in 0.11s");
        assert_eq!(tests, Tests { passed: 14, failed: 4, ignored: 1 });
    }

    #[test]
    fn a_failing_step_keeps_its_reason_and_the_run_goes_on() {
        let mut progress = Progress::default();
        let mut fails = Command::new("sh");
        assert!(!progress.step("a", "fails", fails.args(["-c", "echo because; exit 3"])));
        assert!(progress.work("b", "works", || Ok(())));
        progress.skip("c", "later", "not wanted");
        assert!(matches!(&progress.rows[0].ending, Ending::Failed(why) if why == &["because"]));
        assert!(progress.finish().is_err());
    }
}
