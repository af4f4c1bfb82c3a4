//! Logs that take long to be looked through.

use crate::stage::{Adopted, answer, code, error, stage};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A database of its own: what is costly there would keep the other tests waiting.
fn costly() -> &'static Adopted {
    static COSTLY: OnceLock<Adopted> = OnceLock::new();
    COSTLY.get_or_init(|| {
        let stage = stage();
        stage.database("costly");
        let adopted = stage.adopt("costly");
        // Two pages and one that are found at once, and behind them a few that take longer than a page may each, with enough
        // behind that the planner takes them in order; many that take long together; more types than are listed.
        stage.psql(
            "costly",
            "INSERT INTO system_events (event_type, occurred_at, message)
             SELECT 'steep', '2026-05-02Z'::timestamptz - n * interval '1 second', 'qx' FROM generate_series(1, 1001) n;
             INSERT INTO system_events (event_type, occurred_at, message)
             SELECT CASE WHEN n > 5 THEN 'moor' ELSE 'cliff' END, '2026-05-01 12:00Z'::timestamptz - n * interval '1 second', 'qx'
             FROM generate_series(1, 5000) n;
             INSERT INTO system_events (event_type, occurred_at, message)
             SELECT CASE n % 500 WHEN 0 THEN 'hill' ELSE 'plain' END, '2026-04-02Z'::timestamptz - n * interval '1 second',
               CASE WHEN n IN (3, 8999) THEN 'wv' END
             FROM generate_series(1, 9000) n;
             INSERT INTO system_events (event_type, occurred_at)
             SELECT 'a' || n, '2026-03-01Z' FROM generate_series(1, 1100) n",
        );
        // The planner knows what a row costs, and looks at no more of them than it has to.
        stage.psql(
            "costly",
            "CREATE FUNCTION public.costly(kind text) RETURNS boolean LANGUAGE plpgsql VOLATILE COST 10000 AS $$ BEGIN
               PERFORM pg_sleep(CASE kind WHEN 'cliff' THEN 4 WHEN 'hill' THEN 0.1 END);
               RETURN TRUE; END $$;
             CREATE POLICY costly ON public.system_events AS RESTRICTIVE FOR SELECT TO atalaya_operator USING (public.costly(event_type));
             ANALYZE public.system_events",
        );
        adopted
    })
}

fn run(options: &[&str], query: &str, extra: &[&str]) -> Output {
    let operator = &costly().operator;
    let mut command = stage().ctl(options);
    command.args(["audit", "list", "--query", query]).args(extra);
    command.arg("--dsn-file").arg(operator).output().unwrap()
}

/// Two letters, which no index of trigrams helps with.
const RARE: &str = "wv when:2026-04";

#[test]
fn a_search_that_finds_little_says_how_far_it_got_and_goes_on_from_there() {
    costly();
    let (mut found, mut cursor, mut runs) = (0, None::<String>, 0);
    loop {
        let at = cursor.take();
        let extra = at.as_ref().map_or(Vec::new(), |at| vec!["--cursor", at]);
        let began = Instant::now();
        let page = answer(&run(&["--json"], RARE, &extra));
        assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
        found += page["rows"].as_array().unwrap().len();
        runs += 1;
        assert_eq!(page["searched"]["complete"], page["next"].is_null(), "{page}");
        match page["next"].as_str() {
            Some(next) => {
                assert!(next.starts_with(page["searched"]["until"].as_str().unwrap()), "{page}");
                cursor = Some(next.to_owned());
            }
            None => break,
        }
    }
    assert_eq!(found, 2);
    assert!(runs > 1, "it was not costly at all");
    for (language, said) in
        [("en", "Searched back to 2026-04-0"), ("es", "Se buscó hacia atrás hasta 2026-04-0")]
    {
        let out = run(&["--lang", language], RARE, &[]);
        let (text, note) =
            (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!((code(&out), text.lines().count()), (0, 2), "{text}{note}");
        assert!(note.contains(said) && note.contains(" --cursor 2026-04-0"), "{note}");
    }
}

#[test]
fn rows_that_were_found_are_kept_when_what_follows_is_refused() {
    costly();
    let query = "-type:moor when:2026-05";
    let page = answer(&run(&["--json"], query, &["--limit", "2000"]));
    assert_eq!(page["rows"].as_array().map(Vec::len), Some(1_000));
    let last = &page["rows"][999];
    let next = page["next"].as_str().unwrap();
    assert!(next.starts_with(last["occurred_at"].as_str().unwrap()), "{next}");
    let searched = serde_json::json!({ "until": last["occurred_at"], "complete": false });
    assert_eq!(page["searched"], searched);
    // Behind the last comma it says when it was asked.
    let (place, _) = next.rsplit_once(',').unwrap();
    for (language, said) in [("en", "narrow the query"), ("es", "acote la consulta")] {
        let out = run(&["--lang", language], query, &["--limit", "2000"]);
        let (text, note) =
            (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!((code(&out), text.lines().count()), (0, 1_001), "{note}");
        assert!(note.contains(said) && note.contains(&format!("--cursor {place},")), "{note}");
    }
    // Nothing was found before: that is an error.
    let (code, refused) = error(&run(&["--json"], query, &["--cursor", next]));
    assert_eq!((code, refused["code"].as_str()), (2, Some("QUERY_TOO_BROAD")), "{refused}");
    let none = answer(&run(&["--json"], "type:steep", &["--limit", "5"]));
    assert_eq!(none["searched"], Value::Null);
}

/// Those that begin with an `a` are as many as are listed.
#[test]
fn a_type_behind_those_that_are_listed_is_known() {
    let hint = |query: &str| {
        let out = run(&["--lang", "en"], query, &[]);
        assert_eq!(code(&out), 0, "{out:?}");
        String::from_utf8(out.stderr).unwrap()
    };
    let said = hint("type:steep,steeq when:1999");
    assert!(said.contains("has this type") && said.contains(": steeq"), "{said}");
    assert!(!said.contains(": steep"), "{said}");
}

/// What the hints ask takes longer here than anybody waits.
#[test]
fn the_answer_does_not_wait_for_hints_and_ctrl_c_ends_them() {
    let ended = |interrupted: bool| {
        let mut command = stage().ctl(&["audit", "count", "--query", "type:cliff when:1999"]);
        command.arg("--dsn-file").arg(&costly().operator);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert_eq!(first, "0\n");
        let answered = Instant::now();
        assert!(child.try_wait().unwrap().is_none());
        if interrupted {
            let mut kill = Command::new("kill");
            assert!(kill.args(["-INT", &child.id().to_string()]).status().unwrap().success());
        }
        let out = child.wait_with_output().unwrap();
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.success() && !said.contains("type"), "{said}");
        answered.elapsed()
    };
    let whole = ended(false);
    assert!(whole < Duration::from_secs(5), "{whole:?}");
    let cut = ended(true);
    assert!(cut < Duration::from_secs(1) && cut < whole, "{cut:?} of {whole:?}");
}
