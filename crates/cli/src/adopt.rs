//! `adopt`: taking a CRM's database over.

use crate::administrator::Plan;
use crate::args::{Adopt, Apply, PlanSql, Undo, Ways};
use crate::failure::{Failure, Result};
use crate::output::{plain, table};
use crate::{App, exit, phrases, secret_file, terminal};
use atalaya_model::adoption::{
    DatabaseKind, Estimate, Finding, FindingSeverity, Inspection, Progress, UndoPreview,
};
use atalaya_model::connection::Target;
use atalaya_model::{Code, Error};
use atalaya_ops::adoption;

/// Runs one of the commands.
pub async fn run(app: &App, command: Adopt) -> Result<u8> {
    match command {
        Adopt::Inspect(ways) => inspect(app, &ways).await?,
        Adopt::Apply(apply) => self::apply(app, apply).await?,
        Adopt::Plan(wanted) => plan(app, wanted).await?,
        Adopt::Revert(undo) => revert(app, &undo).await?,
        Adopt::Finish(undo) => finish(app, &undo).await?,
    }
    Ok(exit::OK)
}

fn targets(ways: &Ways) -> Result<(Target, Option<Target>)> {
    let administrator = secret_file::target(&ways.dsn_file)?;
    let owner = ways.owner_dsn_file.as_deref().map(secret_file::target).transpose()?;
    if let Some(owner) = &owner
        && (&owner.database, &owner.host, owner.port)
            != (&administrator.database, &administrator.host, administrator.port)
    {
        return Err(Failure::usage(
            "The two connection strings name different servers or databases.",
            "Las dos cadenas de conexión nombran servidores o bases distintos.",
        ));
    }
    Ok((administrator, owner))
}

async fn inspect(app: &App, ways: &Ways) -> Result<()> {
    let (administrator, owner) = targets(ways)?;
    let inspection = look(app, &administrator, owner.as_ref()).await?;
    app.output.answer(&inspection, || report(app, &inspection))
}

async fn look(app: &App, administrator: &Target, owner: Option<&Target>) -> Result<Inspection> {
    tokio::select! {
        found = adoption::inspect(administrator, owner) => found.map_err(Into::into),
        () = app.cancel.cancelled() => Err(Failure::cancelled()),
    }
}

async fn apply(app: &App, apply: Apply) -> Result<()> {
    let (administrator, owner) = targets(&apply.ways)?;
    // Whatever a person has to bring is asked for and judged before anything is changed.
    let decisions = apply.decisions.into_iter().collect();
    let plan = Plan::of(app, apply.administrator, &administrator).await?;
    let inspection = look(app, &administrator, owner.as_ref()).await?;
    app.output.note(&report(app, &inspection));
    let plan = match plan {
        Some(plan) => Some(plan.judged(&inspection, owner.as_ref()).await?),
        None => None,
    };
    if inspection.can_apply && !apply.yes {
        let question = app.output.say("Take this database over?", "¿Adoptar esta base de datos?");
        if !terminal::agreed(app, question).await? {
            return Err(Failure::cancelled());
        }
    }
    let progress = |at: Progress| {
        let step = phrases::step(at.step, app.output.language);
        let count = match (at.done, at.total) {
            (0, None) => String::new(),
            (done, None) => format!(" {done}"),
            (done, Some(total)) => format!(" {done}/{total}"),
        };
        app.output.progress(&format!("{step}{count}"));
    };
    let applied = {
        let work = adoption::apply(
            &app.workplace,
            &administrator,
            owner.as_ref(),
            false,
            &decisions,
            progress,
        );
        tokio::pin!(work);
        tokio::select! {
            applied = &mut work => applied,
            // A step is not left in its middle: what the administrator is lent has to be taken back.
            () = app.cancel.cancelled() => {
                app.output.note(app.output.say(
                    "\nFinishing; Ctrl-C again breaks off, and running the command again goes on.",
                    "\nTerminando; Ctrl-C otra vez interrumpe, y repetir el comando continúa.",
                ));
                work.await
            }
        }
    };
    app.output.progress_done();
    let inspection = applied.map_err(in_the_way)?;
    let installed = match plan {
        Some(plan) => Some(plan.install(app, administrator).await?),
        None => None,
    };
    let json = serde_json::json!({
        "applied": true, "inspection": inspection, "administrator": installed,
    });
    app.output.answer(&json, || match &installed {
        Some(installed) => installed.text(app),
        None => app
            .output
            .say(
                "The database is taken over. Its first administrator is missing: open the console and choose this \
                 database, or run this command again with --email and --first-name, or with --link-ceo.",
                "La base de datos quedó adoptada. Falta su primer administrador: abra la consola y elija esta \
                 base, o repita este comando con --email y --first-name, o con --link-ceo.",
            )
            .to_owned(),
    })
}

