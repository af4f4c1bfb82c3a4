//! One page of the log.

use super::ask::{self, Budget, SCREEN, broad};
use super::cancel::unless_cancelled;
use crate::Context;
use atalaya_model::Instant;
use atalaya_model::Result;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::audit::query::Sought;
use atalaya_model::audit::{AuditCursor, AuditEvent, AuditPage, EventId, PAGE_LIMIT, Searched};
use atalaya_store::{Read, audit};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The page of `query` that begins after `cursor`, newest first; `limit` is cut to 1..=[`PAGE_LIMIT`].
///
/// # Errors
/// `VALIDATION_FAILED` with what is wrong with the query, `QUERY_TOO_BROAD`, `ACCESS_DENIED`, or what the database says.
pub async fn list(
    cx: &Context,
    caller: &Caller,
    query: &str,
    cursor: Option<AuditCursor>,
    limit: i64,
) -> Result<AuditPage> {
    list_until(cx, caller, query, cursor, limit, CancellationToken::new()).await
}

/// As [`list`]. When `cancel` is triggered the query is cancelled on the server.
///
/// # Errors
/// `CANCELLED`, or as [`list`].
pub async fn list_until(
    cx: &Context,
    caller: &Caller,
    query: &str,
    cursor: Option<AuditCursor>,
    limit: i64,
    cancel: CancellationToken,
) -> Result<AuditPage> {
    let now = cursor.map_or_else(|| ask::now(cx), |c| c.now);
    let sought = ask::sought(query, now)?;
    let limit = limit.clamp(1, PAGE_LIMIT);
    let permit = cx.store.permit(caller, Action::AuditList, Scope::All).await?;
    let after = cursor.map(|c| (c.occurred_at, c.id));
    let store = cx.store.clone();
    cx.store
        .view_within(permit, SCREEN, async move |read| {
            let budget = Budget::begin(SCREEN);
            let backend = read.backend();
            let looking = async {
                if sought.text.is_empty() {
                    plain(read, &sought, after, limit, &budget).await
                } else {
                    search(read, &sought, after, limit, &budget).await
                }
            };
            unless_cancelled(&store, backend, &cancel, "The page was cancelled.", looking)
                .await
                .map(|f| f.page(now))
                .map_err(broad)
        })
        .await
}

/// Where a page begins.
type After = (Instant, EventId);

/// What was found, before it is a page.
struct Found {
    events: Vec<AuditEvent>,
    next: Option<After>,
    searched: Option<Searched>,
}

impl Found {
    /// From up to one event more than the page holds, which tells whether there is a next page.
    fn of(mut events: Vec<AuditEvent>, limit: i64) -> Self {
        let more = events.len() as i64 > limit;
        events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = events.last().filter(|_| more).map(|e| (e.row.occurred_at, e.row.id));
        Self { events, next, searched: None }
    }

    fn page(self, now: Instant) -> AuditPage {
        AuditPage {
            rows: self.events.into_iter().map(|e| e.row).collect(),
            next: self.next.map(|(occurred_at, id)| AuditCursor { occurred_at, id, now }),
            searched: self.searched,
        }
    }
}

/// Whether several things are asked for, each of which an index helps with, and no text.
fn several(sought: &Sought) -> bool {
    sought.text.is_empty() && sought.only.columns() > 1
}

async fn plain(
    read: &mut Read,
    sought: &Sought,
    after: Option<After>,
    limit: i64,
    budget: &Budget,
) -> Result<Found> {
    let wanted = limit + 1;
    if !several(sought) {
        return Ok(Found::of(audit::page(read, sought, after, wanted, false).await?, limit));
    }
    let events = match audit::page_in_order(read, sought, after, wanted).await? {
        Some(events) => events,
        None => audit::page_gathered(read, sought, after, wanted, budget.left()?).await?,
    };
    Ok(Found::of(events, limit))
}

/// What the index may take at first: it finds what is rare in less.
const AT_ONCE: Duration = Duration::from_millis(40);
/// What it may take before it is given up: text that is nearly everywhere makes it slow.
const BY_INDEX: Duration = Duration::from_millis(600);
/// A search slice by slice shows what it has after this long.
const LOOKING: Duration = Duration::from_millis(1_000);
/// Events that the first slice holds; as long as slices take little time they grow.
const FIRST_SLICE: i64 = 1_000;
const LARGEST_SLICE: i64 = 64_000;
/// Events of a slice whose events need not fit.
const SLICE_OF_ALL: i64 = 4_000;
/// What a slice may take before a smaller one is tried in its place: the last, of one event, has all the time that is left. Each call
/// begins with what is usual, and what it tries in vain leaves it more than half of its time.
const PATIENCE: Duration = Duration::from_millis(125);
/// A slice that took less than this is followed by one of four times the size.
const QUICK: Duration = Duration::from_millis(30);
/// How much smaller the next slice is then.
const SMALLER: i64 = 16;

