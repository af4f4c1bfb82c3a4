//! What can be typed, with its help in English; `spanish` has the other language. Secrets are never among it: they come from
//! files, the environment, the terminal or the keychain.

use crate::language::Language;
use crate::query_help;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Command line of Atalaya: the embedded Postgres, taking a CRM's database over, the audit log, a doctor.
#[derive(Debug, Parser)]
#[command(name = "atalayactl", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 internal fault, 2 wrong usage or value, 3 refused, 4 not found, \
    5 server unreachable or lost, 6 conflict or done before, 7 keychain or passphrase, 8 file or disk, \
    9 embedded Postgres, 10 the doctor found something, 130 cancelled."
)]
pub struct Arguments {
    /// Answers and errors as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Language of messages; otherwise that of LC_ALL, LC_MESSAGES or LANG
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The embedded Postgres under ATALAYA_HOME
    #[command(subcommand)]
    Db(Db),
    /// Take a CRM's database over
    #[command(subcommand)]
    Adopt(Adopt),
    /// Read and export the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// The recovery kit
    #[command(subcommand)]
    Kit(Kit),
    /// Find out what is wrong: keychain, embedded Postgres, and a database where a connection is given
    Doctor(Connection),
}

/// The embedded Postgres.
#[derive(Debug, Subcommand)]
pub enum Db {
    /// Start it and leave it running
    Start,
    /// Stop it
    Stop {
        /// Even while a console or another command uses it
        #[arg(long)]
        force: bool,
    },
    /// Say whether it runs, and where
    Status,
}

/// Taking over.
#[derive(Debug, Subcommand)]
pub enum Adopt {
    /// Look at the database, report what would be done, change nothing
    Inspect(Ways),
    /// Take the database over; run again after an interruption, it does what is left
    Apply(Apply),
    /// Print the steps of the take-over with their locks and expected times, or all of it as a script for psql; change nothing
    Plan(PlanSql),
    /// Give the database back as it was, with every row written since; possible until `finish`
    Revert(Undo),
    /// End the rights of the CRM's own login, and with them the way back
    Finish(Undo),
}

/// Planning.
#[derive(Debug, Args)]
pub struct PlanSql {
    /// Logins
    #[command(flatten)]
    pub ways: Ways,
    /// As a commented script, for a DBA to read and to run
    #[arg(long)]
    pub sql: bool,
    /// A choice that `adopt inspect` asks for; can be repeated
    #[arg(long = "decide", value_name = "NAME=CHOICE", value_parser = decision)]
    pub decisions: Vec<(String, String)>,
}

/// Reverting or finishing.
#[derive(Debug, Args)]
pub struct Undo {
    /// Logins
    #[command(flatten)]
    pub ways: Ways,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// The two logins of a take-over.
#[derive(Debug, Args)]
pub struct Ways {
    /// File with the connection string of an administrator: CREATEROLE, no superuser
    #[arg(long, value_name = "FILE")]
    pub dsn_file: PathBuf,
    /// File with the connection string of the CRM's own login, which owns its tables
    #[arg(long, value_name = "FILE")]
    pub owner_dsn_file: Option<PathBuf>,
}

/// Applying.
#[derive(Debug, Args)]
pub struct Apply {
    /// Logins
    #[command(flatten)]
    pub ways: Ways,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// A choice that `adopt inspect` asks for; can be repeated
    #[arg(long = "decide", value_name = "NAME=CHOICE", value_parser = decision)]
    pub decisions: Vec<(String, String)>,
    /// The first administrator
    #[command(flatten)]
    pub administrator: Administrator,
}

fn decision(given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((name, choice)) if !name.is_empty() && !choice.is_empty() => {
            Ok((name.to_owned(), choice.to_owned()))
        }
        _ => Err("NAME=CHOICE".to_owned()),
    }
}

/// The first administrator; without these the console finishes the set-up.
#[derive(Debug, Args)]
#[command(next_help_heading = "First administrator (otherwise the console finishes the set-up)")]
pub struct Administrator {
    /// First name of a new user
    #[arg(long, requires = "email")]
    pub first_name: Option<String>,
    /// Last name of a new user
    #[arg(long, requires = "email")]
    pub last_name: Option<String>,
    /// E-mail of a new user
    #[arg(long, requires = "first_name")]
    pub email: Option<String>,
    /// E-mail or id of an active CEO who becomes the administrator; `adopt inspect` lists them
    #[arg(long, value_name = "EMAIL|ID", conflicts_with_all = ["first_name", "last_name", "email"])]
    pub link_ceo: Option<String>,
    /// Name of the connection in the console; otherwise that of the database
    #[arg(long, value_name = "NAME")]
    pub connection_name: Option<String>,
    /// File with the console's new passphrase; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Save the recovery kit here, encrypted, instead of showing it on the terminal
    #[arg(long, value_name = "FILE", requires = "kit_passphrase_file")]
    pub kit_file: Option<PathBuf>,
    /// File with the passphrase of the kit's file
    #[arg(long, value_name = "FILE", requires = "kit_file")]
    pub kit_passphrase_file: Option<PathBuf>,
}

/// The recovery kit.
#[derive(Debug, Subcommand)]
pub enum Kit {
    /// Make a new kit, which takes the place of the one before
    New(KitNew),
}

/// A new kit. It needs the operator's keys, so the connection is always one of the keychain.
#[derive(Debug, Args)]
pub struct KitNew {
    /// Name or id of a connection of the console; otherwise the one opened last
    #[arg(long, value_name = "NAME")]
    pub connection: Option<String>,
    /// File with the console's passphrase; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Save the recovery kit here, encrypted, instead of showing it on the terminal
    #[arg(long, value_name = "FILE", requires = "kit_passphrase_file")]
    pub kit_file: Option<PathBuf>,
    /// File with the passphrase of the kit's file
    #[arg(long, value_name = "FILE", requires = "kit_file")]
    pub kit_passphrase_file: Option<PathBuf>,
}