async fn plan(app: &App, wanted: PlanSql) -> Result<()> {
    if !wanted.sql {
        let (administrator, owner) = targets(&wanted.ways)?;
        let found = look(app, &administrator, owner.as_ref()).await?;
        let grave: Vec<_> =
            found.findings.iter().filter(|f| f.severity != FindingSeverity::Info).collect();
        let json = serde_json::json!({
            "can_apply": found.can_apply, "steps": found.steps, "findings": grave,
        });
        return app.output.answer(&json, || {
            format!("{}\n{}", planned(app, &found), findings(app, grave.iter().copied()))
        });
    }
    let (administrator, owner) = both(&wanted.ways)?;
    let decisions = wanted.decisions.into_iter().collect();
    let script = adoption::plan(&app.workplace, &administrator, &owner, &decisions).await?;
    app.output.answer(&serde_json::json!({ "sql": script }), || script.clone())
}

/// Both connection strings, which these commands cannot do without.
fn both(ways: &Ways) -> Result<(Target, Target)> {
    match targets(ways)? {
        (administrator, Some(owner)) => Ok((administrator, owner)),
        _ => Err(Failure::usage(
            "This needs --owner-dsn-file: the CRM's own login gets its tables back, or loses its rights.",
            "Falta --owner-dsn-file: el usuario propio del CRM recibe de vuelta sus tablas, o pierde sus permisos.",
        )),
    }
}

/// What in the CRM's database stands in the way of a take-over: it is the right database, and can be made fit.
fn in_the_way(error: Error) -> Failure {
    if error.code != Code::DbNotACrm || !error.detail.contains_key("finding") {
        return error.into();
    }
    let lines = plain(error.detail.get("reason").map_or("", String::as_str));
    let english = format!(
        "Something in this CRM's database stands in the way of taking it over: {lines}. Change that, and run this again; `adopt inspect` \
         shows all of it. Nothing was changed."
    );
    let spanish = format!(
        "Algo en la base de datos de este CRM impide adoptarla: {lines}. Cámbielo y repita el comando; `adopt inspect` lo muestra todo. \
         No se cambió nada."
    );
    Failure::of(error, english, spanish)
}

/// Why there is nothing to undo or to finish, where the database says why.
fn standing_as_it_is(error: Error) -> Failure {
    let (english, spanish) = match error.detail.get("reason").map(String::as_str) {
        Some("finished") => (
            "The adoption was finished; it can no longer be undone.",
            "La adopción se terminó; ya no se puede deshacer.",
        ),
        Some("not_noted") => (
            "This database keeps no state from before an adoption: there is nothing to undo or to finish.",
            "Esta base de datos no guarda un estado anterior a una adopción: no hay nada que deshacer ni que terminar.",
        ),
        Some("other_login") => (
            "The login of --owner-dsn-file is not the one that owned the tables before the adoption. Give that one.",
            "El usuario de --owner-dsn-file no es el que era dueño de las tablas antes de la adopción. Indique aquel.",
        ),
        Some("not_completed") => (
            "The adoption has no first administrator yet. Set one up in the console, or with `adopt apply` and --email or --link-ceo.",
            "La adopción aún no tiene un primer administrador. Créelo en la consola, o con `adopt apply` y --email o --link-ceo.",
        ),
        _ => return error.into(),
    };
    Failure::of(
        error,
        format!("{english} Nothing was changed."),
        format!("{spanish} No se cambió nada."),
    )
}

