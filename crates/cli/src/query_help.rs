//! The language of `--query` in short, below the long help of the commands that take one. The README has all of it.

/// In English.
pub const ENGLISH: &str = r#"Fields of --query, all of which must hold; a comma means OR, a - in front excludes:
  type      exactly as the log writes it          type:login_failed,access_denied
  severity  info, warning, critical               -severity:info
  outcome   ok, denied, failed                    outcome:denied,failed
  actor     e-mail, its beginning, or an id       actor:ana
  tenant    its number; system: without one       tenant:3,system
  resource  its type, or type/id                  resource:leads/42
  session   id of a session                       session:7d3cbf5e-3f0c-4c7c-9f3b-0a6a6a3a3a3a
  ip        address or network                    ip:10.0.0.0/8
  origin    console, api, cli, legacy,            origin:direct
            direct, upkeep
  request   UUID of a request                     request:7d3cbf5e-3f0c-4c7c-9f3b-0a6a6a3a3a3a
  when      a period, in quotes if it has blanks  when:"last 7 days"
  after     from then on, included                after:2026-03-01
  before    up to then, not included              before:yesterday
Anything else is text that is looked for in message and payload: "connection lost".
Limits: 4,096 bytes in all, 400 in a value, 200 values in a field, 10 pieces of text with 1,000
bytes in all of them together. Names and values may be written in Spanish too."#;

/// In Spanish.
pub const SPANISH: &str = r#"Campos de --query, que se cumplen todos; la coma es O, un - delante excluye:
  tipo       tal como está en el registro          tipo:login_failed,access_denied
  severidad  info, aviso, crítico                  -severidad:info
  resultado  ok, denegado, fallido                 resultado:denegado,fallido
  usuario    correo, su comienzo, o un id          usuario:ana
  empresa    su número; sistema: sin empresa       empresa:3,sistema
  recurso    su tipo, o tipo/id                    recurso:leads/42
  sesión     id de una sesión                      sesión:7d3cbf5e-3f0c-4c7c-9f3b-0a6a6a3a3a3a
  ip         dirección o red                       ip:10.0.0.0/8
  origen     consola, api, cli, legacy,            origen:directo
             directo, mantenimiento
  solicitud  UUID de una solicitud                 solicitud:7d3cbf5e-3f0c-4c7c-9f3b-0a6a6a3a3a3a
  cuando     un período, entre comillas si lleva   cuando:"últimos 7 días"
             espacios
  desde      desde ahí, incluido                   desde:2026-03-01
  hasta      hasta ahí, sin incluirlo              hasta:ayer
Lo demás es texto que se busca en el mensaje y los datos: "conexión perdida".
Límites: 4.096 bytes en total, 400 por valor, 200 valores por campo, 10 textos con 1.000 bytes
entre todos. Los nombres y los valores se pueden escribir también en inglés."#;

#[cfg(test)]
mod tests {
    use super::*;
    use atalaya_model::audit::query::{
        AuditQuery, Field, QUERY_LENGTH, TEXTS, TEXTS_LENGTH, VALUE_LENGTH, VALUES_PER_FIELD,
    };

    /// The examples, which end the lines of the fields.
    fn examples(text: &str) -> Vec<&str> {
        let lines = text.lines().filter(|line| line.starts_with("  ") && line.contains(':'));
        lines.map(|line| line.rsplit("  ").next().unwrap().trim()).collect()
    }

    #[test]
    fn every_field_has_an_example_that_is_read() {
        let read = |text: &str| AuditQuery::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        for text in [ENGLISH, SPANISH] {
            let examples = examples(text);
            let fields: Vec<_> = examples
                .iter()
                .filter_map(|example| {
                    read(example);
                    Field::named(example.trim_start_matches('-').split(':').next()?)
                })
                .collect();
            assert_eq!(fields, Field::all().collect::<Vec<_>>());
            assert_eq!(examples.len(), fields.len() + 1, "and the session");
            for line in text.lines() {
                assert!(line.chars().count() <= 100, "{line}");
            }
        }
    }

    #[test]
    fn the_limits_are_those_of_the_language() {
        let limits = [QUERY_LENGTH, VALUE_LENGTH, VALUES_PER_FIELD, TEXTS, TEXTS_LENGTH];
        for text in [ENGLISH, SPANISH] {
            let line = text.split_once("s: 4").unwrap().1.replace([',', '.'], "");
            let numbers = format!("4{line}");
            let numbers = numbers.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
            let numbers: Vec<usize> = numbers.map(|n| n.parse().unwrap()).collect();
            assert_eq!(numbers, limits);
        }
    }
}
