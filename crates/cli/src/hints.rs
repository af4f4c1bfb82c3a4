//! Beside an answer: which values of a query no event has, a slip of the pen more often than a rare event, and which time an empty
//! answer is of.

use crate::App;
use crate::connection::Session;
use crate::failure::Result;
use crate::output::plain;
use atalaya_model::audit::query::{AuditQuery, TenantMatch, nearest, word};
use atalaya_ops::audit::{self, Cancel};
use std::time::Duration;

/// What was asked for and no event has.
#[derive(Default)]
struct Unknown {
    /// Beside each the one that was probably meant.
    types: Vec<(String, Option<String>)>,
    actors: Vec<String>,
    tenants: Vec<i32>,
}

/// What an empty answer was asked as free text: words that another language of queries would have taken for operators, too, or a
/// period.
fn text(app: &App, query: &str) {
    let Ok(query) = AuditQuery::parse(query) else { return };
    if !query.text.is_empty() {
        let words: Vec<_> = query.text.iter().map(|each| word(&plain(each))).collect();
        app.output.note(&format!(
            "{}: {}",
            app.output.say(
                "Looked for as text in message and payload, all of them",
                "Se buscó como texto en el mensaje y los datos, todo a la vez"
            ),
            words.join(" "),
        ));
    }
    if let Some(period) = query.period_in_text() {
        app.output.note(&format!(
            "{}{period}",
            app.output.say("A period is written when:", "Un período se escribe cuando:"),
        ));
    }
}

/// So many actors of an empty answer are looked for one by one.
const ACTORS: usize = 5;

/// Of so many unknown types it is said which one was probably meant: each is compared with all that occur.
const TYPES: usize = 5;

/// As many tenants as the operation lists; whether there are more, it does not say.
const TENANTS: usize = 10_000;

/// So long hints are looked for behind an answer; what is not known by then is not said.
const LOOKING: Duration = Duration::from_secs(2);

/// Ends a session whose answer was `printed`, which says whether it was empty. The hints come behind the answer, which does not wait
/// for them; Ctrl-C ends the looking. Programs, which read no hints, get none.
pub async fn finish(app: &App, session: Session, query: &str, printed: Result<bool>) -> Result<()> {
    if let Ok(empty) = printed
        && !app.output.json
    {
        if empty {
            period(app, query);
            text(app, query);
        }
        let unknown = looked_for(app, &session, query, empty).await;
        say(app, &unknown);
    }
    session.close().await;
    printed.map(|_| ())
}

/// Only a hint: where it cannot be told, nothing is said.
async fn looked_for(app: &App, session: &Session, query: &str, empty: bool) -> Unknown {
    let mut unknown = Unknown::default();
    // Each question is ended on the server: a statement that nobody waits for would keep the end of the session waiting.
    let enough = app.cancel.child_token();
    let bell = async {
        tokio::time::sleep(LOOKING).await;
        enough.cancel();
        std::future::pending().await
    };
    tokio::select! {
        () = look(session, query, empty, &enough, &mut unknown) => {}
        () = bell => {}
    }
    unknown
}

async fn look(session: &Session, query: &str, empty: bool, enough: &Cancel, unknown: &mut Unknown) {
    let Ok(AuditQuery { only, .. }) = AuditQuery::parse(query) else { return };
    // The events that were found are of the one type that was asked for; of several they may all be of one.
    let types = if empty || only.types.len() > 1 { only.types } else { Vec::new() };
    let tenants = only.tenants.iter().filter_map(|tenant| match tenant {
        TenantMatch::Tenant(id) if empty => Some(*id),
        _ => None,
    });
    let tenants: Vec<_> = tenants.collect();
    let (cx, caller) = (&session.context, &session.caller);
    if (!types.is_empty() || !tenants.is_empty())
        && let Ok(options) = audit::options_until(cx, caller, enough.clone()).await
    {
        // Whoever may list no tenants may see their events all the same.
        if !options.tenants.is_empty() && options.tenants.len() < TENANTS {
            let listed = |id| options.tenants.iter().any(|tenant| tenant.id == id);
            unknown.tenants =
                tenants.into_iter().filter(|id| !listed(*id)).map(|id| id.0).collect();
        }
        let known = || options.types.iter().map(String::as_str);
        // A log may have more types than are listed.
        let unlisted = types.into_iter().filter(|each| !options.types.contains(each)).take(TYPES);
        for each in unlisted {
            let mut alone = AuditQuery::default();
            alone.only.types.push(each.clone());
            if nothing(session, &alone, enough).await {
                let meant = nearest(&each, known()).map(str::to_owned);
                unknown.types.push((each, meant));
            }
        }
    }
    let actors = if empty { only.actors } else { Vec::new() };
    for actor in actors.into_iter().take(ACTORS) {
        let mut alone = AuditQuery::default();
        alone.only.actors.push(actor.clone());
        if nothing(session, &alone, enough).await {
            unknown.actors.push(actor);
        }
    }
}

/// Whether it is sure that no event fits.
async fn nothing(session: &Session, query: &AuditQuery, enough: &Cancel) -> bool {
    let (cx, caller, text) = (&session.context, &session.caller, query.to_string());
    !enough.is_cancelled()
        && audit::list_until(cx, caller, &text, None, 1, enough.clone())
            .await
            .is_ok_and(|page| page.rows.is_empty() && page.next.is_none())
}

/// Says what no event has.
fn say(app: &App, unknown: &Unknown) {
    let of_type = app.output.say(
        "No event that you see has this type (`audit stats` shows those that occur)",
        "Ningún evento de los que usted ve tiene este tipo (`audit stats` muestra los que existen)",
    );
    let of_actor = app.output.say(
        "No event that you see has this actor: give a whole e-mail or id, or the beginning of an e-mail (`audit stats` shows the most frequent)",
        "Ningún evento de los que usted ve tiene este actor: indique un correo o un id completos, o el comienzo de un correo (`audit stats` muestra los más frecuentes)",
    );
    // The same words for one that is out of reach and for one that is not there: which of the two it is, nobody is told.
    let of_tenant = app.output.say(
        "There is no tenant that you see with this number (`audit stats` shows those with events)",
        "No hay ninguna empresa con este número entre las que usted ve (`audit stats` muestra las que tienen eventos)",
    );
    for (each, meant) in &unknown.types {
        let meant = meant.as_ref().map_or_else(String::new, |meant| {
            format!(" – {} {}?", app.output.say("did you mean", "¿quiso decir"), plain(meant))
        });
        app.output.note(&format!("{of_type}: {}{meant}", plain(each)));
    }
    for each in &unknown.actors {
        app.output.note(&format!("{of_actor}: {}", plain(each)));
    }
    for each in &unknown.tenants {
        app.output.note(&format!("{of_tenant}: {each}"));
    }
}

/// Which time was asked for where nothing was found: words for it move with the clock, and with this machine's zone.
fn period(app: &App, query: &str) {
    let now = app.workplace.clock.now().with_timezone(&chrono::Local);
    let asked = AuditQuery::parse(query).ok().and_then(|q| q.at(&now).ok());
    let Some((after, before)) = asked.map(|q| (q.after, q.before)) else { return };
    if after.is_none() && before.is_none() {
        return;
    }
    let shown = |t: Option<atalaya_model::Instant>| t.map_or("…".to_owned(), |t| t.to_string());
    app.output.note(&format!(
        "{}: {} – {}",
        app.output.say("Time that was asked for (UTC)", "Fechas consultadas (UTC)"),
        shown(after),
        shown(before),
    ));
}
