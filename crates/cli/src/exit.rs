//! Exit codes. They are documented in the README and never change their meaning.

use atalaya_model::Code;

/// Done.
pub const OK: u8 = 0;
/// Something that the doctor looked at does not work.
pub const FINDINGS: u8 = 10;

/// The exit code of an error.
pub const fn of(code: Code) -> u8 {
    match code {
        Code::Internal => 1,
        Code::ValidationFailed | Code::QueryTooBroad | Code::DsnInvalid | Code::EnvFileInvalid => 2,
        Code::NotSignedIn
        | Code::AccessDenied
        | Code::DbAuthFailed
        | Code::DbNotACrm
        | Code::DbVersionUnsupported
        | Code::DbRoleUnsafe
        | Code::DbRightsMissing
        | Code::DbLoginShut
        | Code::DbNewerSchema
        | Code::DbElsewhere
        | Code::ConnectionChanged
        | Code::SignatureInvalid => 3,
        Code::EntityNotFound | Code::DbMissing => 4,
        Code::DbUnreachable
        | Code::DbTlsRefused
        | Code::DbCertificateInvalid
        | Code::DbLost
        | Code::DbBusy
        | Code::DbTimeout
        | Code::CommitUnknown => 5,
        Code::DecisionMissing | Code::Conflict | Code::AlreadyAdopted | Code::AdoptionRunning => 6,
        Code::WrongPassphrase
        | Code::WeakPassphrase
        | Code::KeychainMissing
        | Code::KeychainLocked
        | Code::KeychainTimeout
        | Code::KeychainItemMissing
        | Code::KeychainItemDamaged
        | Code::KitWordsWrong
        | Code::KitFileInvalid
        | Code::KitReplaced => 7,
        Code::DiskFull | Code::FileUnwritable => 8,
        Code::PostgresBinariesMissing | Code::PostgresDataVersion | Code::PostgresStartFailed => 9,
        Code::Cancelled => 130,
    }
}
