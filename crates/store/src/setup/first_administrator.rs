//! The last step of a set-up, and its counterpart in a recovery: an operator's login is made and tied to a user.

use super::Administrator;
use super::migrate::script;
use crate::error::run;
use crate::recipients::{self, Recipient};
use atalaya_model::{Code, Error, Result};
use uuid::Uuid;

const SET_OWN_PASSWORD: &str = "DO $$ BEGIN EXECUTE format('ALTER ROLE %I PASSWORD %L', session_user, \
    current_setting('atalaya.verifier')); END $$";

/// Inner and outer pads of one HMAC key, as the gate keeps them (64 bytes each).
pub struct PadPairs {
    /// Inner and outer pad of the key under which the API signs its context.
    pub context: ([u8; 64], [u8; 64]),
    /// Inner and outer pad of the key under which sensitive columns are digested.
    pub digest: ([u8; 64], [u8; 64]),
}

/// Who becomes the first administrator.
pub struct FirstAdministrator {
    /// `users.id`: a new one, or that of an active CEO when `link`.
    pub user_id: Uuid,
    /// Whether the user is there already.
    pub link: bool,
    /// E-mail of a new user.
    pub email: String,
    /// First name of a new user.
    pub first_name: String,
    /// Last name of a new user.
    pub last_name: String,
    /// Hash for the CRM's own login; `None` lets nobody in there.
    pub password_hash: Option<String>,
    /// What follows `atalaya_<installation>_` in the login's name.
    pub login_suffix: String,
    /// SCRAM verifier of the login's password; the server never sees the password.
    pub verifier: String,
    /// Ed25519 public key that every recipient's chain ends at.
    pub first_key: [u8; 32],
    /// Keys of the gate.
    pub pads: PadPairs,
}

impl Administrator {
    /// Installs keys, login, user and grants and completes the installation, all in one transaction. The login's name.
    ///
    /// # Errors
    /// `ALREADY_ADOPTED` when there is a first administrator, or what the database says.
    pub async fn install_first_administrator(&self, first: &FirstAdministrator) -> Result<String> {
        let _cluster = self.cluster().await?;
        self.open_roles().await?;
        let result = self.install_first(first).await;
        let closed = self.close_roles().await;
        result.and_then(|login| closed.map(|()| login))
    }

    /// The login that [`Administrator::install_first_administrator`] will make.
    ///
    /// # Errors
    /// What the database says.
    pub async fn login_name(&self, suffix: &str) -> Result<String> {
        let _cluster = self.cluster().await?;
        self.open_roles().await?;
        let id = self.installation_id().await;
        let closed = self.close_roles().await;
        let id = id?;
        closed?;
        Ok(format!("atalaya_{id}_{suffix}"))
    }

    /// Id of this database's installation.
    async fn installation_id(&self) -> Result<String> {
        let mut tx = self.as_owner().await?;
        sqlx::query_scalar!("SELECT id FROM atalaya.installation")
            .fetch_one(&mut *tx)
            .await
            .map_err(run)
    }

    async fn install_first(&self, first: &FirstAdministrator) -> Result<String> {
        let login = format!("atalaya_{}_{}", self.installation_id().await?, first.login_suffix);
        let mut tx = self.as_owner().await?;
        let pads = &first.pads;
        sqlx::query!(
            "SELECT atalaya.install_keys($1, $2, $3, $4)",
            &pads.context.0[..],
            &pads.context.1[..],
            &pads.digest.0[..],
            &pads.digest.1[..],
        )
        .execute(&mut *tx)
        .await
        .map_err(run)?;
        sqlx::query!("SELECT atalaya.enrol_operator($1::text::name, $2)", login, first.verifier)
            .execute(&mut *tx)
            .await
            .map_err(run)?;
        sqlx::query!(
            "SELECT atalaya.install_first_administrator($1, $2, $3, $4, $5, $6::text::name, $7)",
            first.user_id,
            first.email,
            first.first_name,
            first.last_name,
            first.link,
            login,
            first.password_hash,
        )
        .execute(&mut *tx)
        .await
        .map_err(run)?;
        sqlx::query!(
            "SELECT atalaya.complete_installation($1, $2)",
            first.user_id,
            &first.first_key[..],
        )
        .execute(&mut *tx)
        .await
        .map_err(run)?;
        tx.commit().await.map_err(run)?;
        Ok(login)
    }