/// The index finds at once what is rare; a first slice finds what is frequent; what is neither is given more time by the index.
/// Where there is none, or it does not help, the log is looked through from its newest event backwards.
async fn search(
    read: &mut Read,
    sought: &Sought,
    after: Option<After>,
    limit: i64,
    budget: &Budget,
) -> Result<Found> {
    let wanted = limit + 1;
    let mut events: Vec<AuditEvent> = Vec::new();
    let mut at = after;
    let mut slice = Slice { size: FIRST_SLICE, of_all: !sought.chooses_besides_text() };
    let indexed = has_trigram(&sought.text) && audit::has_index(read).await?;
    if indexed && let Some(all) = audit::searched(read, sought, after, wanted, AT_ONCE).await? {
        return Ok(Found::of(all, limit));
    }
    // What did not help the first page helps none of the next, and would take the time in which they get on.
    let mut by_index = indexed && after.is_none();
    loop {
        let began = budget.used();
        let missing = wanted - events.len() as i64;
        let edge = match look(read, sought, at, slice, missing, budget).await? {
            Looked::Through(more, edge) => {
                events.extend(more);
                edge
            }
            // Without a step forward it is tried with less for as long as there is time.
            looked => match slice.after(&looked).filter(|_| at == after || budget.used() < LOOKING)
            {
                Some(next) => {
                    slice = next;
                    continue;
                }
                // What was found before is shown, and the next call goes on from there.
                None if at != after => return Ok(unfinished(events, limit, at)),
                None => return Err(ask::too_broad()),
            },
        };
        if events.len() as i64 >= wanted {
            return Ok(Found::of(events, limit));
        }
        let Some(edge) = edge else {
            // Everything was looked through; whether an index would have been quicker does not matter any more.
            let until = sought.after.unwrap_or(Instant::NEG_INFINITY);
            let searched = Some(Searched { until, complete: true });
            return Ok(Found { searched, ..Found::of(events, limit) });
        };
        at = Some(edge);
        let took = budget.used().saturating_sub(began);
        // An event that takes long is looked at to its end, whatever the limit: none is begun with when little time is left.
        if std::mem::take(&mut by_index) && budget.rest() > BY_INDEX {
            let time = BY_INDEX;
            let missing = wanted - events.len() as i64;
            if let Some(more) = audit::searched(read, sought, at, missing, time).await? {
                events.extend(more);
                return Ok(Found::of(events, limit));
            }
        }
        if took < QUICK {
            slice.size = (slice.size * 4).min(LARGEST_SLICE);
        }
        // The next slice will take as long again.
        if budget.used() + took >= LOOKING {
            return Ok(unfinished(events, limit, at));
        }
    }
}

/// A part of the log that is looked through in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slice {
    /// How many events it has.
    size: i64,
    /// Whether all events of the period count, or those that fit without their text.
    of_all: bool,
}

impl Slice {
    /// What is tried in its place; nothing where it is as small as can be.
    fn after(self, looked: &Looked) -> Option<Self> {
        match looked {
            // Behind a flood of others the next that fits without its text is far away, however few of them are asked for.
            Looked::NoEdge if !self.of_all => Some(Self { size: SLICE_OF_ALL, of_all: true }),
            // Long events take long. However many there are, each call gets past some of them.
            _ if self.size > 1 => Some(Self { size: (self.size / SMALLER).max(1), ..self }),
            _ => None,
        }
    }
}

/// How far one slice got.
enum Looked {
    /// What it holds, and its last event; `None` where the log ends before.
    Through(Vec<AuditEvent>, Option<After>),
    /// Its last event was not found in time.
    NoEdge,
    /// What it holds was not looked through in time.
    NoRows,
}

async fn look(
    read: &mut Read,
    sought: &Sought,
    at: Option<After>,
    slice: Slice,
    wanted: i64,
    budget: &Budget,
) -> Result<Looked> {
    let patience = Budget::begin(if slice.size > 1 { PATIENCE } else { Duration::MAX });
    let all = sought.period();
    let counted = if slice.of_all { &all } else { sought };
    let depth = async |read: &mut Read| audit::depth(read, counted, at, slice.size).await;
    let Some(edge) = read.within(budget.left()?.min(patience.rest()), depth).await? else {
        return Ok(Looked::NoEdge);
    };
    let rest = budget.left()?.min(patience.rest());
    if rest.is_zero() {
        return Ok(Looked::NoRows);
    }
    let page = async |read: &mut Read| audit::page_to(read, sought, at, edge, wanted).await;
    let events = read.within(rest, page).await?;
    Ok(events.map_or(Looked::NoRows, |events| Looked::Through(events, edge)))
}

/// A page whose search has got as far as `at`.
fn unfinished(events: Vec<AuditEvent>, limit: i64, at: Option<After>) -> Found {
    let until = at.map_or(Instant::INFINITY, |a| a.0);
    let searched = Some(Searched { until, complete: false });
    Found { next: at, searched, ..Found::of(events, limit) }
}

/// Whether an index of trigrams helps with any of these: three letters or digits in a row.
pub(super) fn has_trigram(texts: &[String]) -> bool {
    texts.iter().any(|text| {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| word.chars().count() >= 3)
    })
}

#[cfg(test)]
mod tests {
    use super::has_trigram;

    #[test]
    fn trigrams() {
        for (text, has) in [("abc", true), ("ab", false), ("a-b-c", false), ("ñandú", true)] {
            assert_eq!(has_trigram(&[text.to_owned()]), has, "{text}");
        }
    }
}