async fn revert(app: &App, undo: &Undo) -> Result<()> {
    let (administrator, owner) = both(&undo.ways)?;
    if !undo.yes {
        let seen =
            adoption::preview(None, &administrator, &owner).await.map_err(standing_as_it_is)?;
        app.output.note(&since(app, &seen));
    }
    let question = app.output.say(
        "Give this database back to its CRM? Operators of the console can no longer sign in; secrets and sessions of Atalaya are \
         deleted.",
        "¿Devolver esta base a su CRM? Los operadores de la consola ya no podrán entrar; los secretos y las sesiones de Atalaya se \
         borran.",
    );
    if !undo.yes && !terminal::agreed(app, question).await? {
        return Err(Failure::cancelled());
    }
    let progress = |at: Progress| {
        app.output.progress(phrases::step(at.step, app.output.language));
    };
    let done = adoption::revert(None, &administrator, &owner, progress).await;
    app.output.progress_done();
    let differs = done.map_err(standing_as_it_is)?.differs;
    app.output.answer(&serde_json::json!({ "reverted": true, "differs": differs }), || {
        let mut text = app
            .output
            .say(
                "The database is as it was before the take-over, with every row that was written since.",
                "La base quedó como antes de la adopción, con cada fila escrita desde entonces.",
            )
            .to_owned();
        if !differs.is_empty() {
            text.push_str(app.output.say(
                "\nThis could not be as it was: rows written since do not keep a constraint, or a right was given by a login as which this \
                 administrator may not act (it is there, given by the owner). An operator's login stays where another database lets it in.",
                "\nEsto no pudo quedar como estaba: filas escritas desde entonces no cumplen una restricción, o un permiso fue dado por un \
                 usuario como el que este administrador no puede actuar (está, dado por el dueño). El usuario de un operador se queda donde otra base lo deja entrar.",
            ));
        }
        for line in &differs {
            text.push_str(&format!("\n  {}", plain(line)));
        }
        text
    })
}

async fn finish(app: &App, undo: &Undo) -> Result<()> {
    let (administrator, owner) = both(&undo.ways)?;
    if !undo.yes {
        let seen =
            adoption::preview(None, &administrator, &owner).await.map_err(standing_as_it_is)?;
        app.output.note(&since(app, &seen));
    }
    let question = app.output.say(
        "End the rights of the CRM's own login? Its program stops unless it uses the API or a login of its own by now, and \
         `adopt revert` is no longer possible.",
        "¿Quitar los permisos al usuario propio del CRM? Su programa se detiene si aún no usa la API o un usuario propio, y ya no \
         será posible `adopt revert`.",
    );
    if !undo.yes && !terminal::agreed(app, question).await? {
        return Err(Failure::cancelled());
    }
    let progress = |at: Progress| {
        app.output.progress(phrases::step(at.step, app.output.language));
    };
    let done = adoption::finish(None, &administrator, &owner, progress).await;
    app.output.progress_done();
    done.map_err(standing_as_it_is)?;
    app.output.answer(&serde_json::json!({ "finished": true }), || {
        app.output
            .say(
                "The CRM's own login may do nothing here any more. It still owns the database: let a DBA run \
                 ALTER DATABASE ... OWNER TO somebody else.",
                "El usuario propio del CRM ya no puede hacer nada aquí. Sigue siendo dueño de la base: un DBA debe ejecutar \
                 ALTER DATABASE ... OWNER TO otro usuario.",
            )
            .to_owned()
    })
}