    /// Every recipient, for a recovery to check its kit before anything is changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn recipients(&self) -> Result<Vec<Recipient>> {
        let _cluster = self.cluster().await?;
        self.open_roles().await?;
        let listed = async {
            let mut tx = self.as_owner().await?;
            recipients::all(&mut tx).await
        }
        .await;
        let closed = self.close_roles().await;
        listed.and_then(|rows| closed.map(|()| rows))
    }

    /// Gives this login another password, as a SCRAM verifier: the server never sees the password, and the statement,
    /// which a server may log, does not hold the verifier.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_own_password(&self, verifier: &str) -> Result<()> {
        let mut tx = self.pool.begin().await.map_err(run)?;
        sqlx::query_scalar!("SELECT set_config('atalaya.verifier', $1, TRUE)", verifier)
            .fetch_one(&mut *tx)
            .await
            .map_err(run)?;
        script(&mut tx, SET_OWN_PASSWORD).await?;
        tx.commit().await.map_err(run)
    }

    /// Recovery: gives the user of the first recipient a new login, if the kit that asks for it is a recipient now. The
    /// login's name and the user.
    ///
    /// # Errors
    /// `ENTITY_NOT_FOUND` when nobody was enrolled with that first key, `KIT_REPLACED`, or what the database says.
    pub async fn recover_operator(
        &self,
        first_key: &[u8; 32],
        kit: Uuid,
        suffix: &str,
        verifier: &str,
    ) -> Result<(String, Uuid)> {
        let _cluster = self.cluster().await?;
        self.open_roles().await?;
        let result = self.recover(first_key, kit, suffix, verifier).await;
        let closed = self.close_roles().await;
        result.and_then(|done| closed.map(|()| done))
    }

    async fn recover(
        &self,
        first_key: &[u8; 32],
        kit: Uuid,
        suffix: &str,
        verifier: &str,
    ) -> Result<(String, Uuid)> {
        let login = format!("atalaya_{}_{suffix}", self.installation_id().await?);
        let mut tx = self.as_owner().await?;
        let found = sqlx::query!(
            r#"SELECT r.user_id AS "user!",
                 EXISTS (SELECT FROM atalaya.recipients k
                         WHERE k.id = $2 AND k.kind = 'kit' AND k.removed_at IS NULL) AS "current!"
               FROM atalaya.recipients r
               WHERE r.signed_by IS NULL AND r.signing_key = $1 AND r.user_id IS NOT NULL"#,
            &first_key[..],
            kit,
        )
        .fetch_optional(&mut *tx)
        .await
        .map_err(run)?
        .ok_or_else(|| {
            Error::new(Code::EntityNotFound, "This kit belongs to another installation.")
        })?;
        if !found.current {
            return Err(Error::new(Code::KitReplaced, "A newer kit has replaced this one."));
        }
        let user = found.user;
        sqlx::query!("SELECT atalaya.enrol_operator($1::text::name, $2)", login, verifier)
            .execute(&mut *tx)
            .await
            .map_err(run)?;
        sqlx::query!("SELECT atalaya.recover_operator($1, $2::text::name)", user, login)
            .execute(&mut *tx)
            .await
            .map_err(run)?;
        tx.commit().await.map_err(run)?;
        Ok((login, user))
    }
}

impl Administrator {
    /// CEOs of a taken-over database who could be linked.
    ///
    /// # Errors
    /// What the database says.
    pub async fn candidates(&self) -> Result<Vec<atalaya_model::adoption::Candidate>> {
        let _cluster = self.cluster().await?;
        self.open_roles().await?;
        let found = async {
            let mut tx = self.as_owner().await?;
            super::inspect::ceos(&mut tx).await
        }
        .await;
        let closed = self.close_roles().await;
        found.and_then(|f| closed.map(|()| f))
    }
}
