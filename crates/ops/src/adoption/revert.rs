//! Giving a database back, and finishing a take-over.
//!
//! Each takes the session that is open in the console, where there is one (`open`): what is undone or finished has to be the
//! database that it works on, and not a copy with the same name.

use crate::Context;
use crate::connections::book;
use atalaya_model::Result;
use atalaya_model::adoption::{Progress, Reverted, UndoPreview};
use atalaya_model::connection::Target;
use atalaya_store::setup::{Administrator, Adopted};

/// Both logins, connected, where the open session is.
async fn both(
    open: Option<&Context>,
    administrator: &Target,
    owner: &Target,
) -> Result<(Administrator, Administrator)> {
    let administrator = Administrator::connect(administrator).await?;
    let owner = Administrator::connect(owner).await?;
    if let Some(cx) = open
        && let Err(e) = cx.store.reached_by(&administrator).await
    {
        close(&administrator, &owner).await;
        return Err(e);
    }
    Ok((administrator, owner))
}

async fn close(administrator: &Administrator, owner: &Administrator) {
    owner.close().await;
    administrator.close().await;
}

/// The database is again as its CRM had it, with every row that was written since. A run that was cut off is run again.
///
/// # Errors
/// `DB_ELSEWHERE`, `CONFLICT` when the take-over was finished or there was none, or what the database says.
pub async fn revert(
    open: Option<&Context>,
    administrator: &Target,
    owner: &Target,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Reverted> {
    let (administrator, owner) = both(open, administrator, owner).await?;
    let adopted = Adopted { administrator: &administrator, owner: &owner };
    let done = adopted.revert(&progress).await;
    close(&administrator, &owner).await;
    Ok(Reverted { differs: done? })
}

/// [`revert`], and forgets what this machine keeps of the connection: it opens nothing any more. A connection that cannot be
/// forgotten is no failure; it can be removed in the settings of another one.
///
/// # Errors
/// As [`revert`].
pub async fn give_back(
    cx: &Context,
    connection: &str,
    administrator: &Target,
    owner: &Target,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Reverted> {
    let reverted = revert(Some(cx), administrator, owner, progress).await?;
    if let Err(e) = book::remove(&cx.workplace, connection).await {
        tracing::warn!(error = %e, "the connection was not forgotten");
    }
    Ok(reverted)
}

/// Ends what the CRM's own login may do, and with it the way back.
///
/// # Errors
/// `DB_ELSEWHERE`, `CONFLICT` when it was finished before, or what the database says.
pub async fn finish(
    open: Option<&Context>,
    administrator: &Target,
    owner: &Target,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<()> {
    let (administrator, owner) = both(open, administrator, owner).await?;
    let adopted = Adopted { administrator: &administrator, owner: &owner };
    let done = adopted.finish(&progress).await;
    close(&administrator, &owner).await;
    done
}

/// What reverting or finishing would change: counts and names, read by the same two logins. Changes nothing.
///
/// # Errors
/// As [`revert`].
pub async fn preview(
    open: Option<&Context>,
    administrator: &Target,
    owner: &Target,
) -> Result<UndoPreview> {
    let (administrator, owner) = both(open, administrator, owner).await?;
    let adopted = Adopted { administrator: &administrator, owner: &owner };
    let seen = adopted.preview().await;
    close(&administrator, &owner).await;
    seen
}
