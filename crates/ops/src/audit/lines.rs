//! Events as lines of text: CSV (RFC 4180) and JSON Lines.

use atalaya_model::audit::AuditEvent;
use atalaya_model::export::{COLUMNS, ExportFormat, cells, guard};
use atalaya_model::{Code, Error, Result};

/// Text of events in the making.
pub(super) enum Lines {
    /// Cells, every one guarded, in lines that end with CRLF; what separates them is the format's.
    Csv(Box<csv::Writer<Vec<u8>>>),
    /// A JSON object a line.
    Json(Vec<u8>),
}

/// For each part of a cell that fills its memory the writer looks through the rest of the cell for quotation marks: with the eight
/// kilobytes that it has by itself, megabytes of payload take the square of their length.
const PART: usize = 256 << 10;

/// Without it Excel takes UTF-8 for the machine's old code page.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Lines {
    /// None yet; they go into `memory`, which is empty. `first` begins a file: with what stands before the first event.
    ///
    /// # Errors
    /// `INTERNAL`: memory does not fail.
    pub(super) fn new(format: ExportFormat, mut memory: Vec<u8>, first: bool) -> Result<Self> {
        let separator = match format {
            ExportFormat::Csv => b',',
            ExportFormat::Excel => b';',
            ExportFormat::Jsonl => return Ok(Self::Json(memory)),
        };
        if first && format == ExportFormat::Excel {
            memory.extend_from_slice(BYTE_ORDER_MARK);
        }
        let mut form = csv::WriterBuilder::new();
        form.terminator(csv::Terminator::CRLF).delimiter(separator).buffer_capacity(PART);
        let mut writer = form.from_writer(memory);
        if first {
            writer.write_record(COLUMNS).map_err(internal)?;
        }
        Ok(Self::Csv(Box::new(writer)))
    }

    /// Adds an event.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn push(&mut self, event: &AuditEvent) -> Result<()> {
        match self {
            Self::Csv(writer) => {
                for cell in &cells(event) {
                    writer.write_field(guard(cell).as_ref()).map_err(internal)?;
                }
                writer.write_record(None::<&[u8]>).map_err(internal)
            }
            Self::Json(out) => json_line(out, event),
        }
    }

    /// Its bytes so far, without the last few that are on their way.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Csv(writer) => writer.get_ref().len(),
            Self::Json(out) => out.len(),
        }
    }

    /// The text.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn finish(self) -> Result<Vec<u8>> {
        match self {
            Self::Csv(writer) => writer.into_inner().map_err(internal),
            Self::Json(out) => Ok(out),
        }
    }
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
