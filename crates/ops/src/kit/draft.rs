//! Drawing a kit.

use crate::Workplace;
use crate::context::no_entropy;
use atalaya_keys::kit::{Challenge, Kit};
use atalaya_model::Result;
use atalaya_model::console::KitChallenge;

/// A kit that was drawn and not confirmed yet. Dropping it wipes it; nothing was encrypted to it.
pub struct Draft {
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
    Ok(Draft { kit, challenge })
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
