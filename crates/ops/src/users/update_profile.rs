//! Changing one's own name.

use crate::Context;
use atalaya_model::access::{Action, Caller, Scope};
use atalaya_model::{Error, Result};
use atalaya_store::{Done, Resource, users};

/// Changes the caller's first and last name; each 1 to 100 characters, the last may be empty.
///
/// # Errors
/// `VALIDATION_FAILED`, or what the database says.
pub async fn update_profile(
    cx: &Context,
    caller: &Caller,
    first_name: String,
    last_name: String,
) -> Result<()> {
    let first_name = name("first_name", &first_name, 1)?;
    let last_name = name("last_name", &last_name, 0)?;
    let permit = cx.store.permit(caller, Action::ProfileUpdate, Scope::All).await?;
    let own = cx.store.facts().await?.user_id.to_string();
    cx.store
        .change(permit, async move |tx| {
            users::update_own_profile(tx, &first_name, &last_name).await?;
            Ok(Done::ok((), Resource { id: Some(own), tenant: None }))
        })
        .await
}

fn name(field: &str, text: &str, least: usize) -> Result<String> {
    let text = text.trim();
    let n = text.chars().count();
    if n < least || n > 100 || text.chars().any(char::is_control) {
        return Err(Error::invalid(
            field,
            "A name has 1 to 100 characters and no control characters.",
        ));
    }
    Ok(text.to_owned())
}