/// The log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Newest events first
    #[command(after_long_help = query_help::ENGLISH)]
    List {
        /// How to connect
        #[command(flatten)]
        connection: Connection,
        /// Which events
        #[command(flatten)]
        filter: Filter,
        /// At most so many
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Go on where an earlier list ended (its `next`)
        #[arg(long, value_name = "NEXT")]
        cursor: Option<String>,
    },
    /// One event whole, with what it changed
    Show {
        /// Number of the event, the last column of `audit list`
        #[arg(value_name = "ID")]
        id: i64,
        /// Its time, exactly; needed only where an adopted log gave the number twice
        #[arg(value_name = "TIME")]
        time: Option<String>,
        /// How to connect
        #[command(flatten)]
        connection: Connection,
    },
    /// How many events that are
    #[command(after_long_help = query_help::ENGLISH)]
    Count {
        /// How to connect
        #[command(flatten)]
        connection: Connection,
        /// Which events
        #[command(flatten)]
        filter: Filter,
    },
    /// How many events by type, severity, outcome, actor, tenant and so on, and over time
    #[command(after_long_help = query_help::ENGLISH)]
    Stats {
        /// How to connect
        #[command(flatten)]
        connection: Connection,
        /// Which events
        #[command(flatten)]
        filter: Filter,
        /// Stretches of time, at most so many
        #[arg(long, default_value_t = 31, value_parser = clap::value_parser!(u32).range(10..=400))]
        buckets: u32,
    },
    /// Everything that the filter shows, as a file
    #[command(after_long_help = query_help::ENGLISH)]
    Export {
        /// How to connect
        #[command(flatten)]
        connection: Connection,
        /// Which events
        #[command(flatten)]
        filter: Filter,
        /// Form of the file
        #[arg(long, value_enum)]
        format: Format,
        /// Where to; `-` is standard output
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// Compress it with gzip
        #[arg(long)]
        compress: bool,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
}

/// How a command that works for an operator connects.
#[derive(Debug, Args)]
#[command(
    next_help_heading = "Connection (a DSN file, else ATALAYA_DSN, POSTGRES_DSN or DATABASE_URL, else the keychain)"
)]
pub struct Connection {
    /// File with an operator's connection string, readable for nobody else
    #[arg(long, value_name = "FILE")]
    pub dsn_file: Option<PathBuf>,
    /// Name or id of a connection of the console; otherwise the one opened last
    #[arg(long, value_name = "NAME", conflicts_with = "dsn_file")]
    pub connection: Option<String>,
    /// File with the console's passphrase; otherwise it is asked for
    #[arg(long, value_name = "FILE", conflicts_with = "dsn_file")]
    pub passphrase_file: Option<PathBuf>,
}

/// Which events. Values of one option are alternatives, different options narrow each other.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filter")]
pub struct Filter {
    /// Query as in the console, such as '-type:read_lead actor:ana when:"last 7 days"'; its days, and the times of its after: and
    /// before: without a zone, are those of this machine's zone
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// Event type, several times or separated by commas
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    pub types: Vec<String>,
    /// Severity
    #[arg(long, value_enum, value_delimiter = ',')]
    pub severity: Vec<SeverityName>,
    /// Outcome
    #[arg(long, value_enum, value_delimiter = ',')]
    pub outcome: Vec<OutcomeName>,
    /// Id or e-mail of who did it
    #[arg(long, value_name = "ID|EMAIL")]
    pub actor: Option<String>,
    /// Tenant
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = clap::value_parser!(i32).range(1..))]
    pub tenant: Vec<i32>,
    /// Events without a tenant; with --tenant those too
    #[arg(long)]
    pub system: bool,
    /// Address or network, such as 203.0.113.77 or 10.0.0.0/8
    #[arg(long, value_name = "IP|NETWORK")]
    pub ip: Option<String>,
    /// At or after this time, such as 2026-01-31 (midnight UTC) or 2026-01-31T10:00:00-03:00
    #[arg(long, value_name = "TIME")]
    pub after: Option<String>,
    /// Before this time; a day alone begins at midnight UTC. In the query, after: and before: mean this machine's zone
    #[arg(long, value_name = "TIME")]
    pub before: Option<String>,
}

/// Severities by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SeverityName {
    /// As expected
    Info,
    /// Worth a look
    Warning,
    /// Needs a person
    Critical,
}

/// Outcomes by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OutcomeName {
    /// It was done
    Ok,
    /// It was refused
    Denied,
    /// It was tried and did not work
    Failed,
}

/// Forms of an export.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    /// RFC 4180; a ' goes before what a spreadsheet would take for a formula
    Csv,
    /// As csv, with semicolons and a byte order mark, for Excel where the decimal sign is a comma
    Excel,
    /// One JSON object a line
    Jsonl,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_may_begin_with_an_exclusion() {
        for command in ["list", "count", "stats"] {
            let given =
                ["atalayactl", "audit", command, "--query", "-tipo:read_lead", "--type", "a"];
            let arguments = Arguments::try_parse_from(given).unwrap();
            let Command::Audit(
                Audit::List { filter, .. }
                | Audit::Count { filter, .. }
                | Audit::Stats { filter, .. },
            ) = arguments.command
            else {
                panic!("{command}");
            };
            assert_eq!(filter.query.as_deref(), Some("-tipo:read_lead"), "{command}");
            assert_eq!(filter.types, ["a"], "{command}");
        }
    }
}
