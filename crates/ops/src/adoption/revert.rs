//! Giving a database back, and finishing a take-over.

use crate::Workplace;
use crate::connections::book;
use atalaya_model::Result;
use atalaya_model::adoption::{Progress, UndoPreview};
use atalaya_model::connection::Target;
use atalaya_store::setup::{Administrator, Adopted};

/// The database is again as its CRM had it, with every row that was written since. A run that was cut off is run again.
///
/// # Errors
/// `CONFLICT` when the take-over was finished or there was none, or what the database says.
pub async fn revert(
    administrator: &Target,
    owner: &Target,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<()> {
    let administrator = Administrator::connect(administrator).await?;
    let owner = Administrator::connect(owner).await?;
    let adopted = Adopted { administrator: &administrator, owner: &owner };
    let done = adopted.revert(&progress).await;
    owner.close().await;
    administrator.close().await;
    done
}

/// [`revert`], and forgets what this machine keeps of the connection: it opens nothing any more. A connection that cannot be
/// forgotten is no failure; it can be removed in the settings of another one.
///
/// # Errors
/// As [`revert`].
pub async fn give_back(
    workplace: &Workplace,
    connection: &str,
    administrator: &Target,
    owner: &Target,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<()> {
    revert(administrator, owner, progress).await?;
    if let Err(e) = book::remove(workplace, connection).await {
        tracing::warn!(error = %e, "the connection was not forgotten");
    }
    Ok(())
}

/// Ends what the CRM's own login may do, and with it the way back.
///
/// # Errors
/// `CONFLICT` when it was finished before, or what the database says.
pub async fn finish(administrator: &Target, owner: &Target) -> Result<()> {
    let administrator = Administrator::connect(administrator).await?;
    let owner = Administrator::connect(owner).await?;
    let adopted = Adopted { administrator: &administrator, owner: &owner };
    let done = adopted.finish().await;
    owner.close().await;
    administrator.close().await;
    done
}

/// What reverting or finishing would change: counts and names, read by the same two logins. Changes nothing.
///
/// # Errors
/// As [`revert`].
pub async fn preview(administrator: &Target, owner: &Target) -> Result<UndoPreview> {
    let administrator = Administrator::connect(administrator).await?;
    let owner = Administrator::connect(owner).await?;
    let adopted = Adopted { administrator: &administrator, owner: &owner };
    let seen = adopted.preview().await;
    owner.close().await;
    administrator.close().await;
    seen
}
