//! Drawing a kit.

use crate::context::no_entropy;
use crate::{Context, Workplace, connections};
use atalaya_keys::kit::{Challenge, Kit};
use atalaya_model::console::{Connection, KitChallenge};
use atalaya_model::{Result, Secret};
use uuid::Uuid;

/// A kit that was drawn and not confirmed yet. Dropping it wipes it; nothing was encrypted to it.
pub struct Draft {
    /// Key of the recipient that it will be: a second try finds what the first one did.
    pub(crate) id: Uuid,
    pub(crate) kit: Kit,
    pub(crate) challenge: Challenge,
}

/// Draws a kit and the positions that will be asked back.
///
/// # Errors
/// `INTERNAL` without random bytes.
pub fn begin(workplace: &Workplace) -> Result<Draft> {
    let kit = workplace.draw(Kit::draw).map_err(no_entropy)?;
    let challenge = workplace.draw(Challenge::draw).map_err(no_entropy)?;
    Ok(Draft { id: workplace.uuid()?, kit, challenge })
}

/// Draws a further kit for who is signed in, with the passphrase of their connection: a kit opens everything for good, and
/// whoever finds an unlocked console must not be able to take one along.
///
/// # Errors
/// `WRONG_PASSPHRASE`, `KEYCHAIN_*`, `NOT_SIGNED_IN` without keys, `INTERNAL` without random bytes.
pub async fn begin_again(
    cx: &Context,
    connection: &Connection,
    passphrase: Secret,
) -> Result<Draft> {
    connections::ask_again(cx, connection, passphrase).await?;
    begin(&cx.workplace)
}

impl Draft {
    /// What the screen shows once. The words have to reach the person's eyes, so this is the one secret that enters the
    /// webview; it is shown in the wizard only and kept nowhere.
    #[must_use]
    pub fn shown(&self) -> KitChallenge {
        KitChallenge {
            words: self.kit.words().expose().split(' ').map(str::to_owned).collect(),
            qr_svg: self.kit.qr_svg().expose().to_owned(),
            ask: self.challenge.positions().to_vec(),
        }
    }
}
