//! The dry run.

use atalaya_model::Result;
use atalaya_model::adoption::Inspection;
use atalaya_model::connection::Target;
use atalaya_store::setup::Administrator;

/// Looks at the database and changes nothing.
///
/// # Errors
/// What connecting and the database can say.
pub async fn inspect(administrator: &Target, owner: Option<&Target>) -> Result<Inspection> {
    let administrator = Administrator::connect(administrator).await?;
    let Some(owner) = owner else {
        let inspection = administrator.inspect(&administrator).await;
        administrator.close().await;
        return inspection;
    };
    let owner = Administrator::connect(owner).await?;
    let inspection = owner.inspect(&administrator).await;
    owner.close().await;
    administrator.close().await;
    inspection
}

/// Whether a CRM that can be taken over has a user with this e-mail. Changes nothing.
///
/// # Errors
/// What connecting and the database can say.
pub async fn has_user(owner: &Target, email: &str) -> Result<bool> {
    let owner = Administrator::connect(owner).await?;
    let there = owner.has_user(email).await;
    owner.close().await;
    there
}