/// What was written since, and what goes or stops.
fn since(app: &App, seen: &UndoPreview) -> String {
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    let mut rows =
        vec![vec![say("TABLE", "TABLA"), say("ROWS THEN", "FILAS ENTONCES"), say("NOW", "AHORA")]];
    rows.extend(seen.tables.iter().map(|t| {
        let before = t.before.map_or_else(|| "?".to_owned(), |n| n.to_string());
        vec![plain(&t.table), before, t.now.to_string()]
    }));
    let lines = [
        (say("Events by the CRM since", "Eventos del CRM desde entonces"), seen.events_of_crm),
        (
            say("Events by Atalaya since", "Eventos de Atalaya desde entonces"),
            seen.events_of_atalaya,
        ),
        (say("Values set aside", "Valores guardados aparte"), seen.set_aside),
        (say("Operators of the console", "Operadores de la consola"), seen.operators),
        (say("Secrets of Atalaya", "Secretos de Atalaya"), seen.secrets),
        (say("Connections of the CRM now", "Conexiones del CRM ahora"), seen.connections),
    ];
    let lines: Vec<_> = lines.iter().map(|(what, n)| format!("{what}: {n}")).collect();
    let logins = plain(&seen.logins.join(", "));
    format!(
        "{}\n{}\n{}: {logins}\n",
        table(&rows),
        lines.join("\n"),
        say("The CRM's logins", "Usuarios del CRM")
    )
}

/// What was found, worst first, with the choices that are open.
fn findings<'a>(app: &App, found: impl IntoIterator<Item = &'a Finding>) -> String {
    let language = app.output.language;
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    let mut out = String::new();
    for finding in found {
        let mark = match finding.severity {
            FindingSeverity::Info => say("note", "nota"),
            FindingSeverity::Warning => say("WARNING", "AVISO"),
            FindingSeverity::Blocking => say("BLOCKS", "IMPIDE"),
        };
        let count = finding.count.map(|n| format!(" ({n})")).unwrap_or_default();
        out.push_str(&format!("\n{mark}: {}{count}", phrases::finding(finding.code, language)));
        if !finding.examples.is_empty() {
            out.push_str(&format!("\n  {}", plain(&finding.examples.join(", "))));
        }
        if !finding.choices.is_empty() {
            let choices: Vec<_> = finding
                .choices
                .iter()
                .map(|c| format!("{} ({})", c, phrases::choice(finding.code, c, language)))
                .collect();
            let choose = say("choose with --decide", "elija con --decide");
            out.push_str(&format!("\n  {choose} {}=...: {}", finding.code, choices.join("; ")));
        }
    }
    out
}

/// The steps with what each locks, what the CRM notices and how long it takes.
fn planned(app: &App, found: &Inspection) -> String {
    let language = app.output.language;
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    if found.steps.is_empty() {
        return say("There is nothing to be done here.", "Aquí no hay nada que hacer.");
    }
    let mut rows = vec![vec![
        say("STEP", "PASO"),
        say("STRONGEST LOCK", "BLOQUEO MÁS FUERTE"),
        say("ON", "SOBRE"),
        say("THE CRM", "EL CRM"),
        say("TAKES", "TARDA"),
    ]];
    let mut whole = Estimate::default();
    for step in &found.steps {
        let (mode, tables) = match &step.strongest {
            Some(lock) => (phrases::lock_mode(lock.mode), lock.tables.join(", ")),
            None => ("-", "-".to_owned()),
        };
        rows.push(vec![
            phrases::step(step.step, language).to_owned(),
            mode.to_owned(),
            tables,
            phrases::lock(step.lock, language).to_owned(),
            phrases::estimate(step.time),
        ]);
        whole.from_ms += step.time.from_ms;
        whole.to_ms += step.time.to_ms;
    }
    let end = say(
        "Expected in all: {}. From an idle server with fast disks to a busy one; waiting for somebody who holds a lock for long \
         comes on top. A lock that the CRM would wait for is given up after a tenth of a second and asked for again.",
        "Se espera en total: {}. De un servidor libre con discos rápidos a uno ocupado; se suma la espera por quien retenga un \
         bloqueo largo. Un bloqueo por el que el CRM esperaría se abandona a la décima de segundo y se vuelve a pedir.",
    );
    format!("{}\n{}", table(&rows), end.replace("{}", &phrases::estimate(whole)))
}

