//! Events as lines of text: CSV (RFC 4180) and JSON Lines.

use atalaya_model::audit::AuditEvent;
use atalaya_model::export::{COLUMNS, ExportFormat, cells, guard};
use atalaya_model::{Code, Error, Result};

/// Room that a line is expected to need, in bytes.
pub(super) const LINE: usize = 512;

/// Lines of RFC 4180 end with CRLF.
fn csv_writer(room: usize) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(room))
}

/// What stands before the first event.
///
/// # Errors
/// `INTERNAL`: memory does not fail.
pub(super) fn head(format: ExportFormat) -> Result<Vec<u8>> {
    if format == ExportFormat::Jsonl {
        return Ok(Vec::new());
    }
    let mut writer = csv_writer(LINE);
    writer.write_record(COLUMNS).map_err(internal)?;
    writer.into_inner().map_err(internal)
}

/// The text of events.
///
/// # Errors
/// As [`head`].
pub(super) fn of(format: ExportFormat, page: &[AuditEvent]) -> Result<Vec<u8>> {
    match format {
        ExportFormat::Csv => csv_lines(page),
        ExportFormat::Jsonl => json_lines(page),
    }
}

/// A line an event; every cell is guarded.
fn csv_lines(page: &[AuditEvent]) -> Result<Vec<u8>> {
    let mut writer = csv_writer(page.len() * LINE);
    for event in page {
        for cell in &cells(event) {
            writer.write_field(guard(cell).as_ref()).map_err(internal)?;
        }
        writer.write_record(None::<&[u8]>).map_err(internal)?;
    }
    writer.into_inner().map_err(internal)
}

/// A JSON object a line.
fn json_lines(page: &[AuditEvent]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(page.len() * LINE);
    for event in page {
        json_line(&mut out, event)?;
    }
    Ok(out)
}

/// One JSON object and a line feed; the payload goes in as Postgres printed it.
fn json_line(out: &mut Vec<u8>, event: &AuditEvent) -> Result<()> {
    /// What an exported line has beside what the list shows.
    #[derive(serde::Serialize)]
    struct Rest<'a> {
        db_user: &'a Option<String>,
        request_id: &'a Option<String>,
        recorded_at: Option<atalaya_model::Instant>,
        late: bool,
    }
    let e = event;
    let rest = Rest {
        db_user: &e.db_user,
        request_id: &e.request_id,
        recorded_at: e.recorded_at,
        late: e.late,
    };
    // Two objects and a text become one object: `flatten` takes half as long again, and would pass the payload through a
    // float. Postgres prints `jsonb` as JSON on one line, so there is nothing to read it for.
    serde_json::to_writer(&mut *out, &e.row).map_err(internal)?;
    out.pop();
    let between = out.len();
    serde_json::to_writer(&mut *out, &rest).map_err(internal)?;
    if let Some(brace) = out.get_mut(between) {
        *brace = b',';
    }
    out.pop();
    out.extend_from_slice(br#","payload":"#);
    out.extend_from_slice(e.payload.as_deref().unwrap_or("null").as_bytes());
    out.extend_from_slice(b"}\n");
    Ok(())
}

pub(super) fn internal(e: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(Code::Internal, "A row could not be written as text.").because(e)
}
