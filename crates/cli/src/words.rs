//! Error code -> what happened and what to do, in English and Spanish. The console has a table of its own: what a person can
//! do differs. A new code does not compile before it has its words here.

use crate::language::Language;
use atalaya_model::Code;

/// The words of one code.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// What happened.
    pub what: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// The words of a code in a language.
pub const fn of(code: Code, language: Language) -> Words {
    let (english, spanish) = both(code);
    let (what, hint) = match language {
        Language::En => english,
        Language::Es => spanish,
    };
    Words { what, hint }
}

type Pair = (&'static str, &'static str);

const fn both(code: Code) -> (Pair, Pair) {
    match code {
        Code::NotSignedIn => (
            (
                "This needs the operator's keys.",
                "Open a connection of the keychain with its passphrase: --connection.",
            ),
            (
                "Esto necesita las llaves del operador.",
                "Abra una conexión del llavero con su frase de contraseña: --connection.",
            ),
        ),
        Code::WrongPassphrase => (
            (
                "The passphrase is not right.",
                "Check capitals and keyboard layout. If it is forgotten, restore with the recovery kit in the console.",
            ),
            (
                "La frase de contraseña no es correcta.",
                "Revise mayúsculas e idioma del teclado. Si se olvidó, restaure con el kit de recuperación en la consola.",
            ),
        ),
        Code::WeakPassphrase => (
            (
                "The passphrase is easy to guess.",
                "Use four or more words that do not form a known phrase; 12 characters at least.",
            ),
            (
                "La frase de contraseña es fácil de adivinar.",
                "Use cuatro o más palabras que no formen una frase conocida; al menos 12 caracteres.",
            ),
        ),
        Code::KeychainMissing => (
            (
                "No keychain is running for this user.",
                "Start GNOME Keyring or KWallet in this session, or work with --dsn-file.",
            ),
            (
                "No hay un llavero en funcionamiento para este usuario.",
                "Inicie GNOME Keyring o KWallet en esta sesión, o trabaje con --dsn-file.",
            ),
        ),
        Code::KeychainLocked => (
            (
                "The system keychain is locked.",
                "Unlock it in the desktop session and run the command again.",
            ),
            (
                "El llavero del sistema está bloqueado.",
                "Desbloquéelo en la sesión de escritorio y repita el comando.",
            ),
        ),
        Code::KeychainTimeout => (
            (
                "The system keychain did not answer in time.",
                "A window may be waiting for a password; answer it and run the command again.",
            ),
            (
                "El llavero del sistema no respondió a tiempo.",
                "Puede haber una ventana que espera una contraseña; respóndala y repita el comando.",
            ),
        ),
        Code::KeychainItemMissing => (
            (
                "The keychain holds nothing for this connection.",
                "Restore access with the recovery kit in the console, or choose another --connection.",
            ),
            (
                "El llavero no guarda nada para esta conexión.",
                "Restaure el acceso con el kit de recuperación en la consola, o elija otra con --connection.",
            ),
        ),
        Code::KeychainItemDamaged => (
            (
                "What the keychain holds for this connection cannot be read.",
                "Restore access with the recovery kit in the console. The CRM's data is not affected.",
            ),
            (
                "Lo que el llavero guarda para esta conexión no se puede leer.",
                "Restaure el acceso con el kit de recuperación en la consola. Los datos del CRM no están afectados.",
            ),
        ),
        Code::AccessDenied => (
            (
                "Your rights do not reach that far.",
                "The attempt was recorded. Ask an administrator for the right if your work needs it.",
            ),
            (
                "Sus permisos no alcanzan para esto.",
                "El intento quedó registrado. Pida el permiso a un administrador si su trabajo lo necesita.",
            ),
        ),
        Code::EntityNotFound => (
            (
                "It is not there, or not for you.",
                "Check the name; `atalayactl db status` and the console show what there is.",
            ),
            (
                "No existe, o no está a su alcance.",
                "Revise el nombre; `atalayactl db status` y la consola muestran lo que hay.",
            ),
        ),
        Code::ValidationFailed => (
            (
                "A value does not have the form that it must have.",
                "`--help` after the command shows what is expected.",
            ),
            (
                "Un valor no tiene la forma esperada.",
                "`--help` después del comando muestra qué se espera.",
            ),
        ),
        Code::Conflict => (
            (
                "This contradicts what is there already.",
                "Look at what there is, then run the command again.",
            ),
            ("Esto contradice algo que ya existe.", "Mire lo que hay y repita el comando."),
        ),
        Code::DsnInvalid => (
            (
                "The connection string cannot be understood.",
                "It looks like postgresql://user:password@server:5432/database?sslmode=verify-full.",
            ),
            (
                "La cadena de conexión no se entiende.",
                "Tiene la forma postgresql://usuario:contraseña@servidor:5432/base?sslmode=verify-full.",
            ),
        ),
        Code::DbUnreachable => (
            (
                "The database server does not answer.",
                "Check server and port, that PostgreSQL runs, and that network and firewall let the connection through.",
            ),
            (
                "El servidor de base de datos no responde.",
                "Revise servidor y puerto, que PostgreSQL esté en marcha y que la red y el cortafuegos permitan la conexión.",
            ),
        ),
        Code::DbAuthFailed => (
            (
                "The server refused the user or the password.",
                "Check both, and that the server accepts this user from this machine (pg_hba.conf).",
            ),
            (
                "El servidor rechazó el usuario o la contraseña.",
                "Revise ambos y que el servidor acepte a este usuario desde este equipo (pg_hba.conf).",
            ),
        ),
        Code::DbTlsRefused => (
            (
                "No encrypted connection could be agreed with the server.",
                "Turn TLS on at the server. Only on a network that you trust wholly: sslmode=disable in the connection string.",
            ),
            (
                "No se pudo acordar una conexión cifrada con el servidor.",
                "Active TLS en el servidor. Solo en una red de plena confianza: sslmode=disable en la cadena de conexión.",
            ),
        ),
        Code::DbCertificateInvalid => (
            (
                "The server's certificate is not trusted or carries another name.",
                "Name your authority's file with sslrootcert=..., and the server as the certificate names it.",
            ),
            (
                "El certificado del servidor no es de confianza o lleva otro nombre.",
                "Indique el archivo de su autoridad con sslrootcert=..., y el servidor como figura en el certificado.",
            ),
        ),
        Code::DbMissing => (
            (
                "The server has no database of that name.",
                "Check the name; upper and lower case matter.",
            ),
            (
                "El servidor no tiene una base de datos con ese nombre.",
                "Revise el nombre; distingue mayúsculas de minúsculas.",
            ),
        ),
        Code::DbNotACrm => (
            (
                "This database is not one that Atalaya knows.",
                "Make sure that it is the right one. A CRM's database is taken over with `adopt`. Nothing was changed.",
            ),
            (
                "Esta base de datos no es una que Atalaya conozca.",
                "Compruebe que sea la correcta. La de un CRM se adopta con `adopt`. No se cambió nada.",
            ),
        ),
        Code::DbVersionUnsupported => (
            ("This PostgreSQL is too old.", "Atalaya needs PostgreSQL 15 or newer."),
            (
                "Este PostgreSQL es demasiado antiguo.",
                "Atalaya necesita PostgreSQL 15 o posterior.",
            ),
        ),
        Code::DbRoleUnsafe => (
            (
                "This login can do more than it should.",
                "Use no superuser and no owner of tables: an operator's own login, or for `adopt` an administrator with CREATEROLE.",
            ),
            (
                "Este usuario de base de datos puede más de lo que debe.",
                "No use un superusuario ni un dueño de tablas: use el de un operador o, para `adopt`, un administrador con CREATEROLE.",
            ),
        ),
        Code::DbRightsMissing => (
            (
                "This login lacks a right.",
                "For `adopt` the administrator needs CREATEROLE, and the CRM's login must own database and tables. Then run it again: it goes on where it stopped.",
            ),
            (
                "A este usuario de base de datos le falta un derecho.",
                "Para `adopt` el administrador necesita CREATEROLE, y el usuario del CRM debe ser dueño de la base y sus tablas. Luego repita: continúa donde quedó.",
            ),
        ),
        Code::DbLoginShut => (
            (
                "The server knows this login, but does not let it into this database.",
                "It may have been suspended, or never been let in. Ask whoever administers users, or your DBA (GRANT CONNECT).",
            ),
            (
                "El servidor conoce a este usuario, pero no lo deja entrar en esta base de datos.",
                "Puede estar suspendido o no haber tenido nunca acceso. Pregunte a quien administra los usuarios o a su DBA (GRANT CONNECT).",
            ),
        ),
        Code::DbElsewhere => (
            (
                "The two connection strings lead to different databases, whatever their names are. Nothing was changed.",
                "One of them may name a copy on another server or port. Compare host and port, and run the command again.",
            ),
            (
                "Las dos cadenas de conexión llevan a bases de datos distintas, se llamen como se llamen. No se cambió nada.",
                "Una puede nombrar una copia en otro servidor o puerto. Compare servidor y puerto, y repita el comando.",
            ),
        ),
        Code::DbLost => (
            (
                "The connection to the database was lost.",
                "Nothing was changed by what was under way. Run the command again when the server answers.",
            ),
            (
                "Se perdió la conexión con la base de datos.",
                "Lo que estaba en curso no cambió nada. Repita el comando cuando el servidor responda.",
            ),
        ),
        Code::DbBusy => (
            (
                "The database is busy and did not answer in time.",
                "Wait a moment and run the command again, or narrow it with a filter.",
            ),
            (
                "La base de datos está ocupada y no respondió a tiempo.",
                "Espere un momento y repita el comando, o acótelo con un filtro.",
            ),
        ),
        Code::DbTimeout => (
            (
                "The query took longer than two minutes and was given up.",
                "Narrow the filter or the period and run the command again.",
            ),
            (
                "La consulta tardó más de dos minutos y se abandonó.",
                "Acote el filtro o el período y repita el comando.",
            ),
        ),
        Code::QueryTooBroad => (
            (
                "The log cannot answer this in the time it may take.",
                "Narrow it: a period, a type, a tenant, an address.",
            ),
            (
                "El registro no puede responder esto en el tiempo permitido.",
                "Acótelo: un período, un tipo, una empresa, una dirección.",
            ),
        ),
        Code::DbNewerSchema => (
            (
                "Another version of Atalaya has set this database up.",
                "Install that version on this machine.",
            ),
            (
                "Otra versión de Atalaya preparó esta base de datos.",
                "Instale esa versión en este equipo.",
            ),
        ),
        Code::AlreadyAdopted => (
            (
                "Atalaya administers this database already.",
                "Nothing is left to do here. From a new machine, restore with the recovery kit in the console.",
            ),
            (
                "Atalaya ya administra esta base de datos.",
                "No queda nada por hacer aquí. Desde otro equipo, restaure con el kit de recuperación en la consola.",
            ),
        ),
        Code::DecisionMissing => (
            (
                "The data leaves a choice that nobody made.",
                "Choose with --decide NAME=CHOICE; `adopt inspect` shows what each is about.",
            ),
            (
                "Los datos dejan una elección que nadie hizo.",
                "Elija con --decide NOMBRE=OPCIÓN; `adopt inspect` muestra de qué se trata cada una.",
            ),
        ),
        Code::AdoptionRunning => (
            (
                "Somebody else is taking this database, or another one of the same server, over at this moment.",
                "Wait until they are done, or end that program; then run this again: it does what is left.",
            ),
            (
                "Otra persona está adoptando esta base de datos, u otra del mismo servidor, en este momento.",
                "Espere a que termine, o cierre ese programa; después repita esto: hace lo que falte.",
            ),
        ),
        Code::CommitUnknown => (
            (
                "The connection broke while saving: it may or may not have been saved.",
                "Check before you repeat it; the audit log finds it by the request.",
            ),
            (
                "La conexión se cortó al guardar: el cambio pudo hacerse o no.",
                "Compruébelo antes de repetir; la auditoría lo encuentra por la solicitud.",
            ),
        ),
        Code::Cancelled => (
            ("Cancelled.", "Nothing was left half done."),
            ("Cancelado.", "No quedó nada a medias."),
        ),
        Code::DiskFull => (
            (
                "The disk is full.",
                "Free some room or choose another folder. No incomplete file was left.",
            ),
            (
                "El disco está lleno.",
                "Libere espacio o elija otra carpeta. No quedó ningún archivo incompleto.",
            ),
        ),
        Code::FileUnwritable => (
            ("The file cannot be read or written there.", "Check the path and its permissions."),
            (
                "El archivo no se puede leer o escribir en ese lugar.",
                "Revise la ruta y sus permisos.",
            ),
        ),
        Code::KitWordsWrong => (
            (
                "These are not the words of the recovery kit.",
                "Compare each word and its number with what you wrote down.",
            ),
            (
                "Estas no son las palabras del kit de recuperación.",
                "Compare cada palabra y su número con lo que anotó.",
            ),
        ),
        Code::KitFileInvalid => (
            (
                "The file is no recovery kit, or its passphrase is not right.",
                "Check that it is the kit's file and the passphrase that it was saved with.",
            ),
            (
                "El archivo no es un kit de recuperación, o su frase no es correcta.",
                "Compruebe que sea el archivo del kit y la frase con que se guardó.",
            ),
        ),
        Code::KitReplaced => (
            (
                "A newer recovery kit has taken this one's place. Nothing was changed.",
                "Use the newest kit. If this was a surprise, tell whoever is responsible for security.",
            ),
            (
                "Un kit de recuperación más nuevo reemplazó a este. No se cambió nada.",
                "Use el kit más reciente. Si no lo esperaba, avise al responsable de seguridad.",
            ),
        ),
        Code::PostgresBinariesMissing => (
            (
                "PostgreSQL 15 or newer is not installed on this machine.",
                "Install it (Debian, Ubuntu: sudo apt install postgresql), or name its folder with ATALAYA_PG_BIN.",
            ),
            (
                "PostgreSQL 15 o posterior no está instalado en este equipo.",
                "Instálelo (Debian, Ubuntu: sudo apt install postgresql), o indique su carpeta con ATALAYA_PG_BIN.",
            ),
        ),
        Code::PostgresDataVersion => (
            (
                "The data folder belongs to another major version of PostgreSQL.",
                "Install that version again, or move the data with its pg_dump. Nothing was touched.",
            ),
            (
                "La carpeta de datos es de otra versión mayor de PostgreSQL.",
                "Vuelva a instalar esa versión, o traslade los datos con su pg_dump. No se tocó nada.",
            ),
        ),
        Code::PostgresStartFailed => (
            (
                "The embedded PostgreSQL cannot be used.",
                "The reason is below; the server's own log lies in the folder that `db status` names.",
            ),
            (
                "El PostgreSQL propio no se puede usar.",
                "El motivo está abajo; el registro del servidor está en la carpeta que muestra `db status`.",
            ),
        ),
        Code::EnvFileInvalid => (
            (
                "The .env file cannot be read.",
                "Each line looks like NAME=value. Nothing was imported.",
            ),
            (
                "El archivo .env no se puede leer.",
                "Cada línea tiene la forma NOMBRE=valor. No se importó nada.",
            ),
        ),
        Code::ConnectionChanged => (
            (
                "This connection leads somewhere else than when its keys were sealed. Nothing was sent there.",
                "If the server was moved on purpose, confirm the new place in the console (sign-in or Settings, Connections) \
                 with the passphrase. Otherwise somebody changed console.json: tell whoever is responsible for security.",
            ),
            (
                "Esta conexión ya no lleva al lugar para el que se sellaron sus llaves. No se envió nada allí.",
                "Si el servidor se movió a propósito, confirme el lugar nuevo en la consola (al entrar o en Ajustes, Conexiones) \
                 con la frase de contraseña. Si no, alguien cambió console.json: avise al responsable de seguridad.",
            ),
        ),
        Code::SignatureInvalid => (
            (
                "A signature is not from anybody trusted.",
                "Somebody may have altered the database. Stop here and tell whoever is responsible for security.",
            ),
            (
                "Una firma no es de nadie de confianza.",
                "Alguien pudo haber alterado la base de datos. No siga y avise al responsable de seguridad.",
            ),
        ),
        Code::Internal => (
            (
                "Something failed inside Atalaya.",
                "Run it again. If it happens again, send the request number to whoever maintains this installation.",
            ),
            (
                "Algo falló dentro de Atalaya.",
                "Repítalo. Si vuelve a ocurrir, envíe el número de solicitud a quien mantiene esta instalación.",
            ),
        ),
    }
}