fn report(app: &App, found: &Inspection) -> String {
    let language = app.output.language;
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    let mut out = format!(
        "{}: {} (PostgreSQL {})\n",
        plain(&found.database),
        phrases::database_kind(found.kind, language),
        found.server_version
    );
    if !found.tables.is_empty() {
        let done = found.kind == DatabaseKind::Adopted;
        let mut rows = vec![vec![say("TABLE", "TABLA"), say("ROWS", "FILAS")]];
        if !done {
            rows[0].push(say("WILL BE", "QUEDARÁ"));
        }
        rows.extend(found.tables.iter().map(|t| {
            let count = if t.rows < 0 { "?".to_owned() } else { t.rows.to_string() };
            let mut row = vec![plain(&t.name), count];
            if !done {
                row.push(phrases::table_action(t.action, language).to_owned());
            }
            row
        }));
        out.push('\n');
        out.push_str(&table(&rows));
    }
    out.push_str(&findings(app, &found.findings));
    for (goes_on, title) in [
        (
            true,
            say(
                "These statements of the CRM go on:",
                "Estas sentencias del CRM siguen funcionando:",
            ),
        ),
        (false, say("These stop:", "Estas dejan de funcionar:")),
    ] {
        let classes: Vec<_> = found.statements.iter().filter(|s| s.goes_on == goes_on).collect();
        if !classes.is_empty() {
            out.push_str(&format!("\n\n{title}"));
        }
        for class in classes {
            out.push_str(&format!("\n  {}", phrases::statement(class.code, language)));
        }
    }
    if !found.ceos.is_empty() && found.can_link() {
        out.push_str(&format!(
            "\n\n{}",
            say("Active CEOs who could be linked:", "CEO activos que se pueden vincular:")
        ));
        for ceo in found.ceos.iter().take(20) {
            out.push_str(&format!(
                "\n  {} {} ({})",
                ceo.user_id,
                plain(&ceo.email),
                plain(&ceo.name)
            ));
        }
    }
    if !found.steps.is_empty() {
        out.push_str(&format!("\n\n{}", planned(app, found)));
    }
    let end = match (found.kind, found.can_apply) {
        (DatabaseKind::Adopted, _) if found.taken.is_some() => standing(app, found),
        (DatabaseKind::Adopted, _) => say(
            "This database was taken over before; `apply` does what is left.",
            "Esta base de datos ya se adoptó; `apply` hace lo que falte.",
        ),
        (_, true) => say("It can be taken over.", "Se puede adoptar."),
        (_, false) => {
            say("It cannot be taken over as it is.", "No se puede adoptar tal como está.")
        }
    };
    out.push_str(&format!("\n\n{end}\n"));
    out
}

/// When it was taken over, by whom, and what is possible now.
fn standing(app: &App, found: &Inspection) -> String {
    let Some(taken) = &found.taken else { return String::new() };
    let say = |english, spanish| app.output.say(english, spanish).to_owned();
    let mut lines = vec![format!(
        "{} {}{}.",
        say("Taken over on", "Adoptada el"),
        taken.at,
        taken
            .by
            .as_ref()
            .map(|by| format!("{} {}", say(", by", ", por"), plain(by)))
            .unwrap_or_default()
    )];
    if let Some(at) = &taken.finished_at {
        lines.push(format!(
            "{} {at}: {}",
            say("Finished on", "Terminada el"),
            say(
                "the CRM's logins may do nothing here, and there is no way back.",
                "los usuarios del CRM no pueden hacer nada aquí, y no hay vuelta atrás.",
            )
        ));
    } else if taken.can_be_undone {
        lines.push(say(
            "The CRM's logins go on beside it. `adopt revert` gives it back, `adopt finish` ends what they may do.",
            "Los usuarios del CRM siguen a su lado. `adopt revert` la devuelve, `adopt finish` les quita los permisos.",
        ));
    } else {
        lines.push(say(
            "It began as an empty workspace: there is nothing to go back to.",
            "Comenzó como un espacio vacío: no hay a qué volver.",
        ));
    }
    if !taken.completed {
        lines.push(say(
            "Its first administrator is missing; `apply` does what is left.",
            "Falta su primer administrador; `apply` hace lo que queda.",
        ));
    }
    lines.join("\n")
}
